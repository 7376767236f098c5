// SPDX-License-Identifier: BSD-3-Clause
#include "tests/cpu/isa/control_program.h"

namespace siena::cpu::isa::testing {
namespace {

using PI = ProgramInterruption;
constexpr u64 kFrame = 0x40'0000;

u64 request(ControlProgram& p, std::string_view text) {
  p.cpu.gr[1] = 0x99;
  p.cpu.gr[2] = kFrame + 0x123;
  p.run(text);
  return p.cpu.gr[1];
}

TEST(ExtractAndSetStorageAttributes, ShowsTheStateAsItWas) {
  ControlProgram p;
  EXPECT_EQ(request(p, "B9AB 2012"), 0x0u); // set unused
  EXPECT_EQ(request(p, "B9AB 3012"), 0x4u); // set volatile
  EXPECT_EQ(request(p, "B9AB 4012"), 0xCu); // set potentially volatile
  EXPECT_EQ(request(p, "B9AB 0012"), 0x8u); // get
  EXPECT_EQ(request(p, "B9AB 1012"), 0x8u); // set stable
  EXPECT_EQ(request(p, "B9AB 0012"), 0x0u);
  for (const char* stable : {"B9AB 5012", "B9AB 6012"}) {
    EXPECT_EQ(request(p, "B9AB 2012"), 0x0u);
    EXPECT_EQ(request(p, stable), 0x4u);
  }
}

TEST(ExtractAndSetStorageAttributes, RemembersThatAPageHoldsNoTranslationTablesUntilItIsSetStable) {
  ControlProgram p;
  EXPECT_EQ(request(p, "B9AB 7012"), 0x0u);
  EXPECT_EQ(request(p, "B9AB 2012"), 0x20u);
  EXPECT_EQ(request(p, "B9AB 3012"), 0x24u);
  EXPECT_EQ(request(p, "B9AB 4012"), 0x2Cu);
  EXPECT_EQ(request(p, "B9AB 5012"), 0x28u);
  EXPECT_EQ(request(p, "B9AB 6012"), 0x20u);
  EXPECT_EQ(request(p, "B9AB 2012"), 0x20u);
  EXPECT_EQ(request(p, "B9AB 7012"), 0x24u);
  EXPECT_EQ(request(p, "B9AB 1012"), 0x20u);
  EXPECT_EQ(request(p, "B9AB 0012"), 0x0u);
}

TEST(ExtractAndSetStorageAttributes, KeepsTheContentsOfAnUnusedPage) {
  ControlProgram p;
  p.put<u64>(kFrame, 0x1234);
  p.key(kFrame, 0x36);
  request(p, "B9AB 2012");
  EXPECT_EQ(p.load(kFrame), 0x1234u);
  EXPECT_EQ(p.key(kFrame), 0x36);
}

TEST(ExtractAndSetStorageAttributes, RefusesUnknownRequestsAndMissingStorage) {
  ControlProgram p;
  p.cpu.gr[2] = kFrame;
  p.system.facility_words[147 / 64] &= ~bit(147 % 64);
  EXPECT_EQ(p.interruption("B9AB 7012"), PI::Specification) << "comes with facility 147";
  p.system.facility_words[147 / 64] |= bit(147 % 64);
  EXPECT_EQ(p.interruption("B9AB 8012"), PI::Specification);
  EXPECT_EQ(p.interruption("B9AB F012"), PI::Specification);
  p.cpu.gr[2] = ControlProgram::kStorageSize;
  EXPECT_EQ(p.interruption("B9AB 0012"), PI::Addressing);
}

TEST(ExtractAndSetStorageAttributes, AreStableAgainAfterAClearReset) {
  ControlProgram p;
  request(p, "B9AB 2012");
  p.storage().clear();
  EXPECT_EQ(request(p, "B9AB 0012"), 0x0u);
}

} // namespace
} // namespace siena::cpu::isa::testing
