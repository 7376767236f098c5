// SPDX-License-Identifier: BSD-3-Clause
// virtio entropy device (virtio, *Entropy Device*): fills the driver's buffers with random bytes, at once.
#pragma once

#include "devices/virtio/device.h"
#include "devices/virtio/rng/entropy_source.h"

namespace siena::devices::virtio::rng {

class RngDevice final : public VirtioDevice {
 public:
  RngDevice(mmu::AbsoluteStorage& storage, EntropySource& source) : storage_(storage), source_(source) {}

  u8 id() const override { return 4; }
  u64 features() const override { return 0; }
  unsigned queue_count() const override { return 1; }
  u16 queue_size(unsigned) const override { return 64; }
  std::size_t configuration_size() const override { return 0; }
  void read_configuration(std::span<u8>, ByteOrder) const override {}
  void write_configuration(std::span<const u8>, ByteOrder) override {}
  bool notified(unsigned queue) override;
  void reset() override {}
  void save(SnapshotWriter& out) const override { out.begin("virtio-rng", 1); }
  void restore(SnapshotReader& in) override { in.begin("virtio-rng"); }

 private:
  mmu::AbsoluteStorage& storage_;
  EntropySource& source_;
  DescriptorChain chain_;
};

} // namespace siena::devices::virtio::rng
