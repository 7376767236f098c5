// SPDX-License-Identifier: BSD-3-Clause
// The program's side of a subchannel: running it, presenting status, unsolicited status, snapshot.
#include "devices/channel/subchannel.h"

namespace siena::devices::channel {
namespace {
constexpr u32 kCommandsPerRun = 256;
constexpr cpu::timing::VirtualTime kTimePerRun = cpu::timing::microseconds(kCommandsPerRun);
} // namespace

void Subchannel::schedule_run(cpu::timing::VirtualTime at) {
  run_scheduled_ = true;
  run_due_ = at;
  run_event_ = context_.events.schedule(at, [this] { run(); });
}

void Subchannel::run() {
  run_scheduled_ = false;
  clear_bits(schib_.scsw.control, scsw::kActivity);
  schib_.pmcw.last_path_used_mask = schib_.pmcw.path_available_mask;
  const bool starting = program_.first;
  const ProgramTarget target{device_, identity_, sense_, context_.trace, subchannel_name()};
  const ProgramResult result = run_program(program_, target, context_.storage, kCommandsPerRun);

  // Initial status and program-controlled interruptions are intermediate status. Where the program has ended meanwhile they
  // are presented together with the ending status, as the architecture allows.
  u16 status = 0;
  if (starting && !program_.first && (program_.controls.control & orb::kInitialStatusInterruption) != 0) {
    set_bits(schib_.scsw.flags, scsw::kZeroCondition);
    status = scsw::kIntermediate;
  }
  if (result.program_controlled_interruption) {
    schib_.scsw.subchannel_status |= subchannel_status::kProgramControlled;
    status = scsw::kIntermediate;
  }
  schib_.scsw.ccw_address = result.ccw_address;

  switch (result.kind) {
  case ProgramResult::Kind::Suspended:
    set_bits(schib_.scsw.control, scsw::kSuspended);
    if ((program_.controls.control & orb::kSuppressSuspendedInterruption) == 0) status = scsw::kIntermediate;
    break;
  case ProgramResult::Kind::Unfinished:
    set_bits(schib_.scsw.control, scsw::kSubchannelActive | scsw::kDeviceActive);
    schedule_run(context_.events.now() + kTimePerRun);
    break;
  case ProgramResult::Kind::Ended: {
    schib_.scsw.device_status = result.device_status;
    schib_.scsw.subchannel_status |= result.subchannel_status;
    schib_.scsw.count = result.count;
    const bool device_alert = (result.device_status & ~device_status::kNormalEnd) != 0;
    const bool alert = device_alert || result.subchannel_status != 0;
    // Sense data in the IRB is valid only with alert status and no intermediate status.
    if (alert) status = scsw::kAlert;
    status |= scsw::kPrimary | scsw::kSecondary;
    break;
  }
  }
  if (status != 0) present(status | scsw::kPending);
}

void Subchannel::present(u16 status) {
  set_bits(schib_.scsw.control, status);
  trace_status();
  context_.interruptions.add(isc(), name_);
}

void Subchannel::alert(u8 device_status) {
  if (!usable()) return;
  if (status_pending() && device_status == 0) return;
  if (status_pending() || function() != 0) {
    alert_waits_ = true;
    alert_status_ |= device_status;
    return;
  }
  schib_.scsw = {};
  schib_.scsw.device_status = device_status;
  present(scsw::kAlert | scsw::kPending);
}

void Subchannel::present_waiting_alert() {
  if (!alert_waits_) return;
  alert_waits_ = false;
  const u8 status = alert_status_;
  alert_status_ = 0;
  alert(status);
}

void Subchannel::adapter_interruption(u8 isc) { context_.interruptions.add_adapter(isc); }

void Subchannel::count_measurement() {
  if (!context_.monitor.active || (schib_.pmcw.flags & pmcw::kMeasureBlock) == 0) return;
  // Only the first counter of a measurement block is kept: the number of start and resume functions.
  mmu::AbsoluteStorage& storage = context_.storage;
  if ((schib_.pmcw.characteristics & pmcw::kMeasurementBlockFormat1) != 0) {
    const AbsoluteAddress block{schib_.measurement_block_address};
    if (const auto count = storage.load<u32>(block)) (void)storage.store<u32>(block, *count + 1);
    return;
  }
  const AbsoluteAddress block{context_.monitor.area + u64{schib_.pmcw.measurement_block_index} * 32};
  if (const auto count = storage.load<u16>(block)) (void)storage.store<u16>(block, static_cast<u16>(*count + 1));
}

void Subchannel::save(SnapshotWriter& out) const {
  out.begin("subchannel", 1);
  out.number(name_.set);
  out.number(name_.number);
  out.bytes({reinterpret_cast<const u8*>(&schib_), sizeof schib_});
  out.bytes(sense_);
  out.number(program_.controls.control);
  out.number(program_.controls.control_2);
  out.number(program_.next);
  out.number(program_.first);
  out.number(run_scheduled_);
  out.number(run_scheduled_ ? run_due_ : 0);
  out.number(alert_waits_);
  out.number(alert_status_);
  device_.save(out);
}

void Subchannel::restore(SnapshotReader& in) {
  stop_program();
  in.begin("subchannel");
  in.number(); // the set and number are the configuration's
  in.number();
  in.bytes({reinterpret_cast<u8*>(&schib_), sizeof schib_});
  in.bytes(sense_);
  program_.controls.control = static_cast<u16>(in.number());
  program_.controls.control_2 = static_cast<u8>(in.number());
  program_.next = static_cast<u32>(in.number());
  program_.first = in.number() != 0;
  const bool scheduled = in.number() != 0;
  const auto due = in.number();
  alert_waits_ = in.number() != 0;
  alert_status_ = static_cast<u8>(in.number());
  if (scheduled && in.ok()) schedule_run(due);
  device_.restore(in);
}

} // namespace siena::devices::channel
