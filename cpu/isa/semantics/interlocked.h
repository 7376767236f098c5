// SPDX-License-Identifier: BSD-3-Clause
// Interlocked update of guest storage (PoP, Program Execution, *Interlocked-update references*): no other CPU may store between
// our fetch and our store, hence one host compare-and-exchange on the big-endian bytes. This is the only place that knows how.
#pragma once

#include "base/big_endian.h"
#include "cpu/cpu.h"

namespace siena::cpu::isa {

#ifdef __x86_64__
/// Sixteen bytes at once: whoever includes this is compiled with -mcx16 (CMakeLists.txt).
inline bool host_compare_exchange(u8* at, u128& expected, u128 desired) {
  __extension__ typedef unsigned __int128 Alias __attribute__((may_alias));
  const u128 old = __sync_val_compare_and_swap(reinterpret_cast<Alias*>(at), expected, desired);
  const bool stored = old == expected;
  expected = old;
  return stored;
}
#endif

/// Sixteen bytes outside x86-64 are libatomic's, which may take a lock: against narrower updates that suffices while all CPUs
/// run on one thread.
template <typename T>
bool host_compare_exchange(u8* at, T& expected, T desired) {
  typedef T Alias __attribute__((may_alias));
  return __atomic_compare_exchange_n(
      reinterpret_cast<Alias*>(at), &expected, desired, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

/// Stores `desired` at host address `at` (aligned) when the number there is `expected`; else `expected` becomes that number.
template <typename T>
bool compare_exchange(u8* at, T& expected, T desired) {
  T raw = big_to_host(expected);
  const bool stored = host_compare_exchange(at, raw, big_to_host(desired));
  expected = big_to_host(raw);
  return stored;
}

/// Replaces the number at `at` (aligned) by f(number); the number it replaced.
template <typename T, typename F>
T exchange(u8* at, F&& f) {
  T old = load_big<T>(at);
  while (!compare_exchange(at, old, static_cast<T>(f(old)))) {
  }
  return old;
}

} // namespace siena::cpu::isa
