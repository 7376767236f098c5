// SPDX-License-Identifier: BSD-3-Clause
#include "tests/cpu/isa/control_program.h"

namespace siena::cpu::isa::testing {
namespace {

using PI = ProgramInterruption;
constexpr u64 kTables = 0x10'0000, kFrame = 0x40'0000;

/// Virtual 0x5000 is kFrame, 0x6000 a protected frame, 0x7000 a frame outside main storage; 0x8000 has an invalid page-table entry,
/// 0x20'0000 an invalid segment-table entry.
struct Mapped : ControlProgram {
  TestSpace tables{*this, kTables};
  Mapped() {
    tables.map(0x5000, kFrame).map(0x6000, kFrame + 0x1000, TestSpace::kProtected).map(0x7000, kStorageSize);
    cr(1, tables.asce());
  }
};

TEST(LoadRealAddress, AnswersTheRealAddressWhetherDatIsOnOrNot) {
  Mapped p;
  p.cpu.gr[2] = 0x5678;
  p.run("E330 2000 0003");
  EXPECT_EQ(p.cpu.psw.cc, 0);
  EXPECT_EQ(p.cpu.gr[3], kFrame + 0x678);
  p.psw(Psw::kDat);
  p.cpu.gr[3] = ~u64{0};
  p.run("B130 2001");
  EXPECT_EQ(p.cpu.gr[3], kFrame + 0x679) << "64 bits in 64-bit mode";
}

TEST(LoadRealAddress, DoesNotCareForProtectionOrExistence) {
  Mapped p;
  p.psw_key(0x10);
  p.key(kFrame, 0x28);
  for (const u64 address : {u64{0x5000}, u64{0x6000}, u64{0x7000}}) {
    p.cpu.gr[2] = address;
    p.run("E330 2000 0003");
    EXPECT_EQ(p.cpu.psw.cc, 0) << std::hex << address;
  }
  EXPECT_EQ(p.cpu.gr[3], ControlProgram::kStorageSize);
}

TEST(LoadRealAddress, DesignatesTheInvalidEntry) {
  Mapped p;
  p.cpu.gr[2] = 0x8000;
  p.run("E330 2000 0003");
  EXPECT_EQ(p.cpu.psw.cc, 2);
  EXPECT_EQ(p.cpu.gr[3], p.tables.page_entry(0x8000));
  p.cpu.gr[2] = 0x20'0000;
  p.run("E330 2000 0003");
  EXPECT_EQ(p.cpu.psw.cc, 1);
  EXPECT_EQ(p.cpu.gr[3], p.tables.segment_entry(0x20'0000));
}

TEST(LoadRealAddress, NamesTheExceptionWhenThereIsNoEntry) {
  Mapped p;
  p.cpu.gr[2] = 0x8000'0000; // beyond what a segment table spans
  p.cpu.gr[3] = 0xAAAA'AAAA'BBBB'BBBB;
  p.run("E330 2000 0003");
  EXPECT_EQ(p.cpu.psw.cc, 3);
  EXPECT_EQ(p.cpu.gr[3], 0xAAAA'AAAA'8000'0038u);
  p.cr(1, kTables); // table length 0: 512 entries
  p.cpu.gr[2] = 0x2000'0000;
  p.run("E330 2000 0003");
  EXPECT_EQ(p.cpu.psw.cc, 3);
  EXPECT_EQ(p.cpu.gr[3], 0xAAAA'AAAA'8000'0010u);
}

TEST(LoadRealAddress, RecognisesBadTables) {
  Mapped p;
  p.cpu.gr[2] = 0x5000;
  p.put<u64>(p.tables.segment_entry(0), p.tables.page_table(0) | 0x4); // wrong table type
  EXPECT_EQ(p.interruption("E330 2000 0003"), PI::TranslationSpecification);
  p.put<u64>(p.tables.segment_entry(0), ControlProgram::kStorageSize);
  EXPECT_EQ(p.interruption("E330 2000 0003"), PI::Addressing);
}

TEST(LoadRealAddress, ReplacesTheRightHalfIn31BitMode) {
  Mapped p;
  p.cpu.psw.set(Psw::kExtendedAddressing, false);
  p.cpu.controls_changed();
  p.cpu.gr[2] = 0xFFFF'FFFF'0000'5678;
  p.cpu.gr[3] = ~u64{0};
  p.run("B130 2000");
  EXPECT_EQ(p.cpu.gr[3], 0xFFFF'FFFF'0000'0000 | (kFrame + 0x678));
  p.run("E330 2000 0013");
  EXPECT_EQ(p.cpu.gr[3], 0xFFFF'FFFF'0000'0000 | (kFrame + 0x678)) << "LRAY";
  p.tables.map(0x9000, 0x8000'0000);
  p.cpu.gr[2] = 0x9000;
  EXPECT_EQ(p.interruption("B130 2000"), PI::SpecialOperation) << "31 bits do not hold it";
}

TEST(LoadRealAddress, UsesThePswsSpace) {
  Mapped p;
  TestSpace home(p, 0x20'0000);
  home.map(0x5000, kFrame + 0x3000);
  p.cr(13, home.asce());
  p.space(AddressSpace::Home);
  p.cpu.gr[2] = 0x5000;
  p.run("E330 2000 0003");
  EXPECT_EQ(p.cpu.gr[3], kFrame + 0x3000);
}

TEST(LoadRealAddress, AnswersCc3ForABadAlet) {
  Mapped p;
  p.space(AddressSpace::AccessRegister);
  p.cpu.gr[2] = 0x5000;
  p.cpu.ar[2] = 0x8000'0000;
  p.run("E330 2000 0003");
  EXPECT_EQ(p.cpu.psw.cc, 3);
  EXPECT_EQ(p.cpu.gr[3] & 0xFFFF'FFFF, 0x8000'0028u);
}

TEST(StoreRealAddress, StoresTheRealAddressOfItsSecondOperand) {
  Mapped p;
  p.cpu.gr[2] = 0x3000;
  p.cpu.gr[4] = 0x5678;
  p.run("E502 2000 4000");
  EXPECT_EQ(p.load(0x3000), kFrame + 0x678);
  p.cpu.gr[4] = 0x8000;
  EXPECT_EQ(p.interruption("E502 2000 4000"), PI::PageTranslation);
  EXPECT_EQ(p.interruption("E502 2004 4000"), PI::Specification);
}

TEST(TestProtection, TellsWhatTheKeyMayDo) {
  ControlProgram p;
  p.cpu.gr[2] = kFrame;
  const struct {
    u8 frame_key;
    const char* text;
    u8 cc;
  } cases[] = {
      {0x30, "E501 2000 0030", 0},
      {0x30, "E501 2000 0000", 0},
      {0x30, "E501 2000 0040", 1},
      {0x38, "E501 2000 0040", 2},
      {0x38, "E501 2000 0037", 0},
      {0x38, "E501 2000 0000", 0},
  };
  for (const auto& c : cases) {
    p.key(kFrame, c.frame_key);
    p.run(c.text);
    EXPECT_EQ(p.cpu.psw.cc, c.cc) << c.text;
  }
  EXPECT_EQ(p.key(kFrame), 0x38) << "nothing is referenced";
}

TEST(TestProtection, LooksAtTablesAndLowAddressesToo) {
  Mapped p;
  p.psw(Psw::kDat);
  const auto cc = [&](u64 address) {
    p.cpu.gr[2] = address;
    p.run("E501 2000 0000");
    return p.cpu.psw.cc;
  };
  EXPECT_EQ(cc(0x5000), 0);
  EXPECT_EQ(cc(0x6000), 1);
  EXPECT_EQ(cc(0x8000), 3);
  EXPECT_EQ(cc(0x20'0000), 3);
  EXPECT_EQ(cc(0x8000'0000), 3);
  p.tables.map(0, kFrame);
  EXPECT_EQ(cc(0x10), 0);
  p.cr(0, p.cpu.cr[0] | cr0::kLowAddressProtection);
  EXPECT_EQ(cc(0x10), 1);
  EXPECT_EQ(cc(0x210), 0);
}

TEST(TestProtection, RecognisesAddressingForWhatDoesNotExist) {
  Mapped p;
  p.cpu.gr[2] = ControlProgram::kStorageSize;
  EXPECT_EQ(p.interruption("E501 2000 0000"), PI::Addressing);
  p.psw(Psw::kDat);
  p.cpu.gr[2] = 0x7000;
  EXPECT_EQ(p.interruption("E501 2000 0000"), PI::Addressing);
}

TEST(TestProtection, IsInterceptedWhenTheSieHostHasNoPage) {
  ControlProgram p;
  p.interpret();
  p.sie_host.missing = kFrame;
  p.cpu.gr[2] = kFrame;
  EXPECT_EQ(p.execute("E501 2000 0000"), Outcome::Interception);
  EXPECT_EQ(p.interpretive.intercepted, 1);
}

TEST(LoadUsingRealAddress, GoesAroundTranslation) {
  Mapped p;
  p.psw(Psw::kDat);
  p.put<u64>(kFrame, 0x1122'3344'5566'7788);
  p.cpu.gr[4] = kFrame;
  p.cpu.gr[3] = 0;
  p.run("B24B 0034");
  EXPECT_EQ(p.cpu.gr[3], 0x1122'3344u);
  p.run("B905 0034");
  EXPECT_EQ(p.cpu.gr[3], 0x1122'3344'5566'7788u);
  p.cpu.gr[4] = kFrame + 4;
  p.run("B24B 0034");
  EXPECT_EQ(p.interruption("B905 0034"), PI::Specification);
  p.cpu.gr[4] = kFrame + 2;
  EXPECT_EQ(p.interruption("B24B 0034"), PI::Specification);
}

TEST(LoadUsingRealAddress, IsSubjectToKeyControlledProtection) {
  ControlProgram p;
  p.key(kFrame, 0x28);
  p.psw_key(0x10);
  p.cpu.gr[4] = kFrame;
  EXPECT_EQ(p.interruption("B24B 0034"), PI::Protection);
  EXPECT_EQ(p.interruption("B246 0034"), PI::Protection);
}

TEST(StoreUsingRealAddress, StoresAtTheRealAddress) {
  Mapped p;
  p.psw(Psw::kDat);
  p.cpu.set_prefix(0x4000);
  p.cpu.gr[3] = 0x1122'3344'5566'7788;
  p.cpu.gr[4] = 0x200;
  p.run("B246 0034");
  EXPECT_EQ(p.load32(0x4200), 0x5566'7788u) << "prefixing applies";
  p.run("B925 0034");
  EXPECT_EQ(p.load(0x4200), 0x1122'3344'5566'7788u);
  p.cr(0, p.cpu.cr[0] | cr0::kLowAddressProtection);
  p.cpu.gr[4] = 0x100;
  EXPECT_EQ(p.interruption("B246 0034"), PI::Protection);
}

} // namespace
} // namespace siena::cpu::isa::testing
