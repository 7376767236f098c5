// SPDX-License-Identifier: BSD-3-Clause
// The quotient of two significands has at most kPrecision digits worth keeping at a time. If the precise quotient is below
// 2^kPrecision it is rounded to an integer and the result is final. If it is larger, its leading kPrecision digits are
// the quotient (rounded toward zero) and the remainder is exact: zero, which is final as well, or a partial remainder from
// which the program goes on. A partial result recognizes no exception.
#include "cpu/isa/bfp/divide_to_integer.h"

#include "cpu/isa/bfp/arithmetic.h"
#include "cpu/isa/bfp/round.h"

namespace siena::cpu::isa::bfp {
namespace {

template <class F>
QuotientAndRemainder<F> both(const Result<typename F::Bits>& nan) {
  return {.quotient = nan.value,
          .remainder = nan.value,
          .flags = nan.flags,
          .dxc = nan.dxc,
          .cc = 1,
          .completed = nan.completed};
}

/// significand * 2^exponent, which fits the format once scaled.
template <class F>
typename F::Bits pack_integer(bool negative, int exponent, typename F::Wide significand) {
  const int shift = F::kFractionBits - highest_bit(significand);
  const auto normalized =
      static_cast<typename F::Bits>(shift >= 0 ? significand << shift : shift_right(significand, -shift));
  return pack<F>(negative, exponent - shift, normalized);
}

template <class F>
QuotientAndRemainder<F> partial(const Unpacked<F>& a, const Unpacked<F>& b) {
  using Wide = typename F::Wide;
  const bool negative = a.negative != b.negative;
  const int shift = a.significand < b.significand ? F::kPrecision : F::kFractionBits;
  const auto [quotient, remainder] = divide_wide(Wide{a.significand} << shift, Wide{b.significand});
  const int exponent = a.exponent - b.exponent - shift;
  const bool complete = remainder == 0;
  const bool scaled = exponent + F::kFractionBits > F::kMaxExponent;

  QuotientAndRemainder<F> out;
  out.quotient = pack_integer<F>(negative, exponent - (scaled ? F::kTrapScale : 0), quotient);
  // The partial remainder is a multiple of the format's least subnormal, so plain rounding leaves it exact.
  out.remainder =
      complete ? zero<F>(a.negative) : round_and_pack<F>(a.negative, a.exponent - shift, remainder, Controls{}).value;
  out.cc = static_cast<u8>((complete ? 0 : 2) + (scaled ? 1 : 0));
  return out;
}

template <class F>
void set_remainder(QuotientAndRemainder<F>& out, const Result<typename F::Bits>& remainder) {
  out.remainder = remainder.value;
  out.flags = remainder.flags;
  out.dxc = remainder.dxc;
}

/// Whether a quotient below one rounds to one.
template <class F>
bool rounds_to_one(const Unpacked<F>& a, const Unpacked<F>& b, RoundingMode rounding) {
  using Wide = typename F::Wide;
  const auto [quotient, remainder] = divide_wide(Wide{a.significand} << 2, Wide{b.significand});
  const Wide jammed = (quotient << 1) | Wide{remainder != 0 ? 1U : 0U};
  return round_significand(jammed, 3 - (a.exponent - b.exponent), a.negative != b.negative, rounding).value != 0;
}

/// For a dividend whose exponent is at least the divisor's, and a quotient below 2^kPrecision.
template <class F>
QuotientAndRemainder<F>
final_result(const Unpacked<F>& a, const Unpacked<F>& b, RoundingMode rounding, const Controls& controls) {
  using Wide = typename F::Wide;
  const bool negative = a.negative != b.negative;
  const Wide divisor{b.significand};
  const auto [quotient, remainder] = divide_wide(Wide{a.significand} << (a.exponent - b.exponent), divisor);
  // Two more digits say how the remainder compares with half the divisor.
  const Wide twice = remainder << 1;
  const unsigned fraction = remainder == 0 ? 0 : twice < divisor ? 1 : twice == divisor ? 2 : 3;
  const Wide rounded = round_significand((quotient << 2) | Wide{fraction}, 2, negative, rounding).value;
  const bool away = rounded != quotient; // from zero: the remainder has the other sign

  QuotientAndRemainder<F> out;
  out.quotient = rounded == 0 ? zero<F>(negative) : pack_integer<F>(negative, 0, rounded);
  const Wide rest = away ? divisor - remainder : remainder;
  if (rest == 0)
    out.remainder = zero<F>(a.negative);
  else
    set_remainder(out, round_and_pack<F>(a.negative != away, b.exponent, rest, controls));
  return out;
}

} // namespace

template <class F>
QuotientAndRemainder<F> divide_to_integer(typename F::Bits dividend,
                                          typename F::Bits divisor,
                                          RoundingMode quotient_rounding,
                                          const Controls& controls) {
  if (is_nan<F>(dividend) || is_nan<F>(divisor)) return both<F>(propagate_nan<F>(dividend, divisor, controls));
  if (is_infinity<F>(dividend) || is_zero<F>(divisor)) return both<F>(invalid<F>(controls));
  const bool negative = is_negative<F>(dividend) != is_negative<F>(divisor);
  QuotientAndRemainder<F> out{.quotient = zero<F>(negative), .remainder = dividend};
  if (is_zero<F>(dividend) || is_infinity<F>(divisor)) return out;

  const auto a = unpack<F>(dividend);
  const auto b = unpack<F>(divisor);
  const int difference = a.exponent - b.exponent;
  const int leading = a.significand < b.significand ? difference - 1 : difference;
  if (leading >= F::kPrecision) return partial<F>(a, b);
  if (difference >= 0) return final_result<F>(a, b, quotient_rounding, controls);
  if (rounds_to_one<F>(a, b, quotient_rounding)) {
    out.quotient |= F::kOne;
    set_remainder(
        out, negative ? soft::add<F>(dividend, divisor, controls) : soft::subtract<F>(dividend, divisor, controls));
  } else {
    set_remainder(out, round_and_pack<F>(a.negative, a.exponent, typename F::Wide{a.significand}, controls));
  }
  return out;
}

template QuotientAndRemainder<Short> divide_to_integer<Short>(u32, u32, RoundingMode, const Controls&);
template QuotientAndRemainder<Long> divide_to_integer<Long>(u64, u64, RoundingMode, const Controls&);

} // namespace siena::cpu::isa::bfp
