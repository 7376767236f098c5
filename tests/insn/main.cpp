// SPDX-License-Identifier: BSD-3-Clause
// Every line of tests/insn/*/*.txt as a test of its own at every level: `test_insn --gtest_filter='*add.txt:12*'`.
#include "tests/insn/case_runner.h"

#include <gtest/gtest.h>

namespace siena::insn {
namespace {

class CaseTest : public ::testing::Test {
 public:
  CaseTest(const Case& one, const Level& level) : case_(one), level_(level) {}
  void TestBody() override {
    const std::string difference = first_difference(case_, level_);
    if (!difference.empty()) FAIL() << description(case_, level_) << "\n  " << difference;
  }

 private:
  const Case& case_;
  const Level& level_;
};

const CaseFile& cases() {
  static const CaseFile kCases = read_cases(SIENA_SOURCE_DIR "/tests/insn");
  return kCases;
}

TEST(CaseFiles, EveryLineCanBeRead) {
  for (const std::string& error : cases().errors) ADD_FAILURE() << error;
  EXPECT_FALSE(cases().cases.empty());
}

void register_cases() {
  for (const Level& level : kLevels)
    for (const Case& one : cases().cases) {
      const std::string name = one.file + ":" + std::to_string(one.line);
      ::testing::RegisterTest(
          level.name, name.c_str(), nullptr, nullptr, one.file.c_str(), one.line, [&one, &level]() -> CaseTest* {
            return new CaseTest(one, level);
          });
    }
}

} // namespace
} // namespace siena::insn

int main(int count, char** arguments) {
  ::testing::InitGoogleTest(&count, arguments);
  siena::insn::register_cases();
  return RUN_ALL_TESTS();
}
