// SPDX-License-Identifier: BSD-3-Clause
// Which space a relative operand is in: that of the instruction, whatever space other operands are in. QEMU looks in the secondary
// space in the secondary-space mode; Hercules and the manual's text of these instructions go with the instruction.
#include "tests/cpu/isa/control_program.h"

namespace siena::cpu::isa::testing {
namespace {

constexpr u64 kData = ControlProgram::kCode + 0x1000, kPrimaryFrame = 0x5000, kSecondaryFrame = 0x6000,
              kHomeFrame = 0x7000;

/// Three spaces that have the page at kData in different frames.
class RelativeOperand : public ::testing::Test {
 protected:
  RelativeOperand() {
    primary.map(kData, kPrimaryFrame);
    secondary.map(kData, kSecondaryFrame);
    home.map(kData, kHomeFrame);
    p.put<u64>(kPrimaryFrame, 0x1111'1111'1111'1111);
    p.put<u64>(kSecondaryFrame, 0x2222'2222'2222'2222);
    p.put<u64>(kHomeFrame, 0x3333'3333'3333'3333);
    p.cr(1, primary.asce());
    p.cr(7, secondary.asce());
    p.cr(13, home.asce());
    p.psw(Psw::kDat);
  }
  ControlProgram p;
  TestSpace primary{p, 0x10'0000}, secondary{p, 0x20'0000}, home{p, 0x30'0000};
};

constexpr const char* kLgrl = "C418 0000 0800"; // LGRL 1,.+0x1000
constexpr const char* kStgrl = "C41B 0000 0800";
constexpr const char* kCghrl = "C614 0000 0800";

TEST_F(RelativeOperand, IsInThePrimarySpaceInTheSecondarySpaceModeUnlikeAnyOther) {
  p.space(AddressSpace::Secondary);
  p.run(kLgrl);
  EXPECT_EQ(p.cpu.gr[1], 0x1111'1111'1111'1111u);
  p.cpu.gr[2] = kData;
  p.run("E310 2000 0004"); // LG 1,0(2)
  EXPECT_EQ(p.cpu.gr[1], 0x2222'2222'2222'2222u);
}

TEST_F(RelativeOperand, IsStoredIntoThePrimarySpaceInTheSecondarySpaceMode) {
  p.space(AddressSpace::Secondary);
  p.cpu.gr[1] = 0x0123'4567'89AB'CDEF;
  p.run(kStgrl);
  EXPECT_EQ(p.load(kPrimaryFrame), 0x0123'4567'89AB'CDEFu);
  EXPECT_EQ(p.load(kSecondaryFrame), 0x2222'2222'2222'2222u);
}

TEST_F(RelativeOperand, IsComparedInThePrimarySpaceInTheSecondarySpaceMode) {
  p.space(AddressSpace::Secondary);
  p.cpu.gr[1] = 0x1111;
  p.run(kCghrl);
  EXPECT_EQ(p.cpu.psw.cc, 0);
}

TEST_F(RelativeOperand, IsInTheHomeSpaceInTheHomeSpaceMode) {
  p.space(AddressSpace::Home);
  p.run(kLgrl);
  EXPECT_EQ(p.cpu.gr[1], 0x3333'3333'3333'3333u);
}

TEST_F(RelativeOperand, IsInThePrimarySpaceInTheAccessRegisterMode) {
  p.space(AddressSpace::AccessRegister);
  p.cpu.ar[0] = 1; // ALET 1 would be the secondary space, but access register 0 is never looked at
  p.cpu.controls_changed();
  p.run(kLgrl);
  EXPECT_EQ(p.cpu.gr[1], 0x1111'1111'1111'1111u);
}

TEST_F(RelativeOperand, ThatIsNotMappedNamesThePrimarySpaceInTheTeid) {
  p.space(AddressSpace::Secondary);
  primary.map(kData, kPrimaryFrame, TestSpace::kInvalid);
  EXPECT_EQ(p.interruption(kLgrl), ProgramInterruption::PageTranslation);
  EXPECT_EQ(p.cpu.pending_program.teid & 3, 0u);
}

} // namespace
} // namespace siena::cpu::isa::testing
