// SPDX-License-Identifier: BSD-3-Clause
// What steers an operation and what comes out of it. Masks, flags and data-exception codes have the bit layout of the
// floating-point-control register's bytes 0, 1 and 2 (PoP, Floating-Point Overview, *IEEE exceptions*):
//  - a disabled condition sets its flag and completes with the IEEE default result;
//  - enabled invalid operation and division by zero suppress: the target, the condition code and the flags stay;
//  - enabled overflow and underflow complete with the scaled result; their flag and the inexact flag are not set;
//  - enabled inexact completes; an overflow or underflow flag that goes with it is set all the same.
#pragma once

#include "base/types.h"

#include <optional>

namespace siena::cpu::isa::bfp {

constexpr u8 kInvalid = 0x80;
constexpr u8 kDivideByZero = 0x40;
constexpr u8 kOverflow = 0x20;
constexpr u8 kUnderflow = 0x10;
constexpr u8 kInexact = 0x08;
/// Joins kInexact in a data-exception code when rounding increased the magnitude.
constexpr u8 kIncremented = 0x04;

enum class RoundingMode : u8 {
  NearestEven,
  TowardZero,
  TowardPlusInfinity,
  TowardMinusInfinity,
  NearestAway,
  PrepareForShorter, ///< to the candidate whose last digit is odd
};

/// The rounding mode in the FPC's rightmost three bits. (SET FPC and its relatives keep the codes 4 to 6 out.)
constexpr RoundingMode rounding_from_fpc(u32 fpc) {
  constexpr RoundingMode kModes[] = {RoundingMode::NearestEven,
                                     RoundingMode::TowardZero,
                                     RoundingMode::TowardPlusInfinity,
                                     RoundingMode::TowardMinusInfinity,
                                     RoundingMode::NearestEven,
                                     RoundingMode::NearestEven,
                                     RoundingMode::NearestEven,
                                     RoundingMode::PrepareForShorter};
  return kModes[fpc & 7];
}

/// The mode that a rounding-method field (M3 or M4 of an instruction) names; `current` for 0, nothing for an invalid code.
constexpr std::optional<RoundingMode> rounding_from_modifier(unsigned modifier, RoundingMode current) {
  switch (modifier) {
  case 0: return current;
  case 1: return RoundingMode::NearestAway;
  case 3: return RoundingMode::PrepareForShorter;
  case 4: return RoundingMode::NearestEven;
  case 5: return RoundingMode::TowardZero;
  case 6: return RoundingMode::TowardPlusInfinity;
  case 7: return RoundingMode::TowardMinusInfinity;
  default: return std::nullopt;
  }
}

struct Controls {
  RoundingMode rounding = RoundingMode::NearestEven;
  u8 enabled = 0;                ///< IEEE masks: conditions that end in a data exception
  bool suppress_inexact = false; ///< XxC: the inexact condition is not recognized
  bool inexact_is_set = false;   ///< the inexact flag is on already: a result may leave kInexact out of its flags

  static constexpr Controls from_fpc(u32 fpc) {
    return {.rounding = rounding_from_fpc(fpc),
            .enabled = static_cast<u8>(fpc >> 24 & 0xF8),
            .suppress_inexact = false,
            .inexact_is_set = (fpc >> 16 & kInexact) != 0};
  }
  /// Nearest-even rounding and no exception enabled: what nearly all programs run with.
  constexpr bool plain() const { return rounding == RoundingMode::NearestEven && enabled == 0; }
};

/// The outcome of an operation. If `completed` is false nothing but the data exception happens and `value` and `cc` mean
/// nothing; otherwise value, cc and flags are to be stored first, and then, if `dxc` is not zero, the data exception is
/// recognized with that code.
template <class T>
struct Result {
  T value{};
  u8 flags = 0; ///< to be ored into FPC byte 1
  u8 dxc = 0;
  u8 cc = 0; ///< for the instructions that set it
  bool completed = true;
};

/// Recognizes invalid operation or division by zero, with `value` as the result if that is disabled.
template <class T>
constexpr Result<T> exceptional(u8 condition, T value, u8 cc, const Controls& controls) {
  if (controls.enabled & condition) return {.value = {}, .flags = 0, .dxc = condition, .cc = 0, .completed = false};
  return {.value = value, .flags = condition, .dxc = 0, .cc = cc, .completed = true};
}

/// Adds to `result` the consequences of a value that was rounded (or not): the inexact flag or the data exception.
template <class T>
constexpr void recognize_inexact(Result<T>& result, bool incremented, const Controls& controls) {
  if (controls.suppress_inexact) return;
  if (controls.enabled & kInexact)
    result.dxc = static_cast<u8>(kInexact | (incremented ? kIncremented : 0));
  else
    result.flags |= kInexact;
}

} // namespace siena::cpu::isa::bfp
