// SPDX-License-Identifier: BSD-3-Clause
#include "machine/subchannel_report.h"

#include <fmt/format.h>

namespace siena::machine {

namespace {

using namespace devices::channel;

std::string activity(u16 control) {
  static constexpr std::pair<u16, std::string_view> kNames[] = {{scsw::kStart, "start"},
                                                                {scsw::kHalt, "halt"},
                                                                {scsw::kClear, "clear"},
                                                                {scsw::kResumePending, "resume-pending"},
                                                                {scsw::kStartPending, "start-pending"},
                                                                {scsw::kHaltPending, "halt-pending"},
                                                                {scsw::kClearPending, "clear-pending"},
                                                                {scsw::kSubchannelActive, "subchannel-active"},
                                                                {scsw::kDeviceActive, "device-active"},
                                                                {scsw::kSuspended, "suspended"},
                                                                {scsw::kPending, "status-pending"}};
  std::string text;
  for (const auto& [bit, name] : kNames)
    if ((control & bit) != 0) text += fmt::format("{}{}", text.empty() ? "" : ",", name);
  return text.empty() ? "idle" : text;
}

} // namespace

std::string subchannel_report(const ChannelSubsystem& channels) {
  std::string out = fmt::format(
      "{:<10} {:<9} {:<9} {:<9} {:<8} {:>3}  {}\n", "subchannel", "device", "cu", "type", "enabled", "isc", "state");
  for (const Subchannel* subchannel : channels.subchannels()) {
    const SubchannelName name = subchannel->name();
    const Schib& schib = subchannel->schib();
    const DeviceIdentity& device = subchannel->identity();
    const u16 flags = schib.pmcw.flags, control = schib.scsw.control;
    out += fmt::format("0.{}.{:04x}   fe.{}.{:04x} {:04x}/{:02x}   {:04x}/{:02x}   {:<8} {:>3}  {}",
                       name.set,
                       name.number,
                       name.set,
                       static_cast<u16>(schib.pmcw.device_number),
                       device.control_unit_type,
                       device.control_unit_model,
                       device.device_type,
                       device.device_model,
                       (flags & pmcw::kEnabled) != 0 ? "yes" : "no",
                       (flags & pmcw::kInterruptionSubclass) >> pmcw::kInterruptionSubclassShift,
                       activity(control));
    if ((control & scsw::kPending) != 0)
      out += fmt::format(
          " device status {:02x}, subchannel status {:02x}", schib.scsw.device_status, schib.scsw.subchannel_status);
    out += '\n';
  }
  return out;
}

} // namespace siena::machine
