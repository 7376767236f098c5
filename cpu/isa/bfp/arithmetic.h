// SPDX-License-Identifier: BSD-3-Clause
// ADD, SUBTRACT, MULTIPLY, DIVIDE, SQUARE ROOT, MULTIPLY AND ADD/SUBTRACT of binary floating point, for the formats Short,
// Long and Extended (PoP, Binary-Floating-Point Instructions). The functions are pure: operands and controls in, result,
// flags and data-exception code out. Every result is exact to the bit; cpu/isa/bfp/host.h holds the shortcut through the
// host's own arithmetic, which these try first.
#pragma once

#include "cpu/isa/bfp/controls.h"
#include "cpu/isa/bfp/format.h"
#include "cpu/isa/bfp/host.h"

namespace siena::cpu::isa::bfp {

template <class F>
using BitsOf = typename F::Bits;

/// The reference path: integer arithmetic only. Same contract as the functions of the same name below.
namespace soft {
template <class F>
Result<BitsOf<F>> add(BitsOf<F> a, BitsOf<F> b, const Controls& controls);
template <class F>
Result<BitsOf<F>> subtract(BitsOf<F> a, BitsOf<F> b, const Controls& controls);
template <class F>
Result<BitsOf<F>> multiply(BitsOf<F> a, BitsOf<F> b, const Controls& controls);
template <class F>
Result<BitsOf<F>> divide(BitsOf<F> dividend, BitsOf<F> divisor, const Controls& controls);
template <class F>
Result<BitsOf<F>> square_root(BitsOf<F> a, const Controls& controls);
template <class F>
Result<BitsOf<F>> multiply_add(BitsOf<F> a, BitsOf<F> b, BitsOf<F> addend, const Controls& controls);
} // namespace soft

/// a + b. cc: 0 zero, 1 less than zero, 2 greater than zero, 3 NaN.
template <class F>
inline Result<BitsOf<F>> add(BitsOf<F> a, BitsOf<F> b, const Controls& controls) {
  if (const auto fast = host::add<F>(a, b, controls)) [[likely]]
    return *fast;
  return soft::add<F>(a, b, controls);
}

/// a - b. A NaN `b` keeps its sign. cc as for add.
template <class F>
inline Result<BitsOf<F>> subtract(BitsOf<F> a, BitsOf<F> b, const Controls& controls) {
  if (const auto fast = host::add<F>(a, load_complement<F>(b), controls)) [[likely]]
    return *fast;
  return soft::subtract<F>(a, b, controls);
}

/// a * b, rounded to the operands' format.
template <class F>
inline Result<BitsOf<F>> multiply(BitsOf<F> a, BitsOf<F> b, const Controls& controls) {
  if (const auto fast = host::multiply<F>(a, b, controls)) [[likely]]
    return *fast;
  return soft::multiply<F>(a, b, controls);
}

template <class F>
inline Result<BitsOf<F>> divide(BitsOf<F> dividend, BitsOf<F> divisor, const Controls& controls) {
  if (const auto fast = host::divide<F>(dividend, divisor, controls)) [[likely]]
    return *fast;
  return soft::divide<F>(dividend, divisor, controls);
}

/// The root of -0 is -0; of any other negative number, invalid operation.
template <class F>
inline Result<BitsOf<F>> square_root(BitsOf<F> a, const Controls& controls) {
  if (const auto fast = host::square_root<F>(a, controls)) [[likely]]
    return *fast;
  return soft::square_root<F>(a, controls);
}

/// a * b + addend, rounded once. A NaN is taken from a, then b, then the addend (signaling ones first); infinity times
/// zero is invalid operation with the default NaN whatever the addend is. For MAEBR R1,R3,R2 and its kind, a is the third
/// operand, b the second, the addend the first.
template <class F>
inline Result<BitsOf<F>> multiply_add(BitsOf<F> a, BitsOf<F> b, BitsOf<F> addend, const Controls& controls) {
  if (const auto fast = host::multiply_add<F>(a, b, addend, controls)) [[likely]]
    return *fast;
  return soft::multiply_add<F>(a, b, addend, controls);
}

/// a * b - subtrahend, rounded once. A NaN subtrahend keeps its sign.
template <class F>
inline Result<BitsOf<F>> multiply_subtract(BitsOf<F> a, BitsOf<F> b, BitsOf<F> subtrahend, const Controls& controls) {
  return multiply_add<F>(a, b, is_nan<F>(subtrahend) ? subtrahend : load_complement<F>(subtrahend), controls);
}

/// The exact product in the next wider format (MDEB: Short to Long, MXDB: Long to Extended).
Result<u64> multiply_lengthened(u32 a, u32 b, const Controls& controls);
Result<u128> multiply_lengthened(u64 a, u64 b, const Controls& controls);

} // namespace siena::cpu::isa::bfp
