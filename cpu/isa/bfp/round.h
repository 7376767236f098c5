// SPDX-License-Identifier: BSD-3-Clause
// From bits to numbers and back. A finite nonzero datum is significand * 2^exponent with an integer significand; an exact
// (or jammed) intermediate result becomes a datum, with its flags, in one place: round_and_pack. Tininess is detected
// before rounding (PoP, Floating-Point Overview, *IEEE underflow*).
#pragma once

#include "cpu/isa/bfp/controls.h"
#include "cpu/isa/bfp/format.h"

namespace siena::cpu::isa::bfp {

/// A finite nonzero datum, its significand normalized: bit kPrecision-1 is one.
template <class F>
struct Unpacked {
  bool negative;
  int exponent; ///< of the significand's units bit
  typename F::Bits significand;
};

/// `v` must be finite and not zero.
template <class F>
constexpr Unpacked<F> unpack(typename F::Bits v) {
  using Bits = typename F::Bits;
  constexpr int kUnits = F::kMinExponent - F::kFractionBits;
  const Bits fraction = v & F::kFractionMask;
  const int biased = biased_exponent<F>(v);
  if (biased > 0) return {is_negative<F>(v), kUnits + biased - 1, static_cast<Bits>(fraction | (F::kFractionMask + 1))};
  int shift = 0;
  if constexpr (sizeof(Bits) == 4)
    shift = F::kFractionBits - highest_bit(u64{fraction});
  else
    shift = F::kFractionBits - highest_bit(fraction);
  return {is_negative<F>(v), kUnits - shift, static_cast<Bits>(fraction << shift)};
}

/// The result of dropping low-order bits.
template <class W>
struct Rounded {
  W value;
  bool inexact;
  bool incremented;
};

/// `significand` / 2^`drop`, rounded to an integer; a `drop` below zero shifts left (which must fit).
template <class W>
constexpr Rounded<W> round_significand(const W& significand, int drop, bool negative, RoundingMode mode) {
  if (drop <= 0) return {significand << -drop, false, false};
  const W kept = shift_right(significand, drop);
  if (!any_low_bit(significand, drop)) return {kept, false, false};
  const bool half = drop <= kWidth<W> && any_low_bit(shift_right(significand, drop - 1), 1);
  const bool odd = any_low_bit(kept, 1);
  bool up = false;
  switch (mode) {
  case RoundingMode::NearestEven: up = half && (odd || any_low_bit(significand, drop - 1)); break;
  case RoundingMode::TowardZero: break;
  case RoundingMode::TowardPlusInfinity: up = !negative; break;
  case RoundingMode::TowardMinusInfinity: up = negative; break;
  case RoundingMode::NearestAway: up = half; break;
  case RoundingMode::PrepareForShorter: up = !odd; break;
  }
  return {kept + W{up ? 1U : 0U}, true, up};
}

/// Assembles a datum from a significand of at most kPrecision bits (or exactly 2^kPrecision, from rounding up) whose
/// units bit weighs 2^`exponent`. A subnormal is given with the least exponent there is.
template <class F>
constexpr typename F::Bits pack(bool negative, int exponent, typename F::Bits significand) {
  using Bits = typename F::Bits;
  constexpr int kUnits = F::kMinExponent - F::kFractionBits;
  // Adding, not oring: the implied one (or the carry out of rounding) steps the exponent field up by itself.
  const Bits field = static_cast<Bits>(static_cast<u32>(exponent - kUnits)) << F::kFractionBits;
  return static_cast<Bits>((negative ? F::kSignBit : 0) | (field + significand));
}

template <class F>
constexpr typename F::Bits zero(bool negative) {
  return negative ? F::kSignBit : 0;
}
template <class F>
constexpr typename F::Bits infinity(bool negative) {
  return zero<F>(negative) | F::kInfinity;
}

/// Whether a disabled overflow delivers infinity (or else the largest finite number).
constexpr bool overflow_goes_to_infinity(bool negative, RoundingMode mode) {
  switch (mode) {
  case RoundingMode::NearestEven:
  case RoundingMode::NearestAway: return true;
  case RoundingMode::TowardPlusInfinity: return !negative;
  case RoundingMode::TowardMinusInfinity: return negative;
  case RoundingMode::TowardZero:
  case RoundingMode::PrepareForShorter: return false;
  }
  return false;
}

/// `significand` * 2^`exponent` (not zero) as a datum of format F, with everything that goes with range and rounding. The
/// significand may be jammed if it has at least two bits more than the precision. cc describes the delivered value.
template <class F>
Result<typename F::Bits>
round_and_pack(bool negative, int exponent, const typename F::Wide& significand, const Controls& controls) {
  using Bits = typename F::Bits;
  using Wide = typename F::Wide;
  Result<Bits> result{.value = 0, .flags = 0, .dxc = 0, .cc = static_cast<u8>(negative ? 1 : 2), .completed = true};

  const int leading = exponent + highest_bit(significand);
  const bool tiny = leading < F::kMinExponent;
  const bool scale_up = tiny && (controls.enabled & kUnderflow) != 0;
  int units = (tiny && !scale_up ? F::kMinExponent : leading) - F::kFractionBits;
  const auto rounded = round_significand<Wide>(significand, units - exponent, negative, controls.rounding);
  const auto inexact_dxc = static_cast<u8>(rounded.inexact ? kInexact | (rounded.incremented ? kIncremented : 0) : 0);
  auto value = static_cast<Bits>(rounded.value);
  if (value > F::kFractionMask * 2 + 1) { // the carry out of rounding made it the next power of two
    value >>= 1;
    ++units;
  }

  if (scale_up) {
    result.value = pack<F>(negative, units + F::kTrapScale, value);
    result.dxc = kUnderflow | inexact_dxc;
    return result;
  }
  if (units + F::kFractionBits > F::kMaxExponent) {
    if (controls.enabled & kOverflow) {
      result.value = pack<F>(negative, units - F::kTrapScale, value);
      result.dxc = kOverflow | inexact_dxc;
      return result;
    }
    const bool to_infinity = overflow_goes_to_infinity(negative, controls.rounding);
    result.value = zero<F>(negative) | (to_infinity ? F::kInfinity : F::kLargest);
    result.flags = kOverflow;
    recognize_inexact(result, to_infinity, controls);
    return result;
  }
  result.value = pack<F>(negative, units, value);
  if (rounded.inexact) {
    if (tiny) result.flags = kUnderflow;
    recognize_inexact(result, rounded.incremented, controls);
    if (value == 0) result.cc = 0;
  }
  return result;
}

/// The result of an operation with at least one NaN among `a` and `b`: the first signaling one, else the first.
template <class F>
Result<typename F::Bits> propagate_nan(typename F::Bits a, typename F::Bits b, const Controls& controls) {
  using Bits = typename F::Bits;
  if (is_signaling_nan<F>(a)) return exceptional<Bits>(kInvalid, a | F::kQuietBit, 3, controls);
  if (is_signaling_nan<F>(b)) return exceptional<Bits>(kInvalid, b | F::kQuietBit, 3, controls);
  return {.value = is_nan<F>(a) ? a : b, .flags = 0, .dxc = 0, .cc = 3, .completed = true};
}

/// An exact result.
template <class F>
constexpr Result<typename F::Bits> exact(typename F::Bits value) {
  return {.value = value, .flags = 0, .dxc = 0, .cc = condition_code<F>(value), .completed = true};
}

/// Invalid operation with the default NaN.
template <class F>
constexpr Result<typename F::Bits> invalid(const Controls& controls) {
  return exceptional<typename F::Bits>(kInvalid, F::kDefaultNan, 3, controls);
}

} // namespace siena::cpu::isa::bfp
