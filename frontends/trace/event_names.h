// SPDX-License-Identifier: BSD-3-Clause
// What traces call categories and places (docs/traces.md).
#pragma once

#include "base/trace.h"

namespace siena::frontends::trace {

/// As -d has it.
constexpr std::string_view category_name(TraceCategory category) {
  constexpr std::string_view kNames[kTraceCategories] = {
      "in_asm", "cpu", "int", "sie", "shadow", "tlb", "sigp", "sclp", "ccw", "virtio"};
  return kNames[static_cast<unsigned>(category)];
}

/// Where events belong: a number for each CPU and level, each subchannel, and one for the rest of the machine.
constexpr u32 kMachineTrack = 1, kFirstSubchannelTrack = 1'000'000;
constexpr u32 track_of(const TraceEvent& event) {
  if (event.subchannel != TraceEvent::kNoSubchannel) return kFirstSubchannelTrack + event.subchannel;
  if (event.stamp.cpu < 0) return kMachineTrack;
  return 10 * (static_cast<u32>(event.stamp.cpu) + 1) + event.stamp.level;
}

} // namespace siena::frontends::trace
