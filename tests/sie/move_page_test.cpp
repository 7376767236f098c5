// SPDX-License-Identifier: BSD-3-Clause
// MOVE PAGE with a page that the SIE host does not have (partial execution), beyond what interception_test.cpp looks at.
#include "tests/sie/sie_machine.h"

namespace siena::sie::testing {
namespace {

struct SieMovePage : ::testing::Test {
  SieMachine m;
  HostTables tables{m, 0x40'0000};
  static constexpr u64 kCode = SieMachine::kGuestCode, kTo = 0x5000, kFrom = 0x6000;
  static constexpr u64 kNotPage = 4, kProtected = 2;

  void SetUp() override {
    tables.map_guest();
    m.cpu().cr[1] = tables.asce();
    m.sd.mso = 0;
    m.sd.msl = 0x7FF0'0000;
    m.cpu().gr[0] = 0;
    m.cpu().gr[1] = kTo;
    m.cpu().gr[2] = kFrom;
    m.guest_put<u64>(kTo, 1);
    m.guest_put<u64>(kFrom, 2);
    m.guest_code("B2540012 83020044");
  }
  void expect_partial(u64 destination, u64 source) {
    EXPECT_EQ(m.run(), kBehindSie);
    EXPECT_EQ(m.sd.icptcode, 0x38);
    EXPECT_EQ(m.host_code(), 0);
    EXPECT_EQ(load_big<u64>(m.sd.parameters), destination);
    EXPECT_EQ(load_big<u64>(m.sd.parameters + 8), source);
    EXPECT_EQ(m.load(SieMachine::kGuest + kTo), 1u);
  }
  void expect_host_fault(u16 code, u64 teid) {
    EXPECT_EQ(m.run(), kProgram);
    EXPECT_EQ(m.host_code(), code);
    EXPECT_EQ(m.host_teid(), teid);
    EXPECT_EQ(m.sd.gpsw_address, kCode);
    EXPECT_EQ(m.load(SieMachine::kGuest + kTo), 1u);
  }
};

TEST_F(SieMovePage, ShowsThatTheDestinationIsProtected) {
  tables.map(kTo, SieMachine::kGuest + kTo, HostTables::kProtected);
  tables.map(kFrom, 0, HostTables::kInvalid);
  expect_partial(tables.entry(kTo) | kProtected, tables.entry(kFrom));
}

TEST_F(SieMovePage, ShowsProtectionThatWasMetBeforeTheInvalidEntry) {
  tables.map(0x4000'0000, 0, HostTables::kInvalid);
  m.put<u64>(tables.segment_entry(0x4000'0000), m.load(tables.segment_entry(0x4000'0000)) | 0x200);
  m.cpu().gr[1] = 0x4000'0000;
  expect_partial(tables.entry(0x4000'0000) | kProtected, tables.entry(kFrom));
  m.cpu().gr[1] = 0x5000'0000; // no segment at all
  m.sd.gpsw_address = kCode;
  expect_partial(tables.segment_entry(0x5000'0000) | kNotPage, tables.entry(kFrom));
}

TEST_F(SieMovePage, ProtectedDestinationThatIsThereIsTheSieHostsException) {
  tables.map(kTo, SieMachine::kGuest + kTo, HostTables::kProtected);
  expect_host_fault(4, kTo | mmu::teid::kStore | mmu::teid::kDatProtection);
}

TEST_F(SieMovePage, MissingSegmentIsTheSieHostsExceptionWithoutItsEnhancedDat) {
  m.cpu().cr[0] &= ~cpu::cr0::kEnhancedDat;
  m.cpu().gr[2] = 0x4000'0000;
  expect_host_fault(0x10, 0x4000'0000 | mmu::teid::kFetch);
}

TEST_F(SieMovePage, GuestsPrefixCountsForRealOperands) {
  m.sd.prefix = 0x4000;
  m.cpu().gr[1] = 0x1000;                 // absolute 5000
  m.guest_code("B2540012 83020044", kTo); // where the instruction address leads, too
  tables.map(kFrom, 0, HostTables::kInvalid);
  EXPECT_EQ(m.run(), kBehindSie);
  EXPECT_EQ(m.sd.icptcode, 0x38);
  EXPECT_EQ(load_big<u64>(m.sd.parameters), tables.entry(kTo));
  EXPECT_EQ(load_big<u64>(m.sd.parameters + 8), tables.entry(kFrom));
}

TEST_F(SieMovePage, OperandBeyondTheLimitIsTheGuestsAddressingException) {
  m.sd.msl = SieMachine::kGuestSize - 0x10'0000;
  m.cpu().gr[2] = SieMachine::kGuestSize;
  EXPECT_EQ(m.run(), kBehindSie);
  EXPECT_EQ(m.sd.icptcode, 0x08);
  EXPECT_EQ(m.intercepted_code(), 5);
}

} // namespace
} // namespace siena::sie::testing
