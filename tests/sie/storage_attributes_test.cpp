// SPDX-License-Identifier: BSD-3-Clause
#include "tests/sie/sie_machine.h"

namespace siena::sie::testing {
namespace {

constexpr u64 kList = 0x1'6000;
constexpr u64 kZero = 0x8000'0000, kGuestChange = 0x0002'0000'0000'0000, kLock = 0x0080'0000'0000'0000;
constexpr u64 usage(u64 state) { return state << 24; }
constexpr u64 kStable = 0, kUnused = 1, kPotentiallyVolatile = 2, kVolatile = 3;

/// The guest's storage is mapped by 4-KB pages of the SIE host, at host-virtual 0. The page that is looked at is 0x5000.
struct SieStorageAttributes : ::testing::Test {
  SieMachine m;
  HostTables tables{m, 0x40'0000};
  static constexpr u64 kCode = SieMachine::kGuestCode, kPage = 0x5000;

  void SetUp() override {
    tables.map_guest();
    m.cpu().cr[1] = tables.asce();
    m.sd.mso = 0;
    m.sd.msl = SieMachine::kGuestSize - 0x10'0000;
    m.sd.ecb2 = ecb2::kStorageAttributes;
    m.sd.cbrlo = kList;
    m.cpu().gr[2] = kPage;
  }
  u64 status() const { return m.load(tables.entry(kPage) + 0x800); }
  void set_status(u64 value) { m.put<u64>(tables.entry(kPage) + 0x800, value); }
  void take_page_away() { tables.map(kPage, 0, HostTables::kInvalid); }

  u8 run(std::string_view code) {
    m.guest_code(std::string(code) + "83020044");
    m.sd.gpsw_mask = SieMachine::kWide;
    m.sd.gpsw_address = kCode;
    m.sd.icptcode = 0xFF;
    m.put<u16>(0x8E, 0);
    m.run();
    return m.sd.icptcode;
  }
  /// ESSA 1,2 with this request is executed; the first operand.
  u64 request(unsigned code) {
    const std::string text = std::string("B9AB") + "01234567"[code] + "012";
    m.cpu().gr[1] = 0x99;
    EXPECT_EQ(run(text), 0x04) << text;
    EXPECT_EQ(m.sd.ipa, 0x8302) << text;
    return m.cpu().gr[1];
  }
};

TEST_F(SieStorageAttributes, AreTheSieHostsUnlessItAsksForInterpretation) {
  m.sd.ecb2 = 0;
  EXPECT_EQ(run("B9AB1012"), 0x04);
  EXPECT_EQ(m.sd.ipa, 0xB9AB);
  EXPECT_EQ(m.sd.ipb, 0x1012'0000u);
  EXPECT_EQ(m.sd.gpsw_address, kCode + 4);
}

TEST_F(SieStorageAttributes, StateOfAResidentPageIsKeptInItsStatusEntry) {
  EXPECT_EQ(request(0), kStable << 2);
  EXPECT_EQ(request(2), kStable << 2) << "the state as it was";
  EXPECT_EQ(status(), usage(kUnused));
  EXPECT_EQ(request(3), kUnused << 2);
  EXPECT_EQ(status(), usage(kVolatile));
  EXPECT_EQ(request(4), kVolatile << 2);
  EXPECT_EQ(status(), usage(kPotentiallyVolatile));
  EXPECT_EQ(request(6), kPotentiallyVolatile << 2);
  EXPECT_EQ(status(), usage(kStable));
  EXPECT_EQ(request(2), 0u);
  EXPECT_EQ(request(1), kUnused << 2);
  EXPECT_EQ(status(), usage(kStable));
  EXPECT_EQ(request(2), 0u);
  EXPECT_EQ(request(5), kUnused << 2);
  EXPECT_EQ(status(), usage(kStable));
  EXPECT_EQ(m.sd.cbrlo, kList) << "nothing to release";
}

TEST_F(SieStorageAttributes, PageWithoutTranslationTablesIsMarkedInItsStatusEntry) {
  constexpr u64 kNoTranslate = 0x4000'0000;
  EXPECT_EQ(request(7), 0u);
  EXPECT_EQ(status(), kNoTranslate);
  EXPECT_EQ(request(2), 0x20u);
  EXPECT_EQ(status(), kNoTranslate | usage(kUnused));
  take_page_away();
  EXPECT_EQ(request(6), 0x20 | kUnused << 2 | 2);
  EXPECT_EQ(request(5), 0x20 | kUnused << 2 | 2);
  EXPECT_EQ(status(), kNoTranslate | usage(kStable));
  EXPECT_EQ(request(1), 0x20 | 2u);
  EXPECT_EQ(status(), usage(kStable));
  EXPECT_EQ(request(7), 2u) << "no reason to release it";
  EXPECT_EQ(m.sd.cbrlo, kList);
}

TEST_F(SieStorageAttributes, MissingPageThatIsGivenUpGoesToTheReleaseList) {
  for (const unsigned code : {2u, 3u}) {
    m.sd.cbrlo = kList;
    m.put<u64>(kList, 0);
    take_page_away();
    set_status(0);
    EXPECT_EQ(request(code), 2u) << "preserved by the SIE host";
    EXPECT_EQ(status(), kZero | usage(code == 2 ? kUnused : kVolatile));
    EXPECT_EQ(m.load(kList), kPage);
    EXPECT_EQ(m.sd.cbrlo, kList + 8);
    EXPECT_EQ(request(0), (code == 2 ? kUnused : kVolatile) << 2 | 3) << "zero from now on";
    EXPECT_EQ(m.sd.cbrlo, kList + 8);
  }
}

TEST_F(SieStorageAttributes, MissingPageBecomesPotentiallyVolatileOnlyIfUnchanged) {
  take_page_away();
  set_status(kGuestChange);
  EXPECT_EQ(request(4), 2u);
  EXPECT_EQ(status(), kGuestChange | usage(kStable));
  EXPECT_EQ(m.sd.cbrlo, kList);
  set_status(0);
  EXPECT_EQ(request(4), 2u);
  EXPECT_EQ(status(), kZero | usage(kVolatile));
  EXPECT_EQ(m.sd.cbrlo, kList + 8);
  set_status(kZero);
  EXPECT_EQ(request(4), 3u);
  EXPECT_EQ(status(), kZero | usage(kVolatile));
  EXPECT_EQ(m.sd.cbrlo, kList + 8);
}

TEST_F(SieStorageAttributes, StableIfResidentLeavesAMissingPageAsItIs) {
  take_page_away();
  set_status(usage(kUnused));
  EXPECT_EQ(request(6), kUnused << 2 | 2);
  EXPECT_EQ(status(), usage(kUnused));
  EXPECT_EQ(request(1), kUnused << 2 | 2);
  EXPECT_EQ(status(), usage(kStable));
}

TEST_F(SieStorageAttributes, FullReleaseListIsAnInterception) {
  take_page_away();
  m.sd.cbrlo = kList + 510 * 8;
  EXPECT_EQ(request(2), 2u);
  EXPECT_EQ(m.load(kList + 510 * 8), kPage);
  EXPECT_EQ(m.sd.cbrlo, kList + 511 * 8);
  set_status(0);
  EXPECT_EQ(run("B9AB2012"), 0x04);
  EXPECT_EQ(m.sd.ipa, 0xB9AB);
  EXPECT_EQ(status(), 0u);
  EXPECT_EQ(m.sd.cbrlo, kList + 511 * 8);
}

TEST_F(SieStorageAttributes, WithoutAReleaseListTheyAreTheSieHosts) {
  for (const u64 list : {u64{0}, u64{0x1000}, u64{SieMachine::kStorageSize}}) {
    m.sd.cbrlo = list;
    EXPECT_EQ(run("B9AB2012"), 0x04);
    EXPECT_EQ(m.sd.ipa, 0xB9AB) << list;
  }
}

TEST_F(SieStorageAttributes, UnknownRequestIsASpecificationException) {
  EXPECT_EQ(run("B9AB8012"), 0x08);
  EXPECT_EQ(m.intercepted_code(), 6);
  m.system.words[147 / 64] &= ~bit(147 % 64);
  EXPECT_EQ(run("B9AB7012"), 0x08);
  EXPECT_EQ(m.intercepted_code(), 6);
}

TEST_F(SieStorageAttributes, StatusEntryThatSomebodyElseHoldsIsTheSieHostsBusiness) {
  set_status(kLock);
  EXPECT_EQ(run("B9AB2012"), 0x04);
  EXPECT_EQ(m.sd.ipa, 0xB9AB);
  EXPECT_EQ(status(), kLock);
}

TEST_F(SieStorageAttributes, PageWithoutATableEntryIsATranslationExceptionOfTheSieHost) {
  m.sd.msl = 0x7FF0'0000;
  m.cpu().gr[2] = 0x1000'5000;
  EXPECT_EQ(run("B9AB2012"), 0x00);
  EXPECT_EQ(m.host_code(), 0x10);
  EXPECT_EQ(m.sd.gpsw_address, kCode);
}

TEST_F(SieStorageAttributes, StateOfALargeFramesPageIsTheFramesOwn) {
  m.put<u64>(tables.segment_entry(0), SieMachine::kGuest | 0x400);
  EXPECT_EQ(request(2), 0u);
  EXPECT_EQ(request(0), kUnused << 2);
  EXPECT_EQ(m.storage().frames().page_state({SieMachine::kGuest + kPage}), kUnused);
}

} // namespace
} // namespace siena::sie::testing
