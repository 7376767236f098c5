// SPDX-License-Identifier: BSD-3-Clause
// Events (docs/traces.md) that the debugger wants the machine to stop at.
#pragma once

#include "base/result.h"
#include "base/trace.h"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace siena::frontends::gdb {

/// What an event has to be like.
struct EventPattern {
  std::string text; ///< as it was written
  TraceCategory category{};
  std::string name;                                        ///< empty: any
  std::vector<std::pair<std::string, std::string>> fields; ///< names and values
  bool matches(const TraceEvent& event) const;
};

/// "sie exit code=0x20": a category, perhaps a name, values of fields. Numbers are decimal or 0x...
Result<EventPattern, std::string> parse_event_pattern(std::string_view text);
/// The line that a trace has for it (trace::TextWriter), with its newline.
std::string in_words(const TraceEvent& event);

/// A sink that tells of events that match one of its patterns.
class EventCatch final : public TraceSink {
 public:
  explicit EventCatch(std::function<void(const TraceEvent&)> met) : met_(std::move(met)) {}
  /// The machine's hub has to be told afterwards what it wants.
  void insert(const EventPattern& pattern) {
    patterns_.push_back(pattern);
    want(pattern.category);
  }
  void remove(std::size_t n) { patterns_.erase(patterns_.begin() + static_cast<std::ptrdiff_t>(n)); }
  void clear() { patterns_.clear(); }
  const std::vector<EventPattern>& patterns() const { return patterns_; }

  void write(const TraceEvent& event) override {
    for (const EventPattern& pattern : patterns_)
      if (pattern.matches(event)) return met_(event);
  }

 private:
  std::function<void(const TraceEvent&)> met_;
  std::vector<EventPattern> patterns_;
};

} // namespace siena::frontends::gdb
