// SPDX-License-Identifier: BSD-3-Clause
#include "devices/virtio/console/console_device.h"
#include "tests/devices/memory_snapshot.h"
#include "tests/devices/virtio/fake_driver.h"

#include <random>

namespace siena::test {
namespace {

using namespace devices::virtio;

class Text final : public devices::ByteSink {
 public:
  void write(std::span<const u8> bytes) override { text.append(bytes.begin(), bytes.end()); }
  std::string text;
};

std::vector<u8> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

/// A lone console: port 0, no control channel.
class PlainConsole : public DeviceBench, public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(css.attach(transport.attachment()).ok()); }

  Text output;
  console::ConsoleDevice device{storage(), {.ports = {{.number = 0, .console = true, .output = &output}}}};
  CcwTransport transport{storage(), events, device};
  FakeDriver driver{*this, 0};
};

TEST_F(PlainConsole, HasTwoQueuesAndNoControlChannel) {
  driver.bring_up(2);
  EXPECT_EQ(driver.features & 0xFFFF, 1u << 2);
  EXPECT_EQ(driver.queue_maximum(2), 0);
  EXPECT_EQ(driver.read_configuration<u32>(4), 1u);
}

TEST_F(PlainConsole, OutputReachesTheSinkBeforeTheNotificationReturns) {
  driver.bring_up(2);
  driver.add(1, {driver.readable(bytes_of("hello, ")), driver.readable(bytes_of("world\n"))});
  driver.notify(1);
  EXPECT_EQ(output.text, "hello, world\n");
  EXPECT_TRUE(driver.take_used(1).has_value());
}

TEST_F(PlainConsole, InputWaitsForBuffersAndThenInterrupts) {
  driver.bring_up(2);
  EXPECT_EQ(device.port(0)->receive(bytes_of("abcdef")), 6u);
  EXPECT_EQ(css.pending_subclasses(), 0);
  const auto first = driver.writable(4), second = driver.writable(4);
  driver.add(0, {first});
  driver.add(0, {second});
  driver.notify(0);
  EXPECT_EQ(driver.take_interruptions(), (std::set<unsigned>{0}));
  EXPECT_EQ(driver.take_used(0)->length, 4u);
  EXPECT_EQ(driver.take_used(0)->length, 2u);
  EXPECT_EQ(get(first.address, 4), bytes_of("abcd"));
  EXPECT_EQ(get(second.address, 2), bytes_of("ef"));
}

TEST_F(PlainConsole, InputBeforeTheDriverIsThereIsKeptUpToABound) {
  EXPECT_EQ(device.port(0)->receive(std::vector<u8>(3000, 'x')), 3000u);
  EXPECT_EQ(device.port(0)->receive(std::vector<u8>(3000, 'y')), 1096u);
  EXPECT_EQ(device.port(0)->receive(std::vector<u8>(10)), 0u);
  driver.negotiate(~u64{0});
  driver.setup_queue(0);
  driver.setup_queue(1);
  driver.set_adapter_indicators(0);
  driver.add(0, {driver.writable(4096)});
  driver.driver_ok();
  EXPECT_EQ(driver.take_used(0)->length, 4096u);
  EXPECT_EQ(device.port(0)->receive(std::vector<u8>(10)), 10u);
}

TEST_F(PlainConsole, SingleCharactersCanBeWrittenThroughTheConfigurationSpace) {
  driver.negotiate(~u64{0});
  std::vector<u8> space(12);
  space[8] = '!';
  EXPECT_TRUE(driver.command(0x21, space));
  EXPECT_EQ(output.text, "!");
}

TEST_F(PlainConsole, OutputOfAnAbsurdLengthStopsTheDevice) {
  driver.bring_up(2);
  std::vector<FakeDriver::Buffer> buffers(100, {0x40'0000, 0x10'0000, false});
  driver.add(1, buffers);
  driver.notify(1);
  EXPECT_EQ(driver.read_status(), 0x4F);
}

