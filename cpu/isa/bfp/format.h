// SPDX-License-Identifier: BSD-3-Clause
// The three binary floating-point formats and what can be told from a datum's bits alone (PoP, Binary-Floating-Point
// Instructions, *BFP data formats* and *classes of BFP data*). An extended datum is one u128: the doubleword of the
// lower-numbered register of the pair is its high half.
#pragma once

#include "base/types.h"
#include "cpu/isa/bfp/wide.h"

namespace siena::cpu::isa::bfp {

namespace detail {
/// `Wide` holds the product of two significands, with at least four bits to spare.
template <class BitsType, class WideType, int Precision, int ExponentBits, int TrapScale>
struct Format {
  using Bits = BitsType;
  using Wide = WideType;
  static constexpr int kPrecision = Precision; ///< bits of the significand, the implied one included
  static constexpr int kFractionBits = Precision - 1;
  static constexpr int kMaxExponent = (1 << (ExponentBits - 1)) - 1;
  static constexpr int kMinExponent = 1 - kMaxExponent;
  static constexpr int kBias = kMaxExponent;
  static constexpr int kExponentMask = (1 << ExponentBits) - 1;
  /// The power of two that scales the result when an enabled overflow or underflow completes.
  static constexpr int kTrapScale = TrapScale;

  static constexpr Bits kSignBit = Bits{1} << (Precision + ExponentBits - 1);
  static constexpr Bits kQuietBit = Bits{1} << (Precision - 2);
  static constexpr Bits kFractionMask = (Bits{1} << (Precision - 1)) - 1;
  static constexpr Bits kInfinity = Bits{static_cast<u32>(kExponentMask)} << (Precision - 1);
  static constexpr Bits kLargest = kInfinity - 1;            ///< Nmax
  static constexpr Bits kDefaultNan = kInfinity | kQuietBit; ///< positive, quiet, payload zero
  static constexpr Bits kOne = Bits{static_cast<u32>(kBias)} << (Precision - 1);
};
} // namespace detail

struct Short : detail::Format<u32, u64, 24, 8, 192> {};
struct Long : detail::Format<u64, u128, 53, 11, 1536> {};
struct Extended : detail::Format<u128, U256, 113, 15, 24576> {};

template <class F>
constexpr bool is_negative(typename F::Bits v) {
  return (v & F::kSignBit) != 0;
}
template <class F>
constexpr typename F::Bits magnitude(typename F::Bits v) {
  return v & ~F::kSignBit;
}
template <class F>
constexpr bool is_zero(typename F::Bits v) {
  return magnitude<F>(v) == 0;
}
template <class F>
constexpr bool is_infinity(typename F::Bits v) {
  return magnitude<F>(v) == F::kInfinity;
}
template <class F>
constexpr bool is_nan(typename F::Bits v) {
  return magnitude<F>(v) > F::kInfinity;
}
template <class F>
constexpr bool is_signaling_nan(typename F::Bits v) {
  return is_nan<F>(v) && (v & F::kQuietBit) == 0;
}
template <class F>
constexpr bool is_finite(typename F::Bits v) {
  return magnitude<F>(v) < F::kInfinity;
}
/// The exponent field as it stands in the datum.
template <class F>
constexpr int biased_exponent(typename F::Bits v) {
  return static_cast<int>(magnitude<F>(v) >> F::kFractionBits);
}

/// LOAD POSITIVE, LOAD NEGATIVE, LOAD COMPLEMENT: the sign alone; NaNs pass unchanged and unsignaled.
template <class F>
constexpr typename F::Bits load_positive(typename F::Bits v) {
  return magnitude<F>(v);
}
template <class F>
constexpr typename F::Bits load_negative(typename F::Bits v) {
  return v | F::kSignBit;
}
template <class F>
constexpr typename F::Bits load_complement(typename F::Bits v) {
  return v ^ F::kSignBit;
}

/// The condition code that describes a datum: 0 zero, 1 less than zero, 2 greater than zero, 3 NaN.
template <class F>
constexpr u8 condition_code(typename F::Bits v) {
  if (is_nan<F>(v)) return 3;
  if (is_zero<F>(v)) return 0;
  return is_negative<F>(v) ? 1 : 2;
}

/// The one bit that TEST DATA CLASS selects for a datum, as in bits 52-63 of its second-operand address: from 0x800
/// (+0), 0x400 (-0), 0x200 (+normal) ... to 0x002 (+SNaN), 0x001 (-SNaN).
template <class F>
constexpr u32 data_class(typename F::Bits v) {
  const unsigned pair = is_zero<F>(v)               ? 0
                        : is_signaling_nan<F>(v)    ? 5
                        : is_nan<F>(v)              ? 4
                        : is_infinity<F>(v)         ? 3
                        : biased_exponent<F>(v) > 0 ? 1
                                                    : 2;
  return (0x800U >> (2 * pair)) >> (is_negative<F>(v) ? 1 : 0);
}

static_assert(Short::kLargest == 0x7F7F'FFFF && Short::kDefaultNan == 0x7FC0'0000);
static_assert(Long::kOne == 0x3FF0'0000'0000'0000 && Long::kMinExponent == -1022);
static_assert(Extended::kInfinity == u128{0x7FFF} << 112);
static_assert(data_class<Short>(0x8000'0001) == 0x040 && data_class<Short>(0xFF80'0001) == 0x001);

} // namespace siena::cpu::isa::bfp
