// SPDX-License-Identifier: BSD-3-Clause
// Subchannel functions: condition codes, activity, status, interruptions, suspension.
#include "tests/devices/channel/echo_device.h"
#include "tests/devices/device_bench.h"

namespace siena::test {
namespace {

using namespace devices::channel;

constexpr u8 kCc = 0x40, kSli = 0x20, kSuspend = 0x02;
constexpr u32 kProgram = 0x1000;

class SubchannelFunctions : public DeviceBench, public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(css.attach({echo, {0x3832, 2, 0, 0}}).ok());
    enable(sch);
    put_ccw(kProgram, 0x03, kSli, 1, 0);
  }
  u16 control() { return stsch(sch).scsw.control; }

  EchoDevice echo;
  const u32 sch = id(0);
};

TEST_F(SubchannelFunctions, ANewSubchannelHasOnePathAndAValidDeviceNumber) {
  css.reset();
  const auto schib = stsch(sch);
  EXPECT_EQ(schib.pmcw.flags, 0x0001);
  EXPECT_EQ(schib.pmcw.device_number, 0);
  EXPECT_EQ(schib.pmcw.path_installed_mask, 0x80);
  EXPECT_EQ(schib.pmcw.path_available_mask, 0x80);
  EXPECT_EQ(schib.pmcw.path_operational_mask, 0xFF);
  EXPECT_EQ(schib.pmcw.logical_path_mask, 0x80);
  EXPECT_EQ(schib.pmcw.channel_path[0], 0);
}

