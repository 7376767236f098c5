// SPDX-License-Identifier: BSD-3-Clause
#include "tests/sie/sie_machine.h"

namespace siena::sie::testing {
namespace {

using cpu::Psw;

struct SieCheckpoint : ::testing::Test {
  SieMachine m;
  static constexpr u64 kCode = SieMachine::kGuestCode;
  static constexpr const char* kLoop = "A7F40000"; // J .

  u8 run(std::string_view code, u64 mask = 0) {
    m.guest_code(code);
    m.sd.gpsw_mask = SieMachine::kWide | mask;
    m.sd.gpsw_address = kCode;
    m.sd.icptcode = 0xFF;
    EXPECT_EQ(m.run(), kBehindSie);
    return m.sd.icptcode;
  }
  void request(u32 flag) { m.sd.cpuflags = m.sd.cpuflags | flag; }
  u16 external_code() const { return load_big<u16>(m.sd.parameters + parameter::kExternalCode); }
};

TEST_F(SieCheckpoint, StopRequestEndsInterpretationBeforeTheFirstInstruction) {
  request(cpuflags::kStopRequest);
  EXPECT_EQ(run("83020044"), 0x28);
  EXPECT_EQ(m.sd.gpsw_address, kCode);
  EXPECT_EQ(m.sd.icptstatus, 0);
  EXPECT_TRUE((m.sd.cpuflags & cpuflags::kStopRequest) != 0);
}

TEST_F(SieCheckpoint, StopRequestReachesALoopingGuest) {
  m.guest_code(kLoop);
  m.write_block();
  EXPECT_NE(m.resume(1000), kBehindSie);
  EXPECT_TRUE(m.cpu().interpretive());
  m.put<u8>(SieMachine::kBlock, 0x04);
  EXPECT_EQ(m.resume(1000), kBehindSie);
  EXPECT_EQ(m.sd.icptcode, 0x28);
  EXPECT_EQ(m.sd.gpsw_address, kCode);
}

TEST_F(SieCheckpoint, ExternalRequestWaitsUntilTheGuestIsEnabled) {
  request(cpuflags::kExternalRequest);
  EXPECT_EQ(run("83020044"), 0x04);
  EXPECT_EQ(run("AD010200 83020044"), 0x10); // STOSM
  EXPECT_EQ(m.sd.gpsw_address, kCode + 4);
  EXPECT_EQ(run("83020044", Psw::kExternal), 0x10);
  EXPECT_EQ(m.sd.gpsw_address, kCode);
}

TEST_F(SieCheckpoint, IoRequestWaitsUntilTheGuestIsEnabled) {
  request(cpuflags::kIoRequest);
  EXPECT_EQ(run("83020044", Psw::kExternal), 0x04);
  EXPECT_EQ(run("AD020200 83020044"), 0x18);
  EXPECT_EQ(m.sd.gpsw_address, kCode + 4);
}

TEST_F(SieCheckpoint, GuestTimersAreExternalInterceptions) {
  m.sd.gcr[0] = cpu::cr0::kClockComparator;
  m.sd.ckc = 0;
  EXPECT_EQ(run("83020044", Psw::kExternal | Psw::kWait), 0x14);
  EXPECT_EQ(external_code(), 0x1004);
  EXPECT_EQ(m.sd.gpsw_address, kCode);
  EXPECT_EQ(m.sd.gpsw_mask, SieMachine::kWide | Psw::kExternal | Psw::kWait);
  m.sd.gcr[0] = cpu::cr0::kCpuTimer;
  m.sd.cputm = ~u64{0};
  EXPECT_EQ(run("83020044", Psw::kExternal), 0x14);
  EXPECT_EQ(external_code(), 0x1005);
  m.sd.gcr[0] = 0;
  EXPECT_EQ(run("83020044", Psw::kExternal), 0x04);
  EXPECT_EQ(run("83020044", Psw::kExternal | Psw::kWait), 0x1C);
}

TEST_F(SieCheckpoint, GuestTimerThatRunsOutEndsALoop) {
  m.sd.gcr[0] = cpu::cr0::kCpuTimer;
  m.sd.cputm = 4000;
  EXPECT_EQ(run(kLoop, Psw::kExternal), 0x14);
  EXPECT_EQ(external_code(), 0x1005);
  EXPECT_LT(static_cast<s64>(u64{m.sd.cputm}), 0);
  EXPECT_GT(static_cast<s64>(u64{m.sd.cputm}), -1000);
}

TEST_F(SieCheckpoint, ConditionalExternalInterceptionLetsTheGuestTakeItsTimers) {
  m.sd.eca = m.sd.eca | eca::kConditionalExternal;
  m.sd.gcr[0] = cpu::cr0::kClockComparator;
  m.sd.ckc = 0;
  EXPECT_EQ(run("83020044", Psw::kExternal), 0x1C); // the guest's external new PSW waits
  EXPECT_EQ(m.load<u16>(SieMachine::kGuest + 0x86), 0x1004);
  EXPECT_EQ(m.load(SieMachine::kGuest + 0x138), kCode);
  // An enabled external new PSW would take it again and again.
  m.guest_put<u64>(0x1B0, SieMachine::kWide | Psw::kExternal);
  EXPECT_EQ(run("83020044", Psw::kExternal), 0x14);
}

TEST_F(SieCheckpoint, ConditionalExternalInterceptionWakesAWaitingGuest) {
  m.sd.eca = m.sd.eca | eca::kConditionalExternal;
  m.sd.gcr[0] = cpu::cr0::kCpuTimer;
  m.sd.cputm = ~u64{0};
  m.guest_put<u64>(0x1B0, SieMachine::kWide);
  m.guest_put<u64>(0x1B8, 0x1100);
  m.guest_code("83020044", 0x1100);
  EXPECT_EQ(run("83020044", Psw::kExternal | Psw::kWait), 0x04);
  EXPECT_EQ(m.sd.gpsw_address, 0x1104u);
  EXPECT_EQ(m.load<u16>(SieMachine::kGuest + 0x86), 0x1005);
  EXPECT_EQ(m.load<u16>(SieMachine::kGuest + 0x84), 0);
}

TEST_F(SieCheckpoint, ExternalRequestComesBeforeTheGuestsTimers) {
  m.sd.eca = m.sd.eca | eca::kConditionalExternal;
  m.sd.gcr[0] = cpu::cr0::kClockComparator;
  m.sd.ckc = 0;
  request(cpuflags::kExternalRequest);
  EXPECT_EQ(run("83020044", Psw::kExternal), 0x10);
  EXPECT_EQ(m.sd.gpsw_address, kCode);
}

TEST_F(SieCheckpoint, ExternalInterruptionOfTheHostEndsInterpretation) {
  m.host_psw |= Psw::kExternal;
  m.cpu().cr[0] |= cpu::cr0::kEmergencySignal;
  m.guest_code(kLoop);
  m.sd.icptcode = 0xFF;
  m.write_block();
  EXPECT_NE(m.resume(1000), kExternal);
  EXPECT_TRUE(m.cpu().interpretive());
  m.cpu().local.emergency_senders = 1;
  EXPECT_EQ(m.resume(1000), kExternal);
  EXPECT_EQ(m.load<u16>(0x86), 0x1201);
  EXPECT_EQ(m.host_old_address(0x130), SieMachine::kHostCode);
  EXPECT_EQ(m.sd.icptcode, 0);
  EXPECT_EQ(m.sd.gpsw_address, kCode);
  EXPECT_EQ(m.cpu().gr[14], SieMachine::kBlock);
}

TEST_F(SieCheckpoint, MasksOfTheHostDecideNotThoseOfTheGuest) {
  m.sd.gcr[0] = cpu::cr0::kEmergencySignal | cpu::cr0::kServiceSignal;
  m.cpu().local.emergency_senders = 1;
  m.floating.service_signal = true;
  EXPECT_EQ(run("83020044", Psw::kExternal), 0x04);
}

TEST_F(SieCheckpoint, TimersOfTheHostRunAndInterruptTheGuest) {
  m.host_psw |= Psw::kExternal;
  m.cpu().cr[0] |= cpu::cr0::kClockComparator | cpu::cr0::kCpuTimer;
  m.cpu().clock_comparator = m.cpu().tod_at_now() + 8000;
  m.guest_code(kLoop);
  m.write_block();
  EXPECT_EQ(m.resume(), kExternal);
  EXPECT_EQ(m.load<u16>(0x86), 0x1004);
  EXPECT_GE(m.cpu().tod_at_now(), m.cpu().clock_comparator);
  EXPECT_LE(m.cpu().tod_at_now(), m.cpu().clock_comparator + 4000);
  m.cpu().clock_comparator = ~u64{0};
  m.cpu().set_cpu_timer(8000);
  EXPECT_EQ(m.resume(), kExternal);
  EXPECT_EQ(m.load<u16>(0x86), 0x1005);
  EXPECT_LT(static_cast<s64>(m.cpu().cpu_timer()), 0);
  EXPECT_GT(static_cast<s64>(m.cpu().cpu_timer()), -4000);
}

TEST_F(SieCheckpoint, GuestTimeIsTheHostsPlusTheEpoch) {
  m.sd.epoch = 0x0123'4567'0000'0000;
  EXPECT_EQ(run("B2050200 83020044"), 0x04);
  const u64 guest = m.load(SieMachine::kGuest + 0x200);
  EXPECT_NEAR(static_cast<double>(guest - m.cpu().tod_at_now()), static_cast<double>(0x0123'4567'0000'0000u), 10'000.0);
  m.sd.epoch = ~u64{0xFFFF'FFFF};
  EXPECT_EQ(run("B2050200 83020044"), 0x04);
  EXPECT_LT(m.load(SieMachine::kGuest + 0x200), m.cpu().tod_at_now());
}

TEST_F(SieCheckpoint, EpochIndexOfTheGuestIsTheHostsPlusItsDifferencePlusTheCarry) {
  const auto index = [&] {
    EXPECT_EQ(run("B2780200 83020044"), 0x04); // STCKE
    return m.load<u8>(SieMachine::kGuest + 0x200);
  };
  m.sd.ecd = ecd::kMultipleEpoch;
  m.sd.epdx = 0x47;
  EXPECT_EQ(index(), 0x47);
  m.sd.epoch = 0x7000'0000'0000'0000; // the SIE host's clock is at D0...
  EXPECT_EQ(index(), 0x48);
  m.sd.epoch = ~u64{0xFFFF'FFFF}; // a little earlier: the index of the difference is a borrow
  m.sd.epdx = 0xFF;
  EXPECT_EQ(index(), 0);
}

TEST_F(SieCheckpoint, EpochIndexIsTheHostsForAGuestWithoutMultipleEpochs) {
  m.sd.epdx = 0x47;
  m.sd.epoch = 0x7000'0000'0000'0000;
  EXPECT_EQ(run("B2780200 83020044"), 0x04);
  EXPECT_EQ(m.load<u8>(SieMachine::kGuest + 0x200), 0);
}

TEST_F(SieCheckpoint, ClockComparatorsAreComparedWithSignWhereTheLevelAsksForIt) {
  m.sd.gcr[0] = cpu::cr0::kClockComparator;
  m.sd.ckc = 0x7FFF'FFFF'FFFF'FFFF; // the clock is at D0...: beyond it without sign, before it with
  EXPECT_EQ(run("83020044", Psw::kExternal), 0x14);
  m.sd.gcr[0] = cpu::cr0::kClockComparator | cpu::cr0::kClockComparatorSign;
  EXPECT_EQ(run("83020044", Psw::kExternal), 0x04);
  m.sd.ckc = m.cpu().tod_at_now() + 8000;
  EXPECT_EQ(run(kLoop, Psw::kExternal), 0x14); // and it comes due in time
  EXPECT_GT(m.cpu().tod_at_now(), u64{m.sd.ckc});
  m.sd.gcr[0] = 0;
  m.host_psw |= Psw::kExternal;
  m.cpu().cr[0] |= cpu::cr0::kClockComparator | cpu::cr0::kClockComparatorSign;
  m.cpu().clock_comparator = m.cpu().tod_at_now() + 8000;
  m.guest_code(kLoop);
  m.write_block();
  EXPECT_EQ(m.resume(), kExternal);
  EXPECT_EQ(m.load<u16>(0x86), 0x1004);
}

TEST_F(SieCheckpoint, CpuTimerOfTheGuestStandsStillOutside) {
  EXPECT_EQ(run("83020044"), 0x04);
  const u64 left = m.sd.cputm;
  m.cpu().charge(100'000);
  m.sd.gpsw_address = kCode;
  EXPECT_EQ(m.run(), kBehindSie);
  EXPECT_LT(left - m.sd.cputm, 1000u);
}

TEST_F(SieCheckpoint, SuspendedGuestGoesOnWhenSieIsExecutedAgain) {
  m.guest_code("B9080012 A7F4FFFE"); // AGR 1,2; J back
  m.cpu().gr[1] = 0;
  m.cpu().gr[2] = 1;
  m.write_block();
  m.resume(1000);
  ASSERT_TRUE(m.cpu().interpretive());
  const u64 so_far = m.cpu().gr[1];
  m.sie.suspend(m.cpu());
  EXPECT_FALSE(m.cpu().interpretive());
  EXPECT_EQ(m.cpu().psw.address, SieMachine::kHostCode);
  m.go_on(1000);
  EXPECT_TRUE(m.cpu().interpretive());
  EXPECT_GT(m.cpu().gr[1], so_far);
}

TEST_F(SieCheckpoint, TheHostCanBeLookedAtWithoutSuspendingTheGuest) {
  m.guest_code(kLoop);
  m.cpu().cr[6] = 0x1111;
  m.cpu().fpr(3) = 0x3333;
  m.cpu().tod_programmable = 0x77;
  m.cpu().set_cpu_timer(u64{1} << 50);
  m.write_block();
  m.resume(1000);
  ASSERT_TRUE(m.cpu().interpretive());
  const cpu::Psw guest = m.cpu().psw;
  const u64 then = m.cpu().now();
  const cpu::Registers host = m.sie.host_registers(m.cpu());
  const u64 timer = m.sie.host_cpu_timer(m.cpu());
  EXPECT_TRUE(m.cpu().interpretive());
  EXPECT_EQ(m.cpu().psw.address, guest.address);

  m.sie.suspend(m.cpu());
  const cpu::Registers& expected = m.cpu().registers();
  EXPECT_EQ(host.psw.packed_mask(), expected.psw.packed_mask());
  EXPECT_EQ(host.psw.address, expected.psw.address);
  for (unsigned n = 0; n < 16; ++n) {
    EXPECT_EQ(host.gr[n], expected.gr[n]) << n;
    EXPECT_EQ(host.cr[n], expected.cr[n]) << n;
    EXPECT_EQ(host.ar[n], expected.ar[n]) << n;
    EXPECT_EQ(host.fpr(n), expected.fpr(n)) << n;
  }
  EXPECT_EQ(host.prefix, expected.prefix);
  EXPECT_EQ(host.clock_comparator, expected.clock_comparator);
  EXPECT_EQ(host.tod_programmable, expected.tod_programmable);
  EXPECT_EQ(host.breaking_event, expected.breaking_event);
  EXPECT_EQ(host.program_parameter, expected.program_parameter);
  EXPECT_EQ(timer + then, m.cpu().cpu_timer() + m.cpu().now()); // leaving takes time
}

TEST_F(SieCheckpoint, StopOfTheCpuIsTheHostsNotTheGuests) {
  m.guest_code(kLoop);
  m.write_block();
  m.resume(1000);
  ASSERT_TRUE(m.cpu().interpretive());
  m.cpu().local.stop = true;
  m.guest_code("83020044");
  (void)m.sie.checkpoint(m.cpu());
  EXPECT_FALSE(m.cpu().interpretive());
  EXPECT_EQ(m.cpu().psw.address, SieMachine::kHostCode);
}

TEST_F(SieCheckpoint, ResetForgetsTheGuest) {
  m.guest_code(kLoop);
  m.write_block();
  m.resume(1000);
  ASSERT_TRUE(m.cpu().interpretive());
  m.cpu().reset_normal();
  EXPECT_FALSE(m.cpu().interpretive());
  EXPECT_EQ(m.cpu().gr[14], SieMachine::kBlock);
  EXPECT_EQ(m.cpu().cr[1], mmu::asce::kRealSpace);
}

} // namespace
} // namespace siena::sie::testing
