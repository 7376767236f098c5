// SPDX-License-Identifier: BSD-3-Clause
// What is looked at between two instructions of the guest, in the order of priority: interruptions of the SIE host, requests in
// the state description (other CPUs set them while the guest runs), the guest's own timers, the wait state.
#include "sie/interpretive_execution.h"

#include <algorithm>

namespace siena::sie {

using cpu::Cpu;
using cpu::Psw;

bool InterpretiveExecution::checkpoint(Cpu& cpu) {
  Guest& g = guest(cpu);
  if (g.entering) {
    g.instructions_at_entry = cpu.instructions;
    g.entering = false;
  }
  const u64 host_tod = cpu.tod_at_now() - cpu.tod_epoch + g.host_epoch;
  const bool host_timer_pending = static_cast<s64>(g.host_timer_zero - cpu.now()) < 0;
  if (cpu.local.stop || cpu.local.restart || cpu.interruption_waits(g.host, host_tod, host_timer_pending)) {
    suspend(cpu);
    return false;
  }
  const auto request = [byte = requests(g)](u32 mask) { return (byte & (mask >> 24)) != 0; };
  if (request(cpuflags::kExternalRequest) && cpu.psw.has(Psw::kExternal)) {
    end(cpu, g, Interception::ExternalRequest);
    return false;
  }
  if (request(cpuflags::kIoRequest) && cpu.psw.has(Psw::kIo)) {
    end(cpu, g, Interception::IoRequest);
    return false;
  }
  if (request(cpuflags::kStopRequest)) {
    end(cpu, g, Interception::Stop);
    return false;
  }
  // An invalid PSW cannot be enabled or waiting: the run loop recognises the specification exception.
  if (!cpu.psw.valid()) return true;
  if (cpu.psw.has(Psw::kExternal)) {
    // A call is gone when it has been taken, so whatever the external new PSW says there is no end of them to be feared.
    if (request(cpuflags::kExternalCallPending) && (cpu.cr[0] & cpu::cr0::kExternalCall) != 0 &&
        (g.sd.eca & eca::kSignalProcessor) != 0 && take_external_call(cpu, g))
      return false;
    if ((cpu.cr[0] & cpu::cr0::kClockComparator) != 0 && cpu.clock_comparator_pending(cpu, cpu.tod_at_now()))
      return external_interruption(cpu, g, 0x1004);
    if ((cpu.cr[0] & cpu::cr0::kCpuTimer) != 0 && cpu.cpu_timer_pending()) return external_interruption(cpu, g, 0x1005);
  }
  if (cpu.psw.has(Psw::kWait)) {
    end(cpu, g, Interception::Wait);
    return false;
  }
  return true;
}

// With conditional external interception the guest takes its timer interruptions itself, unless the SIE host wants to order them
// against others of its own making, or the guest would take them for ever.
bool InterpretiveExecution::external_interruption(Cpu& cpu, Guest& g, u16 code) {
  const bool conditional = (g.sd.eca & eca::kConditionalExternal) != 0;
  const bool requested = (requests(g) & (cpuflags::kExternalRequest >> 24)) != 0;
  const bool endless = (cpu.lowcore_load<u64>(cpu::lowcore::kExternalNew) & Psw::kExternal) != 0;
  if (conditional && !requested && !endless) {
    cpu.lowcore_store<u16>(cpu::lowcore::kExternalCpuAddress, 0);
    cpu.lowcore_store<u16>(cpu::lowcore::kExternalCode, code);
    cpu.swap_psw(cpu::lowcore::kExternalOld, cpu::lowcore::kExternalNew);
    return false;
  }
  u8 parameters[52] = {};
  store_big(parameters + parameter::kExternalCode, code);
  store_parameters(g, parameters);
  end(cpu, g, Interception::External);
  return false;
}

u64 InterpretiveExecution::deadline(const Cpu& cpu) const {
  const Guest& g = guest(cpu);
  constexpr u64 kNever = ~u64{0};
  u64 left = kNever;
  const u64 bias = cpu.comparison_bias(g.host);
  const u64 tod = (cpu.tod_at_now() - cpu.tod_epoch + g.host_epoch) ^ bias;
  const u64 comparator = g.host.clock_comparator ^ bias;
  if (tod <= comparator && comparator != kNever) left = comparator - tod + 1;
  const u64 timer = g.host_timer_zero - cpu.now();
  if (static_cast<s64>(timer) >= 0) left = std::min(left, timer + 1);
  return left > kNever - cpu.now() ? kNever : cpu.now() + left;
}

} // namespace siena::sie
