// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/isa/semantics/selected_bits.h"

namespace siena::cpu::isa {

namespace {

/// `combine(first, rotated)` in the selected bits; CC 0 when those are zero, else 1.
template <class Combine>
Outcome combine_selected(Cpu& cpu, RIE_f insn, Combine combine) {
  const u64 selected = bit_range<u64>(insn.i3() & 63, insn.i4() & 63);
  const u64 first = cpu.gr[insn.r1()];
  const u64 result = combine(first, std::rotl(cpu.gr[insn.r2()], static_cast<int>(insn.i5() & 63))) & selected;
  if ((insn.i3() & 0x80) == 0) cpu.gr[insn.r1()] = (first & ~selected) | result;
  cpu.psw.cc = result != 0;
  return Outcome::Completed;
}

/// I3 and I4 count bits of the half (their bit 2 is ignored); `second` is that half of the rotated second operand.
u32 insert_in_half(RIE_f insn, u32 first, u32 second) {
  const u32 selected = bit_range<u32>(insn.i3() & 31, insn.i4() & 31);
  const u32 rest = (insn.i4() & 0x80) != 0 ? 0 : first;
  return (second & selected) | (rest & ~selected);
}

} // namespace

Outcome rotate_then_and_selected_bits(Cpu& cpu, RIE_f insn) {
  return combine_selected(cpu, insn, [](u64 a, u64 b) { return a & b; });
}
Outcome rotate_then_or_selected_bits(Cpu& cpu, RIE_f insn) {
  return combine_selected(cpu, insn, [](u64 a, u64 b) { return a | b; });
}
Outcome rotate_then_xor_selected_bits(Cpu& cpu, RIE_f insn) {
  return combine_selected(cpu, insn, [](u64 a, u64 b) { return a ^ b; });
}

Outcome rotate_then_insert_selected_bits_high(Cpu& cpu, RIE_f insn) {
  const u64 rotated = std::rotl(cpu.gr[insn.r2()], static_cast<int>(insn.i5() & 63));
  cpu.set_gr_high(insn.r1(), insert_in_half(insn, cpu.gr_high(insn.r1()), static_cast<u32>(rotated >> 32)));
  return Outcome::Completed;
}
Outcome rotate_then_insert_selected_bits_low(Cpu& cpu, RIE_f insn) {
  const u64 rotated = std::rotl(cpu.gr[insn.r2()], static_cast<int>(insn.i5() & 63));
  cpu.set_gr32(insn.r1(), insert_in_half(insn, cpu.gr32(insn.r1()), static_cast<u32>(rotated)));
  return Outcome::Completed;
}

} // namespace siena::cpu::isa
