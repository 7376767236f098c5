// SPDX-License-Identifier: BSD-3-Clause
// A guest's storage, found in tables that are made up: what a walk would answer for each page, megabyte and region.
#include "frontends/dump/guest_source.h"

#include "base/address.h"
#include "frontends/dump/core_file.h"
#include "tests/host/temporary.h"

#include <gmock/gmock.h>

#include <map>
#include <set>

namespace siena::frontends::dump {
namespace {
namespace fault = mmu::fault;
using ::testing::ElementsAre;
using ::testing::FieldsAre;
using ::testing::HasSubstr;

constexpr u64 kMegabyte = u64{1} << 20, kGigabyte = u64{1} << 30;

/// The tables of a SIE host whose space has three levels: 4 TB.
class Tables final : public mmu::SieHostSpace {
 public:
  mmu::Translation translate(u64 guest_absolute, mmu::Access) override {
    ++asked;
    const u64 address = origin + guest_absolute;
    mmu::Translation t;
    t.fault = answer(address);
    if (t.ok()) t.page = {pages.at(address & kPageMask)};
    return t;
  }
  void map(u64 address, u64 frame) {
    pages[address] = frame;
    megabytes.insert(address / kMegabyte);
    regions.insert(address / (2 * kGigabyte));
  }
  /// A page table without a page.
  void touch(u64 address) {
    megabytes.insert(address / kMegabyte);
    regions.insert(address / (2 * kGigabyte));
  }

  u64 origin = 0;
  bool endless = false; ///< every segment-table entry refers to a page table
  std::map<u64, u64> pages;
  std::set<u64> megabytes, regions;
  unsigned asked = 0;

 private:
  u16 answer(u64 address) const {
    if (endless) return fault::kPageTranslation;
    if (address >= u64{1} << 42) return fault::kAsceType;
    if (!regions.contains(address / (2 * kGigabyte))) return fault::kRegionThird;
    if (!megabytes.contains(address / kMegabyte)) return fault::kSegmentTranslation;
    return pages.contains(address & kPageMask) ? fault::kNone : fault::kPageTranslation;
  }
};

class GuestsStorage : public ::testing::Test {
 protected:
  GuestSource source(u64 last = ~u64{0}) {
    return std::move(
        GuestSource::create(*storage, {.tables = tables, .origin = tables.origin, .last = last}, {}).value());
  }
  std::unique_ptr<mmu::AbsoluteStorage> storage = std::move(mmu::AbsoluteStorage::create(8 * kMegabyte).value());
  Tables tables;
};

TEST_F(GuestsStorage, EndsWithTheLastMegabyteThatHasAPageTable) {
  tables.map(0, 0x10'0000);
  tables.map(5 * kMegabyte + 0x3000, 0x20'0000);
  EXPECT_THAT(source().storage(), ElementsAre(FieldsAre(0, 6 * kMegabyte)));
}

TEST_F(GuestsStorage, BeginsAtZeroThoughNothingIsThere) {
  tables.touch(kGigabyte);
  EXPECT_THAT(source().storage(), ElementsAre(FieldsAre(0, kGigabyte + kMegabyte)));
}

TEST_F(GuestsStorage, HasHolesOfTwoGigabytesAndMore) {
  tables.touch(0);
  tables.touch(3 * kGigabyte);
  tables.touch(100 * kGigabyte);
  EXPECT_THAT(
      source().storage(),
      ElementsAre(FieldsAre(0, kMegabyte), FieldsAre(3 * kGigabyte, kMegabyte), FieldsAre(100 * kGigabyte, kMegabyte)));
}

TEST_F(GuestsStorage, IsFoundWithoutLookingAtEachPage) {
  tables.touch(0);
  tables.touch(1000 * kGigabyte);
  (void)source();
  EXPECT_LT(tables.asked, 10'000u);
}

TEST_F(GuestsStorage, IsNothingWhenNothingIsMapped) { EXPECT_TRUE(source().storage().empty()); }

TEST_F(GuestsStorage, EndsAtItsLimit) {
  tables.touch(0);
  tables.touch(kMegabyte);
  tables.touch(2 * kMegabyte);
  EXPECT_THAT(source(2 * kMegabyte - 1).storage(), ElementsAre(FieldsAre(0, 2 * kMegabyte)));
}

TEST_F(GuestsStorage, BeginsAtItsOrigin) {
  tables.origin = 5 * kGigabyte + 3 * kMegabyte;
  tables.map(tables.origin + 0x1000, 0x4000);
  tables.touch(6 * kGigabyte); // the next region of 2 GB in the SIE host's space, not in the guest's
  ASSERT_TRUE(storage->store<u64>({0x4008}, 42));
  const auto guest = source();
  EXPECT_THAT(guest.storage(), ElementsAre(FieldsAre(0, kGigabyte - 2 * kMegabyte)));
  u8 bytes[8];
  EXPECT_EQ(guest.read(0x1008, bytes), 0u);
  EXPECT_EQ(load_big<u64>(bytes), 42u);
}

TEST_F(GuestsStorage, IsReadPageByPageAndZeroWhereThereIsNone) {
  tables.map(0x1000, 0x30'0000);
  tables.map(0x2000, 0x7000);
  tables.map(0x3000, 9 * kMegabyte); // a frame outside storage
  ASSERT_TRUE(storage->store<u64>({0x30'0FF8}, 0x1111));
  ASSERT_TRUE(storage->store<u64>({0x7000}, 0x2222));
  const auto guest = source();
  std::vector<u8> bytes(16, 0xFF);
  EXPECT_EQ(guest.read(0x1FF8, bytes), 0u);
  EXPECT_EQ(load_big<u64>(bytes.data()), 0x1111u);
  EXPECT_EQ(load_big<u64>(bytes.data() + 8), 0x2222u);
  bytes.assign(5 * kPageSize, 0xFF);
  EXPECT_EQ(guest.read(0, bytes), 3 * kPageSize);
  EXPECT_EQ(bytes[0], 0u);
  EXPECT_EQ(load_big<u64>(bytes.data() + 0x1FF8), 0x1111u);
  EXPECT_EQ(bytes[0x3000], 0u);
  EXPECT_EQ(bytes.back(), 0u);
}

TEST_F(GuestsStorage, MayNotBeEndless) {
  tables.endless = true;
  const auto guest = GuestSource::create(*storage, {.tables = tables}, {});
  ASSERT_FALSE(guest.ok());
  EXPECT_THAT(guest.error().message, HasSubstr("has no end"));
}

TEST_F(GuestsStorage, IsDumpedWithTheCpusThatTheCallerKnows) {
  test::TemporaryDirectory directory;
  tables.map(0x1000, 0x30'0000);
  tables.touch(10 * kGigabyte);
  ASSERT_TRUE(storage->store<u64>({0x30'0000}, 0x0123'4567'89AB'CDEF));
  CpuState state;
  state.address = 3;
  const auto guest = GuestSource::create(*storage, {.tables = tables}, {state});
  ASSERT_TRUE(guest.ok());
  const auto written = write_core(guest.value(), directory.path("core"));
  ASSERT_TRUE(written.ok());
  EXPECT_EQ(written.value().cpus, 1u);
  EXPECT_EQ(written.value().missing, 2 * kMegabyte - kPageSize);
  EXPECT_THAT(test::content_of(directory.path("core")), HasSubstr("\x01\x23\x45\x67\x89\xAB\xCD\xEF"));
}

} // namespace
} // namespace siena::frontends::dump
