// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/isa/semantics/shift.h"

#include "cpu/isa/alu.h"
#include "cpu/isa/operands.h"

namespace siena::cpu::isa {

namespace {

/// `shift(pair, count)` answers the shifted pair; a condition code is its business.
template <class Shift>
Outcome shift_pair(Cpu& cpu, RS_a insn, Shift shift) {
  const u32 r1 = insn.r1();
  if ((r1 & 1) != 0) [[unlikely]]
    return cpu.recognize(ProgramInterruption::Specification);
  const u64 pair = static_cast<u64>(cpu.gr32(r1)) << 32 | cpu.gr32(r1 + 1);
  const u64 result = shift(pair, static_cast<unsigned>(second_operand(cpu, insn).value & 63));
  cpu.set_gr32(r1, static_cast<u32>(result >> 32));
  cpu.set_gr32(r1 + 1, static_cast<u32>(result));
  return Outcome::Completed;
}

} // namespace

Outcome shift_left_double(Cpu& cpu, RS_a insn) {
  bool overflow = false;
  const Outcome o = shift_pair(cpu, insn, [&](u64 pair, unsigned count) {
    const auto result = shift_left_signed(pair, count);
    cpu.psw.cc = result.cc;
    overflow = result.overflow;
    return result.value;
  });
  if (overflow && cpu.psw.has(Psw::kFixedPointOverflow)) [[unlikely]]
    return cpu.recognize(ProgramInterruption::FixedPointOverflow);
  return o;
}
Outcome shift_right_double(Cpu& cpu, RS_a insn) {
  return shift_pair(cpu, insn, [&](u64 pair, unsigned count) {
    const auto result = shift_right_signed(pair, count);
    cpu.psw.cc = result.cc;
    return result.value;
  });
}
Outcome shift_left_double_logical(Cpu& cpu, RS_a insn) {
  return shift_pair(cpu, insn, [](u64 pair, unsigned count) { return pair << count; });
}
Outcome shift_right_double_logical(Cpu& cpu, RS_a insn) {
  return shift_pair(cpu, insn, [](u64 pair, unsigned count) { return pair >> count; });
}

} // namespace siena::cpu::isa
