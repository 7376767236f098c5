// SPDX-License-Identifier: BSD-3-Clause
// Several users of one terminal, typed at through a pseudo-terminal as a person would.
#include "frontends/cli/terminals.h"

#include "machine/event_queue.h"
#include "tests/host/temporary.h"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <unistd.h>

namespace siena::frontends::cli {
namespace {

class NoSurroundings final : public machine::Surroundings {
 public:
  devices::ByteSink& output(const std::string&) override { return sink_; }
  void wait(u64) override {}
  u64 host_nanoseconds() override { return 0; }

 private:
  struct : devices::ByteSink {
    void write(std::span<const u8>) override {}
  } sink_;
};

struct Commands final : monitor::MachineCommands {
  monitor::RunState run_state() const override { return monitor::RunState::Running; }
  void quit() override { quits++; }
  void reset() override {}
  void power_down() override {}
  void stop() override {}
  void resume() override {}
  int quits = 0;
};

class SharedTerminal : public testing::Test {
 protected:
  void SetUp() override {
    auto created = host::EventLoop::create();
    ASSERT_TRUE(created);
    loop = std::move(created.value());
    machine::Configuration configuration;
    configuration.chardevs = {
        {.id = "t", .kind = machine::CharacterDeviceKind::Pty, .path = directory.path("terminal"), .mux = true}};
    configuration.devices = {{.driver = "sclpconsole", .properties = {{"chardev", "t"}}},
                             {.driver = "sclplmconsole", .properties = {{"chardev", "t"}}}};
    configuration.monitors = {{"t"}};
    auto opened = Terminals::open(configuration, *loop);
    ASSERT_TRUE(opened) << opened.error().message;
    terminals = std::move(opened.value());
    for (unsigned n = 1; n <= 2; n++)
      events.connect(machine::input_source("t", n), [this, n](std::span<const u8> bytes) {
        got[n - 1].append(bytes.begin(), bytes.end());
        return bytes.size();
      });
    terminals->connect(events, subject);
    keyboard = ::open(directory.path("terminal").c_str(), O_RDWR | O_NOCTTY);
    ASSERT_GE(keyboard, 0);
  }
  void TearDown() override {
    if (keyboard >= 0) ::close(keyboard);
    if (terminals) terminals->disconnect();
  }
  void type(std::string_view text) {
    ASSERT_EQ(::write(keyboard, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    for (int i = 0; i < 20; i++) {
      loop->run_for(std::chrono::milliseconds{5});
      queue.run_due(++now);
    }
  }

  test::TemporaryDirectory directory;
  std::unique_ptr<host::EventLoop> loop;
  cpu::timing::VirtualTime now = 0;
  machine::EventQueue queue{[this] { return now; }};
  machine::ExternalEvents events{queue};
  Commands commands;
  machine::Configuration nothing = [] {
    machine::Configuration configuration;
    configuration.rtc_base = 0;
    configuration.seed = 1;
    return configuration;
  }();
  NoSurroundings surroundings;
  std::unique_ptr<machine::Machine> machine = std::move(machine::Machine::create(nothing, surroundings).value());
  monitor::Subject subject{*machine, commands, nothing, "0"};
  std::unique_ptr<Terminals> terminals;
  std::string got[2];
  int keyboard = -1;
};

TEST_F(SharedTerminal, CtrlACGoesRoundTheConsolesAndTheMonitor) {
  type("a\1cb");
  EXPECT_EQ(got[0], "a");
  EXPECT_EQ(got[1], "b");
  type("\1cquit\r");
  EXPECT_EQ(commands.quits, 1);
  type("\1cA");
  EXPECT_EQ(got[0], "aA");
  EXPECT_EQ(got[1], "b");
}

} // namespace
} // namespace siena::frontends::cli
