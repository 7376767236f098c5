// SPDX-License-Identifier: BSD-3-Clause
// The buffers of one request: first those the device may read, then those it may write (virtio, *The Virtqueue Descriptor
// Table*). All lie in main storage, which Virtqueue has checked; a device sees two byte streams.
#pragma once

#include "mmu/storage.h"

#include <span>
#include <vector>

namespace siena::devices::virtio {

class DescriptorChain {
 public:
  struct Buffer {
    AbsoluteAddress address;
    u32 length = 0;
  };

  u16 head() const { return head_; }
  u64 readable_length() const { return readable_length_; }
  u64 writable_length() const { return writable_length_; }

  /// Copies the readable bytes from `offset` on; the number of bytes there were, at most `to.size()`.
  std::size_t read(const mmu::AbsoluteStorage& storage, u64 offset, std::span<u8> to) const;
  /// Copies into the writable bytes from `offset` on; the number of bytes that had room.
  std::size_t write(mmu::AbsoluteStorage& storage, u64 offset, std::span<const u8> from) const;

  // For Virtqueue, which builds it.
  void start(u16 head);
  void add_readable(Buffer buffer);
  void add_writable(Buffer buffer);

 private:
  u16 head_ = 0;
  std::vector<Buffer> readable_, writable_;
  u64 readable_length_ = 0, writable_length_ = 0;
};

} // namespace siena::devices::virtio
