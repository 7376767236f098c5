// SPDX-License-Identifier: BSD-3-Clause
// SIGNAL PROCESSOR orders (PoP, Control, *Signal-Processor Orders*). With one host thread an order is done when it is accepted.
#include "machine/machine.h"

namespace siena::machine {

namespace {
enum Order : u8 {
  kSense = 0x01,
  kExternalCall = 0x02,
  kEmergencySignal = 0x03,
  kStart = 0x04,
  kStop = 0x05,
  kRestart = 0x06,
  kStopAndStoreStatus = 0x09,
  kInitialCpuReset = 0x0B,
  kCpuReset = 0x0C,
  kSetPrefix = 0x0D,
  kStoreStatusAtAddress = 0x0E,
  kSetArchitecture = 0x12,
  kConditionalEmergencySignal = 0x13,
  kSenseRunningStatus = 0x15,
};
constexpr u32 kNotRunning = 0x400, kIncorrectState = 0x200, kInvalidParameter = 0x100, kExternalCallPending = 0x80,
              kStoppedStatus = 0x40, kCheckStopStatus = 0x10, kInvalidOrder = 0x02;

std::string_view order_name(u8 order) {
  switch (order) {
  case kSense: return "sense";
  case kExternalCall: return "external-call";
  case kEmergencySignal: return "emergency-signal";
  case kStart: return "start";
  case kStop: return "stop";
  case kRestart: return "restart";
  case kStopAndStoreStatus: return "stop-and-store-status";
  case kInitialCpuReset: return "initial-cpu-reset";
  case kCpuReset: return "cpu-reset";
  case kSetPrefix: return "set-prefix";
  case kStoreStatusAtAddress: return "store-status-at-address";
  case kSetArchitecture: return "set-architecture";
  case kConditionalEmergencySignal: return "conditional-emergency-signal";
  case kSenseRunningStatus: return "sense-running-status";
  default: return "unknown";
  }
}
} // namespace

cpu::SigpResult Machine::signal_processor(cpu::Cpu& from, u16 cpu_address, u8 order, u64 parameter) {
  // An order may end what the sender is doing (a reset of its own CPU), so the report is stamped before.
  const TraceStamp stamp = from.trace_stamp();
  const cpu::SigpResult result = obey(from, cpu_address, order, parameter);
  if (TraceSink* const sink = from.tracing(TraceCategory::Sigp)) {
    const TraceField fields[] = {TraceField::hex("order", order, 2),
                                 TraceField::decimal("from", from.cpu_address()),
                                 TraceField::decimal("to", cpu_address),
                                 TraceField::decimal("cc", result.cc),
                                 TraceField::hex("status", result.status, 8),
                                 TraceField::hex("parameter", parameter, 0)};
    sink->report({.category = TraceCategory::Sigp, .name = order_name(order), .stamp = stamp, .fields = fields});
  }
  return result;
}

cpu::SigpResult Machine::obey(cpu::Cpu& from, u16 cpu_address, u8 order, u64 parameter) {
  using State = cpu::Cpu::State;
  // SET ARCHITECTURE addresses the whole configuration; all CPUs are in z/Architecture mode from the start (facility 138).
  if (order == kSetArchitecture) return {1, kInvalidParameter};
  if (cpu_address >= cpus_.size()) return {3, 0};
  cpu::Cpu& to = *cpus_[cpu_address];
  const bool stopped = to.state == State::Stopped;
  const auto notice = [&] {
    to.attention = true;
    raise_attention();
  };
  switch (order) {
  case kSense: {
    u32 status = stopped ? kStoppedStatus : 0;
    if (to.state == State::CheckStop) status |= kCheckStopStatus;
    if (to.local.external_call) status |= kExternalCallPending;
    return {static_cast<u8>(status != 0 ? 1 : 0), status};
  }
  case kExternalCall:
    if (to.local.external_call) return {1, kExternalCallPending};
    to.local.external_call = true;
    to.local.external_call_sender = from.cpu_address();
    notice();
    return {};
  case kEmergencySignal:
    to.local.emergency_senders |= u64{1} << (from.cpu_address() % 64);
    notice();
    return {};
  case kConditionalEmergencySignal: {
    // Sent unless the target is enabled, waiting in a way that lets it in by itself; QEMU's approximation is followed: the
    // condition names the primary ASN, which Linux never sets apart.
    to.local.emergency_senders |= u64{1} << (from.cpu_address() % 64);
    notice();
    return {};
  }
  case kStart:
    if (stopped) {
      to.state = State::Operating;
      to.cycles = std::max(to.cycles, from.cycles);
      notice();
    }
    return {};
  case kStop:
  case kStopAndStoreStatus:
    if (!stopped) {
      to.local.stop = true;
      to.local.stop_and_store = order == kStopAndStoreStatus;
      notice();
    } else if (order == kStopAndStoreStatus) {
      (void)to.store_status(to.lowcore_absolute(cpu::lowcore::kSaveArea).value);
    }
    return {};
  case kRestart:
    to.local.restart = true;
    if (stopped) {
      to.state = State::Operating;
      to.cycles = std::max(to.cycles, from.cycles);
    }
    notice();
    return {};
  case kInitialCpuReset:
  case kCpuReset:
    if (order == kInitialCpuReset)
      to.reset_initial();
    else
      to.reset_normal();
    interpretive_->gmap().purge();
    notice();
    return {};
  case kSetPrefix: {
    if (!stopped) return {1, kIncorrectState};
    const u64 area = parameter & 0x7FFF'E000;
    if (!storage_->contains({area}, mmu::kPrefixAreaSize)) return {1, kInvalidParameter};
    to.set_prefix(static_cast<u32>(area));
    return {};
  }
  case kStoreStatusAtAddress: {
    if (!stopped) return {1, kIncorrectState};
    const u64 area = parameter & 0x7FFF'FE00;
    if (!to.store_status(area)) return {1, kInvalidParameter};
    return {};
  }
  case kSenseRunningStatus:
    // Every operating CPU that is not waiting counts as running: they share the host thread evenly.
    if (to.state == State::Operating && !to.waiting()) return {};
    return {1, kNotRunning};
  default: return {1, kInvalidOrder};
  }
}

void Machine::yield(cpu::Cpu& from, std::optional<u16> to) {
  // The rest of the quantum: the others run until they have caught up. A directed yield needs no more, since the CPU furthest behind
  // runs next anyhow.
  (void)to;
  from.attention = true;
}

} // namespace siena::machine
