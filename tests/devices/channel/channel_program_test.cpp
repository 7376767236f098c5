// SPDX-License-Identifier: BSD-3-Clause
// Channel programs: CCW formats, chaining, lengths, indirect addresses, and every way to get them wrong.
#include "tests/devices/channel/echo_device.h"
#include "tests/devices/device_bench.h"

#include <numeric>
#include <random>

namespace siena::test {
namespace {

using namespace devices::channel;

constexpr u8 kCd = 0x80, kCc = 0x40, kSli = 0x20, kSkip = 0x10, kPci = 0x08, kIda = 0x04;
constexpr u32 kProgram = 0x1000, kData = 0x2000;

class ChannelProgram : public DeviceBench, public ::testing::Test {
 protected:
  void SetUp() override {
    const auto attached = css.attach({echo, {0x3832, 2, 0x1234, 5}});
    ASSERT_TRUE(attached.ok());
    enable(sch);
  }
  void expect_end(u8 device_status, u8 subchannel_status) {
    EXPECT_EQ(irb.scsw.device_status, device_status);
    EXPECT_EQ(irb.scsw.subchannel_status, subchannel_status);
  }
  void expect_program_check(u32 failing_ccw) {
    EXPECT_EQ(irb.scsw.subchannel_status, 0x20);
    EXPECT_EQ(irb.scsw.ccw_address, failing_ccw + 8);
    EXPECT_EQ(irb.scsw.control & 0x1F, 0x17);
  }

