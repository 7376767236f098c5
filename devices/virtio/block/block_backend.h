// SPDX-License-Identifier: BSD-3-Clause
// What a block device keeps its sectors in. Offsets and lengths are in bytes and lie within `size`.
#pragma once

#include "base/types.h"

#include <span>

namespace siena::devices::virtio::block {

class BlockBackend {
 public:
  virtual ~BlockBackend() = default;
  virtual u64 size() const = 0;
  virtual bool read_only() const = 0;
  /// Each answers whether it was done; false becomes an I/O error for the guest.
  virtual bool read(u64 offset, std::span<u8> to) = 0;
  virtual bool write(u64 offset, std::span<const u8> from) = 0;
  virtual bool flush() = 0;
};

} // namespace siena::devices::virtio::block
