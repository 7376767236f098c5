// SPDX-License-Identifier: BSD-3-Clause
// Events as lines: TIME WHERE CATEGORY NAME KEY=VALUE... (docs/traces.md). Programs read these lines: what is in one stays.
#pragma once

#include "base/trace.h"
#include "frontends/trace/output.h"

namespace siena::frontends::trace {

class TextWriter {
 public:
  /// `each`: a line is out before `write` returns.
  TextWriter(std::unique_ptr<Output> out, bool each) : out_(std::move(out)), each_(each) {}
  void write(const TraceEvent& event);
  /// A line as it is, without its newline.
  void line(std::string_view text);
  Output& output() { return *out_; }

 private:
  std::unique_ptr<Output> out_;
  bool each_;
};

} // namespace siena::frontends::trace
