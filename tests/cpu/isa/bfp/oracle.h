// SPDX-License-Identifier: BSD-3-Clause
// A second opinion: numbers of unlimited precision, rounded by a direct reading of the rules. Shares nothing with the
// library but the format constants. A root or quotient is cut after many digits, with one sticky bit behind them.
#pragma once

#include "samples.h"

#include <boost/multiprecision/cpp_int.hpp>

namespace siena::cpu::isa::bfp::testing {

using Integer = boost::multiprecision::cpp_int;

/// magnitude * 2^exponent with a sign (which a zero has too).
struct Exact {
  bool negative = false;
  Integer magnitude = 0;
  int exponent = 0;
};

template <class Bits>
Integer widen(Bits v) {
  if constexpr (sizeof(Bits) == 16)
    return (Integer{static_cast<u64>(v >> 64)} << 64) | Integer{static_cast<u64>(v)};
  else
    return Integer{v};
}
template <class Bits>
Bits narrow(const Integer& v) {
  if constexpr (sizeof(Bits) == 16)
    return (Bits{static_cast<u64>(Integer{v >> 64})} << 64) | static_cast<u64>(Integer{v & ~u64{0}});
  else
    return static_cast<Bits>(v);
}

template <class F>
Exact exact_value(typename F::Bits v) {
  const int biased = biased_exponent<F>(v);
  Integer significand = widen(static_cast<typename F::Bits>(v & F::kFractionMask));
  if (biased > 0) significand += Integer{1} << F::kFractionBits;
  return {is_negative<F>(v), significand, (biased > 0 ? biased : 1) - F::kBias - F::kFractionBits};
}

inline Exact operator+(Exact a, Exact b) {
  const int exponent = std::min(a.exponent, b.exponent);
  a.magnitude <<= a.exponent - exponent;
  b.magnitude <<= b.exponent - exponent;
  const Integer sum = (a.negative ? -a.magnitude : a.magnitude) + (b.negative ? -b.magnitude : b.magnitude);
  return {sum < 0, abs(sum), exponent};
}
inline Exact operator*(const Exact& a, const Exact& b) {
  return {a.negative != b.negative, a.magnitude * b.magnitude, a.exponent + b.exponent};
}
inline Exact operator/(const Exact& a, const Exact& b) {
  Integer quotient;
  Integer remainder;
  divide_qr(Integer{a.magnitude << 400}, b.magnitude, quotient, remainder);
  return {a.negative != b.negative, (quotient << 1) | (remainder != 0 ? 1 : 0), a.exponent - b.exponent - 401};
}
inline Exact root(const Exact& a) {
  const int shift = 600 + (a.exponent & 1);
  Integer rest;
  const Integer r = sqrt(Integer{a.magnitude << shift}, rest);
  return {false, (r << 1) | (rest != 0 ? 1 : 0), (a.exponent - shift) / 2 - 1};
}

/// magnitude / 2^drop to an integer.
struct OracleRounding {
  Integer value;
  bool inexact;
  bool incremented;
};
inline OracleRounding oracle_round(const Integer& magnitude, int drop, bool negative, RoundingMode mode) {
  if (drop <= 0) return {magnitude << -drop, false, false};
  const Integer below = magnitude >> drop;
  const Integer rest = magnitude - (below << drop);
  if (rest == 0) return {below, false, false};
  const int against_half = Integer{rest << 1}.compare(Integer{1} << drop);
  const bool odd = (below & 1) != 0;
  const bool up = mode == RoundingMode::NearestEven           ? against_half > 0 || (against_half == 0 && odd)
                  : mode == RoundingMode::NearestAway         ? against_half >= 0
                  : mode == RoundingMode::TowardPlusInfinity  ? !negative
                  : mode == RoundingMode::TowardMinusInfinity ? negative
                                                              : mode == RoundingMode::PrepareForShorter && !odd;
  return {up ? Integer{below + 1} : below, true, up};
}

/// The whole outcome for a result that is exactly `v`; `cancelled` zeros take their sign from the rounding mode.
template <class F>
Result<typename F::Bits> oracle_result(const Exact& v, const Controls& controls) {
  using Bits = typename F::Bits;
  const Bits sign = v.negative ? F::kSignBit : 0;
  Result<Bits> out;
  if (v.magnitude == 0) {
    out.value = sign;
    return out;
  }
  out.cc = v.negative ? 1 : 2;
  const int leading = static_cast<int>(msb(v.magnitude)) + v.exponent;
  const bool tiny = leading < F::kMinExponent;

  // Rounded to the precision as if the exponent had no limits.
  const int free_units = leading - F::kPrecision + 1;
  auto free = oracle_round(v.magnitude, free_units - v.exponent, v.negative, controls.rounding);
  int exponent = free_units;
  if (msb(free.value) >= F::kPrecision) {
    free.value >>= 1;
    ++exponent;
  }
  const bool overflow = exponent + F::kPrecision - 1 > F::kMaxExponent;
  const auto dxc_of = [](bool inexact, bool incremented) { return inexact ? (incremented ? 0x0C : 0x08) : 0; };
  const auto normal_bits = [&](int scale) {
    const Integer fraction = free.value - (Integer{1} << F::kFractionBits);
    const int biased = exponent + scale + F::kFractionBits + F::kBias;
    if (biased < 0) return sign; // scaled for a source format (LOAD ROUNDED): not a value of this one
    return sign | narrow<Bits>((Integer{biased} << F::kFractionBits) + fraction);
  };
  const auto inexact_condition = [&](bool incremented) {
    if (controls.suppress_inexact) return;
    if (controls.enabled & 0x08)
      out.dxc = static_cast<u8>(dxc_of(true, incremented));
    else
      out.flags |= 0x08;
  };

  if (overflow && (controls.enabled & 0x20)) {
    out.value = normal_bits(-F::kTrapScale);
    out.dxc = static_cast<u8>(0x20 | dxc_of(free.inexact, free.incremented));
  } else if (overflow) {
    const auto mode = controls.rounding;
    const bool infinite = mode == RoundingMode::NearestEven || mode == RoundingMode::NearestAway ||
                          (mode == RoundingMode::TowardPlusInfinity && !v.negative) ||
                          (mode == RoundingMode::TowardMinusInfinity && v.negative);
    out.value = sign | (infinite ? F::kInfinity : F::kLargest);
    out.flags = 0x20;
    inexact_condition(infinite);
  } else if (tiny && (controls.enabled & 0x10)) {
    out.value = normal_bits(F::kTrapScale);
    out.dxc = static_cast<u8>(0x10 | dxc_of(free.inexact, free.incremented));
  } else if (tiny) {
    const int units = F::kMinExponent - F::kFractionBits;
    const auto fixed = oracle_round(v.magnitude, units - v.exponent, v.negative, controls.rounding);
    out.value = sign | narrow<Bits>(fixed.value); // 2^kFractionBits, from rounding up, is the least normal number
    if (fixed.value == 0) out.cc = 0;
    if (fixed.inexact) {
      out.flags = 0x10;
      inexact_condition(fixed.incremented);
    }
  } else {
    out.value = normal_bits(0);
    if (free.inexact) inexact_condition(free.incremented);
  }
  return out;
}

} // namespace siena::cpu::isa::bfp::testing
