// SPDX-License-Identifier: BSD-3-Clause
// Enhanced DAT and instruction-execution protection in the guest's own tables, as far as the state description allows them.
#include "tests/sie/sie_machine.h"

namespace siena::sie::testing {
namespace {

using cpu::Psw;

/// The SIE host maps the guest's storage at host-virtual 0 by 4-KB pages. The guest's DAT is on: its first megabyte is mapped one to
/// one by a region-third table at 0x7000, a segment table at 0x8000 and a page table at 0xC000.
struct SieGuestLargePages : ::testing::Test {
  SieMachine m;
  HostTables tables{m, 0x40'0000};
  static constexpr u64 kCode = SieMachine::kGuestCode, kGuest = SieMachine::kGuest;
  static constexpr u64 kRegionTable = 0x7000, kSegmentTable = 0x8000, kPageTable = 0xC000, kLarge = 0x400;
  static constexpr u64 kRegionThird = 0x4;

  void SetUp() override {
    tables.map_guest();
    m.cpu().cr[1] = tables.asce();
    m.sd.mso = 0;
    m.sd.msl = SieMachine::kGuestSize - 0x10'0000;
    m.guest_put<u64>(kRegionTable, kSegmentTable | kRegionThird | 3);
    for (u64 n = 1; n < 512; ++n) m.guest_put<u64>(kRegionTable + 8 * n, 0x20);
    for (u64 n = 0; n < 2048; ++n) m.guest_put<u64>(kSegmentTable + 8 * n, 0x20);
    m.guest_put<u64>(kSegmentTable, kPageTable);
    for (u64 n = 0; n < 256; ++n) m.guest_put<u64>(kPageTable + 8 * n, n * kPageSize);
    m.sd.gcr[1] = kRegionTable | kRegionThird;
    m.sd.cpuflags = cpuflags::kZarch;
  }
  void allow(u32 flags) { m.sd.cpuflags = cpuflags::kZarch | flags; }
  u64 run(std::string_view code, u64 r2) {
    m.guest_code(std::string(code) + "83020044");
    m.cpu().gr[2] = r2;
    m.sd.gpsw_mask = SieMachine::kWide | Psw::kDat;
    m.sd.gpsw_address = kCode;
    m.sd.icptcode = 0xFF;
    m.sd.ihcpu = 0xFFFF;
    m.put<u16>(0x8E, 0);
    return m.run();
  }
  static constexpr const char* kStore = "92AA2000"; // MVI 0(2)
};

TEST_F(SieGuestLargePages, SegmentOfTheGuestLiesInScatteredPagesOfTheSieHost) {
  allow(cpuflags::kEdat1);
  m.guest_put<u64>(kSegmentTable + 8, kLarge); // virtual megabyte 1 is absolute megabyte 0
  tables.map(0x5000, kGuest + 0x1'7000);
  tables.map(0x6000, kGuest + 0x1'3000);
  EXPECT_EQ(run("92AA2000 92BB2FFF", 0x10'5FFF), kBehindSie);
  EXPECT_EQ(m.sd.icptcode, 0x04);
  EXPECT_EQ(m.load<u8>(kGuest + 0x1'7FFF), 0xAA);
  EXPECT_EQ(m.load<u8>(kGuest + 0x1'3FFE), 0xBB);
}

TEST_F(SieGuestLargePages, MissingPageUnderASegmentIsTheSieHostsAtItsOwnAddress) {
  allow(cpuflags::kEdat1);
  m.guest_put<u64>(kSegmentTable + 8, kLarge);
  tables.map(0x5000, 0, HostTables::kInvalid);
  EXPECT_EQ(run(kStore, 0x10'5000), kProgram);
  EXPECT_EQ(m.host_code(), 0x11);
  EXPECT_EQ(m.host_teid(), 0x5000 | mmu::teid::kStore);
  EXPECT_EQ(m.sd.gpsw_address, kCode);
}

TEST_F(SieGuestLargePages, ProtectedSegmentOfTheGuestIsTheGuestsException) {
  allow(cpuflags::kEdat1);
  m.guest_put<u64>(kSegmentTable + 8, kLarge | 0x200);
  tables.map(0x5000, kGuest + 0x5000, HostTables::kProtected);
  EXPECT_EQ(run(kStore, 0x10'5000), kBehindSie);
  EXPECT_EQ(m.sd.icptcode, 0x1C);
  EXPECT_EQ(m.guest_program_code(), 4);
}

TEST_F(SieGuestLargePages, SegmentIsATableUnlessTheBlockAllowsEnhancedDat) {
  m.guest_put<u64>(kSegmentTable, kPageTable | kLarge); // the bit is ignored
  EXPECT_EQ(run(kStore, 0x5000), kBehindSie);
  EXPECT_EQ(m.load<u8>(kGuest + 0x5000), 0xAA);
  m.guest_put<u64>(kSegmentTable + 8, kPageTable | kLarge);
  m.guest_put<u64>(kPageTable + 8 * 6, 0x1'9000);
  EXPECT_EQ(run(kStore, 0x10'6000), kBehindSie);
  EXPECT_EQ(m.load<u8>(kGuest + 0x1'9000), 0xAA);
}

TEST_F(SieGuestLargePages, SegmentIsATableUnlessTheGuestsControlRegisterAllowsEnhancedDat) {
  allow(cpuflags::kEdat1);
  m.sd.gcr[0] = 0xE0;
  m.guest_put<u64>(kSegmentTable, kPageTable | kLarge);
  EXPECT_EQ(run(kStore, 0x5000), kBehindSie);
  EXPECT_EQ(m.load<u8>(kGuest + 0x5000), 0xAA);
}

TEST_F(SieGuestLargePages, RegionOfTheGuestNeedsTheSecondEnhancedDat) {
  m.guest_put<u64>(kRegionTable + 8,
                   kLarge | kRegionThird); // virtual 2 GB is absolute 0, or a segment table at absolute 0
  m.guest_put<u64>(0, 0x20);
  allow(cpuflags::kEdat1);
  EXPECT_EQ(run(kStore, 0x8000'5000), kBehindSie);
  EXPECT_NE(m.guest_program_code(), 0);
  EXPECT_EQ(m.load<u8>(kGuest + 0x5000), 0);
  allow(cpuflags::kEdat2);
  EXPECT_EQ(run(kStore, 0x8000'5000), kBehindSie);
  EXPECT_EQ(m.sd.icptcode, 0x04);
  EXPECT_EQ(m.load<u8>(kGuest + 0x5000), 0xAA);
}

TEST_F(SieGuestLargePages, PagesOfTheGuestLieInALargeFrameOfTheSieHost) {
  m.put<u64>(tables.segment_entry(0), kGuest | kLarge);
  m.guest_put<u64>(kPageTable + 8 * 5, 0x1'9000);
  EXPECT_EQ(run(kStore, 0x5000), kBehindSie);
  EXPECT_EQ(m.load<u8>(kGuest + 0x1'9000), 0xAA);
}

TEST_F(SieGuestLargePages, LargeFramesOfBothAreOne) {
  allow(cpuflags::kEdat2);
  m.put<u64>(tables.segment_entry(0), kGuest | kLarge);
  m.guest_put<u64>(kSegmentTable + 8, kLarge);
  EXPECT_EQ(run(kStore, 0x10'5000), kBehindSie);
  EXPECT_EQ(m.load<u8>(kGuest + 0x5000), 0xAA);
}

/// BR 2 to a page that forbids execution; a DIAGNOSE is there.
struct SieExecutionProtection : SieGuestLargePages {
  u64 go_to(u64 target) {
    m.guest_code("83020044", target & 0xF'FFFF);
    m.sd.gcr[0] = m.sd.gcr[0] | cpu::cr0::kInstructionExecutionProtection;
    return run("07F2", target);
  }
};

TEST_F(SieExecutionProtection, IsTheGuestsWhenTheBlockAllowsIt) {
  m.guest_put<u64>(kPageTable + 8 * 5, 0x5000 | 0x100);
  m.sd.ecb2 = ecb2::kExecutionProtection;
  EXPECT_EQ(go_to(0x5000), kBehindSie);
  EXPECT_EQ(m.sd.icptcode, 0x1C);
  EXPECT_EQ(m.guest_program_code(), 4);
  EXPECT_EQ(m.load(kGuest + 0xA8) & 0x8C, 0x84u);
}

TEST_F(SieExecutionProtection, DoesNotExistWhenTheBlockDoesNotAllowIt) {
  m.guest_put<u64>(kPageTable + 8 * 5, 0x5000 | 0x100);
  EXPECT_EQ(go_to(0x5000), kBehindSie);
  EXPECT_EQ(m.sd.icptcode, 0x04);
  EXPECT_EQ(m.sd.gpsw_address, 0x5004u);
}

TEST_F(SieExecutionProtection, OfALargeSegmentOfTheGuest) {
  allow(cpuflags::kEdat1);
  m.guest_put<u64>(kSegmentTable + 8, kLarge | 0x100);
  m.sd.ecb2 = ecb2::kExecutionProtection;
  EXPECT_EQ(go_to(0x10'5000), kBehindSie);
  EXPECT_EQ(m.guest_program_code(), 4);
  m.sd.ecb2 = 0;
  EXPECT_EQ(go_to(0x10'5000), kBehindSie);
  EXPECT_EQ(m.sd.icptcode, 0x04);
}

} // namespace
} // namespace siena::sie::testing
