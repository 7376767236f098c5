// SPDX-License-Identifier: BSD-3-Clause
// -ready TEXT: watches what the guests print and notes, each time a line with TEXT goes by, how far the machine has come. The first
// such line is guest 1's, the second guest 2's (which guest 1 shows on its own console), and so on; a table of them follows at the end.
#pragma once

#include "machine/machine.h"

#include <span>
#include <string>
#include <vector>

namespace siena::frontends::cli {

class ReadyReport {
 public:
  explicit ReadyReport(std::string text) : text_(std::move(text)) {}

  /// Console output as it passes.
  void watch(std::span<const u8> bytes, const machine::Machine& machine, u64 host_nanoseconds);
  /// The table, one row a guest that became ready: host seconds, Siena's processor time in seconds, instructions, MIPS, SIE entries, exits
  /// by interception code.
  std::string table() const;

 private:
  struct Row {
    double seconds = 0;
    double processor_seconds = 0;
    u64 instructions = 0;
    sie::InterpretiveExecution::Statistics sie;
  };

  std::string text_;
  std::string line_;
  bool seen_in_line_ = false;
  std::vector<Row> rows_;
};

} // namespace siena::frontends::cli
