// SPDX-License-Identifier: BSD-3-Clause
// Clients of a monitor's socket that come, go, send too much and read too little.
#include "frontends/monitor/server.h"

#include "tests/frontends/monitor/monitored_machine.h"
#include "tests/host/temporary.h"

#include <gmock/gmock.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace siena::frontends::monitor {
namespace {
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::MonitoredMachine;
using ::testing::StartsWith;

class ServerTest : public ::testing::Test {
 protected:
  void open(bool control) {
    machine::MonitorSocket where{.option = "-qmp", .id = "m", .path = path(), .control = control};
    auto opened = Server::open(where, *loop, monitored.subject);
    ASSERT_TRUE(opened) << opened.error().message;
    server = std::move(opened.value());
  }
  std::string path() const { return directory.path("monitor"); }
  host::Descriptor connect() {
    host::Descriptor client{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    path().copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return client;
  }
  static void send(const host::Descriptor& client, std::string_view bytes) {
    EXPECT_EQ(::send(client.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  }
  void turn() {
    for (int i = 0; i < 50; ++i) loop->poll();
  }
  /// What has come, after a few turns.
  std::string receive(const host::Descriptor& client) {
    std::string text;
    char bytes[4096];
    for (int i = 0; i < 50; ++i) {
      loop->poll();
      const ssize_t got = ::recv(client.get(), bytes, sizeof bytes, 0);
      if (got > 0) text.append(bytes, static_cast<std::size_t>(got));
    }
    return text;
  }
  bool hung_up(const host::Descriptor& client) {
    turn();
    char bytes[4096];
    ssize_t got = 0;
    do got = ::recv(client.get(), bytes, sizeof bytes, 0);
    while (got > 0);
    return got == 0;
  }

  test::TemporaryDirectory directory;
  std::unique_ptr<host::EventLoop> loop = std::move(host::EventLoop::create().value());
  MonitoredMachine monitored;
  std::unique_ptr<Server> server;
};

TEST_F(ServerTest, NobodyElseMayConnect) {
  open(true);
  struct stat info = {};
  ASSERT_EQ(::stat(path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(ServerTest, OneClientAtATimeAndTheNextOneWaits) {
  open(true);
  auto first = connect();
  EXPECT_THAT(receive(first), StartsWith("{\"QMP\""));
  EXPECT_TRUE(server->connected());
  auto second = connect();
  EXPECT_EQ(receive(second), "");
  send(first, "{'execute':'qmp_capabilities'}{'execute':'query-na");
  EXPECT_EQ(receive(first), "{\"return\": {}}\r\n");
  first.reset();
  EXPECT_THAT(receive(second), StartsWith("{\"QMP\""));
  // Half a command of somebody else's is nobody's, and so is what was negotiated.
  send(second, "{'execute':'query-name'}");
  EXPECT_THAT(receive(second), HasSubstr("capabilities negotiation"));
}

TEST_F(ServerTest, EventsReachWhoHasNegotiated) {
  open(true);
  server->announce({.kind = Event::Kind::Stop});
  auto client = connect();
  (void)receive(client);
  server->announce({.kind = Event::Kind::Stop});
  EXPECT_EQ(receive(client), "");
  send(client, "{'execute':'qmp_capabilities'}");
  (void)receive(client);
  server->announce({.kind = Event::Kind::Resume});
  EXPECT_THAT(receive(client), HasSubstr("\"RESUME\""));
}

TEST_F(ServerTest, AClientThatDoesNotReadIsNotServedOn) {
  open(true);
  auto client = connect();
  (void)receive(client);
  send(client, "{'execute':'qmp_capabilities'}");
  (void)receive(client);
  std::string request;
  for (int i = 0; i < 20'000; ++i) request += "{'execute':'query-cpu-definitions'}";
  std::size_t sent = 0;
  for (int i = 0; i < 500; ++i) {
    const ssize_t put = ::send(client.get(), request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
    if (put > 0) sent += static_cast<std::size_t>(put);
    loop->poll();
  }
  EXPECT_LT(sent, request.size());
  EXPECT_THAT(receive(client), HasSubstr("gen17b-base"));
}

TEST_F(ServerTest, AClientThatReadsNoEventsIsHungUpOn) {
  open(true);
  auto client = connect();
  (void)receive(client);
  send(client, "{'execute':'qmp_capabilities'}");
  (void)receive(client);
  for (int i = 0; i < 50'000; ++i) server->announce({.kind = Event::Kind::Stop});
  for (int i = 0; i < 100 && !hung_up(client); ++i) {
  }
  EXPECT_TRUE(hung_up(client));
  EXPECT_THAT(receive(connect()), StartsWith("{\"QMP\""));
}

TEST_F(ServerTest, NoiseIsAnsweredAndTheNextLineIsServed) {
  open(true);
  auto client = connect();
  (void)receive(client);
  send(client, "GET / HTTP/1.1\r\n\xFF\xFE}}}}\n{'execute':'qmp_capabilities'}\n");
  EXPECT_THAT(receive(client), EndsWith("{\"return\": {}}\r\n"));
}

TEST_F(ServerTest, TheHumanMonitorCanBeOnASocketToo) {
  open(false);
  auto client = connect();
  EXPECT_THAT(receive(client), EndsWith("(siena) "));
  send(client, "info status\n");
  EXPECT_EQ(receive(client), "info status\r\nVM status: running\r\n(siena) ");
  send(client, "stop\n");
  (void)receive(client);
  EXPECT_EQ(monitored.commands.did, "stop ");
}

} // namespace
} // namespace siena::frontends::monitor
