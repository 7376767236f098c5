// SPDX-License-Identifier: BSD-3-Clause
// Conversions between the binary-floating-point formats and to and from binary integers; the ones to and from hexadecimal
// floating point are in convert_hfp.cpp.
#include "cpu/isa/bfp/convert.h"

#include "cpu/isa/bfp/round.h"

#include <algorithm>
#include <limits>
#include <type_traits>

namespace siena::cpu::isa::bfp {
namespace {

/// A NaN's bits in another format: the fraction is extended or truncated on the right.
template <class F, class G>
typename G::Bits reformat_nan(typename F::Bits a) {
  constexpr int kShift = G::kFractionBits - F::kFractionBits;
  const auto fraction = a & F::kFractionMask;
  typename G::Bits moved;
  if constexpr (kShift >= 0)
    moved = typename G::Bits{fraction} << kShift;
  else
    moved = static_cast<typename G::Bits>(fraction >> -kShift);
  return infinity<G>(is_negative<F>(a)) | moved | G::kQuietBit;
}

/// An integer of at most kPrecision bits (or 2^kPrecision), not zero.
template <class F, class W>
typename F::Bits pack_integer(bool negative, W value) {
  const int shift = F::kFractionBits - highest_bit(value);
  const auto normalized = static_cast<typename F::Bits>(shift >= 0 ? value << shift : value >> -shift);
  return pack<F>(negative, -shift, normalized);
}

template <class F, class G>
Result<typename G::Bits> convert_nan(typename F::Bits a, const Controls& controls) {
  const auto value = reformat_nan<F, G>(a);
  if (is_signaling_nan<F>(a)) return exceptional<typename G::Bits>(kInvalid, value, 3, controls);
  return exact<G>(value);
}

/// Wide enough for a significand and a carry; cheaper than the format's Wide.
template <class F>
using Narrow = std::conditional_t<sizeof(typename F::Bits) == 16, u128, u64>;

constexpr u64 absolute(u64 a) { return a; }
constexpr u64 absolute(u32 a) { return a; }
constexpr u64 absolute(s64 a) { return a < 0 ? u64{0} - static_cast<u64>(a) : static_cast<u64>(a); }
constexpr u64 absolute(s32 a) { return absolute(s64{a}); }

} // namespace

template <class F, class Wider>
Result<typename Wider::Bits> soft::lengthen(typename F::Bits a, const Controls& controls) {
  if (is_nan<F>(a)) return convert_nan<F, Wider>(a, controls);
  if (is_infinity<F>(a)) return exact<Wider>(infinity<Wider>(is_negative<F>(a)));
  if (is_zero<F>(a)) return exact<Wider>(zero<Wider>(is_negative<F>(a)));
  const auto u = unpack<F>(a);
  constexpr int kShift = Wider::kFractionBits - F::kFractionBits;
  return exact<Wider>(pack<Wider>(u.negative, u.exponent - kShift, typename Wider::Bits{u.significand} << kShift));
}

template <class F, class Shorter>
LoadRounded<F, Shorter> soft::load_rounded(typename F::Bits a, const Controls& controls) {
  using Bits = typename F::Bits;
  if (is_nan<F>(a)) return {.result = convert_nan<F, Shorter>(a, controls)};
  if (is_infinity<F>(a)) return {.result = exact<Shorter>(infinity<Shorter>(is_negative<F>(a)))};
  if (is_zero<F>(a)) return {.result = exact<Shorter>(zero<Shorter>(is_negative<F>(a)))};

  const auto u = unpack<F>(a);
  // Short's working width does not hold an extended significand; what falls off is far below its precision.
  constexpr int kExcess = std::max(0, F::kPrecision - kWidth<typename Shorter::Wide>);
  const auto significand = static_cast<typename Shorter::Wide>(shift_right_jam(u.significand, kExcess));
  LoadRounded<F, Shorter> out{.result =
                                  round_and_pack<Shorter>(u.negative, u.exponent + kExcess, significand, controls)};
  if ((out.result.dxc & (kOverflow | kUnderflow)) == 0) return out;

  constexpr int kDrop = F::kPrecision - Shorter::kPrecision;
  constexpr int kScale = sizeof(Bits) == sizeof(u64) ? 512 : 8192;
  const auto rounded = round_significand<Bits>(u.significand, kDrop, u.negative, controls.rounding);
  const int scale = out.result.dxc & kOverflow ? -kScale : kScale;
  out.in_source_format = true;
  out.scaled = pack<F>(u.negative, u.exponent + scale, static_cast<Bits>(rounded.value << kDrop));
  return out;
}

template <class F>
Result<typename F::Bits> load_fp_integer(typename F::Bits a, const Controls& controls) {
  if (is_nan<F>(a)) return propagate_nan<F>(a, a, controls);
  if (is_infinity<F>(a) || is_zero<F>(a)) return exact<F>(a);
  const auto u = unpack<F>(a);
  if (u.exponent >= 0) return exact<F>(a);
  const auto rounded = round_significand(typename F::Wide{u.significand}, -u.exponent, u.negative, controls.rounding);
  auto result = exact<F>(rounded.value == 0 ? zero<F>(u.negative) : pack_integer<F>(u.negative, rounded.value));
  if (rounded.inexact) recognize_inexact(result, rounded.incremented, controls);
  return result;
}

template <class F, std::integral Integer>
Result<Integer> convert_to_fixed(typename F::Bits a, const Controls& controls) {
  using Limits = std::numeric_limits<Integer>;
  constexpr Integer kLeast = Limits::min();
  if (is_nan<F>(a)) return exceptional<Integer>(kInvalid, kLeast, 3, controls);
  if (is_zero<F>(a)) return {.value = 0, .flags = 0, .dxc = 0, .cc = 0, .completed = true};

  const bool negative = is_negative<F>(a);
  using W = Narrow<F>;
  Rounded<W> rounded{.value = ~W{0}, .inexact = true, .incremented = false}; // infinite, or 2^64 or more
  bool in_range = false;
  if (is_finite<F>(a)) {
    const auto u = unpack<F>(a);
    if (u.exponent + F::kPrecision <= 64) {
      rounded = round_significand(W{u.significand}, -u.exponent, negative, controls.rounding);
      in_range = rounded.value <= (negative ? absolute(kLeast) : absolute(Limits::max()));
    }
  }
  if (!in_range) {
    auto result = exceptional<Integer>(kInvalid, negative ? kLeast : Limits::max(), 3, controls);
    if (result.completed) recognize_inexact(result, false, controls);
    return result;
  }
  const auto low = static_cast<u64>(rounded.value);
  Result<Integer> result{.value = static_cast<Integer>(negative ? u64{0} - low : low),
                         .flags = 0,
                         .dxc = 0,
                         .cc = static_cast<u8>(negative ? 1 : 2),
                         .completed = true};
  if (rounded.inexact) recognize_inexact(result, rounded.incremented, controls);
  return result;
}

template <class F, std::integral Integer>
Result<typename F::Bits> convert_from_fixed(Integer a, const Controls& controls) {
  if (a == 0) return exact<F>(0);
  const u64 value = absolute(a);
  if (highest_bit(value) < F::kPrecision) return exact<F>(pack_integer<F>(a < 0, Narrow<F>{value}));
  return round_and_pack<F>(a < 0, 0, typename F::Wide{value}, controls);
}

// clang-format off
template Result<u64> soft::lengthen<Short, Long>(u32, const Controls&);
template Result<u128> soft::lengthen<Short, Extended>(u32, const Controls&);
template Result<u128> soft::lengthen<Long, Extended>(u64, const Controls&);
template LoadRounded<Long, Short> soft::load_rounded<Long, Short>(u64, const Controls&);
template LoadRounded<Extended, Short> soft::load_rounded<Extended, Short>(u128, const Controls&);
template LoadRounded<Extended, Long> soft::load_rounded<Extended, Long>(u128, const Controls&);
template Result<u32> load_fp_integer<Short>(u32, const Controls&);
template Result<s32> convert_to_fixed<Short, s32>(u32, const Controls&);
template Result<u32> convert_from_fixed<Short, s32>(s32, const Controls&);
template Result<s64> convert_to_fixed<Short, s64>(u32, const Controls&);
template Result<u32> convert_from_fixed<Short, s64>(s64, const Controls&);
template Result<u32> convert_to_fixed<Short, u32>(u32, const Controls&);
template Result<u32> convert_from_fixed<Short, u32>(u32, const Controls&);
template Result<u64> convert_to_fixed<Short, u64>(u32, const Controls&);
template Result<u32> convert_from_fixed<Short, u64>(u64, const Controls&);
template Result<u64> load_fp_integer<Long>(u64, const Controls&);
template Result<s32> convert_to_fixed<Long, s32>(u64, const Controls&);
template Result<u64> convert_from_fixed<Long, s32>(s32, const Controls&);
template Result<s64> convert_to_fixed<Long, s64>(u64, const Controls&);
template Result<u64> convert_from_fixed<Long, s64>(s64, const Controls&);
template Result<u32> convert_to_fixed<Long, u32>(u64, const Controls&);
template Result<u64> convert_from_fixed<Long, u32>(u32, const Controls&);
template Result<u64> convert_to_fixed<Long, u64>(u64, const Controls&);
template Result<u64> convert_from_fixed<Long, u64>(u64, const Controls&);
template Result<u128> load_fp_integer<Extended>(u128, const Controls&);
template Result<s32> convert_to_fixed<Extended, s32>(u128, const Controls&);
template Result<u128> convert_from_fixed<Extended, s32>(s32, const Controls&);
template Result<s64> convert_to_fixed<Extended, s64>(u128, const Controls&);
template Result<u128> convert_from_fixed<Extended, s64>(s64, const Controls&);
template Result<u32> convert_to_fixed<Extended, u32>(u128, const Controls&);
template Result<u128> convert_from_fixed<Extended, u32>(u32, const Controls&);
template Result<u64> convert_to_fixed<Extended, u64>(u128, const Controls&);
template Result<u128> convert_from_fixed<Extended, u64>(u64, const Controls&);
// clang-format on

} // namespace siena::cpu::isa::bfp
