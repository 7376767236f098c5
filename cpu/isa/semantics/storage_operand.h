// SPDX-License-Identifier: BSD-3-Clause
// Host bytes behind the operands of storage-to-storage instructions, and byte-by-byte processing of them (PoP, General
// Instructions, *Storage operands*: overlapping operands are processed as if one byte at a time, left to right).
//
// Whether operands overlap is decided on host addresses: two logical addresses may be the same storage. Nothing may be stored
// before every access of the instruction has succeeded, hence `reach` first, store afterwards.
#pragma once

#include "cpu/cpu.h"

#include <algorithm>
#include <cstring>

namespace siena::cpu::isa {

/// All host bytes of an operand of at most 4096 bytes: one piece, or two when it crosses a page boundary.
struct OperandBytes {
  u8* first = nullptr;
  u8* second = nullptr;
  u64 first_length = 0;
  u64 length = 0;

  /// Afterwards every byte may be used; for Store access call `stored` when done.
  Outcome reach(Cpu& cpu, LogicalAddress a, u64 wanted, Access access) {
    const HostSpan front = cpu.span(a, wanted, access);
    if (front.outcome != Outcome::Completed) [[unlikely]]
      return front.outcome;
    first = front.bytes;
    first_length = front.length;
    length = wanted;
    if (first_length != wanted) [[unlikely]] {
      const HostSpan back = cpu.span(cpu.advance(a, first_length), wanted - first_length, access);
      if (back.outcome != Outcome::Completed) return back.outcome;
      second = back.bytes;
    }
    return Outcome::Completed;
  }
  bool contiguous() const { return first_length == length; }
  u8* at(u64 i) const { return i < first_length ? first + i : second + (i - first_length); }
  u8& operator[](u64 i) const { return *at(i); }
  /// Bytes from `i` on that lie together.
  u64 run(u64 i) const { return (i < first_length ? first_length : length) - i; }

  void read(u8* to) const {
    std::memcpy(to, first, first_length);
    if (!contiguous()) std::memcpy(to + first_length, second, length - first_length);
  }
  void write(const u8* from) const {
    std::memcpy(first, from, first_length);
    if (!contiguous()) std::memcpy(second, from + first_length, length - first_length);
  }
  void stored(Cpu& cpu) const {
    cpu.stored(first, first_length);
    if (!contiguous()) cpu.stored(second, length - first_length);
  }
};

/// Applies `f(to, from, n)` to the runs, left to right, in which both operands lie together.
template <typename F>
void for_each_run(const OperandBytes& to, const OperandBytes& from, F&& f) {
  for (u64 i = 0; i < to.length;) {
    const u64 n = std::min(to.run(i), from.run(i));
    f(to.at(i), from.at(i), n);
    i += n;
  }
}

/// Moves as if byte by byte from the left: bytes of `from` that the move itself has replaced are moved as replaced.
inline void move_left_to_right(u8* to, const u8* from, u64 n) {
  const auto distance = static_cast<u64>(to - from); // wraps to a huge number when `to` is the lower one
  if (distance >= n || distance == 0) [[likely]] {
    // Short moves are most moves; two overlapping chunks avoid a call.
    if (n > 16) {
      std::memmove(to, from, n);
    } else if (n >= 8) {
      u64 head, tail;
      std::memcpy(&head, from, 8);
      std::memcpy(&tail, from + n - 8, 8);
      std::memcpy(to, &head, 8);
      std::memcpy(to + n - 8, &tail, 8);
    } else if (n >= 4) {
      u32 head, tail;
      std::memcpy(&head, from, 4);
      std::memcpy(&tail, from + n - 4, 4);
      std::memcpy(to, &head, 4);
      std::memcpy(to + n - 4, &tail, 4);
    } else {
      const u8 a = from[0], b = from[n / 2], c = from[n - 1];
      to[0] = a;
      to[n / 2] = b;
      to[n - 1] = c;
    }
    return;
  }
  if (distance == 1) {
    std::memset(to, *from, n);
    return;
  }
  // The first `distance` bytes repeat: whatever stands before `to` is already the pattern, so the copied part may double.
  for (u64 done = 0; done < n;) {
    const u64 chunk = std::min(n - done, distance + done);
    std::memcpy(to + done, from, chunk);
    done += chunk;
  }
}

/// Replaces every byte of `to` by combine(to, from), as if byte by byte from the left; the OR of all result bytes.
/// `combine` works on u64 and on u8.
template <typename F>
u64 combine_left_to_right(u8* to, const u8* from, u64 n, F&& combine) {
  u64 any = 0;
  u64 i = 0;
  const auto distance = static_cast<u64>(to - from);
  if (distance == 0 || distance >= 8) [[likely]] {
    for (; i + 8 <= n; i += 8) {
      u64 a, b;
      std::memcpy(&a, to + i, 8);
      std::memcpy(&b, from + i, 8);
      a = combine(a, b);
      any |= a;
      std::memcpy(to + i, &a, 8);
    }
  }
  for (; i < n; ++i) {
    to[i] = static_cast<u8>(combine(u64{to[i]}, u64{from[i]}));
    any |= to[i];
  }
  return any;
}

} // namespace siena::cpu::isa
