// SPDX-License-Identifier: BSD-3-Clause
// Where the parts of a machine report events (base/trace.h), for any number of sinks that come and go.
#pragma once

#include "base/trace.h"

#include <vector>

namespace siena::machine {

class TraceHub final : public TraceSink {
 public:
  /// `sink` gets the events that it wants now, until it is removed.
  void add(TraceSink& sink) {
    sinks_.push_back({&sink});
    for (unsigned n = 0; n < kTraceCategories; ++n)
      if (const auto category = static_cast<TraceCategory>(n); sink.wants(category)) want(category);
  }
  /// What it alone wanted goes on being reported, to nobody.
  void remove(TraceSink& sink) {
    std::erase_if(sinks_, [&](const Taker& t) { return t.sink == &sink; });
  }

  bool admit(const TraceEvent& event) override {
    bool any = false;
    for (Taker& t : sinks_) {
      t.admits = t.sink->wants(event.category) && t.sink->admit(event);
      any = any || t.admits;
    }
    return any;
  }
  void write(const TraceEvent& event) override {
    for (const Taker& t : sinks_)
      if (t.admits) t.sink->write(event);
  }

 private:
  struct Taker {
    TraceSink* sink;
    bool admits = false; ///< the event at hand
  };
  std::vector<Taker> sinks_;
};

} // namespace siena::machine
