// SPDX-License-Identifier: BSD-3-Clause
// The shortcut through the host's floating point for the short and long formats. It is taken only where the answer is
// provably the architected one: nearest-even rounding, no exception enabled, and a result that is normal and well inside
// the range, which can only come from finite operands without overflow, underflow or division by zero. What is left is the
// inexact flag; it is computed exactly, in integers or by the error term of a sum, unless it is on already.
// Relies on the host thread running with nearest-even rounding and without flush-to-zero, the C++ default.
#pragma once

#include "cpu/isa/bfp/controls.h"
#include "cpu/isa/bfp/format.h"

#include <bit>
#include <cmath>
#include <optional>
#include <type_traits>

namespace siena::cpu::isa::bfp::host {

/// The host's type of format F, or void.
template <class F>
using Number =
    std::conditional_t<std::is_same_v<F, Short>, float, std::conditional_t<std::is_same_v<F, Long>, double, void>>;

template <class F>
constexpr bool kHasNumber = !std::is_void_v<Number<F>>;

template <class F>
using Shortcut = std::optional<Result<typename F::Bits>>;

/// A normal number at least one binade away from either end of the range.
template <class F>
constexpr bool comfortable(typename F::Bits v) {
  const int exponent = biased_exponent<F>(v);
  return exponent >= 2 && exponent <= F::kExponentMask - 2;
}

template <class F>
constexpr typename F::Wide significand(typename F::Bits v) {
  return (v & F::kFractionMask) | (biased_exponent<F>(v) > 0 ? F::kFractionMask + 1 : 0);
}

constexpr int trailing_zeros(u64 w) { return std::countr_zero(w); }
constexpr int trailing_zeros(u128 w) {
  const auto low = static_cast<u64>(w);
  return low != 0 ? std::countr_zero(low) : 64 + std::countr_zero(static_cast<u64>(w >> 64));
}

/// Whether the (nonzero) integers are the same but for a power of two.
template <class W>
constexpr bool same_odd_part(W a, W b) {
  return (a >> trailing_zeros(a)) == (b >> trailing_zeros(b));
}

template <class F>
constexpr Result<typename F::Bits> delivered(typename F::Bits value, bool inexact) {
  return {.value = value,
          .flags = inexact ? kInexact : u8{0},
          .dxc = 0,
          .cc = static_cast<u8>(is_negative<F>(value) ? 1 : 2),
          .completed = true};
}

template <class F>
inline Shortcut<F>
add([[maybe_unused]] typename F::Bits a, [[maybe_unused]] typename F::Bits b, const Controls& controls) {
  if constexpr (kHasNumber<F>) {
    if (!controls.plain()) return {};
    const auto x = std::bit_cast<Number<F>>(a);
    const auto y = std::bit_cast<Number<F>>(b);
    const auto sum = x + y;
    const auto value = std::bit_cast<typename F::Bits>(sum);
    if (!comfortable<F>(value)) return {};
    if (controls.inexact_is_set) return delivered<F>(value, false);
    const auto y_in_sum = sum - x; // Knuth's two-sum: x + y = sum + error, exactly
    const auto error = (x - (sum - y_in_sum)) + (y - y_in_sum);
    return delivered<F>(value, error != 0);
  }
  return {};
}

template <class F>
inline Shortcut<F>
multiply([[maybe_unused]] typename F::Bits a, [[maybe_unused]] typename F::Bits b, const Controls& controls) {
  if constexpr (kHasNumber<F>) {
    if (!controls.plain()) return {};
    const auto value = std::bit_cast<typename F::Bits>(std::bit_cast<Number<F>>(a) * std::bit_cast<Number<F>>(b));
    if (!comfortable<F>(value)) return {};
    if (controls.inexact_is_set) return delivered<F>(value, false);
    const auto product = significand<F>(a) * significand<F>(b);
    return delivered<F>(value, any_low_bit(product, highest_bit(product) + 1 - F::kPrecision));
  }
  return {};
}

template <class F>
inline Shortcut<F>
divide([[maybe_unused]] typename F::Bits a, [[maybe_unused]] typename F::Bits b, const Controls& controls) {
  if constexpr (kHasNumber<F>) {
    if (!controls.plain()) return {};
    const auto value = std::bit_cast<typename F::Bits>(std::bit_cast<Number<F>>(a) / std::bit_cast<Number<F>>(b));
    // An operand that is infinite or zero never gives a comfortable result, so both significands are nonzero.
    if (!comfortable<F>(value)) return {};
    if (controls.inexact_is_set) return delivered<F>(value, false);
    // quotient * divisor is the dividend to within rounding, so it is the dividend if the odd parts agree.
    return delivered<F>(value, !same_odd_part(significand<F>(value) * significand<F>(b), significand<F>(a)));
  }
  return {};
}

template <class F>
inline Shortcut<F> square_root([[maybe_unused]] typename F::Bits a, const Controls& controls) {
  if constexpr (kHasNumber<F>) {
    if (!controls.plain()) return {};
    const auto value = std::bit_cast<typename F::Bits>(std::sqrt(std::bit_cast<Number<F>>(a)));
    if (!comfortable<F>(value)) return {};
    if (controls.inexact_is_set) return delivered<F>(value, false);
    return delivered<F>(value, !same_odd_part(significand<F>(value) * significand<F>(value), significand<F>(a)));
  }
  return {};
}

/// Only with the inexact flag on already: the error of a fused operation is no cheaper to find than its result.
template <class F>
inline Shortcut<F> multiply_add([[maybe_unused]] typename F::Bits a,
                                [[maybe_unused]] typename F::Bits b,
                                [[maybe_unused]] typename F::Bits addend,
                                const Controls& controls) {
  if constexpr (kHasNumber<F>) {
    if (!controls.plain() || !controls.inexact_is_set) return {};
    const auto value = std::bit_cast<typename F::Bits>(
        std::fma(std::bit_cast<Number<F>>(a), std::bit_cast<Number<F>>(b), std::bit_cast<Number<F>>(addend)));
    if (comfortable<F>(value)) return delivered<F>(value, false);
  }
  return {};
}

/// Long to Short.
template <class F, class Shorter>
inline Shortcut<Shorter> load_rounded([[maybe_unused]] typename F::Bits a, const Controls& controls) {
  if constexpr (kHasNumber<F> && kHasNumber<Shorter>) {
    if (!controls.plain()) return {};
    const auto number = static_cast<Number<Shorter>>(std::bit_cast<Number<F>>(a));
    const auto value = std::bit_cast<typename Shorter::Bits>(number);
    if (!comfortable<Shorter>(value)) return {};
    const bool inexact = !controls.suppress_inexact && any_low_bit(a, F::kPrecision - Shorter::kPrecision);
    return delivered<Shorter>(value, inexact);
  }
  return {};
}

} // namespace siena::cpu::isa::bfp::host
