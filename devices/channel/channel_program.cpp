// SPDX-License-Identifier: BSD-3-Clause
#include "devices/channel/channel_program.h"

namespace siena::devices::channel {
namespace {

u8 sense_id(const DeviceIdentity& identity, ChannelData& data) {
  u8 answer[7] = {0xFF};
  store_big(answer + 1, identity.control_unit_type);
  answer[3] = identity.control_unit_model;
  store_big(answer + 4, identity.device_type);
  answer[6] = identity.device_model;
  // The first byte promises that at least the four bytes of the basic answer are there.
  if (data.count() < 4) answer[0] = 0;
  (void)data.store(answer); // a shorter count is the program's choice: incorrect length, unless suppressed
  return device_status::kNormalEnd;
}

u8 basic_sense(SenseBytes& sense, ChannelData& data) {
  (void)data.store(sense);
  sense = {};
  return device_status::kNormalEnd;
}

u8 execute(const Ccw& ccw, const ProgramTarget& target, ChannelData& data) {
  switch (ccw.command) {
  case command::kNoOperation: return device_status::kNormalEnd;
  case command::kBasicSense: return basic_sense(target.sense, data);
  case command::kSenseId: return sense_id(target.identity, data);
  default: break;
  }
  const u8 status = target.device.start(ccw, data);
  if ((status & device_status::kUnitCheck) != 0) target.sense = target.device.sense();
  return status;
}

/// Whether the count of the CCW and what the device moved disagree in a way the program wants to know.
bool incorrect_length(const Ccw& ccw, const ChannelData& data, const ProgramControls& controls, u8 device_status) {
  const Ccw& last = data.last_ccw();
  if (data.nothing_moved()) {
    if ((device_status & device_status::kUnitCheck) != 0) return false; // the command was not accepted at all
    if ((ccw.command & 3) == 3) {
      // An immediate control operation.
      const bool suppressed =
          (ccw.flags & ccw::kSuppressLength) != 0 || (controls.control_2 & orb::kIncorrectLengthSuppression) != 0;
      return controls.format1() && ccw.count != 0 && !suppressed;
    }
  }
  if (data.residual() == 0 && !data.overrun()) return false;
  return (last.flags & ccw::kSuppressLength) == 0 || (last.flags & ccw::kChainData) != 0;
}

void trace_command(const ProgramTarget& target, u32 address, const Ccw& ccw, const ProgramResult& result) {
  TraceSink* const sink = tracing(target.trace, TraceCategory::Ccw);
  if (sink == nullptr) return;
  const TraceField fields[] = {TraceField::hex("address", address, 0),
                               TraceField::hex("command", ccw.command, 2),
                               TraceField::hex("flags", ccw.flags, 2),
                               TraceField::decimal("count", ccw.count),
                               TraceField::hex("data", ccw.address, 0),
                               TraceField::hex("device", result.device_status, 2),
                               TraceField::hex("subchannel", result.subchannel_status, 2),
                               TraceField::decimal("residual", result.count)};
  sink->report({.category = TraceCategory::Ccw,
                .name = "ccw",
                .stamp = sink->stamp(),
                .subchannel = target.subchannel,
                .fields = fields});
}

} // namespace

ProgramResult run_program(ProgramState& state, const ProgramTarget& target, mmu::AbsoluteStorage& storage, u32 budget) {
  const CcwReader reader(storage, state.controls);
  ProgramResult result;
  for (; budget != 0; --budget) {
    const CcwPlace place = state.first ? CcwPlace::First : CcwPlace::CommandChained;
    u32 address = state.next;
    u8 check = 0;
    const auto ccw = reader.fetch(address, place, check);
    result.ccw_address = address + 8;
    if (!ccw) {
      result.device_status = 0;
      result.subchannel_status = check;
      result.count = 0;
      return result;
    }
    state.next = address;
    state.first = false;
    if ((ccw->flags & ccw::kSuspend) != 0) {
      result.kind = ProgramResult::Kind::Suspended;
      return result;
    }
    if ((ccw->flags & ccw::kProgramControlled) != 0) result.program_controlled_interruption = true;

    ChannelData data(reader, storage, *ccw, address);
    const u8 status = execute(*ccw, target, data);
    if (!data.nothing_moved()) data.settle();
    if (data.program_controlled_interruption()) result.program_controlled_interruption = true;
    result.device_status = status;
    result.subchannel_status = data.check();
    if (incorrect_length(*ccw, data, state.controls, status))
      result.subchannel_status |= subchannel_status::kIncorrectLength;
    result.ccw_address = data.last_address() + 8;
    result.count = data.residual();
    trace_command(target, address, *ccw, result);

    const u8 unusual = static_cast<u8>(status & ~(device_status::kNormalEnd | device_status::kStatusModifier));
    const bool chains = (data.last_ccw().flags & ccw::kChainCommand) != 0;
    if (unusual != 0 || result.subchannel_status != 0 || !chains) return result;
    // Status modifier makes the channel pass over the next CCW (a search that hit).
    state.next = data.last_address() + ((status & device_status::kStatusModifier) != 0 ? 16 : 8);
  }
  result.kind = ProgramResult::Kind::Unfinished;
  return result;
}

} // namespace siena::devices::channel
