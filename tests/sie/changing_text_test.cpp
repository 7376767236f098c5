// SPDX-License-Identifier: BSD-3-Clause
// A guest's instructions change while it runs: it stores into them itself, its SIE host does, another CPU does, or the page is
// another one. What an engine has decoded or translated must follow at once.
#include "tests/sie/sie_machine.h"

namespace siena::sie::testing {
namespace {

// LHI %r2,1; AR %r5,%r2; DIAG; J 0: each SIE adds once.
constexpr std::string_view kAddAndDiagnose = "A728 0001 1A52 8300 0044 A7F4 FFFB";
constexpr u64 kImmediate = 3; ///< of LHI's last byte

struct ChangingText : ::testing::Test {
  SieMachine m{2};

  void SetUp() override {
    for (unsigned n = 0; n < 2; ++n)
      for (u64& r : m.cpu(n).gr) r = 0;
  }
  /// A host program in place of the usual one, with a loop over SIE.
  void host(std::string_view hex) { m.code_at(SieMachine::kHostCode, hex); }
};

TEST_F(ChangingText, AGuestSeesWhatItStoresIntoItsOwnBlock) {
  // IC %r4,15(%r3); AHI %r4,1; STC %r4,15(%r3); LHI %r2,1; AR %r5,%r2; BRCT %r1,0; DIAG
  m.guest_code("4340 300F A74A 0001 4240 300F A728 0001 1A52 A716 FFF7 8300 0044");
  m.cpu().gr[1] = 40;
  m.cpu().gr[3] = SieMachine::kGuestCode;
  EXPECT_EQ(m.run(), kBehindSie);
  EXPECT_EQ(m.sd.icptcode, 0x04);
  EXPECT_EQ(m.cpu().gr[5], 40u * 43 / 2);
}

TEST_F(ChangingText, AGuestSeesWhatItStoresThroughAnotherPageOfTheSameFrame) {
  HostTables tables{m, 0x40'0000};
  tables.map_guest();
  tables.map(0x5000, SieMachine::kGuest + 0x6000);
  m.cpu().cr[1] = tables.asce();
  m.sd.mso = 0;
  m.sd.msl = SieMachine::kGuestSize - 0x10'0000;
  m.sd.gpsw_address = 0x5000;
  m.guest_code("4340 300F A74A 0001 4240 300F A728 0001 1A52 A716 FFF7 8300 0044", 0x6000);
  m.cpu().gr[1] = 40;
  m.cpu().gr[3] = 0x6000;
  EXPECT_EQ(m.run(), kBehindSie);
  EXPECT_EQ(m.cpu().gr[5], 40u * 43 / 2);
}

TEST_F(ChangingText, AGuestSeesWhatItsHostStoredBetweenTwoEntries) {
  m.guest_code(kAddAndDiagnose);
  // 0: SIE; IC %r4,3(%r10); AHI %r4,1; STC %r4,3(%r10); BRCT %r11,0; LPSWE
  host("B214 E000 4340 A003 A74A 0001 4240 A003 A7B6 FFF8 B2B2 F000");
  m.cpu().gr[10] = SieMachine::kGuest + SieMachine::kGuestCode;
  m.cpu().gr[11] = 40;
  EXPECT_EQ(m.run(), kBehindSie);
  EXPECT_EQ(m.cpu().gr[5], 40u * 41 / 2);
}

TEST_F(ChangingText, AGuestSeesWhatAnotherCpuStores) {
  m.guest_code("A728 0001 1A52 A716 FFFD 8300 0044"); // LHI %r2,1; AR %r5,%r2; BRCT %r1,0; DIAG
  // The other CPU, not under SIE: IC %r4,3(%r3); AHI %r4,1; STC %r4,3(%r3); J 0
  m.code_at(0x6000, "4340 3003 A74A 0001 4240 3003 A7F4 FFFA");
  m.cpu(1).gr[3] = SieMachine::kGuest + SieMachine::kGuestCode;
  m.cpu(1).load_psw(SieMachine::kWide, 0x6000);
  m.cpu().gr[1] = 100'000;
  (void)m.run(500);
  u64 seen = m.cpu().gr[2];
  EXPECT_EQ(seen, 1u);
  for (unsigned n = 0; n < 20; ++n) {
    (void)m.go_on(100, 1);
    (void)m.go_on(100, 0);
    const u64 now = m.load<u8>(SieMachine::kGuest + SieMachine::kGuestCode + kImmediate);
    EXPECT_NE(now, seen);
    seen = now;
    EXPECT_EQ(m.cpu().gr[2], now);
  }
}

TEST_F(ChangingText, AGuestExecutesThePageThatItsHostHasPutThere) {
  HostTables tables{m, 0x40'0000};
  tables.map_guest();
  const u64 first = SieMachine::kGuest + 0x5000, second = SieMachine::kGuest + 0x6000;
  for (const u64 frame : {first, second}) m.code_at(frame, kAddAndDiagnose);
  m.put<u8>(second + kImmediate, 100);
  m.sd.mso = 0;
  m.sd.msl = SieMachine::kGuestSize - 0x10'0000;
  m.sd.gpsw_address = 0x5000;
  m.cpu().cr[1] = tables.asce();
  // 0: SIE; IPTE %r9,%r8; STG %r7,0(%r10); LGR %r4,%r6; LGR %r6,%r7; LGR %r7,%r4; BRCT %r11,0; LPSWE
  host("B214 E000 B221 0098 E370 A000 0024 B904 0046 B904 0067 B904 0074 A7B6 FFF3 B2B2 F000");
  m.cpu().gr[6] = first;
  m.cpu().gr[7] = second;
  m.cpu().gr[8] = 0x5000;
  m.cpu().gr[9] = tables.entry(0x5000) - 5 * 8;
  m.cpu().gr[10] = tables.entry(0x5000);
  m.cpu().gr[11] = 20;
  EXPECT_EQ(m.run(), kBehindSie);
  EXPECT_EQ(m.cpu().gr[5], 10u + 10u * 100);
}

} // namespace
} // namespace siena::sie::testing
