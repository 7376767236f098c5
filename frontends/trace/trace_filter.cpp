// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/trace/trace_filter.h"

#include "frontends/trace/event_names.h"

#include <algorithm>

namespace siena::frontends::trace {

TraceFilter::TraceFilter(machine::TraceFilter wanted)
    : wanted_(std::move(wanted)), everything_(wanted_ == machine::TraceFilter{}) {}

bool TraceFilter::admit(const TraceEvent& event) {
  if (everything_) return true;
  using Phase = TraceEvent::Phase;
  if (event.phase == Phase::Instant) return matches(event) && counts();
  Open& open = open_[track_of(event)];
  if (event.phase == Phase::End && open != Open::No) return std::exchange(open, Open::No) == Open::Shown;
  const bool shown = matches(event) && counts();
  if (event.phase == Phase::Begin) open = shown ? Open::Shown : Open::Hidden;
  return shown;
}

bool TraceFilter::matches(const TraceEvent& event) const {
  const bool of_cpu = event.subchannel == TraceEvent::kNoSubchannel && event.stamp.cpu >= 0;
  if (of_cpu) {
    const auto cpu = static_cast<u64>(event.stamp.cpu);
    if (cpu < wanted_.first_cpu || cpu > wanted_.last_cpu) return false;
    if (wanted_.level && *wanted_.level != event.stamp.level) return false;
  }
  return !event.has_address || wanted_.addresses.empty() ||
         std::any_of(wanted_.addresses.begin(), wanted_.addresses.end(), [&](const auto& range) {
           return range.first <= event.address && event.address <= range.last;
         });
}

bool TraceFilter::counts() {
  if (seen_ < wanted_.after) {
    ++seen_;
    return false;
  }
  if (shown_ == wanted_.count) return false;
  ++shown_;
  return true;
}

} // namespace siena::frontends::trace
