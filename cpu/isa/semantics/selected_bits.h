// SPDX-License-Identifier: BSD-3-Clause
// ROTATE THEN .. SELECTED BITS: the second operand is rotated left by I5; bits I3 to I4 of it (past bit 63 the range goes on at
// bit 0) are inserted into, or combined with, the same bits of the first operand (PoP, General Instructions). Inline: compilers
// use RISBG and RISBGN for most shifts with masks.
#pragma once

#include "cpu/isa/alu.h"
#include "cpu/isa/operands.h"

namespace siena::cpu::isa {

/// Ones in bits `first` to `last`, numbered from the left; when first > last the range wraps around.
template <std::unsigned_integral T>
constexpr T bit_range(u32 first, u32 last) {
  constexpr u32 kLast = std::numeric_limits<T>::digits - 1;
  const T from_first = static_cast<T>(~T{0}) >> first;
  const T to_last = static_cast<T>(~T{0} << (kLast - last));
  return first <= last ? from_first & to_last : from_first | to_last;
}
static_assert(bit_range<u64>(0, 63) == ~u64{0} && bit_range<u64>(63, 0) == 0x8000'0000'0000'0001);
static_assert(bit_range<u32>(8, 15) == 0x00FF'0000);

namespace detail {
inline u64 insert_selected(const Cpu& cpu, RIE_f insn) {
  const u64 selected = bit_range<u64>(insn.i3() & 63, insn.i4() & 63);
  const u64 rotated = std::rotl(cpu.gr[insn.r2()], static_cast<int>(insn.i5() & 63));
  const u64 rest = (insn.i4() & 0x80) != 0 ? 0 : cpu.gr[insn.r1()];
  return (rotated & selected) | (rest & ~selected);
}
} // namespace detail

inline Outcome rotate_then_insert_selected_bits(Cpu& cpu, RIE_f insn) {
  const u64 result = detail::insert_selected(cpu, insn);
  cpu.gr[insn.r1()] = result;
  cpu.psw.cc = sign_cc(result);
  return Outcome::Completed;
}
inline Outcome rotate_then_insert_selected_bits_no_cc(Cpu& cpu, RIE_f insn) {
  cpu.gr[insn.r1()] = detail::insert_selected(cpu, insn);
  return Outcome::Completed;
}

/// The T bit (bit 0 of I3): only the condition code is set.
Outcome rotate_then_and_selected_bits(Cpu& cpu, RIE_f insn);
Outcome rotate_then_or_selected_bits(Cpu& cpu, RIE_f insn);
Outcome rotate_then_xor_selected_bits(Cpu& cpu, RIE_f insn);
/// Bits of one half of the first operand; the other half stays.
Outcome rotate_then_insert_selected_bits_high(Cpu& cpu, RIE_f insn);
Outcome rotate_then_insert_selected_bits_low(Cpu& cpu, RIE_f insn);

} // namespace siena::cpu::isa
