// SPDX-License-Identifier: BSD-3-Clause
#include "tests/sie/sie_machine.h"

namespace siena::sie::testing {
namespace {

using cpu::Psw;

struct SieEntry : ::testing::Test {
  SieMachine m;
  u16 validity() {
    EXPECT_EQ(m.run(), kBehindSie);
    EXPECT_EQ(m.sd.icptcode, 0x20);
    EXPECT_EQ(m.sd.ipa, 0x1110);
    EXPECT_EQ(m.sd.gpsw_address, SieMachine::kGuestCode);
    return m.reason();
  }
  /// The guest ends at once with DIAGNOSE.
  void expect_valid(u64 code = SieMachine::kGuestCode) {
    m.sd.gpsw_address = code;
    EXPECT_EQ(m.run(), kBehindSie);
    EXPECT_EQ(m.sd.icptcode, 0x04) << "reason " << std::hex << m.reason();
    m.sd.gpsw_address = SieMachine::kGuestCode;
  }
  u16 program_interruption_of_sie(u64 operand) {
    m.write_block();
    m.restart_host();
    m.cpu().gr[14] = operand;
    EXPECT_EQ(m.go_on(), kProgram);
    EXPECT_EQ(m.host_ilc(), 4);
    return m.host_code();
  }
  void SetUp() override { m.guest_code("83020044"); }
};

TEST_F(SieEntry, InTheProblemStateIsAPrivilegedOperation) {
  m.host_psw |= Psw::kProblem;
  EXPECT_EQ(m.run(), kProgram);
  EXPECT_EQ(m.host_code(), 2);
  EXPECT_EQ(m.host_ilc(), 4);
}

TEST_F(SieEntry, OperandMustBeAlignedAndOutsideTheAreasWherePrefixingApplies) {
  for (const u64 operand : {0x1'0001, 0x1'0008, 0x1'0100, 0x0, 0x1E00})
    EXPECT_EQ(program_interruption_of_sie(operand), 6) << std::hex << operand;
  m.cpu().prefix = 0x8000;
  m.cpu().set_prefix_pages({0}, {0x1000}); // the new PSWs stay where they are
  EXPECT_EQ(program_interruption_of_sie(0x8000), 6);
  EXPECT_EQ(program_interruption_of_sie(0x9E00), 6);
}

TEST_F(SieEntry, BlockBeyondMainStorageIsAnAddressingException) {
  EXPECT_EQ(program_interruption_of_sie(SieMachine::kStorageSize), 5);
  EXPECT_EQ(program_interruption_of_sie(~u64{0x1FF}), 5);
}

TEST_F(SieEntry, GuestModesThatDoNotExistAreNotValid) {
  const auto with = [&](u32 flags) {
    m.sd.cpuflags = flags;
    return validity();
  };
  EXPECT_EQ(with(0), 0x0001);
  EXPECT_EQ(with(cpuflags::kZarch | cpuflags::kRrf), 0x0001);
  EXPECT_EQ(with(cpuflags::kZarch | cpuflags::kMcds), 0x0001);
  EXPECT_EQ(with(cpuflags::kZarch | cpuflags::kEdat1 | cpuflags::kEdat2), 0x0001);
  EXPECT_EQ(with(cpuflags::kZarch | cpuflags::kEdat1 | cpuflags::kEdat2 | cpuflags::kSlsv), 0x0007);
  EXPECT_EQ(with(cpuflags::kZarch | cpuflags::kSlsv), 0x0007);
  EXPECT_EQ(with(cpuflags::kZarch | cpuflags::kSlsr), 0x0007);
}

TEST_F(SieEntry, ZoneNumberMustBeZero) {
  m.sd.zone = 1;
  EXPECT_EQ(validity(), 0x1006);
}

TEST_F(SieEntry, OriginBeyondLimitIsNotValidUnlessLimitsAreSuppressed) {
  m.sd.mso = 0x30'0000;
  m.sd.msl = 0x20'0000;
  EXPECT_EQ(validity(), 0x0041);
  m.sd.cpuflags = m.sd.cpuflags | cpuflags::kStorageLimitSuppression;
  m.sd.prefix = SieMachine::kGuest; // real 0x1000 is then where the guest's code is
  expect_valid();
}

TEST(SieEntryOfSmallHost, LimitMustNotExceedTheHighestHostAddressUnlessLimitsAreSuppressed) {
  Assists assists;
  assists.maximum_host_address = 0x7FFF'FFFF;
  SieMachine m(1, true, assists);
  m.guest_code("83020044");
  const auto reason = [&](u64 limit) {
    m.sd.msl = limit;
    m.sd.gpsw_address = SieMachine::kGuestCode;
    EXPECT_EQ(m.run(), kBehindSie);
    return m.sd.icptcode == 0x20 ? m.reason() : 0;
  };
  EXPECT_EQ(reason(0x7FF0'0000), 0);
  EXPECT_EQ(reason(0x8000'0000), 0x003D);
  m.sd.prefix = 0x7FFF'E000; // nor inside the guest
  EXPECT_EQ(reason(0x8000'0000), 0x003D);
  EXPECT_EQ(reason(0x7000'0000), 0x0010);
  m.sd.mso = 0x9000'0000;
  EXPECT_EQ(reason(0x8000'0000), 0x0041);
  m.sd.cpuflags = m.sd.cpuflags | cpuflags::kStorageLimitSuppression;
  m.sd.prefix = SieMachine::kGuest;
  EXPECT_EQ(reason(0x8000'0000), 0);
}

TEST_F(SieEntry, LowBitsOfOriginAndLimitAreIgnored) {
  m.sd.mso = SieMachine::kGuest + 0x123;
  m.sd.msl = SieMachine::kGuest + 0x10'0FFF;
  expect_valid();
}

TEST_F(SieEntry, PrefixMustLieInTheGuest) {
  m.sd.prefix = SieMachine::kGuestSize - 0x2000;
  m.guest_code("83020044", SieMachine::kGuestSize - 0x2000 + SieMachine::kGuestCode);
  expect_valid();
  m.sd.prefix = SieMachine::kGuestSize;
  EXPECT_EQ(validity(), 0x0010);
}

TEST_F(SieEntry, PrefixAreaMustBeStorableThroughTheHostsTables) {
  HostTables tables(m, 0x40'0000);
  tables.map_guest();
  m.sd.mso = 0;
  m.sd.msl = SieMachine::kGuestSize - 0x10'0000;
  m.cpu().cr[1] = tables.asce();
  expect_valid();

  tables.map(0, SieMachine::kGuest, HostTables::kInvalid);
  m.put<u64>(0xA8, 0x5555);
  EXPECT_EQ(validity(), 0x0037);
  EXPECT_EQ(m.host_teid(), 0x5555u);
  tables.map(0, SieMachine::kGuest, HostTables::kProtected);
  EXPECT_EQ(validity(), 0x0037);
  tables.map(0, SieMachine::kGuest);
  tables.map(0x1000, SieMachine::kGuest + 0x1000, HostTables::kInvalid); // not needed without transactions
  m.guest_code("83020044", 0x2000);
  expect_valid(0x2000);
}

TEST_F(SieEntry, PrefixPagesMayLieInDifferentFramesAndPageTables) {
  HostTables tables(m, 0x40'0000);
  tables.map_guest();
  tables.map(0x10'0000, SieMachine::kGuest + 0x18'1000);
  tables.map(0x10'1000, SieMachine::kGuest + 0x18'0000);
  m.cpu().cr[1] = tables.asce();
  m.sd.mso = 0;
  m.sd.msl = SieMachine::kGuestSize - 0x10'0000;
  m.sd.prefix = 0x10'0000;
  m.guest_put<u64>(0x18'1000 + 0x1D0, SieMachine::kWide | Psw::kWait);
  m.guest_put<u64>(0x18'1000 + 0x1D8, 0x1D0);
  m.guest_code("0000", 0x2000);
  m.sd.gpsw_address = 0x2000;
  EXPECT_EQ(m.run(), kBehindSie);
  EXPECT_EQ(m.sd.icptcode, 0x1C);
  EXPECT_EQ(m.load<u16>(SieMachine::kGuest + 0x18'1000 + 0x8E), 1);
}

TEST_F(SieEntry, SystemControlAreaIsLookedAtUnlessItsOriginIsZero) {
  const auto origin = [&](u32 low, u32 high = 0) {
    m.sd.scaoh = high;
    m.sd.scaol = low;
    return validity();
  };
  EXPECT_EQ(origin(0x1000), 0x0038);
  EXPECT_EQ(origin(0x1'2800), 0x003B);
  EXPECT_EQ(origin(0x8000'0000), 0x0034);
  EXPECT_EQ(origin(0x1'2000, 1), 0x0034);
  m.cpu().prefix = 0x8000;
  m.cpu().set_prefix_pages({0}, {0x1000});
  EXPECT_EQ(origin(0x9000), 0x0011);
  m.sd.ecb2 = ecb2::kExtendedSca; // may be several pages long
  m.sd.scaol = 0x1'2FC0 | 0x3F;
  m.sd.scaoh = 0;
  expect_valid();
}

TEST_F(SieEntry, CryptoControlBlockIsLookedAtWhenItsFormatIsNotZero) {
  m.sd.crycbd = 0;
  expect_valid();
  m.sd.crycbd = 1;
  EXPECT_EQ(validity(), 0x0039);
  m.sd.crycbd = 0x1'3FC0 | 1;
  EXPECT_EQ(validity(), 0x003C);
  m.sd.crycbd = 0x7000'0000 | 3;
  EXPECT_EQ(validity(), 0x0035);
}

TEST_F(SieEntry, CryptoControlBlockIsNeededForInterpretedApInstructionsWhateverItsFormat) {
  m.sd.eca = m.sd.eca | eca::kApInterpretation;
  m.sd.crycbd = 0;
  EXPECT_EQ(validity(), 0x0039);
  m.sd.crycbd = 0x1'3FE0; // 32 bytes
  expect_valid();
  m.sd.crycbd = 0x1'3FE8;
  EXPECT_EQ(validity(), 0x003C);
  m.sd.crycbd = 0x1'3000 | 2; // no such format
  EXPECT_EQ(validity(), 0x0022);
}

TEST_F(SieEntry, SatellitesOfFacilitiesThatAreNotInstalledAreNotLookedAt) {
  for (u64& word : m.system.words) word = 0;
  m.sd.eca = m.sd.eca | eca::kApInterpretation | eca::kVector;
  m.sd.ecb = ecb::kTransactional | ecb::kGuardedStorage;
  m.sd.ecb3 = ecb3::kRuntimeInstrumentation;
  m.sd.ecd = ecd::kEntropyToken;
  m.sd.crycbd = 2;
  m.sd.itdba = m.sd.gvrd = m.sd.riccbd = 0x1000;
  expect_valid();
}

TEST_F(SieEntry, RuntimeInstrumentationBlockIsLookedAtWhenItsControlIsOne) {
  m.sd.riccbd = 0x1000;
  expect_valid();
  m.sd.ecb3 = ecb3::kRuntimeInstrumentation;
  EXPECT_EQ(validity(), 0x0043);
  m.sd.riccbd = SieMachine::kStorageSize;
  EXPECT_EQ(validity(), 0x0043);
  m.sd.riccbd = 0;
  expect_valid();
  m.sd.riccbd = 0x1'303F; // the low bits are ignored
  expect_valid();
}

TEST_F(SieEntry, AnnexIsLookedAtForGuardedStorageAndEntropyTokens) {
  const auto with = [&](u64 designation) {
    m.sd.sdnxo = designation;
    return validity();
  };
  m.sd.sdnxo = 0;
  m.sd.ecb = m.sd.ecb | ecb::kGuardedStorage;
  m.sd.ecd = ecd::kHostRegisterManagement; // the SIE host has loaded the registers
  expect_valid();
  m.sd.ecd = 0;
  EXPECT_EQ(with(0), 0x10B0);
  m.sd.ecb = ecb::kHostProtection;
  m.sd.ecd = ecd::kEntropyToken | ecd::kHostRegisterManagement;
  EXPECT_EQ(with(0x1008), 0x10B0);
  EXPECT_EQ(with(0x1'3005), 0x10B1);
  EXPECT_EQ(with(0x1'300D), 0x10B1);
  EXPECT_EQ(with(0x1'3088), 0x10B2);
  EXPECT_EQ(with(SieMachine::kStorageSize | 8), 0x10B0);
  m.sd.sdnxo = 0x1'3000 | 8;
  expect_valid();
}

TEST_F(SieEntry, FirstOfSeveralReasonsIsShown) {
  m.sd.cpuflags = m.sd.cpuflags | cpuflags::kSlsv;
  m.sd.zone = 1;
  m.sd.mso = 0x30'0000;
  m.sd.msl = 0x20'0000;
  m.sd.scaol = 0x1000;
  m.sd.eca = m.sd.eca | eca::kVector;
  m.sd.gvrd = 0x1000;
  m.sd.fac = 0x7000'0000;
  m.cpu().cr[1] = 0x6000'0000;
  EXPECT_EQ(validity(), 0x0007);
  m.sd.cpuflags = cpuflags::kZarch;
  EXPECT_EQ(validity(), 0x1006);
  m.sd.zone = 0;
  EXPECT_EQ(validity(), 0x0041);
  m.sd.mso = 0;
  m.sd.prefix = 0x40'0000;
  EXPECT_EQ(validity(), 0x0010);
  m.sd.prefix = 0;
  EXPECT_EQ(validity(), 0x0038);
  m.sd.scaol = 0;
  EXPECT_EQ(validity(), 0x1310);
  m.sd.gvrd = 0;
  m.sd.fac = 0x7000'0001;
  EXPECT_EQ(validity(), 0x1330);
  m.sd.fac = 0x7000'0000;
  EXPECT_EQ(validity(), 0x1090);
  m.sd.fac = 0;
  EXPECT_EQ(validity(), 0x0037);
}

TEST_F(SieEntry, InvalidGuestPswIsASpecificationExceptionOfTheGuest) {
  m.sd.gpsw_mask = SieMachine::kWide | Psw::kMustBeZero12;
  EXPECT_EQ(m.run(), kBehindSie);
  EXPECT_EQ(m.sd.icptcode, 0x08);
  EXPECT_EQ(m.intercepted_code(), 6);
  EXPECT_EQ(m.sd.gpsw_mask, SieMachine::kWide | Psw::kMustBeZero12);
  EXPECT_EQ(m.sd.gpsw_address, SieMachine::kGuestCode);
}

TEST_F(SieEntry, RegistersGoTheirWaysAtEntryAndExit) {
  auto& cpu = m.cpu();
  for (unsigned n = 0; n < 14; ++n) cpu.gr[n] = 0x1000 + n;
  for (unsigned n = 0; n < 16; ++n) cpu.ar[n] = 0x2000 + n;
  for (unsigned n = 0; n < 32; ++n) cpu.vr[n] = {0x3000 + n, n};
  cpu.fpc = 0x0070'0000;
  cpu.cr[8] = 0x8888;
  cpu.program_parameter = 0xB2;
  m.sd.gg14 = 0x14;
  m.sd.gg15 = 0x15;
  m.sd.gbea = 0xA1;
  store_big<u64>(m.sd.pp, 0xA2);
  for (unsigned n = 1; n < 16; ++n) m.sd.gcr[n] = 0xC00 + n;
  // AGR 14,15; AGR 1,14; LCTLG 8,8,0x200; LPP 0x200; DIAG
  m.guest_code("B90800EF B908001E EB880200002F B2800200 83020044");
  m.guest_put<u64>(0x200, 0x1234'5678'9ABC'DEF0);
  EXPECT_EQ(m.run(), kBehindSie);
  EXPECT_EQ(m.sd.icptcode, 0x04);
  EXPECT_EQ(m.sd.gg14, 0x29u);
  EXPECT_EQ(m.sd.gg15, 0x15u);
  EXPECT_EQ(m.sd.gbea, 0xA1u);
  EXPECT_EQ(load_big<u64>(m.sd.pp), 0x1234'5678'9ABC'DEF0u);
  EXPECT_EQ(m.sd.gcr[8], 0x1234'5678'9ABC'DEF0u);
  EXPECT_EQ(m.sd.gcr[13], 0xC0Du);
  EXPECT_EQ(cpu.gr[0], 0x1000u);
  EXPECT_EQ(cpu.gr[1], 0x1001u + 0x29);
  EXPECT_EQ(cpu.gr[13], 0x100Du);
  EXPECT_EQ(cpu.gr[14], SieMachine::kBlock);
  EXPECT_EQ(cpu.gr[15], SieMachine::kHostWait);
  EXPECT_EQ(cpu.ar[15], 0x200Fu);
  EXPECT_EQ(cpu.vr[31].high, 0x301Fu);
  EXPECT_EQ(cpu.fpc, 0x0070'0000u);
  EXPECT_EQ(cpu.cr[8], 0x8888u);
  EXPECT_EQ(cpu.cr[1], mmu::asce::kRealSpace);
  EXPECT_EQ(cpu.program_parameter, 0xB2u);
  EXPECT_EQ(cpu.prefix, 0u);
  EXPECT_FALSE(cpu.interpretive());
}

TEST_F(SieEntry, BlockRemembersTheCpuThatRanIt) {
  SieMachine two(2);
  two.sd.ihcpu = 0xFFFF;
  two.guest_code("83020044");
  EXPECT_EQ(two.run(), kBehindSie);
  EXPECT_EQ(two.sd.ihcpu, 0);
  two.sd.gpsw_address = SieMachine::kGuestCode;
  two.write_block();
  EXPECT_EQ(two.resume(100'000, 1), kBehindSie);
  EXPECT_EQ(two.sd.ihcpu, 1);
}

TEST_F(SieEntry, WritesOnlyWhatIsTheMachinesToWrite) {
  for (u8& b : m.sd.reserved10) b = 0xAA;
  for (u8& b : m.sd.reservedf4) b = 0xBB;
  for (u8& b : m.sd.parameters) b = 0xCC;
  m.sd.reserved08 = 0x1122'3344'5566'7788;
  m.sd.reserved54[1] = 3;
  m.sd.epoch = 0x77;
  m.sd.cpnc = 9;
  StateDescription expected = m.sd;
  EXPECT_EQ(m.run(), kBehindSie);
  expected.icptcode = 0x04;
  expected.icptstatus = 0x80;
  expected.ipa = 0x8302;
  expected.ipb = 0x0044'0000;
  expected.gpsw_address = SieMachine::kGuestCode + 4;
  EXPECT_LT(m.sd.cputm, expected.cputm);
  expected.cputm = m.sd.cputm; // has gone on
  EXPECT_EQ(std::memcmp(&m.sd, &expected, sizeof expected), 0);
}

} // namespace
} // namespace siena::sie::testing
