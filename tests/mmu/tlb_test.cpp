// SPDX-License-Identifier: BSD-3-Clause
#include "mmu/tlb.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace siena::mmu {
namespace {

constexpr u64 kVirtual = 0x7000'5000;
constexpr AbsoluteAddress kFrame{0x3000}, kOther{0x4000};
constexpr u64 kLeaf = 0x9028, kHostLeaf = 0xA030;

class TlbTest : public testing::Test {
 protected:
  TlbTest() : storage(std::move(AbsoluteStorage::create(0x100000).value())), tlb(*storage) {}

  /// An entry with every permission, as Cpu::fill makes it.
  TlbEntry& fill(TlbContext& context, AbsoluteAddress frame, u64 leaf, u64 host_leaf = 0) {
    const u64 i = TlbContext::index(kVirtual);
    TlbEntry& e = context.entries[i];
    e = {kVirtual, kVirtual, kVirtual, 0};
    e.set_host(kVirtual, storage->host(frame));
    context.leaf[i] = leaf;
    context.host_leaf[i] = host_leaf;
    tlb.filled(context, i, frame);
    return e;
  }
  static ContextKey own(u64 asce) {
    ContextKey key;
    key.asce = asce;
    return key;
  }
  static ContextKey guest(u64 asce) {
    ContextKey key = own(asce);
    key.host_space = 0x5000;
    key.flags = ContextKey::kInterpretive;
    return key;
  }

