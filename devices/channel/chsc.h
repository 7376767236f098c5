// SPDX-License-Identifier: BSD-3-Clause
// CHANNEL SUBSYSTEM CALL: commands that ask for characteristics and enable facilities. The block is one page: a request
// (length, code, parameters) and behind it the response (length, code, reserved word, data). An unknown command gets response
// code 4, with which Linux goes on for every one of them.
#pragma once

#include "base/types.h"

#include <span>

namespace siena::devices::channel {

/// What the commands look at and change.
class ChscTarget {
 public:
  virtual ~ChscTarget() = default;
  virtual void enable_multiple_subchannel_sets() = 0;
  virtual void enable_multiple_channel_subsystems() = 0;
  virtual bool channel_path_in_use(u8 path) const = 0;
};

/// Executes the request in `page`; false for an operand exception (invalid request length).
bool channel_subsystem_call(ChscTarget& target, std::span<u8, 4096> page);

} // namespace siena::devices::channel
