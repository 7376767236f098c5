// SPDX-License-Identifier: BSD-3-Clause
// A control whose facility the machine does not have is ignored, not refused.
#include "tests/sie/sie_machine.h"

namespace siena::sie::testing {
namespace {

using cpu::Psw;

struct SieAssists : ::testing::Test {
  static SieMachine without(bool Assists::*assist) {
    Assists assists;
    assists.*assist = false;
    return SieMachine(1, true, assists);
  }
  static u8 run(SieMachine& m, std::string_view code, u64 mask = 0) {
    m.guest_code(code);
    m.sd.gpsw_mask = SieMachine::kWide | mask;
    m.sd.gpsw_address = SieMachine::kGuestCode;
    EXPECT_EQ(m.run(), kBehindSie);
    return m.sd.icptcode;
  }
};

TEST_F(SieAssists, WithoutStorageLimitSuppressionOriginAndLimitCount) {
  SieMachine m = without(&Assists::storage_limit_suppression);
  m.sd.cpuflags = m.sd.cpuflags | cpuflags::kStorageLimitSuppression;
  m.cpu().gr[2] = SieMachine::kGuestSize;
  EXPECT_EQ(run(m, "92AA2000"), 0x08);
  EXPECT_EQ(m.intercepted_code(), 5);
}

TEST_F(SieAssists, WithoutTheKeylessSubsetOnlyTheControlsInterceptKeyInstructions) {
  SieMachine m = without(&Assists::keyless_subset);
  m.sd.cpuflags = m.sd.cpuflags | cpuflags::kKeylessSubset;
  m.sd.ictl = ictl::kInsertKey;
  EXPECT_EQ(run(m, "B2290012"), 0x04);
  EXPECT_EQ(m.sd.gpsw_address, SieMachine::kGuestCode + 4);
}

TEST_F(SieAssists, WithoutHostProtectionTheGuestsAccessIsIntercepted) {
  SieMachine m = without(&Assists::host_protection);
  HostTables tables(m, 0x40'0000);
  tables.map_guest();
  tables.map(0x5000, SieMachine::kGuest + 0x5000, HostTables::kProtected);
  m.sd.mso = 0;
  m.cpu().cr[1] = tables.asce();
  m.cpu().gr[2] = 0x5000;
  EXPECT_EQ(run(m, "92AA2000"), 0x08);
  EXPECT_EQ(m.intercepted_code(), 4);
  EXPECT_EQ(m.host_code(), 0);
}

TEST_F(SieAssists, WithoutGuestPerEnhancementPerIsTheGuestsOwn) {
  SieMachine m = without(&Assists::guest_per);
  m.sd.cpuflags = m.sd.cpuflags | cpuflags::kGuestPer;
  m.sd.gcr[9] = 0x4000'0000;
  m.sd.gcr[11] = ~u64{0};
  EXPECT_EQ(run(m, "B9080011 83020044"), 0x04);
  EXPECT_EQ(run(m, "B9080011 83020044", Psw::kPer), 0x1C);
  EXPECT_EQ(m.guest_program_code(), 0x80);
}

TEST_F(SieAssists, WithoutTheSharedInterlockOneBitIsTheLock) {
  SieMachine m = without(&Assists::shared_interlock);
  m.sd.eca = m.sd.eca | eca::kSharedInterlock;
  m.sd.scaol = SieMachine::kControlArea;
  m.cpu().gr[1] = 0x8000;
  m.put<u64>(SieMachine::kControlArea, 0x8000'0000'0000'0001); // shared form: held by the guest, no obstacle
  EXPECT_EQ(run(m, "B2210012 83020044"), 0x04);
  EXPECT_EQ(m.sd.ipa, 0xB221);
}

TEST_F(SieAssists, WithoutConditionalExternalInterceptionTimersAreIntercepted) {
  SieMachine m = without(&Assists::conditional_external);
  m.sd.eca = m.sd.eca | eca::kConditionalExternal;
  m.sd.gcr[0] = cpu::cr0::kClockComparator;
  m.sd.ckc = 0;
  EXPECT_EQ(run(m, "83020044", Psw::kExternal), 0x14);
}

TEST_F(SieAssists, WithoutTheLongOriginTheControlAreaIsBelowTwoGigabytes) {
  SieMachine m = without(&Assists::sca_64bit_origin);
  m.sd.scaoh = 0x1234;
  EXPECT_EQ(run(m, "83020044"), 0x04);
  SieMachine with;
  with.sd.scaoh = 0x1234;
  with.guest_code("83020044");
  EXPECT_EQ(with.run(), kBehindSie);
  EXPECT_EQ(with.sd.icptcode, 0x20);
  EXPECT_EQ(with.reason(), 0x0034);
}

TEST_F(SieAssists, WithoutStorageKeysKeyInstructionsAreAlwaysIntercepted) {
  for (const char* code : {"B2290012", "B22B0012", "B22A0012"}) { // ISKE, SSKE, RRBE
    SieMachine with, m = without(&Assists::storage_keys);
    with.guest_code(std::string(code) + "83020044");
    EXPECT_EQ(with.run(), kBehindSie);
    EXPECT_EQ(with.sd.ipa, 0x8302);
    EXPECT_EQ(run(m, code), 0x04);
    EXPECT_EQ(m.sd.gpsw_address, SieMachine::kGuestCode + 4);
  }
}

TEST_F(SieAssists, WithoutTheAssistOfCollaborativeMemoryItsInstructionIsIntercepted) {
  SieMachine m = without(&Assists::storage_attributes);
  m.sd.ecb2 = ecb2::kStorageAttributes;
  m.sd.cbrlo = 0x1'6000;
  EXPECT_EQ(run(m, "B9AB0012"), 0x04);
  EXPECT_EQ(m.sd.ipa, 0xB9AB);
}

TEST_F(SieAssists, WithoutFrameManagementItsInstructionIsIntercepted) {
  SieMachine m = without(&Assists::frame_management);
  m.sd.ecb2 = ecb2::kFrameManagement;
  EXPECT_EQ(run(m, "B9AF0012"), 0x04);
  EXPECT_EQ(m.sd.ipa, 0xB9AF);
}

} // namespace
} // namespace siena::sie::testing