  std::unique_ptr<AbsoluteStorage> storage;
  Tlb tlb;
};

TEST_F(TlbTest, AFrameLosesItsStorePermissionInEveryContextAndNoOtherFrameDoes) {
  const TlbEntry& first = fill(*tlb.context(own(0x1000)), kFrame, kLeaf);
  const TlbEntry& second = fill(*tlb.context(guest(0x2000)), kFrame, kLeaf, kHostLeaf);
  const TlbEntry& third = fill(*tlb.context(own(0x3000)), kOther, kLeaf + 8);
  tlb.revoke_store(kFrame);
  for (const TlbEntry* e : {&first, &second}) {
    EXPECT_EQ(e->store_tag, TlbEntry::kNoTag);
    EXPECT_EQ(e->fetch_tag, kVirtual);
    EXPECT_EQ(e->execute_tag, kVirtual);
  }
  EXPECT_EQ(third.store_tag, kVirtual);
}

TEST_F(TlbTest, AnEntryIsRevokedByTheFrameThatItHasNow) {
  TlbContext& context = *tlb.context(own(0x1000));
  fill(context, kFrame, kLeaf);
  const TlbEntry& e = fill(context, kOther, kLeaf);
  tlb.revoke(kFrame);
  EXPECT_EQ(e.fetch_tag, kVirtual);
  tlb.revoke(kOther);
  EXPECT_EQ(e.frame(), nullptr);
}

TEST_F(TlbTest, APurgeEmptiesAContextHoweverManyEntriesHaveBeenFilled) {
  TlbContext& context = *tlb.context(own(0x1000));
  const auto in_use = [&] {
    return std::count_if(
        std::begin(context.entries), std::end(context.entries), [](const TlbEntry& e) { return e.frame() != nullptr; });
  };
  for (const u64 fills : {u64{1}, u64{TlbContext::kNoted}, TlbContext::kNoted + u64{1}, TlbContext::kEntries}) {
    EXPECT_TRUE(context.empty());
    for (u64 i = 0; i < fills; ++i) {
      const u64 va = kVirtual + i * kPageSize;
      TlbEntry& e = context.entry(va);
      e = {va, va, va, 0};
      e.set_host(va, storage->host(kFrame));
      tlb.filled(context, TlbContext::index(va), kFrame);
    }
    EXPECT_EQ(in_use(), static_cast<long>(fills));
    tlb.purge();
    EXPECT_EQ(in_use(), 0) << fills;
  }
}

TEST_F(TlbTest, AnEntryIsRevokedInAContextThatHasBeenPurgedAndFilledAgain) {
  TlbContext& context = *tlb.context(own(0x1000));
  fill(context, kFrame, kLeaf);
  tlb.purge();
  const TlbEntry& e = fill(context, kFrame, kLeaf);
  tlb.revoke(kFrame);
  EXPECT_EQ(e.frame(), nullptr);
}

TEST_F(TlbTest, GuestOnesLeafIsForgottenInItsOwnContextsAndInThoseOfItsGuests) {
  const TlbEntry& own_entry = fill(*tlb.context(own(0x1000)), kFrame, kHostLeaf);
  const TlbEntry& composed = fill(*tlb.context(guest(0x2000)), kFrame, kLeaf, kHostLeaf);
  const TlbEntry& same_number = fill(*tlb.context(guest(0x3000)), kFrame, kHostLeaf, kLeaf);
  tlb.invalidate_leaf(kHostLeaf, {});
  EXPECT_EQ(own_entry.frame(), nullptr);
  EXPECT_EQ(composed.frame(), nullptr);
  EXPECT_NE(same_number.frame(), nullptr) << "a guest's leaf at the same number is in the guest's storage";
}

TEST_F(TlbTest, ALeafOfTheSieHostGoesFromTheContextsOfItsGuestsAlone) {
  const TlbEntry& own_entry = fill(*tlb.context(own(0x1000)), kFrame, kHostLeaf);
  const TlbEntry& composed = fill(*tlb.context(guest(0x2000)), kFrame, kLeaf, kHostLeaf);
  tlb.drop_host_leaf(kHostLeaf);
  EXPECT_NE(own_entry.frame(), nullptr);
  EXPECT_EQ(composed.frame(), nullptr);
}

constexpr u64 kSegmentEntry = 0x6010, kPageTable = kLeaf & ~u64{0x7FF}, kElsewhere = kPageTable + 0x800;

TEST_F(TlbTest, ASegmentTableEntryTakesAlongWhatItsPageTableHas) {
  const TlbEntry& first = fill(*tlb.context(own(0x1000)), kFrame, kLeaf);
  const TlbEntry& second = fill(*tlb.context(own(0x2000)), kFrame, kPageTable + 0x7F8);
  const TlbEntry& other = fill(*tlb.context(own(0x3000)), kFrame, kElsewhere);
  const TlbEntry& before = fill(*tlb.context(own(0x4000)), kFrame, kPageTable - 8);
  tlb.invalidate_table_entry(kSegmentEntry, kPageTable, {});
  EXPECT_EQ(first.frame(), nullptr);
  EXPECT_EQ(second.frame(), nullptr);
  EXPECT_NE(other.frame(), nullptr);
  EXPECT_NE(before.frame(), nullptr);
}

TEST_F(TlbTest, ASegmentTableEntryIsTheLeafOfALargeFrame) {
  const TlbEntry& large = fill(*tlb.context(own(0x1000)), kFrame, kSegmentEntry);
  const TlbEntry& other = fill(*tlb.context(own(0x2000)), kFrame, kSegmentEntry + 8);
  tlb.invalidate_table_entry(kSegmentEntry, 0x10'0000 | 0x400, {});
  EXPECT_EQ(large.frame(), nullptr);
  EXPECT_NE(other.frame(), nullptr);
}

TEST_F(TlbTest, WithAnEntryThatNamesNoPageTableGoesAllThatIsGuestOnesOwn) {
  constexpr u64 kRegionThirdEntry = 0x7007, kInvalid = kPageTable | 0x20;
  for (const u64 was : {kRegionThirdEntry, kInvalid}) {
    const TlbEntry& own_entry = fill(*tlb.context(own(0x1000)), kFrame, kElsewhere);
    const TlbEntry& composed = fill(*tlb.context(guest(0x2000)), kFrame, kElsewhere, kHostLeaf);
    tlb.invalidate_table_entry(kSegmentEntry, was, {});
    EXPECT_EQ(own_entry.frame(), nullptr);
    EXPECT_NE(composed.frame(), nullptr) << "its half is in guest 1's shadow";
  }
}

TEST_F(TlbTest, AGuestsSegmentTableEntryConcernsTheGuestsOfItsHostsSpace) {
  const TranslationScope scope{true, 0x5000};
  const auto filled = [&] {
    return std::array{&fill(*tlb.context(own(0x1000)), kFrame, kLeaf),
                      &fill(*tlb.context(guest(0x2000)), kFrame, kLeaf, kHostLeaf),
                      &fill(*tlb.context(guest(0x3000)), kFrame, kElsewhere, kHostLeaf),
                      &fill(*tlb.context(guest(0x4000)), kFrame, kSegmentEntry, kHostLeaf)};
  };
  const auto entries = filled();
  tlb.invalidate_table_entry(kSegmentEntry, kPageTable, {true, 0x9000});
  for (const TlbEntry* e : entries) EXPECT_NE(e->frame(), nullptr) << "another space";
  tlb.invalidate_table_entry(kSegmentEntry, kPageTable, scope);
  EXPECT_NE(entries[0]->frame(), nullptr);
  EXPECT_EQ(entries[1]->frame(), nullptr);
  EXPECT_NE(entries[2]->frame(), nullptr);
  EXPECT_EQ(entries[3]->frame(), nullptr);
  (void)filled();
  tlb.invalidate_table_entry(kSegmentEntry, kPageTable | 0x20, scope);
  EXPECT_NE(entries[0]->frame(), nullptr);
  for (const std::size_t n : {1, 2, 3}) EXPECT_EQ(entries[n]->frame(), nullptr);
}

TEST_F(TlbTest, AContextThatIsUsedForSomebodyElseIsStillFoundByFrame) {
  for (u64 n = 0; n < 100; ++n) fill(*tlb.context(own(0x10000 * n)), kFrame, kLeaf);
  const TlbEntry& e = fill(*tlb.context(guest(0x2000)), kOther, kLeaf, kHostLeaf);
  tlb.revoke(kOther);
  EXPECT_EQ(e.frame(), nullptr);
}

} // namespace
} // namespace siena::mmu
