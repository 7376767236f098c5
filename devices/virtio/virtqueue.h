// SPDX-License-Identifier: BSD-3-Clause
// A split virtqueue (virtio, *Split Virtqueues*), the device's side: takes chains of descriptors from the available ring,
// gives them back through the used ring, and knows when the driver wants to be told. Every index, address and length comes
// from the guest and is checked; the first one that is wrong breaks the queue, which then stays silent until it is reset.
#pragma once

#include "base/snapshot.h"
#include "base/trace.h"
#include "devices/virtio/byte_order.h"
#include "devices/virtio/descriptor_chain.h"

#include <optional>

namespace siena::devices::virtio {

class Virtqueue {
 public:
  struct Areas {
    AbsoluteAddress descriptors, available, used;
  };
  /// What feature negotiation decided.
  struct Modes {
    ByteOrder order = ByteOrder::Big;
    bool event_index = false;
    bool indirect = false;
  };

  /// Where requests are reported, and whose they are.
  struct Report {
    TraceSink* sink = nullptr;
    u8 device = 0; ///< virtio device id
    u8 queue = 0;
    u32 subchannel = TraceEvent::kNoSubchannel;
  };

  /// No chain is longer than this, counting the entries of an indirect table.
  static constexpr u32 kLongestChain = 1024;

  Virtqueue(mmu::AbsoluteStorage& storage, u16 maximum_size) : storage_(storage), maximum_size_(maximum_size) {}

  u16 maximum_size() const { return maximum_size_; }
  u16 size() const { return size_; }
  bool enabled() const { return size_ != 0; }
  bool broken() const { return broken_; }

  /// Puts the queue in operation. False, and the queue stays as it is, when the size is no power of two up to the maximum or
  /// an area is misaligned or not in main storage.
  bool enable(const Areas& areas, u16 size);
  /// The same with the layout of legacy drivers: one block of whole pages, the maximum size.
  bool enable_legacy(u64 block);
  void set_modes(const Modes& modes) { modes_ = modes; }
  void set_report(const Report& report) { report_ = report; }
  void reset();

  /// The next available chain. Without one the driver has been asked to notify the device about the next.
  bool pop(DescriptorChain& chain);
  /// The chain that starts at `head`, which has been popped before and not been pushed yet.
  bool walk(u16 head, DescriptorChain& chain);
  /// Gives a chain back, `written` bytes of which are new.
  void push(u16 head, u32 written);
  /// Whether the driver wants an interruption for what was pushed since the last call.
  bool take_interruption_wish();

  void save(SnapshotWriter& out) const;
  void restore(SnapshotReader& in);

 private:
  struct Descriptor {
    u64 address;
    u32 length;
    u16 flags;
    u16 next;
  };

  bool fits(const Areas& areas, u16 size) const;
  u16 load16(AbsoluteAddress a) const;
  void store16(AbsoluteAddress a, u16 value);
  void store32(AbsoluteAddress a, u32 value);
  std::optional<Descriptor> descriptor(AbsoluteAddress table, u32 index) const;
  bool add(const Descriptor& descriptor, DescriptorChain& chain) const;
  bool walk_table(AbsoluteAddress table, u32 entries, u32 first, bool nested, DescriptorChain& chain) const;
  u16 available_index() const { return load16(areas_.available + 2); }
  bool something_available();
  void report(std::string_view name, const TraceField (&about)[3]) const;
  bool fail() {
    broken_ = true;
    return false;
  }

  mmu::AbsoluteStorage& storage_;
  u16 maximum_size_;
  Modes modes_;
  Report report_;
  Areas areas_;
  u16 size_ = 0;           ///< 0: not in operation
  u16 next_available_ = 0; ///< free-running index of the next entry to take
  u16 next_used_ = 0;
  u16 signalled_ = 0; ///< next_used_ at the last take_interruption_wish
  bool broken_ = false;
};

} // namespace siena::devices::virtio
