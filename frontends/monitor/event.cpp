// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/monitor/event.h"

#include "frontends/monitor/qmp_command.h"

namespace siena::frontends::monitor {

std::string qmp_text(const Event& event, u64 microseconds) {
  using Kind = Event::Kind;
  static constexpr std::string_view kNames[] = {"STOP", "RESUME", "RESET", "POWERDOWN", "SHUTDOWN", "GUEST_PANICKED"};
  Json text = {{"timestamp", {{"seconds", microseconds / 1'000'000}, {"microseconds", microseconds % 1'000'000}}},
               {"event", kNames[static_cast<u8>(event.kind)]}};
  if (event.kind == Kind::Reset || event.kind == Kind::ShutDown)
    text["data"] = {{"guest", event.guest}, {"reason", event.reason}};
  if (event.kind == Kind::GuestPanicked)
    text["data"] = {{"action", event.action},
                    {"info",
                     {{"type", "s390"},
                      {"core", event.cpu},
                      {"psw-mask", event.psw_mask},
                      {"psw-addr", event.psw_address},
                      {"reason", event.reason}}}};
  return as_text(text);
}

} // namespace siena::frontends::monitor
