// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/coverage/recorder.h"

#include "firmware/demo_guest.h"
#include "tests/frontends/gdb/small_machine.h"
#include "tests/host/temporary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace siena::frontends::coverage {
namespace {

using gdb::testing::kWide;
using gdb::testing::put_code;
using gdb::testing::small_machine;
using gdb::testing::SmallSurroundings;
using gdb::testing::start;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr u64 kStart = 0x10FFA;

/// LGHI, BRC over an LGHI to the next page, LPSWE.
void put_program(machine::Machine& machine) {
  put_code(machine, kStart, "A7290001 A7F40004 A7390001 B2B20300");
  start(machine, 0, kStart);
}

TEST(Recorder, KnowsWhatWasExecuted) {
  SmallSurroundings surroundings;
  const auto machine = small_machine(surroundings);
  put_program(*machine);
  Recorder recorder;
  machine->observe_execution(recorder);
  EXPECT_EQ(machine->run().kind, machine::Ending::Kind::PowerOff);
  std::vector<u64> executed;
  for (u64 address = kStart - 16; address < kStart + 32; address += 2)
    if (recorder.was_executed({1, false, address})) executed.push_back(address);
  EXPECT_THAT(executed, ::testing::ElementsAre(kStart, kStart + 4, kStart + 12));
  EXPECT_FALSE(recorder.was_executed({2, false, kStart}));
  EXPECT_FALSE(recorder.was_executed({1, true, kStart}));
}

TEST(Recorder, DoesNotChangeTheRun) {
  u64 states[2];
  for (const bool recorded : {false, true}) {
    SmallSurroundings surroundings;
    const auto machine = small_machine(surroundings);
    put_program(*machine);
    Recorder recorder;
    if (recorded) machine->observe_execution(recorder);
    EXPECT_EQ(machine->run().kind, machine::Ending::Kind::PowerOff);
    states[recorded ? 1 : 0] = machine->state_hash();
  }
  EXPECT_EQ(states[0], states[1]);
}

/// Stops before the second instruction.
class Stopping final : public cpu::interpreter::InstructionHook {
 public:
  bool before(cpu::Cpu& cpu) override { return cpu.psw.address != kStart + 4 || stopped_++ != 0; }
  bool after(cpu::Cpu&) override { return true; }

 private:
  int stopped_ = 0;
};

TEST(Recorder, DoesNotSeeWhatADebuggerHasStoppedBefore) {
  SmallSurroundings surroundings;
  const auto machine = small_machine(surroundings);
  put_program(*machine);
  Recorder recorder;
  machine->observe_execution(recorder);
  Stopping debugger;
  machine->set_debug_hook(&debugger);
  EXPECT_EQ(machine->run().kind, machine::Ending::Kind::Stopped);
  EXPECT_TRUE(recorder.was_executed({1, false, kStart}));
  EXPECT_FALSE(recorder.was_executed({1, false, kStart + 4}));
  machine->set_debug_hook(nullptr);
  EXPECT_EQ(machine->run().kind, machine::Ending::Kind::PowerOff);
  EXPECT_TRUE(recorder.was_executed({1, false, kStart + 4}));
}

/// Sees every instruction and never stops.
class Looking final : public cpu::interpreter::InstructionHook {
 public:
  bool before(cpu::Cpu&) override { return true; }
  bool after(cpu::Cpu&) override { return true; }
};

std::map<Recorder::Where, Recorder::Bits> pages_of_demo(bool debugged) {
  SmallSurroundings surroundings;
  machine::Configuration configuration;
  configuration.built_in_guest = firmware::demo_guest();
  configuration.time = machine::TimeMode::Warp;
  configuration.rtc_base = 1'700'000'000;
  configuration.seed = 1;
  const auto machine = std::move(machine::Machine::create(configuration, surroundings).value());
  Recorder recorder;
  machine->observe_execution(recorder);
  Looking looking;
  if (debugged) machine->set_debug_hook(&looking);
  EXPECT_TRUE(machine->ipl());
  EXPECT_EQ(machine->run().kind, machine::Ending::Kind::PowerOff);
  return recorder.pages();
}

TEST(Recorder, SeesRunsOfInstructionsAsIfItWereEachOne) {
  const auto pages = pages_of_demo(false);
  EXPECT_EQ(pages, pages_of_demo(true));
  // Guest 1 and what it runs under SIE.
  EXPECT_EQ(pages.begin()->first.depth, 1u);
  EXPECT_EQ(pages.rbegin()->first.depth, 2u);
}

TEST(CoverageText, HasABitForEachHalfword) {
  SmallSurroundings surroundings;
  const auto machine = small_machine(surroundings);
  Recorder recorder;
  const auto begin = [&](u64 address, u64 mask) {
    machine->cpu(0).load_psw(mask, address);
    EXPECT_TRUE(recorder.before(machine->cpu(0)));
  };
  begin(0x2000, kWide);
  begin(0x2006, kWide);
  begin(0x2FFE, kWide | cpu::Psw::kProblem);
  EXPECT_EQ(coverage_text(recorder, {{1, 0x100000}}),
            "siena coverage 1\nstext 1 0000000000100000\npage 1 supervisor 0000000000002000 9" + std::string(511, '0') +
                "\npage 1 problem 0000000000002000 " + std::string(511, '0') + "1\n");
}

TEST(CoverageFile, IsNamedInTheError) {
  EXPECT_THAT(CoverageFile::create("/nowhere/recording").error().message,
              StartsWith("-coverage: '/nowhere/recording': No such file"));
  EXPECT_THAT(CoverageFile::create("/dev/full").value()->write("text"), HasSubstr("No space left"));
}

TEST(CoverageFile, HasWhatIsWritten) {
  const test::TemporaryDirectory directory;
  EXPECT_EQ(CoverageFile::create(directory.path("recording")).value()->write("text\n"), "");
  EXPECT_EQ(test::content_of(directory.path("recording")), "text\n");
}

} // namespace
} // namespace siena::frontends::coverage
