// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/profile/flame_graph.h"
#include "frontends/profile/profile_file.h"
#include "tests/host/temporary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace siena::frontends::profile {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Stacks some_stacks() {
  Stacks stacks;
  stacks.samples[{1, false, {"start", "schedule"}}] = 60;
  stacks.samples[{1, false, {"start", "read", "schedule"}}] = 15;
  stacks.samples[{1, true, {"[program]"}}] = 20;
  stacks.samples[{2, false, {"start"}}] = 5;
  stacks.waited = 7;
  stacks.interval = 1000;
  return stacks;
}

TEST(FlatProfile, HasSharesBySymbolTheMostFirst) {
  EXPECT_EQ(flat_text(some_stacks()),
            "100 samples, one every 1000 cycles that a CPU executed; 7 more while CPUs waited\n"
            " 75.00 %        75 guest 1, supervisor state\n"
            " 20.00 %        20 guest 1, problem state\n"
            "  5.00 %         5 guest 2, supervisor state\n"
            "\n"
            " percent   samples depth    state       symbol\n"
            "   75.00        75 guest 1  supervisor  schedule\n"
            "   20.00        20 guest 1  problem     [program]\n"
            "    5.00         5 guest 2  supervisor  start\n");
}

TEST(FlatProfile, OfNothingIsEmpty) { EXPECT_THAT(flat_text({}), HasSubstr("0 samples")); }

TEST(FoldedStacks, HaveALineEach) {
  EXPECT_EQ(folded_text(some_stacks()),
            "guest_1;supervisor;start;read;schedule 15\n"
            "guest_1;supervisor;start;schedule 60\n"
            "guest_1;problem;[program] 20\n"
            "guest_2;supervisor;start 5\n");
}

TEST(FoldedStacks, KeepTheirShapeWhateverTheNames) {
  Stacks stacks;
  stacks.samples[{1, false, {"a;b c\n\xFF", "d"}}] = 1;
  EXPECT_EQ(folded_text(stacks), "guest_1;supervisor;a_b_c__;d 1\n");
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t n = 0;
  for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

TEST(FlameGraph, HasABoxForEveryWayIn) {
  const std::string svg = flame_graph(some_stacks(), "test");
  // all; guest 1, supervisor, start, schedule, read, schedule; problem, program; guest 2, supervisor, start
  EXPECT_EQ(count(svg, "<g>"), 12u);
  EXPECT_EQ(count(svg, "<g>"), count(svg, "</g>"));
  EXPECT_THAT(svg, HasSubstr("<title>schedule (60 samples, 60.00 %)</title>"));
  EXPECT_THAT(svg, HasSubstr("<title>start (75 samples, 75.00 %)</title>"));
  EXPECT_THAT(svg, HasSubstr("<title>guest 2 (5 samples, 5.00 %)</title>"));
  // 1180 wide: three fifths, less the gap between two boxes.
  EXPECT_THAT(svg, HasSubstr("width=\"707.7\""));
}

TEST(FlameGraph, IsWellFormedWhateverTheNames) {
  Stacks stacks;
  stacks.samples[{1, false, {"<b>&\"]]>\x01\xFF"}}] = 1;
  const std::string svg = flame_graph(stacks, "<&>");
  EXPECT_THAT(svg, HasSubstr("&lt;b&gt;&amp;&quot;]]&gt;??"));
  EXPECT_THAT(svg, Not(HasSubstr("<b>")));
  EXPECT_THAT(svg, HasSubstr("<title>&lt;&amp;&gt;</title>"));
}

TEST(FlameGraph, OfNothingIsAPictureStill) { EXPECT_THAT(flame_graph({}, "none"), ::testing::EndsWith("</svg>\n")); }

TEST(ProfileFile, IsATableAndAGraph) {
  const test::TemporaryDirectory directory;
  const auto file = ProfileFile::create(directory.path("profile"));
  ASSERT_TRUE(file);
  EXPECT_EQ(file.value()->write(some_stacks()), "");
  EXPECT_EQ(test::content_of(directory.path("profile")), flat_text(some_stacks()));
  EXPECT_THAT(test::content_of(directory.path("profile.svg")), HasSubstr("<svg"));
}

TEST(ProfileFile, IsWhatItsNameSays) {
  const test::TemporaryDirectory directory;
  EXPECT_EQ(ProfileFile::create(directory.path("a.folded")).value()->write(some_stacks()), "");
  EXPECT_EQ(test::content_of(directory.path("a.folded")), folded_text(some_stacks()));
  EXPECT_EQ(ProfileFile::create(directory.path("a.svg")).value()->write(some_stacks()), "");
  EXPECT_THAT(test::content_of(directory.path("a.svg")), HasSubstr("<svg"));
}

TEST(ProfileFile, IsNamedInTheError) {
  EXPECT_THAT(ProfileFile::create("/nowhere/profile").error().message,
              HasSubstr("-profile: '/nowhere/profile': No such file"));
}

TEST(ProfileFile, SaysWhenItCannotBeWritten) {
  const test::TemporaryDirectory directory;
  const auto name = directory.path("full.folded");
  std::filesystem::create_symlink("/dev/full", name);
  EXPECT_EQ(ProfileFile::create(name).value()->write(some_stacks()),
            "-profile: '" + name + "': No space left on device");
}

} // namespace
} // namespace siena::frontends::profile
