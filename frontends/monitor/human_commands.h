// SPDX-License-Identifier: BSD-3-Clause
// The human monitor's commands, in QEMU's words: a line is a command, its answer is text. Knows no terminal, so that QMP's
// human-monitor-command can use it too.
#pragma once

#include "frontends/monitor/machine_commands.h"
#include "frontends/monitor/storage_dump.h"

#include <string>
#include <string_view>

namespace siena::frontends::monitor {

class HumanCommands {
 public:
  explicit HumanCommands(const Subject& subject) : subject_(subject) {}

  /// Lines that end in '\n', or nothing.
  std::string execute(std::string_view line);

  const Subject& subject() const { return subject_; }
  /// The CPU that `x` and `info` are about.
  unsigned selected_cpu() const { return selected_cpu_; }
  cpu::Cpu& cpu() const { return subject_.machine.cpu(selected_cpu_); }
  /// False: there is no such CPU.
  bool select_cpu(u64 number);

 private:
  struct Command;
  static const Command kCommands[];

  std::string help(std::string_view of) const;
  std::string select(std::string_view number);
  std::string dump(std::string_view argument, StorageKind kind);
  std::string dump_core(std::string_view argument);
  std::string resume();

  const Subject& subject_;
  unsigned selected_cpu_ = 0;
  DumpFormat format_; ///< what the last `x` or `xp` used, and the next one takes
};

/// The text with "\r\n" for '\n', as terminals and QEMU's clients want it.
std::string with_carriage_returns(std::string_view text);

} // namespace siena::frontends::monitor
