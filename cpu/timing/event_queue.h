// SPDX-License-Identifier: BSD-3-Clause
// Virtual time and the one way to make something happen later (docs/architecture.md section 6). The machine implements the
// queue; nothing else may schedule.
#pragma once

#include "base/types.h"

#include <functional>

namespace siena::cpu::timing {

/// Virtual time since the machine was created, in TOD units (2^-12 microseconds; PoP, *Time-of-day clock*).
using VirtualTime = u64;
constexpr VirtualTime kUnitsPerMicrosecond = 4096;
constexpr VirtualTime kUnitsPerSecond = kUnitsPerMicrosecond * 1'000'000;
constexpr VirtualTime microseconds(u64 n) { return n * kUnitsPerMicrosecond; }

using EventId = u64; ///< never 0

class EventQueue {
 public:
  virtual ~EventQueue() = default;
  /// The time of the instruction that is being executed, or of the event that is being handled.
  virtual VirtualTime now() const = 0;
  /// `action` runs once, at the first instruction boundary at or after `at`, on the machine's thread. Events due at the same
  /// time run in the order they were scheduled in.
  virtual EventId schedule(VirtualTime at, std::function<void()> action) = 0;
  /// The action of `id` will not run. Harmless when it has run already.
  virtual void cancel(EventId id) = 0;
};

} // namespace siena::cpu::timing
