// SPDX-License-Identifier: BSD-3-Clause
// CONVERT BFP TO HFP and CONVERT HFP TO BFP (PoP, Floating-Point Overview and Support Instructions). A long HFP datum is
// sign, 7-bit characteristic (excess 64, of 16), 56-bit fraction: value = fraction * 2^(4 * (characteristic - 64) - 56).
#include "cpu/isa/bfp/convert.h"

#include "cpu/isa/bfp/round.h"

namespace siena::cpu::isa::bfp {
namespace {

constexpr u64 kHfpSign = u64{1} << 63;
constexpr u64 kHfpLargest = ~kHfpSign;
constexpr int kHfpFractionBits = 56;
constexpr u64 kHfpFractionMask = (u64{1} << kHfpFractionBits) - 1;

} // namespace

template <class F>
WithCondition<u64> convert_to_hfp(typename F::Bits a) {
  if (is_nan<F>(a)) return {kHfpLargest, 3};
  const u64 sign = is_negative<F>(a) ? kHfpSign : 0;
  if (is_infinity<F>(a)) return {sign | kHfpLargest, 3};
  if (is_zero<F>(a)) return {sign, 0};
  const auto u = unpack<F>(a);
  const u8 cc = u.negative ? 1 : 2;
  // The arithmetic shift rounds down: the fraction comes out at least 1/16 and below 1.
  const int hexadecimal_exponent = ((u.exponent + F::kFractionBits) >> 2) + 1;
  if (hexadecimal_exponent > 63) return {sign | kHfpLargest, 3};
  if (hexadecimal_exponent < -64) return {sign, cc};
  const u64 fraction = u64{u.significand} << (u.exponent - 4 * hexadecimal_exponent + kHfpFractionBits);
  return {sign | (static_cast<u64>(hexadecimal_exponent + 64) << kHfpFractionBits) | fraction, cc};
}

template <class F>
WithCondition<typename F::Bits> convert_from_hfp(u64 a, RoundingMode rounding) {
  const bool negative = (a & kHfpSign) != 0;
  const u64 fraction = a & kHfpFractionMask;
  if (fraction == 0) return {zero<F>(negative), 0};
  const int exponent = 4 * (static_cast<int>(a >> kHfpFractionBits & 0x7F) - 64) - kHfpFractionBits;
  const auto result = round_and_pack<F>(negative, exponent, typename F::Wide{fraction}, Controls{.rounding = rounding});
  return {result.value, static_cast<u8>(result.flags & kOverflow ? 3 : negative ? 1 : 2)};
}

template WithCondition<u64> convert_to_hfp<Short>(u32);
template WithCondition<u64> convert_to_hfp<Long>(u64);
template WithCondition<u32> convert_from_hfp<Short>(u64, RoundingMode);
template WithCondition<u64> convert_from_hfp<Long>(u64, RoundingMode);

} // namespace siena::cpu::isa::bfp
