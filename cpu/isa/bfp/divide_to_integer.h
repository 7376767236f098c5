// SPDX-License-Identifier: BSD-3-Clause
// DIVIDE TO INTEGER of binary floating point (DIEBR, DIDBR): an integer quotient in floating-point form, and the remainder.
#pragma once

#include "cpu/isa/bfp/controls.h"
#include "cpu/isa/bfp/format.h"

namespace siena::cpu::isa::bfp {

/// cc: 0 remainder complete, quotient normal; 1 remainder complete, quotient scaled or NaN; 2 remainder incomplete, quotient
/// normal; 3 remainder incomplete, quotient scaled. A quotient beyond the format is delivered divided by 2^192 (Short) or
/// 2^1536 (Long), without an overflow condition. The rest is as in Result.
template <class F>
struct QuotientAndRemainder {
  typename F::Bits quotient{};
  typename F::Bits remainder{};
  u8 flags = 0;
  u8 dxc = 0;
  u8 cc = 0;
  bool completed = true;
};

/// `controls.rounding` rounds the remainder (which is inexact only if the quotient is not the nearest integer);
/// `quotient_rounding` is the final-quotient-rounding method. F is Short or Long.
template <class F>
QuotientAndRemainder<F> divide_to_integer(typename F::Bits dividend,
                                          typename F::Bits divisor,
                                          RoundingMode quotient_rounding,
                                          const Controls& controls);

} // namespace siena::cpu::isa::bfp
