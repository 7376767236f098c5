// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/gdb/stop_conditions.h"

#include "tests/frontends/gdb/small_machine.h"

#include <gtest/gtest.h>

namespace siena::frontends::gdb {
namespace {
using namespace testing;
using Kind = machine::Ending::Kind;

// Both CPUs work on the same word without locks, so that any change of their schedule shows in it:
//   2000  lg 1,0x400  aghi 1,1  stg 1,0x400  brct 2,2000  lpswe 0x300
constexpr std::string_view kRace = "E31004000004 A71B0001 E31004000024 A726FFF8 B2B20300";
constexpr u64 kLoop = 0x2000, kAdd = 0x2006, kStore = 0x200A, kBranch = 0x2010, kEnd = 0x2014;

class DebuggedRace : public ::testing::Test {
 protected:
  DebuggedRace() : machine(small_machine(surroundings, 2)), conditions(*machine) {
    put_code(*machine, kLoop, kRace);
    for (unsigned n = 0; n < 2; ++n) {
      start(*machine, n, kLoop);
      machine->cpu(n).gr[2] = 30'000;
    }
  }
  Kind go_on(std::vector<unsigned> stepping = {}, unsigned from = 0) {
    std::vector<StopConditions::Step> steps;
    for (const unsigned n : stepping) steps.push_back({.thread = {1, n + 1}});
    conditions.resume(steps, {1, from + 1});
    return machine->run().kind;
  }
  u64 at(unsigned n) const { return machine->cpu(n).psw.address; }

