// SPDX-License-Identifier: BSD-3-Clause
// What a monitor looks at and what it may do. Everything happens on the machine's thread, between slices of execution.
#pragma once

#include "machine/configuration.h"
#include "machine/machine.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace siena::frontends::monitor {

enum class RunState : u8 {
  Prelaunch, ///< stands still, and has not run since it was built or reset
  Running,
  Paused,
  Debug, ///< stands still at a debugger's breakpoint or step
  ShutDown,
  Panicked
};

/// QEMU's word for it (*RunState* in its QMP reference).
std::string_view name_of(RunState state);
/// What has ended runs again only after a reset.
constexpr bool needs_reset(RunState state) { return state == RunState::ShutDown || state == RunState::Panicked; }

/// What changes whether and how the machine runs.
class MachineCommands {
 public:
  virtual ~MachineCommands() = default;
  virtual RunState run_state() const = 0;
  virtual void quit() = 0;
  /// Reset and IPL. A machine that stands still is reset at once and goes on standing still.
  virtual void reset() = 0;
  /// Asks the guest to shut down.
  virtual void power_down() = 0;
  /// Seen by `run_state` at once.
  virtual void stop() = 0;
  /// Nothing happens when the machine runs or `needs_reset`.
  virtual void resume() = 0;
};

/// All of it outlives the monitor.
struct Subject {
  machine::Machine& machine;
  MachineCommands& commands;
  const machine::Configuration& configuration;
  std::string version; ///< of this program
  /// Writes storage and registers of guest 1, or of that guest (sie::KnownGuest::number), as an ELF core file at a path; answers what went
  /// wrong. Empty: cannot be done.
  std::function<std::optional<std::string>(unsigned guest, const std::string& path)> dump_storage = {};
  /// What the instruction address is called in the symbols of that guest; empty: nobody knows.
  std::function<std::string(unsigned guest, u64 address)> name_of = {};
};

} // namespace siena::frontends::monitor
