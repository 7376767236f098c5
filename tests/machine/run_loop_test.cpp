// SPDX-License-Identifier: BSD-3-Clause
// Who runs when: small programs on whole machines, with a host whose clock the test moves.
#include "machine/machine.h"

#include <gtest/gtest.h>

namespace siena::machine {
namespace {

/// A host on which time passes each time somebody looks at the clock; it gives up when that happens too often.
class SteppingHost final : public Surroundings {
 public:
  explicit SteppingHost(u64 step) : step_(step) {}
  devices::ByteSink& output(const std::string&) override { return sink_; }
  void wait(u64 nanoseconds) override { now_ += nanoseconds; }
  u64 host_nanoseconds() override {
    if (++looks_ == 100'000 && machine != nullptr) machine->control().quit(99);
    return now_ += step_;
  }
  Machine* machine = nullptr;

 private:
  class Sink final : public devices::ByteSink {
   public:
    void write(std::span<const u8>) override {}
  };
  Sink sink_;
  u64 step_, now_ = 1, looks_ = 0;
};

/// A flat image of 4 KiB: IPL PSW, restart-new PSW for 0x800, text for 0x400 and 0x800. All in the 31-bit mode.
std::vector<u8> image(std::initializer_list<u16> first, std::initializer_list<u16> restarted) {
  std::vector<u8> bytes(4096);
  const auto put = [&](std::size_t at, std::initializer_list<u16> halfwords) {
    for (const u16 halfword : halfwords) {
      store_big(&bytes[at], halfword);
      at += 2;
    }
  };
  put(0, {0x0008, 0x0000, 0x8000, 0x0400});
  put(0x1A0, {0, 0, 0x8000, 0, 0, 0, 0, 0x0800});
  put(0x400, first);
  put(0x800, restarted);
  return bytes;
}

struct Result {
  Ending ending;
  u64 state;
};

Result run(const std::vector<u8>& guest,
           unsigned cpus,
           TimeMode time,
           u64 host_step,
           cpu::interpreter::InstructionHook* hook = nullptr) {
  Configuration configuration;
  configuration.built_in_guest = guest;
  configuration.storage_size = kMebibyte;
  configuration.cpu_count = configuration.maximum_cpu_count = cpus;
  configuration.time = time;
  configuration.rtc_base = 0;
  configuration.seed = 1;
  SteppingHost host{host_step};
  auto machine = Machine::create(configuration, host);
  EXPECT_TRUE(machine);
  EXPECT_TRUE(machine.value()->ipl());
  host.machine = machine.value().get();
  if (hook != nullptr) machine.value()->set_debug_hook(hook);
  const Ending ending = machine.value()->run();
  return {ending, machine.value()->state_hash()};
}

TEST(RunLoop, LetsEveryCpuRunOnAHostThatIsSlowerThanTheMachine) {
  const auto guest = image(
      {
          0xA728,
          1, // LHI %r2,1
          0xAE02,
          0x0006, // SIGP restart
          0x5850,
          0x0300, // L %r5,0x300
          0x1255,
          0xA784,
          0xFFFD, // until it is not zero
          0xA728,
          0, //
          0xAE02,
          0x0005, // SIGP stop, of this CPU
          0xA7F4,
          0,
      },
      {
          0xA758,
          1, // LHI %r5,1
          0x5050,
          0x0300, // ST %r5,0x300
          0xA728,
          1, //
          0xAE02,
          0x0005, // SIGP stop, of this CPU
          0xA7F4,
          0,
      });
  for (const TimeMode time : {TimeMode::Warp, TimeMode::Deterministic, TimeMode::Wall})
    for (const u64 step : {u64{1}, u64{1'000'000}}) {
      const Ending ending = run(guest, 2, time, step).ending;
      EXPECT_EQ(ending.kind, Ending::Kind::PowerOff) << static_cast<int>(time) << " " << step;
    }
}

class Onlooker final : public cpu::interpreter::InstructionHook {
 public:
  bool before(cpu::Cpu&) override { return true; }
  bool after(cpu::Cpu&) override { return true; }
};

TEST(RunLoop, TakesATimersInterruptionAtTheSameInstructionWhoeverLooksOn) {
  // Clock-comparator interruptions at ever other distances, 3 TOD units longer each time than a whole number of cycles and not.
  auto guest = image(
      {
          0xB700,
          0x0310, // LCTL %c0,%c0: subclass mask of the clock comparator
          0xB206,
          0x0318, // SCKC
          0xAD01,
          0x0320, // STOSM: external interruptions
          0xA75A,
          1, // AHI %r5,1
          0xA7F4,
          0xFFFE, // for ever
      },
      {
          0xB205, 0x0328,         // STCK
          0xE360, 0x0328, 0x0004, // LG %r6
          0xA76B, 1003,           // AGHI %r6
          0xB908, 0x0067,         // AGR %r6,%r7
          0xE360, 0x0318, 0x0024, // STG %r6
          0xB206, 0x0318,         // SCKC
          0xA77A, 1,              // AHI %r7,1
          0xA77E, 300,            // CHI %r7,300
          0xA784, 4,              // JE: end
          0xB2B2, 0x0130,         // LPSWE external old PSW
          0xA728, 0,              //
          0xAE02, 0x0005,         // SIGP stop, of this CPU
          0xA7F4, 0,
      });
  std::copy_n(&guest[0x1A0], 16, &guest[0x1B0]); // external-new PSW
  store_big<u32>(&guest[0x310], 0x0000'0800);
  const Result alone = run(guest, 1, TimeMode::Warp, 1);
  Onlooker onlooker;
  const Result watched = run(guest, 1, TimeMode::Warp, 1, &onlooker);
  EXPECT_EQ(alone.ending.kind, Ending::Kind::PowerOff);
  EXPECT_EQ(alone.state, watched.state);
}

} // namespace
} // namespace siena::machine
