// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/isa/semantics/load.h"

#include "cpu/isa/semantics/trap.h"

namespace siena::cpu::isa {

namespace {

constexpr u64 kQuadword = 15;

/// Fetches the second operand and hands it to `put`, which stores it in R1 and answers the loaded value for the trap.
template <typename T, class Put>
Outcome load_and_trap(Cpu& cpu, RXY_a insn, Put put) {
  const auto second = cpu.fetch<T>(second_operand(cpu, insn));
  if (second.outcome != Outcome::Completed) [[unlikely]]
    return second.outcome;
  return put(second.value) == 0 ? cpu.data_exception(kTrapDataExceptionCode) : Outcome::Completed;
}

/// R1 even and the second operand on a quadword boundary, in this order; both are specification exceptions.
bool quadword_operands(RXY_a insn, LogicalAddress a) { return (insn.r1() & 1) == 0 && (a.value & kQuadword) == 0; }

} // namespace

Outcome load_reversed_register_32(Cpu& cpu, RRE insn) {
  cpu.set_gr32(insn.r1(), byte_swap(cpu.gr32(insn.r2())));
  return Outcome::Completed;
}
Outcome load_reversed_register_64(Cpu& cpu, RRE insn) {
  cpu.gr[insn.r1()] = byte_swap(cpu.gr[insn.r2()]);
  return Outcome::Completed;
}
/// Bits 48-63 of R1 only.
Outcome load_reversed_halfword(Cpu& cpu, RXY_a insn) {
  const auto second = cpu.fetch<u16>(second_operand(cpu, insn));
  if (second.outcome != Outcome::Completed) [[unlikely]]
    return second.outcome;
  cpu.gr[insn.r1()] = (cpu.gr[insn.r1()] & ~u64{0xFFFF}) | byte_swap(second.value);
  return Outcome::Completed;
}

Outcome load_and_zero_rightmost_byte_32(Cpu& cpu, RXY_a insn) {
  const auto second = cpu.fetch<u32>(second_operand(cpu, insn));
  if (second.outcome != Outcome::Completed) [[unlikely]]
    return second.outcome;
  cpu.set_gr32(insn.r1(), second.value & ~0xFFu);
  return Outcome::Completed;
}
Outcome load_and_zero_rightmost_byte_64(Cpu& cpu, RXY_a insn) {
  const auto second = cpu.fetch<u64>(second_operand(cpu, insn));
  if (second.outcome != Outcome::Completed) [[unlikely]]
    return second.outcome;
  cpu.gr[insn.r1()] = second.value & ~u64{0xFF};
  return Outcome::Completed;
}
Outcome load_logical_and_zero_rightmost_byte(Cpu& cpu, RXY_a insn) {
  const auto second = cpu.fetch<u32>(second_operand(cpu, insn));
  if (second.outcome != Outcome::Completed) [[unlikely]]
    return second.outcome;
  cpu.gr[insn.r1()] = second.value & ~0xFFu;
  return Outcome::Completed;
}

Outcome load_and_trap_32(Cpu& cpu, RXY_a insn) {
  return load_and_trap<u32>(cpu, insn, [&](u32 value) {
    cpu.set_gr32(insn.r1(), value);
    return value;
  });
}
Outcome load_and_trap_64(Cpu& cpu, RXY_a insn) {
  return load_and_trap<u64>(cpu, insn, [&](u64 value) { return cpu.gr[insn.r1()] = value; });
}
Outcome load_high_and_trap(Cpu& cpu, RXY_a insn) {
  return load_and_trap<u32>(cpu, insn, [&](u32 value) {
    cpu.set_gr_high(insn.r1(), value);
    return value;
  });
}
Outcome load_logical_and_trap(Cpu& cpu, RXY_a insn) {
  return load_and_trap<u32>(cpu, insn, [&](u32 value) { return cpu.gr[insn.r1()] = value; });
}
Outcome load_logical_thirty_one_bits_and_trap(Cpu& cpu, RXY_a insn) {
  return load_and_trap<u32>(cpu, insn, [&](u32 value) { return cpu.gr[insn.r1()] = value & 0x7FFF'FFFF; });
}

Outcome load_pair_from_quadword(Cpu& cpu, RXY_a insn) {
  const LogicalAddress a = second_operand(cpu, insn);
  if (!quadword_operands(insn, a)) [[unlikely]]
    return cpu.recognize(ProgramInterruption::Specification);
  const auto second = cpu.fetch<u128>(a);
  if (second.outcome != Outcome::Completed) [[unlikely]]
    return second.outcome;
  cpu.gr[insn.r1()] = static_cast<u64>(second.value >> 64);
  cpu.gr[insn.r1() + 1] = static_cast<u64>(second.value);
  return Outcome::Completed;
}
Outcome store_pair_to_quadword(Cpu& cpu, RXY_a insn) {
  const LogicalAddress a = second_operand(cpu, insn);
  if (!quadword_operands(insn, a)) [[unlikely]]
    return cpu.recognize(ProgramInterruption::Specification);
  return cpu.store(a, static_cast<u128>(cpu.gr[insn.r1()]) << 64 | cpu.gr[insn.r1() + 1]);
}

} // namespace siena::cpu::isa
