// SPDX-License-Identifier: BSD-3-Clause
// The virtio-ccw transport as Linux's driver meets it: revisions, features, status, queues, indicators, notification, reset,
// and drivers that do not behave.
#include "tests/devices/memory_snapshot.h"
#include "tests/devices/virtio/fake_driver.h"

#include <random>

namespace siena::test {
namespace {

using namespace devices::virtio;

/// Gives every chain back with its readable bytes doubled into its writable ones.
class LoopDevice final : public VirtioDevice {
 public:
  explicit LoopDevice(mmu::AbsoluteStorage& storage) : storage_(storage) {}
  u8 id() const override { return 42; }
  u64 features() const override { return 0x5; }
  unsigned queue_count() const override { return 3; }
  u16 queue_size(unsigned) const override { return 16; }
  std::size_t configuration_size() const override { return 20; }
  void read_configuration(std::span<u8> space, ByteOrder order) const override {
    store<u32>(order, space.data() + 4, 0x1122'3344u);
    store<u64>(order, space.data() + 8, 0x5566'7788'99AA'BBCCu);
  }
  void write_configuration(std::span<const u8> bytes, ByteOrder) override {
    written.assign(bytes.begin(), bytes.end());
  }
  bool notified(unsigned index) override {
    notifications.push_back(index);
    Virtqueue& queue = transport().queue(index);
    DescriptorChain chain;
    for (unsigned budget = work_limit; budget != 0; --budget) {
      if (!queue.pop(chain)) {
        transport().signal(index);
        return false;
      }
      std::vector<u8> bytes(chain.readable_length());
      (void)chain.read(storage_, 0, bytes);
      queue.push(chain.head(), static_cast<u32>(chain.write(storage_, 0, bytes)));
    }
    transport().signal(index);
    return true;
  }
  void reset() override { ++resets; }
  void save(SnapshotWriter& out) const override { out.begin("loop", 1); }
  void restore(SnapshotReader& in) override { in.begin("loop"); }
  using VirtioDevice::transport;

  std::vector<unsigned> notifications;
  std::vector<u8> written;
  unsigned work_limit = 100;
  int resets = 0;

 private:
  mmu::AbsoluteStorage& storage_;
};

class CcwTransportOfADevice : public DeviceBench, public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(css.attach(transport.attachment()).ok()); }

