// SPDX-License-Identifier: BSD-3-Clause
// virtio block device (virtio, *Block Device*). When a request is notified its completion time is fixed from the cost model;
// it is executed then, in one piece. Requests complete in the order of their arrival: a disk with one transfer at a time and
// a latency that overlaps.
#pragma once

#include "base/result.h"
#include "cpu/timing/event_queue.h"
#include "devices/virtio/block/block_backend.h"
#include "devices/virtio/device.h"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace siena::devices::virtio::block {

struct BlockOptions {
  std::string serial{};          ///< up to 20 bytes; what "get id" answers
  u32 logical_block_size = 512;  ///< a power of two, 512 to 32768
  u32 physical_block_size = 512; ///< a power of two, from the logical one to 32768
  u16 minimum_io_size = 0;       ///< in logical blocks; a hint
  u32 optimal_io_size = 0;       ///< in logical blocks; a hint
  u16 queue_size = 256;          ///< a power of two, 4 to 1024
};

/// What is wrong with the options, naming the property; nothing when a device can be built from them.
std::optional<ConfigurationError> check_options(const BlockOptions& options);

class BlockDevice final : public VirtioDevice {
 public:
  /// Options that `check_options` refuses are replaced by the defaults.
  BlockDevice(mmu::AbsoluteStorage& storage,
              cpu::timing::EventQueue& events,
              BlockBackend& backend,
              const BlockOptions& options = {});
  ~BlockDevice() override;
  BlockDevice(const BlockDevice&) = delete;
  BlockDevice& operator=(const BlockDevice&) = delete;

  u8 id() const override { return 2; }
  u64 features() const override;
  unsigned queue_count() const override { return 1; }
  u16 queue_size(unsigned) const override { return options_.queue_size; }
  std::size_t configuration_size() const override { return 60; }
  void read_configuration(std::span<u8> space, ByteOrder order) const override;
  void write_configuration(std::span<const u8>, ByteOrder) override {}
  bool notified(unsigned queue) override;
  void reset() override;
  void save(SnapshotWriter& out) const override;
  void restore(SnapshotReader& in) override;

 private:
  /// A request that waits for its time.
  struct Waiting {
    u16 head = 0;
    cpu::timing::VirtualTime due = 0;
  };
  struct Header {
    u32 type = 0;
    u64 sector = 0;
  };

  bool take_requests();
  void schedule();
  void complete();
  bool read_header(const DescriptorChain& chain, Header& header) const;
  void execute(u16 head);
  u8 transfer_in(const DescriptorChain& chain, u64 sector, u64 length);
  u8 transfer_out(const DescriptorChain& chain, u64 sector, u64 length);
  bool transferable(u64 sector, u64 length) const;

  mmu::AbsoluteStorage& storage_;
  cpu::timing::EventQueue& events_;
  BlockBackend& backend_;
  BlockOptions options_;

  std::deque<Waiting> waiting_;
  cpu::timing::VirtualTime transfer_free_ = 0; ///< when the last transfer is over
  bool scheduled_ = false;
  cpu::timing::EventId event_ = 0;
  DescriptorChain chain_;
  std::vector<u8> buffer_;
};

} // namespace siena::devices::virtio::block
