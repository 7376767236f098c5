// SPDX-License-Identifier: BSD-3-Clause
// What watches a machine from its first instruction to its last and is written down at the end: symbols, profile, coverage.
#pragma once

#include "frontends/coverage/recorder.h"
#include "frontends/profile/profile_file.h"
#include "frontends/profile/profiler.h"
#include "frontends/symbols/guest_symbols.h"
#include "machine/machine.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace siena::frontends::cli {

class Watching {
 public:
  /// Reads and creates the files; errors name option and file.
  static Result<std::unique_ptr<Watching>> create(const machine::Configuration& configuration);

  /// `machine` is watched from now on, and goes before this does.
  void attach(machine::Machine& machine);
  /// To be called every now and then while the machine runs: guests have their symbols only while they live.
  void look(u64 host_nanoseconds);
  /// Writes the files. What is to be said about that, line by line.
  std::vector<std::string> finish();

  /// Those of the kernels in the machine; `refresh` them after it has run.
  symbols::GuestSymbols& symbols() { return *symbols_; }

 private:
  Watching() = default;

  std::vector<machine::SymbolSource> sources_;
  std::optional<symbols::GuestSymbols> symbols_;
  std::optional<symbols::MachineStorage> storage_;
  std::vector<symbols::StorageOfGuest> guests_; ///< by depth, from 2 on
  std::optional<profile::Profiler> profiler_;
  std::unique_ptr<profile::ProfileFile> profile_file_;
  u64 interval_ = 0;
  u64 next_look_ = 0;
  std::optional<coverage::Recorder> recorder_;
  std::unique_ptr<coverage::CoverageFile> coverage_file_;
};

} // namespace siena::frontends::cli
