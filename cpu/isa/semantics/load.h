// SPDX-License-Identifier: BSD-3-Clause
// Loads and stores of general registers that no recipe says: addresses (whose width is the addressing mode's), traps on zero,
// quadwords, byte reversal inside registers (PoP, General Instructions, LOAD ADDRESS .. STORE PAIR TO QUADWORD).
#pragma once

#include "cpu/isa/operands.h"

namespace siena::cpu::isa {

/// A generated address into R1: all 64 bits in the 64-bit mode; in the others bits 32-63, and bits 0-31 stay.
inline Outcome put_address(Cpu& cpu, u32 r1, u64 address) {
  if (cpu.psw.has(Psw::kExtendedAddressing)) [[likely]]
    cpu.gr[r1] = address;
  else
    cpu.set_gr32(r1, static_cast<u32>(address));
  return Outcome::Completed;
}
inline Outcome load_address(Cpu& cpu, RX_a insn) {
  return put_address(cpu, insn.r1(), second_operand(cpu, insn).value);
}
inline Outcome load_address_long(Cpu& cpu, RXY_a insn) {
  return put_address(cpu, insn.r1(), second_operand(cpu, insn).value);
}
inline Outcome load_address_relative_long(Cpu& cpu, RIL_b insn) {
  return put_address(cpu, insn.r1(), relative_operand(cpu, insn).value);
}

Outcome load_reversed_register_32(Cpu& cpu, RRE insn);
Outcome load_reversed_register_64(Cpu& cpu, RRE insn);
Outcome load_reversed_halfword(Cpu& cpu, RXY_a insn);

Outcome load_and_zero_rightmost_byte_32(Cpu& cpu, RXY_a insn);
Outcome load_and_zero_rightmost_byte_64(Cpu& cpu, RXY_a insn);
Outcome load_logical_and_zero_rightmost_byte(Cpu& cpu, RXY_a insn);

/// LOAD AND TRAP: the register is loaded in any case; a zero then is a data exception.
Outcome load_and_trap_32(Cpu& cpu, RXY_a insn);
Outcome load_and_trap_64(Cpu& cpu, RXY_a insn);
Outcome load_high_and_trap(Cpu& cpu, RXY_a insn);
Outcome load_logical_and_trap(Cpu& cpu, RXY_a insn);
Outcome load_logical_thirty_one_bits_and_trap(Cpu& cpu, RXY_a insn);

Outcome load_pair_from_quadword(Cpu& cpu, RXY_a insn);
Outcome store_pair_to_quadword(Cpu& cpu, RXY_a insn);

} // namespace siena::cpu::isa
