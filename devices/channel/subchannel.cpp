// SPDX-License-Identifier: BSD-3-Clause
// The instructions' side of a subchannel; subchannel_run.cpp has the program's side.
#include "devices/channel/subchannel.h"

#include <cstring>

namespace siena::devices::channel {
namespace {
using Phase = TraceEvent::Phase;
constexpr u8 kPath = 0x80; ///< the one path of a virtual device
constexpr cpu::timing::VirtualTime kStartLatency = cpu::timing::microseconds(2);
} // namespace

Subchannel::Subchannel(const SubchannelContext& context,
                       SubchannelName name,
                       u16 device_number,
                       const DeviceIdentity& identity,
                       Device& device,
                       NotifiedDevice* notified)
    : context_(context), name_(name), device_number_(device_number), identity_(identity), device_(device),
      notified_(notified) {
  initialize_pmcw();
}

Subchannel::~Subchannel() {
  if (run_scheduled_) context_.events.cancel(run_event_);
}

void Subchannel::initialize_pmcw() {
  Pmcw& pmcw = schib_.pmcw;
  pmcw = {};
  pmcw.flags = pmcw::kDeviceNumberValid;
  pmcw.device_number = device_number_;
  pmcw.logical_path_mask = kPath;
  pmcw.path_installed_mask = kPath;
  pmcw.path_operational_mask = 0xFF;
  pmcw.path_available_mask = kPath;
}

bool Subchannel::usable() const {
  constexpr u16 kNeeded = pmcw::kDeviceNumberValid | pmcw::kEnabled;
  return (schib_.pmcw.flags & kNeeded) == kNeeded;
}

u8 Subchannel::isc() const {
  return static_cast<u8>((schib_.pmcw.flags & pmcw::kInterruptionSubclass) >> pmcw::kInterruptionSubclassShift);
}

void Subchannel::trace(TraceEvent::Phase phase, std::string_view name, std::initializer_list<TraceField> fields) const {
  TraceSink* const sink = tracing(context_.trace, TraceCategory::Ccw);
  if (sink == nullptr) return;
  sink->report({.category = TraceCategory::Ccw,
                .phase = phase,
                .name = name,
                .stamp = sink->stamp(),
                .subchannel = subchannel_name(),
                .fields = {fields.begin(), fields.size()}});
}

void Subchannel::trace_status() const {
  if (tracing(context_.trace, TraceCategory::Ccw) == nullptr) return;
  const Scsw& scsw = schib_.scsw;
  // The start function goes on after intermediate status alone.
  const bool ends = (scsw.control & (scsw::kAlert | scsw::kPrimary | scsw::kSecondary)) != 0 ||
                    (scsw.control & (scsw::kHalt | scsw::kClear)) != 0;
  trace(ends ? Phase::End : Phase::Instant,
        "status",
        {TraceField::hex("control", scsw.control, 4),
         TraceField::hex("device", scsw.device_status, 2),
         TraceField::hex("subchannel", scsw.subchannel_status, 2),
         TraceField::decimal("residual", scsw.count),
         TraceField::hex("ccw", scsw.ccw_address, 0)});
}

void Subchannel::stop_program() {
  if (run_scheduled_) context_.events.cancel(run_event_);
  run_scheduled_ = false;
}

u8 Subchannel::start(const Orb& orb) {
  if (!usable()) return 3;
  if (status_pending()) return 1;
  if (function() != 0) return 2;
  trace(Phase::Begin,
        "start",
        {TraceField::hex("program", orb.program_address, 0), TraceField::hex("parameter", orb.parameter, 0)});
  count_measurement();
  schib_.pmcw.parameter = orb.parameter;
  schib_.scsw = {};
  schib_.scsw.flags = static_cast<u16>(orb.control & scsw::kFromOrb);
  schib_.scsw.control = scsw::kStart | scsw::kStartPending;
  program_ = {{orb.control, orb.control_2}, orb.program_address, true};
  if ((orb.logical_path_mask & schib_.pmcw.path_available_mask) == 0) {
    // No path to try: deferred condition code 3.
    set_bits(schib_.scsw.flags, scsw::kDeferredCondition);
    present(scsw::kAlert | scsw::kPending);
    return 0;
  }
  schedule_run(context_.events.now() + kStartLatency);
  return 0;
}

u8 Subchannel::resume() {
  if (!usable()) return 3;
  if (status_pending()) return 1;
  const u16 control = schib_.scsw.control;
  if (function() != scsw::kStart || (control & scsw::kResumePending) != 0 || (control & scsw::kSuspended) == 0)
    return 2;
  trace(Phase::Instant, "resume", {});
  count_measurement();
  set_bits(schib_.scsw.control, scsw::kResumePending);
  schedule_run(context_.events.now() + kStartLatency);
  return 0;
}

u8 Subchannel::cancel() {
  if (!usable()) return 3;
  if ((schib_.scsw.control & scsw::kStatus) != 0) return 1;
  constexpr u16 kCancellable = scsw::kStartPending | scsw::kResumePending | scsw::kSuspended;
  const u16 control = schib_.scsw.control;
  if (function() != scsw::kStart || (control & kCancellable) == 0 || (control & scsw::kSubchannelActive) != 0) return 2;
  trace(Phase::End, "cancel", {});
  stop_program();
  clear_bits(schib_.scsw.control, scsw::kFunction | scsw::kActivity);
  present_waiting_alert();
  return 0;
}

u8 Subchannel::halt() {
  if (!usable()) return 3;
  const u16 control = schib_.scsw.control;
  const u16 status = control & scsw::kStatus;
  if (status == scsw::kPending || (status & (scsw::kAlert | scsw::kPrimary | scsw::kSecondary)) != 0) return 1;
  if ((control & (scsw::kHalt | scsw::kClear)) != 0) return 2;
  trace(Phase::Instant, "halt", {TraceField::hex("control", control, 4)});
  stop_program();
  context_.interruptions.remove(name_);
  schib_.pmcw.last_path_used_mask = kPath;
  Scsw& scsw = schib_.scsw;
  // The start function stays indicated when there was one. A program in execution is ended as the device would end it.
  clear_bits(scsw.control, scsw::kActivity | scsw::kStatus);
  set_bits(scsw.control, scsw::kHalt);
  scsw.subchannel_status = 0;
  scsw.device_status = 0;
  if ((control & scsw::kSubchannelActive) != 0) {
    scsw.ccw_address = program_.next + 8;
    scsw.device_status = device_status::kNormalEnd;
    present(scsw::kPrimary | scsw::kSecondary | scsw::kPending);
    return 0;
  }
  present(scsw::kPending);
  return 0;
}

u8 Subchannel::clear() {
  if (!usable()) return 3;
  trace(Phase::Instant, "clear", {TraceField::hex("control", schib_.scsw.control, 4)});
  stop_program();
  context_.interruptions.remove(name_);
  alert_waits_ = false;
  schib_.pmcw.path_operational_mask = 0xFF;
  schib_.pmcw.path_not_operational_mask = 0;
  schib_.pmcw.last_path_used_mask = kPath;
  schib_.scsw = {};
  schib_.scsw.control = scsw::kClear;
  present(scsw::kPending);
  return 0;
}

u8 Subchannel::modify(const Schib& schib) {
  if ((schib_.pmcw.flags & pmcw::kDeviceNumberValid) == 0) return 0;
  if (status_pending()) return 1;
  if (function() != 0) return 2;
  Pmcw& pmcw = schib_.pmcw;
  const bool was_enabled = (pmcw.flags & pmcw::kEnabled) != 0;
  pmcw.parameter = schib.pmcw.parameter;
  replace_bits<u16>(pmcw.flags, pmcw::kModifiableFlags, schib.pmcw.flags);
  pmcw.logical_path_mask = schib.pmcw.logical_path_mask;
  pmcw.measurement_block_index = schib.pmcw.measurement_block_index;
  pmcw.path_operational_mask = schib.pmcw.path_operational_mask;
  replace_bits<u32>(pmcw.characteristics, pmcw::kModifiableCharacteristics, schib.pmcw.characteristics);
  schib_.measurement_block_address = schib.measurement_block_address;
  if (was_enabled && (pmcw.flags & pmcw::kEnabled) == 0) {
    alert_waits_ = false;
    device_.disabled();
  }
  return 0;
}

u8 Subchannel::test(Irb& irb) const {
  irb = {};
  if (!usable()) return 3;
  irb.scsw = schib_.scsw;
  if (!status_pending()) return 1;
  // Format-1 extended-status word: the last path used. Clear and halt status alone have no valid one.
  irb.extended_status[0] = static_cast<u32>(schib_.pmcw.last_path_used_mask) << 16;
  const bool concurrent_sense = (schib_.pmcw.characteristics & pmcw::kConcurrentSense) != 0;
  if (concurrent_sense && (schib_.scsw.device_status & device_status::kUnitCheck) != 0) {
    set_bits(irb.scsw.flags, scsw::kExtendedControl);
    irb.extended_status[1] = 0x0100'0000 | static_cast<u32>(sense_.size()) << 16;
    std::memcpy(irb.extended_control, sense_.data(), sense_.size());
  }
  return 0;
}

void Subchannel::tested() {
  if (!status_pending()) return;
  context_.interruptions.remove(name_);
  Scsw& scsw = schib_.scsw;
  const u16 control = scsw.control;
  const u16 status = control & scsw::kStatus;
  const bool intermediate_only = status == (scsw::kIntermediate | scsw::kPending);
  const bool concurrent_sense = (schib_.pmcw.characteristics & pmcw::kConcurrentSense) != 0;
  if (concurrent_sense && (scsw.device_status & device_status::kUnitCheck) != 0) sense_ = {};
  clear_bits(scsw.control, scsw::kStatus);
  if (!intermediate_only) {
    clear_bits(scsw.control, scsw::kFunction | scsw::kActivity);
    scsw.flags = 0;
    scsw.device_status = 0;
    scsw.subchannel_status = 0;
    present_waiting_alert();
    return;
  }
  // The start function goes on, running or suspended.
  clear_bits(scsw.flags, scsw::kZeroCondition | scsw::kPathNotOperational);
  scsw.subchannel_status = 0;
  if ((control & scsw::kSuspended) != 0) clear_bits(scsw.control, scsw::kResumePending);
}

void Subchannel::reset() {
  if (function() != 0) trace(Phase::End, "reset", {});
  stop_program();
  initialize_pmcw();
  schib_.scsw = {};
  schib_.measurement_block_address = 0;
  sense_ = {};
  program_ = {};
  alert_waits_ = false;
  device_.reset();
}

} // namespace siena::devices::channel