/// A console and two named ports behind one device.
class MultiportConsole : public DeviceBench, public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(css.attach(transport.attachment()).ok()); }

  void bring_up() {
    driver.bring_up(8);
    for (int i = 0; i < 16; ++i) driver.add(2, {driver.writable(64)});
    driver.notify(2);
    for (const u16 queue : {u16{0}, u16{4}, u16{6}}) {
      for (int i = 0; i < 2; ++i) input_.push_back(driver.writable(64)), driver.add(queue, {input_.back()});
      driver.notify(queue);
    }
  }
  void control(u32 port, u16 event, u16 value) {
    std::vector<u8> message(8);
    store(driver.order(), message.data(), port);
    store(driver.order(), message.data() + 4, event);
    store(driver.order(), message.data() + 6, value);
    driver.add(3, {driver.readable(message)});
    driver.notify(3);
    ASSERT_TRUE(driver.take_used(3).has_value()); // Linux spins until it is
  }
  struct Message {
    u32 port;
    u16 event, value;
    std::string name;
    bool operator==(const Message&) const = default;
  };
  std::vector<Message> messages() {
    std::vector<Message> result;
    const u64 first = driver.queues[2].descriptors;
    while (const auto used = driver.take_used(2)) {
      const auto address = load<u64>(driver.order(), get(first + 16 * used->head, 8).data());
      const auto bytes = get(address, used->length);
      const ByteOrder order = driver.order();
      result.push_back({load<u32>(order, bytes.data()),
                        load<u16>(order, bytes.data() + 4),
                        load<u16>(order, bytes.data() + 6),
                        std::string(bytes.begin() + 8, bytes.end())});
    }
    return result;
  }

  Text terminal, exit_code, agent;
  console::ConsoleDevice device{storage(),
                                {.ports = {{.number = 0, .console = true, .output = &terminal},
                                           {.number = 1, .name = "siena.exit", .output = &exit_code},
                                           {.number = 2, .name = "agent", .output = &agent}}}};
  CcwTransport transport{storage(), events, device};
  FakeDriver driver{*this, 0};
  std::vector<FakeDriver::Buffer> input_;
};

