// SPDX-License-Identifier: BSD-3-Clause
#include "tests/sie/sie_machine.h"

namespace siena::sie::testing {
namespace {

using cpu::Psw;

// Page-status-table entry: the guest's key in bits 0-4; lock; host and guest backups of reference (4) and change (2).
constexpr u64 kAccess3 = 0x3000'0000'0000'0000, kFetchProtection = 0x0800'0000'0000'0000, kLock = 0x0080'0000'0000'0000,
              kHostReference = 0x0040'0000'0000'0000, kHostChange = 0x0020'0000'0000'0000,
              kGuestReference = 0x0004'0000'0000'0000, kGuestChange = 0x0002'0000'0000'0000;
constexpr u64 kSoftware = 0x0000'6000'0123'4567; // bits that are none of the machine's business here

/// The guest's storage is mapped by 4-KB pages of the SIE host, at host-virtual 0. The page that is looked at is 0x5000.
struct SieGuestKeys : ::testing::Test {
  SieMachine m;
  HostTables tables{m, 0x40'0000};
  static constexpr u64 kCode = SieMachine::kGuestCode, kPage = 0x5000, kFrame = SieMachine::kGuest + kPage;

  void SetUp() override {
    tables.map_guest();
    m.cpu().cr[1] = tables.asce();
    m.sd.mso = 0;
    m.sd.msl = SieMachine::kGuestSize - 0x10'0000;
    m.cpu().gr[2] = kPage;
  }
  u64 status_at(u64 page = kPage) const { return tables.entry(page) + 0x800; }
  u64 status(u64 page = kPage) const { return m.load(status_at(page)); }
  void set_status(u64 value, u64 page = kPage) { m.put<u64>(status_at(page), value); }
  u8 key(u64 frame = kFrame) { return m.storage().frames().key({frame}); }
  void set_key(u8 value, u64 frame = kFrame) { m.storage().frames().set_key({frame}, value); }
  void take_page_away(u64 page = kPage) { tables.map(page, 0, HostTables::kInvalid); }

  u8 run(std::string_view code) {
    m.guest_code(code);
    m.sd.gpsw_mask = SieMachine::kWide;
    m.sd.gpsw_address = kCode;
    m.sd.icptcode = 0xFF;
    m.put<u16>(0x8E, 0);
    m.run();
    return m.sd.icptcode;
  }
  /// All of `code` is executed; then comes a DIAGNOSE.
  void expect_interpreted(std::string_view code) {
    EXPECT_EQ(run(std::string(code) + "83020044"), 0x04) << code;
    EXPECT_EQ(m.sd.ipa, 0x8302) << code;
  }
  u64 guest_cc() const { return (m.sd.gpsw_mask & Psw::kCc) >> 44; }
  /// ISKE 3,2
  u64 inserted() {
    m.cpu().gr[3] = 0;
    expect_interpreted("B2290032");
    return m.cpu().gr[3];
  }
};

TEST_F(SieGuestKeys, KeyOfAResidentPageIsTheFramesWithTheReferencesKeptForTheGuest) {
  set_key(0x38);
  set_status(kSoftware | kGuestReference | 0xF000'0000'0000'0000);
  EXPECT_EQ(inserted(), 0x3Cu);
  set_key(0x32);
  set_status(kSoftware | kGuestReference);
  EXPECT_EQ(inserted(), 0x36u);
  EXPECT_EQ(status(), kSoftware | kGuestReference) << "looking changes nothing";
  set_status(kSoftware | kHostReference | kHostChange);
  set_key(0x30);
  EXPECT_EQ(inserted(), 0x30u) << "the SIE host's references are not the guest's";
}

TEST_F(SieGuestKeys, KeyOfAMissingPageIsInItsStatusEntry) {
  take_page_away();
  set_status(kSoftware | kAccess3 | kFetchProtection | kGuestChange);
  EXPECT_EQ(inserted(), 0x3Au);
  EXPECT_EQ(m.host_code(), 0) << "the page is not brought in for its key";
}

TEST_F(SieGuestKeys, SettingTheKeyKeepsTheFramesReferencesForTheSieHost) {
  set_key(0x56);
  set_status(kSoftware | 0x5000'0000'0000'0000 | kGuestReference);
  m.cpu().gr[1] = 0x3A;
  expect_interpreted("B22B0012");
  EXPECT_EQ(key(), 0x38) << "reference and change start anew";
  EXPECT_EQ(status(), kSoftware | kAccess3 | kFetchProtection | kHostReference | kHostChange | kGuestChange);
  EXPECT_EQ(inserted(), 0x3Au);
}

TEST_F(SieGuestKeys, SettingTheKeyOfAMissingPageIsDoneInItsStatusEntry) {
  take_page_away();
  set_status(kSoftware | kHostReference);
  m.cpu().gr[1] = 0x36;
  expect_interpreted("B22B0012");
  EXPECT_EQ(status(), kSoftware | kAccess3 | kHostReference | kGuestReference | kGuestChange);
  EXPECT_EQ(inserted(), 0x36u);
}

TEST_F(SieGuestKeys, NewKeyProtectsThePageAtOnce) {
  // SSKE 1,2; SPKA 0x20; MVI 0(2)
  m.cpu().gr[1] = 0x30;
  EXPECT_EQ(run("92012000 B22B0012 B20A0020 92022000"), 0x1C);
  EXPECT_EQ(m.guest_program_code(), 4);
  EXPECT_EQ(m.load<u8>(kFrame), 1);
}

TEST_F(SieGuestKeys, ConditionalSettingComparesWithTheKeyAsTheGuestSeesIt) {
  set_key(0x30);
  set_status(kGuestReference);
  m.cpu().gr[1] = 0x30;
  expect_interpreted("B22B4012"); // MR: the reference bit does not matter
  EXPECT_EQ(guest_cc(), 0u);
  EXPECT_EQ(m.cpu().gr[1], 0x3430u);
  EXPECT_EQ(status(), kGuestReference);
  m.cpu().gr[1] = 0x30;
  expect_interpreted("B22B2012"); // MC: it does
  EXPECT_EQ(guest_cc(), 1u);
  EXPECT_EQ(m.cpu().gr[1], 0x3430u);
  EXPECT_EQ(status(), kAccess3);
}

TEST_F(SieGuestKeys, MultipleBlocksAreSetPageByPage) {
  take_page_away(0xF'E000);
  m.cpu().gr[1] = 0x34;
  m.cpu().gr[2] = 0xF'E123;
  expect_interpreted("B22B1012");
  EXPECT_EQ(status(0xF'E000), kAccess3 | kGuestReference);
  EXPECT_EQ(status(0xF'F000), kAccess3 | kGuestReference);
  EXPECT_EQ(key(SieMachine::kGuest + 0xF'F000), 0x30);
  EXPECT_EQ(status(0xF'D000), 0u);
  EXPECT_EQ(status(0x10'0000), 0u);
  EXPECT_EQ(m.cpu().gr[2], 0x10'0123u);
}

TEST_F(SieGuestKeys, ResettingTheReferenceBitKeepsTheFramesForTheSieHost) {
  set_key(0x34);
  set_status(kSoftware | kGuestChange);
  expect_interpreted("B22A0002");
  EXPECT_EQ(guest_cc(), 3u);
  EXPECT_EQ(key(), 0x30);
  EXPECT_EQ(status(), kSoftware | kHostReference | kGuestChange);
  expect_interpreted("B22A0002");
  EXPECT_EQ(guest_cc(), 1u);
}

TEST_F(SieGuestKeys, ResettingTheReferenceBitOfAMissingPage) {
  take_page_away();
  set_status(kSoftware | kAccess3 | kGuestReference);
  expect_interpreted("B22A0002");
  EXPECT_EQ(guest_cc(), 2u);
  EXPECT_EQ(status(), kSoftware | kAccess3);
  expect_interpreted("B22A0002");
  EXPECT_EQ(guest_cc(), 0u);
}

TEST_F(SieGuestKeys, OrdinaryAccessesReferToTheFrameAndLeaveTheStatusEntryAlone) {
  set_key(0);
  set_status(kSoftware);
  expect_interpreted("92AA2000");
  EXPECT_EQ(key(), 0x06);
  EXPECT_EQ(status(), kSoftware);
  EXPECT_EQ(inserted(), 0x06u);
}

TEST_F(SieGuestKeys, ReferenceBitsOfSixtyFourPagesAreBothKinds) {
  for (u64 n = 0; n < 64; ++n) {
    set_key(0, SieMachine::kGuest + 0x4'0000 + n * kPageSize);
    set_status(0, 0x4'0000 + n * kPageSize);
  }
  set_key(0x04, SieMachine::kGuest + 0x4'0000);
  take_page_away(0x7'F000);
  set_status(kGuestReference, 0x7'F000);
  m.cpu().gr[2] = 0x5'0000;
  expect_interpreted("B9AC0032"); // IRBM 3,2
  EXPECT_EQ(m.cpu().gr[3], 0x8000'0000'0000'0001u);
  expect_interpreted("B9AE0032"); // RRBM 3,2
  EXPECT_EQ(m.cpu().gr[3], 0x8000'0000'0000'0001u);
  EXPECT_EQ(status(0x4'0000), kHostReference);
  EXPECT_EQ(status(0x7'F000), 0u);
  expect_interpreted("B9AC0032");
  EXPECT_EQ(m.cpu().gr[3], 0u);
}

TEST_F(SieGuestKeys, PrefixingIsTheGuests) {
  m.sd.prefix = 0x4000;
  m.cpu().gr[1] = 0x30;
  m.cpu().gr[2] = 0x1000; // absolute 5000
  m.guest_code("B22B0012 83020044", 0x5000);
  m.sd.gpsw_mask = SieMachine::kWide;
  m.sd.gpsw_address = kCode;
  m.run();
  EXPECT_EQ(m.sd.ipa, 0x8302);
  EXPECT_EQ(status(), kAccess3 | kHostReference | kHostChange);
  EXPECT_EQ(key() & 0xF8, 0x30);
}

TEST_F(SieGuestKeys, StatusEntryThatSomebodyElseHoldsIsTheSieHostsBusiness) {
  for (const char* code : {"B2290032", "B22B0012", "B22A0002", "B9AC0032", "B9AE0032"}) {
    set_key(0x16);
    set_status(kSoftware | kLock);
    EXPECT_EQ(run(code), 0x04) << code;
    EXPECT_NE(m.sd.ipa, 0x8302) << code;
    EXPECT_EQ(m.sd.gpsw_address, kCode + 4) << code;
    EXPECT_EQ(status(), kSoftware | kLock) << code;
    EXPECT_EQ(key(), 0x16) << code;
  }
}

TEST_F(SieGuestKeys, PageWithoutATableEntryIsATranslationExceptionOfTheSieHost) {
  m.sd.msl = 0x7FF0'0000;
  m.cpu().gr[2] = 0x1000'5000;
  for (const char* code : {"B2290032", "B22B0012", "B22A0002"}) {
    EXPECT_EQ(run(code), 0x00) << code;
    EXPECT_EQ(m.host_code(), 0x10) << code;
    EXPECT_EQ(m.host_teid(), 0x1000'5000 | mmu::teid::kFetch) << code;
    EXPECT_EQ(m.sd.gpsw_address, kCode) << code;
  }
  tables.map(0x1000'5000, SieMachine::kGuest + 0x1'5000);
  m.cpu().gr[1] = 0x30;
  expect_interpreted("B22B0012");
  EXPECT_EQ(status(0x1000'5000), kAccess3);
}

TEST_F(SieGuestKeys, PageBeyondTheLimitIsTheGuestsAddressingException) {
  m.cpu().gr[2] = SieMachine::kGuestSize;
  EXPECT_EQ(run("B22B0012"), 0x08);
  EXPECT_EQ(m.intercepted_code(), 5);
}

TEST_F(SieGuestKeys, LargeFramesOfTheSieHostHaveNothingButTheFramesKey) {
  const u64 table = m.load(tables.segment_entry(0));
  m.put<u64>(tables.segment_entry(0), SieMachine::kGuest | 0x400);
  m.cpu().gr[1] = 0x36;
  set_key(0x04);
  expect_interpreted("B22B0012");
  EXPECT_EQ(key(), 0x36);
  EXPECT_EQ(m.load(table + 5 * 8 + 0x800), 0u);
  EXPECT_EQ(m.load(tables.segment_entry(0) + 0x800), 0x20u) << "an invalid segment-table entry, still";
  EXPECT_EQ(inserted(), 0x36u);
}

TEST_F(SieGuestKeys, BypassLeavesTheStatusEntryOut) {
  m.sd.ecb2 = ecb2::kStatusBypass;
  set_key(0x32);
  set_status(kSoftware | kGuestReference);
  EXPECT_EQ(inserted(), 0x32u);
  m.cpu().gr[1] = 0x54;
  expect_interpreted("B22B0012");
  EXPECT_EQ(key(), 0x54);
  EXPECT_EQ(status(), kSoftware | kGuestReference);
  take_page_away();
  EXPECT_EQ(run("B2290032"), 0x00);
  EXPECT_EQ(m.host_code(), 0x11);
}

TEST_F(SieGuestKeys, FrameManagementIsInterceptedUnlessAskedFor) {
  m.cpu().gr[1] = 0x2'0030;
  EXPECT_EQ(run("B9AF0012"), 0x04);
  EXPECT_EQ(m.sd.ipa, 0xB9AF);
  EXPECT_EQ(m.sd.gpsw_address, kCode + 4);
  m.sd.ecb2 = ecb2::kFrameManagement;
  expect_interpreted("B9AF0012");
  EXPECT_EQ(key() & 0xF8, 0x30);
}

TEST_F(SieGuestKeys, FrameManagementSetsKeysAsSskeDoes) {
  m.sd.ecb2 = ecb2::kFrameManagement;
  take_page_away();
  m.cpu().gr[1] = 0x2'0034;
  expect_interpreted("B9AF0012");
  EXPECT_EQ(status(), kAccess3 | kGuestReference);
  m.cpu().gr[1] = 0x2'0430; // MR: the reference bit does not matter
  expect_interpreted("B9AF0012");
  EXPECT_EQ(status(), kAccess3 | kGuestReference);

  m.sd.ictl = ictl::kSetKey;
  EXPECT_EQ(run("B9AF0012"), 0x04);
  EXPECT_EQ(m.sd.ipa, 0xB9AF);
  m.sd.ictl = 0;
  m.sd.cpuflags = m.sd.cpuflags | cpuflags::kKeylessSubset;
  EXPECT_EQ(run("B9AF0012"), 0x5C);
  EXPECT_EQ(m.sd.gpsw_address, kCode);
}

TEST_F(SieGuestKeys, FrameManagementClearsGuestStorage) {
  m.sd.ecb2 = ecb2::kFrameManagement;
  m.sd.ictl = ictl::kSetKey;
  m.guest_put<u64>(kPage + 0xFF8, 0x1234);
  m.cpu().gr[1] = 0x1'0000;
  expect_interpreted("B9AF0012");
  EXPECT_EQ(m.load(kFrame + 0xFF8), 0u);
}

TEST_F(SieGuestKeys, FrameManagementGoesOnWhereTheSieHostsFaultStoppedIt) {
  m.sd.ecb2 = ecb2::kFrameManagement;
  for (u64 at = 0x8'0000; at < 0x10'0000; at += 8) m.guest_put<u64>(at, 0x77);
  take_page_away(0xF'0000);
  m.cpu().gr[1] = 0x1'1000; // clear to the end of the megabyte
  m.cpu().gr[2] = 0x8'0000;
  EXPECT_EQ(run("B9AF0012 83020044"), 0x00);
  EXPECT_EQ(m.host_code(), 0x11);
  EXPECT_EQ(m.host_teid(), 0xF'0000 | mmu::teid::kStore);
  EXPECT_EQ(m.sd.gpsw_address, kCode);
  EXPECT_EQ(m.cpu().gr[2], 0xF'0000u);
  tables.map(0xF'0000, SieMachine::kGuest + 0xF'0000);
  m.resume();
  EXPECT_EQ(m.sd.ipa, 0x8302);
  EXPECT_EQ(m.cpu().gr[2], 0x10'0000u);
  for (u64 at = 0x8'0000; at < 0x10'0000; at += kPageSize) EXPECT_EQ(m.load(SieMachine::kGuest + at), 0u) << at;
}

} // namespace
} // namespace siena::sie::testing
