// SPDX-License-Identifier: BSD-3-Clause
// The condition code and program mask to and from a general register (PoP, General Instructions, INSERT PROGRAM MASK, SET PROGRAM
// MASK).
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"

namespace siena::cpu::isa {

/// Bits 34-35 of R1 become the condition code, bits 36-39 the program mask.
inline Outcome set_program_mask(Cpu& cpu, RR insn) {
  const u32 value = cpu.gr32(insn.r1());
  cpu.psw.cc = static_cast<u8>(value >> 28 & 3);
  cpu.psw.set_field(Psw::kProgramMask, static_cast<u64>(value >> 24 & 15) << 40);
  return Outcome::Completed;
}

/// Bits 32-39 of R1: two zeros, the condition code, the program mask. The other bits stay.
inline Outcome insert_program_mask(Cpu& cpu, RRE insn) {
  const u32 program_mask = static_cast<u32>((cpu.psw.mask & Psw::kProgramMask) >> 40);
  const u32 field = u32{cpu.psw.cc} << 28 | program_mask << 24;
  cpu.set_gr32(insn.r1(), (cpu.gr32(insn.r1()) & 0x00FF'FFFF) | field);
  return Outcome::Completed;
}

} // namespace siena::cpu::isa
