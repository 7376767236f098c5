// SPDX-License-Identifier: BSD-3-Clause
// Conversions of binary floating point: between its formats (LOAD LENGTHENED, LOAD ROUNDED), to an integer in the same
// format (LOAD FP INTEGER), to and from binary integers (CONVERT TO/FROM FIXED/LOGICAL), and to and from hexadecimal
// floating point (CONVERT BFP TO HFP, CONVERT HFP TO BFP). The rounding mode and XxC of the instruction's M3 and M4 fields
// come in with the controls.
#pragma once

#include "cpu/isa/bfp/controls.h"
#include "cpu/isa/bfp/format.h"

#include <concepts>

namespace siena::cpu::isa::bfp {

/// `a` in a wider format, exactly. A signaling NaN is invalid operation; a NaN keeps its payload.
template <class F, class Wider>
Result<typename Wider::Bits> lengthen(typename F::Bits a, const Controls& controls);

/// LOAD ROUNDED. When an enabled overflow or underflow completes, the result is in the source's format (which is where
/// `scaled` is to be stored, over the whole register or pair): rounded to the target's precision and multiplied or divided
/// by 2^512 (Long) or 2^8192 (Extended).
template <class F, class Shorter>
struct LoadRounded {
  Result<typename Shorter::Bits> result;
  bool in_source_format = false;
  typename F::Bits scaled{};
};
template <class F, class Shorter>
LoadRounded<F, Shorter> load_rounded(typename F::Bits a, const Controls& controls);

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
