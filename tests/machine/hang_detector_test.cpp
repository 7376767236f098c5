// SPDX-License-Identifier: BSD-3-Clause
#include "machine/hang_detector.h"

#include "sie/state_description.h"
#include "tests/frontends/gdb/small_machine.h"

#include <gmock/gmock.h>

#include <cstring>

namespace siena::machine {
namespace {
using frontends::gdb::testing::kWide;
using frontends::gdb::testing::put_code;
using frontends::gdb::testing::small_machine;
using frontends::gdb::testing::SmallSurroundings;
using frontends::gdb::testing::start;
using ::testing::HasSubstr;

/// Looks at the machine whenever it looks at its surroundings, which is an interval later each time.
class LookingSurroundings final : public SmallSurroundings {
 public:
  void wait(u64) override {
    if (machine == nullptr || ++waits % every != 0) return;
    host += HangDetector::kInterval;
    if (auto found = detector.look(*machine, host)) {
      what = *found;
      machine->control().quit(0);
    }
    if (++looks == 3 * HangDetector::kLooks) machine->control().quit(0);
  }
  Machine* machine = nullptr;
  HangDetector detector;
  u64 host = 0;
  unsigned looks = 0, waits = 0;
  unsigned every = 1; ///< so many slices of execution to an interval
  std::string what;
};

struct Hang : ::testing::Test {
  Hang() : machine(small_machine(surroundings)) { surroundings.machine = machine.get(); }
  std::string found() {
    EXPECT_EQ(machine->run().kind, Ending::Kind::Quit);
    return surroundings.what;
  }
  LookingSurroundings surroundings;
  std::unique_ptr<Machine> machine;
};

TEST_F(Hang, ALoopThatWaitsForALockWithInterruptionsOffIsFound) {
  put_code(*machine, 0x2000, "58100400 1211 A784FFFD"); // until the word at 0x400 is not zero
  start(*machine, 0, 0x2000);
  EXPECT_THAT(found(), HasSubstr("CPU 0 of guest 1 goes round in one small loop at 000000000000200"));
  EXPECT_EQ(surroundings.looks, HangDetector::kLooks + 1) << "the first look has nothing to compare with";
}

TEST_F(Hang, TheSameLoopWithInterruptionsOnIsNone) {
  put_code(*machine, 0x2000, "58100400 1211 A784FFFD");
  start(*machine, 0, 0x2000, kWide | cpu::Psw::kExternal);
  EXPECT_EQ(found(), "");
}

TEST_F(Hang, AProgramThatWorksInManyRegistersIsNone) {
  std::string code;
  for (unsigned r = 1; r < 10; ++r) code += "A7" + std::to_string(r) + "B0001 "; // aghi r,1
  put_code(*machine, 0x2000, code + "A7F4FFEE");
  start(*machine, 0, 0x2000);
  EXPECT_EQ(found(), "");
}

TEST_F(Hang, InterruptionsWithoutInstructionsAreFound) {
  ASSERT_TRUE(machine->storage().store<u64>({0x1D0}, kWide));
  ASSERT_TRUE(machine->storage().store<u64>({0x1D8}, 0x2001)); // a specification exception, again and again
  start(*machine, 0, 0x2001);
  EXPECT_THAT(found(), HasSubstr("no CPU executes an instruction"));
}

TEST_F(Hang, SieThatAlwaysEndsAtOnceIsFound) {
  put_code(*machine, 0x2000, "A71B0001 B214E000 A7F4FFFC");
  sie::StateDescription sd{};
  sd.cpuflags = sie::cpuflags::kZarch;
  sd.zone = 1; // not valid
  u8 bytes[sizeof sd];
  std::memcpy(bytes, &sd, sizeof sd);
  ASSERT_TRUE(machine->storage().write({0x1'0000}, bytes));
  machine->cpu(0).gr[14] = 0x1'0000;
  surroundings.every = 10;
  start(*machine, 0, 0x2000, kWide | cpu::Psw::kExternal);
  EXPECT_THAT(found(), HasSubstr("SIE ends again and again"));
}

TEST_F(Hang, IsToldOnceEachTimeItBegins) {
  put_code(*machine, 0x2000, "58100400 1211 A784FFFD");
  start(*machine, 0, 0x2000);
  EXPECT_NE(found(), "");
  surroundings.machine = nullptr;
  for (unsigned n = 0; n < 2 * HangDetector::kLooks; ++n) {
    machine->cpu(0).instructions += 3;
    EXPECT_FALSE(surroundings.detector.look(*machine, surroundings.host += HangDetector::kInterval));
  }
  machine->cpu(0).psw.address = 0x3000;
  unsigned looks = 1;
  for (; !surroundings.detector.look(*machine, surroundings.host += HangDetector::kInterval); ++looks) {
    ASSERT_LT(looks, 2 * HangDetector::kLooks);
    machine->cpu(0).instructions += 3;
  }
  EXPECT_GT(looks, HangDetector::kLooks);
}

} // namespace
} // namespace siena::machine