  SmallSurroundings surroundings;
  std::unique_ptr<machine::Machine> machine;
  StopConditions conditions;
};

u64 undisturbed_hash() {
  SmallSurroundings surroundings;
  const auto machine = small_machine(surroundings, 2);
  put_code(*machine, kLoop, kRace);
  for (unsigned n = 0; n < 2; ++n) {
    start(*machine, n, kLoop);
    machine->cpu(n).gr[2] = 30'000;
  }
  EXPECT_EQ(machine->run().kind, Kind::PowerOff);
  return machine->state_hash();
}

TEST_F(DebuggedRace, StopsBeforeTheInstructionAtABreakpoint) {
  ASSERT_TRUE(conditions.insert_breakpoint(1, kStore));
  EXPECT_EQ(go_on(), Kind::Stopped);
  EXPECT_EQ(at(0), kStore);
  EXPECT_EQ(machine->cpu(0).gr[1], 1u);
  EXPECT_EQ(*machine->storage().load<u64>({0x400}), 0u);
  const auto stop = conditions.take_stop();
  ASSERT_TRUE(stop);
  EXPECT_EQ(stop->thread, (ThreadId{1, 1}));
  EXPECT_EQ(stop->kind, StopConditions::Stop::Kind::Breakpoint);
}

TEST_F(DebuggedRace, PassesTheBreakpointItStoodAtAndMeetsItAgain) {
  ASSERT_TRUE(conditions.insert_breakpoint(1, kStore));
  for (u64 n = 1; n <= 3; ++n) {
    EXPECT_EQ(go_on(), Kind::Stopped);
    EXPECT_EQ(at(0), kStore);
    EXPECT_EQ(machine->cpu(0).gr[1], n);
  }
}

TEST_F(DebuggedRace, AStepIsOneInstruction) {
  for (const u64 next : {kAdd, kStore, kBranch, kLoop}) {
    EXPECT_EQ(go_on({0}), Kind::Stopped);
    EXPECT_EQ(at(0), next);
  }
  EXPECT_EQ(machine->cpu(0).instructions, 4u);
}

TEST_F(DebuggedRace, StepsTheCpuThatWasMeant) {
  EXPECT_EQ(go_on({1}), Kind::Stopped);
  EXPECT_EQ(conditions.take_stop()->thread, (ThreadId{1, 2}));
  EXPECT_EQ(at(1), kAdd);
  EXPECT_EQ(machine->cpu(1).instructions, 1u);
}

TEST_F(DebuggedRace, NoStopChangesWhatTheRunComesTo) {
  unsigned stops = 0;
  ASSERT_TRUE(conditions.insert_breakpoint(1, kStore));
  for (; stops < 500; ++stops)
    ASSERT_EQ(go_on(stops % 3 == 0 ? std::vector<unsigned>{stops % 2} : std::vector<unsigned>{}), Kind::Stopped);
  conditions.remove_breakpoint(1, kStore);
  ASSERT_TRUE(conditions.insert_breakpoint(1, kEnd));
  EXPECT_EQ(go_on(), Kind::Stopped);
  const unsigned first = conditions.take_stop()->thread.thread - 1;
  EXPECT_EQ(go_on({}, first), Kind::Stopped);
  EXPECT_EQ(go_on({}, 1 - first), Kind::PowerOff);
  EXPECT_EQ(machine->state_hash(), undisturbed_hash());
}

TEST_F(DebuggedRace, RunsWithoutAHookOnceThereIsNothingToLookFor) {
  ASSERT_TRUE(conditions.insert_breakpoint(1, kStore));
  conditions.remove_breakpoint(1, kStore);
  EXPECT_EQ(go_on(), Kind::PowerOff);
  EXPECT_FALSE(conditions.take_stop());
}

TEST_F(DebuggedRace, TheGuestReadsItsOwnCodeAtABreakpoint) {
  ASSERT_TRUE(conditions.insert_breakpoint(1, kStore));
  EXPECT_EQ(*machine->storage().load<u16>({kStore}), 0xE310u);
}

TEST_F(DebuggedRace, StopsAfterAStoreToAWatchedByte) {
  const Watchpoint word{1, WatchKind::Write, 0x404, 4};
  ASSERT_TRUE(conditions.insert_watchpoint(word));
  EXPECT_EQ(go_on(), Kind::Stopped);
  EXPECT_EQ(at(0), kBranch);
  EXPECT_EQ(*machine->storage().load<u64>({0x400}), 1u);
  const auto stop = conditions.take_stop();
  ASSERT_TRUE(stop);
  EXPECT_EQ(stop->kind, StopConditions::Stop::Kind::Watchpoint);
  EXPECT_EQ(stop->watch, WatchKind::Write);
  EXPECT_EQ(stop->address, 0x404u);
}

TEST_F(DebuggedRace, StopsAfterAFetchOfAWatchedByteAlsoInTranslatedCode) {
  for (auto& cpu : {&machine->cpu(0), &machine->cpu(1)}) cpu->gr[2] = 1'000'000;
  conditions.resume({}, {1, 1});
  // Both have run long enough to be translated, and stand somewhere in the loop.
  ASSERT_TRUE(conditions.insert_breakpoint(1, kAdd));
  for (int n = 0; n < 200; ++n) ASSERT_EQ(go_on(), Kind::Stopped);
  conditions.remove_breakpoint(1, kAdd);
  ASSERT_TRUE(conditions.insert_watchpoint({1, WatchKind::Read, 0x407, 1}));
  for (int n = 0; n < 100; ++n) {
    ASSERT_EQ(go_on(), Kind::Stopped);
    const auto stop = conditions.take_stop();
    ASSERT_TRUE(stop);
    EXPECT_EQ(machine->cpu(stop->thread.thread - 1).psw.address, kAdd);
  }
}

TEST_F(DebuggedRace, DoesNotStopForBytesBesideTheWatchedOnes) {
  for (const WatchKind kind : {WatchKind::Write, WatchKind::Read, WatchKind::Access}) {
    ASSERT_TRUE(conditions.insert_watchpoint({1, kind, 0x3F8, 8}));
    ASSERT_TRUE(conditions.insert_watchpoint({1, kind, 0x408, 8}));
  }
  EXPECT_EQ(go_on(), Kind::PowerOff);
  EXPECT_EQ(machine->state_hash(), undisturbed_hash());
}

TEST_F(DebuggedRace, NoWatchpointChangesWhatTheRunComesTo) {
  ASSERT_TRUE(conditions.insert_watchpoint({1, WatchKind::Access, 0x400, 8}));
  for (unsigned stops = 0; stops < 600; ++stops) ASSERT_EQ(go_on(), Kind::Stopped);
  conditions.clear();
  EXPECT_EQ(go_on(), Kind::PowerOff);
  EXPECT_EQ(machine->state_hash(), undisturbed_hash());
}

TEST_F(DebuggedRace, ARangeStepEndsOutsideTheRange) {
  const StopConditions::Step range{.thread = {1, 1}, .first = kLoop, .behind = kBranch};
  conditions.resume({&range, 1}, {1, 1});
  EXPECT_EQ(machine->run().kind, Kind::Stopped);
  EXPECT_EQ(at(0), kBranch);
}

TEST_F(DebuggedRace, HoldsALimitedNumberOfBreakpoints) {
  for (u64 n = 0; n < StopConditions::kMostBreakpoints; ++n) ASSERT_TRUE(conditions.insert_breakpoint(1, n));
  EXPECT_FALSE(conditions.insert_breakpoint(1, StopConditions::kMostBreakpoints));
  EXPECT_TRUE(conditions.insert_breakpoint(1, 0)) << "it is there already";
}

TEST(Step, OverAProgramInterruptionEndsAtTheNewPsw) {
  SmallSurroundings surroundings;
  const auto machine = small_machine(surroundings);
  StopConditions conditions(*machine);
  ASSERT_TRUE(machine->storage().store<u64>({0x1D0}, kWide));
  ASSERT_TRUE(machine->storage().store<u64>({0x1D8}, 0x3000));
  put_code(*machine, 0x2000, "0000");
  start(*machine, 0, 0x2000);
  const StopConditions::Step step[] = {{.thread = {1, 1}}};
  conditions.resume(step, {1, 1});
  EXPECT_EQ(machine->run().kind, Kind::Stopped);
  EXPECT_EQ(machine->cpu(0).psw.address, 0x3000u);
}

TEST(Step, TakesAnInterruptionInsteadOfAnInstruction) {
  SmallSurroundings surroundings;
  const auto machine = small_machine(surroundings);
  StopConditions conditions(*machine);
  ASSERT_TRUE(machine->storage().store<u64>({0x1B0}, kWide));
  ASSERT_TRUE(machine->storage().store<u64>({0x1B8}, 0x3000));
  put_code(*machine, 0x2000, "A71B0001");
  put_code(*machine, 0x3000, "A72B0001");
  start(*machine, 0, 0x2000, kWide | cpu::Psw::kExternal);
  cpu::Cpu& cpu = machine->cpu(0);
  cpu.cr[0] |= cpu::cr0::kClockComparator; // the comparator is zero: the clock has passed it
  const StopConditions::Step step[] = {{.thread = {1, 1}}};
  conditions.resume(step, {1, 1});
  EXPECT_EQ(machine->run().kind, Kind::Stopped);
  EXPECT_EQ(cpu.psw.address, 0x3000u);
  EXPECT_EQ(cpu.instructions, 0u);
}

TEST(Step, IntoADisabledWaitStopsThere) {
  SmallSurroundings surroundings;
  const auto machine = small_machine(surroundings);
  StopConditions conditions(*machine);
  put_code(*machine, 0x2000, "B2B20300");
  start(*machine, 0, 0x2000);
  const StopConditions::Step step[] = {{.thread = {1, 1}}};
  conditions.resume(step, {1, 1});
  EXPECT_EQ(machine->run().kind, Kind::Stopped);
  EXPECT_EQ(machine->cpu(0).psw.address, 0xFFFu);
  conditions.resume({}, {1, 1});
  EXPECT_EQ(machine->run().kind, Kind::PowerOff);
}

} // namespace
} // namespace siena::frontends::gdb
