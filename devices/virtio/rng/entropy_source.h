// SPDX-License-Identifier: BSD-3-Clause
// Where a random-number device gets its bytes: a seeded generator in a deterministic machine, the host's otherwise. Its
// position is part of the machine's state and is saved by whoever owns it.
#pragma once

#include "base/types.h"

#include <span>

namespace siena::devices::virtio::rng {

class EntropySource {
 public:
  virtual ~EntropySource() = default;
  virtual void fill(std::span<u8> bytes) = 0;
};

} // namespace siena::devices::virtio::rng
