// SPDX-License-Identifier: BSD-3-Clause
// Where devices announce floating interruption conditions: any one CPU that is enabled takes them. Implemented by the
// machine. All calls come from the machine's thread.
#pragma once

#include "base/types.h"

namespace siena::cpu::ports {

class InterruptionSink {
 public:
  virtual ~InterruptionSink() = default;
  /// External interruption 0x2401. `parameter` is the SCCB address, or'ed with 1 when an event is pending; parameters of
  /// conditions that wait together are merged: a completed SCCB keeps its address, the event-pending bit is or'ed in.
  virtual void service_signal(u32 parameter) = 0;
  /// The set of interruption subclasses with a pending I/O interruption may have changed; ask ChannelSubsystem.
  virtual void io_interruptions_changed() = 0;
  /// A channel report word waits for STCRW: machine check, channel-report subclass.
  virtual void channel_report_pending() = 0;
};

} // namespace siena::cpu::ports
