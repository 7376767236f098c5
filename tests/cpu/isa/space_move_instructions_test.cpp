// SPDX-License-Identifier: BSD-3-Clause
#include "tests/cpu/isa/control_program.h"

namespace siena::cpu::isa::testing {
namespace {

using PI = ProgramInterruption;
constexpr u64 kHere = 0x5000, kThere = 0x9000;
constexpr u64 kFrames = 0x40'0000;

/// Three spaces that map kHere and kThere (two pages each) to frames of their own; each byte says its space: 0x1n primary, 0x2n
/// secondary, 0x3n home; n is 1 at kHere, 2 at kThere.
struct ThreeSpaces : ControlProgram {
  TestSpace primary{*this, 0x10'0000}, secondary{*this, 0x18'0000}, home{*this, 0x20'0000};
  ThreeSpaces() {
    u64 frame = kFrames;
    u8 tag = 0x10;
    for (TestSpace* space : {&primary, &secondary, &home}) {
      for (const u64 at : {kHere, kThere}) {
        space->map(at, frame).map(at + kPageSize, frame + kPageSize);
        fill(frame, 2 * kPageSize, static_cast<u8>(tag + (at == kHere ? 1 : 2)));
        frame += 2 * kPageSize;
      }
      tag = static_cast<u8>(tag + 0x10);
    }
    cr(1, primary.asce());
    cr(7, secondary.asce());
    cr(13, home.asce());
    psw(Psw::kDat);
    cpu.gr[2] = kHere;
    cpu.gr[4] = kThere;
  }
  static u64 frame_of(AddressSpace s, u64 at) {
    const u64 n = s == AddressSpace::Primary ? 0 : s == AddressSpace::Secondary ? 1 : 2;
    const u64 start = at >= kThere ? kThere : kHere;
    return kFrames + (2 * n + (at >= kThere ? 1 : 0)) * 2 * kPageSize + (at - start);
  }
  u8 at(AddressSpace s, u64 address) const { return load8(frame_of(s, address)); }
};
constexpr auto kPrimary = AddressSpace::Primary, kSecondary = AddressSpace::Secondary, kHome = AddressSpace::Home;

constexpr u64 oac(u64 first, u64 second) { return first << 16 | second; }
constexpr u64 in_space(AddressSpace s) { return u64{static_cast<u8>(s)} << 6 | 1; }
constexpr u64 with_key(u64 key) { return key << 12 | 2; }

TEST(MoveWithOptionalSpecifications, MovesBetweenAnyTwoSpaces) {
  const AddressSpace spaces[] = {kPrimary, kSecondary, kHome};
  const u8 tags[] = {0x12, 0x22, 0x32};
  for (const AddressSpace to : spaces) {
    for (unsigned from = 0; from < 3; ++from) {
      ThreeSpaces p;
      p.cpu.gr[0] = oac(in_space(to), in_space(spaces[from]));
      p.cpu.gr[6] = 8;
      p.run("C860 2000 4000");
      EXPECT_EQ(p.cpu.psw.cc, 0);
      EXPECT_EQ(p.at(to, kHere), tags[from]);
      EXPECT_EQ(p.at(to, kHere + 7), tags[from]);
      EXPECT_NE(p.at(to, kHere + 8), tags[from]);
    }
  }
}

TEST(MoveWithOptionalSpecifications, UsesThePswsSpaceUnlessTold) {
  ThreeSpaces p;
  p.space(kHome);
  p.cpu.gr[6] = 8;
  p.cpu.gr[0] = 0x0081; // as Linux reads user storage: from the secondary space
  p.run("C860 2000 4000");
  EXPECT_EQ(p.at(kHome, kHere), 0x22);
  p.cpu.gr[0] = 0x0081'0000;
  p.run("C860 2000 4000");
  EXPECT_EQ(p.at(kSecondary, kHere), 0x32);
}

TEST(MoveWithOptionalSpecifications, MovesAtMost4096Bytes) {
  ThreeSpaces p;
  p.cpu.gr[2] = kHere + 0x800; // both operands cross a page
  p.cpu.gr[4] = kThere + 0x123;
  p.cpu.gr[6] = 4097;
  p.run("C860 2000 4000");
  EXPECT_EQ(p.cpu.psw.cc, 3);
  EXPECT_EQ(p.at(kPrimary, kHere + 0x7FF), 0x11);
  EXPECT_EQ(p.at(kPrimary, kHere + 0x800), 0x12);
  EXPECT_EQ(p.at(kPrimary, kHere + 0x17FF), 0x12);
  EXPECT_EQ(p.at(kPrimary, kHere + 0x1800), 0x11);
  EXPECT_EQ(p.cpu.gr[6], 4097u) << "the program does the counting";
  p.cpu.gr[6] = 4096;
  p.run("C860 2000 4000");
  EXPECT_EQ(p.cpu.psw.cc, 0);
}

TEST(MoveWithOptionalSpecifications, TakesLengthBitsByAddressingMode) {
  ThreeSpaces p;
  p.cpu.gr[6] = 0x1'0000'0000;
  p.run("C860 2000 4000");
  EXPECT_EQ(p.cpu.psw.cc, 3);
  p.cpu.psw.set(Psw::kExtendedAddressing, false);
  p.cpu.controls_changed();
  p.run("C860 2000 4000");
  EXPECT_EQ(p.cpu.psw.cc, 0) << "32 bits of it: zero";
}

TEST(MoveWithOptionalSpecifications, MovesNothingWhenEitherOperandFails) {
  ThreeSpaces p;
  p.secondary.map(kThere + kPageSize, 0, TestSpace::kInvalid);
  p.cpu.gr[4] = kThere + 0xFF8;
  p.cpu.gr[6] = 16;
  p.cpu.gr[0] = oac(in_space(kPrimary), in_space(kSecondary));
  EXPECT_EQ(p.interruption("C860 2000 4000"), PI::PageTranslation);
  EXPECT_EQ(p.cpu.pending_program.teid & ~u64{0xC00}, (kThere + kPageSize) | 2) << "secondary space";
  EXPECT_EQ(p.at(kPrimary, kHere), 0x11);
  p.cpu.gr[2] = kHere + 0xFF8;
  p.cpu.gr[4] = kThere;
  p.home.map(kHere + kPageSize, kFrames, TestSpace::kProtected);
  p.cpu.gr[0] = oac(in_space(kHome), in_space(kPrimary));
  EXPECT_EQ(p.interruption("C860 2000 4000"), PI::Protection);
  EXPECT_EQ(p.cpu.pending_program.teid & ~u64{0xC00}, (kHere + kPageSize) | mmu::teid::kDatProtection | 3);
  EXPECT_EQ(p.at(kHome, kHere + 0xFF8), 0x31);
}

TEST(MoveWithOptionalSpecifications, UsesTheKeysGiven) {
  ThreeSpaces p;
  p.key(ThreeSpaces::frame_of(kPrimary, kHere), 0x30);
  p.key(ThreeSpaces::frame_of(kPrimary, kThere), 0x48);
  p.psw_key(0x10);
  p.cpu.gr[6] = 8;
  EXPECT_EQ(p.interruption("C860 2000 4000"), PI::Protection);
  p.cpu.gr[0] = oac(with_key(3), with_key(4));
  p.run("C860 2000 4000");
  p.cpu.gr[0] = oac(with_key(4), with_key(3));
  EXPECT_EQ(p.interruption("C860 2000 4000"), PI::Protection);
}

TEST(MoveWithOptionalSpecifications, KeepsToItsAuthority) {
  ThreeSpaces p;
  p.cpu.gr[6] = 8;
  p.psw(Psw::kProblem);
  p.cpu.gr[0] = oac(with_key(3), 0);
  EXPECT_EQ(p.interruption("C860 2000 4000"), PI::PrivilegedOperation);
  p.cpu.gr[0] = oac(0, with_key(3));
  EXPECT_EQ(p.interruption("C860 2000 4000"), PI::PrivilegedOperation);
  p.cr(3, u64{0x8000'0000} >> 3);
  p.run("C860 2000 4000");
  p.cpu.gr[0] = oac(in_space(kHome), 0);
  EXPECT_EQ(p.interruption("C860 2000 4000"), PI::SpecialOperation);
  p.cpu.psw.set(Psw::kProblem, false);
  p.run("C860 2000 4000");
  p.cr(0, p.cpu.cr[0] & ~cr0::kSecondarySpace);
  p.cpu.gr[0] = oac(0, in_space(kSecondary));
  EXPECT_EQ(p.interruption("C860 2000 4000"), PI::SpecialOperation);
  p.cpu.psw.set(Psw::kDat, false);
  p.cpu.gr[0] = 0;
  EXPECT_EQ(p.interruption("C860 2000 4000"), PI::SpecialOperation);
}

TEST(MoveWithOptionalSpecifications, ResolvesAccessRegisters) {
  ThreeSpaces p;
  p.cpu.gr[6] = 8;
  p.cpu.gr[0] = oac(in_space(AddressSpace::AccessRegister), in_space(AddressSpace::AccessRegister));
  p.cpu.ar[2] = 0; // primary
  p.cpu.ar[4] = 1; // secondary
  p.run("C860 2000 4000");
  EXPECT_EQ(p.at(kPrimary, kHere), 0x22);
  p.cpu.ar[4] = 0x8000'0000;
  EXPECT_EQ(p.interruption("C860 2000 4000"), PI::AletSpecification);
}

TEST(MoveToPrimary, BringsBytesFromTheSecondarySpace) {
  ThreeSpaces p;
  p.cpu.gr[6] = 300;
  p.run("DA67 2000 4000");
  EXPECT_EQ(p.cpu.psw.cc, 3) << "256 of them";
  EXPECT_EQ(p.at(kPrimary, kHere + 255), 0x22);
  EXPECT_EQ(p.at(kPrimary, kHere + 256), 0x11);
  p.cpu.gr[6] = 0;
  p.run("DB67 2000 4000");
  EXPECT_EQ(p.cpu.psw.cc, 0);
  EXPECT_EQ(p.at(kSecondary, kHere), 0x21);
  p.cpu.gr[6] = 1;
  p.run("DB67 2000 4000");
  EXPECT_EQ(p.at(kSecondary, kHere), 0x12);
}

TEST(MoveToPrimary, WorksInPrimaryAndSecondaryModeOnly) {
  ThreeSpaces p;
  p.cpu.gr[6] = 1;
  p.space(kHome);
  EXPECT_EQ(p.interruption("DA67 2000 4000"), PI::SpecialOperation);
  p.space(AddressSpace::AccessRegister);
  EXPECT_EQ(p.interruption("DA67 2000 4000"), PI::SpecialOperation);
  p.space(kSecondary);
  p.run("DA67 2000 4000");
  EXPECT_EQ(p.at(kPrimary, kHere), 0x22) << "the spaces are the instruction's, not the mode's";
  p.psw(Psw::kProblem);
  EXPECT_EQ(p.interruption("DA67 2000 4000"), PI::PrivilegedOperation);
}

TEST(MoveWithKey, AppliesTheKeyToOneOperand) {
  ControlProgram p;
  p.cpu.gr[2] = 0x5000;
  p.cpu.gr[4] = 0x9000;
  p.put<u64>(0x9000, 0x1234);
  p.key(0x9000, 0x38);
  p.psw_key(0x10);
  p.key(0x5000, 0x10);
  p.cpu.gr[6] = 8;
  p.cpu.gr[7] = 0x30;
  p.run("D967 2000 4000");
  EXPECT_EQ(p.load(0x5000), 0x1234u);
  p.cpu.gr[0] = 7; // length less one
  p.cpu.gr[1] = 0x30;
  p.put<u64>(0x9000, 0x5678);
  p.run("E50E 2000 4000");
  EXPECT_EQ(p.load(0x5000), 0x5678u);
  EXPECT_EQ(p.interruption("E50F 2000 4000"), PI::Protection) << "now the key is the destination's";
  p.key(0x5000, 0x30);
  p.key(0x9000, 0x18);
  p.put<u64>(0x9000, 0x9ABC);
  p.run("E50F 2000 4000");
  EXPECT_EQ(p.load(0x5000), 0x9ABCu);
  p.psw(Psw::kProblem);
  for (const char* text : {"D967 2000 4000", "E50E 2000 4000", "E50F 2000 4000"})
    EXPECT_EQ(p.interruption(text), PI::PrivilegedOperation) << text;
}

TEST(MovePage, MovesAPage) {
  ThreeSpaces p;
  p.cpu.gr[2] = kHere + 0x123; // the offset is ignored
  p.cpu.gr[4] = kThere + 0x456;
  p.run("B254 0024");
  EXPECT_EQ(p.cpu.psw.cc, 0);
  EXPECT_EQ(p.at(kPrimary, kHere), 0x12);
  EXPECT_EQ(p.at(kPrimary, kHere + 0xFFF), 0x12);
  EXPECT_EQ(p.at(kPrimary, kHere + 0x1000), 0x11);
}

TEST(MovePage, TellsInvalidPagesByConditionCodeWhenAskedTo) {
  ThreeSpaces p;
  p.primary.map(0x2'0000, 0, TestSpace::kInvalid);
  p.cpu.gr[0] = 0x100;
  p.cpu.gr[2] = 0x2'0000;
  p.run("B254 0024");
  EXPECT_EQ(p.cpu.psw.cc, 1);
  p.cpu.gr[2] = kHere;
  p.cpu.gr[4] = 0x2'0000;
  p.run("B254 0024");
  EXPECT_EQ(p.cpu.psw.cc, 2);
  p.cpu.gr[4] = 0x20'0000; // the segment: an exception all the same
  EXPECT_EQ(p.interruption("B254 0024"), PI::SegmentTranslation);
}

TEST(MovePage, SaysWhichRegistersItWas) {
  ThreeSpaces p;
  p.cpu.gr[2] = 0x2'0000;
  p.primary.map(0x2'0000, 0, TestSpace::kInvalid);
  EXPECT_EQ(p.interruption("B254 0024"), PI::PageTranslation);
  EXPECT_EQ(p.cpu.pending_program.operand_access_id, 0x24);
  EXPECT_EQ(p.cpu.pending_program.teid & kPageMask, 0x2'0000u);
}

TEST(MovePage, ChecksRegister0) {
  ThreeSpaces p;
  for (const u64 bad : {u64{0x1000}, u64{0x8000}, u64{0xC00}}) {
    p.cpu.gr[0] = bad;
    EXPECT_EQ(p.interruption("B254 0024"), PI::Specification) << std::hex << bad;
  }
  p.psw(Psw::kProblem);
  p.cpu.gr[0] = 0x830;
  EXPECT_EQ(p.interruption("B254 0024"), PI::PrivilegedOperation);
  p.cr(3, u64{0x8000'0000} >> 3);
  p.key(ThreeSpaces::frame_of(kPrimary, kHere), 0x30);
  p.run("B254 0024");
}

TEST(MovePage, AppliesTheKeyToTheOperandNamed) {
  ThreeSpaces p;
  p.psw_key(0x10);
  p.key(ThreeSpaces::frame_of(kPrimary, kHere), 0x30);
  EXPECT_EQ(p.interruption("B254 0024"), PI::Protection);
  p.cpu.gr[0] = 0x430; // for the second operand
  EXPECT_EQ(p.interruption("B254 0024"), PI::Protection);
  p.cpu.gr[0] = 0x830;
  p.run("B254 0024");
}

} // namespace
} // namespace siena::cpu::isa::testing
