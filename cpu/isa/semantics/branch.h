// SPDX-License-Identifier: BSD-3-Clause
// Branches on the condition code, on counts and on indexes (PoP, General Instructions, BRANCH ..). Inline, because they are a
// fifth of all instructions executed: the handler in the row then is the whole instruction. The target is computed before any
// register is changed; an odd one is no error here, the fetch of the next instruction recognises it.
#pragma once

#include "cpu/isa/operands.h"

namespace siena::cpu::isa {

/// Does bit `cc` (from the left) of a four-bit mask select the condition code?
constexpr bool condition_selected(u32 mask, u8 cc) { return (mask << cc & 8) != 0; }
static_assert(condition_selected(8, 0) && condition_selected(1, 3) && !condition_selected(7, 0));

namespace detail {
template <class View>
Outcome branch(Cpu& cpu, const View&, u64 target) {
  return cpu.branch_to(target, length_of(View::format));
}
template <class View>
Outcome branch_if(bool taken, Cpu& cpu, const View& insn, u64 target) {
  return taken ? branch(cpu, insn, target) : Outcome::Completed;
}
/// Subtracts one; branches when the result is not zero.
template <class View>
Outcome count_32(Cpu& cpu, const View& insn, u64 target) {
  const u32 count = cpu.gr32(insn.r1()) - 1;
  cpu.set_gr32(insn.r1(), count);
  return branch_if(count != 0, cpu, insn, target);
}
template <class View>
Outcome count_64(Cpu& cpu, const View& insn, u64 target) {
  const u64 count = --cpu.gr[insn.r1()];
  return branch_if(count != 0, cpu, insn, target);
}
/// Adds the increment (R3), compares with R3 | 1: the odd register of the pair, or R3 itself when that is odd. Increment and
/// comparand are the values from before, also when R1 is one of the two.
template <bool High, class View>
Outcome index_32(Cpu& cpu, const View& insn, u64 target) {
  const u32 comparand = cpu.gr32(insn.r3() | 1);
  const u32 sum = cpu.gr32(insn.r1()) + cpu.gr32(insn.r3());
  cpu.set_gr32(insn.r1(), sum);
  return branch_if((static_cast<s32>(sum) > static_cast<s32>(comparand)) == High, cpu, insn, target);
}
template <bool High, class View>
Outcome index_64(Cpu& cpu, const View& insn, u64 target) {
  const u64 comparand = cpu.gr[insn.r3() | 1];
  const u64 sum = cpu.gr[insn.r1()] + cpu.gr[insn.r3()];
  cpu.gr[insn.r1()] = sum;
  return branch_if((static_cast<s64>(sum) > static_cast<s64>(comparand)) == High, cpu, insn, target);
}
} // namespace detail

// --- On condition ------------------------------------------------------------------------------------------------------

/// R2 = 0: no branch. With M1 = 15 or 14 that serializes, which one host thread per machine already does.
inline Outcome branch_on_condition_register(Cpu& cpu, RR insn) {
  return detail::branch_if(insn.r2() != 0 && condition_selected(insn.m1(), cpu.psw.cc), cpu, insn, cpu.gr[insn.r2()]);
}
inline Outcome branch_on_condition(Cpu& cpu, RX_b insn) {
  if (!condition_selected(insn.m1(), cpu.psw.cc)) return Outcome::Completed;
  return detail::branch(cpu, insn, second_operand(cpu, insn).value);
}
inline Outcome branch_relative_on_condition(Cpu& cpu, RI_c insn) {
  if (!condition_selected(insn.m1(), cpu.psw.cc)) return Outcome::Completed;
  return detail::branch(cpu, insn, relative_address(cpu, insn, insn.ri2()));
}
inline Outcome branch_relative_on_condition_long(Cpu& cpu, RIL_c insn) {
  if (!condition_selected(insn.m1(), cpu.psw.cc)) return Outcome::Completed;
  return detail::branch(cpu, insn, relative_address(cpu, insn, insn.ri2()));
}
/// The target is the doubleword at the second-operand address.
inline Outcome branch_indirect_on_condition(Cpu& cpu, RXY_b insn) {
  if (!condition_selected(insn.m1(), cpu.psw.cc)) return Outcome::Completed;
  const auto target = cpu.fetch<u64>(second_operand(cpu, insn));
  if (target.outcome != Outcome::Completed) [[unlikely]]
    return target.outcome;
  return detail::branch(cpu, insn, target.value);
}

// --- On count ----------------------------------------------------------------------------------------------------------

inline Outcome branch_on_count_register_32(Cpu& cpu, RR insn) {
  const u64 target = cpu.gr[insn.r2()];
  const u32 count = cpu.gr32(insn.r1()) - 1;
  cpu.set_gr32(insn.r1(), count);
  return detail::branch_if(count != 0 && insn.r2() != 0, cpu, insn, target);
}
inline Outcome branch_on_count_register_64(Cpu& cpu, RRE insn) {
  const u64 target = cpu.gr[insn.r2()];
  const u64 count = --cpu.gr[insn.r1()];
  return detail::branch_if(count != 0 && insn.r2() != 0, cpu, insn, target);
}
inline Outcome branch_on_count_32(Cpu& cpu, RX_a insn) {
  return detail::count_32(cpu, insn, second_operand(cpu, insn).value);
}
inline Outcome branch_on_count_64(Cpu& cpu, RXY_a insn) {
  return detail::count_64(cpu, insn, second_operand(cpu, insn).value);
}
inline Outcome branch_relative_on_count_32(Cpu& cpu, RI_b insn) {
  return detail::count_32(cpu, insn, relative_address(cpu, insn, insn.ri2()));
}
inline Outcome branch_relative_on_count_64(Cpu& cpu, RI_b insn) {
  return detail::count_64(cpu, insn, relative_address(cpu, insn, insn.ri2()));
}
inline Outcome branch_relative_on_count_high(Cpu& cpu, RIL_b insn) {
  const u32 count = cpu.gr_high(insn.r1()) - 1;
  cpu.set_gr_high(insn.r1(), count);
  return detail::branch_if(count != 0, cpu, insn, relative_address(cpu, insn, insn.ri2()));
}

// --- On index ----------------------------------------------------------------------------------------------------------

inline Outcome branch_on_index_high_32(Cpu& cpu, RS_a insn) {
  return detail::index_32<true>(cpu, insn, second_operand(cpu, insn).value);
}
inline Outcome branch_on_index_low_or_equal_32(Cpu& cpu, RS_a insn) {
  return detail::index_32<false>(cpu, insn, second_operand(cpu, insn).value);
}
inline Outcome branch_on_index_high_64(Cpu& cpu, RSY_a insn) {
  return detail::index_64<true>(cpu, insn, second_operand(cpu, insn).value);
}
inline Outcome branch_on_index_low_or_equal_64(Cpu& cpu, RSY_a insn) {
  return detail::index_64<false>(cpu, insn, second_operand(cpu, insn).value);
}
inline Outcome branch_relative_on_index_high_32(Cpu& cpu, RSI insn) {
  return detail::index_32<true>(cpu, insn, relative_address(cpu, insn, insn.ri2()));
}
inline Outcome branch_relative_on_index_low_or_equal_32(Cpu& cpu, RSI insn) {
  return detail::index_32<false>(cpu, insn, relative_address(cpu, insn, insn.ri2()));
}
inline Outcome branch_relative_on_index_high_64(Cpu& cpu, RIE_e insn) {
  return detail::index_64<true>(cpu, insn, relative_address(cpu, insn, insn.ri2()));
}
inline Outcome branch_relative_on_index_low_or_equal_64(Cpu& cpu, RIE_e insn) {
  return detail::index_64<false>(cpu, insn, relative_address(cpu, insn, insn.ri2()));
}

} // namespace siena::cpu::isa
