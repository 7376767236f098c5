// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/command_line.h"
#include "frontends/profile/profiler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace siena::frontends::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

machine::Configuration parses(const std::vector<std::string>& arguments) {
  auto line = parse_command_line(arguments);
  if (!line) {
    ADD_FAILURE() << line.error().message;
    return {};
  }
  return line.value().configuration;
}

std::string fails(const std::vector<std::string>& arguments) {
  const auto line = parse_command_line(arguments);
  if (line) return "no error";
  EXPECT_EQ(line.error().exit_code, 2);
  return line.error().message;
}

TEST(WatchingOptions, SymbolsOfEveryDepth) {
  const auto symbols = parses({"-symbols", "vmlinux", "--symbols", "depth=2,auto,save=a,,b"}).symbols;
  ASSERT_EQ(symbols.size(), 2u);
  EXPECT_EQ(symbols[0].depth, 1u);
  EXPECT_EQ(symbols[0].file, "vmlinux");
  EXPECT_EQ(symbols[0].save, "");
  EXPECT_EQ(symbols[1].depth, 2u);
  EXPECT_EQ(symbols[1].file, "");
  EXPECT_EQ(symbols[1].save, "a,b");
}

TEST(WatchingOptions, SymbolsThatCannotBe) {
  EXPECT_EQ(fails({"-symbols", "depth=0,a"}), "-symbols: 'depth=0' is no depth: 1 to 4");
  EXPECT_EQ(fails({"-symbols", "depth=5,a"}), "-symbols: 'depth=5' is no depth: 1 to 4");
  EXPECT_EQ(fails({"-symbols", "depth=x,a"}), "-symbols: 'depth=x' is no depth: 1 to 4");
  EXPECT_EQ(fails({"-symbols", "a,b"}), "-symbols: 'a,b' is not [depth=N,]FILE|auto[,save=FILE]");
  EXPECT_EQ(fails({"-symbols", "auto,b"}), "-symbols: 'auto,b' is not [depth=N,]FILE|auto[,save=FILE]");
  EXPECT_EQ(fails({"-symbols", "depth=2"}), "-symbols: FILE or auto is missing");
  EXPECT_THAT(fails({"-symbols", ""}), StartsWith("-symbols: "));
  EXPECT_EQ(fails({"-symbols", "a,save="}), "-symbols: the name behind save= is empty");
  EXPECT_EQ(fails({"-symbols", "a", "-symbols", "auto"}), "-symbols: depth 1 has symbols already");
}

TEST(WatchingOptions, Profile) {
  EXPECT_FALSE(parses({}).profile);
  const auto plain = parses({"-profile", "out"}).profile;
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->file, "out");
  EXPECT_EQ(plain->interval, profile::kDefaultInterval);
  EXPECT_EQ(parses({"-profile", "out,interval=1000"}).profile->interval, 1000u);
}

TEST(WatchingOptions, ProfilesThatCannotBe) {
  EXPECT_EQ(fails({"-profile", "interval=1000"}), "-profile: FILE is missing");
  EXPECT_EQ(fails({"-profile", "a,interval=99"}), "-profile: 'interval=99' is no number of cycles from 100 on");
  EXPECT_EQ(fails({"-profile", "a,interval=1ms"}), "-profile: 'interval=1ms' is no number of cycles from 100 on");
  EXPECT_EQ(fails({"-profile", "a,b"}), "-profile: 'a,b' is not FILE[,interval=CYCLES]");
  EXPECT_THAT(fails({"-profile", ""}), StartsWith("-profile: "));
}

TEST(WatchingOptions, Coverage) {
  EXPECT_EQ(parses({"-coverage", "out"}).coverage_file, "out");
  EXPECT_THAT(fails({"-coverage", ""}), HasSubstr("-coverage"));
}

} // namespace
} // namespace siena::frontends::cli
