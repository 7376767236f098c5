// SPDX-License-Identifier: BSD-3-Clause
// Where a character device's output goes. The back end (terminal, socket, file, test) implements it; the device core knows
// nothing else about it.
#pragma once

#include "base/types.h"

#include <span>

namespace siena::devices {

class ByteSink {
 public:
  virtual ~ByteSink() = default;
  /// Takes all of `bytes`; called on the machine's thread, so it must not wait. The bytes are the guest's, unfiltered.
  virtual void write(std::span<const u8> bytes) = 0;
};

} // namespace siena::devices