TEST_F(MultiportConsole, AnnouncesItsPortsAndTheirNames) {
  bring_up();
  EXPECT_EQ(driver.read_configuration<u32>(4), 3u);
  control(0xFFFF'FFFF, 0, 1); // the driver is ready
  EXPECT_EQ(driver.take_interruptions().count(2), 1u);
  EXPECT_EQ(messages(), (std::vector<Message>{{0, 1, 1, ""}, {1, 1, 1, ""}, {2, 1, 1, ""}}));
  control(0, 3, 1); // port ready
  EXPECT_EQ(messages(), (std::vector<Message>{{0, 4, 1, ""}, {0, 6, 1, ""}}));
  control(1, 3, 1);
  EXPECT_EQ(messages(), (std::vector<Message>{{1, 7, 1, "siena.exit"}, {1, 6, 1, ""}}));
  control(2, 3, 0); // could not be set up
  EXPECT_TRUE(messages().empty());
}

TEST_F(MultiportConsole, OutputGoesToTheSinkOfItsPort) {
  bring_up();
  control(1, 6, 1);
  driver.add(5, {driver.readable(bytes_of("17\n"))});
  driver.notify(5);
  driver.add(1, {driver.readable(bytes_of("login: "))});
  driver.notify(1);
  EXPECT_EQ(exit_code.text, "17\n");
  EXPECT_EQ(terminal.text, "login: ");
  EXPECT_EQ(agent.text, "");
}

TEST_F(MultiportConsole, InputWaitsUntilTheGuestOpensThePort) {
  bring_up();
  EXPECT_EQ(device.port(2)->receive(bytes_of("ping")), 4u);
  EXPECT_FALSE(driver.take_used(6).has_value());
  EXPECT_FALSE(device.port(2)->guest_open());
  control(2, 6, 1);
  EXPECT_TRUE(device.port(2)->guest_open());
  EXPECT_EQ(driver.take_used(6)->length, 4u);
  control(2, 6, 0);
  EXPECT_EQ(device.port(2)->receive(bytes_of("pong")), 4u);
  EXPECT_FALSE(driver.take_used(6).has_value());
}

TEST_F(MultiportConsole, MessagesWaitForControlBuffersWithoutPilingUp) {
  driver.bring_up(8);
  for (int i = 0; i < 1000; ++i) control(1, 3, 1);
  for (int i = 0; i < 16; ++i) driver.add(2, {driver.writable(64)});
  driver.notify(2);
  EXPECT_EQ(messages(), (std::vector<Message>{{1, 7, 1, "siena.exit"}, {1, 6, 1, ""}}));
}

TEST_F(MultiportConsole, ADriverWithoutMultiportSeesPort0Only) {
  driver.bring_up(2, 0);
  EXPECT_EQ(device.port(0)->receive(bytes_of("x")), 1u);
  driver.add(0, {driver.writable(8)});
  driver.notify(0);
  EXPECT_EQ(driver.take_used(0)->length, 1u);
  EXPECT_EQ(device.port(1)->receive(bytes_of("x")), 1u); // kept, nobody asks for it
}

TEST_F(MultiportConsole, UnknownPortsAndEventsAndShortMessagesAreIgnored) {
  bring_up();
  control(7, 3, 1);
  control(1, 99, 1);
  driver.add(3, {driver.readable({1, 2, 3})});
  driver.notify(3);
  EXPECT_TRUE(driver.take_used(3).has_value());
  EXPECT_TRUE(messages().empty());
  EXPECT_EQ(driver.read_status(), 0x0F);
}

TEST_F(MultiportConsole, AResetClosesThePortsAndKeepsTheInput) {
  bring_up();
  control(2, 6, 1);
  control(2, 6, 0);
  EXPECT_EQ(device.port(2)->receive(bytes_of("later")), 5u);
  control(1, 6, 1);
  ASSERT_TRUE(driver.reset());
  EXPECT_FALSE(device.port(1)->guest_open());
  disable(id(0));
  FakeDriver again(*this, 0, 0x20'0000);
  again.bring_up(8);
  again.add(6, {again.writable(64)});
  std::vector<u8> open(8);
  open[0] = 2;
  open[4] = 6;
  open[6] = 1;
  again.add(3, {again.readable(open)});
  again.notify(3);
  EXPECT_EQ(again.take_used(6)->length, 5u);
}

TEST_F(MultiportConsole, ASnapshotCarriesOpenPortsAndInput) {
  bring_up();
  control(1, 6, 1);
  EXPECT_EQ(device.port(2)->receive(bytes_of("kept")), 4u);
  MemorySnapshotWriter out;
  css.save(out);
  console::ConsoleDevice other_device(
      storage(),
      {.ports = {{.number = 0, .console = true}, {.number = 1, .name = "siena.exit"}, {.number = 2, .name = "agent"}}});
  CcwTransport other(storage(), events, other_device);
  devices::channel::ChannelSubsystem other_css(storage(), events, sink);
  ASSERT_TRUE(other_css.attach(other.attachment()).ok());
  MemorySnapshotReader in(out.snapshot);
  ASSERT_TRUE(other_css.restore(in));
  EXPECT_TRUE(in.at_end());
  MemorySnapshotWriter again;
  other_css.save(again);
  EXPECT_EQ(out.snapshot, again.snapshot);
  EXPECT_TRUE(other_device.port(1)->guest_open());
}

TEST_F(MultiportConsole, RandomControlMessagesNeverHangOrEscape) {
  bring_up();
  std::mt19937 random(3);
  for (int i = 0; i < 5000; ++i) {
    std::vector<u8> message(random() % 12);
    for (u8& b : message) b = static_cast<u8>(random() % 3 == 0 ? random() % 8 : 0);
    const auto at = 0x40'0000 + 0x100 * (static_cast<u64>(i) % 64);
    put(at, message);
    driver.add(3, {{at, static_cast<u32>(message.size()), false}});
    driver.notify(3);
    driver.take_used(3);
    (void)device.port(static_cast<u32>(random() % 3))->receive(std::vector<u8>(random() % 5, 'z'));
    ASSERT_TRUE(events.settle());
  }
}

} // namespace
} // namespace siena::test
