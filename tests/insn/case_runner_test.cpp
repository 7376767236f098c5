// SPDX-License-Identifier: BSD-3-Clause
// The judge of the cases is judged: each kind of difference is found and named.
#include "tests/insn/case_runner.h"

#include <gmock/gmock.h>

namespace siena::insn {
namespace {

using ::testing::HasSubstr;

class CaseRunner : public ::testing::TestWithParam<Level> {
 protected:
  static Case parsed(const std::string& line) {
    Case one;
    EXPECT_EQ(parse_case(line, one), "");
    return one;
  }
  static std::string judged(const std::string& line) { return first_difference(parsed(line), GetParam()); }
};

TEST_P(CaseRunner, AcceptsWhatIsSo) { EXPECT_EQ(judged("AR | r1=2 r2=3 | ar %r1,%r2 | r1=5 cc=2 | 1a12"), ""); }

TEST_P(CaseRunner, NamesTheRegisterThatIsNotAsExpected) {
  EXPECT_EQ(judged("AR | r1=2 r2=3 | ar %r1,%r2 | r1=6 cc=2 | 1a12"), "r1: expected 6, found 5");
}

TEST_P(CaseRunner, FindsARegisterThatChangedWithoutBeingNamed) {
  EXPECT_EQ(judged("AR | r1=2 r2=3 | ar %r1,%r2 | cc=2 | 1a12"), "r1: expected 2, found 5");
}

TEST_P(CaseRunner, FindsAConditionCodeThatChangedWithoutBeingNamed) {
  EXPECT_EQ(judged("AR | r1=2 r2=3 | ar %r1,%r2 | r1=5 | 1a12"), "condition code: expected 0, found 2");
}

TEST_P(CaseRunner, NamesTheByteOfStorageThatIsNotAsExpected) {
  EXPECT_EQ(judged("ST | r1=1020304 r2=2000 | st %r1,0(%r2) | [2000]=01020305 | 50102000"),
            "byte [2003]: expected 5, found 4");
}

TEST_P(CaseRunner, FindsAStoreThatWasNotNamed) {
  EXPECT_EQ(judged("ST | r1=1020304 r2=2000 | st %r1,0(%r2) | | 50102000"), "byte [2000]: expected 0, found 1");
}

TEST_P(CaseRunner, FindsABranchThatWasNotExpected) {
  EXPECT_EQ(judged("BR | r2=2000 | br %r2 | | 07f2"), "address in the PSW: expected 1002, found 2000");
}

TEST_P(CaseRunner, FindsAnInterruptionThatWasNotExpected) {
  EXPECT_EQ(judged("A | r2=100000 | a %r1,0(%r2) | | 5a102000"), "program interruption: expected 0, found 5");
}

TEST_P(CaseRunner, FindsThatAnExpectedInterruptionIsMissing) {
  EXPECT_EQ(judged("AR | r1=2 r2=3 | ar %r1,%r2 | program=8 | 1a12"), "program interruption: expected 8, found 0");
}

TEST_P(CaseRunner, FindsAnotherInstructionLengthCode) {
  EXPECT_EQ(judged("A | r2=100000 | a %r1,0(%r2) | program=5 ilc=6 | 5a102000"),
            "instruction-length code: expected 6, found 4");
}

TEST_P(CaseRunner, ExecutesExactlyTheInstructionsOfTheCase) {
  EXPECT_EQ(judged("two | r1=2 r2=3 | ar %r1,%r2; ar %r1,%r2 | r1=8 cc=2 | 1a121a12"), "");
}

INSTANTIATE_TEST_SUITE_P(Levels, CaseRunner, ::testing::ValuesIn(kLevels), [](const auto& level) {
  return std::string(level.param.name);
});

TEST(Cases, ALineWithAWordThatMeansNothingIsRefused) {
  Case one;
  EXPECT_THAT(parse_case("AR | q1=2 | ar %r1,%r2 | | 1a12", one), HasSubstr("q1=2"));
  EXPECT_THAT(parse_case("AR | r16=2 | ar %r1,%r2 | | 1a12", one), HasSubstr("r16=2"));
  EXPECT_THAT(parse_case("AR | [2000]=123 | ar %r1,%r2 | | 1a12", one), HasSubstr("[2000]=123"));
  EXPECT_NE(parse_case("AR | r1=2 | ar %r1,%r2 | r1=3", one), "");
}

TEST(Cases, AFailureShowsPlaceSentenceAndDisassembly) {
  Case one{"general/x.txt", 7, {}, {}, {}, {}, {}};
  ASSERT_EQ(parse_case("AR: sums | r1=2 | ar %r1,%r2 | | 1a12", one), "");
  const std::string text = description(one, kLevels[2]);
  EXPECT_THAT(text, HasSubstr("general/x.txt:7: AR: sums (at guest_2)"));
  EXPECT_THAT(text, HasSubstr("1000: ar      %r1,%r2"));
}

} // namespace
} // namespace siena::insn
