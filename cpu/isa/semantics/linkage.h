// SPDX-License-Identifier: BSD-3-Clause
// Branches that leave a return address, and those that switch the addressing mode (PoP, General Instructions, BRANCH AND LINK ..
// BRANCH RELATIVE AND SAVE LONG; Program Execution, *Setting the addressing mode*).
#pragma once

#include "cpu/isa/operands.h"

namespace siena::cpu::isa {

/// The link of BRANCH AND SAVE: the updated instruction address, with the basic addressing mode in bit 32; bits 0-31 of the
/// register stay in the 24-bit and 31-bit modes.
inline void save_link(Cpu& cpu, u32 r1, u64 next) {
  next &= cpu.address_mask(); // the updated address may stand just past the end of the addressing range
  if (cpu.psw.has(Psw::kExtendedAddressing)) [[likely]]
    cpu.gr[r1] = next;
  else
    cpu.set_gr32(r1, static_cast<u32>(next) | (cpu.psw.has(Psw::kBasicAddressing) ? 0x8000'0000 : 0));
}

/// Target from before the link is stored: R1 and R2 may be the same. R2 = 0: link only.
inline Outcome branch_and_save_register(Cpu& cpu, RR insn) {
  const u64 target = cpu.gr[insn.r2()];
  save_link(cpu, insn.r1(), cpu.psw.address);
  return insn.r2() != 0 ? cpu.branch_to(target, length_of(RR::format)) : Outcome::Completed;
}
inline Outcome branch_and_save(Cpu& cpu, RX_a insn) {
  const u64 target = second_operand(cpu, insn).value;
  save_link(cpu, insn.r1(), cpu.psw.address);
  return cpu.branch_to(target, length_of(RX_a::format));
}
inline Outcome branch_relative_and_save(Cpu& cpu, RI_b insn) {
  const u64 target = relative_operand(cpu, insn).value;
  save_link(cpu, insn.r1(), cpu.psw.address);
  return cpu.branch_to(target, length_of(RI_b::format));
}
inline Outcome branch_relative_and_save_long(Cpu& cpu, RIL_b insn) {
  const u64 target = relative_operand(cpu, insn).value;
  save_link(cpu, insn.r1(), cpu.psw.address);
  return cpu.branch_to(target, length_of(RIL_b::format));
}

Outcome branch_and_link_register(Cpu& cpu, RR insn);
Outcome branch_and_link(Cpu& cpu, RX_a insn);
Outcome branch_and_set_mode(Cpu& cpu, RR insn);
Outcome branch_and_save_and_set_mode(Cpu& cpu, RR insn);

} // namespace siena::cpu::isa
