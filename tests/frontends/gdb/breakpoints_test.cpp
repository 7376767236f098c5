// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/gdb/breakpoints.h"

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
  DebuggedRace() : machine(small_machine(surroundings, 2)), breakpoints(*machine) {
    put_code(*machine, kLoop, kRace);
    for (unsigned n = 0; n < 2; ++n) {
      start(*machine, n, kLoop);
      machine->cpu(n).gr[2] = 30'000;
    }
  }
  Kind go_on(std::vector<unsigned> stepping = {}, unsigned from = 0) {
    breakpoints.resume(stepping, from);
    return machine->run().kind;
  }
  u64 at(unsigned n) const { return machine->cpu(n).psw.address; }

  SmallSurroundings surroundings;
  std::unique_ptr<machine::Machine> machine;
  Breakpoints breakpoints;
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
  ASSERT_TRUE(breakpoints.insert(kStore));
  EXPECT_EQ(go_on(), Kind::Stopped);
  EXPECT_EQ(at(0), kStore);
  EXPECT_EQ(machine->cpu(0).gr[1], 1u);
  EXPECT_EQ(*machine->storage().load<u64>({0x400}), 0u);
  const auto stop = breakpoints.take_stop();
  ASSERT_TRUE(stop);
  EXPECT_EQ(stop->cpu, 0u);
  EXPECT_TRUE(stop->at_breakpoint);
}

TEST_F(DebuggedRace, PassesTheBreakpointItStoodAtAndMeetsItAgain) {
  ASSERT_TRUE(breakpoints.insert(kStore));
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
  EXPECT_EQ(breakpoints.take_stop()->cpu, 1u);
  EXPECT_EQ(at(1), kAdd);
  EXPECT_EQ(machine->cpu(1).instructions, 1u);
}

TEST_F(DebuggedRace, NoStopChangesWhatTheRunComesTo) {
  unsigned stops = 0;
  ASSERT_TRUE(breakpoints.insert(kStore));
  for (; stops < 500; ++stops)
    ASSERT_EQ(go_on(stops % 3 == 0 ? std::vector<unsigned>{stops % 2} : std::vector<unsigned>{}), Kind::Stopped);
  breakpoints.remove(kStore);
  ASSERT_TRUE(breakpoints.insert(kEnd));
  EXPECT_EQ(go_on(), Kind::Stopped);
  const unsigned first = breakpoints.take_stop()->cpu;
  EXPECT_EQ(go_on({}, first), Kind::Stopped);
  EXPECT_EQ(go_on({}, 1 - first), Kind::PowerOff);
  EXPECT_EQ(machine->state_hash(), undisturbed_hash());
}

TEST_F(DebuggedRace, RunsWithoutAHookOnceThereIsNothingToLookFor) {
  ASSERT_TRUE(breakpoints.insert(kStore));
  breakpoints.remove(kStore);
  EXPECT_EQ(go_on(), Kind::PowerOff);
  EXPECT_FALSE(breakpoints.take_stop());
}

TEST_F(DebuggedRace, TheGuestReadsItsOwnCodeAtABreakpoint) {
  ASSERT_TRUE(breakpoints.insert(kStore));
  EXPECT_EQ(*machine->storage().load<u16>({kStore}), 0xE310u);
}

TEST_F(DebuggedRace, HoldsALimitedNumberOfBreakpoints) {
  for (u64 n = 0; n < Breakpoints::kMost; ++n) ASSERT_TRUE(breakpoints.insert(n));
  EXPECT_FALSE(breakpoints.insert(Breakpoints::kMost));
  EXPECT_TRUE(breakpoints.insert(0)) << "it is there already";
}

TEST(Step, OverAProgramInterruptionEndsAtTheNewPsw) {
  SmallSurroundings surroundings;
  const auto machine = small_machine(surroundings);
  Breakpoints breakpoints(*machine);
  ASSERT_TRUE(machine->storage().store<u64>({0x1D0}, kWide));
  ASSERT_TRUE(machine->storage().store<u64>({0x1D8}, 0x3000));
  put_code(*machine, 0x2000, "0000");
  start(*machine, 0, 0x2000);
  const unsigned stepping[] = {0};
  breakpoints.resume(stepping, 0);
  EXPECT_EQ(machine->run().kind, Kind::Stopped);
  EXPECT_EQ(machine->cpu(0).psw.address, 0x3000u);
}

TEST(Step, TakesAnInterruptionInsteadOfAnInstruction) {
  SmallSurroundings surroundings;
  const auto machine = small_machine(surroundings);
  Breakpoints breakpoints(*machine);
  ASSERT_TRUE(machine->storage().store<u64>({0x1B0}, kWide));
  ASSERT_TRUE(machine->storage().store<u64>({0x1B8}, 0x3000));
  put_code(*machine, 0x2000, "A71B0001");
  put_code(*machine, 0x3000, "A72B0001");
  start(*machine, 0, 0x2000, kWide | cpu::Psw::kExternal);
  cpu::Cpu& cpu = machine->cpu(0);
  cpu.cr[0] |= cpu::cr0::kClockComparator; // the comparator is zero: the clock has passed it
  const unsigned stepping[] = {0};
  breakpoints.resume(stepping, 0);
  EXPECT_EQ(machine->run().kind, Kind::Stopped);
  EXPECT_EQ(cpu.psw.address, 0x3000u);
  EXPECT_EQ(cpu.instructions, 0u);
}

TEST(Step, IntoADisabledWaitStopsThere) {
  SmallSurroundings surroundings;
  const auto machine = small_machine(surroundings);
  Breakpoints breakpoints(*machine);
  put_code(*machine, 0x2000, "B2B20300");
  start(*machine, 0, 0x2000);
  const unsigned stepping[] = {0};
  breakpoints.resume(stepping, 0);
  EXPECT_EQ(machine->run().kind, Kind::Stopped);
  EXPECT_EQ(machine->cpu(0).psw.address, 0xFFFu);
  breakpoints.resume({}, 0);
  EXPECT_EQ(machine->run().kind, Kind::PowerOff);
}

} // namespace
} // namespace siena::frontends::gdb
