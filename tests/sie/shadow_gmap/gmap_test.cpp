// SPDX-License-Identifier: BSD-3-Clause
#include "sie/shadow_gmap/gmap.h"

#include <gtest/gtest.h>

namespace siena::sie::shadow_gmap {
namespace {

using mmu::TableLevel;

/// Remembers what translation holders are told to drop.
class FakeHolder final : public mmu::TranslationHolder {
 public:
  std::vector<u64> leaves, spaces;
  void revoke_store(AbsoluteAddress) override {}
  void revoke(AbsoluteAddress) override {}
  void drop_host_leaf(u64 leaf) override { leaves.push_back(leaf); }
  void drop_host_space(u64 host_space) override { spaces.push_back(host_space); }
};

/// Guest 1's storage of 16 MB with tables for one space: region-first to page, each one entry long unless a test adds to it.
struct ShadowGmap : ::testing::Test {
  static constexpr u64 kFirst = 0x10'0000, kSecond = 0x11'0000, kThird = 0x12'0000, kSegment = 0x13'0000,
                       kPages = 0x14'0000, kMorePages = 0x14'1000, kFrame = 0x80'0000;
  static constexpr u64 kInvalid = 0x20, kPageInvalid = 0x400, kProtected = 0x200, kFormatControl = 0x400;

  std::unique_ptr<mmu::AbsoluteStorage> storage = std::move(mmu::AbsoluteStorage::create(16 << 20).value());
  FakeHolder holder;
  Gmap gmap{*storage};
  SpaceName name{kFirst | 0xF, true, true};

  void SetUp() override {
    storage->frames().add_holder(&holder);
    for (const u64 table : {kFirst, kSecond, kThird, kSegment})
      for (unsigned i = 0; i < 2048; ++i) put(table + 8 * i, kInvalid);
    for (const u64 table : {kPages, kMorePages})
      for (unsigned i = 0; i < 256; ++i) put(table + 8 * i, kFrame + i * kPageSize);
    put(kFirst, kSecond | 0xF);
    put(kSecond, kThird | 0xB);
    put(kThird, kSegment | 0x7);
    put(kSegment, kPages);
    put(kSegment + 8, kMorePages);
  }
  void TearDown() override { storage->frames().remove_holder(&holder); }

