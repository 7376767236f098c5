// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/monitor/human_monitor.h"

#include "tests/frontends/monitor/monitored_machine.h"

#include <gmock/gmock.h>

namespace siena::frontends::monitor {
namespace {
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::MonitoredMachine;

class HumanMonitorTest : public ::testing::Test {
 protected:
  /// What the monitor shows after this has been typed.
  std::string type(std::string_view text) {
    shown.clear();
    EXPECT_EQ(monitor.receive({reinterpret_cast<const u8*>(text.data()), text.size()}), text.size());
    return shown;
  }
  std::string shown;
  MonitoredMachine monitored{2};
  HumanMonitor monitor{monitored.subject,
                       [this](std::span<const u8> bytes) { shown.append(bytes.begin(), bytes.end()); }};
};

TEST_F(HumanMonitorTest, GreetsOnceAndPromptsEveryTime) {
  monitor.entered();
  EXPECT_THAT(shown, AllOf(HasSubstr("type 'help'"), ::testing::EndsWith("\r\n(siena) ")));
  shown.clear();
  monitor.entered();
  EXPECT_EQ(shown, "\r\n(siena) ");
}

TEST_F(HumanMonitorTest, EchoesAndEdits) {
  EXPECT_EQ(type("ab"), "ab");
  EXPECT_EQ(type("\b\x7F\b"), "\b \b\b \b");
  EXPECT_EQ(type("xyz\x15"), "xyz\b \b\b \b\b \b");
  EXPECT_EQ(type("\x1B[A\x1BOB\x1B[3~\t"), "");
  EXPECT_EQ(type("\r"), "\r\n(siena) ");
}

TEST_F(HumanMonitorTest, CommandsReachTheMachine) {
  type("stop\rcont\rsystem_reset\rsystem_powerdown\rquit\r");
  EXPECT_EQ(monitored.commands.did, "stop resume reset power_down quit ");
  monitored.commands.did.clear();
  type("s\rc\rq\r");
  EXPECT_EQ(monitored.commands.did, "stop resume quit ");
}

TEST_F(HumanMonitorTest, AnswersQuestions) {
  EXPECT_EQ(type("  info   status \r"), "  info   status \r\nVM status: running\r\n(siena) ");
  EXPECT_THAT(type("info sie\r"), AllOf(HasSubstr("\r\nSIE: 0 entries"), HasSubstr("\r\nshadows: 0 now")));
  EXPECT_THAT(type("help\r"), HasSubstr("system_powerdown"));
  EXPECT_THAT(type("?\r"), HasSubstr("system_powerdown"));
}

TEST_F(HumanMonitorTest, WrongCommandsDoNothing) {
  EXPECT_THAT(type("quti\r"), HasSubstr("unknown command: 'quti'"));
  EXPECT_THAT(type("quit now\r"), HasSubstr("takes no argument"));
  EXPECT_EQ(type(" \r"), " \r\n(siena) ");
  type(std::string(100000, 'x') + "\r");
  EXPECT_EQ(monitored.commands.did, "");
}

} // namespace
} // namespace siena::frontends::monitor
