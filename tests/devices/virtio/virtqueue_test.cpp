// SPDX-License-Identifier: BSD-3-Clause
// The device's side of a split virtqueue, alone: layouts, chains, suppression of notifications, broken rings.
#include "devices/virtio/virtqueue.h"
#include "tests/devices/memory_snapshot.h"

#include <gtest/gtest.h>

#include <random>

namespace siena::test {
namespace {

using namespace devices::virtio;

constexpr u64 kDescriptors = 0x10000, kAvailable = 0x11000, kUsed = 0x12000, kData = 0x20000;
constexpr u16 kSize = 8;

class VirtqueueRing : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(queue.enable({{kDescriptors}, {kAvailable}, {kUsed}}, kSize));
    modes({});
  }
  void modes(Virtqueue::Modes m) {
    modes_ = m;
    queue.set_modes(m);
  }
  template <typename T>
  void put(u64 address, T value) {
    u8 bytes[sizeof(T)];
    store(modes_.order, bytes, value);
    ASSERT_TRUE(storage->write({address}, bytes));
  }
  template <typename T>
  T get(u64 address) {
    u8 bytes[sizeof(T)];
    EXPECT_TRUE(storage->read({address}, bytes));
    return load<T>(modes_.order, bytes);
  }
  void descriptor(unsigned index, u64 address, u32 length, u16 flags, u16 next, u64 table = kDescriptors) {
    put(table + 16 * index, address);
    put(table + 16 * index + 8, length);
    put(table + 16 * index + 12, flags);
    put(table + 16 * index + 14, next);
  }
  void offer(u16 head) {
    put(kAvailable + 4 + 2u * (available % kSize), head);
    put(kAvailable + 2, ++available);
  }
  void use_one(u16 head) {
    offer(head);
    ASSERT_TRUE(queue.pop(chain));
    queue.push(head, 0);
  }

  std::unique_ptr<mmu::AbsoluteStorage> storage = std::move(mmu::AbsoluteStorage::create(1 << 20).value());
  Virtqueue queue{*storage, 256};
  Virtqueue::Modes modes_;
  DescriptorChain chain;
  u16 available = 0;
};

