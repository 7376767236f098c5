// SPDX-License-Identifier: BSD-3-Clause
// The time-of-day clock that all CPUs share, and how cycles become time (PoP, Timing; docs/timing-model.md).
#pragma once

#include "base/types.h"
#include "cpu/timing/event_queue.h"

#include <algorithm>

namespace siena::cpu::timing {

/// One modelled cycle is four TOD units: a 1.024-GHz clock. A power of two keeps cycles and time exact in both directions.
constexpr u64 kUnitsPerCycle = 4;

class TodClock {
 public:
  /// `base` is the TOD value at virtual time 0, with the epoch index in front of the 64 bits.
  explicit TodClock(u128 base) : base_(base) {}

  u64 base() const { return static_cast<u64>(base_); }
  /// TOD at a CPU's own time, for comparisons only: does not count as shown.
  u64 at(VirtualTime own) const { return static_cast<u64>(base_ + own); }
  /// What STORE CLOCK shows, epoch index in front: never less than or equal to what any CPU was shown before.
  u128 show(VirtualTime own) {
    last_shown_ = std::max(base_ + own, last_shown_ + 1);
    return last_shown_;
  }
  /// SET CLOCK: the value shown at `own` is from now on `value`, in epoch 0.
  void set(u64 value, VirtualTime own) {
    base_ = u128{value} - own;
    last_shown_ = value;
  }

 private:
  u128 base_;
  u128 last_shown_ = 0;
};

} // namespace siena::cpu::timing
