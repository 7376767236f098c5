// SPDX-License-Identifier: BSD-3-Clause
// A small machine that a monitor looks at, without anybody who runs it.
#pragma once

#include "frontends/monitor/machine_commands.h"
#include "tests/frontends/gdb/small_machine.h"

#include <string>

namespace siena::frontends::monitor::testing {

using gdb::testing::kWide;

class FakeCommands final : public MachineCommands {
 public:
  RunState run_state() const override { return state; }
  void quit() override { did += "quit "; }
  void reset() override { did += "reset "; }
  void power_down() override { did += "power_down "; }
  void stop() override {
    did += "stop ";
    state = RunState::Paused;
  }
  void resume() override {
    did += "resume ";
    state = RunState::Running;
  }
  RunState state = RunState::Running;
  std::string did;
};

struct MonitoredMachine {
  explicit MonitoredMachine(unsigned cpus = 1) : machine(gdb::testing::small_machine(surroundings, cpus)) {
    configuration.name = "monitored";
  }

  gdb::testing::SmallSurroundings surroundings;
  std::unique_ptr<machine::Machine> machine;
  machine::Configuration configuration;
  FakeCommands commands;
  Subject subject{*machine, commands, configuration, "1.2.3"};
};

} // namespace siena::frontends::monitor::testing
