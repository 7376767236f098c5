// SPDX-License-Identifier: BSD-3-Clause
// While the target is in execution `cpu.execute_length` is the EXECUTE's own length: the ILC, link addresses and the return from
// a branch not taken are the EXECUTE's, relative fields count from the target. When the target ends in an interruption or an
// interception the length stays for whoever presents that; the run loop clears it.
#include "cpu/isa/semantics/execute_target.h"

#include "cpu/isa/cost.h"
#include "cpu/isa/decoder.h"
#include "cpu/isa/operands.h"

namespace siena::cpu::isa {

namespace {

constexpr u8 kExecute = 0x44, kExecuteRelativeLong = 0xC6;

/// The text at `target`, halfword by halfword: nothing beyond the instruction's end is touched.
Fetched<u64> fetch_text(Cpu& cpu, u64 target) {
  u64 bits = 0;
  for (unsigned at = 0, length = 2; at < length; at += 2) {
    const auto halfword = cpu.fetch_instruction_halfword((target + at) & cpu.address_mask());
    if (halfword.outcome != Outcome::Completed) [[unlikely]]
      return {0, halfword.outcome};
    bits |= static_cast<u64>(halfword.value) << (48 - at * 8);
    if (at == 0) length = InsnText{bits}.length();
  }
  return {bits, Outcome::Completed};
}

bool is_execute(InsnText text) {
  const auto first = static_cast<u8>(text.bits >> 56);
  return first == kExecute || (first == kExecuteRelativeLong && field<12, 15>(text) == 0);
}

Outcome execute_at(Cpu& cpu, u64 target, u32 r1, u8 length) {
  if ((target & 1) != 0) [[unlikely]]
    return cpu.recognize(ProgramInterruption::Specification);
  const auto fetched = fetch_text(cpu, target);
  if (fetched.outcome != Outcome::Completed) [[unlikely]]
    return fetched.outcome;
  InsnText text{fetched.value};
  if (is_execute(text)) [[unlikely]]
    return cpu.recognize(ProgramInterruption::Execute);
  if (r1 != 0) text.bits |= (cpu.gr[r1] & 0xFF) << 48;
  cpu.execute_length = length;
  cpu.execute_target = target;
  const InstructionDef* def = cpu.decoder->find(text);
  if (def == nullptr) [[unlikely]]
    return cpu.operation_exception(text.text_only());
  cpu.charge(cycles_of(def->cost));
  const Outcome o = def->handler(cpu, text);
  switch (o) {
  case Outcome::Completed:
  case Outcome::Branched:
  case Outcome::CompletedLeaveBlock:
  case Outcome::Partial: cpu.execute_length = 0; break;
  default: break;
  }
  return o;
}

} // namespace

Outcome execute_target(Cpu& cpu, RX_a insn) {
  return execute_at(cpu, second_operand(cpu, insn).value, insn.r1(), length_of(RX_a::format));
}

Outcome execute_target_relative_long(Cpu& cpu, RIL_b insn) {
  return execute_at(cpu, relative_operand(cpu, insn).value, insn.r1(), length_of(RIL_b::format));
}

} // namespace siena::cpu::isa
