// SPDX-License-Identifier: BSD-3-Clause
#include "machine/external_events.h"

#include "machine/event_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace siena::machine {
namespace {
using cpu::timing::microseconds;
using cpu::timing::VirtualTime;

class Input : public testing::Test {
 protected:
  Input() {
    external.connect("term", [this](std::span<const u8> bytes) {
      const std::size_t taken = std::min(room, bytes.size());
      got.append(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(taken));
      room -= taken;
      offers++;
      return taken;
    });
  }
  void submit(std::string_view text, const std::string& source = "term") {
    external.submit(source, {reinterpret_cast<const u8*>(text.data()), text.size()});
  }
  void run_to(VirtualTime time) {
    while (queue.next() <= time) {
      now = std::max(now, queue.next());
      queue.run_due(now);
    }
    now = time;
  }

  VirtualTime now = 1000;
  EventQueue queue{[this] { return now; }};
  ExternalEvents external{queue};
  std::size_t room = 1000;
  std::string got;
  int offers = 0;
};

TEST_F(Input, IsStampedLoggedAndDelivered) {
  submit("ab");
  EXPECT_EQ(got, "");
  run_to(now);
  EXPECT_EQ(got, "ab");
  ASSERT_EQ(external.log().size(), 1u);
  EXPECT_EQ(external.log()[0].time, 1000u);
  EXPECT_EQ(external.log()[0].source, "term");
  EXPECT_EQ(external.log()[0].bytes, (std::vector<u8>{'a', 'b'}));
}

TEST_F(Input, KeepsItsOrderWhenTheDeviceIsFull) {
  room = 1;
  submit("abc");
  run_to(now);
  EXPECT_EQ(external.undelivered("term"), 2u);
  room = 1000;
  submit("def"); // must not overtake what waits
  run_to(now);
  EXPECT_EQ(got, "a");
  run_to(now + microseconds(10'000));
  EXPECT_EQ(got, "abcdef");
  EXPECT_EQ(external.undelivered("term"), 0u);
}

TEST_F(Input, ThatNobodyTakesCostsLittle) {
  room = 0;
  submit("abc");
  run_to(now + microseconds(60'000'000));
  EXPECT_LT(offers, 300);
  room = 3;
  run_to(now + microseconds(300'000));
  EXPECT_EQ(got, "abc");
  EXPECT_EQ(queue.next(), ~VirtualTime{0});
}

TEST_F(Input, WithoutAReceiverIsOnlyLogged) {
  submit("abc", "elsewhere");
  EXPECT_EQ(external.undelivered("elsewhere"), 0u);
  EXPECT_EQ(external.log().size(), 1u);
  EXPECT_EQ(queue.next(), ~VirtualTime{0});
}

} // namespace
} // namespace siena::machine
