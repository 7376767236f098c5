// SPDX-License-Identifier: BSD-3-Clause
// What is reported when somebody watches: entries and exits (docs/traces.md). An entry begins a duration, its exit ends it. Both are the
// guest's, level 1, though a state description that is not valid never lets the guest run.
#include "sie/interpretive_execution.h"

namespace siena::sie {

using cpu::Cpu;
using Field = TraceField;

namespace {

std::string_view name(Interception code) {
  switch (code) {
  case Interception::HostInterruption: return "host-interruption";
  case Interception::Instruction: return "instruction";
  case Interception::Program: return "program";
  case Interception::InstructionWithCondition: return "instruction-with-condition";
  case Interception::ExternalRequest: return "external-request";
  case Interception::External: return "external";
  case Interception::IoRequest: return "io-request";
  case Interception::Wait: return "wait";
  case Interception::Validity: return "validity";
  case Interception::Stop: return "stop";
  case Interception::OperationException: return "operation-exception";
  case Interception::Partial: return "partial";
  case Interception::KeylessSubset: return "keyless-subset";
  }
  return "unknown";
}

TraceStamp guest_stamp(const Cpu& cpu) {
  TraceStamp stamp = cpu.trace_stamp();
  stamp.level = 1;
  return stamp;
}

void report(
    const Cpu& cpu, TraceEvent::Phase phase, std::string_view name, u64 address, std::span<const Field> fields) {
  cpu.tracing(TraceCategory::Sie)
      ->report({.category = TraceCategory::Sie,
                .phase = phase,
                .name = name,
                .stamp = guest_stamp(cpu),
                .has_address = true,
                .address = address,
                .fields = fields});
}

} // namespace

void InterpretiveExecution::trace_entry(const Cpu& cpu, const Guest& g) const {
  const Field fields[] = {Field::hex("block", g.block, 0),
                          Field::psw("psw", g.sd.gpsw_mask, g.sd.gpsw_address),
                          Field::hex("space", cpu.cr[1], 0)};
  report(cpu, TraceEvent::Phase::Begin, "entry", g.sd.gpsw_address, fields);
}

void InterpretiveExecution::trace_exit(const Cpu& cpu, const Guest& g, Interception code) const {
  const u8* const block = storage_.host({g.block});
  const bool entered = code != Interception::Validity;
  const u64 mask = entered ? cpu.psw.packed_mask() : u64{g.sd.gpsw_mask};
  const u64 address = entered ? cpu.psw.address : u64{g.sd.gpsw_address};
  Field fields[6] = {Field::hex("block", g.block, 0),
                     Field::hex("code", static_cast<u8>(code), 2),
                     Field::text("reason", name(code)),
                     Field::psw("psw", mask, address)};
  std::size_t count = 4;
  const auto parameter_field = [&](std::string_view name, unsigned offset) {
    const u8* const at = block + offsetof(StateDescription, parameters) + offset;
    fields[count++] = Field::hex(name, load_big<u16>(at), 4);
  };
  if (entered && g.pending.status != 0) {
    fields[count++] = Field::hex("text", g.pending.text >> 16, 12);
    fields[count++] = Field::hex("status", g.pending.status, 2);
  }
  if (code == Interception::Program) parameter_field("interruption", parameter::kCode);
  if (code == Interception::External) parameter_field("interruption", parameter::kExternalCode);
  if (code == Interception::Validity)
    fields[count++] = Field::hex("validity", load_big<u16>(block + offsetof(StateDescription, ipb)), 4);
  report(cpu, TraceEvent::Phase::End, "exit", address, std::span(fields).first(count));
}

void InterpretiveExecution::trace_abandoned(const Cpu& cpu, const Guest& g) const {
  const Field fields[] = {Field::hex("block", g.block, 0), Field::psw("psw", cpu.psw.packed_mask(), cpu.psw.address)};
  report(cpu, TraceEvent::Phase::End, "abandoned", cpu.psw.address, fields);
}

void InterpretiveExecution::trace_purge(const Cpu& cpu, const Guest& g) const {
  const Field fields[] = {Field::hex("block", g.block, 0), Field::hex("previous-cpu", g.sd.ihcpu, 4)};
  cpu.tracing(TraceCategory::Tlb)
      ->report({.category = TraceCategory::Tlb, .name = "purge-guest", .stamp = guest_stamp(cpu), .fields = fields});
}

} // namespace siena::sie
