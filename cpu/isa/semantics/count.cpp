// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/isa/semantics/count.h"

#include "cpu/isa/alu.h"

namespace siena::cpu::isa {

/// R1: number of the leftmost one bit, 64 when there is none; R1 + 1: the operand without that bit. CC 0 none, 2 found.
Outcome find_leftmost_one(Cpu& cpu, RRE insn) {
  if ((insn.r1() & 1) != 0) [[unlikely]]
    return cpu.recognize(ProgramInterruption::Specification);
  const u64 value = cpu.gr[insn.r2()];
  const auto position = static_cast<unsigned>(std::countl_zero(value));
  cpu.gr[insn.r1()] = position;
  cpu.gr[insn.r1() + 1] = value != 0 ? value & ~bit(position) : 0;
  cpu.psw.cc = value != 0 ? 2 : 0;
  return Outcome::Completed;
}

/// One count per byte, or with bit 0 of M3 one of all 64 bits; without the miscellaneous-instruction-extensions facility
/// 3 that bit is ignored.
Outcome population_count(Cpu& cpu, RRF_c insn) {
  const u64 value = cpu.gr[insn.r2()];
  const bool whole = cpu.features.miscellaneous_3 && (insn.m3() & 8) != 0;
  const u64 result = whole ? static_cast<u64>(std::popcount(value)) : population_count_bytes(value);
  cpu.gr[insn.r1()] = result;
  cpu.psw.cc = result != 0;
  return Outcome::Completed;
}

} // namespace siena::cpu::isa
