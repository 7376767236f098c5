// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/trace/trace_filter.h"

#include <gtest/gtest.h>

namespace siena::frontends::trace {
namespace {

using Phase = TraceEvent::Phase;

TraceEvent at(int cpu, u8 level, u64 address = 0, Phase phase = Phase::Instant) {
  return {.phase = phase, .name = "x", .stamp = {0, cpu, level}, .has_address = true, .address = address};
}

TEST(TraceFilter, WithoutAWishEverythingPasses) {
  TraceFilter filter{{}};
  EXPECT_TRUE(filter.admit(at(3, 1, ~u64{0})));
}

TEST(TraceFilter, CpusAndLevelSelectEventsOfCpusOnly) {
  TraceFilter cpus{{.first_cpu = 1, .last_cpu = 2}};
  EXPECT_FALSE(cpus.admit(at(0, 0)));
  EXPECT_TRUE(cpus.admit(at(1, 0)));
  EXPECT_TRUE(cpus.admit(at(2, 1)));
  EXPECT_FALSE(cpus.admit(at(3, 0)));
  EXPECT_TRUE(cpus.admit({.name = "x", .stamp = {0, -1}}));
  EXPECT_TRUE(cpus.admit({.name = "x", .stamp = {0, 3, 0}, .subchannel = 1}));
  TraceFilter level{{.level = u8{1}}};
  EXPECT_FALSE(level.admit(at(0, 0)));
  EXPECT_TRUE(level.admit(at(0, 1)));
}

TEST(TraceFilter, AnAddressMustLieInOneOfTheRanges) {
  TraceFilter filter{{.addresses = {{0x1000, 0x1FFF}, {0x8000, 0x8000}}}};
  for (const u64 inside : {0x1000u, 0x1FFFu, 0x8000u}) EXPECT_TRUE(filter.admit(at(0, 0, inside)));
  for (const u64 outside : {0xFFFu, 0x2000u, 0x8001u}) EXPECT_FALSE(filter.admit(at(0, 0, outside)));
  EXPECT_TRUE(filter.admit({.name = "x", .stamp = {0, 0, 0}})); // without an address
}

TEST(TraceFilter, SoManyPassAfterSoMany) {
  TraceFilter filter{{.level = u8{0}, .after = 2, .count = 3}};
  int passed = 0;
  for (int n = 0; n < 10; ++n) {
    EXPECT_FALSE(filter.admit(at(0, 1))); // not selected: not counted
    const bool admitted = filter.admit(at(0, 0));
    EXPECT_EQ(admitted, n >= 2 && n < 5) << n;
    passed += admitted;
  }
  EXPECT_EQ(passed, 3);
}

TEST(TraceFilter, AnEndGoesTheWayOfItsBeginning) {
  TraceFilter filter{{.addresses = {{0x1000, 0x1FFF}}, .count = 1}};
  EXPECT_FALSE(filter.admit(at(0, 1, 0x5000, Phase::Begin)));
  EXPECT_FALSE(filter.admit(at(0, 1, 0x1000, Phase::End)));
  EXPECT_TRUE(filter.admit(at(0, 1, 0x1000, Phase::Begin)));
  EXPECT_TRUE(filter.admit(at(0, 1, 0x5000, Phase::End))) << "though one event has been shown";
  EXPECT_FALSE(filter.admit(at(0, 1, 0x1000, Phase::Begin)));
  EXPECT_FALSE(filter.admit(at(0, 1, 0x1000, Phase::End)));
}

TEST(TraceFilter, DurationsOfOneTrackDoNotDecideAboutAnother) {
  TraceFilter filter{{.first_cpu = 1, .last_cpu = 1}};
  EXPECT_FALSE(filter.admit(at(0, 1, 0, Phase::Begin)));
  EXPECT_TRUE(filter.admit(at(1, 1, 0, Phase::Begin)));
  EXPECT_FALSE(filter.admit(at(0, 1, 0, Phase::End)));
  EXPECT_TRUE(filter.admit(at(1, 1, 0, Phase::End)));
}

} // namespace
} // namespace siena::frontends::trace
