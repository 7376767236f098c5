// SPDX-License-Identifier: BSD-3-Clause
// Interlocked update of a number that the SIE host's program changes on other CPUs with compare and swap while guests run: state
// descriptions and system control areas.
#pragma once

#include "base/big_endian.h"
#include "mmu/storage.h"

#include <atomic>
#include <optional>

namespace siena::sie {

/// Replaces the number at absolute `address` (aligned, in main storage) by change(number) unless that answers nothing; false then.
template <typename T, typename Change>
bool interlocked_update(mmu::AbsoluteStorage& storage, u64 address, Change change) {
  std::atomic_ref<T> number(*reinterpret_cast<T*>(storage.host({address})));
  T old = number.load();
  while (true) {
    const std::optional<T> next = change(big_to_host(old));
    if (!next) return false;
    if (number.compare_exchange_weak(old, big_to_host(*next))) break;
  }
  storage.frames().set_reference_and_change({address});
  if (storage.frames().armed({address})) storage.frames().notify_store({address}, sizeof(T));
  return true;
}

} // namespace siena::sie
