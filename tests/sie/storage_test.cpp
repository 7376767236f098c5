// SPDX-License-Identifier: BSD-3-Clause
#include "tests/sie/sie_machine.h"

namespace siena::sie::testing {
namespace {

using cpu::Psw;

/// The guest's storage is mapped by tables of the SIE host, at host-virtual 0.
struct SieStorage : ::testing::Test {
  SieMachine m;
  HostTables tables{m, 0x40'0000};
  static constexpr u64 kCode = SieMachine::kGuestCode;
  static constexpr u64 kGuest = SieMachine::kGuest;
  static constexpr const char* kStore = "92AA2000 83020044"; // MVI 0(2); DIAG
  static constexpr const char* kFetch = "95AA2000 83020044"; // CLI 0(2); DIAG

  void SetUp() override {
    tables.map_guest();
    m.cpu().cr[1] = tables.asce();
    m.sd.mso = 0;
    m.sd.msl = SieMachine::kGuestSize - 0x10'0000;
    m.cpu().gr[2] = 0x5000;
  }
  u64 run(std::string_view code, u64 mask = 0) {
    m.guest_code(code);
    m.sd.gpsw_mask = SieMachine::kWide | mask;
    m.sd.gpsw_address = kCode;
    m.sd.icptcode = 0xFF;
    m.put<u16>(0x8E, 0);
    return m.run();
  }
  void expect_host_fault(u16 code, u64 teid, bool nullified) {
    EXPECT_EQ(m.host_code(), code);
    EXPECT_EQ(m.host_teid(), teid);
    EXPECT_EQ(m.host_ilc(), 4);
    EXPECT_EQ(m.load<u8>(0xA0), 0);
    EXPECT_EQ(m.host_old_address(), SieMachine::kHostCode + (nullified ? 0 : 4));
    EXPECT_EQ(m.sd.gpsw_address, kCode);
    EXPECT_EQ(m.sd.icptcode, 0);
    EXPECT_EQ(m.cpu().cr[1], tables.asce());
  }
  /// The host's handler has done its work and SIE is executed again.
  void expect_completion() {
    EXPECT_EQ(m.resume(), kBehindSie);
    EXPECT_EQ(m.sd.icptcode, 0x04);
    EXPECT_EQ(m.sd.gpsw_address, kCode + 8);
  }
  /// The guest's own tables: 1 MB mapped one to one by a segment table at 0x8000 and a page table at 0xC000.
  void guest_tables() {
    for (u64 n = 0; n < 2048; ++n) m.guest_put<u64>(0x8000 + 8 * n, 0x20);
    m.guest_put<u64>(0x8000, 0xC000);
    for (u64 n = 0; n < 256; ++n) m.guest_put<u64>(0xC000 + 8 * n, n * kPageSize);
    m.sd.gcr[1] = 0x8000 | 3;
  }
};

TEST_F(SieStorage, MissingPageOfTheHostIsAPageTranslationExceptionAtSie) {
  tables.map(0x5000, kGuest + 0x5000, HostTables::kInvalid);
  EXPECT_EQ(run(kStore), kProgram);
  expect_host_fault(0x11, 0x5000 | mmu::teid::kStore, true);
  tables.map(0x5000, kGuest + 0x7000); // valid again, without any purge
  expect_completion();
  EXPECT_EQ(m.load<u8>(kGuest + 0x7000), 0xAA);

  tables.map(0x6000, kGuest + 0x6000, HostTables::kInvalid);
  m.cpu().gr[2] = 0x6000;
  EXPECT_EQ(run(kFetch), kProgram);
  expect_host_fault(0x11, 0x6000 | mmu::teid::kFetch, true);
}

TEST_F(SieStorage, InstructionFetchFaultsAtTheHostToo) {
  tables.map(kCode, kGuest + kCode, HostTables::kInvalid);
  m.put<u64>(tables.entry(0x1000), kGuest + 0x1000);
  tables.map(0x3000, kGuest + 0x3000, HostTables::kInvalid);
  m.guest_code("A7F41000"); // J to 0x3000
  m.sd.gpsw_address = kCode;
  EXPECT_EQ(m.run(), kProgram);
  EXPECT_EQ(m.host_code(), 0x11);
  EXPECT_EQ(m.host_teid(), 0x3000 | mmu::teid::kFetch);
  EXPECT_EQ(m.sd.gpsw_address, 0x3000u);
  tables.map(0x3000, kGuest + 0x3000);
  m.guest_code("83020044", 0x3000);
  EXPECT_EQ(m.resume(), kBehindSie);
  EXPECT_EQ(m.sd.gpsw_address, 0x3004u);
}

TEST_F(SieStorage, InstructionThatCrossesIntoAMissingPageIsNullified) {
  tables.map(0x3000, kGuest + 0x3000, HostTables::kInvalid);
  m.guest_code("8302", 0x2FFE);
  m.guest_code("0044", 0x3000);
  m.sd.gpsw_address = 0x2FFE;
  EXPECT_EQ(m.run(), kProgram);
  EXPECT_EQ(m.host_teid(), 0x3000 | mmu::teid::kFetch);
  EXPECT_EQ(m.sd.gpsw_address, 0x2FFEu);
}

TEST_F(SieStorage, ProtectedPageOfTheHostIsAProtectionExceptionBehindSie) {
  tables.map(0x5000, kGuest + 0x5000, HostTables::kProtected);
  EXPECT_EQ(run(kStore), kProgram);
  expect_host_fault(0x04, 0x5000 | mmu::teid::kStore | mmu::teid::kDatProtection, false);
  EXPECT_EQ(m.load<u8>(kGuest + 0x5000), 0);
  tables.map(0x5000, kGuest + 0x5000);
  m.system.invalidate_leaf(tables.entry(0x5000), {});
  expect_completion();
  EXPECT_EQ(m.load<u8>(kGuest + 0x5000), 0xAA);
  tables.map(0x6000, kGuest + 0x6000, HostTables::kProtected);
  m.cpu().gr[2] = 0x6000;
  EXPECT_EQ(run(kFetch), kBehindSie);
}

TEST_F(SieStorage, WithoutHostProtectionTheGuestsProtectionIsIntercepted) {
  m.sd.ecb = 0;
  tables.map(0x5000, kGuest + 0x5000, HostTables::kProtected);
  EXPECT_EQ(run(kStore), kBehindSie);
  EXPECT_EQ(m.sd.icptcode, 0x08);
  EXPECT_EQ(m.intercepted_code(), 4);
  EXPECT_EQ(load_big<u64>(m.sd.parameters + parameter::kTeid), 0x5000u | mmu::teid::kStore | mmu::teid::kDatProtection);
}

TEST_F(SieStorage, UpperLevelFaultsKeepTheirCodes) {
  m.sd.msl = 0x7FF0'0000;
  m.cpu().gr[2] = 0x1000'5000;
  EXPECT_EQ(run(kStore), kProgram);
  expect_host_fault(0x10, 0x1000'5000 | mmu::teid::kStore, true);
  m.sd.msl = 0xFFF0'0000;
  m.cpu().gr[2] = 0x9000'5000;
  EXPECT_EQ(run(kStore), kProgram);
  expect_host_fault(0x38, 0x9000'5000 | mmu::teid::kStore, true);
}

TEST_F(SieStorage, SuppressedLimitsMakeOutOfRangeAccessesHostFaults) {
  m.sd.cpuflags = m.sd.cpuflags | cpuflags::kStorageLimitSuppression;
  m.cpu().gr[2] = SieMachine::kGuestSize + 0x4000;
  EXPECT_EQ(run(kStore), kProgram);
  expect_host_fault(0x10, (SieMachine::kGuestSize + 0x4000) | mmu::teid::kStore, true);
}

TEST_F(SieStorage, OriginIsAddedBeforeTheHostsTables) {
  for (u64 a = 0; a < 0x10'0000; a += kPageSize) tables.map(0x30'0000 + a, kGuest + a);
  tables.map(0x30'5000, kGuest + 0x5000, HostTables::kInvalid);
  m.sd.mso = m.sd.msl = 0x30'0000;
  EXPECT_EQ(run(kStore), kProgram);
  expect_host_fault(0x11, 0x30'5000 | mmu::teid::kStore, true);
}

TEST_F(SieStorage, FrameOutsideMainStorageIsTheGuestsAddressingException) {
  tables.map(0x5000, 0x4000'0000);
  EXPECT_EQ(run(kStore), kBehindSie);
  EXPECT_EQ(m.sd.icptcode, 0x08);
  EXPECT_EQ(m.intercepted_code(), 5);
}

TEST_F(SieStorage, NoExecuteBitOfTheHostDoesNotCount) {
  m.cpu().cr[0] |= cpu::cr0::kInstructionExecutionProtection;
  tables.map(kCode, kGuest + kCode, 0x100);
  EXPECT_EQ(run("83020044"), kBehindSie);
  EXPECT_EQ(m.sd.icptcode, 0x04);
}

TEST_F(SieStorage, HostsPrimarySpaceIsMeantWhateverItsMode) {
  m.cpu().cr[13] = 0;
  for (u64 a = 0; a < 0x10'0000; a += kPageSize) tables.map(0x70'0000 + a, a); // not the guest's business
  m.host_psw |= static_cast<u64>(cpu::AddressSpace::Home) << 46;               // DAT off: only the mode bits
  EXPECT_EQ(run(kStore), kBehindSie);
  EXPECT_EQ(m.load<u8>(kGuest + 0x5000), 0xAA);
}

TEST_F(SieStorage, GuestTablesAreReadThroughTheHost) {
  guest_tables();
  EXPECT_EQ(run(kStore, Psw::kDat), kBehindSie);
  EXPECT_EQ(m.load<u8>(kGuest + 0x5000), 0xAA);

  tables.map(0xC000, kGuest + 0xC000, HostTables::kInvalid);
  m.sd.ihcpu = 0xFFFF;
  EXPECT_EQ(run(kStore, Psw::kDat), kProgram);
  expect_host_fault(0x11, 0xC000 | mmu::teid::kFetch, true);
  tables.map(0xC000, kGuest + 0xC000);
  expect_completion();
}

TEST_F(SieStorage, GuestHearsOfItsOwnProtectionFirst) {
  guest_tables();
  m.guest_put<u64>(0xC000 + 5 * 8, 0x5000 | 0x200);
  tables.map(0x5000, kGuest + 0x5000, HostTables::kProtected);
  EXPECT_EQ(run(kStore, Psw::kDat), kBehindSie);
  EXPECT_EQ(m.sd.icptcode, 0x1C);
  EXPECT_EQ(m.guest_program_code(), 4);
}

TEST_F(SieStorage, OperandThatCrossesIntoAMissingPageStoresNothing) {
  tables.map(0x6000, kGuest + 0x6000, HostTables::kInvalid);
  m.cpu().gr[2] = 0x5FFC;
  EXPECT_EQ(run("D2072000 0200 83020044"), kProgram); // MVC 0(8,2),0x200
  expect_host_fault(0x11, 0x6000 | mmu::teid::kStore, true);
  EXPECT_EQ(m.load<u32>(kGuest + 0x5FFC), 0u);
}

TEST_F(SieStorage, InterruptibleInstructionResumesBehindWhatItHasDone) {
  // MVCL 4,6 over two pages, the second one missing.
  tables.map(0x6000, kGuest + 0x6000, HostTables::kInvalid);
  for (u64 n = 0; n < 0x2000; ++n) m.guest_put<u8>(0x1'0000 + n, 0x5A);
  auto& gr = m.cpu().gr;
  gr[4] = 0x5000;
  gr[5] = 0x2000;
  gr[6] = 0x1'0000;
  gr[7] = 0x2000;
  EXPECT_EQ(run("0E46 83020044"), kProgram);
  EXPECT_EQ(m.host_code(), 0x11);
  EXPECT_EQ(m.host_teid(), 0x6000 | mmu::teid::kStore);
  EXPECT_EQ(m.sd.gpsw_address, kCode);
  tables.map(0x6000, kGuest + 0x6000);
  EXPECT_EQ(m.resume(), kBehindSie);
  EXPECT_EQ(m.sd.icptcode, 0x04);
  EXPECT_EQ(gr[5] & 0xFF'FFFF, 0u);
  for (u64 n = 0; n < 0x2000; ++n) ASSERT_EQ(m.load<u8>(kGuest + 0x5000 + n), 0x5A) << n;
}

TEST_F(SieStorage, HostsInvalidationReachesWhatTheGuestHasCached) {
  EXPECT_EQ(run(kStore), kBehindSie);
  tables.map(0x5000, kGuest + 0x5000, HostTables::kInvalid);
  m.system.invalidate_leaf(tables.entry(0x5000), {});
  EXPECT_EQ(run(kStore), kProgram);
  expect_host_fault(0x11, 0x5000 | mmu::teid::kStore, true);
}

TEST_F(SieStorage, ShareOfAPageTableInTwoSpacesLosesTheTranslationInBoth) {
  HostTables other(m, 0x60'0000);
  m.put<u64>(other.segment_entry(0), m.load(tables.segment_entry(0)));
  m.put<u64>(other.segment_entry(0x10'0000), m.load(tables.segment_entry(0x10'0000)));
  EXPECT_EQ(run(kStore), kBehindSie);
  m.cpu().cr[1] = other.asce();
  EXPECT_EQ(run(kStore), kBehindSie);
  tables.map(0x5000, kGuest + 0x5000, HostTables::kInvalid);
  m.system.invalidate_leaf(tables.entry(0x5000), {});
  EXPECT_EQ(run(kStore), kProgram);
  m.cpu().cr[1] = tables.asce();
  EXPECT_EQ(run(kStore), kProgram);
}

TEST_F(SieStorage, SpacesOfTheHostDoNotMix) {
  HostTables other(m, 0x60'0000);
  other.map_guest();
  other.map(0x5000, kGuest + 0x9000);
  EXPECT_EQ(run(kStore), kBehindSie);
  m.cpu().cr[1] = other.asce();
  EXPECT_EQ(run(kStore), kBehindSie);
  EXPECT_EQ(m.load<u8>(kGuest + 0x9000), 0xAA);
  m.put<u8>(kGuest + 0x5000, 0);
  m.cpu().cr[1] = tables.asce();
  EXPECT_EQ(run(kStore), kBehindSie);
  EXPECT_EQ(m.load<u8>(kGuest + 0x5000), 0xAA);
}

TEST_F(SieStorage, GuestTranslationsSurviveAnExitAndEndWhenTheHostCpuIsForgotten) {
  guest_tables();
  m.cpu().gr[2] = 0x5000;
  EXPECT_EQ(run(kStore, Psw::kDat), kBehindSie);
  m.guest_put<u64>(0xC000 + 5 * 8, 0x7000); // without invalidating
  EXPECT_EQ(m.sd.ihcpu, 0);
  EXPECT_EQ(run(kStore, Psw::kDat), kBehindSie); // may still use the old frame, does not have to
  m.sd.ihcpu = 0xFFFF;
  EXPECT_EQ(run(kStore, Psw::kDat), kBehindSie);
  EXPECT_EQ(m.load<u8>(kGuest + 0x7000), 0xAA);
}

TEST_F(SieStorage, GuestsInvalidationDropsItsOwnTranslationOnly) {
  guest_tables();
  // Store to 0x5000; IPTE 1,3 (table in GR1, address in GR3); store again.
  m.cpu().gr[1] = 0xC000;
  m.cpu().gr[3] = 0x5000;
  EXPECT_EQ(run("92AA2000 B2210013 92AA2000", Psw::kDat), kBehindSie);
  EXPECT_EQ(m.sd.icptcode, 0x1C);
  EXPECT_EQ(m.guest_program_code(), 0x11);
  EXPECT_EQ(m.host_code(), 0);
}

TEST_F(SieStorage, LargePagesOfTheHostNeedEnhancedDat) {
  m.put<u64>(tables.segment_entry(0), kGuest | 0x400);
  EXPECT_EQ(run(kStore), kBehindSie);
  EXPECT_EQ(m.load<u8>(kGuest + 0x5000), 0xAA);
  m.put<u64>(tables.segment_entry(0), kGuest | 0x400 | 0x200);
  m.system.purge_all({});
  m.sd.prefix = 0x10'0000; // the code is at real 0x1000, and a protected prefix would not even get in
  m.guest_code(kStore, 0x10'0000 + kCode);
  EXPECT_EQ(run(kStore), kProgram);
  expect_host_fault(0x04, 0x5000 | mmu::teid::kStore | mmu::teid::kDatProtection, false);
}

} // namespace
} // namespace siena::sie::testing
