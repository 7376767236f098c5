// SPDX-License-Identifier: BSD-3-Clause
// The unsigned integers that intermediate significands live in: u64, u128, and a 256-bit one for the extended format.
// The free functions here take any of the three and any shift count, so that the arithmetic is written once.
// "Jam": a right shift that keeps, as the last bit, whether anything nonzero was shifted out.
#pragma once

#include "base/types.h"

#include <bit>

namespace siena::cpu::isa::bfp {

/// A 256-bit unsigned integer with just the operators that the arithmetic needs. Shift counts are 0 to 255.
struct U256 {
  u128 high = 0;
  u128 low = 0;

  constexpr U256() = default;
  constexpr U256(u128 value) : low(value) {} // NOLINT: widening is exact
  constexpr U256(u128 h, u128 l) : high(h), low(l) {}

  constexpr bool operator==(const U256&) const = default;
  constexpr bool operator<(const U256& o) const { return high < o.high || (high == o.high && low < o.low); }

  constexpr U256 operator+(const U256& o) const {
    const u128 sum = low + o.low;
    return {high + o.high + (sum < low ? 1U : 0U), sum};
  }
  constexpr U256 operator-(const U256& o) const { return {high - o.high - (low < o.low ? 1U : 0U), low - o.low}; }
  constexpr U256 operator|(const U256& o) const { return {high | o.high, low | o.low}; }
  constexpr U256 operator&(const U256& o) const { return {high & o.high, low & o.low}; }

  constexpr U256 operator<<(int n) const {
    if (n == 0) return *this;
    if (n >= 128) return {low << (n - 128), 0};
    return {(high << n) | (low >> (128 - n)), low << n};
  }
  constexpr U256 operator>>(int n) const {
    if (n == 0) return *this;
    if (n >= 128) return {0, high >> (n - 128)};
    return {high >> n, (low >> n) | (high << (128 - n))};
  }
  explicit constexpr operator u128() const { return low; }
  explicit constexpr operator u64() const { return static_cast<u64>(low); }
  explicit constexpr operator u32() const { return static_cast<u32>(low); }
};

template <class W>
constexpr int kWidth = static_cast<int>(sizeof(W) * 8);

/// The number of the highest one bit (bit 0 is the units bit), -1 for zero.
constexpr int highest_bit(u64 w) { return 63 - std::countl_zero(w); }
constexpr int highest_bit(u128 w) {
  const auto high = static_cast<u64>(w >> 64);
  return high != 0 ? 64 + highest_bit(high) : highest_bit(static_cast<u64>(w));
}
constexpr int highest_bit(const U256& w) { return w.high != 0 ? 128 + highest_bit(w.high) : highest_bit(w.low); }

/// Whether any of the `n` lowest bits is one; `n` may be zero or exceed the width.
template <class W>
constexpr bool any_low_bit(const W& w, int n) {
  if (n <= 0) return false;
  if (n >= kWidth<W>) return !(w == W{0});
  return !((w << (kWidth<W> - n)) == W{0});
}

/// `w` shifted right by any count from zero up.
template <class W>
constexpr W shift_right(const W& w, int n) {
  return n >= kWidth<W> ? W{0} : w >> n;
}

/// `w` shifted right by any count from zero up, with the last bit set if a one was lost.
template <class W>
constexpr W shift_right_jam(const W& w, int n) {
  return shift_right(w, n) | W{any_low_bit(w, n) ? 1U : 0U};
}

/// The full product of two significands of the same format.
constexpr u64 multiply_wide(u32 a, u32 b) { return u64{a} * b; }
constexpr u128 multiply_wide(u64 a, u64 b) { return u128{a} * b; }
constexpr U256 multiply_wide(u128 a, u128 b) {
  const auto ah = static_cast<u64>(a >> 64);
  const auto al = static_cast<u64>(a);
  const auto bh = static_cast<u64>(b >> 64);
  const auto bl = static_cast<u64>(b);
  const U256 cross = U256{u128{ah} * bl} + U256{u128{al} * bh};
  return U256{u128{ah} * bh, u128{al} * bl} + (cross << 64);
}

template <class W>
struct Quotient {
  W quotient;
  W remainder;
};

namespace detail {
/// One digit of a schoolbook division: (remainder * 2^64 + next) / divisor, where remainder < divisor and the divisor's top
/// bit is one. The remainder is left in `remainder`.
constexpr u64 divide_digit(u128& remainder, u64 next, u128 divisor) {
  const auto high = static_cast<u64>(divisor >> 64);
  const auto low = static_cast<u64>(divisor);
  u128 digit = remainder / high; // too large by 2 at most
  u128 rest = remainder % high;
  while (digit >> 64 != 0 || digit * low > ((rest << 64) | next)) {
    --digit;
    rest += high;
    if (rest >> 64 != 0) break;
  }
  remainder = ((remainder << 64) | next) - digit * divisor; // modulo 2^128, and the true value is below the divisor
  return static_cast<u64>(digit);
}
} // namespace detail

/// `dividend / divisor`; the divisor is not zero and, for 256 bits, both it and the quotient are below 2^128.
constexpr Quotient<u64> divide_wide(u64 dividend, u64 divisor) { return {dividend / divisor, dividend % divisor}; }
constexpr Quotient<u128> divide_wide(u128 dividend, u128 divisor) { return {dividend / divisor, dividend % divisor}; }
constexpr Quotient<U256> divide_wide(const U256& dividend, const U256& divisor) {
  const int shift = 127 - highest_bit(divisor.low);
  const u128 d = divisor.low << shift;
  const U256 n = dividend << shift;
  u128 remainder = n.high;
  const u64 first = detail::divide_digit(remainder, static_cast<u64>(n.low >> 64), d);
  const u64 second = detail::divide_digit(remainder, static_cast<u64>(n.low), d);
  return {U256{(u128{first} << 64) | second}, U256{remainder >> shift}};
}

/// The integer square root of a number that is not zero, and whether it is short of the true root.
template <class W>
struct Root {
  W root;
  bool inexact;
};

template <class W>
constexpr Root<W> root_wide(const W& radicand) {
  // Newton's method from above: the approximations fall until they reach the root.
  W root = W{1} << (highest_bit(radicand) / 2 + 1);
  while (true) {
    const auto [quotient, remainder] = divide_wide(radicand, root);
    const W next = (root + quotient) >> 1;
    if (!(next < root)) return {root, !(quotient == root && remainder == W{0})};
    root = next;
  }
}

static_assert(multiply_wide(~u128{0}, ~u128{0}) == U256{~u128{1}, 1});
static_assert(divide_wide(U256{1, 0}, U256{3}).quotient.low == ~u128{0} / 3);
static_assert(divide_wide(multiply_wide(~u128{4}, ~u128{9}), U256{~u128{4}}).quotient.low == ~u128{9});
static_assert(root_wide(multiply_wide(~u128{8} >> 8, ~u128{8} >> 8)).root.low == ~u128{8} >> 8);
static_assert(root_wide(u64{144}).root == 12 && !root_wide(u64{144}).inexact && root_wide(u64{145}).inexact);
static_assert(shift_right_jam(u64{0b1001}, 2) == 0b11 && shift_right_jam(u64{1}, 900) == 1);

} // namespace siena::cpu::isa::bfp