  LoopDevice device{storage()};
  CcwTransport transport{storage(), events, device};
  FakeDriver driver{*this, 0};
};

TEST_F(CcwTransportOfADevice, IdentifiesItselfByControlUnitTypeAndDeviceId) {
  enable(id(0));
  ASSERT_TRUE(driver.command(0xE4, std::vector<u8>(7)));
  EXPECT_EQ(driver.answer, (std::vector<u8>{0xFF, 0x38, 0x32, 42, 0, 0, 0}));
}

TEST_F(CcwTransportOfADevice, OffersRevision2AndRejectsHigherOnes) {
  driver.negotiate(~u64{0}, 5);
  EXPECT_EQ(driver.revision, 2);
  EXPECT_FALSE(driver.set_revision(2)); // only once
  EXPECT_TRUE(driver.rejected);
  disable(id(0));
  enable(id(0));
  EXPECT_TRUE(driver.set_revision(1));
}

TEST_F(CcwTransportOfADevice, FeaturesAbove31NeedARevision) {
  driver.negotiate(~u64{0});
  EXPECT_EQ(driver.features, 0x1'3000'0005u);
  disable(id(0));
  driver.negotiate(~u64{0}, 0);
  EXPECT_EQ(driver.features, 0x3000'0005u);
}

TEST_F(CcwTransportOfADevice, FeatureWordsBeyondTheSecondAreZero) {
  driver.negotiate(~u64{0});
  ASSERT_TRUE(driver.command(0x12, {9, 9, 9, 9, 2}));
  EXPECT_EQ(driver.answer, (std::vector<u8>{0, 0, 0, 0, 2}));
}

TEST_F(CcwTransportOfADevice, FeaturesOkIsRejectedWithoutVersion1OrWithUnofferedFeatures) {
  enable(id(0));
  ASSERT_TRUE(driver.set_revision(2));
  driver.revision = 2;
  driver.write_features(0x5);
  EXPECT_FALSE(driver.write_status(0x0B));
  EXPECT_TRUE(driver.rejected);
  EXPECT_EQ(driver.read_status(), 0);
  driver.write_features(FakeDriver::kVersion1 | 0x2);
  EXPECT_FALSE(driver.write_status(0x0B));
  driver.write_features(FakeDriver::kVersion1 | 0x1);
  EXPECT_TRUE(driver.write_status(0x0B));
  EXPECT_EQ(driver.read_status(), 0x0B);
}

TEST_F(CcwTransportOfADevice, AModernDriverMustSettleFeaturesBeforeItIsReady) {
  enable(id(0));
  ASSERT_TRUE(driver.set_revision(1));
  EXPECT_FALSE(driver.write_status(0x07));
  EXPECT_TRUE(driver.rejected);
}

TEST_F(CcwTransportOfADevice, TheConfigurationSpaceFollowsTheDriversByteOrder) {
  driver.negotiate(~u64{0});
  EXPECT_EQ(driver.read_configuration<u32>(4), 0x1122'3344u);
  EXPECT_EQ(driver.answer[4], 0x44);
  EXPECT_EQ(driver.read_configuration<u64>(8), 0x5566'7788'99AA'BBCCu);
  disable(id(0));
  driver.negotiate(~u64{0}, 0);
  EXPECT_EQ(driver.read_configuration<u32>(4), 0x1122'3344u);
  EXPECT_EQ(driver.answer[4], 0x11);
}

TEST_F(CcwTransportOfADevice, TheConfigurationSpaceIsReadAndWrittenFromItsStart) {
  driver.negotiate(~u64{0});
  EXPECT_TRUE(driver.command(0x22, std::vector<u8>(20)));
  EXPECT_FALSE(driver.command(0x22, std::vector<u8>(21))); // incorrect length
  EXPECT_EQ(irb.scsw.subchannel_status, 0x40);
  EXPECT_TRUE(driver.command(0x22, std::vector<u8>(256), 0x20));
  EXPECT_EQ(irb.scsw.count, 236);
  EXPECT_TRUE(driver.command(0x21, {1, 2, 3}));
  EXPECT_EQ(device.written, (std::vector<u8>{1, 2, 3}));
}

TEST_F(CcwTransportOfADevice, CommandsWithTooLittleDataAreRejected) {
  driver.negotiate(~u64{0});
  for (const int code : {0x83, 0x12, 0x11, 0x13, 0x43, 0x53, 0x73, 0x32}) {
    EXPECT_FALSE(driver.command(static_cast<u8>(code), {0}, 0x20)) << code;
    EXPECT_TRUE(driver.rejected) << code;
  }
}

TEST_F(CcwTransportOfADevice, CommandsWithDataOutsideStorageAreProgramChecks) {
  driver.negotiate(~u64{0});
  for (const int code : {0x12, 0x11, 0x13, 0x22, 0x21, 0x31, 0x72, 0x43, 0x53, 0x73, 0x32}) {
    put_ccw(driver.kCcw(), static_cast<u8>(code), 0x20, 20, 0x7000'0000);
    run(id(0), driver.kCcw());
    EXPECT_EQ(irb.scsw.subchannel_status, 0x20) << code;
    EXPECT_EQ(irb.scsw.device_status & 2, 0) << code;
  }
}

TEST_F(CcwTransportOfADevice, UnknownCommandsAreRejected) {
  enable(id(0));
  EXPECT_FALSE(driver.command(0x93, {0}));
  EXPECT_TRUE(driver.rejected);
}

TEST_F(CcwTransportOfADevice, AQueueThatIsNotThereHasSizeZeroAndCannotBeSet) {
  driver.negotiate(~u64{0});
  EXPECT_EQ(driver.queue_maximum(2), 16);
  EXPECT_EQ(driver.queue_maximum(3), 0);
  EXPECT_EQ(driver.queue_maximum(0xFFFF), 0);
  std::vector<u8> block(32);
  store_big(block.data(), u64{0x20'0000});
  store_big(block.data() + 12, u16{3});
  store_big(block.data() + 14, u16{16});
  EXPECT_FALSE(driver.command(0x13, block));
  EXPECT_TRUE(driver.rejected);
}

TEST_F(CcwTransportOfADevice, RequestsGoThroughARingOfAnyRevision) {
  for (const u16 revision : {u16{0}, u16{1}, u16{2}}) {
    disable(id(0));
    FakeDriver d(*this, 0, 0x10'0000 + 0x8'0000u * revision);
    d.bring_up(1, ~u64{0}, revision);
    ASSERT_EQ(d.revision, revision);
    const auto in = d.writable(8);
    const u16 head = d.add(0, {d.readable({1, 2, 3}), d.readable({4, 5}), in});
    EXPECT_EQ(d.notify(0), 0);
    EXPECT_EQ(d.take_interruptions(), (std::set<unsigned>{0}));
    const auto used = d.take_used(0);
    ASSERT_TRUE(used.has_value());
    EXPECT_EQ(used->head, head);
    EXPECT_EQ(used->length, 5u);
    EXPECT_EQ(get(in.address, 5), (std::vector<u8>{1, 2, 3, 4, 5}));
  }
}

TEST_F(CcwTransportOfADevice, IndirectRequestsWork) {
  driver.bring_up(1);
  const auto in = driver.writable(8);
  driver.add_indirect(0, {driver.readable({1, 2, 3}), in});
  driver.notify(0);
  EXPECT_EQ(driver.take_used(0)->length, 3u);
}

TEST_F(CcwTransportOfADevice, NotificationOfABadQueueIsAnInvalidArgument) {
  driver.bring_up(1);
  EXPECT_EQ(css.notify_virtqueue(id(0), 3, 0), -22);
  EXPECT_EQ(css.notify_virtqueue(id(0), ~u64{0}, 0), -22);
  EXPECT_EQ(css.notify_virtqueue(id(0), 2, 0), 0); // exists, but is not set up
  EXPECT_EQ(css.notify_virtqueue(id(0), 0, 0), 0);
}

TEST_F(CcwTransportOfADevice, BuffersOfferedBeforeTheDriverIsReadyAreServedThen) {
  driver.negotiate(~u64{0});
  driver.setup_queue(0);
  driver.set_adapter_indicators(0);
  driver.add(0, {driver.readable({1})});
  driver.notify(0);
  EXPECT_TRUE(device.notifications.empty());
  driver.driver_ok();
  EXPECT_TRUE(driver.take_used(0).has_value());
}

TEST_F(CcwTransportOfADevice, OneAdapterInterruptionPerSummary) {
  driver.bring_up(3);
  driver.add(0, {driver.readable({1})});
  driver.add(2, {driver.readable({1})});
  driver.notify(0);
  driver.notify(2);
  EXPECT_EQ(get(driver.kSummary(), 1)[0], 1);
  EXPECT_EQ(get(driver.kIndicators(), 1)[0], 0x05); // bits 5 and 7 from the left
  EXPECT_EQ(css.pending_subclasses(), 0x10);
  EXPECT_EQ(driver.take_interruptions(), (std::set<unsigned>{0, 2}));
  EXPECT_EQ(driver.adapter_interruptions, 1);
}

TEST_F(CcwTransportOfADevice, ClassicIndicatorsUseTheSubchannel) {
  driver.bring_up(3, ~u64{0}, 2, false);
  driver.add(0, {driver.readable({1})});
  driver.add(2, {driver.readable({1})});
  driver.notify(0);
  driver.notify(2);
  EXPECT_EQ(storage().load<u64>({driver.kIndicators()}), 5u);
  EXPECT_EQ(driver.take_interruptions(), (std::set<unsigned>{0, 2}));
  EXPECT_EQ(driver.classic_interruptions, 1);
}

TEST_F(CcwTransportOfADevice, TheTwoKindsOfIndicatorsExcludeEachOther) {
  driver.negotiate(~u64{0});
  driver.set_classic_indicators();
  std::vector<u8> block(25);
  store_big(block.data(), driver.kSummary());
  store_big(block.data() + 8, driver.kIndicators());
  EXPECT_FALSE(driver.command(0x73, block));
  EXPECT_TRUE(driver.rejected);
  EXPECT_TRUE(driver.command(0x43, std::vector<u8>(8))); // taken back
  EXPECT_TRUE(driver.command(0x73, block));
  EXPECT_FALSE(driver.command(0x43, std::vector<u8>(8)));
  store_big(block.data() + 8, u64{0}); // deregistered, as Linux does it
  EXPECT_TRUE(driver.command(0x73, block));
  EXPECT_TRUE(driver.command(0x43, std::vector<u8>(8)));
}

TEST_F(CcwTransportOfADevice, AConfigurationChangeIsToldThroughTheSecondIndicators) {
  driver.bring_up(1);
  device.transport().configuration_changed();
  EXPECT_TRUE(driver.take_interruptions().empty());
  EXPECT_EQ(driver.configuration_changes, 1);
}

TEST_F(CcwTransportOfADevice, IndicatorsOutsideStorageAreIgnored) {
  driver.negotiate(~u64{0});
  driver.setup_queue(0);
  std::vector<u8> block(25);
  store_big(block.data(), ~u64{0});
  store_big(block.data() + 8, ~u64{7});
  store_big(block.data() + 16, ~u64{0});
  ASSERT_TRUE(driver.command(0x73, block));
  std::vector<u8> address(8, 0xFF);
  ASSERT_TRUE(driver.command(0x53, address));
  driver.driver_ok();
  driver.add(0, {driver.readable({1})});
  driver.notify(0);
  device.transport().configuration_changed();
  EXPECT_EQ(css.pending_subclasses(), 0);
  block[24] = 8;
  EXPECT_FALSE(driver.command(0x73, block));
}

TEST_F(CcwTransportOfADevice, NotificationsInBothDirectionsAreSuppressedByEventIndex) {
  driver.bring_up(1);
  driver.add(0, {driver.readable({1})});
  EXPECT_TRUE(driver.device_wants_notification(0, 0));
  driver.notify(0);
  EXPECT_EQ(driver.take_interruptions().size(), 1u);
  driver.take_used(0);
  // The driver does not move its event on: no further interruptions.
  driver.put16(driver.queues[0].available + 4 + 2u * 16, 100);
  driver.add(0, {driver.readable({1})});
  EXPECT_TRUE(driver.device_wants_notification(0, 1));
  driver.notify(0);
  EXPECT_EQ(css.pending_subclasses(), 0);
  EXPECT_TRUE(driver.take_used(0).has_value());
}

TEST_F(CcwTransportOfADevice, WorkBeyondTheBudgetGoesOnLater) {
  device.work_limit = 2;
  driver.bring_up(1);
  for (int i = 0; i < 7; ++i) driver.add(0, {driver.readable({1})});
  driver.notify(0);
  EXPECT_TRUE(driver.take_used(0).has_value());
  EXPECT_TRUE(driver.take_used(0).has_value());
  EXPECT_FALSE(driver.take_used(0).has_value());
  ASSERT_TRUE(events.settle());
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(driver.take_used(0).has_value());
}

TEST_F(CcwTransportOfADevice, ABrokenRingStopsTheDeviceUntilItIsReset) {
  driver.bring_up(2);
  driver.put_descriptor(driver.queues[0].descriptors, 0, 1, 1, 0); // a loop
  driver.make_available(0, 0);
  driver.notify(0);
  EXPECT_EQ(driver.read_status(), 0x4F);
  EXPECT_TRUE(driver.take_interruptions().empty());
  EXPECT_EQ(driver.configuration_changes, 1);
  driver.add(1, {driver.readable({1})});
  EXPECT_EQ(driver.notify(1), 0);
  EXPECT_FALSE(driver.take_used(1).has_value());
  EXPECT_TRUE(driver.write_status(0x0F));
  EXPECT_EQ(driver.read_status(), 0x4F);
  EXPECT_TRUE(driver.reset());
  EXPECT_EQ(driver.read_status(), 0);
}

TEST_F(CcwTransportOfADevice, AResetForgetsQueuesIndicatorsAndFeaturesButNotTheRevision) {
  driver.bring_up(1);
  const int before = device.resets;
  ASSERT_TRUE(driver.write_status(0));
  EXPECT_EQ(device.resets, before + 1);
  EXPECT_EQ(driver.read_status(), 0);
  driver.add(0, {driver.readable({1})});
  driver.notify(0);
  EXPECT_FALSE(driver.take_used(0).has_value());
  EXPECT_FALSE(driver.set_revision(1));
  ASSERT_TRUE(driver.write_status(0x03));
  driver.write_features(FakeDriver::kVersion1);
  ASSERT_TRUE(driver.write_status(0x0B));
}

TEST_F(CcwTransportOfADevice, AnInputOutputResetForgetsTheRevisionToo) {
  driver.bring_up(1);
  css.reset();
  FakeDriver again(*this, 0, 0x20'0000);
  again.bring_up(1);
  again.add(0, {again.readable({1})});
  again.notify(0);
  EXPECT_TRUE(again.take_used(0).has_value());
}

TEST_F(CcwTransportOfADevice, AQueueSetToAddressZeroIsDisabled) {
  driver.bring_up(1);
  ASSERT_TRUE(driver.command(0x13, std::vector<u8>(32)));
  device.notifications.clear();
  driver.add(0, {driver.readable({1})});
  EXPECT_EQ(driver.notify(0), 0);
  EXPECT_TRUE(device.notifications.empty());
}

TEST_F(CcwTransportOfADevice, ASnapshotRoundTrips) {
  device.work_limit = 1;
  driver.bring_up(2);
  driver.add(0, {driver.readable({1})});
  driver.add(0, {driver.readable({2})});
  driver.notify(0);
  MemorySnapshotWriter out;
  css.save(out);
  LoopDevice other_device(storage());
  CcwTransport other(storage(), events, other_device);
  devices::channel::ChannelSubsystem other_css(storage(), events, sink);
  ASSERT_TRUE(other_css.attach(other.attachment()).ok());
  MemorySnapshotReader in(out.snapshot);
  ASSERT_TRUE(other_css.restore(in));
  EXPECT_TRUE(in.at_end());
  MemorySnapshotWriter again;
  other_css.save(again);
  EXPECT_EQ(out.snapshot, again.snapshot);
  css.reset(); // only the restored one works on
  EXPECT_TRUE(driver.take_used(0).has_value());
  EXPECT_FALSE(driver.take_used(0).has_value());
  ASSERT_TRUE(events.settle());
  EXPECT_TRUE(driver.take_used(0).has_value());
  EXPECT_EQ(other_css.notify_virtqueue(id(0), 1, 0), 0);
}

TEST_F(CcwTransportOfADevice, RandomCommandsNeverHangOrEscape) {
  static constexpr u8 kCodes[] = {0x83, 0x33, 0x12, 0x11, 0x22, 0x21, 0x31, 0x72, 0x32, 0x13, 0x43, 0x53, 0x73};
  enable(id(0));
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    std::vector<u8> block(random() % 40);
    for (u8& b : block) b = static_cast<u8>(random() % 3 == 0 ? random() : 0);
    if (block.size() >= 8 && random() % 2 == 0) store_big(block.data(), u64{0x20'0000} + 0x1000 * (random() % 16));
    if (block.size() >= 32 && random() % 2 == 0) {
      store_big(block.data() + 12, static_cast<u16>(random() % 4));
      store_big(block.data() + 14, static_cast<u16>(1 << random() % 6));
      store_big(block.data() + 16, u64{0x20'0000} + 0x1000 * (random() % 16));
      store_big(block.data() + 24, u64{0x20'0000} + 0x1000 * (random() % 16));
    }
    (void)driver.command(kCodes[random() % std::size(kCodes)], block, static_cast<u8>(random() % 2 * 0x20));
    if (random() % 4 == 0) (void)css.notify_virtqueue(id(0), random() % 4, 0);
    if (random() % 500 == 0) {
      disable(id(0));
      enable(id(0));
    }
    ASSERT_TRUE(events.settle());
    while (css.take_interruption(0xFF)) {
    }
    (void)tsch(id(0));
  }
}

} // namespace
} // namespace siena::test
