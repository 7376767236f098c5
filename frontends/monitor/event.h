// SPDX-License-Identifier: BSD-3-Clause
// What happens to a machine that QMP's clients are told of.
#pragma once

#include "base/types.h"

#include <string>
#include <string_view>

namespace siena::frontends::monitor {

struct Event {
  enum class Kind : u8 { Stop, Resume, Reset, PowerDown, ShutDown, GuestPanicked };
  Kind kind = Kind::Stop;
  bool guest = false;           ///< Reset, ShutDown: it was the guest that wanted it
  std::string_view reason = {}; ///< Reset, ShutDown: QEMU's *ShutdownCause*; GuestPanicked: its *S390CrashReason*
  std::string_view action = {}; ///< GuestPanicked: what is done about it (*GuestPanicAction*)
  // GuestPanicked: where
  unsigned cpu = 0;
  u64 psw_mask = 0, psw_address = 0;
};

/// The event as QMP has it, without a line's end. `microseconds`: since 1970, UTC.
std::string qmp_text(const Event& event, u64 microseconds);

} // namespace siena::frontends::monitor
