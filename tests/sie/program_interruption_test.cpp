// SPDX-License-Identifier: BSD-3-Clause
#include "tests/sie/sie_machine.h"

namespace siena::sie::testing {
namespace {

using cpu::Psw;

struct SieProgramInterruption : ::testing::Test {
  SieMachine m;
  static constexpr u64 kCode = SieMachine::kGuestCode;

  u8 run(std::string_view code, u64 mask = 0) {
    m.guest_code(code);
    m.sd.gpsw_mask = SieMachine::kWide | mask;
    m.sd.gpsw_address = kCode;
    EXPECT_EQ(m.run(), kBehindSie);
    return m.sd.icptcode;
  }
  u16 ilc() const { return load_big<u16>(m.sd.parameters + parameter::kIlc); }
  u64 teid() const { return load_big<u64>(m.sd.parameters + parameter::kTeid); }
};

TEST_F(SieProgramInterruption, SpecificationExceptionsAreInterceptedWithTheOldPsw) {
  EXPECT_EQ(run("B9970012"), 0x08); // DLGR with an odd register
  EXPECT_EQ(m.intercepted_code(), 6);
  EXPECT_EQ(ilc(), 4);
  EXPECT_EQ(m.sd.gpsw_address, kCode + 4);
}

TEST_F(SieProgramInterruption, SpecificationExceptionsCanBeInterpreted) {
  m.sd.ecb = ecb::kSpecification;
  EXPECT_EQ(run("B9970012"), 0x1C);
  EXPECT_EQ(m.guest_program_code(), 6);
  // An invalid new PSW cannot be entered: that one is for the SIE host, with the invalid PSW.
  m.guest_put<u64>(0x1D0, SieMachine::kWide | Psw::kMustBeZero12);
  m.guest_put<u64>(0x1D8, 0xDEAD'BEEE);
  EXPECT_EQ(run("B9970012"), 0x08);
  EXPECT_EQ(m.intercepted_code(), 6);
  EXPECT_EQ(m.sd.gpsw_address, 0xDEAD'BEEEu);
}

TEST_F(SieProgramInterruption, AddressBeyondTheLimitIsIntercepted) {
  m.cpu().gr[2] = SieMachine::kGuestSize;
  EXPECT_EQ(run("92AA2000"), 0x08); // MVI 0(2)
  EXPECT_EQ(m.intercepted_code(), 5);
  EXPECT_EQ(ilc(), 4);
  EXPECT_EQ(m.sd.gpsw_address, kCode + 4);
  EXPECT_EQ(m.host_code(), 0);
}

TEST_F(SieProgramInterruption, AllProgramInterruptionsCanBeIntercepted) {
  m.sd.ictl = ictl::kProgram;
  m.sd.gcr[8] = 0x8000 >> 3;
  EXPECT_EQ(run("AF030123"), 0x08); // MC
  EXPECT_EQ(m.intercepted_code(), 0x40);
  EXPECT_EQ(load_big<u16>(m.sd.parameters + parameter::kMonitorClass), 3);
  EXPECT_EQ(teid(), 0x123u);
  EXPECT_EQ(m.sd.gpsw_address, kCode + 4);
}

TEST_F(SieProgramInterruption, GuestsOwnTranslationExceptionsAreTheGuests) {
  // DAT on with an empty segment table at guest 0x8000.
  for (u64 n = 0; n < 2048; ++n) m.guest_put<u64>(0x8000 + 8 * n, 0x20);
  m.sd.gcr[1] = 0x8000 | 3;
  EXPECT_EQ(run("83020044", Psw::kDat), 0x1C);
  EXPECT_EQ(m.guest_program_code(), 0x10);
  EXPECT_EQ(m.load(SieMachine::kGuest + 0xA8) & kPageMask, kCode);
  EXPECT_EQ(m.load(SieMachine::kGuest + 0x158), kCode);
  m.sd.ictl = ictl::kProgram;
  EXPECT_EQ(run("83020044", Psw::kDat), 0x08);
  EXPECT_EQ(m.intercepted_code(), 0x10);
  EXPECT_EQ(m.sd.gpsw_address, kCode);
  EXPECT_EQ(teid() & kPageMask, kCode);
}

TEST_F(SieProgramInterruption, GuestsOwnProtectionIsInterpretedOrIntercepted) {
  for (u64 n = 0; n < 2048; ++n) m.guest_put<u64>(0x8000 + 8 * n, 0x20);
  m.guest_put<u64>(0x8000, 0xC000);
  for (u64 n = 0; n < 256; ++n) m.guest_put<u64>(0xC000 + 8 * n, n * kPageSize | (n == 5 ? 0x200 : 0));
  m.sd.gcr[1] = 0x8000 | 3;
  m.cpu().gr[2] = 0x5000;
  EXPECT_EQ(run("92AA2000", Psw::kDat), 0x1C);
  EXPECT_EQ(m.guest_program_code(), 4);
  EXPECT_EQ(m.load(SieMachine::kGuest + 0xA8), 0x5000u | mmu::teid::kDatProtection | mmu::teid::kStore);
  m.sd.eca = 0;
  EXPECT_EQ(run("92AA2000", Psw::kDat), 0x08);
  EXPECT_EQ(m.intercepted_code(), 4);
  EXPECT_EQ(teid(), 0x5000u | mmu::teid::kDatProtection | mmu::teid::kStore);
  EXPECT_EQ(m.sd.gpsw_address, kCode + 4);
}

TEST_F(SieProgramInterruption, KeysOfTheFramesProtectAgainstTheGuestsKey) {
  m.storage().frames().set_key({SieMachine::kGuest + 0x5000}, 0x10);
  m.cpu().gr[2] = 0x5000;
  EXPECT_EQ(run("92AA2000", 0x0020'0000'0000'0000), 0x1C);
  EXPECT_EQ(m.guest_program_code(), 4);
  m.host_psw |= 0x0030'0000'0000'0000; // the SIE host's key does not count
  EXPECT_EQ(run("92AA2000 83020044", 0x0010'0000'0000'0000), 0x04);
}

TEST_F(SieProgramInterruption, PerEventsAreTheGuestsOrIntercepted) {
  m.sd.gcr[9] = 0x4000'0000;
  m.sd.gcr[10] = kCode;
  m.sd.gcr[11] = kCode + 3;
  EXPECT_EQ(run("B9080011 83020044", Psw::kPer), 0x1C);
  EXPECT_EQ(m.guest_program_code(), 0x80);
  EXPECT_EQ(m.load(SieMachine::kGuest + 0x98), kCode);
  m.sd.cpuflags = m.sd.cpuflags | cpuflags::kGuestPer;
  EXPECT_EQ(run("B9080011 83020044", Psw::kPer), 0x08);
  EXPECT_EQ(m.intercepted_code(), 0x80);
  EXPECT_EQ(m.sd.parameters[parameter::kPerCode], 0x40);
  EXPECT_EQ(load_big<u64>(m.sd.parameters + parameter::kPerAddress), kCode);
  EXPECT_EQ(m.sd.gpsw_address, kCode + 4);
  EXPECT_EQ(run("83020044", Psw::kPer), 0x04);
  EXPECT_EQ(m.sd.icptstatus, 0x82);
}

TEST_F(SieProgramInterruption, GuestPerEnhancementRecordsEventsThoughTheGuestDidNotEnableThem) {
  m.sd.gcr[9] = 0x4000'0000;
  m.sd.gcr[10] = kCode;
  m.sd.gcr[11] = kCode + 3;
  EXPECT_EQ(run("B9080011 83020044"), 0x04);
  m.sd.cpuflags = m.sd.cpuflags | cpuflags::kGuestPer;
  EXPECT_EQ(run("B9080011 83020044"), 0x08);
  EXPECT_EQ(m.intercepted_code(), 0x80);
  EXPECT_EQ(m.sd.gpsw_address, kCode + 4);
  EXPECT_EQ(m.sd.gpsw_mask & Psw::kPer, 0u);
  EXPECT_FALSE(m.cpu().per_active()); // the SIE host is not watched
}

TEST_F(SieProgramInterruption, GuestPerEnhancementRecordsStoresOfAnUnawareGuest) {
  m.sd.cpuflags = m.sd.cpuflags | cpuflags::kGuestPer;
  m.sd.gcr[9] = 0x2000'0000;
  m.sd.gcr[10] = 0x5000;
  m.sd.gcr[11] = 0x5003;
  m.cpu().gr[2] = 0x5000;
  EXPECT_EQ(run("92AA2004 92AA2003 83020044"), 0x08); // MVI 4(2) is outside the range
  EXPECT_EQ(m.sd.parameters[parameter::kPerCode], 0x20);
  EXPECT_EQ(load_big<u64>(m.sd.parameters + parameter::kPerAddress), kCode + 4);
  EXPECT_EQ(m.sd.gpsw_address, kCode + 8);
  EXPECT_EQ(m.load<u8>(SieMachine::kGuest + 0x5003), 0xAA);
}

TEST_F(SieProgramInterruption, GuestPerEnhancementStepsOverTheGuestsOwnInterruptions) {
  m.sd.cpuflags = m.sd.cpuflags | cpuflags::kGuestPer;
  m.sd.gcr[9] = 0x4000'0000;
  m.sd.gcr[11] = ~u64{0};
  m.guest_put<u64>(0x1C0, SieMachine::kWide);
  m.guest_put<u64>(0x1C8, 0x1100);
  EXPECT_EQ(run("0A05"), 0x08); // the SVC is done, the event is behind it
  EXPECT_EQ(m.intercepted_code(), 0x80);
  EXPECT_EQ(load_big<u64>(m.sd.parameters + parameter::kPerAddress), kCode);
  EXPECT_EQ(m.sd.gpsw_address, 0x1100u);
  EXPECT_EQ(m.load(SieMachine::kGuest + 0x148), kCode + 2);
  EXPECT_EQ(run("0000"), 0x08); // an operation exception goes along
  EXPECT_EQ(m.intercepted_code(), 0x81);
  EXPECT_EQ(m.sd.gpsw_address, kCode + 2);
}

} // namespace
} // namespace siena::sie::testing