TEST_F(SubchannelFunctions, ModifyTakesTheModifiableFieldsOnly) {
  auto schib = stsch(sch);
  std::memset(static_cast<void*>(&schib.pmcw), 0xFF, sizeof schib.pmcw);
  schib.pmcw.flags = 0x3CFF;
  schib.pmcw.characteristics = 0x0000'0005;
  schib.measurement_block_address = 0x1240;
  ASSERT_EQ(msch(sch, schib), 0);
  const auto after = stsch(sch);
  EXPECT_EQ(after.pmcw.parameter, 0xFFFF'FFFFu);
  EXPECT_EQ(after.pmcw.flags, 0x38FD);
  EXPECT_EQ(after.pmcw.device_number, 0);
  EXPECT_EQ(after.pmcw.logical_path_mask, 0xFF);
  EXPECT_EQ(after.pmcw.path_installed_mask, 0x80);
  EXPECT_EQ(after.pmcw.measurement_block_index, 0xFFFF);
  EXPECT_EQ(after.pmcw.characteristics, 5u);
  EXPECT_EQ(after.measurement_block_address, 0x1240u);
}

TEST_F(SubchannelFunctions, ModifyWithReservedBitsIsAnOperandException) {
  for (const int flags : {0x8000, 0x4000, 0x0200, 0x0100}) {
    auto schib = stsch(sch);
    schib.pmcw.flags = static_cast<u16>(flags);
    EXPECT_EQ(msch(sch, schib), kOperandException) << flags;
  }
  for (const u32 characteristics : {0x8000'0000u, 0x0000'0008u, 0x0000'0002u}) {
    auto schib = stsch(sch);
    schib.pmcw.characteristics = characteristics;
    EXPECT_EQ(msch(sch, schib), kOperandException) << characteristics;
  }
  auto schib = stsch(sch);
  schib.pmcw.characteristics = 4;
  schib.measurement_block_address = 0x20;
  EXPECT_EQ(msch(sch, schib), kOperandException);
}

TEST_F(SubchannelFunctions, DisablingTellsTheDeviceOnce) {
  disable(sch);
  disable(sch);
  EXPECT_EQ(echo.times_disabled, 1);
}

TEST_F(SubchannelFunctions, ADisabledSubchannelIsNotOperational) {
  disable(sch);
  EXPECT_EQ(ssch(sch, kProgram), 3);
  EXPECT_EQ(tsch(sch), 3);
  EXPECT_EQ(css.halt(sch).cc, 3);
  EXPECT_EQ(css.clear(sch).cc, 3);
  EXPECT_EQ(css.resume(sch).cc, 3);
  EXPECT_EQ(css.cancel(sch).cc, 3);
}

TEST_F(SubchannelFunctions, StartIsPendingUntilTheProgramRuns) {
  ASSERT_EQ(ssch(sch, kProgram), 0);
  EXPECT_EQ(control(), 0x4400);
  EXPECT_EQ(css.pending_subclasses(), 0);
  EXPECT_EQ(ssch(sch, kProgram), 2);
  EXPECT_EQ(msch(sch, stsch(sch)), 2);
  EXPECT_EQ(tsch(sch), 1);
  ASSERT_TRUE(events.settle());
  EXPECT_EQ(control(), 0x4007);
  EXPECT_EQ(css.pending_subclasses(), 0x10);
  EXPECT_EQ(ssch(sch, kProgram), 1);
  EXPECT_EQ(msch(sch, stsch(sch)), 1);
  EXPECT_EQ(css.halt(sch).cc, 1);
  EXPECT_EQ(css.resume(sch).cc, 1);
  EXPECT_EQ(css.cancel(sch).cc, 1);
}

TEST_F(SubchannelFunctions, TheInterruptionCarriesIdParameterAndSubclass) {
  ASSERT_EQ(ssch(sch, kProgram), 0);
  ASSERT_TRUE(events.settle());
  EXPECT_FALSE(css.take_interruption(0xEF).has_value());
  const auto interruption = css.take_interruption(0x10);
  ASSERT_TRUE(interruption.has_value());
  EXPECT_EQ(interruption->subsystem_id, 0x0001'0000u);
  EXPECT_EQ(interruption->parameter, kParameter);
  EXPECT_EQ(interruption->identification, 0x1800'0000u);
  EXPECT_FALSE(css.take_interruption(0xFF).has_value());
  EXPECT_EQ(tsch(sch), 0);
  EXPECT_EQ(irb.scsw.control, 0x4007);
  EXPECT_EQ(irb.scsw.flags & 0xFF80, 0x0080);
  EXPECT_EQ(irb.extended_status[0], 0x0080'0000u);
  EXPECT_EQ(tsch(sch), 1);
  EXPECT_EQ(control(), 0);
}

TEST_F(SubchannelFunctions, TestingStatusClearsTheInterruptionToo) {
  ASSERT_EQ(ssch(sch, kProgram), 0);
  ASSERT_TRUE(events.settle());
  EXPECT_EQ(tsch(sch), 0);
  EXPECT_EQ(css.pending_subclasses(), 0);
}

TEST_F(SubchannelFunctions, TheFirstHalfOfTestChangesNothing) {
  ASSERT_EQ(ssch(sch, kProgram), 0);
  ASSERT_TRUE(events.settle());
  u8 bytes[96];
  EXPECT_EQ(css.test(sch, bytes).cc, 0);
  EXPECT_EQ(css.test(sch, bytes).cc, 0);
  EXPECT_EQ(css.pending_subclasses(), 0x10);
}

TEST_F(SubchannelFunctions, InvalidOrbsAreOperandExceptions) {
  EXPECT_EQ(ssch(sch, 0x8000'0000), kOperandException);
  EXPECT_EQ(ssch(sch, kProgram, 0x00C6), kOperandException);       // transport mode
  EXPECT_EQ(ssch(sch, kProgram, 0x00C2, 0x40), kOperandException); // modified indirect addressing
  EXPECT_EQ(ssch(sch, kProgram, 0x00C2, 0x02), kOperandException);
  EXPECT_EQ(ssch(sch, kProgram), 0);
}

TEST_F(SubchannelFunctions, AnOrbWithoutAUsablePathGetsDeferredConditionCode3) {
  EXPECT_EQ(ssch(sch, kProgram, 0x00C2, 0, 0x40), 0);
  ASSERT_TRUE(events.settle());
  take_status(sch);
  EXPECT_EQ(irb.scsw.flags & 0x0300, 0x0300);
  EXPECT_EQ(irb.scsw.control & 0x1F, 0x11);
  EXPECT_EQ(ssch(sch, kProgram), 0);
}

TEST_F(SubchannelFunctions, CancelTakesBackAStart) {
  ASSERT_EQ(ssch(sch, kProgram), 0);
  EXPECT_EQ(css.cancel(sch).cc, 0);
  EXPECT_EQ(control(), 0);
  EXPECT_EQ(events.scheduled(), 0u);
  EXPECT_EQ(css.cancel(sch).cc, 2);
}

TEST_F(SubchannelFunctions, HaltBeforeTheProgramRanEndsTheStart) {
  ASSERT_EQ(ssch(sch, kProgram), 0);
  EXPECT_EQ(css.halt(sch).cc, 0);
  EXPECT_EQ(events.scheduled(), 0u);
  take_status(sch);
  EXPECT_EQ(irb.scsw.control, 0x6001);
  EXPECT_EQ(control(), 0);
}

TEST_F(SubchannelFunctions, HaltOnAnIdleSubchannelMakesItStatusPending) {
  EXPECT_EQ(css.halt(sch).cc, 0);
  EXPECT_EQ(css.halt(sch).cc, 1);
  take_status(sch);
  EXPECT_EQ(irb.scsw.control, 0x2001);
}

TEST_F(SubchannelFunctions, HaltEndsARunningProgramAsTheDeviceWould) {
  put_ccw(kProgram, 0x03, kCc | kSli, 1, 0);
  put_ccw(kProgram + 8, 0x08, 0, 0, kProgram);
  ASSERT_EQ(ssch(sch, kProgram), 0);
  events.advance(cpu::timing::microseconds(3));
  EXPECT_EQ(control(), 0x40C0);
  EXPECT_EQ(css.halt(sch).cc, 0);
  EXPECT_EQ(events.scheduled(), 0u);
  take_status(sch);
  EXPECT_EQ(irb.scsw.control, 0x6007);
  EXPECT_EQ(irb.scsw.device_status, 0x0C);
}

TEST_F(SubchannelFunctions, ClearReplacesEverything) {
  ASSERT_EQ(ssch(sch, kProgram), 0);
  ASSERT_TRUE(events.settle());
  EXPECT_EQ(css.clear(sch).cc, 0);
  EXPECT_EQ(css.clear(sch).cc, 0);
  take_status(sch);
  EXPECT_EQ(irb.scsw.control, 0x1001);
  EXPECT_EQ(irb.scsw.device_status, 0);
  EXPECT_EQ(css.pending_subclasses(), 0);
}

TEST_F(SubchannelFunctions, ASuspendedProgramIsResumedWhereItStopped) {
  put_ccw(kProgram, EchoDevice::kControl, kCc | kSli, 1, 0);
  put_ccw(kProgram + 8, EchoDevice::kControl, kSli | kSuspend, 1, 0);
  EXPECT_EQ(css.resume(sch).cc, 2);
  ASSERT_EQ(ssch(sch, kProgram, 0x08C2), 0);
  ASSERT_TRUE(events.settle());
  take_status(sch);
  EXPECT_EQ(irb.scsw.control, 0x4029);
  EXPECT_EQ(irb.scsw.ccw_address, kProgram + 16);
  EXPECT_EQ(control(), 0x4020);
  EXPECT_EQ(echo.commands.size(), 1u);

  EXPECT_EQ(css.resume(sch).cc, 0);
  EXPECT_EQ(css.resume(sch).cc, 2);
  put_ccw(kProgram + 8, EchoDevice::kControl, kSli, 1, 0);
  ASSERT_TRUE(events.settle());
  take_status(sch);
  EXPECT_EQ(irb.scsw.control, 0x4007);
  EXPECT_EQ(echo.commands.size(), 2u);
}

TEST_F(SubchannelFunctions, TheSuspendedInterruptionCanBeSuppressed) {
  put_ccw(kProgram, EchoDevice::kControl, kSli | kSuspend, 1, 0);
  ASSERT_EQ(ssch(sch, kProgram, 0x08CA), 0);
  ASSERT_TRUE(events.settle());
  EXPECT_EQ(css.pending_subclasses(), 0);
  EXPECT_EQ(control(), 0x4020);
  EXPECT_EQ(css.cancel(sch).cc, 0);
  EXPECT_EQ(control(), 0);
}

TEST_F(SubchannelFunctions, UnsolicitedStatusIsAlertStatus) {
  echo.link->alert(0x80);
  take_status(sch);
  EXPECT_EQ(irb.scsw.control, 0x0011);
  EXPECT_EQ(irb.scsw.device_status, 0x80);
}

TEST_F(SubchannelFunctions, UnsolicitedStatusWaitsForAFunctionInProgress) {
  ASSERT_EQ(ssch(sch, kProgram), 0);
  echo.link->alert(0x80);
  ASSERT_TRUE(events.settle());
  take_status(sch);
  EXPECT_EQ(irb.scsw.control, 0x4007);
  EXPECT_EQ(irb.scsw.device_status, 0x0C);
  take_status(sch);
  EXPECT_EQ(irb.scsw.control, 0x0011);
  EXPECT_EQ(irb.scsw.device_status, 0x80);
}

TEST_F(SubchannelFunctions, AlertsWithoutStatusMergeWithPendingStatus) {
  echo.link->alert(0);
  echo.link->alert(0);
  take_status(sch);
  EXPECT_EQ(irb.scsw.control, 0x0011);
  EXPECT_EQ(css.pending_subclasses(), 0);
  EXPECT_EQ(tsch(sch), 1);
}

TEST_F(SubchannelFunctions, ADisabledSubchannelTakesNoUnsolicitedStatus) {
  disable(sch);
  echo.link->alert(0x80);
  EXPECT_EQ(css.pending_subclasses(), 0);
}

TEST_F(SubchannelFunctions, StartsAreCountedInMeasurementBlocks) {
  ASSERT_EQ(css.set_channel_monitor(2, 0x3000).cc, 0);
  auto schib = stsch(sch);
  schib.pmcw.flags = static_cast<u16>(schib.pmcw.flags | 0x0010);
  schib.pmcw.measurement_block_index = 2;
  ASSERT_EQ(msch(sch, schib), 0);
  run(sch, kProgram);
  run(sch, kProgram);
  EXPECT_EQ(storage().load<u16>({0x3040}), 2);
  schib.pmcw.characteristics = 4;
  schib.measurement_block_address = 0x5000;
  ASSERT_EQ(msch(sch, schib), 0);
  run(sch, kProgram);
  EXPECT_EQ(storage().load<u32>({0x5000}), 1u);
}

} // namespace
} // namespace siena::test
