// SPDX-License-Identifier: BSD-3-Clause
// COMPARE, COMPARE AND SIGNAL, LOAD AND TEST of binary floating point. (TEST DATA CLASS is data_class in format.h.)
#pragma once

#include "cpu/isa/bfp/controls.h"
#include "cpu/isa/bfp/format.h"

namespace siena::cpu::isa::bfp {

/// cc: 0 equal, 1 a low, 2 a high, 3 unordered. Only a signaling NaN is invalid operation.
template <class F>
constexpr Result<u8> compare(typename F::Bits a, typename F::Bits b, const Controls& controls) {
  if (is_nan<F>(a) || is_nan<F>(b)) {
    if (is_signaling_nan<F>(a) || is_signaling_nan<F>(b)) return exceptional<u8>(kInvalid, 3, 3, controls);
    return {.value = 3, .flags = 0, .dxc = 0, .cc = 3, .completed = true};
  }
  u8 cc = 0;
  if (is_zero<F>(a) && is_zero<F>(b))
    cc = 0;
  else if (is_negative<F>(a) != is_negative<F>(b))
    cc = is_negative<F>(a) ? 1 : 2;
  else if (a != b)
    cc = (a < b) != is_negative<F>(a) ? 1 : 2;
  return {.value = cc, .flags = 0, .dxc = 0, .cc = cc, .completed = true};
}

/// As compare, but a quiet NaN is invalid operation too.
template <class F>
constexpr Result<u8> compare_and_signal(typename F::Bits a, typename F::Bits b, const Controls& controls) {
  if (is_nan<F>(a) || is_nan<F>(b)) return exceptional<u8>(kInvalid, 3, 3, controls);
  return compare<F>(a, b, controls);
}

/// `a` itself with its condition code; a signaling NaN is invalid operation and becomes quiet.
template <class F>
constexpr Result<typename F::Bits> load_and_test(typename F::Bits a, const Controls& controls) {
  using Bits = typename F::Bits;
  if (is_signaling_nan<F>(a)) return exceptional<Bits>(kInvalid, a | F::kQuietBit, 3, controls);
  return {.value = a, .flags = 0, .dxc = 0, .cc = condition_code<F>(a), .completed = true};
}

static_assert(compare<Short>(0x8000'0000, 0, {}).cc == 0);
static_assert(compare<Short>(0xC000'0000, 0xBF80'0000, {}).cc == 1);
static_assert(compare_and_signal<Long>(Long::kDefaultNan, 0, {.enabled = kInvalid}).dxc == kInvalid);

} // namespace siena::cpu::isa::bfp
