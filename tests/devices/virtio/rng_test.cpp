// SPDX-License-Identifier: BSD-3-Clause
#include "devices/virtio/rng/rng_device.h"
#include "tests/devices/virtio/fake_driver.h"

namespace siena::test {
namespace {

using namespace devices::virtio;

class Counting final : public rng::EntropySource {
 public:
  void fill(std::span<u8> bytes) override {
    for (u8& b : bytes) b = ++last;
  }
  u8 last = 0;
};

class Rng : public DeviceBench, public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(css.attach(transport.attachment()).ok());
    driver.bring_up(1);
  }
  Counting source;
  rng::RngDevice device{storage(), source};
  CcwTransport transport{storage(), events, device};
  FakeDriver driver{*this, 0};
};

TEST_F(Rng, FillsTheDriversBuffers) {
  const auto first = driver.writable(3), second = driver.writable(2);
  driver.add(0, {first, second});
  driver.notify(0);
  EXPECT_EQ(driver.take_interruptions(), (std::set<unsigned>{0}));
  EXPECT_EQ(driver.take_used(0)->length, 5u);
  EXPECT_EQ(get(first.address, 3), (std::vector<u8>{1, 2, 3}));
  EXPECT_EQ(get(second.address, 2), (std::vector<u8>{4, 5}));
}

TEST_F(Rng, GivesAtMostAPageAtATime) {
  driver.add(0, {driver.writable(10'000)});
  driver.notify(0);
  EXPECT_EQ(driver.take_used(0)->length, 4096u);
}

TEST_F(Rng, ABufferThatCannotBeWrittenComesBackEmpty) {
  driver.add(0, {driver.readable({1, 2, 3})});
  driver.notify(0);
  EXPECT_EQ(driver.take_used(0)->length, 0u);
}

TEST_F(Rng, RandomBytesOverItsOwnRingDoNotHangIt) {
  // The buffer is the available ring itself.
  auto& q = driver.queues[0];
  driver.put_descriptor(q.descriptors, q.available, 6 + 2u * q.size, 2, 0);
  driver.make_available(0, 0);
  driver.notify(0);
  EXPECT_TRUE(events.settle());
}

} // namespace
} // namespace siena::test
