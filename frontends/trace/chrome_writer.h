// SPDX-License-Identifier: BSD-3-Clause
// Events as JSON that Chrome and Perfetto show (the Trace Event Format: B and E begin and end a duration, i is an instant, M names a
// track, times are microseconds). The process is the machine; a thread of it is a CPU at a level, or a subchannel.
#pragma once

#include "base/trace.h"
#include "frontends/trace/output.h"

#include <unordered_map>
#include <vector>

namespace siena::frontends::trace {

class ChromeWriter {
 public:
  /// `machine`: the machine's name, or empty.
  ChromeWriter(std::unique_ptr<Output> out, std::string_view machine);
  /// Ends what is open, so that the file is whole.
  ~ChromeWriter();
  ChromeWriter(const ChromeWriter&) = delete;
  ChromeWriter& operator=(const ChromeWriter&) = delete;

  void write(const TraceEvent& event);
  Output& output() { return *out_; }

 private:
  struct Track {
    std::string place;  ///< members that name it; empty: not met yet
    u64 last = 0;       ///< time of its last event: times of a track never decrease
    bool open = false;  ///< within a duration
    TraceCategory of{}; ///< open: whose
  };

  Track& track(const TraceEvent& event);
  void introduce(Track& track, const TraceEvent& event, u32 number);
  void end_duration(Track& track);

  std::unique_ptr<Output> out_;
  std::vector<Track> cpus_; ///< by track number
  std::unordered_map<u32, Track> subchannels_;
};

} // namespace siena::frontends::trace
