// SPDX-License-Identifier: BSD-3-Clause
// Meaning without a machine: pure arithmetic with condition codes, proved by static_assert beside it (PoP, General
// Instructions). `T` is the unsigned type of the operation's width.
#pragma once

#include "base/types.h"

#include <bit>
#include <concepts>
#include <limits>
#include <type_traits>

namespace siena::cpu::isa {

/// Result, condition code, and whether a fixed-point overflow is to be recognised if the program mask allows.
template <typename T>
struct AluResult {
  T value{};
  u8 cc = 0;
  bool overflow = false;
};

template <typename T>
using Signed = std::make_signed_t<T>;

// Condition codes are sums of comparisons, not choices: what the data decides, the host's branch prediction cannot guess.

/// CC 0 equal, 1 first operand low, 2 first operand high.
template <std::unsigned_integral T>
constexpr u8 compare_signed(T a, T b) {
  return static_cast<u8>((a != b) + (static_cast<Signed<T>>(a) > static_cast<Signed<T>>(b)));
}
template <std::unsigned_integral T>
constexpr u8 compare_logical(T a, T b) {
  return static_cast<u8>((a != b) + (a > b));
}
static_assert(compare_signed<u32>(5, 5) == 0 && compare_signed<u32>(~0u, 0) == 1 && compare_signed<u32>(0, ~0u) == 2);
static_assert(compare_logical<u32>(5, 5) == 0 && compare_logical<u32>(0, ~0u) == 1 &&
              compare_logical<u32>(~0u, 0) == 2);

/// CC 0 zero, 1 negative, 2 positive.
template <std::unsigned_integral T>
constexpr u8 sign_cc(T value) {
  return compare_signed<T>(value, 0);
}

/// Signed addition. CC: 0 zero, 1 negative, 2 positive, 3 overflow.
template <std::unsigned_integral T>
constexpr AluResult<T> add_signed(T a, T b) {
  Signed<T> sum{};
  const bool overflow = __builtin_add_overflow(static_cast<Signed<T>>(a), static_cast<Signed<T>>(b), &sum);
  const auto value = static_cast<T>(sum);
  if (overflow) [[unlikely]]
    return {value, 3, true};
  return {value, sign_cc(value), false};
}
static_assert(add_signed<u32>(0x7FFF'FFFF, 1).cc == 3);

template <std::unsigned_integral T>
constexpr AluResult<T> subtract_signed(T a, T b) {
  Signed<T> difference{};
  const bool overflow = __builtin_sub_overflow(static_cast<Signed<T>>(a), static_cast<Signed<T>>(b), &difference);
  const auto value = static_cast<T>(difference);
  if (overflow) [[unlikely]]
    return {value, 3, true};
  return {value, sign_cc(value), false};
}
static_assert(subtract_signed<u32>(0x8000'0000, 1).cc == 3);

/// CC bit 1 (value 2): carry out; bit 0 (value 1): result not zero.
template <std::unsigned_integral T>
constexpr AluResult<T> add_logical(T a, T b, bool carry_in = false) {
  T sum{};
  bool carry = __builtin_add_overflow(a, b, &sum);
  carry |= __builtin_add_overflow(sum, static_cast<T>(carry_in), &sum);
  return {sum, static_cast<u8>((carry ? 2 : 0) | (sum != 0 ? 1 : 0)), false};
}
static_assert(add_logical<u64>(~u64{0}, 1).cc == 2);

/// CC 1 not zero with borrow, 2 zero without, 3 not zero without (CC 0 only with a borrow in).
template <std::unsigned_integral T>
constexpr AluResult<T> subtract_logical(T a, T b, bool borrow_in = false) {
  return add_logical<T>(a, static_cast<T>(~b), !borrow_in);
}
static_assert(subtract_logical<u32>(1, 1).cc == 2 && subtract_logical<u32>(0, 1).cc == 1);
static_assert(subtract_logical<u32>(1, 0, true).cc == 2 && subtract_logical<u32>(0, 0, true).cc == 1);

template <std::unsigned_integral T>
constexpr AluResult<T> logical(T value) {
  return {value, static_cast<u8>(value != 0), false};
}

/// TEST UNDER MASK. CC 0: mask zero or all selected bits zero; 3: all ones; 1: mixed, or (for the halfword forms, `leftmost`) mixed
/// with the leftmost selected bit zero; 2: mixed with it one.
template <std::unsigned_integral T>
constexpr u8 test_under_mask(T value, T mask, bool leftmost) {
  const auto ones = static_cast<T>(value & mask);
  const auto zeros = static_cast<T>(mask ^ ones);
  const bool any = ones != 0, all = any && zeros == 0;
  if (!leftmost) return static_cast<u8>(any + 2 * all);
  return static_cast<u8>(any + (ones > zeros) + all); // the larger one has the mask's leftmost bit
}
static_assert(test_under_mask<u8>(0x0F, 0x0F, false) == 3 && test_under_mask<u8>(0xF1, 0x03, false) == 1);
static_assert(test_under_mask<u8>(0xF0, 0x0F, false) == 0 && test_under_mask<u8>(0xFF, 0, false) == 0);
static_assert(test_under_mask<u16>(0xFFFF, 0, true) == 0 && test_under_mask<u16>(0xFFFF, 0xC001, true) == 3);
static_assert(test_under_mask<u16>(0x3FFE, 0xC001, true) == 0);
static_assert(test_under_mask<u16>(0x8000, 0xC000, true) == 2 && test_under_mask<u16>(0x4000, 0xC000, true) == 1);

template <std::unsigned_integral T>
constexpr AluResult<T> load_complement(T a) {
  return subtract_signed<T>(0, a);
}
template <std::unsigned_integral T>
constexpr AluResult<T> load_positive(T a) {
  return static_cast<Signed<T>>(a) < 0 ? load_complement(a) : AluResult<T>{a, sign_cc(a), false};
}
template <std::unsigned_integral T>
constexpr AluResult<T> load_negative(T a) {
  const T value = static_cast<Signed<T>>(a) > 0 ? static_cast<T>(T{0} - a) : a;
  return {value, sign_cc(value), false};
}
static_assert(load_positive<u32>(0x8000'0000).cc == 3);

/// SHIFT LEFT SINGLE (SLA family): the sign stays, the other bits shift; overflow when a bit unlike the sign is shifted out.
template <std::unsigned_integral T>
constexpr AluResult<T> shift_left_signed(T a, unsigned count) {
  constexpr unsigned kBits = std::numeric_limits<T>::digits;
  constexpr T kSign = T{1} << (kBits - 1);
  const T sign = a & kSign;
  // `count` is at most 63; for a word operand every numeric bit may be shifted out.
  const T shifted = count >= kBits ? T{0} : static_cast<T>(a << count);
  const T value = static_cast<T>((shifted & static_cast<T>(~kSign)) | sign);
  const auto back = static_cast<T>(static_cast<Signed<T>>(value) >> (count >= kBits ? kBits - 1 : count));
  // Once all numeric bits are out, further shifts push out zeros, which are unlike a one sign.
  bool overflow = back != a;
  if (count >= kBits)
    overflow = sign != 0 || a != 0;
  else if (count == kBits - 1)
    overflow = static_cast<T>(a << 1) != static_cast<T>(sign != 0 ? ~T{1} : T{0});
  return {value, overflow ? u8{3} : sign_cc(value), overflow};
}
static_assert(shift_left_signed<u32>(0x4000'0000, 1).cc == 3 &&
              shift_left_signed<u32>(0xFFFF'FFFF, 1).value == 0xFFFF'FFFE);
static_assert(shift_left_signed<u32>(0xFFFF'FFFF, 31).cc == 1 && shift_left_signed<u32>(0xFFFF'FFFF, 32).cc == 3);
static_assert(shift_left_signed<u32>(1, 31).cc == 3 && shift_left_signed<u32>(0, 63).cc == 0);

template <std::unsigned_integral T>
constexpr AluResult<T> shift_right_signed(T a, unsigned count) {
  constexpr unsigned kBits = std::numeric_limits<T>::digits;
  const auto value = static_cast<T>(static_cast<Signed<T>>(a) >> (count >= kBits ? kBits - 1 : count));
  return {value, sign_cc(value), false};
}

template <std::unsigned_integral T>
constexpr T shift_left_logical(T a, unsigned count) {
  return count >= std::numeric_limits<T>::digits ? T{0} : static_cast<T>(a << count);
}
template <std::unsigned_integral T>
constexpr T shift_right_logical(T a, unsigned count) {
  return count >= std::numeric_limits<T>::digits ? T{0} : static_cast<T>(a >> count);
}

/// MULTIPLY SINGLE with condition code (MSRKC family).
template <std::unsigned_integral T>
constexpr AluResult<T> multiply_single_cc(T a, T b) {
  Signed<T> product{};
  const bool overflow = __builtin_mul_overflow(static_cast<Signed<T>>(a), static_cast<Signed<T>>(b), &product);
  const auto value = static_cast<T>(static_cast<T>(a) * static_cast<T>(b));
  return {value, overflow ? u8{3} : sign_cc(value), overflow};
}

/// POPULATION COUNT, one count per byte.
constexpr u64 population_count_bytes(u64 a) {
  u64 result = 0;
  for (unsigned i = 0; i < 64; i += 8) result |= static_cast<u64>(std::popcount((a >> i) & 0xFF)) << i;
  return result;
}

} // namespace siena::cpu::isa