  EchoDevice echo;
  const u32 sch = id(0);
};

TEST_F(ChannelProgram, SenseIdAnswersTheIdentity) {
  put_ccw(kProgram, 0xE4, kSli, 256, kData);
  run(sch, kProgram);
  expect_end(0x0C, 0);
  EXPECT_EQ(irb.scsw.count, 256 - 7);
  EXPECT_EQ(get(kData, 7), (std::vector<u8>{0xFF, 0x38, 0x32, 0x02, 0x12, 0x34, 0x05}));
}

TEST_F(ChannelProgram, SenseIdInLessThanFourBytesDoesNotPromiseABasicAnswer) {
  put_ccw(kProgram, 0xE4, kSli, 3, kData);
  run(sch, kProgram);
  EXPECT_EQ(get(kData, 4), (std::vector<u8>{0x00, 0x38, 0x32, 0x00}));
}

TEST_F(ChannelProgram, NoOperationWithCountZeroEndsNormally) {
  put_ccw(kProgram, 0x03, kSli, 0, 0);
  run(sch, kProgram);
  expect_end(0x0C, 0);
  EXPECT_EQ(irb.scsw.control & 0x1F, 0x07);
  EXPECT_EQ(irb.scsw.ccw_address, kProgram + 8);
}

TEST_F(ChannelProgram, AnImmediateOperationWithACountIsIncorrectLengthInFormat1) {
  put_ccw(kProgram, EchoDevice::kControl, 0, 8, kData);
  run(sch, kProgram);
  expect_end(0x0C, 0x40);
  put_ccw(kProgram, EchoDevice::kControl, kSli, 8, kData);
  run(sch, kProgram);
  expect_end(0x0C, 0);
}

TEST_F(ChannelProgram, TheOrbSuppressesIncorrectLengthOfImmediateOperations) {
  put_ccw(kProgram, EchoDevice::kControl, 0, 8, kData);
  run(sch, kProgram, 0x00C2, 0x80);
  expect_end(0x0C, 0);
}

TEST_F(ChannelProgram, WritesMoveStorageToTheDevice) {
  put(kData, {1, 2, 3, 4, 5, 6, 7, 8});
  put_ccw(kProgram, EchoDevice::kWrite, 0, 8, kData);
  run(sch, kProgram);
  expect_end(0x0C, 0);
  EXPECT_EQ(echo.content, (std::vector<u8>{1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(irb.scsw.count, 0);
}

TEST_F(ChannelProgram, AResidualIsIncorrectLengthUnlessSuppressed) {
  put_ccw(kProgram, EchoDevice::kWrite, 0, 20, kData);
  run(sch, kProgram);
  expect_end(0x0C, 0x40);
  EXPECT_EQ(irb.scsw.count, 12);
  EXPECT_EQ(irb.scsw.control & 0x1F, 0x17);
  put_ccw(kProgram, EchoDevice::kWrite, kSli, 20, kData);
  run(sch, kProgram);
  expect_end(0x0C, 0);
  EXPECT_EQ(irb.scsw.count, 12);
}

TEST_F(ChannelProgram, ADeviceWithMoreDataThanTheCountIsIncorrectLength) {
  echo.content = {1, 2, 3, 4};
  put_ccw(kProgram, EchoDevice::kRead, 0, 3, kData);
  run(sch, kProgram);
  expect_end(0x0C, 0x40);
  EXPECT_EQ(get(kData, 4), (std::vector<u8>{1, 2, 3, 0}));
}

TEST_F(ChannelProgram, IncorrectLengthBreaksTheCommandChain) {
  put_ccw(kProgram, EchoDevice::kWrite, kCc, 20, kData);
  put_ccw(kProgram + 8, EchoDevice::kControl, kSli, 1, 0);
  run(sch, kProgram);
  expect_end(0x0C, 0x40);
  EXPECT_EQ(echo.commands.size(), 1u);
}

TEST_F(ChannelProgram, DataChainingScattersOneCommand) {
  echo.content = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  put_ccw(kProgram, EchoDevice::kRead, kCd, 3, kData);
  put_ccw(kProgram + 8, 0, kCd, 5, kData + 0x100);
  put_ccw(kProgram + 16, 0, 0, 2, kData + 0x200);
  run(sch, kProgram);
  expect_end(0x0C, 0);
  EXPECT_EQ(get(kData, 3), (std::vector<u8>{1, 2, 3}));
  EXPECT_EQ(get(kData + 0x100, 5), (std::vector<u8>{4, 5, 6, 7, 8}));
  EXPECT_EQ(get(kData + 0x200, 2), (std::vector<u8>{9, 10}));
  EXPECT_EQ(irb.scsw.ccw_address, kProgram + 24);
}

TEST_F(ChannelProgram, ADataChainTheDeviceDoesNotUseUpIsIncorrectLengthInItsCurrentCcw) {
  echo.content = {1, 2, 3, 4};
  put_ccw(kProgram, EchoDevice::kRead, kCd | kSli, 4, kData);
  put_ccw(kProgram + 8, 0, 0, 5, kData + 0x100);
  run(sch, kProgram);
  expect_end(0x0C, 0x40);
  EXPECT_EQ(irb.scsw.count, 5);
  EXPECT_EQ(irb.scsw.ccw_address, kProgram + 16);
}

TEST_F(ChannelProgram, TheLastCcwOfADataChainDecidesAboutLengthAndChaining) {
  echo.content = {1, 2, 3, 4};
  put_ccw(kProgram, EchoDevice::kRead, kCd, 2, kData);
  put_ccw(kProgram + 8, 0, kSli | kCc, 50, kData + 0x100);
  put_ccw(kProgram + 16, EchoDevice::kControl, kSli, 1, 0);
  run(sch, kProgram);
  expect_end(0x0C, 0);
  EXPECT_EQ(echo.commands.size(), 2u);
}

TEST_F(ChannelProgram, SkippedDataIsNotStored) {
  echo.content = {1, 2, 3, 4, 5, 6};
  put_ccw(kProgram, EchoDevice::kRead, kCd | kSkip, 4, 0x7FFF'0000); // the address is not looked at
  put_ccw(kProgram + 8, 0, 0, 2, kData);
  run(sch, kProgram);
  expect_end(0x0C, 0);
  EXPECT_EQ(get(kData, 2), (std::vector<u8>{5, 6}));
}

TEST_F(ChannelProgram, ACommandCanReadAParameterBehindItsAnswer) {
  put(kData, {0, 0, 0, 0, 7});
  put_ccw(kProgram, EchoDevice::kSwap, 0, 5, kData);
  run(sch, kProgram);
  expect_end(0x0C, 0);
  EXPECT_EQ(irb.scsw.count, 0);
  EXPECT_EQ(get(kData, 5), (std::vector<u8>{7, 7, 7, 7, 7}));
}

TEST_F(ChannelProgram, RewindWorksAcrossADataChain) {
  put(kData, {0, 0, 0});
  put(kData + 0x100, {0, 9});
  put_ccw(kProgram, EchoDevice::kSwap, kCd, 3, kData);
  put_ccw(kProgram + 8, 0, 0, 2, kData + 0x100);
  run(sch, kProgram);
  expect_end(0x0C, 0);
  EXPECT_EQ(get(kData, 3), (std::vector<u8>{9, 9, 9}));
  EXPECT_EQ(get(kData + 0x100, 2), (std::vector<u8>{9, 9}));
}

TEST_F(ChannelProgram, StatusModifierPassesOverACcw) {
  put_ccw(kProgram, EchoDevice::kSearch, kCc | kSli, 1, kData);
  put_ccw(kProgram + 8, 0x08, 0, 0, kProgram);
  put_ccw(kProgram + 16, EchoDevice::kControl, kSli, 1, 0);
  run(sch, kProgram);
  expect_end(0x0C, 0);
  EXPECT_EQ(echo.commands, (std::vector<u8>{EchoDevice::kSearch, EchoDevice::kControl}));
}

TEST_F(ChannelProgram, TransferInChannelContinuesElsewhere) {
  put_ccw(kProgram, 0x03, kCc | kSli, 1, 0);
  put_ccw(kProgram + 8, 0x08, 0, 0, 0x3000);
  put_ccw(0x3000, EchoDevice::kControl, kSli, 1, 0);
  run(sch, kProgram);
  expect_end(0x0C, 0);
  EXPECT_EQ(irb.scsw.ccw_address, 0x3008u);
}

TEST_F(ChannelProgram, TransferInChannelIsInvalidFirstTwiceMisalignedOrWithFlags) {
  put_ccw(kProgram, 0x08, 0, 0, 0x3000);
  put_ccw(0x3000, 0x03, kSli, 1, 0);
  run(sch, kProgram);
  expect_program_check(kProgram);

  put_ccw(kProgram, 0x03, kCc | kSli, 1, 0);
  put_ccw(kProgram + 8, 0x08, 0, 0, 0x3000);
  put_ccw(0x3000, 0x08, 0, 0, kProgram);
  run(sch, kProgram);
  expect_program_check(0x3000);

  put_ccw(kProgram + 8, 0x08, 0, 0, 0x3004);
  run(sch, kProgram);
  expect_program_check(kProgram + 8);

  put_ccw(kProgram + 8, 0x08, kCc, 0, 0x3000);
  run(sch, kProgram);
  expect_program_check(kProgram + 8);
}

TEST_F(ChannelProgram, InvalidCcwsAreProgramChecks) {
  struct Case {
    u8 command, flags;
    u16 count;
    u32 address;
  };
  for (const Case c : {Case{0x00, kSli, 1, kData},        // command code zero
                       Case{0x30, kSli, 1, kData},        // low digit zero
                       Case{0x18, kSli, 1, kData},        // not the transfer in channel of format 1
                       Case{0x03, 0x01, 1, kData},        // modified indirect addressing
                       Case{0x03, 0x02, 1, kData},        // suspend without the ORB's permission
                       Case{0x03, kSli, 1, 0x8000'0000},  // address of 32 bits
                       Case{0x01, kCd, 0, kData},         // count zero with data chaining
                       Case{0x01, kIda, 8, kData + 4}}) { // list of 8-byte words not at a doubleword
    put_ccw(kProgram, c.command, c.flags, c.count, c.address);
    run(sch, kProgram);
    expect_program_check(kProgram);
  }
  EXPECT_TRUE(echo.commands.empty());
}

TEST_F(ChannelProgram, AProgramOutsideStorageOrMisalignedIsAProgramCheck) {
  for (const u32 program : {0x0080'0000u, 0x7FFF'FFF8u, kProgram + 4}) {
    run(sch, program);
    expect_program_check(program);
  }
}

TEST_F(ChannelProgram, AProgramThatRunsOffTheEndOfStorageIsAProgramCheck) {
  put_ccw(0x007F'FFF8, 0x03, kCc | kSli, 1, 0);
  run(sch, 0x007F'FFF8);
  expect_program_check(0x0080'0000);
}

TEST_F(ChannelProgram, DataOutsideStorageIsAProgramCheckAndMovesWhatCameBefore) {
  echo.content = std::vector<u8>(16, 0xEE);
  put_ccw(kProgram, EchoDevice::kRead, kCd, 8, kData);
  put_ccw(kProgram + 8, 0, 0, 8, 0x0080'0000);
  run(sch, kProgram);
  EXPECT_EQ(irb.scsw.subchannel_status & 0x20, 0x20);
  EXPECT_EQ(echo.moved, 8u);
  EXPECT_EQ(get(kData, 8), std::vector<u8>(8, 0xEE));
}

TEST_F(ChannelProgram, Format0CcwsHaveTheirOwnLayout) {
  put(kData, {1, 2, 3, 4, 5, 6, 7, 8});
  put_ccw0(kProgram, EchoDevice::kWrite, kCc, 8, kData);
  put_ccw0(kProgram + 8, 0xF8, 0xFF, 99, 0x3000);  // any transfer in channel, rest ignored
  put_ccw0(0x3000, EchoDevice::kControl, 0, 5, 0); // immediate: no incorrect length in format 0
  run(sch, kProgram, 0x0000);
  expect_end(0x0C, 0);
  EXPECT_EQ(echo.content, (std::vector<u8>{1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(irb.scsw.ccw_address, 0x3008u);
}

TEST_F(ChannelProgram, Format0CountZeroAndProgramsAbove16MAreProgramChecks) {
  put_ccw0(kProgram, 0x03, kSli, 0, 0);
  run(sch, kProgram, 0x0000);
  expect_program_check(kProgram);
  run(sch, 0x0100'0000, 0x0000);
  expect_program_check(0x0100'0000);
}

TEST_F(ChannelProgram, Format2IndirectWordsCross4KBlocks) {
  echo.content.resize(6000);
  std::iota(echo.content.begin(), echo.content.end(), u8{0});
  ASSERT_TRUE(storage().store<u64>({0x4000}, 0x10F00));
  ASSERT_TRUE(storage().store<u64>({0x4008}, 0x20000));
  ASSERT_TRUE(storage().store<u64>({0x4010}, 0x30000));
  put_ccw(kProgram, EchoDevice::kRead, kIda, 6000, 0x4000);
  run(sch, kProgram);
  expect_end(0x0C, 0);
  EXPECT_EQ(get(0x10F00, 256), std::vector<u8>(echo.content.begin(), echo.content.begin() + 256));
  EXPECT_EQ(get(0x20000, 4096), std::vector<u8>(echo.content.begin() + 256, echo.content.begin() + 4352));
  EXPECT_EQ(get(0x30000, 1648), std::vector<u8>(echo.content.begin() + 4352, echo.content.end()));
}

TEST_F(ChannelProgram, IndirectWordsOf2KBlocksInBothFormats) {
  echo.content.resize(3000);
  std::iota(echo.content.begin(), echo.content.end(), u8{0});
  ASSERT_TRUE(storage().store<u64>({0x4000}, 0x10400));
  ASSERT_TRUE(storage().store<u64>({0x4008}, 0x20800));
  put_ccw(kProgram, EchoDevice::kRead, kIda, 3000, 0x4000);
  run(sch, kProgram, 0x00C3);
  expect_end(0x0C, 0);
  EXPECT_EQ(get(0x20800, 4)[0], echo.content[1024]);

  ASSERT_TRUE(storage().store<u32>({0x5000}, 0x30400));
  ASSERT_TRUE(storage().store<u32>({0x5004}, 0x40800));
  put_ccw(kProgram, EchoDevice::kRead, kIda, 3000, 0x5000);
  run(sch, kProgram, 0x00C0);
  expect_end(0x0C, 0);
  EXPECT_EQ(get(0x30400, 1024), std::vector<u8>(echo.content.begin(), echo.content.begin() + 1024));
  EXPECT_EQ(get(0x40800, 1976), std::vector<u8>(echo.content.begin() + 1024, echo.content.end()));
}

TEST_F(ChannelProgram, BadIndirectWordsAreProgramChecks) {
  echo.content.resize(6000);
  ASSERT_TRUE(storage().store<u64>({0x4000}, 0x10F00));
  ASSERT_TRUE(storage().store<u64>({0x4008}, 0x20010)); // not at a block boundary
  put_ccw(kProgram, EchoDevice::kRead, kIda, 6000, 0x4000);
  run(sch, kProgram);
  EXPECT_EQ(irb.scsw.subchannel_status & 0x20, 0x20);
  ASSERT_TRUE(storage().store<u64>({0x4000}, 0xFFFF'FFFF'FFFF'FF00)); // outside
  run(sch, kProgram);
  EXPECT_EQ(irb.scsw.subchannel_status & 0x20, 0x20);
  put_ccw(kProgram, EchoDevice::kRead, kIda, 6000, 0x0080'0000); // list outside
  run(sch, kProgram);
  EXPECT_EQ(irb.scsw.subchannel_status & 0x20, 0x20);
  ASSERT_TRUE(storage().store<u32>({0x5000}, 0x8000'0000)); // format 1 with bit 0
  put_ccw(kProgram, EchoDevice::kRead, kIda, 6000, 0x5000);
  run(sch, kProgram, 0x00C0);
  EXPECT_EQ(irb.scsw.subchannel_status & 0x20, 0x20);
}

TEST_F(ChannelProgram, TheOrbsKeyProtectsStorage) {
  storage().frames().set_key({kData}, 0x38); // access control 3, fetch protection
  echo.content = {1, 2, 3, 4};
  put_ccw(kProgram, EchoDevice::kRead, 0, 4, kData);
  run(sch, kProgram, 0x30C2);
  expect_end(0x0C, 0);
  storage().frames().set_key({kProgram}, 0x40); // other key, but fetches are allowed
  run(sch, kProgram, 0x50C2);
  EXPECT_EQ(irb.scsw.subchannel_status & 0x10, 0x10);
  put_ccw(kProgram, EchoDevice::kWrite, kSli, 4, kData);
  run(sch, kProgram, 0x50C2);
  EXPECT_EQ(irb.scsw.subchannel_status & 0x10, 0x10);
  storage().frames().set_key({kProgram}, 0x48);
  run(sch, kProgram, 0x50C2);
  EXPECT_EQ(irb.scsw.subchannel_status, 0x10);
}

TEST_F(ChannelProgram, UnknownCommandsEndWithUnitCheckAndConcurrentSense) {
  put_ccw(kProgram, 0x77, kCc, 4, kData);
  put_ccw(kProgram + 8, EchoDevice::kControl, kSli, 1, 0);
  run(sch, kProgram);
  expect_end(0x0E, 0);
  EXPECT_EQ(irb.scsw.control & 0x1F, 0x17);
  EXPECT_EQ(irb.scsw.ccw_address, kProgram + 8);
  EXPECT_EQ(irb.scsw.count, 4);
  EXPECT_EQ(irb.scsw.flags & 0x0002, 0x0002);
  EXPECT_EQ(irb.extended_status[1], 0x0120'0000u);
  EXPECT_EQ(irb.extended_control[0], 0x80);
  EXPECT_EQ(echo.commands.size(), 1u);
}

TEST_F(ChannelProgram, WithoutConcurrentSenseTheSenseBytesWaitForBasicSense) {
  disable(sch);
  enable(sch, false);
  put_ccw(kProgram, 0x77, 0, 4, kData);
  run(sch, kProgram);
  EXPECT_EQ(irb.scsw.flags & 0x0002, 0);
  EXPECT_EQ(irb.extended_control[0], 0);
  put_ccw(kProgram, 0x04, kSli, 32, kData);
  run(sch, kProgram);
  expect_end(0x0C, 0);
  EXPECT_EQ(get(kData, 2), (std::vector<u8>{0x80, 0}));
  run(sch, kProgram);
  EXPECT_EQ(get(kData, 2), (std::vector<u8>{0, 0}));
}

TEST_F(ChannelProgram, ProgramControlledInterruptionsComeWithTheEndingStatus) {
  put_ccw(kProgram, EchoDevice::kControl, kCc | kSli | kPci, 1, 0);
  put_ccw(kProgram + 8, EchoDevice::kControl, kSli, 1, 0);
  run(sch, kProgram);
  expect_end(0x0C, 0x80);
  EXPECT_EQ(irb.scsw.control & 0x1F, 0x0F);
}

TEST_F(ChannelProgram, InitialStatusIsShownWhenTheOrbAsks) {
  put_ccw(kProgram, EchoDevice::kControl, kSli, 1, 0);
  run(sch, kProgram, 0x00E2);
  EXPECT_EQ(irb.scsw.control & 0x1F, 0x0F);
  EXPECT_EQ(irb.scsw.flags & 0x0024, 0x0024);
}

TEST_F(ChannelProgram, AnEndlessProgramCostsTimeAndCanBeCleared) {
  put_ccw(kProgram, 0x03, kCc | kSli, 1, 0);
  put_ccw(kProgram + 8, 0x08, 0, 0, kProgram);
  ASSERT_EQ(ssch(sch, kProgram), 0);
  events.advance(cpu::timing::microseconds(10'000));
  EXPECT_EQ(events.scheduled(), 1u);
  EXPECT_EQ(css.pending_subclasses(), 0);
  EXPECT_EQ(stsch(sch).scsw.control & 0x00C0, 0x00C0);
  EXPECT_EQ(css.clear(sch).cc, 0);
  EXPECT_EQ(events.scheduled(), 0u);
  take_status(sch);
  EXPECT_EQ(irb.scsw.control, 0x1001);
}

TEST_F(ChannelProgram, RandomProgramsNeverHangOrEscape) {
  for (u32 seed = 0; seed < 3000; ++seed) {
    std::mt19937 random(seed);
    const auto pick = [&](u32 n) { return static_cast<u32>(random() % n); };
    echo.appetite = pick(300);
    echo.content.assign(pick(300), 0xAA);
    for (u32 i = 0; i < 8; ++i) {
      static constexpr u8 kCommands[] = {0x01, 0x02, 0x03, 0x04, 0xE4, 0x08, 0x12, 0x31, 0x77, 0x00};
      static constexpr u32 kAddresses[] = {kProgram, kData, 0x4000, 0x007F'FF00, 0x0080'0000, 0x7FFF'FFF8, 0x8000'0000};
      const u8 command = pick(4) == 0 ? static_cast<u8>(random()) : kCommands[pick(std::size(kCommands))];
      const u8 flags = command == 0x08 && pick(4) != 0 ? u8{0} : static_cast<u8>(random());
      const u16 count = static_cast<u16>(command == 0x08 && pick(4) != 0 ? 0 : pick(3) == 0 ? random() : pick(64));
      put_ccw(kProgram + 8 * i, command, flags, count, kAddresses[pick(std::size(kAddresses))] + 8 * pick(8));
      ASSERT_TRUE(storage().store<u64>({0x4000 + 8 * i}, pick(4) == 0 ? random() : 0x1000 * pick(64)));
    }
    ASSERT_EQ(ssch(sch, kProgram, static_cast<u16>(0x0040 | (random() & 0x088B))), 0) << "seed " << seed;
    events.advance(cpu::timing::microseconds(2'000));
    const u16 control = stsch(sch).scsw.control;
    const bool ended = (control & 0x0001) != 0 && (control & 0x0020) == 0;
    if (!ended) {
      ASSERT_EQ(css.clear(sch).cc, 0) << "seed " << seed;
    }
    ASSERT_EQ(tsch(sch), 0) << "seed " << seed;
    if ((stsch(sch).scsw.control & 0x7000) != 0) { // intermediate status of a program that goes on
      ASSERT_EQ(css.clear(sch).cc, 0);
      ASSERT_EQ(tsch(sch), 0);
    }
    ASSERT_EQ(css.pending_subclasses(), 0) << "seed " << seed;
    ASSERT_EQ(events.scheduled(), 0u) << "seed " << seed;
  }
}

} // namespace
} // namespace siena::test
