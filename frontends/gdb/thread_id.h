// SPDX-License-Identifier: BSD-3-Clause
// What the debugger calls whom: process 1 is guest 1, whose threads are the machine's CPUs (thread n + 1 is CPU n); the guests under
// SIE are processes 2, 3, ... (sie::KnownGuest::number), whose threads are their state descriptions (sie::KnownCpu::thread).
#pragma once

namespace siena::frontends::gdb {

struct ThreadId {
  unsigned process = 1, thread = 1;
  bool operator==(const ThreadId&) const = default;
};

} // namespace siena::frontends::gdb