TEST_F(VirtqueueRing, AChainIsReadAndWrittenAcrossItsBuffers) {
  for (const ByteOrder order : {ByteOrder::Little, ByteOrder::Big}) {
    queue.reset();
    available = 0;
    modes({.order = order});
    put<u16>(kUsed + 2, 0);
    ASSERT_TRUE(queue.enable({{kDescriptors}, {kAvailable}, {kUsed}}, kSize));
    descriptor(3, kData, 3, 1, 5);
    descriptor(5, kData + 0x100, 2, 1, 0);
    descriptor(0, kData + 0x200, 4, 3, 7);
    descriptor(7, kData + 0x300, 4, 2, 0);
    ASSERT_TRUE(storage->write({kData}, std::vector<u8>{1, 2, 3}));
    ASSERT_TRUE(storage->write({kData + 0x100}, std::vector<u8>{4, 5}));
    offer(3);
    ASSERT_TRUE(queue.pop(chain));
    EXPECT_EQ(chain.head(), 3);
    EXPECT_EQ(chain.readable_length(), 5u);
    EXPECT_EQ(chain.writable_length(), 8u);
    std::vector<u8> bytes(10);
    EXPECT_EQ(chain.read(*storage, 1, bytes), 4u);
    EXPECT_EQ(bytes[0], 2);
    EXPECT_EQ(bytes[3], 5);
    EXPECT_EQ(chain.write(*storage, 2, std::vector<u8>{6, 7, 8, 9, 10, 11, 12}), 6u);
    EXPECT_EQ(storage->load<u16>({kData + 0x202}), 0x0607);
    EXPECT_EQ(storage->load<u32>({kData + 0x300}), 0x0809'0A0Bu);
    queue.push(3, 8);
    EXPECT_EQ(get<u32>(kUsed + 4), 3u);
    EXPECT_EQ(get<u32>(kUsed + 8), 8u);
    EXPECT_EQ(get<u16>(kUsed + 2), 1);
    EXPECT_FALSE(queue.pop(chain));
    EXPECT_FALSE(queue.broken());
  }
}

TEST_F(VirtqueueRing, IndirectTablesAreFollowedWhenNegotiated) {
  descriptor(2, 0x30000, 32, 4, 0);
  descriptor(0, kData, 3, 1, 1, 0x30000);
  descriptor(1, kData + 0x100, 5, 2, 0, 0x30000);
  modes({.order = ByteOrder::Big, .indirect = true});
  offer(2);
  ASSERT_TRUE(queue.pop(chain));
  EXPECT_EQ(chain.readable_length(), 3u);
  EXPECT_EQ(chain.writable_length(), 5u);
  modes({.order = ByteOrder::Big, .indirect = false});
  offer(2);
  EXPECT_FALSE(queue.pop(chain));
  EXPECT_TRUE(queue.broken());
}

TEST_F(VirtqueueRing, OnlyUsableAreasAndSizesAreAccepted) {
  const Virtqueue::Areas good{{kDescriptors}, {kAvailable}, {kUsed}};
  for (const int size : {0, 3, 257, 512, 65535}) EXPECT_FALSE(queue.enable(good, static_cast<u16>(size))) << size;
  EXPECT_FALSE(queue.enable({{kDescriptors + 8}, {kAvailable}, {kUsed}}, 8));
  EXPECT_FALSE(queue.enable({{kDescriptors}, {kAvailable + 1}, {kUsed}}, 8));
  EXPECT_FALSE(queue.enable({{kDescriptors}, {kAvailable}, {kUsed + 2}}, 8));
  EXPECT_FALSE(queue.enable({{0xFFFF0}, {kAvailable}, {kUsed}}, 2));
  EXPECT_FALSE(queue.enable({{kDescriptors}, {~u64{1}}, {kUsed}}, 8));
  EXPECT_FALSE(queue.enable({{kDescriptors}, {kAvailable}, {0x10'0000 - 64}}, 8));
  EXPECT_TRUE(queue.enable(good, 256));
  EXPECT_FALSE(queue.enable_legacy(0x1004));
  EXPECT_FALSE(queue.enable_legacy(0x10'0000));
  EXPECT_TRUE(queue.enable_legacy(0x40000));
}

TEST_F(VirtqueueRing, BrokenChainsBreakTheQueue) {
  const auto expect_broken = [&](const char* what) {
    offer(0);
    EXPECT_FALSE(queue.pop(chain)) << what;
    EXPECT_TRUE(queue.broken()) << what;
    EXPECT_FALSE(queue.pop(chain)) << what;
    ASSERT_TRUE(queue.enable({{kDescriptors}, {kAvailable}, {kUsed}}, kSize));
    EXPECT_FALSE(queue.broken());
    available = 0;
  };
  modes({.order = ByteOrder::Big, .indirect = true});
  descriptor(0, kData, 4, 1, 1);
  descriptor(1, kData, 4, 1, 0);
  expect_broken("a loop");
  descriptor(1, kData, 4, 1, 8);
  expect_broken("an index outside the table");
  descriptor(1, 0x10'0000 - 2, 4, 0, 0);
  expect_broken("a buffer over the end of storage");
  descriptor(1, ~u64{0}, 4, 0, 0);
  expect_broken("a buffer that wraps");
  descriptor(0, kData, 4, 3, 1);
  descriptor(1, kData, 4, 0, 0);
  expect_broken("a readable buffer behind a writable one");
  descriptor(0, 0x30000, 16, 5, 1);
  expect_broken("an indirect descriptor that goes on");
  descriptor(0, 0x30000, 24, 4, 0);
  expect_broken("an indirect table of one and a half entries");
  descriptor(0, 0x30000, 0, 4, 0);
  expect_broken("an empty indirect table");
  descriptor(0, 0x10'0000 - 16, 32, 4, 0);
  expect_broken("an indirect table outside storage");
  descriptor(0, 0x30000, 16, 4, 0);
  descriptor(0, 0x30000, 16, 4, 0, 0x30000);
  expect_broken("an indirect table inside an indirect table");
  descriptor(0, 0x30000, 0x10000, 4, 0);
  for (unsigned i = 0; i < 0x1000; ++i) descriptor(i, kData, 4, 1, static_cast<u16>(i + 1), 0x30000);
  expect_broken("an endless indirect table");
}

TEST_F(VirtqueueRing, AnImpossibleIndexBreaksTheQueue) {
  put<u16>(kAvailable + 2, kSize + 1);
  EXPECT_FALSE(queue.pop(chain));
  EXPECT_TRUE(queue.broken());
}

TEST_F(VirtqueueRing, AHeadOutsideTheTableBreaksTheQueue) {
  offer(kSize);
  EXPECT_FALSE(queue.pop(chain));
  EXPECT_TRUE(queue.broken());
}

TEST_F(VirtqueueRing, IndicesWrapAround) {
  descriptor(0, kData, 4, 0, 0);
  for (unsigned i = 0; i < 0x1'0010; ++i) use_one(0);
  EXPECT_EQ(get<u16>(kUsed + 2), 0x10);
  EXPECT_FALSE(queue.broken());
}

TEST_F(VirtqueueRing, TheDriversFlagSuppressesInterruptions) {
  descriptor(0, kData, 4, 0, 0);
  EXPECT_TRUE((use_one(0), queue.take_interruption_wish()));
  EXPECT_FALSE(queue.take_interruption_wish()); // nothing new
  put<u16>(kAvailable, 1);
  EXPECT_FALSE((use_one(0), queue.take_interruption_wish()));
}

TEST_F(VirtqueueRing, TheUsedEventSaysWhichBufferInterrupts) {
  modes({.order = ByteOrder::Little, .event_index = true});
  descriptor(0, kData, 4, 0, 0);
  const u64 used_event = kAvailable + 4 + 2 * kSize;
  EXPECT_TRUE((use_one(0), queue.take_interruption_wish()));
  put<u16>(used_event, 2);
  EXPECT_FALSE((use_one(0), queue.take_interruption_wish()));
  EXPECT_TRUE((use_one(0), queue.take_interruption_wish())); // entry 2 is used now
  EXPECT_FALSE((use_one(0), queue.take_interruption_wish()));
  put<u16>(used_event, 5);
  use_one(0);
  use_one(0);
  use_one(0);
  EXPECT_TRUE(queue.take_interruption_wish()); // passed on the way
}

TEST_F(VirtqueueRing, AnEmptyQueueAsksToBeNotifiedAboutTheNextEntry) {
  modes({.order = ByteOrder::Little, .event_index = true});
  descriptor(0, kData, 4, 0, 0);
  const u64 available_event = kUsed + 4 + 8 * kSize;
  use_one(0);
  use_one(0);
  EXPECT_EQ(get<u16>(available_event), 0);
  EXPECT_FALSE(queue.pop(chain));
  EXPECT_EQ(get<u16>(available_event), 2);
}

TEST_F(VirtqueueRing, ASnapshotRestoresPositionAndAreas) {
  modes({.order = ByteOrder::Little, .event_index = true});
  descriptor(0, kData, 4, 0, 0);
  use_one(0);
  use_one(0);
  (void)queue.take_interruption_wish();
  use_one(0);
  MemorySnapshotWriter out;
  queue.save(out);
  Virtqueue other(*storage, 256);
  MemorySnapshotReader in(out.snapshot);
  other.restore(in);
  other.set_modes(modes_);
  EXPECT_TRUE(in.ok());
  offer(0);
  ASSERT_TRUE(other.pop(chain));
  other.push(0, 9);
  EXPECT_EQ(get<u16>(kUsed + 2), 4);
  EXPECT_EQ(get<u32>(kUsed + 4 + 8 * 3 + 4), 9u);
  MemorySnapshotWriter again;
  queue.save(again);
  EXPECT_EQ(out.snapshot, again.snapshot);
}

TEST_F(VirtqueueRing, ASnapshotWithAreasOutsideStorageGivesABrokenQueue) {
  MemorySnapshotWriter out;
  for (const u64 n : {~u64{15}, ~u64{1}, ~u64{3}, u64{8}, u64{0}, u64{0}, u64{0}, u64{0}}) out.number(n);
  MemorySnapshotReader in(out.snapshot);
  queue.restore(in);
  EXPECT_TRUE(queue.broken());
  EXPECT_FALSE(queue.pop(chain));
}

TEST_F(VirtqueueRing, RandomRingsNeverHangOrEscape) {
  for (u32 seed = 0; seed < 20'000; ++seed) {
    std::mt19937 random(seed);
    ASSERT_TRUE(queue.enable({{kDescriptors}, {kAvailable}, {kUsed}}, kSize));
    modes({.order = random() % 2 != 0 ? ByteOrder::Little : ByteOrder::Big,
           .event_index = random() % 2 != 0,
           .indirect = random() % 2 != 0});
    for (unsigned i = 0; i < 2 * kSize; ++i) {
      const u64 address = random() % 8 == 0 ? random() : kData + random() % 0x1000;
      const u32 length = static_cast<u32>(random() % 8 == 0 ? random() : random() % 64);
      const u16 flags = static_cast<u16>(random() % 8);
      const u64 table = i < kSize ? kDescriptors : kData;
      descriptor(i % kSize,
                 flags == 4 && i < kSize ? kData : address,
                 flags == 4 ? 128 : length,
                 flags,
                 static_cast<u16>(random() % (kSize + 1)),
                 table);
    }
    for (unsigned i = 0; i < kSize; ++i) put(kAvailable + 4 + 2 * i, static_cast<u16>(random() % (kSize + 1)));
    put(kAvailable + 2, static_cast<u16>(random() % (kSize + 2)));
    put(kAvailable, static_cast<u16>(random() % 2));
    unsigned popped = 0;
    while (queue.pop(chain)) {
      ASSERT_LE(++popped, kSize) << "seed " << seed;
      std::vector<u8> bytes(100, 0x55);
      ASSERT_LE(chain.write(*storage, random() % 50, bytes), chain.writable_length());
      ASSERT_LE(chain.read(*storage, random() % 50, bytes), chain.readable_length());
      queue.push(chain.head(), 1);
      (void)queue.take_interruption_wish();
      if (popped == kSize) break; // what was written may have changed the ring's own index
    }
  }
}

} // namespace
} // namespace siena::test
