// SPDX-License-Identifier: BSD-3-Clause
// Packed-decimal numbers (PoP, Decimal Instructions, *Decimal-number formats*). Digits are gathered and spread in 64-bit halves of
// up to 18: 128-bit arithmetic happens once per half, not once per digit.
#include "cpu/isa/semantics/decimal_number.h"

namespace siena::cpu::isa {
namespace {
constexpr unsigned kHalf = 18;
constexpr u64 kHalfPower = static_cast<u64>(power_of_ten(kHalf));
} // namespace

std::optional<Decimal> unpack(std::span<const u8> bytes) {
  const Validity v = validity(bytes);
  if (!v.digits || !v.sign) return std::nullopt;
  const std::size_t digits = 2 * bytes.size() - 1;
  const auto digit = [&](std::size_t i) { return i % 2 == 0 ? bytes[i / 2] >> 4 : bytes[i / 2] & 0xF; };
  u64 high = 0, low = 0;
  std::size_t i = 0;
  for (; i + kHalf < digits; ++i) high = high * 10 + static_cast<u64>(digit(i));
  for (; i < digits; ++i) low = low * 10 + static_cast<u64>(digit(i));
  return Decimal{u128{high} * kHalfPower + low, is_minus(bytes.back() & 0xF)};
}

void pack(Decimal value, std::span<u8> bytes) {
  u64 half = static_cast<u64>(value.magnitude % kHalfPower);
  // The rest may have more than 18 digits; what does not fit the operand is dropped anyway.
  const u64 rest = static_cast<u64>(value.magnitude / kHalfPower % kHalfPower);
  unsigned taken = 0;
  const auto next = [&] {
    if (taken++ == kHalf) half = rest;
    const u64 digit = half % 10;
    half /= 10;
    return static_cast<unsigned>(digit);
  };
  std::size_t i = bytes.size() - 1;
  bytes[i] = static_cast<u8>(next() << 4 | (value.negative ? 0xDu : 0xCu));
  while (i-- != 0) {
    const unsigned low = next();
    bytes[i] = static_cast<u8>(next() << 4 | low);
  }
}

} // namespace siena::cpu::isa
