// SPDX-License-Identifier: BSD-3-Clause
// The ends of interpretation. Every one stores the guest's registers into its state description first; then the SIE host goes on
// behind SIE (interception), or is interrupted with a PSW that designates SIE, so that the guest resumes when it is reloaded.
#include "sie/interpretive_execution.h"

#include <algorithm>

#include <fmt/format.h>

namespace siena::sie {

using cpu::Cpu;
using cpu::Outcome;

namespace {
constexpr u64 kExitCycles = 150;
}

void InterpretiveExecution::write(u64 at, std::span<const u8> bytes) {
  CHECK(storage_.write({at}, bytes), "entry has checked that the state description is in main storage");
}

void InterpretiveExecution::end(Cpu& cpu, Guest& g, Interception code) {
  if (g.interlocked) unlock(g);
  const u64 b = g.block;
  u8 timers[16];
  store_big(timers, cpu.cpu_timer());
  store_big(timers + 8, cpu.clock_comparator);
  write(b + offsetof(StateDescription, cputm), timers);

  const bool has_text = g.pending.status != 0;
  u8 why[2] = {static_cast<u8>(code), has_text ? g.pending.status : u8{0}};
  write(b + offsetof(StateDescription, icptcode), std::span(why).first(code == Interception::HostInterruption ? 1 : 2));
  if (has_text) {
    u8 text[8];
    store_big(text, g.pending.text);
    write(b + offsetof(StateDescription, ipa), std::span(text).first(6));
  }
  if (cpu.tod_programmable != g.sd.todpr) {
    u8 field[4];
    store_big(field, cpu.tod_programmable);
    write(b + offsetof(StateDescription, todpr), field);
  }
  u8 psw[32];
  store_big(psw, cpu.psw.packed_mask());
  store_big(psw + 8, cpu.psw.address);
  store_big(psw + 16, cpu.gr[14]);
  store_big(psw + 24, cpu.gr[15]);
  write(b + offsetof(StateDescription, gpsw_mask), psw);
  u8 control[17 * 8];
  for (unsigned n = 0; n < 16; ++n) store_big(control + 8 * n, cpu.cr[n]);
  store_big(control + 16 * 8, cpu.breaking_event);
  write(b + offsetof(StateDescription, gcr), control);
  if (cpu.program_parameter != load_big<u64>(g.sd.pp)) {
    u8 parameter[8];
    store_big(parameter, cpu.program_parameter);
    write(b + offsetof(StateDescription, pp), parameter);
  }
  if (g.pending.has_entries) {
    u8 entries[16];
    store_big(entries, g.pending.first_entry);
    store_big(entries + 8, g.pending.second_entry);
    write(b + offsetof(StateDescription, parameters), entries);
  }
  ++statistics_.exits[static_cast<u8>(code)];
  if (TraceSink* trace = cpu.environment().trace; trace != nullptr && trace->wants(TraceCategory::Sie))
    trace_exit(cpu, g, code);
  restore_host(cpu, g);
  cpu.charge(kExitCycles);
}

void InterpretiveExecution::restore_host(Cpu& cpu, Guest& g) {
  statistics_.instructions += cpu.instructions - g.instructions_at_entry;
  const cpu::Registers& host = g.host;
  cpu.sie_host = nullptr;
  cpu.sie_host_space = cpu.sie_identity = 0;
  cpu.features = cpu.environment().features;
  cpu.per_enforced = cpu.condition_1_intercepted = false;
  cpu.psw = host.psw;
  std::copy(std::begin(host.cr), std::end(host.cr), std::begin(cpu.cr));
  cpu.gr[14] = host.gr[14];
  cpu.gr[15] = host.gr[15];
  cpu.prefix = host.prefix;
  cpu.set_prefix_pages({host.prefix}, {host.prefix + kPageSize});
  cpu.tod_programmable = host.tod_programmable;
  cpu.clock_comparator = host.clock_comparator;
  cpu.breaking_event = host.breaking_event;
  cpu.program_parameter = host.program_parameter;
  cpu.set_cpu_timer(g.host_timer_zero - cpu.now());
  cpu.tod_epoch = g.host_epoch;
  cpu.tod_epoch_index = 0;
  cpu.pending_program = {};
  cpu.pending_per = {};
  cpu.controls_changed();
}

void InterpretiveExecution::store_parameters(Guest& g, const u8 (&parameters)[52]) {
  write(g.block + offsetof(StateDescription, parameters), parameters);
}

void InterpretiveExecution::trace_exit(Cpu& cpu, const Guest& g, Interception code) {
  std::string line = fmt::format("sie {:#x} out {:#04x} psw {:016x} {:016x}",
                                 g.block,
                                 static_cast<unsigned>(code),
                                 cpu.psw.packed_mask(),
                                 cpu.psw.address);
  if (g.pending.status != 0) line += fmt::format(" text {:012x} status {:02x}", g.pending.text >> 16, g.pending.status);
  cpu.environment().trace->line(TraceCategory::Sie, cpu.cpu_address(), line);
}

void InterpretiveExecution::leave(Cpu& cpu, Outcome why, u8 ilc) {
  Guest& g = guest(cpu);
  if (why == Outcome::Interception) {
    if (g.pending.nullifies) cpu.psw.address = (cpu.psw.address - ilc) & cpu.address_mask();
    end(cpu, g, g.pending.code);
    return;
  }
  // The guest's instruction is nullified whatever becomes of SIE: the SIE host makes the page accessible and the guest tries
  // again. SIE itself is nullified or suppressed, as the interruption code has it.
  cpu::ProgramDetail detail;
  detail.code = static_cast<cpu::ProgramInterruption>(cpu.sie_host_code);
  detail.teid = cpu.sie_host_teid;
  cpu.psw.address = (cpu.psw.address - ilc) & cpu.address_mask();
  g.pending = {};
  end(cpu, g, Interception::HostInterruption);
  (void)cpu.recognize(detail);
  cpu.present_program_interruption(g.host_ilc);
}

cpu::Registers InterpretiveExecution::host_registers(const Cpu& cpu) const {
  const Guest& g = guest(cpu);
  cpu::Registers host = cpu;
  host.psw = g.host.psw;
  host.psw.address -= g.host_ilc;
  std::copy(std::begin(g.host.cr), std::end(g.host.cr), std::begin(host.cr));
  host.gr[14] = g.host.gr[14];
  host.gr[15] = g.host.gr[15];
  host.prefix = g.host.prefix;
  host.tod_programmable = g.host.tod_programmable;
  host.clock_comparator = g.host.clock_comparator;
  host.breaking_event = g.host.breaking_event;
  host.program_parameter = g.host.program_parameter;
  return host;
}

void InterpretiveExecution::suspend(Cpu& cpu) {
  Guest& g = guest(cpu);
  end(cpu, g, Interception::HostInterruption);
  cpu.psw.address = (cpu.psw.address - g.host_ilc) & cpu.address_mask();
}

void InterpretiveExecution::abandon(Cpu& cpu) {
  Guest& g = guest(cpu);
  restore_host(cpu, g);
  cpu.psw.address = (cpu.psw.address - g.host_ilc) & cpu.address_mask();
}

} // namespace siena::sie
