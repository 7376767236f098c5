// SPDX-License-Identifier: BSD-3-Clause
#include "tests/cpu/isa/control_program.h"

namespace siena::cpu::isa::testing {
namespace {

using PI = ProgramInterruption;
constexpr u64 kFrame = 0x40'0000;

TEST(InsertStorageKeyExtended, ShowsSevenBitsOfTheRealFramesKey) {
  ControlProgram p;
  p.key(kFrame, 0xB6);
  p.cpu.gr[4] = kFrame | 0xABC;
  p.cpu.gr[3] = 0x1122'3344'5566'77FF;
  p.run("B229 0034");
  EXPECT_EQ(p.cpu.gr[3], 0x1122'3344'5566'77B6u);
  p.cpu.gr[4] = ControlProgram::kStorageSize;
  EXPECT_EQ(p.interruption("B229 0034"), PI::Addressing);
}

TEST(InsertStorageKeyExtended, AppliesPrefixing) {
  ControlProgram p;
  p.cpu.set_prefix(0x4000);
  p.key(0x4000, 0x30);
  p.key(0, 0x50);
  p.cpu.gr[4] = 0;
  p.run("B229 0034");
  EXPECT_EQ(p.cpu.gr[3], 0x30u);
}

TEST(SetStorageKeyExtended, ReplacesTheKeyAndLeavesTheConditionCode) {
  ControlProgram p;
  p.cpu.psw.cc = 2;
  p.cpu.gr[3] = 0xFFFF'FF31; // bit 63 is not part of the key
  p.cpu.gr[4] = kFrame;
  p.run("B22B 0034");
  EXPECT_EQ(p.key(kFrame), 0x30);
  EXPECT_EQ(p.cpu.psw.cc, 2);
  EXPECT_EQ(p.cpu.gr[3], 0xFFFF'FF31u);
}

TEST(SetStorageKeyExtended, RevokesWhatIsCachedForTheOldKey) {
  ControlProgram p;
  p.psw_key(0x20);
  p.key(kFrame, 0x20);
  EXPECT_EQ(p.cpu.store<u64>({kFrame, 0}, 1), Outcome::Completed);
  EXPECT_EQ(p.cpu.store<u64>({kFrame, 0}, 1), Outcome::Completed);
  p.cpu.gr[3] = 0x30;
  p.cpu.gr[4] = kFrame;
  p.run("B22B 0034");
  EXPECT_EQ(p.cpu.store<u64>({kFrame, 0}, 1), Outcome::ProgramInterruption);
  EXPECT_EQ(p.cpu.pending_program.code, PI::Protection);
}

TEST(SetStorageKeyExtendedConditional, LeavesAKeyThatDiffersOnlyInIgnoredBits) {
  ControlProgram p;
  p.cpu.gr[4] = kFrame;
  const struct {
    const char* text;
    u8 old, wanted, cc, result;
  } cases[] = {
      {"B22B 6034", 0x36, 0x30, 0, 0x36}, // MR and MC: access control and fetch protection decide
      {"B22B 6034", 0x36, 0x38, 1, 0x38},
      {"B22B 4034", 0x34, 0x30, 0, 0x34}, // MR alone
      {"B22B 4034", 0x36, 0x30, 1, 0x30},
      {"B22B 2034", 0x32, 0x30, 0, 0x32}, // MC alone
      {"B22B 2034", 0x36, 0x30, 1, 0x30},
  };
  for (const auto& c : cases) {
    p.key(kFrame, c.old);
    p.cpu.gr[3] = 0xFF00 | c.wanted;
    p.run(c.text);
    EXPECT_EQ(p.cpu.psw.cc, c.cc) << c.text;
    EXPECT_EQ(p.key(kFrame), c.result) << c.text;
    EXPECT_EQ(p.cpu.gr[3], u64{c.old} << 8 | c.wanted) << "the old key is shown beside the new one";
  }
}

TEST(SetStorageKeyExtendedMultipleBlocks, GoesToTheEndOfTheMegabyte) {
  ControlProgram p;
  p.cpu.gr[3] = 0x70;
  p.cpu.gr[4] = kFrame + 0xFE'0123;
  p.cpu.gr[4] = 0x4F'E123;
  p.run("B22B 1034");
  EXPECT_EQ(p.key(0x4F'D000), 0);
  EXPECT_EQ(p.key(0x4F'E000), 0x70);
  EXPECT_EQ(p.key(0x4F'F000), 0x70);
  EXPECT_EQ(p.key(0x50'0000), 0);
  EXPECT_EQ(p.cpu.gr[4], 0x50'0123u);
  p.cpu.gr[4] = 0x4F'F000;
  p.run("B22B 7034");
  EXPECT_EQ(p.cpu.psw.cc, 3);
}

TEST(SetStorageKeyExtendedMultipleBlocks, IsNotKnownWithoutEnhancedDat) {
  ControlProgram p;
  p.system.facility_words = {~bit(8)};
  p.cpu.gr[3] = 0x70;
  p.cpu.gr[4] = 0x4F'E000;
  p.run("B22B 1034");
  EXPECT_EQ(p.key(0x4F'E000), 0x70);
  EXPECT_EQ(p.key(0x4F'F000), 0);
  EXPECT_EQ(p.cpu.gr[4], 0x4F'E000u);
}

TEST(ResetReferenceBitExtended, ShowsReferenceAndChangeAsTheyWere) {
  ControlProgram p;
  p.cpu.gr[4] = kFrame;
  for (const u8 old : {u8{0x30}, u8{0x32}, u8{0x34}, u8{0x36}}) {
    p.key(kFrame, old);
    p.run("B22A 0004");
    EXPECT_EQ(p.cpu.psw.cc, (old >> 1) & 3);
    EXPECT_EQ(p.key(kFrame), old & ~4);
  }
}

TEST(ResetReferenceBitExtended, MakesTheNextReferenceCountAgain) {
  ControlProgram p;
  p.cpu.gr[4] = kFrame;
  EXPECT_EQ(p.cpu.fetch<u64>({kFrame, 0}).outcome, Outcome::Completed);
  EXPECT_EQ(p.key(kFrame), 4);
  p.run("B22A 0004");
  EXPECT_EQ(p.key(kFrame), 0);
  EXPECT_EQ(p.cpu.fetch<u64>({kFrame, 0}).outcome, Outcome::Completed);
  EXPECT_EQ(p.key(kFrame), 4);
}

TEST(ReferenceBitsMultiple, CoverSixtyFourFrames) {
  ControlProgram p;
  p.key(kFrame, 0x04);
  p.key(kFrame + 63 * kPageSize, 0x36);
  p.cpu.gr[4] = kFrame + 0x1'2345;
  p.run("B9AC 0034");
  EXPECT_EQ(p.cpu.gr[3], 0x8000'0000'0000'0001u);
  EXPECT_EQ(p.key(kFrame), 4) << "inserting does not reset";
  p.run("B9AE 0034");
  EXPECT_EQ(p.cpu.gr[3], 0x8000'0000'0000'0001u);
  EXPECT_EQ(p.key(kFrame), 0);
  EXPECT_EQ(p.key(kFrame + 63 * kPageSize), 0x32);
}

TEST(InsertVirtualStorageKey, TranslatesAndIgnoresProtection) {
  ControlProgram p;
  TestSpace space(p, 0x10'0000);
  space.map(0x5000, kFrame);
  p.key(kFrame, 0xBE);
  p.cpu.gr[4] = 0x5678;
  EXPECT_EQ(p.interruption("B223 0034"), PI::SpecialOperation);
  p.cr(1, space.asce());
  p.psw(Psw::kDat);
  p.psw_key(0x10);
  p.run("B223 0034");
  EXPECT_EQ(p.cpu.gr[3], 0xB8u) << "no reference or change bit";
  p.psw(Psw::kProblem);
  EXPECT_EQ(p.interruption("B223 0034"), PI::PrivilegedOperation);
  p.cr(0, p.cpu.cr[0] | cr0::kExtractionAuthority);
  p.run("B223 0034");
  p.cpu.gr[4] = 0x6000;
  EXPECT_EQ(p.interruption("B223 0034"), PI::PageTranslation);
}

TEST(PerformFrameManagement, ClearsAndSetsTheKeyOfOneFrame) {
  ControlProgram p;
  p.fill(kFrame, 0x3000, 0xFF);
  p.cpu.gr[3] = 0x3'0040; // set key and clear
  p.cpu.gr[4] = kFrame + 0x1234;
  p.run("B9AF 0034");
  EXPECT_EQ(p.load8(kFrame + 0xFFF), 0xFF);
  EXPECT_EQ(p.load(kFrame + 0x1000), 0u);
  EXPECT_EQ(p.load8(kFrame + 0x1FFF), 0);
  EXPECT_EQ(p.load8(kFrame + 0x2000), 0xFF);
  EXPECT_EQ(p.key(kFrame + 0x1000), 0x40);
  EXPECT_EQ(p.cpu.gr[4], kFrame + 0x1234) << "a single frame leaves R2 alone";
}

TEST(PerformFrameManagement, GoesToTheEndOfALargeFrame) {
  ControlProgram p;
  p.cpu.gr[3] = 0x2'1050; // set key, 1-MB frame
  p.cpu.gr[4] = kFrame + 0xF'E000;
  p.run("B9AF 0034");
  EXPECT_EQ(p.key(kFrame + 0xF'D000), 0);
  EXPECT_EQ(p.key(kFrame + 0xF'E000), 0x50);
  EXPECT_EQ(p.key(kFrame + 0xF'F000), 0x50);
  EXPECT_EQ(p.key(kFrame + 0x10'0000), 0);
  EXPECT_EQ(p.cpu.gr[4], kFrame + 0x10'0000);
}

TEST(PerformFrameManagement, StopsWhereStorageEnds) {
  ControlProgram p;
  p.cpu.gr[3] = 0x2'2050; // 2-GB frame
  p.cpu.gr[4] = ControlProgram::kStorageSize - 0x1000;
  EXPECT_EQ(p.interruption("B9AF 0034"), PI::Addressing);
  EXPECT_EQ(p.key(ControlProgram::kStorageSize - 0x1000), 0x50);
  EXPECT_EQ(p.cpu.gr[4], ControlProgram::kStorageSize);
}

TEST(PerformFrameManagement, RefusesReservedBitsAndSizes) {
  ControlProgram p;
  p.cpu.gr[4] = kFrame;
  for (const u64 bad : {u64{0x8000'0000}, u64{0x4'0000}, u64{0x100}, u64{1}, u64{0x3000}, u64{0x7000}}) {
    p.cpu.gr[3] = bad;
    EXPECT_EQ(p.interruption("B9AF 0034"), PI::Specification) << std::hex << bad;
  }
  p.system.facility_words = {bit(8)};
  for (const u64 bad : {u64{0x800}, u64{0x2000}}) { // nonquiescing, 2 GB: facilities that are not there
    p.cpu.gr[3] = bad;
    EXPECT_EQ(p.interruption("B9AF 0034"), PI::Specification) << std::hex << bad;
  }
}

TEST(PerformFrameManagement, MindsLowAddressProtectionWhenItClears) {
  ControlProgram p;
  p.cr(0, p.cpu.cr[0] | cr0::kLowAddressProtection);
  p.cpu.gr[3] = 0x1'0000;
  p.cpu.gr[4] = 0x1000;
  EXPECT_EQ(p.interruption("B9AF 0034"), PI::Protection);
  p.cpu.gr[3] = 0x2'0000;
  p.run("B9AF 0034");
}

TEST(TestBlock, ClearsAnExistingBlock) {
  ControlProgram p;
  p.fill(kFrame, 0x1000, 0xFF);
  p.cpu.gr[0] = ~u64{0};
  p.cpu.gr[4] = kFrame | 0x123;
  p.psw_key(0x10);
  p.key(kFrame, 0x20);
  p.run("B22C 0004");
  EXPECT_EQ(p.cpu.psw.cc, 0);
  EXPECT_EQ(p.cpu.gr[0], 0u);
  EXPECT_EQ(p.load(kFrame + 0xFF8), 0u);
  p.cpu.gr[4] = ControlProgram::kStorageSize;
  EXPECT_EQ(p.interruption("B22C 0004"), PI::Addressing);
  p.cr(0, p.cpu.cr[0] | cr0::kLowAddressProtection);
  p.cpu.gr[4] = 0x1000;
  EXPECT_EQ(p.interruption("B22C 0004"), PI::Protection);
}

} // namespace
} // namespace siena::cpu::isa::testing
