// SPDX-License-Identifier: BSD-3-Clause
// Bits by the manual's numbers: bit 0 is the leftmost (most significant) bit of the unit it is counted in.
#pragma once

#include "base/types.h"

#include <concepts>

namespace siena {

/// The value of bit `n` of a doubleword, counted from the left as in the Principles of Operation: bit(0) is 2^63.
constexpr u64 bit(unsigned n) { return u64{1} << (63 - n); }

/// Bits `First` to `Last` (counted from the left of a doubleword), right-aligned.
template <unsigned First, unsigned Last>
constexpr u64 bits(u64 value) {
  static_assert(First <= Last && Last < 64);
  return (value << First) >> (63 - Last + First);
}

/// `value`'s low `Width` bits as a two's-complement number.
template <unsigned Width>
constexpr s64 sign_extend(u64 value) {
  static_assert(Width > 0 && Width <= 64);
  return static_cast<s64>(value << (64 - Width)) >> (64 - Width);
}

static_assert(bits<0, 7>(0xAB00'0000'0000'0000) == 0xAB);
static_assert(sign_extend<20>(0x80000) == -0x80000);

} // namespace siena
