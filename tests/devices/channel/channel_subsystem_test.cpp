// SPDX-License-Identifier: BSD-3-Clause
// The subsystem as a whole: naming and numbering, interruption queue, CHSC, channel reports, reset, snapshot.
#include "tests/devices/channel/echo_device.h"
#include "tests/devices/device_bench.h"
#include "tests/devices/memory_snapshot.h"

#include <array>
#include <random>

namespace siena::test {
namespace {

using namespace devices::channel;

class Subsystem : public DeviceBench, public ::testing::Test {
 protected:
  u8 store_cc(u32 subsystem_id) {
    u8 bytes[52];
    const auto condition = css.store(subsystem_id, bytes);
    return condition.operand_exception ? kOperandException : condition.cc;
  }
  /// CHSC with the given request words; answers the response as words, empty for an operand exception.
  std::vector<u32> chsc(u16 length, u16 code, std::vector<u32> parameters) {
    std::array<u8, 4096> page{};
    page.fill(0xEE);
    store_big(page.data(), length);
    store_big(page.data() + 2, code);
    for (std::size_t i = 4; i < length && i < page.size(); ++i) page[i] = 0;
    for (std::size_t i = 0; i < parameters.size(); ++i) store_big(page.data() + 4 + 4 * i, parameters[i]);
    if (css.channel_subsystem_call(page).operand_exception) return {};
    std::vector<u32> response(load_big<u16>(page.data() + length) / 4u);
    for (std::size_t i = 0; i < response.size(); ++i) response[i] = load_big<u32>(page.data() + length + 4 * i);
    return response;
  }
  void enable_sets() { ASSERT_EQ(chsc(0x400, 0x31, {0x0000'0002})[0], 0x0008'0001u); }

  EchoDevice echo[6];
  DeviceIdentity identity{0x3832, 2, 0, 0};
};

TEST_F(Subsystem, SubchannelsAreDenseAndTheFirstMissingOneEndsTheScan) {
  for (int i = 0; i < 3; ++i) ASSERT_EQ(css.attach({echo[i], identity}).value().number, i);
  for (u16 i = 0; i < 3; ++i) EXPECT_EQ(stsch(id(i)).pmcw.device_number, i);
  EXPECT_EQ(store_cc(id(3)), 3);
}

TEST_F(Subsystem, DeviceNumbersCanBeChosenAndClashOnlyOnce) {
  ASSERT_TRUE(css.attach({echo[0], identity, nullptr, DeviceNumber{0, 1}}).ok());
  ASSERT_TRUE(css.attach({echo[1], identity}).ok()); // 0
  ASSERT_TRUE(css.attach({echo[2], identity}).ok()); // 2, since 1 is taken
  EXPECT_EQ(stsch(id(2)).pmcw.device_number, 2);
  const auto clash = css.attach({echo[3], identity, nullptr, DeviceNumber{0, 2}});
  ASSERT_FALSE(clash.ok());
  EXPECT_EQ(clash.error().message, "devno=fe.0.0002 is in use");
  EXPECT_EQ(css.device_number({0, 0})->number, 1);
}

TEST_F(Subsystem, DeviceNumbersAreReadAsTheCommandLineSpellsThem) {
  EXPECT_EQ(parse_device_number("fe.0.1234").value(), (DeviceNumber{0, 0x1234}));
  EXPECT_EQ(parse_device_number("fe.3.ABCD").value(), (DeviceNumber{3, 0xABCD}));
  EXPECT_EQ(parse_device_number("0.1.0001").value(), (DeviceNumber{1, 1}));
  for (const char* bad : {"", "fe", "fe.0", "fe.4.0000", "fd.0.0000", "fe.0.12345", "fe.0.", "fe.0.00g0", "fe.0.0000 "})
    EXPECT_FALSE(parse_device_number(bad).ok()) << bad;
}

TEST_F(Subsystem, IdsWithoutTheOneBitOrWithReservedBitsAreOperandExceptions) {
  ASSERT_TRUE(css.attach({echo[0], identity}).ok());
  EXPECT_EQ(store_cc(0x0000'0000), kOperandException);
  EXPECT_EQ(store_cc(0x0101'0000), kOperandException); // image without m
  EXPECT_EQ(store_cc(0x0041'0000), kOperandException);
  EXPECT_EQ(store_cc(0x0009'0000), 3); // m, image 0
  EXPECT_EQ(store_cc(0xFE09'0000), 0); // m, image fe
}

TEST_F(Subsystem, OtherSubchannelSetsAppearWhenEnabled) {
  ASSERT_TRUE(css.attach({echo[0], identity, nullptr, DeviceNumber{1, 0x42}}).ok());
  EXPECT_EQ(store_cc(id(0, 1)), 3);
  enable_sets();
  EXPECT_EQ(stsch(id(0, 1)).pmcw.device_number, 0x42);
  EXPECT_EQ(store_cc(id(0, 2)), 3);
}

TEST_F(Subsystem, InterruptionsComeByLowestSubclassThenInOrder) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(css.attach({echo[i], identity}).ok());
  for (u16 i = 0; i < 3; ++i) enable(id(i));
  auto schib = stsch(id(0));
  schib.pmcw.flags = 0x2880; // ISC 5
  ASSERT_EQ(msch(id(0), schib), 0);
  echo[0].link->alert(0);
  echo[2].link->alert(0);
  echo[1].link->alert(0);
  echo[1].link->adapter_interruption(3);
  echo[2].link->adapter_interruption(3);
  EXPECT_EQ(css.pending_subclasses(), 0x14);
  EXPECT_EQ(css.take_interruption(0xFF)->subsystem_id, id(2));
  EXPECT_EQ(css.take_interruption(0xFF)->subsystem_id, id(1));
  EXPECT_EQ(css.take_interruption(0xFF)->identification, 0x9800'0000u); // adapter, ISC 3
  const auto last = css.take_interruption(0xFF);
  EXPECT_EQ(last->subsystem_id, id(0));
  EXPECT_EQ(last->identification, 0x2800'0000u);
  EXPECT_FALSE(css.take_interruption(0xFF).has_value());
}

TEST_F(Subsystem, UnknownChscCommandsAnswerCode4) {
  EXPECT_EQ(chsc(0x10, 0x0004, {}), (std::vector<u32>{0x0008'0004, 0}));
  EXPECT_EQ(chsc(0x10, 0x0021, {}), (std::vector<u32>{0x0008'0004, 0}));
}

TEST_F(Subsystem, ChscWithAnInvalidLengthIsAnOperandException) {
  for (const int length : {0, 8, 12, 17, 4090, 4096, 0xFFF8})
    EXPECT_TRUE(chsc(static_cast<u16>(length), 0x0010, {}).empty()) << length;
}

TEST_F(Subsystem, ChscStoresCharacteristics) {
  const auto response = chsc(0x10, 0x0010, {});
  ASSERT_EQ(response.size(), 1020u);
  EXPECT_EQ(response[0], 0x0FF0'0001u);
  EXPECT_EQ(response[2], 0x0300'0000u);
  EXPECT_EQ(response[3], 0x0007'9000u);
  EXPECT_EQ(response[5], 0x0008'0000u);
  EXPECT_EQ(response[512], 0x4000'0000u);
  EXPECT_EQ(response[515], 0x0004'0000u);
  EXPECT_EQ(chsc(0x10, 0x0010, {0x000F'0000})[0], 0x0008'0007u);
  EXPECT_EQ(chsc(0x10, 0x0010, {0x0000'0100})[0], 0x0008'0008u);
  EXPECT_EQ(chsc(0x18, 0x0010, {})[0], 0x0008'0003u);
}

TEST_F(Subsystem, ChscDescribesTheOneChannelPath) {
  EXPECT_EQ(chsc(0x10, 0x0002, {0, 0xFF})[0], 0x0008'0001u);
  ASSERT_TRUE(css.attach({echo[0], identity}).ok());
  EXPECT_EQ(chsc(0x10, 0x0002, {0, 0xFF}), (std::vector<u32>{0x0010'0001, 0, 0x8000'3200, 0}));
  const auto format1 = chsc(0x10, 0x0002, {0x1000'0100, 0});
  ASSERT_EQ(format1.size(), 10u);
  EXPECT_EQ(format1[0], 0x0028'0001u);
  EXPECT_EQ(format1[1], 1u);
  EXPECT_EQ(format1[2], 0x8000'3200u);
  EXPECT_EQ(chsc(0x10, 0x0002, {5, 4})[0], 0x0008'0003u);
}

TEST_F(Subsystem, ChscKnowsNoEventsAndNoOtherFacilities) {
  EXPECT_EQ(chsc(0x10, 0x000E, {})[0], 0x0008'0005u);
  EXPECT_EQ(chsc(0x400, 0x0031, {0x0000'0077})[0], 0x0008'0101u);
  EXPECT_EQ(chsc(0x10, 0x0031, {0x0000'0002})[0], 0x0008'0003u);
}

TEST_F(Subsystem, RandomChscBlocksStayInsideTheirPage) {
  std::mt19937 random(1);
  static constexpr u16 kCodes[] = {0x0002, 0x000E, 0x0010, 0x0031, 0x0004};
  for (int i = 0; i < 20'000; ++i) {
    struct {
      u8 before[64];
      std::array<u8, 4096> page;
      u8 after[64];
    } area;
    std::memset(&area, 0x5A, sizeof area);
    for (std::size_t k = 4; k < 32; ++k) area.page[k] = static_cast<u8>(random() % 4 == 0 ? random() : 0);
    store_big(area.page.data(), static_cast<u16>(random() % 4 == 0 ? random() : 0x10));
    store_big(area.page.data() + 2, kCodes[random() % 5]);
    (void)css.channel_subsystem_call(area.page);
    for (const u8 b : area.before) ASSERT_EQ(b, 0x5A);
    for (const u8 b : area.after) ASSERT_EQ(b, 0x5A);
  }
}

TEST_F(Subsystem, ChannelReportsAreAnnouncedOnceUntilTheyAreRead) {
  EXPECT_EQ(css.channel_report(), 0u);
  ASSERT_TRUE(css.attach({echo[0], identity, nullptr, {}, true}).ok());
  ASSERT_TRUE(css.attach({echo[1], identity, nullptr, {}, true}).ok());
  EXPECT_EQ(sink.reports, 1);
  EXPECT_TRUE(css.channel_report_waiting());
  EXPECT_EQ(css.channel_report(), 0x0304'0000u);
  EXPECT_EQ(css.channel_report(), 0x0304'0001u);
  EXPECT_EQ(css.channel_report(), 0u);
  css.detach({0, 1}, true);
  EXPECT_EQ(sink.reports, 2);
  EXPECT_EQ(css.channel_report(), 0x0304'0001u);
}

TEST_F(Subsystem, WithSubchannelSetsAReportNamesTheSetInASecondWord) {
  enable_sets();
  ASSERT_TRUE(css.attach({echo[0], identity, nullptr, DeviceNumber{2, 7}, true}).ok());
  EXPECT_EQ(css.channel_report(), 0x1304'0000u);
  EXPECT_EQ(css.channel_report(), 0x0304'0020u);
}

TEST_F(Subsystem, ReportsThatDoNotFitAreCountedAsLost) {
  ASSERT_TRUE(css.attach({echo[0], identity}).ok());
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(css.reset_channel_path(0).cc, 0);
  u32 read = 0;
  for (u32 report = css.channel_report(); report != 0; report = css.channel_report()) {
    EXPECT_EQ(report, 0x4402'0000u);
    ASSERT_LT(++read, 1000u);
  }
  ASSERT_EQ(css.reset_channel_path(0).cc, 0);
  EXPECT_EQ(css.channel_report(), 0x6402'0000u);
}

TEST_F(Subsystem, ADetachedSubchannelKeepsItsNumberUntilItIsUsedAgain) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(css.attach({echo[i], identity}).ok());
  css.detach({0, 1}, false);
  EXPECT_EQ(stsch(id(1)).pmcw.flags, 0);
  EXPECT_EQ(ssch(id(1), 0x1000), 3);
  EXPECT_EQ(stsch(id(2)).pmcw.flags, 1);
  EXPECT_EQ(css.attach({echo[3], identity}).value().number, 1);
  EXPECT_EQ(stsch(id(1)).pmcw.device_number, 1);
}

TEST_F(Subsystem, ChannelPathMonitorAndLimitOperandsAreValidated) {
  EXPECT_TRUE(css.reset_channel_path(0x0000'0100).operand_exception);
  EXPECT_TRUE(css.reset_channel_path(0x0001'0000).operand_exception);
  EXPECT_EQ(css.reset_channel_path(0x55).cc, 3);
  EXPECT_TRUE(css.set_channel_monitor(4, 0).operand_exception);
  EXPECT_TRUE(css.set_channel_monitor(2, 0x10).operand_exception);
  EXPECT_FALSE(css.set_channel_monitor(0, 0x10).operand_exception);
  EXPECT_TRUE(css.set_address_limit(1).operand_exception);
  EXPECT_TRUE(css.set_address_limit(0x8000'0000).operand_exception);
  EXPECT_FALSE(css.set_address_limit(0x7FFF'0000).operand_exception);
}

TEST_F(Subsystem, NotifyingADeviceWithoutQueuesIsAnInvalidArgument) {
  ASSERT_TRUE(css.attach({echo[0], identity}).ok());
  EXPECT_EQ(css.notify_virtqueue(id(0), 0, 0), -22);
  EXPECT_EQ(css.notify_virtqueue(id(9), 0, 0), -22);
  EXPECT_EQ(css.notify_virtqueue(0, 0, 0), -22);
}

TEST_F(Subsystem, ResetDisablesSubchannelsAndForgetsEverythingPending) {
  ASSERT_TRUE(css.attach({echo[0], identity, nullptr, {}, true}).ok());
  enable_sets();
  enable(id(0));
  echo[0].link->alert(0x80);
  echo[0].link->adapter_interruption(3);
  put_ccw(0x1000, 0x03, 0x20, 1, 0);
  css.reset();
  EXPECT_EQ(echo[0].times_reset, 1);
  EXPECT_EQ(css.pending_subclasses(), 0);
  EXPECT_FALSE(css.channel_report_waiting());
  EXPECT_EQ(stsch(id(0)).pmcw.flags, 1);
  EXPECT_EQ(stsch(id(0)).pmcw.parameter, 0u);
  EXPECT_EQ(store_cc(id(0, 1)), 3);
  enable(id(0));
  ASSERT_EQ(ssch(id(0), 0x1000), 0);
  css.reset();
  EXPECT_EQ(events.scheduled(), 0u);
}

TEST_F(Subsystem, ASnapshotContinuesWhereItWasTaken) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(css.attach({echo[i], identity, nullptr, {}, i == 2}).ok());
  enable_sets();
  for (u16 i = 0; i < 3; ++i) enable(id(i));
  echo[1].content = {1, 2, 3, 4};
  echo[1].link->alert(0x80);
  echo[2].link->adapter_interruption(5);
  put_ccw(0x1000, EchoDevice::kRead, 0x20, 4, 0x2000);
  ASSERT_EQ(ssch(id(0), 0x1000), 0);
  put_ccw(0x1100, EchoDevice::kRead, 0x22, 4, 0x2000);
  ASSERT_EQ(ssch(id(2), 0x1100, 0x08C2), 0);
  events.advance(cpu::timing::microseconds(1));
  MemorySnapshotWriter out;
  css.save(out);

  DeviceBench other;
  EchoDevice others[3];
  for (auto& device : others) ASSERT_TRUE(other.css.attach({device, identity}).ok());
  other.put_ccw(0x1000, EchoDevice::kRead, 0x20, 4, 0x2000);
  other.put_ccw(0x1100, EchoDevice::kRead, 0x22, 4, 0x2000);
  MemorySnapshotReader in(out.snapshot);
  ASSERT_TRUE(other.css.restore(in));
  EXPECT_TRUE(in.at_end());
  MemorySnapshotWriter again;
  other.css.save(again);
  EXPECT_EQ(out.snapshot, again.snapshot);

  for (DeviceBench* bench : {static_cast<DeviceBench*>(this), &other}) {
    EXPECT_EQ(bench->css.pending_subclasses(), 0x14);
    ASSERT_TRUE(bench->events.settle());
    EXPECT_EQ(bench->css.take_interruption(0xFF)->subsystem_id, id(1));
    EXPECT_EQ(bench->css.take_interruption(0xFF)->subsystem_id, id(0));
    EXPECT_EQ(bench->tsch(id(0)), 0);
    EXPECT_EQ(bench->irb.scsw.control, 0x4007);
    EXPECT_EQ(bench->stsch(id(2)).scsw.control, 0x4029);
    EXPECT_EQ(bench->css.channel_report(), 0x0304'0002u);
  }
  EXPECT_EQ(others[1].content, (std::vector<u8>{1, 2, 3, 4}));
}

TEST_F(Subsystem, ASnapshotOfOtherDevicesIsRefused) {
  ASSERT_TRUE(css.attach({echo[0], identity}).ok());
  MemorySnapshotWriter out;
  css.save(out);
  DeviceBench other;
  MemorySnapshotReader in(out.snapshot);
  EXPECT_FALSE(other.css.restore(in));
}

} // namespace
} // namespace siena::test
