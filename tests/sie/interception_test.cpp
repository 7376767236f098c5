// SPDX-License-Identifier: BSD-3-Clause
#include "tests/sie/sie_machine.h"

namespace siena::sie::testing {
namespace {

using cpu::Psw;

struct SieInterception : ::testing::Test {
  SieMachine m;
  static constexpr u64 kCode = SieMachine::kGuestCode;

  void SetUp() override { m.cpu().gr[3] = 0x1000; } // base for EXECUTE

  u8 run(std::string_view code) {
    m.guest_code(code);
    m.sd.gpsw_address = kCode;
    m.sd.icptcode = 0xFF;
    EXPECT_EQ(m.run(), kBehindSie);
    return m.sd.icptcode;
  }
  /// The first instruction is intercepted with its own text, the guest PSW behind it.
  void expect_intercepted(std::string_view code, u64 length, u64 text) {
    EXPECT_EQ(run(code), 0x04) << code;
    EXPECT_EQ((u64{m.sd.ipa} << 32 | m.sd.ipb), text) << code;
    EXPECT_EQ(m.sd.icptstatus, 0x80);
    EXPECT_EQ(m.sd.gpsw_address, kCode + length);
  }
  /// The first instruction is executed: the DIAGNOSE behind it is intercepted.
  void expect_interpreted(std::string_view code) {
    EXPECT_EQ(run(std::string(code) + "83020044"), 0x04) << code;
    EXPECT_EQ(m.sd.ipa, 0x8302) << code;
  }
};

TEST_F(SieInterception, TextIsLeftAlignedAndZeroBehindItsEnd) {
  expect_intercepted("83020010 FFFF", 4, 0x8302'0010'0000);
  expect_intercepted("83020044 FFFF", 4, 0x8302'0044'0000);
  m.sd.svcc = 0x8000'0000;
  expect_intercepted("0A05 FFFF FFFF", 2, 0x0A05'0000'0000);
  m.sd.ictl = 0x0004'0000;
  expect_intercepted("EB010200 0025 FFFF", 6, 0xEB01'0200'0025);
}

TEST_F(SieInterception, SomeInstructionsAreAlwaysIntercepted) {
  for (const char* code : {"B2140000",
                           "AE000000",
                           "B2200000",
                           "B2020000",
                           "B2120000",
                           "B2100000",
                           "B2110000",
                           "B2040000",
                           "B22C0000",
                           "B2B10000",
                           "B27D0000",
                           "B2330000",
                           "B25F0000"})
    EXPECT_EQ(run(code), 0x04) << code;
  EXPECT_EQ(m.sd.ipa, 0xB25F);
}

TEST_F(SieInterception, PrivilegeIsCheckedFirst) {
  m.sd.gpsw_mask = SieMachine::kWide | Psw::kProblem;
  EXPECT_EQ(run("83020044"), 0x1C);
  EXPECT_EQ(m.guest_program_code(), 2);
  m.sd.gpsw_mask = SieMachine::kWide | Psw::kProblem;
  m.sd.ictl = ictl::kPrivileged;
  EXPECT_EQ(run("83020044"), 0x08);
  EXPECT_EQ(m.intercepted_code(), 2);
  EXPECT_EQ(m.sd.gpsw_address, kCode + 4);
}

TEST_F(SieInterception, ExecutedTargetShowsItsModifiedTextAndTheLengthOfTheExecute) {
  // EX 1,0x1100 with a DIAGNOSE whose registers come from GR1
  m.cpu().gr[1] = 0x34;
  m.guest_code("83020044", 0x1100);
  EXPECT_EQ(run("44103100"), 0x04);
  EXPECT_EQ(m.sd.ipa, 0x8336);
  EXPECT_EQ(m.sd.ipb, 0x0044'0000u);
  EXPECT_EQ(m.sd.icptstatus, 0x80 | 0x40 | 0x01);
  EXPECT_EQ(m.sd.gpsw_address, kCode + 4);
  EXPECT_EQ(run("C610 00000080"), 0x04); // EXRL 1,0x1100
  EXPECT_EQ(m.sd.ipa, 0x8336);
  EXPECT_EQ(m.sd.icptstatus, 0x80 | 0x60 | 0x01);
  EXPECT_EQ(m.sd.gpsw_address, kCode + 6);
  m.guest_code("0A00", 0x1100);
  m.sd.svcc = 0x8000'0000;
  EXPECT_EQ(run("44103100"), 0x04);
  EXPECT_EQ(m.sd.ipa, 0x0A34);
  EXPECT_EQ(m.sd.ipb, 0u);
  EXPECT_EQ(m.sd.gpsw_address, kCode + 4);
}

TEST_F(SieInterception, ControlsOfTheInterceptionWordNameInstructions) {
  const struct {
    u32 control;
    const char* code;
    u64 length, text;
  } cases[] = {
      {0x0040'0000, "B2B20200", 4, 0xB2B2'0200'0000},     // LPSWE
      {0x0040'0000, "B98D0010", 4, 0xB98D'0010'0000},     // EPSW
      {0x0020'0000, "B20D0000", 4, 0xB20D'0000'0000},     // PTLB
      {0x0010'0000, "80000200", 4, 0x8000'0200'0000},     // SSM
      {0x0004'0000, "B6110200", 4, 0xB611'0200'0000},     // STCTL
      {0x0002'0000, "ACFF0200", 4, 0xACFF'0200'0000},     // STNSM
      {0x0001'0000, "AD000200", 4, 0xAD00'0200'0000},     // STOSM
      {0x0000'8000, "B2050200", 4, 0xB205'0200'0000},     // STCK
      {0x0000'4000, "B2290012", 4, 0xB229'0012'0000},     // ISKE
      {0x0000'2000, "B22B0012", 4, 0xB22B'0012'0000},     // SSKE
      {0x0000'1000, "B22A0002", 4, 0xB22A'0002'0000},     // RRBE
      {0x0000'0200, "E50102000000", 6, 0xE501'0200'0000}, // TPROT
      {0x0000'0040, "B2090200", 4, 0xB209'0200'0000},     // STPT
      {0x0000'0020, "B2070200", 4, 0xB207'0200'0000},     // STCKC
      {0x0100'0000, "B2210012", 4, 0xB221'0012'0000},     // IPTE
  };
  for (const auto& c : cases) {
    m.sd.ictl = c.control;
    expect_intercepted(c.code, c.length, c.text);
    if (std::string_view(c.code).starts_with("B2B2") || std::string_view(c.code).starts_with("80")) continue;
    m.sd.ictl = ~c.control & 0x0177'F260;
    expect_interpreted(c.code);
  }
}

TEST_F(SieInterception, LoadControlIsInterceptedByRegister) {
  m.guest_put<u64>(0x200, 0xABCD);
  expect_interpreted("EB880200002F");
  EXPECT_EQ(m.sd.gcr[8], 0xABCDu);
  m.sd.lctl = 0x8000 >> 14;
  expect_interpreted("EB880200002F");
  m.sd.gcr[0] = 0xE0;
  expect_intercepted("EB0F0200002F", 6, 0xEB0F'0200'002F);
  EXPECT_EQ(m.sd.gcr[0], 0xE0u);
  expect_intercepted("B7E00200", 4, 0xB7E0'0200'0000); // 14, 15, 0
  expect_intercepted("B7D10200", 4, 0xB7D1'0200'0000); // wraps over 14
}

TEST_F(SieInterception, SupervisorCallsAreInterceptedByNumber) {
  m.sd.svcc = 0x400A'0000;
  expect_intercepted("0A0A", 2, 0x0A0A'0000'0000);
  EXPECT_EQ(run("0A0B"), 0x1C); // the guest takes it
  EXPECT_EQ(m.load<u16>(SieMachine::kGuest + 0x8A), 0x0B);
  m.sd.gpsw_mask = SieMachine::kWide;
  m.sd.svcc = 0x1000'000B;
  expect_intercepted("0A0B", 2, 0x0A0B'0000'0000);
}

TEST_F(SieInterception, LoadedWaitStateEndsInterpretation) {
  m.guest_put<u64>(0x200, SieMachine::kWide | Psw::kWait);
  m.guest_put<u64>(0x208, 0x1234);
  EXPECT_EQ(run("B2B20200"), 0x1C);
  EXPECT_EQ(m.sd.icptstatus, 0);
  EXPECT_EQ(m.sd.gpsw_mask, SieMachine::kWide | Psw::kWait);
  EXPECT_EQ(m.sd.gpsw_address, 0x1234u);
}

TEST_F(SieInterception, FacilityListComesFromTheBlock) {
  m.cpu().gr[0] = 0xFF;
  expect_intercepted("B2B00200", 4, 0xB2B0'0200'0000);
  m.sd.fac = 0x1'4000;
  for (u64 n = 0; n < 5; ++n) m.put<u64>(0x1'4000 + 8 * n, 0x1111'0000'0000'0000 * (n + 1));
  expect_interpreted("B2B00200");
  EXPECT_EQ(m.cpu().gr[0] & 0xFF, 3u);
  for (u64 n = 0; n < 4; ++n) EXPECT_EQ(m.load(SieMachine::kGuest + 0x200 + 8 * n), 0x1111'0000'0000'0000 * (n + 1));
  EXPECT_EQ(m.load(SieMachine::kGuest + 0x220), 0u);
  EXPECT_EQ(m.sd.gpsw_mask & Psw::kCc, 0u);
  m.cpu().gr[0] = 1;
  expect_interpreted("B2B00240");
  EXPECT_EQ(m.load(SieMachine::kGuest + 0x250), 0u);
  EXPECT_EQ((m.sd.gpsw_mask & Psw::kCc) >> 44, 3u);
  m.sd.ictl = ictl::kFacilities;
  expect_intercepted("B2B00200", 4, 0xB2B0'0200'0000);
}

TEST_F(SieInterception, InvalidOpcodeIsTheGuestsUnlessAskedFor) {
  EXPECT_EQ(run("0000"), 0x1C);
  EXPECT_EQ(m.guest_program_code(), 1);
  m.sd.gpsw_mask = SieMachine::kWide;
  m.sd.ictl = ictl::kOperation;
  EXPECT_EQ(run("0000 FFFF"), 0x2C);
  EXPECT_EQ(m.sd.ipa, 0);
  EXPECT_EQ(m.sd.ipb, 0u);
  EXPECT_EQ(m.sd.gpsw_address, kCode + 2);
  EXPECT_EQ(run("B2560012"), 0x2C); // STHYI
  EXPECT_EQ(m.sd.ipa, 0xB256);
  EXPECT_EQ(m.sd.ipb, 0x0012'0000u);
  EXPECT_EQ(m.sd.gpsw_address, kCode + 4);
  m.guest_code("B2560012", 0x1100);
  EXPECT_EQ(run("44003100"), 0x2C);
  EXPECT_EQ(m.sd.icptstatus, 0x80 | 0x40 | 0x01);
}

TEST_F(SieInterception, KeylessSubsetNullifies) {
  m.sd.cpuflags = m.sd.cpuflags | cpuflags::kKeylessSubset;
  for (const char* code : {"B2290012", "B22B0012", "B22A0002"}) {
    EXPECT_EQ(run(code), 0x5C) << code;
    EXPECT_EQ(m.sd.gpsw_address, kCode);
  }
  m.guest_put<u64>(0x200, SieMachine::kWide | 0x0010'0000'0000'0000);
  m.guest_put<u64>(0x208, 0x1100);
  EXPECT_EQ(run("B2B20200"), 0x5C);
  EXPECT_EQ(m.sd.gpsw_address, kCode);
  EXPECT_EQ(m.sd.gpsw_mask & Psw::kKey, 0u);
  m.guest_put<u64>(0x200, SieMachine::kWide);
  m.guest_code("83020044", 0x1100);
  EXPECT_EQ(run("B2B20200"), 0x04);
  EXPECT_EQ(m.sd.ipa, 0x8302);
}

TEST_F(SieInterception, KeysAreThoseOfTheFramesWhenNothingIntercepts) {
  // SSKE 1,2; ISKE 3,2; RRBE 0,2; ISKE 4,2
  m.cpu().gr[1] = 0x34;
  m.cpu().gr[2] = 0x5000;
  m.cpu().gr[3] = m.cpu().gr[4] = 0;
  expect_interpreted("B22B0012 B2290032 B22A0002 B2290042");
  EXPECT_EQ(m.cpu().gr[3], 0x34u);
  EXPECT_EQ(m.cpu().gr[4], 0x30u);
  EXPECT_EQ(m.storage().frames().key({SieMachine::kGuest + 0x5000}), 0x30);
}

TEST_F(SieInterception, TimingQueriesAreInterpretedAndControlsAreNot) {
  m.cpu().gr[1] = 0x300;
  m.cpu().gr[0] = 0;
  expect_interpreted("0104");
  m.cpu().gr[0] = 0x41;
  expect_intercepted("0104", 2, 0x0104'0000'0000);
}

TEST_F(SieInterception, MovePageIsInterpretedOnRequest) {
  m.cpu().gr[0] = 0;
  m.cpu().gr[1] = 0x5000;
  m.cpu().gr[2] = 0x6000;
  m.guest_put<u64>(0x6008, 0x1234);
  expect_interpreted("B2540012");
  EXPECT_EQ(m.load(SieMachine::kGuest + 0x5008), 0x1234u);
  m.sd.eca = 0;
  expect_intercepted("B2540012", 4, 0xB254'0012'0000);
}

TEST_F(SieInterception, MovePageShowsTheHostsEntriesOfMissingPages) {
  HostTables tables(m, 0x40'0000);
  tables.map_guest();
  m.sd.mso = 0;
  m.cpu().cr[1] = tables.asce();
  m.cpu().gr[0] = 0;
  m.cpu().gr[1] = 0x5000;
  m.cpu().gr[2] = 0x6000;
  m.guest_put<u64>(0x5008, 0x77);
  m.guest_put<u64>(0x6008, 0x1234);
  const auto entries = [&](u64 dst, u64 src) {
    EXPECT_EQ(m.sd.ipa, 0xB254);
    EXPECT_EQ(m.sd.gpsw_address, kCode + 4);
    EXPECT_EQ(load_big<u64>(m.sd.parameters), dst);
    EXPECT_EQ(load_big<u64>(m.sd.parameters + 8), src);
    EXPECT_EQ(m.load(SieMachine::kGuest + 0x5008), 0x77u);
  };
  tables.map(0x6000, SieMachine::kGuest + 0x6000, HostTables::kInvalid);
  EXPECT_EQ(run("B2540012 83020044"), 0x38);
  entries(tables.entry(0x5000), tables.entry(0x6000));
  tables.map(0x5000, SieMachine::kGuest + 0x5000, HostTables::kInvalid);
  EXPECT_EQ(run("B2540012 83020044"), 0x38);
  entries(tables.entry(0x5000), tables.entry(0x6000));
  m.cpu().gr[2] = 0x4000'0000;
  m.sd.msl = 0x7FF0'0000;
  EXPECT_EQ(run("B2540012 83020044"), 0x38);
  entries(tables.entry(0x5000), tables.segment_entry(0x4000'0000) | 4);
  m.cpu().gr[2] = 0x6000;
  tables.map(0x5000, SieMachine::kGuest + 0x5000);
  tables.map(0x6000, SieMachine::kGuest + 0x6000);
  EXPECT_EQ(run("B2540012 83020044"), 0x04);
  EXPECT_EQ(m.load(SieMachine::kGuest + 0x5008), 0x1234u);
}

TEST_F(SieInterception, TopologyChangeReportIsReadFromTheControlArea) {
  m.cpu().gr[1] = 2;
  expect_intercepted("B9A20010", 4, 0xB9A2'0010'0000);
  m.sd.ecb = ecb::kTopology;
  m.sd.scaol = SieMachine::kControlArea;
  m.put<u16>(SieMachine::kControlArea + 0x38, 0x8000);
  expect_interpreted("B9A20010");
  EXPECT_EQ((m.sd.gpsw_mask & Psw::kCc) >> 44, 1u);
  EXPECT_EQ(m.load<u16>(SieMachine::kControlArea + 0x38), 0);
  expect_interpreted("B9A20010");
  EXPECT_EQ((m.sd.gpsw_mask & Psw::kCc) >> 44, 0u);
  m.cpu().gr[1] = 1;
  expect_intercepted("B9A20010", 4, 0xB9A2'0010'0000);
}

TEST_F(SieInterception, InterlockKeepsTheGuestsInvalidationsAway) {
  m.sd.scaol = SieMachine::kControlArea;
  m.cpu().gr[1] = 0x8000; // page table at guest 0x8000, entry 0
  m.cpu().gr[2] = 0;
  m.guest_put<u64>(0x8000, 0x5000);
  const auto word = [&](u64 value) { m.put<u64>(SieMachine::kControlArea, value); };
  const auto after = [&] { return m.load(SieMachine::kControlArea); };
  word(0x8000'0000'0000'0000);
  expect_intercepted("B2210012", 4, 0xB221'0012'0000);
  EXPECT_EQ(m.load(SieMachine::kGuest + 0x8000), 0x5000u);
  word(0);
  expect_interpreted("B2210012");
  EXPECT_EQ(m.load(SieMachine::kGuest + 0x8000), 0x5400u);
  EXPECT_EQ(after(), 0u);

  m.sd.eca = m.sd.eca | eca::kSharedInterlock;
  word(0x8000'0001'0000'0000);
  expect_intercepted("B2210012", 4, 0xB221'0012'0000);
  word(0x8000'0000'0000'0001); // another CPU of the guest is at it: no obstacle, and its hold stays
  expect_interpreted("B2210012");
  EXPECT_EQ(after(), 0x8000'0000'0000'0001u);
  word(0);
  expect_interpreted("B2210012");
  EXPECT_EQ(after(), 0u);
}

TEST_F(SieInterception, InterlockIsReleasedWhenTheInstructionFails) {
  m.sd.scaol = SieMachine::kControlArea;
  m.cpu().gr[1] = 0x4000'0000; // beyond the guest
  m.cpu().gr[2] = 0;
  EXPECT_EQ(run("B2210012"), 0x08);
  EXPECT_EQ(m.intercepted_code(), 5);
  EXPECT_EQ(m.load(SieMachine::kControlArea), 0u);
}

TEST_F(SieInterception, ComparisonsThatFailAreInterceptedOnRequestWhenTheyAreDone) {
  m.cpu().gr[4] = m.cpu().gr[5] = 0; // comparison value; storage has 1
  m.cpu().gr[6] = m.cpu().gr[7] = 9;
  m.guest_put<u64>(0x200, 1);
  m.guest_put<u64>(0x208, 1);
  const struct {
    u32 control;
    const char* code;
    u64 length, text;
  } cases[] = {
      {0x0400'0000, "BA460204", 4, 0xBA46'0204'0000},     // CS
      {0x0400'0000, "EB4602040014", 6, 0xEB46'0204'0014}, // CSY
      {0x0400'0000, "EB4602000030", 6, 0xEB46'0200'0030}, // CSG
      {0x0200'0000, "BB460200", 4, 0xBB46'0200'0000},     // CDS
      {0x0200'0000, "EB4602000031", 6, 0xEB46'0200'0031}, // CDSY
      {0x0200'0000, "EB460200003E", 6, 0xEB46'0200'003E}, // CDSG
      {0x0800'0000, "93000300", 4, 0x9300'0300'0000},     // TS
  };
  for (const auto& c : cases) {
    const auto start = [&] {
      m.cpu().gr[4] = m.cpu().gr[5] = 0;
      m.guest_put<u8>(0x300, 0xFF);
    };
    start();
    m.sd.ictl = ~c.control & 0x0E00'0000;
    expect_interpreted(c.code);
    start();
    m.sd.ictl = c.control;
    EXPECT_EQ(run(c.code), 0x0C) << c.code;
    EXPECT_EQ((u64{m.sd.ipa} << 32 | m.sd.ipb), c.text) << c.code;
    EXPECT_EQ(m.sd.gpsw_address, kCode + c.length);
    EXPECT_EQ((m.sd.gpsw_mask & Psw::kCc) >> 44, 1u);
    EXPECT_EQ(m.intercepted_code(), 0);
    EXPECT_EQ(load_big<u16>(m.sd.parameters + parameter::kIlc), c.length);
    if (c.code[0] == 'B') {
      EXPECT_EQ(m.cpu().gr[4] | m.cpu().gr[5], 1u) << c.code; // what was there instead
    }
  }
}

TEST_F(SieInterception, ComparisonsThatSucceedAreNotIntercepted) {
  m.sd.ictl = 0x0E00'0000;
  m.cpu().gr[4] = 0;
  m.cpu().gr[6] = 9;
  m.guest_put<u32>(0x204, 0);
  expect_interpreted("BA460204");
  EXPECT_EQ(m.load<u32>(SieMachine::kGuest + 0x204), 9u);
  expect_interpreted("93000300");
}

TEST_F(SieInterception, SieThatWasExecutedIsReturnedBehindTheExecute) {
  m.code_at(SieMachine::kHostCode, "44002E00"); // EX 0,0xE00(0,2)
  m.code_at(0x2E00, "B214E000");
  m.cpu().gr[2] = 0x2000;
  m.guest_code("83020044");
  EXPECT_EQ(m.run(), kBehindSie);
  EXPECT_EQ(m.sd.icptcode, 0x04);
  EXPECT_EQ(m.sd.icptstatus, 0x80);
}

} // namespace
} // namespace siena::sie::testing
