// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/monitor/machine_commands.h"

namespace siena::frontends::monitor {

std::string_view name_of(RunState state) {
  switch (state) {
  case RunState::Prelaunch: return "prelaunch";
  case RunState::Running: return "running";
  case RunState::Paused: return "paused";
  case RunState::Debug: return "debug";
  case RunState::ShutDown: return "shutdown";
  case RunState::Panicked: return "guest-panicked";
  }
  return "";
}

} // namespace siena::frontends::monitor
