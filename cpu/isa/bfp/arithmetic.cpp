// SPDX-License-Identifier: BSD-3-Clause
// The reference arithmetic. Each operation sorts out NaNs, infinities and zeros, forms the result exactly (or with a jammed
// last bit, far below the precision), and leaves range and rounding to round_and_pack.
#include "cpu/isa/bfp/arithmetic.h"

#include "cpu/isa/bfp/convert.h"
#include "cpu/isa/bfp/round.h"

#include <utility>

namespace siena::cpu::isa::bfp {
namespace {

/// significand * 2^exponent, not zero.
template <class F>
struct Term {
  bool negative;
  int exponent;
  typename F::Wide significand;
};

template <class F>
Term<F> term(const Unpacked<F>& u) {
  return {u.negative, u.exponent, typename F::Wide{u.significand}};
}

template <class F>
Term<F> product(const Unpacked<F>& a, const Unpacked<F>& b) {
  return {a.negative != b.negative, a.exponent + b.exponent, multiply_wide(a.significand, b.significand)};
}

template <class F>
Result<BitsOf<F>> in_range(const Term<F>& t, const Controls& controls) {
  return round_and_pack<F>(t.negative, t.exponent, t.significand, controls);
}

/// Moves the leading one to the bit below the top, which leaves room for one carry.
template <class F>
void normalize(Term<F>& t) {
  const int shift = kWidth<typename F::Wide> - 2 - highest_bit(t.significand);
  t.significand = t.significand << shift;
  t.exponent -= shift;
}

/// The sum of exact zeros of these signs (which may stand for numbers that cancel).
template <class F>
BitsOf<F> zero_sum(bool negative_a, bool negative_b, const Controls& controls) {
  if (negative_a == negative_b) return zero<F>(negative_a);
  return zero<F>(controls.rounding == RoundingMode::TowardMinusInfinity);
}

/// x + y. No bit of either is lost unless the exponents differ by two or more, and then the sum's leading one is near the
/// top: the jammed bit is far below the precision.
template <class F>
Result<BitsOf<F>> sum(Term<F> x, Term<F> y, const Controls& controls) {
  normalize(x);
  normalize(y);
  if (x.exponent < y.exponent || (x.exponent == y.exponent && x.significand < y.significand)) std::swap(x, y);
  const auto aligned = shift_right_jam(y.significand, x.exponent - y.exponent);
  const auto significand = x.negative == y.negative ? x.significand + aligned : x.significand - aligned;
  if (significand == typename F::Wide{0}) return exact<F>(zero_sum<F>(x.negative, y.negative, controls));
  return round_and_pack<F>(x.negative, x.exponent, significand, controls);
}

} // namespace

template <class F>
Result<BitsOf<F>> soft::add(BitsOf<F> a, BitsOf<F> b, const Controls& controls) {
  if (is_nan<F>(a) || is_nan<F>(b)) return propagate_nan<F>(a, b, controls);
  if (is_infinity<F>(a)) {
    if (is_infinity<F>(b) && a != b) return invalid<F>(controls);
    return exact<F>(a);
  }
  if (is_infinity<F>(b)) return exact<F>(b);
  if (is_zero<F>(a)) {
    if (is_zero<F>(b)) return exact<F>(zero_sum<F>(is_negative<F>(a), is_negative<F>(b), controls));
    return in_range<F>(term<F>(unpack<F>(b)), controls);
  }
  if (is_zero<F>(b)) return in_range<F>(term<F>(unpack<F>(a)), controls);
  return sum<F>(term<F>(unpack<F>(a)), term<F>(unpack<F>(b)), controls);
}

template <class F>
Result<BitsOf<F>> soft::subtract(BitsOf<F> a, BitsOf<F> b, const Controls& controls) {
  return soft::add<F>(a, is_nan<F>(b) ? b : load_complement<F>(b), controls);
}

template <class F>
Result<BitsOf<F>> soft::multiply(BitsOf<F> a, BitsOf<F> b, const Controls& controls) {
  if (is_nan<F>(a) || is_nan<F>(b)) return propagate_nan<F>(a, b, controls);
  const bool negative = is_negative<F>(a) != is_negative<F>(b);
  if (is_infinity<F>(a) || is_infinity<F>(b)) {
    if (is_zero<F>(a) || is_zero<F>(b)) return invalid<F>(controls);
    return exact<F>(infinity<F>(negative));
  }
  if (is_zero<F>(a) || is_zero<F>(b)) return exact<F>(zero<F>(negative));
  return in_range<F>(product<F>(unpack<F>(a), unpack<F>(b)), controls);
}

template <class F>
Result<BitsOf<F>> soft::divide(BitsOf<F> dividend, BitsOf<F> divisor, const Controls& controls) {
  using Wide = typename F::Wide;
  if (is_nan<F>(dividend) || is_nan<F>(divisor)) return propagate_nan<F>(dividend, divisor, controls);
  const bool negative = is_negative<F>(dividend) != is_negative<F>(divisor);
  if (is_infinity<F>(dividend)) {
    if (is_infinity<F>(divisor)) return invalid<F>(controls);
    return exact<F>(infinity<F>(negative));
  }
  if (is_infinity<F>(divisor)) return exact<F>(zero<F>(negative));
  if (is_zero<F>(divisor)) {
    if (is_zero<F>(dividend)) return invalid<F>(controls);
    return exceptional<BitsOf<F>>(kDivideByZero, infinity<F>(negative), negative ? 1 : 2, controls);
  }
  if (is_zero<F>(dividend)) return exact<F>(zero<F>(negative));
  const auto a = unpack<F>(dividend);
  const auto b = unpack<F>(divisor);
  constexpr int kShift = F::kPrecision + 2;
  const auto [quotient, remainder] = divide_wide(Wide{a.significand} << kShift, Wide{b.significand});
  const Wide jammed = quotient | Wide{remainder == Wide{0} ? 0U : 1U};
  return round_and_pack<F>(negative, a.exponent - b.exponent - kShift, jammed, controls);
}

template <class F>
Result<BitsOf<F>> soft::square_root(BitsOf<F> a, const Controls& controls) {
  using Wide = typename F::Wide;
  if (is_nan<F>(a)) return propagate_nan<F>(a, a, controls);
  if (is_zero<F>(a)) return exact<F>(a);
  if (is_negative<F>(a)) return invalid<F>(controls);
  if (is_infinity<F>(a)) return exact<F>(a);
  const auto u = unpack<F>(a);
  // The exponent becomes even, the root at least two bits longer than the precision.
  const int shift = F::kPrecision + 4 + ((u.exponent + F::kPrecision) & 1);
  const auto [root, inexact] = root_wide(Wide{u.significand} << shift);
  const Wide jammed = (root << 1) | Wide{inexact ? 1U : 0U};
  return round_and_pack<F>(false, (u.exponent - shift) / 2 - 1, jammed, controls);
}

template <class F>
Result<BitsOf<F>> soft::multiply_add(BitsOf<F> a, BitsOf<F> b, BitsOf<F> addend, const Controls& controls) {
  if (is_nan<F>(a) || is_nan<F>(b)) {
    if (!is_signaling_nan<F>(a) && !is_signaling_nan<F>(b) && is_signaling_nan<F>(addend))
      return propagate_nan<F>(addend, addend, controls);
    return propagate_nan<F>(a, b, controls);
  }
  const bool negative = is_negative<F>(a) != is_negative<F>(b);
  const bool product_is_zero = is_zero<F>(a) || is_zero<F>(b);
  if (is_infinity<F>(a) || is_infinity<F>(b)) {
    if (product_is_zero) return invalid<F>(controls);
    return soft::add<F>(infinity<F>(negative), addend, controls);
  }
  if (product_is_zero || !is_finite<F>(addend)) return soft::add<F>(zero<F>(negative), addend, controls);
  const auto p = product<F>(unpack<F>(a), unpack<F>(b));
  if (is_zero<F>(addend)) return in_range<F>(p, controls);
  return sum<F>(p, term<F>(unpack<F>(addend)), controls);
}

namespace {

template <class F, class Wider>
Result<BitsOf<Wider>> multiply_into(BitsOf<F> a, BitsOf<F> b, const Controls& controls) {
  if (is_nan<F>(a) || is_nan<F>(b)) {
    const auto nan = propagate_nan<F>(a, b, controls);
    return {.value = lengthen<F, Wider>(nan.value, {}).value,
            .flags = nan.flags,
            .dxc = nan.dxc,
            .cc = 3,
            .completed = nan.completed};
  }
  return soft::multiply<Wider>(lengthen<F, Wider>(a, {}).value, lengthen<F, Wider>(b, {}).value, controls);
}

} // namespace

Result<u64> multiply_lengthened(u32 a, u32 b, const Controls& controls) {
  return multiply_into<Short, Long>(a, b, controls);
}

Result<u128> multiply_lengthened(u64 a, u64 b, const Controls& controls) {
  return multiply_into<Long, Extended>(a, b, controls);
}

// clang-format off
template Result<u32> soft::add<Short>(u32, u32, const Controls&);
template Result<u32> soft::subtract<Short>(u32, u32, const Controls&);
template Result<u32> soft::multiply<Short>(u32, u32, const Controls&);
template Result<u32> soft::divide<Short>(u32, u32, const Controls&);
template Result<u32> soft::square_root<Short>(u32, const Controls&);
template Result<u32> soft::multiply_add<Short>(u32, u32, u32, const Controls&);
template Result<u64> soft::add<Long>(u64, u64, const Controls&);
template Result<u64> soft::subtract<Long>(u64, u64, const Controls&);
template Result<u64> soft::multiply<Long>(u64, u64, const Controls&);
template Result<u64> soft::divide<Long>(u64, u64, const Controls&);
template Result<u64> soft::square_root<Long>(u64, const Controls&);
template Result<u64> soft::multiply_add<Long>(u64, u64, u64, const Controls&);
template Result<u128> soft::add<Extended>(u128, u128, const Controls&);
template Result<u128> soft::subtract<Extended>(u128, u128, const Controls&);
template Result<u128> soft::multiply<Extended>(u128, u128, const Controls&);
template Result<u128> soft::divide<Extended>(u128, u128, const Controls&);
template Result<u128> soft::square_root<Extended>(u128, const Controls&);
template Result<u128> soft::multiply_add<Extended>(u128, u128, u128, const Controls&);
// clang-format on

} // namespace siena::cpu::isa::bfp
