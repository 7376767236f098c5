// SPDX-License-Identifier: BSD-3-Clause
// What tests/disassembly cannot ask objdump, and one instruction for each rule of spelling, for builds that lack objdump.
#include "cpu/isa/disassembler.h"

#include <gtest/gtest.h>

namespace siena::cpu::isa {
namespace {

constexpr u64 kAllFacilities[4] = {~u64{0}, ~u64{0}, ~u64{0}, ~u64{0}};

/// `text` is left-aligned; without the blanks of the column.
std::string read(u64 text, u64 address = 0x1000) {
  static const Decoder kDecoder{kAllFacilities};
  const std::string s = disassemble({text}, kDecoder, address);
  const auto blank = s.find(' ');
  const auto operands = s.find_first_not_of(' ', blank);
  return blank == std::string::npos ? s : s.substr(0, blank) + " " + s.substr(operands);
}

TEST(Disassembler, PutsOperandsIntoOneColumnAndAtLeastOneBlankBeforeThem) {
  const Decoder decoder{kAllFacilities};
  EXPECT_EQ(disassemble({0x1A12'0000'0000'0000}, decoder, 0), "ar      %r1,%r2");
  EXPECT_EQ(disassemble({0xEC3D'0007'0046'0000}, decoder, 0), "locghinh %r3,7");
  EXPECT_EQ(disassemble({0x010E'0000'0000'0000}, decoder, 0), "sam64");
}

TEST(Disassembler, NamesConditionsAndBranchesThatNeverBranch) {
  EXPECT_EQ(read(0xA784'0008'0000'0000), "je 0x1010");
  EXPECT_EQ(read(0xA7F4'FFFF'0000'0000), "j 0xffe");
  EXPECT_EQ(read(0xA704'0000'0000'0000), "jnop 0x1000");
  EXPECT_EQ(read(0xC0D4'FFFF'FFFF'0000), "jgnh 0xffe");
  EXPECT_EQ(read(0x07FE'0000'0000'0000), "br %r14");
  EXPECT_EQ(read(0x0700'0000'0000'0000), "nopr");
  EXPECT_EQ(read(0x0707'0000'0000'0000), "nopr %r7");
  EXPECT_EQ(read(0x47B1'2003'0000'0000), "bnl 3(%r1,%r2)");
  EXPECT_EQ(read(0xB9E2'7012'0000'0000), "locgrne %r1,%r2");
  EXPECT_EQ(read(0xB9E2'F012'0000'0000), "locgr %r1,%r2,15");
}

TEST(Disassembler, NamesComparisonsOnlyByMasksThatTheyCanSet) {
  EXPECT_EQ(read(0xEC12'0004'6076'0000), "crjne %r1,%r2,0x1008");
  EXPECT_EQ(read(0xEC12'0004'7076'0000), "crj %r1,%r2,7,0x1008");
  EXPECT_EQ(read(0xEC18'0004'FF7D'0000), "clgije %r1,255,0x1008");
  EXPECT_EQ(read(0xEC18'0004'FF7C'0000), "cgije %r1,-1,0x1008");
}

TEST(Disassembler, WritesABaseOfZeroOnlyBehindALengthOrAnIndex) {
  EXPECT_EQ(read(0x5810'0014'0000'0000), "l %r1,20");
  EXPECT_EQ(read(0x5810'2014'0000'0000), "l %r1,20(%r2)");
  EXPECT_EQ(read(0x5813'0014'0000'0000), "l %r1,20(%r3,%r0)");
  EXPECT_EQ(read(0xD200'0000'0000'0000), "mvc 0(1,%r0),0");
  EXPECT_EQ(read(0xDA10'2001'3004'0000), "mvcp 1(%r1,%r2),4(%r3),%r0");
  EXPECT_EQ(read(0xE310'2FFF'FF04'0000), "lg %r1,-1(%r2)");
}

TEST(Disassembler, LeavesOutOperandsAtTheEnd) {
  EXPECT_EQ(read(0xB221'0012'0000'0000), "ipte %r1,%r2");
  EXPECT_EQ(read(0xB221'3012'0000'0000), "ipte %r1,%r2,%r3");
  EXPECT_EQ(read(0xB221'0112'0000'0000), "ipte %r1,%r2,%r0,1");
  EXPECT_EQ(read(0xB3A8'5012'0000'0000), "cgebr %r1,5,%f2");
  EXPECT_EQ(read(0xB3A8'5412'0000'0000), "cgebra %r1,5,%f2,4");
  EXPECT_EQ(read(0xB2A6'0012'0000'0000), "cuutf %r1,%r2");
  EXPECT_EQ(read(0xB2A6'1012'0000'0000), "cu21 %r1,%r2,1");
}

TEST(Disassembler, NamesRegistersByTheirFiles) {
  EXPECT_EQ(read(0xB24F'0012'0000'0000), "ear %r1,%a2");
  EXPECT_EQ(read(0xEB0F'1000'002F'0000), "lctlg %c0,%c15,0(%r1)");
  EXPECT_EQ(read(0xB3C1'0012'0000'0000), "ldgr %f1,%r2");
  EXPECT_EQ(read(0x7112'3004'0000'0000), "ms %r1,4(%r2,%r3)");
}

TEST(Disassembler, WritesTheFlagOfRotateThenInsertAsAMnemonic) {
  EXPECT_EQ(read(0xEC12'20BF'0155'0000), "risbgz %r1,%r2,32,63,1");
  EXPECT_EQ(read(0xEC12'203F'0159'0000), "risbgn %r1,%r2,32,63,1");
  EXPECT_EQ(read(0xEC12'20FF'0155'0000), "risbg %r1,%r2,32,255,1");
}

TEST(Disassembler, ReadsWhatTheMachineExecutesAlsoWhenReservedBitsAreOne) {
  EXPECT_EQ(read(0xB904'FF12'0000'0000), "lgr %r1,%r2");
  EXPECT_EQ(read(0xB20B'1234'0000'0000), "ipk");
}

TEST(Disassembler, WritesTextThatIsNoInstructionAsHalfwords) {
  EXPECT_EQ(read(0x0000'1234'5678'0000), ".short 0x0000");
  EXPECT_EQ(read(0xB2FF'1234'5678'0000), ".short 0xb2ff,0x1234");
  EXPECT_EQ(read(0xE312'3456'78FF'0000), ".short 0xe312,0x3456,0x78ff");
}

// Without the facility's bit the row is no instruction of the machine.
TEST(Disassembler, KnowsTheInstructionsOfItsMachineOnly) {
  const Decoder none{{}};
  EXPECT_EQ(disassemble({0xB9F2'7012'0000'0000}, none, 0), ".short 0xb9f2,0x7012");
  EXPECT_EQ(disassemble({0x1A12'0000'0000'0000}, none, 0), "ar      %r1,%r2");
}

} // namespace
} // namespace siena::cpu::isa
