// SPDX-License-Identifier: BSD-3-Clause
// Monitors on sockets, on the command line.
#include "frontends/cli/command_line.h"

#include <gmock/gmock.h>

namespace siena::frontends::cli {
namespace {
using machine::MonitorSocket;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<MonitorSocket> sockets(const std::vector<std::string>& arguments) {
  auto line = parse_command_line(arguments);
  if (line) return line.value().configuration.monitor_sockets;
  ADD_FAILURE() << line.error().message;
  return {};
}

/// The one socket of these options; a default one after a failure.
MonitorSocket one(const std::vector<std::string>& arguments) {
  const auto all = sockets(arguments);
  EXPECT_THAT(all, SizeIs(1));
  return all.empty() ? MonitorSocket{} : all[0];
}

std::string fails(const std::vector<std::string>& arguments) {
  const auto line = parse_command_line(arguments);
  if (line) return "no error";
  EXPECT_EQ(line.error().exit_code, 2);
  return line.error().message;
}

TEST(Qmp, ListensWhereItIsTold) {
  for (const auto text :
       {"unix:/x/qmp,server=on,wait=off", "unix:/x/qmp,server,nowait", "unix:/x/qmp,server=on,wait=no"}) {
    const auto socket = one({"-qmp", text});
    EXPECT_EQ(socket.path, "/x/qmp");
    EXPECT_TRUE(socket.control);
    EXPECT_FALSE(socket.wait);
  }
  EXPECT_TRUE(one({"-qmp", "unix:/x,server=on"}).wait);
}

TEST(Qmp, IsOnLoopbackUnlessAnAddressIsGiven) {
  EXPECT_EQ(one({"-qmp", "tcp::4444,server=on,wait=off"}).address, "127.0.0.1");
  EXPECT_EQ(one({"-qmp", "tcp::4444,server=on,wait=off"}).port, 4444);
  EXPECT_EQ(one({"-qmp", "tcp:0.0.0.0:4444,server=on,wait=off"}).address, "0.0.0.0");
  EXPECT_EQ(one({"-qmp", "tcp:[::1]:4444,server=on,wait=off"}).address, "::1");
  EXPECT_EQ(one({"-chardev", "socket,id=m,port=4444,server=on", "-mon", "m"}).address, "127.0.0.1");
}

TEST(Qmp, GoesThroughACharacterDeviceInAnyOrder) {
  const std::string chardev = "socket,id=m,path=/x/m,server=on,wait=off", mon = "chardev=m,mode=control";
  for (const auto& arguments :
       {std::vector<std::string>{"-chardev", chardev, "-mon", mon}, {"-mon", mon, "-chardev", chardev}}) {
    const auto socket = one(arguments);
    EXPECT_EQ(socket.path, "/x/m");
    EXPECT_EQ(socket.id, "m");
    EXPECT_TRUE(socket.control);
  }
  EXPECT_FALSE(one({"-chardev", chardev, "-mon", "m"}).control);
}

TEST(Qmp, LeavesNoMonitorAtTheTerminal) {
  const auto line = parse_command_line({"-nographic", "-qmp", "unix:/x,server=on,wait=off"});
  ASSERT_TRUE(line);
  EXPECT_THAT(line.value().configuration.monitors, IsEmpty());
}

TEST(Qmp, NamesWhatIsWrong) {
  EXPECT_THAT(fails({"-qmp", "unix:/x"}), HasSubstr("server=on is missing"));
  EXPECT_THAT(fails({"-qmp", "unix:,server=on"}), HasSubstr("name is missing"));
  EXPECT_THAT(fails({"-qmp", "tcp:4444,server=on"}), HasSubstr("port is missing"));
  EXPECT_THAT(fails({"-qmp", "tcp::0,server=on"}), HasSubstr("not a port"));
  EXPECT_THAT(fails({"-qmp", "tcp::65536,server=on"}), HasSubstr("not a port"));
  EXPECT_THAT(fails({"-qmp", "stdio"}), HasSubstr("neither unix:PATH nor tcp:"));
  EXPECT_THAT(fails({"-qmp", "unix:/x,server=on,tls=yes"}), HasSubstr("tls"));
  EXPECT_THAT(fails({"-qmp", "unix:/x,server=maybe"}), HasSubstr("server"));
  EXPECT_THAT(fails({"-mon", "m,mode=control"}), HasSubstr("no chardev 'm' that is a socket"));
  EXPECT_THAT(fails({"-chardev", "stdio,id=c", "-mon", "c,mode=control"}), HasSubstr("that is a socket"));
  EXPECT_THAT(fails({"-chardev", "stdio,id=c", "-mon", "c,mode=loud"}), HasSubstr("neither readline nor control"));
  EXPECT_THAT(fails({"-chardev", "socket,id=m,server=on"}), HasSubstr("one of path= and port="));
  EXPECT_THAT(fails({"-chardev", "socket,id=m,path=/x,server=on", "-mon", "m", "-mon", "m"}), HasSubstr("used twice"));
  EXPECT_THAT(fails({"-chardev", "socket,id=m,path=/x,server=on", "-chardev", "null,id=m"}), HasSubstr("used twice"));
  EXPECT_THAT(fails({"-chardev", "socket,id=m,path=/x,server=on", "-serial", "chardev:m"}),
              HasSubstr("no chardev 'm'"));
}

TEST(Monitor, CanBeOnASocket) {
  const auto socket = one({"-nographic", "-monitor", "unix:/x/monitor,server,nowait"});
  EXPECT_EQ(socket.path, "/x/monitor");
  EXPECT_FALSE(socket.control);
  EXPECT_EQ(one({"-monitor", "telnet:127.0.0.1:5555,server,nowait"}).port, 5555);
}

} // namespace
} // namespace siena::frontends::cli
