// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/isa/semantics/linkage.h"

namespace siena::cpu::isa {

namespace {

/// The link of BRANCH AND LINK: as that of BRANCH AND SAVE, but in the 24-bit mode |ILC:2|CC:2|program mask:4|address:24|.
void link(Cpu& cpu, u32 r1, u8 text_length) {
  const Psw& psw = cpu.psw;
  if (psw.has(Psw::kExtendedAddressing) || psw.has(Psw::kBasicAddressing)) return save_link(cpu, r1, psw.address);
  const u32 ilc = cpu.ilc_of(text_length) / 2u;
  const auto program_mask = static_cast<u32>((psw.mask & Psw::kProgramMask) >> 40);
  cpu.set_gr32(r1, ilc << 30 | u32{psw.cc} << 28 | program_mask << 24 | static_cast<u32>(psw.address & 0x00FF'FFFF));
}

/// Branches to the address in a register whose bit 63 asks for the 64-bit mode, or else bit 32 for the 31-bit mode.
Outcome branch_in_mode(Cpu& cpu, u64 target) {
  const bool extended = (target & 1) != 0;
  const bool basic = extended || (target & 0x8000'0000) != 0;
  Psw& psw = cpu.psw;
  const bool changed = psw.has(Psw::kExtendedAddressing) != extended || psw.has(Psw::kBasicAddressing) != basic;
  if (changed) {
    psw.set(Psw::kExtendedAddressing, extended);
    psw.set(Psw::kBasicAddressing, basic);
    cpu.controls_changed();
  }
  return cpu.branch_to(extended ? target & ~u64{1} : target, length_of(RR::format));
}

} // namespace

Outcome branch_and_link_register(Cpu& cpu, RR insn) {
  const u64 target = cpu.gr[insn.r2()];
  link(cpu, insn.r1(), length_of(RR::format));
  return insn.r2() != 0 ? cpu.branch_to(target, length_of(RR::format)) : Outcome::Completed;
}

Outcome branch_and_link(Cpu& cpu, RX_a insn) {
  const u64 target = second_operand(cpu, insn).value;
  link(cpu, insn.r1(), length_of(RX_a::format));
  return cpu.branch_to(target, length_of(RX_a::format));
}

Outcome branch_and_set_mode(Cpu& cpu, RR insn) {
  const u64 target = cpu.gr[insn.r2()];
  if (insn.r1() != 0) {
    // Only the bit that holds the mode changes: bit 63 in the 64-bit mode, else bit 32.
    u64& link_register = cpu.gr[insn.r1()];
    if (cpu.psw.has(Psw::kExtendedAddressing))
      link_register |= 1;
    else if (cpu.psw.has(Psw::kBasicAddressing))
      link_register |= 0x8000'0000;
    else
      link_register &= ~u64{0x8000'0000};
  }
  return insn.r2() != 0 ? branch_in_mode(cpu, target) : Outcome::Completed;
}

Outcome branch_and_save_and_set_mode(Cpu& cpu, RR insn) {
  const u64 target = cpu.gr[insn.r2()];
  save_link(cpu, insn.r1(), cpu.psw.has(Psw::kExtendedAddressing) ? cpu.psw.address | 1 : cpu.psw.address);
  return insn.r2() != 0 ? branch_in_mode(cpu, target) : Outcome::Completed;
}

} // namespace siena::cpu::isa
