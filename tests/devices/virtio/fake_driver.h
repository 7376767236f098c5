// SPDX-License-Identifier: BSD-3-Clause
// A virtio-ccw driver for tests. It does what Linux's virtio_ccw and virtio_ring do: the same commands in the same order with
// the same flags and counts, rings in storage, interruptions taken and tested, indicators looked at.
#pragma once

#include "devices/virtio/byte_order.h"
#include "devices/virtio/ccw_transport.h"
#include "tests/devices/device_bench.h"

#include <optional>
#include <set>

namespace siena::test {

using devices::virtio::ByteOrder;

class FakeDriver {
 public:
  static constexpr u64 kVersion1 = u64{1} << 32;
  static constexpr u64 kIndirect = u64{1} << 28;
  static constexpr u64 kEventIndex = u64{1} << 29;

  /// `base` is the start of 512 KB of storage that belong to this driver.
  FakeDriver(DeviceBench& bench, u16 subchannel, u64 base = 0x10'0000)
      : bench_(bench), sch_(DeviceBench::id(subchannel)), base_(base), next_free_(base + 0x8000) {}

  u32 subchannel() const { return sch_; }
  ByteOrder order() const { return revision >= 1 ? ByteOrder::Little : ByteOrder::Big; }

  // --- commands ---

  /// One CCW with flags 0 and its data; true when it ended normally, `rejected` when with command reject.
  bool command(u8 code, std::vector<u8> data, u8 flags = 0, std::optional<u16> count = {}) {
    bench_.put(kBlock(), data.empty() ? std::vector<u8>{0} : data);
    bench_.put_ccw(kCcw(), code, flags, count.value_or(static_cast<u16>(data.size())), kBlock());
    rejected = false;
    u8 cc = bench_.ssch(sch_, kCcw());
    if (cc == 1) { // the device has something to say first
      take_interruptions();
      cc = bench_.ssch(sch_, kCcw());
    }
    if (cc != 0) return false;
    // Only the program's own event: completions of requests keep their time.
    bench_.events.advance(cpu::timing::microseconds(2));
    if (bench_.tsch(sch_) != 0) return false;
    answer = bench_.get(kBlock(), data.size());
    rejected = (bench_.irb.scsw.device_status & 2) != 0 && (bench_.irb.extended_control[0] & 0x80) != 0;
    return bench_.irb.scsw.device_status == 0x0C && bench_.irb.scsw.subchannel_status == 0;
  }

  bool set_revision(u16 wanted) {
    std::vector<u8> block(4);
    store_big(block.data(), wanted);
    return command(0x83, block);
  }
  bool reset() { return command(0x33, {}); }
  bool write_status(u8 status) { return command(0x31, {status}); }
  u8 read_status() {
    EXPECT_TRUE(command(0x72, {0xEE}));
    return answer[0];
  }
  u64 read_features() {
    EXPECT_TRUE(command(0x12, {0, 0, 0, 0, 0}));
    u64 features = devices::virtio::load<u32>(ByteOrder::Little, answer.data());
    if (revision < 1) return features;
    EXPECT_TRUE(command(0x12, {0, 0, 0, 0, 1}));
    return features | u64{devices::virtio::load<u32>(ByteOrder::Little, answer.data())} << 32;
  }
  void write_features(u64 features) {
    std::vector<u8> block(5);
    devices::virtio::store(ByteOrder::Little, block.data(), static_cast<u32>(features));
    EXPECT_TRUE(command(0x11, block));
    if (revision < 1) return;
    devices::virtio::store(ByteOrder::Little, block.data(), static_cast<u32>(features >> 32));
    block[4] = 1;
    EXPECT_TRUE(command(0x11, block));
  }
  template <typename T>
  T read_configuration(std::size_t offset) {
    EXPECT_TRUE(command(0x22, std::vector<u8>(offset + sizeof(T))));
    return devices::virtio::load<T>(order(), answer.data() + offset);
  }

  // --- bring-up ---

  /// As Linux: enable, newest revision that is not rejected, reset, status, features.
  void negotiate(u64 wanted, u16 newest = 2) {
    bench_.enable(sch_);
    revision = newest;
    while (!set_revision(revision)) {
      ASSERT_TRUE(rejected);
      ASSERT_NE(revision, 0);
      --revision;
    }
    ASSERT_TRUE(reset());
    ASSERT_TRUE(write_status(0x01));
    ASSERT_TRUE(write_status(0x03));
    features = read_features() & (wanted | (revision >= 1 ? kVersion1 : 0));
    write_features(features);
    if (revision >= 1) {
      ASSERT_TRUE(write_status(0x0B));
      ASSERT_EQ(read_status(), 0x0B);
    }
  }

  struct Queue {
    u16 size = 0;
    u64 descriptors = 0, available = 0, used = 0;
    u16 next_available = 0, last_used = 0;
    std::vector<u16> free;
    s64 cookie = 0;
  };

  u16 queue_maximum(u16 index) {
    std::vector<u8> block(4);
    store_big(block.data(), index);
    EXPECT_TRUE(command(0x32, block));
    return load_big<u16>(answer.data() + 2);
  }

  /// Lays out and registers queue `index`, with `size` entries or the maximum.
  void setup_queue(u16 index, u16 size = 0) {
    Queue q;
    const u16 maximum = queue_maximum(index);
    ASSERT_NE(maximum, 0);
    q.size = size != 0 ? size : maximum;
    const u64 n = q.size;
    q.descriptors = allocate(16 * n + 6 + 2 * n + 4096 + 6 + 8 * n, 4096);
    q.available = q.descriptors + 16 * n;
    q.used = (q.available + 6 + 2 * n + 4095) & ~u64{4095};
    for (u16 i = 0; i < q.size; ++i) q.free.push_back(static_cast<u16>(q.size - 1 - i));
    bench_.put(q.descriptors, std::vector<u8>(q.used + 6 + 8 * n - q.descriptors));
    std::vector<u8> block;
    if (revision >= 1) {
      block.resize(32);
      store_big(block.data(), q.descriptors);
      store_big(block.data() + 12, index);
      store_big(block.data() + 14, q.size);
      store_big(block.data() + 16, q.available);
      store_big(block.data() + 24, q.used);
    } else {
      block.resize(16);
      store_big(block.data(), q.descriptors);
      store_big(block.data() + 8, u32{4096});
      store_big(block.data() + 12, index);
      store_big(block.data() + 14, q.size);
    }
    ASSERT_TRUE(command(0x13, block));
    if (queues.size() <= index) queues.resize(index + 1u);
    queues[index] = q;
  }

  void set_classic_indicators() {
    bench_.put(kIndicators(), std::vector<u8>(8));
    ASSERT_TRUE(command(0x43, address_block(kIndicators())));
  }
  void set_configuration_indicators() {
    bench_.put(kConfigurationIndicators(), std::vector<u8>(8));
    ASSERT_TRUE(command(0x53, address_block(kConfigurationIndicators())));
  }
  /// With the first queue's bit at `first_bit`.
  void set_adapter_indicators(u64 first_bit, u8 isc = 3) {
    bench_.put(kSummary(), {0});
    bench_.put(kIndicators(), std::vector<u8>(32));
    std::vector<u8> block(25);
    store_big(block.data(), kSummary());
    store_big(block.data() + 8, kIndicators());
    store_big(block.data() + 16, first_bit);
    block[24] = isc;
    first_bit_ = first_bit;
    ASSERT_TRUE(command(0x73, block, 0x20));
    adapter_ = true;
  }
  void driver_ok() { ASSERT_TRUE(write_status(revision >= 1 ? 0x0F : 0x07)); }

  /// Everything, with `queue_count` queues.
  void bring_up(u16 queue_count, u64 wanted = ~u64{0}, u16 newest = 2, bool adapter = true) {
    negotiate(wanted, newest);
    for (u16 i = 0; i < queue_count; ++i) setup_queue(i);
    if (adapter)
      set_adapter_indicators(5);
    else
      set_classic_indicators();
    set_configuration_indicators();
    driver_ok();
  }

  // --- rings ---

  struct Buffer {
    u64 address = 0;
    u32 length = 0;
    bool writable = false;
  };

  u64 allocate(u64 length, u64 alignment = 16) {
    next_free_ = (next_free_ + alignment - 1) & ~(alignment - 1);
    const u64 address = next_free_;
    next_free_ += length;
    EXPECT_LE(next_free_, base_ + 0x8'0000);
    return address;
  }
  Buffer readable(const std::vector<u8>& bytes) {
    const u64 address = allocate(bytes.size() + 1);
    bench_.put(address, bytes);
    return {address, static_cast<u32>(bytes.size()), false};
  }
  Buffer writable(u32 length) { return {allocate(length + 1), length, true}; }

  void put_descriptor(u64 at, u64 address, u32 length, u16 flags, u16 next) {
    std::vector<u8> bytes(16);
    devices::virtio::store(order(), bytes.data(), address);
    devices::virtio::store(order(), bytes.data() + 8, length);
    devices::virtio::store(order(), bytes.data() + 12, flags);
    devices::virtio::store(order(), bytes.data() + 14, next);
    bench_.put(at, bytes);
  }

  /// Makes a chain available without notifying; answers its head.
  u16 add(u16 index, const std::vector<Buffer>& buffers) {
    Queue& q = queues[index];
    std::vector<u16> used;
    for (std::size_t i = 0; i < buffers.size(); ++i) {
      used.push_back(q.free.back());
      q.free.pop_back();
    }
    for (std::size_t i = 0; i < buffers.size(); ++i) {
      const bool last = i + 1 == buffers.size();
      const auto flags = static_cast<u16>((last ? 0 : 1) | (buffers[i].writable ? 2 : 0));
      put_descriptor(
          q.descriptors + 16u * used[i], buffers[i].address, buffers[i].length, flags, last ? u16{0} : used[i + 1]);
    }
    chains_[{index, used[0]}] = used;
    make_available(index, used[0]);
    return used[0];
  }
  /// The same through an indirect table.
  u16 add_indirect(u16 index, const std::vector<Buffer>& buffers) {
    Queue& q = queues[index];
    const u64 table = allocate(16 * buffers.size());
    for (std::size_t i = 0; i < buffers.size(); ++i) {
      const bool last = i + 1 == buffers.size();
      const auto flags = static_cast<u16>((last ? 0 : 1) | (buffers[i].writable ? 2 : 0));
      put_descriptor(
          table + 16 * i, buffers[i].address, buffers[i].length, flags, last ? u16{0} : static_cast<u16>(i + 1));
    }
    const u16 head = q.free.back();
    q.free.pop_back();
    put_descriptor(q.descriptors + 16u * head, table, static_cast<u32>(16 * buffers.size()), 4, 0);
    chains_[{index, head}] = {head};
    make_available(index, head);
    return head;
  }
  void make_available(u16 index, u16 head) {
    Queue& q = queues[index];
    put16(q.available + 4 + 2u * (q.next_available % q.size), head);
    put16(q.available + 2, ++q.next_available);
  }

  s64 notify(u16 index) {
    Queue& q = queues[index];
    q.cookie = bench_.css.notify_virtqueue(sch_, index, static_cast<u64>(q.cookie));
    return q.cookie;
  }
  /// Whether Linux would notify the device about entries [from, next_available).
  bool device_wants_notification(u16 index, u16 from) {
    const Queue& q = queues[index];
    if ((features & kEventIndex) == 0) return (get16(q.used) & 1) == 0;
    const u16 event = get16(q.used + 4 + 8u * q.size);
    return static_cast<u16>(q.next_available - event - 1) < static_cast<u16>(q.next_available - from);
  }

  struct Used {
    u32 head = 0;
    u32 length = 0;
  };
  /// The next used buffer; with event index also asks for an interruption for the one after it.
  std::optional<Used> take_used(u16 index) {
    Queue& q = queues[index];
    if (get16(q.used + 2) == q.last_used) return std::nullopt;
    const u64 entry = q.used + 4 + 8u * (q.last_used % q.size);
    const auto bytes = bench_.get(entry, 8);
    const Used used{devices::virtio::load<u32>(order(), bytes.data()),
                    devices::virtio::load<u32>(order(), bytes.data() + 4)};
    ++q.last_used;
    if ((features & kEventIndex) != 0) put16(q.available + 4 + 2u * q.size, q.last_used);
    for (const u16 d : chains_[{index, static_cast<u16>(used.head)}]) q.free.push_back(d);
    return used;
  }

  /// Takes all pending interruptions as the interruption handlers do; answers the queues that were signalled.
  std::set<unsigned> take_interruptions() {
    std::set<unsigned> result;
    while (const auto interruption = bench_.css.take_interruption(0xFF)) {
      if ((interruption->identification & 0x8000'0000) != 0) {
        ++adapter_interruptions;
        if (bench_.get(kSummary(), 1)[0] == 0) continue;
        bench_.put(kSummary(), {0});
        auto bits = bench_.get(kIndicators(), 32);
        for (unsigned q = 0; q < queues.size(); ++q) {
          const u64 bit = first_bit_ + q;
          if ((bits[bit / 8] & (0x80 >> bit % 8)) == 0) continue;
          bits[bit / 8] = static_cast<u8>(bits[bit / 8] & ~(0x80 >> bit % 8));
          result.insert(q);
        }
        bench_.put(kIndicators(), bits);
      } else {
        ++classic_interruptions;
        EXPECT_EQ(bench_.tsch(sch_), 0);
        EXPECT_EQ(bench_.irb.scsw.control & 0x1F, 0x11);
        EXPECT_EQ(bench_.irb.scsw.device_status, 0);
        if (!adapter_) {
          const u64 bits = load_big<u64>(bench_.get(kIndicators(), 8).data());
          for (unsigned q = 0; q < 64; ++q)
            if ((bits >> q & 1) != 0) result.insert(q);
          bench_.put(kIndicators(), std::vector<u8>(8));
        }
        if (load_big<u64>(bench_.get(kConfigurationIndicators(), 8).data()) == 1) {
          ++configuration_changes;
          bench_.put(kConfigurationIndicators(), std::vector<u8>(8));
        }
      }
    }
    return result;
  }

  u16 get16(u64 address) { return devices::virtio::load<u16>(order(), bench_.get(address, 2).data()); }
  void put16(u64 address, u16 value) {
    std::vector<u8> bytes(2);
    devices::virtio::store(order(), bytes.data(), value);
    bench_.put(address, bytes);
  }

  u16 revision = 0;
  u64 features = 0;
  bool rejected = false;
  std::vector<u8> answer;
  std::vector<Queue> queues;
  int adapter_interruptions = 0;
  int classic_interruptions = 0;
  int configuration_changes = 0;

  u32 kCcw() const { return static_cast<u32>(base_); }
  u32 kBlock() const { return static_cast<u32>(base_ + 0x1000); }
  u64 kIndicators() const { return base_ + 0x2000; }
  u64 kConfigurationIndicators() const { return base_ + 0x2100; }
  u64 kSummary() const { return base_ + 0x2200; }

 private:
  static std::vector<u8> address_block(u64 address) {
    std::vector<u8> block(8);
    store_big(block.data(), address);
    return block;
  }

  DeviceBench& bench_;
  u32 sch_;
  u64 base_, next_free_;
  bool adapter_ = false;
  u64 first_bit_ = 0;
  std::map<std::pair<u16, u16>, std::vector<u16>> chains_;
};

} // namespace siena::test
