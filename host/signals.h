// SPDX-License-Identifier: BSD-3-Clause
// Signals of the process, as far as a program that runs a machine cares. There is one such object in a program; the machine
// knows nothing of it.
#pragma once

#include "host/event_loop.h"

namespace siena::host {

/// While it lives, SIGTERM, SIGINT and SIGHUP request the loop's quit (a second one ends the process at once), SIGPIPE does
/// nothing, and a crash leaves the terminal as it was found. At its end the former dispositions return.
class SignalWatch {
 public:
  explicit SignalWatch(EventLoop& loop);
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  /// The signal that requested the quit, or 0.
  static int received();
};

} // namespace siena::host
