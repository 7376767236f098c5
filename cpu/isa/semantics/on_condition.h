// SPDX-License-Identifier: BSD-3-Clause
// LOAD ON CONDITION, STORE ON CONDITION, SELECT. When the mask does not select the condition code storage is not accessed at all:
// whether access exceptions are then recognised is up to the model (PoP, General Instructions). Inline: compilers use the
// register forms in place of branches.
#pragma once

#include "cpu/isa/semantics/branch.h"

namespace siena::cpu::isa {

inline Outcome load_register_on_condition_32(Cpu& cpu, RRF_c insn) {
  if (condition_selected(insn.m3(), cpu.psw.cc)) cpu.set_gr32(insn.r1(), cpu.gr32(insn.r2()));
  return Outcome::Completed;
}
inline Outcome load_register_on_condition_64(Cpu& cpu, RRF_c insn) {
  if (condition_selected(insn.m3(), cpu.psw.cc)) cpu.gr[insn.r1()] = cpu.gr[insn.r2()];
  return Outcome::Completed;
}
inline Outcome load_high_register_on_condition(Cpu& cpu, RRF_c insn) {
  if (condition_selected(insn.m3(), cpu.psw.cc)) cpu.set_gr_high(insn.r1(), cpu.gr_high(insn.r2()));
  return Outcome::Completed;
}

inline Outcome load_halfword_immediate_on_condition_32(Cpu& cpu, RIE_g insn) {
  if (condition_selected(insn.m3(), cpu.psw.cc)) cpu.set_gr32(insn.r1(), static_cast<u32>(insn.i2()));
  return Outcome::Completed;
}
inline Outcome load_halfword_immediate_on_condition_64(Cpu& cpu, RIE_g insn) {
  if (condition_selected(insn.m3(), cpu.psw.cc)) cpu.gr[insn.r1()] = static_cast<u64>(insn.i2());
  return Outcome::Completed;
}
inline Outcome load_halfword_high_immediate_on_condition(Cpu& cpu, RIE_g insn) {
  if (condition_selected(insn.m3(), cpu.psw.cc)) cpu.set_gr_high(insn.r1(), static_cast<u32>(insn.i2()));
  return Outcome::Completed;
}

/// The second operand when the condition code is selected, else the third.
inline Outcome select_32(Cpu& cpu, RRF_a insn) {
  cpu.set_gr32(insn.r1(), cpu.gr32(condition_selected(insn.m4(), cpu.psw.cc) ? insn.r2() : insn.r3()));
  return Outcome::Completed;
}
inline Outcome select_64(Cpu& cpu, RRF_a insn) {
  cpu.gr[insn.r1()] = cpu.gr[condition_selected(insn.m4(), cpu.psw.cc) ? insn.r2() : insn.r3()];
  return Outcome::Completed;
}
inline Outcome select_high(Cpu& cpu, RRF_a insn) {
  cpu.set_gr_high(insn.r1(), cpu.gr_high(condition_selected(insn.m4(), cpu.psw.cc) ? insn.r2() : insn.r3()));
  return Outcome::Completed;
}

Outcome load_on_condition_32(Cpu& cpu, RSY_b insn);
Outcome load_on_condition_64(Cpu& cpu, RSY_b insn);
Outcome load_high_on_condition(Cpu& cpu, RSY_b insn);
Outcome store_on_condition_32(Cpu& cpu, RSY_b insn);
Outcome store_on_condition_64(Cpu& cpu, RSY_b insn);
Outcome store_high_on_condition(Cpu& cpu, RSY_b insn);

} // namespace siena::cpu::isa
