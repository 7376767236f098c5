// SPDX-License-Identifier: BSD-3-Clause
// Guest storage is big-endian. `Big<T>` is a field of a guest control block laid over bytes; load_big/store_big move one
// value between host bytes and a number.
#pragma once

#include "base/types.h"

#include <bit>
#include <concepts>
#include <cstring>

namespace siena {

template <typename T>
constexpr T byte_swap(T value) {
  if constexpr (sizeof(T) == 1)
    return value;
  else if constexpr (sizeof(T) == 2)
    return static_cast<T>(__builtin_bswap16(static_cast<u16>(value)));
  else if constexpr (sizeof(T) == 4)
    return static_cast<T>(__builtin_bswap32(static_cast<u32>(value)));
  else if constexpr (sizeof(T) == 8)
    return static_cast<T>(__builtin_bswap64(static_cast<u64>(value)));
  else {
    static_assert(sizeof(T) == 16);
    const auto v = static_cast<u128>(value);
    return static_cast<T>((static_cast<u128>(__builtin_bswap64(static_cast<u64>(v))) << 64) |
                          __builtin_bswap64(static_cast<u64>(v >> 64)));
  }
}

/// Big-endian <-> host order. Its own inverse.
template <typename T>
constexpr T big_to_host(T value) {
  if constexpr (std::endian::native == std::endian::little)
    return byte_swap(value);
  else
    return value;
}

/// The big-endian number at `bytes` (any alignment).
template <typename T>
T load_big(const void* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return big_to_host(value);
}

/// Stores `value` big-endian at `bytes` (any alignment).
template <typename T>
void store_big(void* bytes, T value) {
  value = big_to_host(value);
  std::memcpy(bytes, &value, sizeof value);
}

/// A big-endian field of a packed guest control block: reads and writes as a host number. Alignment 1, so that layouts are
/// exactly the manual's offsets.
template <typename T>
class Big {
 public:
  Big() = default;
  Big(T value) { store_big(bytes_, value); } // NOLINT: a field is meant to be assigned from a number
  operator T() const { return load_big<T>(bytes_); }

 private:
  u8 bytes_[sizeof(T)] = {};
};

using Big16 = Big<u16>;
using Big32 = Big<u32>;
using Big64 = Big<u64>;

} // namespace siena
