// SPDX-License-Identifier: BSD-3-Clause
// COMPARE AND BRANCH in its sixteen forms: two registers, or a register and an immediate byte; signed or logical; 32 or 64 bits;
// a relative target or an address. The condition code stays. Inline for the same reason as branch.h.
#pragma once

#include "cpu/isa/alu.h"
#include "cpu/isa/semantics/branch.h"

namespace siena::cpu::isa {

namespace detail {
template <typename T>
bool signed_selected(u32 mask, T a, T b) {
  return condition_selected(mask & 14, compare_signed(a, b));
}
template <typename T>
bool logical_selected(u32 mask, T a, T b) {
  return condition_selected(mask & 14, compare_logical(a, b));
}
template <class View>
Outcome branch_relative_if(bool taken, Cpu& cpu, const View& insn) {
  return branch_if(taken, cpu, insn, relative_address(cpu, insn, insn.ri4()));
}
template <class View>
Outcome branch_address_if(bool taken, Cpu& cpu, const View& insn) {
  return branch_if(taken, cpu, insn, cpu.address(insn.b4(), insn.d4()).value);
}
} // namespace detail

// --- Two registers, relative target ------------------------------------------------------------------------------------

inline Outcome compare_and_branch_relative_32(Cpu& cpu, RIE_b insn) {
  return detail::branch_relative_if(
      detail::signed_selected(insn.m3(), cpu.gr32(insn.r1()), cpu.gr32(insn.r2())), cpu, insn);
}
inline Outcome compare_and_branch_relative_64(Cpu& cpu, RIE_b insn) {
  return detail::branch_relative_if(
      detail::signed_selected(insn.m3(), cpu.gr[insn.r1()], cpu.gr[insn.r2()]), cpu, insn);
}
inline Outcome compare_logical_and_branch_relative_32(Cpu& cpu, RIE_b insn) {
  return detail::branch_relative_if(
      detail::logical_selected(insn.m3(), cpu.gr32(insn.r1()), cpu.gr32(insn.r2())), cpu, insn);
}
inline Outcome compare_logical_and_branch_relative_64(Cpu& cpu, RIE_b insn) {
  return detail::branch_relative_if(
      detail::logical_selected(insn.m3(), cpu.gr[insn.r1()], cpu.gr[insn.r2()]), cpu, insn);
}

// --- Two registers, target address -------------------------------------------------------------------------------------

inline Outcome compare_and_branch_32(Cpu& cpu, RRS insn) {
  return detail::branch_address_if(
      detail::signed_selected(insn.m3(), cpu.gr32(insn.r1()), cpu.gr32(insn.r2())), cpu, insn);
}
inline Outcome compare_and_branch_64(Cpu& cpu, RRS insn) {
  return detail::branch_address_if(detail::signed_selected(insn.m3(), cpu.gr[insn.r1()], cpu.gr[insn.r2()]), cpu, insn);
}
inline Outcome compare_logical_and_branch_32(Cpu& cpu, RRS insn) {
  return detail::branch_address_if(
      detail::logical_selected(insn.m3(), cpu.gr32(insn.r1()), cpu.gr32(insn.r2())), cpu, insn);
}
inline Outcome compare_logical_and_branch_64(Cpu& cpu, RRS insn) {
  return detail::branch_address_if(
      detail::logical_selected(insn.m3(), cpu.gr[insn.r1()], cpu.gr[insn.r2()]), cpu, insn);
}

// --- Register and immediate, relative target ---------------------------------------------------------------------------

inline Outcome compare_immediate_and_branch_relative_32(Cpu& cpu, RIE_c insn) {
  const auto i2 = static_cast<u32>(insn.i2());
  return detail::branch_relative_if(detail::signed_selected(insn.m3(), cpu.gr32(insn.r1()), i2), cpu, insn);
}
inline Outcome compare_immediate_and_branch_relative_64(Cpu& cpu, RIE_c insn) {
  const auto i2 = static_cast<u64>(insn.i2());
  return detail::branch_relative_if(detail::signed_selected(insn.m3(), cpu.gr[insn.r1()], i2), cpu, insn);
}
inline Outcome compare_logical_immediate_and_branch_relative_32(Cpu& cpu, RIE_c insn) {
  return detail::branch_relative_if(detail::logical_selected(insn.m3(), cpu.gr32(insn.r1()), insn.i2u()), cpu, insn);
}
inline Outcome compare_logical_immediate_and_branch_relative_64(Cpu& cpu, RIE_c insn) {
  return detail::branch_relative_if(detail::logical_selected(insn.m3(), cpu.gr[insn.r1()], u64{insn.i2u()}), cpu, insn);
}

// --- Register and immediate, target address ----------------------------------------------------------------------------

inline Outcome compare_immediate_and_branch_32(Cpu& cpu, RIS insn) {
  const auto i2 = static_cast<u32>(insn.i2());
  return detail::branch_address_if(detail::signed_selected(insn.m3(), cpu.gr32(insn.r1()), i2), cpu, insn);
}
inline Outcome compare_immediate_and_branch_64(Cpu& cpu, RIS insn) {
  const auto i2 = static_cast<u64>(insn.i2());
  return detail::branch_address_if(detail::signed_selected(insn.m3(), cpu.gr[insn.r1()], i2), cpu, insn);
}
inline Outcome compare_logical_immediate_and_branch_32(Cpu& cpu, RIS insn) {
  return detail::branch_address_if(detail::logical_selected(insn.m3(), cpu.gr32(insn.r1()), insn.i2u()), cpu, insn);
}
inline Outcome compare_logical_immediate_and_branch_64(Cpu& cpu, RIS insn) {
  return detail::branch_address_if(detail::logical_selected(insn.m3(), cpu.gr[insn.r1()], u64{insn.i2u()}), cpu, insn);
}

} // namespace siena::cpu::isa
