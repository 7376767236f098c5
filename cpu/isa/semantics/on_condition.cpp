// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/isa/semantics/on_condition.h"

namespace siena::cpu::isa {

Outcome load_on_condition_32(Cpu& cpu, RSY_b insn) {
  if (!condition_selected(insn.m3(), cpu.psw.cc)) return Outcome::Completed;
  const auto second = cpu.fetch<u32>(second_operand(cpu, insn));
  if (second.outcome == Outcome::Completed) [[likely]]
    cpu.set_gr32(insn.r1(), second.value);
  return second.outcome;
}
Outcome load_on_condition_64(Cpu& cpu, RSY_b insn) {
  if (!condition_selected(insn.m3(), cpu.psw.cc)) return Outcome::Completed;
  const auto second = cpu.fetch<u64>(second_operand(cpu, insn));
  if (second.outcome == Outcome::Completed) [[likely]]
    cpu.gr[insn.r1()] = second.value;
  return second.outcome;
}
Outcome load_high_on_condition(Cpu& cpu, RSY_b insn) {
  if (!condition_selected(insn.m3(), cpu.psw.cc)) return Outcome::Completed;
  const auto second = cpu.fetch<u32>(second_operand(cpu, insn));
  if (second.outcome == Outcome::Completed) [[likely]]
    cpu.set_gr_high(insn.r1(), second.value);
  return second.outcome;
}

Outcome store_on_condition_32(Cpu& cpu, RSY_b insn) {
  if (!condition_selected(insn.m3(), cpu.psw.cc)) return Outcome::Completed;
  return cpu.store(second_operand(cpu, insn), cpu.gr32(insn.r1()));
}
Outcome store_on_condition_64(Cpu& cpu, RSY_b insn) {
  if (!condition_selected(insn.m3(), cpu.psw.cc)) return Outcome::Completed;
  return cpu.store(second_operand(cpu, insn), cpu.gr[insn.r1()]);
}
Outcome store_high_on_condition(Cpu& cpu, RSY_b insn) {
  if (!condition_selected(insn.m3(), cpu.psw.cc)) return Outcome::Completed;
  return cpu.store(second_operand(cpu, insn), cpu.gr_high(insn.r1()));
}

} // namespace siena::cpu::isa
