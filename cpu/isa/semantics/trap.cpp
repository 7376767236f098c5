// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/isa/semantics/trap.h"

#include "cpu/isa/semantics/compare_and_branch.h"

namespace siena::cpu::isa {

namespace {
Outcome trap_if(bool trapped, Cpu& cpu) {
  return trapped ? cpu.data_exception(kTrapDataExceptionCode) : Outcome::Completed;
}
template <typename T>
Outcome trap_on_storage(Cpu& cpu, RSY_b insn, T first) {
  const auto second = cpu.fetch<T>(second_operand(cpu, insn));
  if (second.outcome != Outcome::Completed) [[unlikely]]
    return second.outcome;
  return trap_if(detail::logical_selected(insn.m3(), first, second.value), cpu);
}
} // namespace

Outcome compare_and_trap_32(Cpu& cpu, RRF_c insn) {
  return trap_if(detail::signed_selected(insn.m3(), cpu.gr32(insn.r1()), cpu.gr32(insn.r2())), cpu);
}
Outcome compare_and_trap_64(Cpu& cpu, RRF_c insn) {
  return trap_if(detail::signed_selected(insn.m3(), cpu.gr[insn.r1()], cpu.gr[insn.r2()]), cpu);
}
Outcome compare_logical_and_trap_32(Cpu& cpu, RRF_c insn) {
  return trap_if(detail::logical_selected(insn.m3(), cpu.gr32(insn.r1()), cpu.gr32(insn.r2())), cpu);
}
Outcome compare_logical_and_trap_64(Cpu& cpu, RRF_c insn) {
  return trap_if(detail::logical_selected(insn.m3(), cpu.gr[insn.r1()], cpu.gr[insn.r2()]), cpu);
}

Outcome compare_immediate_and_trap_32(Cpu& cpu, RIE_a insn) {
  return trap_if(detail::signed_selected(insn.m3(), cpu.gr32(insn.r1()), static_cast<u32>(insn.i2())), cpu);
}
Outcome compare_immediate_and_trap_64(Cpu& cpu, RIE_a insn) {
  return trap_if(detail::signed_selected(insn.m3(), cpu.gr[insn.r1()], static_cast<u64>(insn.i2())), cpu);
}
Outcome compare_logical_immediate_and_trap_32(Cpu& cpu, RIE_a insn) {
  return trap_if(detail::logical_selected(insn.m3(), cpu.gr32(insn.r1()), insn.i2u()), cpu);
}
Outcome compare_logical_immediate_and_trap_64(Cpu& cpu, RIE_a insn) {
  return trap_if(detail::logical_selected(insn.m3(), cpu.gr[insn.r1()], u64{insn.i2u()}), cpu);
}

Outcome compare_logical_storage_and_trap_32(Cpu& cpu, RSY_b insn) {
  return trap_on_storage(cpu, insn, cpu.gr32(insn.r1()));
}
Outcome compare_logical_storage_and_trap_64(Cpu& cpu, RSY_b insn) {
  return trap_on_storage(cpu, insn, cpu.gr[insn.r1()]);
}

} // namespace siena::cpu::isa
