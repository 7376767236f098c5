// SPDX-License-Identifier: BSD-3-Clause
// Where parts report what they did when somebody watches (`-d`). A sink costs nothing while its category is off: callers
// test `wants` first.
#pragma once

#include "base/types.h"

#include <string_view>

namespace siena {

enum class TraceCategory : u8 { Instruction, Cpu, Interruption, Sie, Io };

class TraceSink {
 public:
  virtual ~TraceSink() = default;
  virtual bool wants(TraceCategory category) const = 0;
  /// One line without its newline; `cpu` is the CPU address, or -1 for the machine.
  virtual void line(TraceCategory category, int cpu, std::string_view text) = 0;
};

} // namespace siena
