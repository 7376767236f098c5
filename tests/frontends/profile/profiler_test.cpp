// SPDX-License-Identifier: BSD-3-Clause
// Profiles of small programs on whole machines: shares that can be counted by hand, and runs that do not notice.
#include "frontends/profile/profiler.h"

#include "firmware/demo_guest.h"
#include "frontends/profile/call_chain.h"
#include "tests/frontends/gdb/small_machine.h"
#include "tests/host/temporary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace siena::frontends::profile {
namespace {

using gdb::testing::kWide;
using gdb::testing::put_code;
using gdb::testing::small_machine;
using gdb::testing::SmallSurroundings;
using gdb::testing::start;
using ::testing::ElementsAre;

constexpr u64 kStart = 0x10000, kLong = 0x10100, kShort = 0x10200;

/// Calls `long` for 3000 rounds and `short` for 1000, then powers off.
void put_program(machine::Machine& machine) {
  put_code(machine, kStart, "A7190BB8 C0E50000007E A71903E8 C0E5000000F9 B2B20300");
  put_code(machine, kLong, "A7170000 07FE");
  put_code(machine, kShort, "A7170000 07FE");
  start(machine, 0, kStart);
}

symbols::GuestSymbols symbols_of_program(std::string_view text = "0000000000010000 T start\n"
                                                                 "0000000000010100 T long\n"
                                                                 "0000000000010200 T short\n") {
  const test::TemporaryDirectory directory;
  return std::move(symbols::GuestSymbols::open({{.file = directory.write("symbols", text), .save = {}}}).value());
}

struct Outcome {
  Stacks stacks;
  u64 state = 0, cycles = 0;
};

Outcome run_program(u64 interval, bool sampled = true) {
  SmallSurroundings surroundings;
  const auto machine = small_machine(surroundings);
  put_program(*machine);
  Profiler profiler{interval};
  if (sampled) machine->set_sampler(&profiler, interval);
  EXPECT_EQ(machine->run().kind, machine::Ending::Kind::PowerOff);
  return {profiler.stacks(symbols_of_program()), machine->state_hash(), machine->cpu(0).cycles};
}

u64 samples_in(const Stacks& stacks, std::string_view name) {
  u64 sum = 0;
  for (const auto& [stack, count] : stacks.samples)
    if (stack.frames.back() == name) sum += count;
  return sum;
}

TEST(Profiler, CountsWhereTheTimeGoes) {
  constexpr u64 kInterval = 100;
  const Outcome run = run_program(kInterval);
  EXPECT_EQ(run.stacks.total() + run.stacks.waited, run.cycles / kInterval);
  const auto in_long = static_cast<double>(samples_in(run.stacks, "long"));
  const auto in_short = static_cast<double>(samples_in(run.stacks, "short"));
  EXPECT_NEAR(in_long, 3 * in_short, 3);
  EXPECT_GE(in_short, 10);
  EXPECT_GE(in_long + in_short, static_cast<double>(run.stacks.total()) - 1);
}

TEST(Profiler, ShowsTheCallerOfAFunctionWithoutAFrame) {
  const Outcome run = run_program(100);
  for (const auto& [stack, count] : run.stacks.samples) {
    if (stack.frames.back() != "start") {
      EXPECT_THAT(stack.frames, ElementsAre("start", ::testing::AnyOf("long", "short")));
    }
  }
}

TEST(Profiler, DoesNotChangeTheRun) {
  const Outcome alone = run_program(100, false);
  EXPECT_TRUE(alone.stacks.samples.empty());
  for (const u64 interval : {100, 101, 997, 1'000'003}) EXPECT_EQ(run_program(interval).state, alone.state) << interval;
}

/// Two CPUs change one word so that the order of every two changes counts.
u64 state_of_two_cpus(u64 interval) {
  SmallSurroundings surroundings;
  const auto machine = small_machine(surroundings, 2);
  put_code(*machine, kStart, "E32008000004 B90C0024 B9080023 E32008000024 A717FFF6 B2B20300");
  for (unsigned n = 0; n < 2; ++n) {
    machine->cpu(n).gr[1] = 30'000;
    machine->cpu(n).gr[3] = n + 1;
    machine->cpu(n).gr[4] = 2 * n + 3;
    start(*machine, n, kStart);
  }
  Profiler profiler{interval};
  if (interval != 0) machine->set_sampler(&profiler, interval);
  EXPECT_EQ(machine->run().kind, machine::Ending::Kind::PowerOff);
  return machine->state_hash();
}

TEST(Profiler, DoesNotChangeTheOrderInWhichCpusRun) {
  const u64 alone = state_of_two_cpus(0);
  for (const u64 interval : {101, 1009, 10'007}) EXPECT_EQ(state_of_two_cpus(interval), alone) << interval;
}

TEST(Profiler, TakesTheSameSamplesAgain) {
  EXPECT_EQ(run_program(101).stacks.samples, run_program(101).stacks.samples);
}

TEST(Profiler, KnowsWhatHasNoSymbolByItsPage) {
  SmallSurroundings surroundings;
  const auto machine = small_machine(surroundings);
  put_program(*machine);
  Profiler profiler{100};
  machine->set_sampler(&profiler, 100);
  EXPECT_EQ(machine->run().kind, machine::Ending::Kind::PowerOff);
  const auto stacks = profiler.stacks(symbols_of_program("0000000000700000 T elsewhere\n"));
  EXPECT_EQ(samples_in(stacks, "[page 0x10000]"), stacks.total());
}

TEST(Profiler, TellsProgramsFromTheirSupervisor) {
  SmallSurroundings surroundings;
  const auto machine = small_machine(surroundings);
  put_program(*machine);
  // LPSWE is privileged: the program check ends the machine.
  ASSERT_TRUE(machine->storage().store<u64>({0x1D0}, kWide | cpu::Psw::kWait));
  ASSERT_TRUE(machine->storage().store<u64>({0x1D8}, 0xFFF));
  start(*machine, 0, kStart, kWide | cpu::Psw::kProblem);
  Profiler profiler{100};
  machine->set_sampler(&profiler, 100);
  EXPECT_EQ(machine->run().kind, machine::Ending::Kind::PowerOff);
  const auto stacks = profiler.stacks(symbols_of_program());
  ASSERT_EQ(stacks.samples.size(), 1u);
  const auto& [stack, count] = *stacks.samples.begin();
  EXPECT_TRUE(stack.problem_state);
  EXPECT_THAT(stack.frames, ElementsAre("[program]"));
  EXPECT_GT(count, 30u);
}

Outcome run_demo(machine::Engine engine, u64 interval) {
  SmallSurroundings surroundings;
  machine::Configuration configuration;
  configuration.built_in_guest = firmware::demo_guest();
  configuration.engine = engine;
  configuration.jit_threshold = 2;
  configuration.time = machine::TimeMode::Warp;
  configuration.rtc_base = 1'700'000'000;
  configuration.seed = 1;
  const auto machine = std::move(machine::Machine::create(configuration, surroundings).value());
  Profiler profiler{interval};
  if (interval != 0) machine->set_sampler(&profiler, interval);
  EXPECT_TRUE(machine->ipl());
  EXPECT_EQ(machine->run().kind, machine::Ending::Kind::PowerOff);
  return {profiler.stacks(symbols_of_program()), machine->state_hash(), machine->cpu(0).cycles};
}

TEST(Profiler, DoesNotChangeAGuestUnderSieOrItsHost) {
  for (const auto engine : {machine::Engine::Interpreter, machine::Engine::Automatic}) {
    const Outcome alone = run_demo(engine, 0);
    for (const u64 interval : {100, 103, 1009}) EXPECT_EQ(run_demo(engine, interval).state, alone.state) << interval;
  }
}

TEST(Profiler, TellsGuest2FromGuest1) {
  const Outcome run = run_demo(machine::Engine::Automatic, 100);
  u64 samples[3] = {};
  for (const auto& [stack, count] : run.stacks.samples) {
    ASSERT_LE(stack.depth, 2u);
    samples[stack.depth] += count;
  }
  EXPECT_GT(samples[1], 100u);
  EXPECT_GT(samples[2], 5u);
}

TEST(Profiler, TakesTheSameSamplesOnEveryEngine) {
  EXPECT_EQ(run_demo(machine::Engine::Interpreter, 101).stacks.samples,
            run_demo(machine::Engine::Automatic, 101).stacks.samples);
}

// --- Call chains ---------------------------------------------------------------------------------------------------------

constexpr u64 kFrame = 0x20000, kCaller = 0x20100, kOuter = 0x20200;

/// A CPU whose general register 15 designates three frames.
std::unique_ptr<machine::Machine> with_frames(SmallSurroundings& surroundings, u64 back_chain, u64 return_address) {
  auto machine = small_machine(surroundings);
  put_code(*machine, 0x30000, "C0E500000000"); // BRASL
  put_code(*machine, 0x30010, "0DE1");         // BASR
  auto& storage = machine->storage();
  EXPECT_TRUE(storage.store<u64>({kFrame + back_chain}, kCaller));
  EXPECT_TRUE(storage.store<u64>({kCaller + return_address}, 0x30006));
  EXPECT_TRUE(storage.store<u64>({kCaller + back_chain}, kOuter));
  EXPECT_TRUE(storage.store<u64>({kOuter + return_address}, 0x30012));
  start(*machine, 0, kStart);
  machine->cpu(0).gr[15] = kFrame;
  return machine;
}

TEST(CallChain, FollowsPackedFrames) {
  SmallSurroundings surroundings;
  const auto machine = with_frames(surroundings, 152, 136);
  EXPECT_THAT(call_chain(machine->cpu(0)).returns, ElementsAre(0x30006, 0x30012));
}

TEST(CallChain, FollowsStandardFrames) {
  SmallSurroundings surroundings;
  const auto machine = with_frames(surroundings, 0, 112);
  EXPECT_THAT(call_chain(machine->cpu(0)).returns, ElementsAre(0x30006, 0x30012));
}

TEST(CallChain, TakesALinkOnlyBehindACall) {
  SmallSurroundings surroundings;
  const auto machine = with_frames(surroundings, 152, 136);
  auto& cpu = machine->cpu(0);
  EXPECT_EQ(call_chain(cpu).link, 0u);
  for (const u64 link : {0x30006, 0x30012}) {
    cpu.gr[14] = link;
    EXPECT_EQ(call_chain(cpu).link, link);
  }
  for (const u64 link : {u64{0x30007}, u64{0x30008}, ~u64{0}, u64{2}}) {
    cpu.gr[14] = link;
    EXPECT_EQ(call_chain(cpu).link, 0u);
  }
}

TEST(CallChain, EndsInARing) {
  SmallSurroundings surroundings;
  const auto machine = with_frames(surroundings, 152, 136);
  ASSERT_TRUE(machine->storage().store<u64>({kOuter + 152}, kCaller));
  EXPECT_EQ(call_chain(machine->cpu(0)).returns.size(), kLongestChain);
}

TEST(CallChain, EndsWhereThereIsNoStorage) {
  SmallSurroundings surroundings;
  const auto machine = with_frames(surroundings, 152, 136);
  for (const u64 frame : {~u64{0} & ~u64{7}, u64{0x7FFF'F000}, u64{0x20001}, u64{0x7F'FFF8}, u64{0} - 152}) {
    machine->cpu(0).gr[15] = frame;
    EXPECT_TRUE(call_chain(machine->cpu(0)).returns.empty()) << frame;
  }
}

} // namespace
} // namespace siena::frontends::profile
