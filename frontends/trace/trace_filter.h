// SPDX-License-Identifier: BSD-3-Clause
// Which events are reported: -dfilter and -trace-filter. The end of a duration goes the way of its beginning and is not counted, so that
// what is shown has both ends.
#pragma once

#include "base/trace.h"
#include "machine/configuration.h"

#include <unordered_map>

namespace siena::frontends::trace {

class TraceFilter {
 public:
  explicit TraceFilter(machine::TraceFilter wanted);
  bool admit(const TraceEvent& event);

 private:
  enum class Open : u8 { No, Shown, Hidden };
  bool matches(const TraceEvent& event) const;
  bool counts();

  machine::TraceFilter wanted_;
  bool everything_;
  u64 seen_ = 0, shown_ = 0;
  std::unordered_map<u32, Open> open_; ///< by track
};

} // namespace siena::frontends::trace
