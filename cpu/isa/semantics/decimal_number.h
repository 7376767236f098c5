// SPDX-License-Identifier: BSD-3-Clause
// Packed-decimal numbers of up to 31 digits as sign and magnitude (PoP, Decimal Instructions, *Decimal-number formats*): two
// digits a byte, the sign in the last four bits. Sign codes A, C, E, F mean plus, B and D minus; results have C and D.
#pragma once

#include "base/types.h"

#include <optional>
#include <span>

namespace siena::cpu::isa {

struct Decimal {
  u128 magnitude = 0;
  bool negative = false;
};

/// 10 to the power of `n`, 0 to 38.
constexpr u128 power_of_ten(unsigned n) {
  u128 power = 1;
  while (n-- != 0) power *= 10;
  return power;
}
static_assert(power_of_ten(38) / power_of_ten(19) == power_of_ten(19));

constexpr bool is_sign(unsigned code) { return code >= 10; }
constexpr bool is_minus(unsigned code) { return code == 0xB || code == 0xD; }
static_assert(is_sign(0xC) && !is_minus(0xF) && !is_sign(9));

struct Validity {
  bool digits = true;
  bool sign = true;
};
/// Are all codes of the packed number valid?
constexpr Validity validity(std::span<const u8> bytes) {
  Validity v;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const unsigned high = bytes[i] >> 4, low = bytes[i] & 0xF;
    if (high > 9) v.digits = false;
    if (i + 1 == bytes.size())
      v.sign = is_sign(low);
    else if (low > 9)
      v.digits = false;
  }
  return v;
}

/// The number of a packed operand of 1 to 16 bytes; nothing when a digit or sign code is invalid (data exception).
std::optional<Decimal> unpack(std::span<const u8> bytes);
/// The packed form; digits that do not fit are left out on the left.
void pack(Decimal value, std::span<u8> bytes);

} // namespace siena::cpu::isa
