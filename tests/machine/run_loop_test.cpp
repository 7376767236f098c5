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

/// A host whose clock only moves while the machine sleeps, and then by `late` more than it was asked to.
class SleepingHost final : public Surroundings {
 public:
  explicit SleepingHost(u64 late) : late_(late) {}
  devices::ByteSink& output(const std::string&) override { return sink_; }
  void wait(u64 nanoseconds) override {
    if (nanoseconds == 0) return;
    now_ += nanoseconds + late_;
    longest = std::max(longest, nanoseconds);
    if (++sleeps_ == 10'000) machine->control().quit(99);
  }
  u64 host_nanoseconds() override { return now_; }
  Machine* machine = nullptr;
  u64 longest = 0;

 private:
  class Sink final : public devices::ByteSink {
   public:
    void write(std::span<const u8>) override {}
  };
  Sink sink_;
  u64 late_, now_ = 1, sleeps_ = 0;
};

constexpr u64 kMillisecond = 1'000'000; ///< of the host, in nanoseconds

struct Ticked {
  u64 milliseconds; ///< of the host, until the guest had taken as many timer interruptions as it wanted
  double longest;   ///< sleep, in milliseconds
};

/// A guest in wall mode that waits, and at each interruption sets its clock comparator to the next multiple of `period`.
Ticked tick(u32 period_in_microseconds, u16 interruptions, u64 host_late) {
  auto guest = image(
      {
          0xB700,
          0x0310, // LCTL %c0,%c0: subclass mask of the clock comparator
          0xB205,
          0x0318, // STCK
          0xB206,
          0x0318, // SCKC
          0x8200,
          0x0330, // LPSW: enabled wait
      },
      {
          0xA77A, 1,      // AHI %r7,1
          0xB205, 0x0328, // STCK
          0xE360, 0x0318,
          0x0004, // LG %r6
          0xE360, 0x0340,
          0x0008, // AG %r6: the period
          0xE360, 0x0328,
          0x0021,         // CLG %r6
          0xA7C4, 0xFFFA, // JLE: that is over already
          0xE360, 0x0318,
          0x0024,                // STG %r6
          0xB206, 0x0318,        // SCKC
          0xA77E, interruptions, // CHI %r7
          0xA784, 4,             // JE: end
          0x8200, 0x0330,        // LPSW: enabled wait
          0xA728, 0,             //
          0xAE02, 0x0005,        // SIGP stop, of this CPU
          0xA7F4, 0,
      });
  std::copy_n(&guest[0x1A0], 16, &guest[0x1B0]); // external-new PSW
  store_big<u32>(&guest[0x310], 0x0000'0800);
  store_big<u64>(&guest[0x330], 0x010A'0000'8000'0400);
  store_big<u64>(&guest[0x340], u64{period_in_microseconds} * 4096);
  Configuration configuration;
  configuration.built_in_guest = guest;
  configuration.storage_size = kMebibyte;
  configuration.time = TimeMode::Wall;
  configuration.rtc_base = 0;
  configuration.seed = 1;
  SleepingHost host{host_late};
  auto machine = Machine::create(configuration, host);
  EXPECT_TRUE(machine);
  EXPECT_TRUE(machine.value()->ipl());
  host.machine = machine.value().get();
  EXPECT_EQ(machine.value()->run().kind, Ending::Kind::PowerOff);
  return {host.host_nanoseconds() / kMillisecond, static_cast<double>(host.longest) / kMillisecond};
}

TEST(WallTime, WakesAGuestThatOnlyTicksForFourTicksAtOnce) {
  const Ticked ticked = tick(4000, 300, 0);
  EXPECT_GT(ticked.milliseconds, 3900u);
  EXPECT_LT(ticked.longest, 16.2);
}

TEST(WallTime, IsInTimeForATimerThatIsNoTick) {
  for (const u32 period : {1000u, 10'000u}) {
    const Ticked ticked = tick(period, 300, 0);
    EXPECT_NEAR(static_cast<double>(ticked.milliseconds), 0.3 * period, 0.02 * period) << period;
    EXPECT_LT(ticked.longest * 1000, period + 10) << period;
  }
}

TEST(WallTime, IsTheHostsForACpuThatIsWokenLate) {
  // Were the timers that the host has slept through taken one by one, a sleep would be worth many of them.
  EXPECT_GT(tick(4000, 20, 50 * kMillisecond).milliseconds, 950u);
}

} // namespace
} // namespace siena::machine
