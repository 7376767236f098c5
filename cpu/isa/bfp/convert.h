// SPDX-License-Identifier: BSD-3-Clause
// Conversions of binary floating point: between its formats (LOAD LENGTHENED, LOAD ROUNDED), to an integer in the same
// format (LOAD FP INTEGER), to and from binary integers (CONVERT TO/FROM FIXED/LOGICAL), and to and from hexadecimal
// floating point (CONVERT BFP TO HFP, CONVERT HFP TO BFP). The rounding mode and XxC of the instruction's M3 and M4 fields
// come in with the controls.
#pragma once

#include "cpu/isa/bfp/controls.h"
#include "cpu/isa/bfp/format.h"
#include "cpu/isa/bfp/host.h"

#include <concepts>

namespace siena::cpu::isa::bfp {

/// LOAD ROUNDED. When an enabled overflow or underflow completes, the result is in the source's format (which is where
/// `scaled` is to be stored, over the whole register or pair): rounded to the target's precision and multiplied or divided
/// by 2^512 (Long) or 2^8192 (Extended).
template <class F, class Shorter>
struct LoadRounded {
  Result<typename Shorter::Bits> result;
  bool in_source_format = false;
  typename F::Bits scaled{};
};

/// The reference path of the functions of the same name below.
namespace soft {
template <class F, class Wider>
Result<typename Wider::Bits> lengthen(typename F::Bits a, const Controls& controls);
template <class F, class Shorter>
LoadRounded<F, Shorter> load_rounded(typename F::Bits a, const Controls& controls);
} // namespace soft

/// `a` in a wider format, exactly. A signaling NaN is invalid operation; a NaN keeps its payload.
template <class F, class Wider>
inline Result<typename Wider::Bits> lengthen(typename F::Bits a, const Controls& controls) {
  using Bits = typename Wider::Bits;
  const int biased = biased_exponent<F>(a);
  if (biased == 0 || biased == F::kExponentMask) [[unlikely]]
    return soft::lengthen<F, Wider>(a, controls);
  const Bits field = Bits{static_cast<u32>(biased + Wider::kBias - F::kBias)} << Wider::kFractionBits;
  const Bits fraction = Bits{a & F::kFractionMask} << (Wider::kFractionBits - F::kFractionBits);
  const bool negative = is_negative<F>(a);
  return {.value = (negative ? Wider::kSignBit : 0) | field | fraction,
          .flags = 0,
          .dxc = 0,
          .cc = static_cast<u8>(negative ? 1 : 2),
          .completed = true};
}

template <class F, class Shorter>
inline LoadRounded<F, Shorter> load_rounded(typename F::Bits a, const Controls& controls) {
  if (const auto fast = host::load_rounded<F, Shorter>(a, controls)) [[likely]]
    return {.result = *fast};
  return soft::load_rounded<F, Shorter>(a, controls);
}

/// `a` rounded to an integer in the same format; a zero result keeps the sign.
template <class F>
Result<typename F::Bits> load_fp_integer(typename F::Bits a, const Controls& controls);

/// The integer nearest to `a` in the sense of the rounding mode. cc: 0 zero, 1 less than zero, 2 greater than zero (of the
/// source), 3 NaN, infinite or out of range. The last two deliver the extreme integer with both the invalid-operation and
/// the inexact condition; a NaN delivers the least integer and only the former.
template <class F, std::integral Integer>
Result<Integer> convert_to_fixed(typename F::Bits a, const Controls& controls);

template <class F, std::integral Integer>
Result<typename F::Bits> convert_from_fixed(Integer a, const Controls& controls);

template <class T>
struct WithCondition {
  T value;
  u8 cc;
};

/// CONVERT BFP TO HFP (F is Short or Long; the result is always a long HFP datum). cc: 0, 1, 2 as the source's sign;
/// 3 when it is too large, infinite or NaN, and the largest HFP number is delivered. Never an IEEE exception.
template <class F>
WithCondition<u64> convert_to_hfp(typename F::Bits a);

/// CONVERT HFP TO BFP (from a long HFP datum, which need not be normalized). cc: 0, 1, 2 as the source's sign; 3 on
/// overflow. Never an IEEE exception.
template <class F>
WithCondition<typename F::Bits> convert_from_hfp(u64 a, RoundingMode rounding);

} // namespace siena::cpu::isa::bfp
