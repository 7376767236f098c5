// SPDX-License-Identifier: BSD-3-Clause
// Taking interruptions: which of the pending ones comes first, what it stores in the prefix area, and the PSW swap (PoP,
// Interruptions).
#include "cpu/cpu.h"

#include <bit>

namespace siena::cpu {

namespace {

enum class ExternalClass : u8 {
  None,
  InterruptKey,
  MalfunctionAlert,
  EmergencySignal,
  ExternalCall,
  ClockComparator,
  CpuTimer,
  ServiceSignal
};

/// Machine-check-interruption code of a channel-report-pending condition: the report bit, and validity of everything that was
/// stored (PoP, Machine-Check Handling, *Machine-Check-Interruption Code*).
constexpr u64 kChannelReportCode = bit(9) | bit(20) | bit(21) | bit(22) | bit(23) | bit(27) | bit(28) | bit(29) |
                                   bit(31) | bit(33) | bit(42) | bit(43) | bit(46) | bit(47);

ExternalClass
pending_external(const Cpu& cpu, const FloatingPending& floating, const Registers& r, u64 tod, bool timer_pending) {
  const u64 masks = r.cr[0];
  if (cpu.local.interrupt_key && (masks & cr0::kInterruptKey) != 0) return ExternalClass::InterruptKey;
  if (cpu.local.malfunction_senders != 0 && (masks & cr0::kMalfunctionAlert) != 0)
    return ExternalClass::MalfunctionAlert;
  if (cpu.local.emergency_senders != 0 && (masks & cr0::kEmergencySignal) != 0) return ExternalClass::EmergencySignal;
  if (cpu.local.external_call && (masks & cr0::kExternalCall) != 0) return ExternalClass::ExternalCall;
  if ((masks & cr0::kClockComparator) != 0 && cpu.clock_comparator_pending(r, tod))
    return ExternalClass::ClockComparator;
  if ((masks & cr0::kCpuTimer) != 0 && timer_pending) return ExternalClass::CpuTimer;
  if (floating.service_signal && (masks & cr0::kServiceSignal) != 0) return ExternalClass::ServiceSignal;
  return ExternalClass::None;
}

u8 enabled_subclasses(const Registers& r) { return static_cast<u8>(r.cr[6] >> 24); }

} // namespace

void Cpu::swap_psw(u16 old_offset, u16 new_offset) {
  remember_interruption(old_offset);
  lowcore_store<u64>(old_offset, psw.packed_mask());
  lowcore_store<u64>(static_cast<u16>(old_offset + 8), psw.address);
  const u64 mask = lowcore_load<u64>(new_offset);
  load_psw(mask, lowcore_load<u64>(static_cast<u16>(new_offset + 8)));
  if (tracing(TraceCategory::Interruption) != nullptr) [[unlikely]]
    trace_interruption(old_offset);
}

void Cpu::remember_interruption(u16 old_offset) {
  u16 code = 0;
  switch (old_offset) {
  case lowcore::kExternalOld: code = lowcore_load<u16>(lowcore::kExternalCode); break;
  case lowcore::kSvcOld: code = lowcore_load<u16>(lowcore::kSvcCode); break;
  case lowcore::kProgramOld: code = lowcore_load<u16>(lowcore::kProgramCode); break;
  case lowcore::kIoOld: code = lowcore_load<u16>(lowcore::kSubsystemId + 2); break;
  default: break;
  }
  taken_[taken_count_++ % kRemembered] = {old_offset, code, psw.packed_mask(), psw.address, cycles, interpretive()};
}

void Cpu::trace_interruption(u16 old_offset) {
  using Field = TraceField;
  const u64 address = lowcore_load<u64>(static_cast<u16>(old_offset + 8));
  std::string_view name = "restart";
  Field fields[5];
  std::size_t count = 0;
  const auto add = [&](const Field& field) { fields[count++] = field; };
  switch (old_offset) {
  case lowcore::kExternalOld:
    name = "external";
    add(Field::hex("code", lowcore_load<u16>(lowcore::kExternalCode), 4));
    add(Field::hex("cpu", lowcore_load<u16>(lowcore::kExternalCpuAddress), 4));
    add(Field::hex("parameter", lowcore_load<u32>(lowcore::kExternalParameter), 0));
    break;
  case lowcore::kSvcOld:
    name = "svc";
    add(Field::decimal("number", lowcore_load<u16>(lowcore::kSvcCode)));
    break;
  case lowcore::kProgramOld:
    name = "program";
    add(Field::hex("code", lowcore_load<u16>(lowcore::kProgramCode), 4));
    add(Field::decimal("ilc", lowcore_load<u16>(lowcore::kProgramIlc)));
    add(Field::hex("teid", lowcore_load<u64>(lowcore::kTeid), 0));
    break;
  case lowcore::kMachineCheckOld:
    name = "machine-check";
    add(Field::hex("code", lowcore_load<u64>(lowcore::kMachineCheckCode), 16));
    break;
  case lowcore::kIoOld:
    name = "io";
    add(Field::hex("subsystem", lowcore_load<u32>(lowcore::kSubsystemId), 8));
    add(Field::hex("parameter", lowcore_load<u32>(lowcore::kIoParameter), 0));
    add(Field::hex("identification", lowcore_load<u32>(lowcore::kIoIdentification), 8));
    break;
  default: break;
  }
  add(Field::psw("old", lowcore_load<u64>(old_offset), address));
  add(Field::psw("new", psw.packed_mask(), psw.address));
  env_.trace->report({.category = TraceCategory::Interruption,
                      .name = name,
                      .stamp = trace_stamp(),
                      .has_address = true,
                      .address = address,
                      .fields = std::span(fields).first(count)});
}

void Cpu::present_program_interruption(u8 ilc) {
  auto code = static_cast<u16>(pending_program.code);
  const ProgramDetail& d = pending_program;
  if (nullifies(code) && code != 0) psw.address = (psw.address - ilc) & psw.address_mask();
  switch (d.code) {
  case ProgramInterruption::Data:
  case ProgramInterruption::VectorProcessing:
    lowcore_store<u32>(lowcore::kDataExceptionCode, d.data_exception_code);
    break;
  case ProgramInterruption::Monitor:
    lowcore_store<u16>(lowcore::kMonitorClass, d.monitor_class);
    lowcore_store<u64>(lowcore::kMonitorCode, d.monitor_code);
    break;
  case ProgramInterruption::SpaceSwitch: lowcore_store<u64>(lowcore::kTeid, d.teid); break;
  case ProgramInterruption::Protection:
  case ProgramInterruption::SegmentTranslation:
  case ProgramInterruption::PageTranslation:
  case ProgramInterruption::AsceType:
  case ProgramInterruption::RegionFirstTranslation:
  case ProgramInterruption::RegionSecondTranslation:
  case ProgramInterruption::RegionThirdTranslation:
    lowcore_store<u64>(lowcore::kTeid, d.teid);
    lowcore_store<u8>(lowcore::kOperandAccessId, d.operand_access_id);
    [[fallthrough]];
  case ProgramInterruption::AletSpecification:
  case ProgramInterruption::Alen:
  case ProgramInterruption::AleSequence:
  case ProgramInterruption::AsteValidity:
  case ProgramInterruption::AsteSequence:
  case ProgramInterruption::ExtendedAuthority:
    lowcore_store<u8>(lowcore::kExceptionAccessId, d.exception_access_id);
    break;
  default: break;
  }
  if (pending_per.code != 0) {
    code = static_cast<u16>(code | 0x80);
    lowcore_store<u8>(lowcore::kPerCode, pending_per.code);
    lowcore_store<u8>(lowcore::kPerAtmid, pending_per.atmid);
    lowcore_store<u64>(lowcore::kPerAddress, pending_per.address);
    lowcore_store<u8>(lowcore::kPerAccessId, pending_per.access_id);
  }
  lowcore_store<u16>(lowcore::kProgramIlc, ilc);
  lowcore_store<u16>(lowcore::kProgramCode, code);
  lowcore_store<u64>(lowcore::kBreakingEvent, breaking_event);
  pending_program = {};
  pending_per = {};
  swap_psw(lowcore::kProgramOld, lowcore::kProgramNew);
}

void Cpu::present_supervisor_call(u8 number, u8 ilc) {
  lowcore_store<u16>(lowcore::kSvcIlc, ilc);
  lowcore_store<u16>(lowcore::kSvcCode, number);
  swap_psw(lowcore::kSvcOld, lowcore::kSvcNew);
}

Outcome Cpu::operation_exception(u64 text) {
  if (interpretive()) {
    constexpr SieRule kRule{SieRule::Kind::Custom, static_cast<u32>(CustomSieRule::OperationException)};
    if (const auto ended = env_.interpretive->before(*this, text, kRule)) return *ended;
  }
  return recognize(ProgramInterruption::Operation);
}

Outcome Cpu::data_exception(u8 dxc) {
  (void)recognize(ProgramInterruption::Data);
  pending_program.data_exception_code = dxc;
  if ((cr[0] & cr0::kAfpRegisters) != 0) fpc = (fpc & 0xFFFF'00FF) | (u32{dxc} << 8);
  return Outcome::ProgramInterruption;
}

bool Cpu::interruption_waits(const Registers& r, u64 tod, bool timer_pending) const {
  if (r.psw.has(Psw::kMachineCheck) && env_.floating.channel_report && (r.cr[14] & cr14::kChannelReport) != 0)
    return true;
  if (r.psw.has(Psw::kExternal) && pending_external(*this, env_.floating, r, tod, timer_pending) != ExternalClass::None)
    return true;
  return r.psw.has(Psw::kIo) && (env_.floating.io_subclasses & enabled_subclasses(r)) != 0;
}

bool Cpu::take_interruption() {
  FloatingPending& floating = env_.floating;
  if (psw.has(Psw::kMachineCheck) && floating.channel_report && (cr[14] & cr14::kChannelReport) != 0) {
    floating.channel_report = false;
    (void)store_status(lowcore_absolute(lowcore::kSaveArea).value);
    lowcore_store<u64>(lowcore::kMachineCheckCode, kChannelReportCode);
    swap_psw(lowcore::kMachineCheckOld, lowcore::kMachineCheckNew);
    return true;
  }
  if (psw.has(Psw::kExternal)) {
    const auto present = [&](u16 code) {
      lowcore_store<u16>(lowcore::kExternalCode, code);
      swap_psw(lowcore::kExternalOld, lowcore::kExternalNew);
      return true;
    };
    switch (pending_external(*this, floating, *this, tod_at_now(), cpu_timer_pending())) {
    case ExternalClass::None: break;
    case ExternalClass::InterruptKey: local.interrupt_key = false; return present(0x0040);
    case ExternalClass::MalfunctionAlert: {
      const auto sender = static_cast<u16>(std::countr_zero(local.malfunction_senders));
      local.malfunction_senders &= local.malfunction_senders - 1;
      lowcore_store<u16>(lowcore::kExternalCpuAddress, sender);
      return present(0x1200);
    }
    case ExternalClass::EmergencySignal: {
      const auto sender = static_cast<u16>(std::countr_zero(local.emergency_senders));
      local.emergency_senders &= local.emergency_senders - 1;
      lowcore_store<u16>(lowcore::kExternalCpuAddress, sender);
      return present(0x1201);
    }
    case ExternalClass::ExternalCall:
      local.external_call = false;
      lowcore_store<u16>(lowcore::kExternalCpuAddress, local.external_call_sender);
      return present(0x1202);
    // These two are conditions, not latches: they stay pending while the clock says so.
    case ExternalClass::ClockComparator: lowcore_store<u16>(lowcore::kExternalCpuAddress, 0); return present(0x1004);
    case ExternalClass::CpuTimer: lowcore_store<u16>(lowcore::kExternalCpuAddress, 0); return present(0x1005);
    case ExternalClass::ServiceSignal:
      floating.service_signal = false;
      lowcore_store<u32>(lowcore::kExternalParameter, floating.service_parameter);
      lowcore_store<u16>(lowcore::kExternalCpuAddress, 0);
      floating.service_parameter = 0;
      return present(0x2401);
    }
  }
  const u8 subclasses = floating.io_subclasses & enabled_subclasses(*this);
  if (psw.has(Psw::kIo) && subclasses != 0 && env_.channels != nullptr) {
    const auto io = env_.channels->take_interruption(subclasses);
    floating.io_subclasses = env_.channels->pending_subclasses();
    if (io) {
      lowcore_store<u32>(lowcore::kSubsystemId, io->subsystem_id);
      lowcore_store<u32>(lowcore::kIoParameter, io->parameter);
      lowcore_store<u32>(lowcore::kIoIdentification, io->identification);
      swap_psw(lowcore::kIoOld, lowcore::kIoNew);
      return true;
    }
  }
  return false;
}

void Cpu::take_restart() {
  local.restart = false;
  swap_psw(lowcore::kRestartOld, lowcore::kRestartNew);
}

} // namespace siena::cpu