  void put(u64 address, u64 value) { ASSERT_TRUE(storage->store<u64>({address}, value)); }
  mmu::DatResult walked(u64 address) const { return mmu::dat_walk({address}, name.asce, name.controls(), {*storage}); }
  mmu::DatResult shadowed(u64 address) { return gmap.translate(name, {address}); }
  void expect_as_walked(u64 address) {
    const mmu::DatResult a = walked(address), b = shadowed(address);
    EXPECT_EQ(a.translation.fault, b.translation.fault) << std::hex << address;
    EXPECT_EQ(a.translation.writable, b.translation.writable) << std::hex << address;
    EXPECT_EQ(a.translation.leaf, b.translation.leaf) << std::hex << address;
    if (a.translation.ok()) {
      EXPECT_EQ(a.real.value, b.real.value) << std::hex << address;
    }
  }
  const Statistics& count() const { return gmap.statistics(); }
};

TEST_F(ShadowGmap, TranslatesAsTheTablesDo) {
  for (const u64 a : {0x0ull, 0x5123ull, 0x10'3456ull, 0x20'0000ull, 0x8000'0000ull, 1ull << 42, 1ull << 53})
    expect_as_walked(a);
  name.asce = kSegment | 3;
  for (const u64 a : {0x5123ull, 0x20'0000ull, 0x8000'0000ull}) expect_as_walked(a);
}

TEST_F(ShadowGmap, ReadsEachTableEntryOnce) {
  (void)shadowed(0x5000);
  EXPECT_EQ(count().table_reads, 5u);
  (void)shadowed(0x5000);
  EXPECT_EQ(count().table_reads, 5u);
  EXPECT_EQ(count().hits, 1u);
  (void)shadowed(0x6000);
  EXPECT_EQ(count().table_reads, 6u);
}

TEST_F(ShadowGmap, TheSameTableBelowTwoEntriesHasTwoShadows) {
  put(kSegment + 16, kPages);
  (void)shadowed(0x5000);
  (void)shadowed(0x20'5000);
  put(kPages + 5 * 8, kFrame + 0x9000);
  EXPECT_EQ(shadowed(0x5000).real.value, kFrame + 0x9000);
  EXPECT_EQ(shadowed(0x20'5000).real.value, kFrame + 0x9000);
  EXPECT_EQ(count().removed_pages[0], 2u);
}

TEST_F(ShadowGmap, AnInvalidEntryBecomingValidRemovesNothing) {
  put(kPages + 7 * 8, kPageInvalid);
  (void)shadowed(0x6000);
  EXPECT_EQ(shadowed(0x7000).translation.fault, mmu::fault::kPageTranslation);
  put(kPages + 7 * 8, kFrame);
  EXPECT_EQ(shadowed(0x7000).real.value, kFrame);
  EXPECT_EQ(count().removed_pages[0], 0u);
  EXPECT_TRUE(holder.leaves.empty() && holder.spaces.empty());
}

TEST_F(ShadowGmap, AStoreToAPageTableEntryRemovesThatPage) {
  (void)shadowed(0x5000);
  (void)shadowed(0x6000);
  put(kPages + 5 * 8, kPageInvalid);
  EXPECT_EQ(holder.leaves, std::vector{kPages + 5 * 8});
  EXPECT_TRUE(holder.spaces.empty());
  expect_as_walked(0x5000);
  const u64 hits = count().hits;
  (void)shadowed(0x6000);
  EXPECT_EQ(count().hits, hits + 1);
}

TEST_F(ShadowGmap, AStoreThatChangesNothingThatCountsRemovesNothing) {
  (void)shadowed(0x5000);
  put(kPages + 5 * 8, kFrame + 5 * kPageSize + 0x33); // bits for software
  put(kPages + 0x800, 7);                             // behind the table
  EXPECT_EQ(count().removed_pages[0], 0u);
}

TEST_F(ShadowGmap, AStoreToAnUpperTableRemovesWhatHangsBelowTheEntry) {
  put(kSegment + 8, kMorePages | kProtected);
  (void)shadowed(0x5000);
  (void)shadowed(0x10'5000);
  put(kSegment + 8, kMorePages);
  EXPECT_EQ(count().removed_tables[0][static_cast<int>(TableLevel::Page)], 1u);
  EXPECT_EQ(holder.leaves, std::vector{kMorePages + 5 * 8}) << "the neighbour's translations stay as well";
  EXPECT_TRUE(holder.spaces.empty());
  const u64 reads = count().table_reads;
  (void)shadowed(0x5000);
  EXPECT_EQ(count().table_reads, reads) << "the neighbour stays";
  EXPECT_TRUE(shadowed(0x10'5000).translation.writable);
  EXPECT_EQ(count().table_reads, reads + 2);
  holder.leaves.clear();
  put(kSecond, kInvalid);
  EXPECT_EQ(count().removed_tables[0][static_cast<int>(TableLevel::RegionThird)], 1u);
  EXPECT_EQ(holder.leaves, (std::vector{kPages + 5 * 8, kMorePages + 5 * 8}));
  expect_as_walked(0x5000);
}

TEST_F(ShadowGmap, AStoreToTheUppermostTableRemovesTheShadow) {
  (void)shadowed(0x5000);
  put(kFirst + 8, kSecond | 0xF);
  EXPECT_EQ(gmap.spaces(), 1u) << "an entry that nobody has used";
  put(kFirst, kInvalid);
  EXPECT_EQ(gmap.spaces(), 0u);
  EXPECT_EQ(gmap.bytes(), 0u);
  EXPECT_EQ(holder.spaces, std::vector{name.host_space()});
  expect_as_walked(0x5000);
}

TEST_F(ShadowGmap, WhatADeviceStoresCountsToo) {
  (void)shadowed(0x5000);
  const u8 zeros[4096] = {};
  ASSERT_TRUE(storage->write({kPages}, zeros));
  EXPECT_EQ(shadowed(0x5000).real.value, 0u);
  storage->clear();
  EXPECT_EQ(gmap.spaces(), 0u);
}

TEST_F(ShadowGmap, FramesThatFeedNoShadowAreNotWatched) {
  const auto watched = [&](u64 a) { return storage->frames().armed({a}, mmu::FrameUse::Shadow); };
  EXPECT_FALSE(watched(kPages));
  (void)shadowed(0x5000);
  for (const u64 table : {kFirst, kSecond, kThird, kSegment, kPages}) EXPECT_TRUE(watched(table)) << std::hex << table;
  EXPECT_FALSE(watched(kSegment + 0x1000)) << "a table's other frames";
  put(kSegment, kInvalid);
  EXPECT_FALSE(watched(kPages));
  put(kFirst, kInvalid);
  for (const u64 table : {kFirst, kSecond, kThird, kSegment}) EXPECT_FALSE(watched(table)) << std::hex << table;
}

TEST_F(ShadowGmap, AnInvalidatedEntryIsReadAgain) {
  Gmap untracked{*storage, false, {}};
  (void)untracked.translate(name, {0x5000});
  EXPECT_FALSE(storage->frames().armed({kPages}, mmu::FrameUse::Shadow));
  put(kPages + 5 * 8, kFrame);
  EXPECT_EQ(untracked.translate(name, {0x5000}).real.value, kFrame + 0x5000) << "nobody has invalidated it";
  untracked.invalidate_entry(kPages + 5 * 8);
  EXPECT_EQ(holder.leaves, std::vector{kPages + 5 * 8});
  EXPECT_EQ(untracked.translate(name, {0x5000}).real.value, kFrame);
  put(kThird, kInvalid);
  untracked.invalidate_entry(kThird);
  EXPECT_EQ(untracked.translate(name, {0x5000}).translation.fault, mmu::fault::kRegionThird);
  put(kThird, kSegment | 0x7);
  (void)untracked.translate(name, {0x5000});
  put(kFirst, kInvalid);
  untracked.purge();
  EXPECT_EQ(untracked.spaces(), 0u);
  EXPECT_EQ(untracked.translate(name, {0x5000}).translation.fault, mmu::fault::kRegionFirst);
}

TEST_F(ShadowGmap, InvalidationByAsceNamesOriginAndType) {
  SpaceName other{kSegment | 3, true, true};
  (void)shadowed(0x5000);
  (void)gmap.translate(other, {0x5000});
  gmap.invalidate_space(kSegment | 0x1C0);
  EXPECT_EQ(gmap.spaces(), 1u);
  const u64 reads = count().table_reads;
  (void)shadowed(0x5000);
  EXPECT_EQ(count().table_reads, reads);
}

TEST_F(ShadowGmap, EnhancedDatLevelsHaveShadowsOfTheirOwn) {
  put(kSegment, kFrame | kFormatControl);
  EXPECT_EQ(shadowed(0x5123).real.value, kFrame + 0x5123);
  name.edat2 = name.edat1 = false;
  expect_as_walked(0x5123);
  EXPECT_EQ(gmap.spaces(), 2u);
  EXPECT_NE(name.host_space(), (SpaceName{name.asce, true, true}.host_space()));
}

TEST_F(ShadowGmap, LargeFramesAreTablesWithoutASource) {
  put(kThird + 8, kFormatControl | 0x4 | kProtected);
  put(kSegment + 24, kFrame | kFormatControl);
  for (const u64 a : {0x8000'0000ull, 0x8000'5123ull, 0xFFFF'F000ull, 0x30'0000ull, 0x3F'F123ull}) expect_as_walked(a);
  EXPECT_FALSE(storage->frames().armed({0}, mmu::FrameUse::Shadow));
  holder.leaves.clear();
  put(kSegment + 24, kPages);
  EXPECT_EQ(holder.leaves, std::vector{kSegment + 24});
  expect_as_walked(0x30'0000);
  put(kThird + 8, kFormatControl | 0x4);
  EXPECT_TRUE(shadowed(0x8000'5123).translation.writable);
}

TEST_F(ShadowGmap, TableOffsetAndLengthHoldBehindAnEntryThatIsShadowed) {
  put(kThird, kSegment | 0x40 | 0x4 | 1); // only the second quarter
  put(kSegment + 512 * 8, kPages);
  expect_as_walked(0x2000'5000);
  expect_as_walked(0x0000'5000);
  expect_as_walked(0x4000'5000);
  name.asce = kFirst | 0xC; // first quarter
  expect_as_walked(0x2000'5000);
  expect_as_walked(u64{513} << 53);
}

TEST_F(ShadowGmap, RealSpaceNeedsNoTables) {
  name.asce = kFirst | mmu::asce::kRealSpace;
  EXPECT_EQ(shadowed(0x1234'5678'9ABC).real.value, 0x1234'5678'9ABCu);
  EXPECT_EQ(gmap.bytes(), 0u);
  gmap.invalidate_space(name.asce);
  EXPECT_EQ(gmap.spaces(), 0u);
}

TEST_F(ShadowGmap, TablesOutsideStorageAreAddressingExceptions) {
  for (const u64 origin : {u64{0x7000'0000}, ~u64{0xFFF}}) {
    name.asce = origin | 0xF;
    expect_as_walked(0x5000);
    expect_as_walked(~u64{0xFFF});
  }
  name.asce = kFirst | 0xF;
  put(kSegment, 0x7000'0000);
  expect_as_walked(0x5000);
  put(kSegment, (16 << 20) - 0x800);
  expect_as_walked(0xF'F000);
}

TEST_F(ShadowGmap, ATableThatIsItsOwnPageTableFollowsItsStores) {
  put(kSegment, kSegment); // the segment table as a page table
  put(kSegment + 3 * 8, kFrame);
  expect_as_walked(0x3000);
  put(kSegment + 3 * 8, kFrame + 0x1000);
  expect_as_walked(0x3000);
  put(kSegment, kInvalid);
  expect_as_walked(0x3000);
}

TEST_F(ShadowGmap, TheOldestShadowsGoWhenThereIsNoRoom) {
  Gmap small{*storage, true, {.spaces = 2, .bytes = 64 << 10}};
  const SpaceName second{kSegment | 3, true, true}, third{kThird | 7, true, true};
  (void)small.translate(name, {0x5000}); // four tables of 16 KB: too much by itself
  (void)small.translate(name, {0x6000});
  EXPECT_EQ(small.spaces(), 1u);
  EXPECT_EQ(small.statistics().removed_spaces[static_cast<int>(Cause::Eviction)], 1u);
  (void)small.translate(second, {0x5000});
  (void)small.translate(third, {0x5000});
  (void)small.translate(third, {0x5000});
  EXPECT_LE(small.spaces(), 2u);
  EXPECT_LE(small.bytes(), 64u << 10);
  EXPECT_EQ(small.translate(name, {0x5000}).real.value, kFrame + 0x5000);
}

} // namespace
} // namespace siena::sie::shadow_gmap
