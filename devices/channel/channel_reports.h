// SPDX-License-Identifier: BSD-3-Clause
// Channel-report words that wait for STCRW (PoP, *I/O Support Functions*: *Channel Reports*). A machine check announces the
// first one; the next is announced only after the program has found the queue empty, since it reads them until then.
#pragma once

#include "base/snapshot.h"
#include "cpu/ports/interruption_sink.h"

#include <deque>

namespace siena::devices::channel {

namespace crw {
constexpr u32 kSolicited = 0x4000'0000;
constexpr u32 kOverflow = 0x2000'0000;
constexpr u32 kChained = 0x1000'0000;
constexpr u32 kSubchannel = 0x0300'0000;  ///< reporting source
constexpr u32 kChannelPath = 0x0400'0000; ///< reporting source
constexpr u32 kInitialized = 0x0002'0000; ///< error-recovery code
constexpr u32 kParametersInitialized = 0x0004'0000;
} // namespace crw

class ChannelReports {
 public:
  explicit ChannelReports(cpu::ports::InterruptionSink& sink) : sink_(sink) {}

  /// Queues a report and, chained to it, a second one when `chained` is not 0. When the queue is full the report is lost and
  /// the next one says so.
  void add(u32 report, u32 chained = 0);
  /// The oldest report, or 0.
  u32 take();
  bool waiting() const { return !reports_.empty(); }
  void clear();

  void save(SnapshotWriter& out) const;
  void restore(SnapshotReader& in);

 private:
  static constexpr std::size_t kCapacity = 256;

  cpu::ports::InterruptionSink& sink_;
  std::deque<u32> reports_;
  bool announce_ = true;
  bool lost_ = false;
};

} // namespace siena::devices::channel
