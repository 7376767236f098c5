// SPDX-License-Identifier: BSD-3-Clause
// Guests under SIE as processes of the debugger: a SIE host and its guest with different programs at the same addresses.
#include "tests/frontends/gdb/debugged_machine.h"
#include "tests/frontends/gdb/sie_program.h"

#include <gmock/gmock.h>

namespace siena::frontends::gdb {
namespace {
using namespace testing;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class GuestOfTheMachine : public ::testing::Test {
 protected:
  GuestOfTheMachine() {
    client.ask("qSupported:multiprocess+;swbreak+");
    // Until the guest has run.
    EXPECT_EQ(client.ask("Z0,2004,4"), "OK");
    EXPECT_EQ(client.ask("vCont;c"), "T05swbreak:;thread:p1.1;");
    EXPECT_EQ(client.ask("z0,2004,4"), "OK");
  }
  std::string number(unsigned reg) { return client.ask("p" + hex(reg)); }
  static std::string hex(u64 value) {
    char text[17];
    std::snprintf(text, sizeof text, "%llx", static_cast<unsigned long long>(value));
    return text;
  }
  static std::string text_of(const std::string& packet) {
    const auto bytes =
        bytes_of_hex(std::string_view{packet}.substr(packet.empty() ? 0 : 1)).value_or(std::vector<u8>{});
    return {bytes.begin(), bytes.end()};
  }
  /// What a `monitor` command prints, in one packet.
  std::string command(std::string_view line) {
    const std::string answer =
        client.ask("qRcmd," + hex_of_bytes({reinterpret_cast<const u8*>(line.data()), line.size()}));
    EXPECT_EQ(client.receive(), "OK");
    return text_of(answer);
  }
  void attach() { EXPECT_EQ(client.ask("vAttach;2"), "T05thread:p2.1;"); }
  /// Register numbers.
  static constexpr unsigned kPswa = 1, kGr1 = 3, kGr14 = 16, kF0 = 35, kCr6 = 93, kLevel = 128, kSieBlock = 131,
                            kInterceptionCode = 134, kIpa = 136;

  DebuggedMachine debugged{1, put_sie_program};
  Client client{debugged.socket_path()};
};

TEST_F(GuestOfTheMachine, IsAProcessThatCanBeAttachedTo) {
  EXPECT_THAT(client.ask("qXfer:osdata:read:processes:0,1000"), HasSubstr("<column name=\"pid\">2</column>"));
  EXPECT_EQ(client.ask("qfThreadInfo"), "mp1.1");
  EXPECT_EQ(client.ask("Hgp2.1"), "E22") << "not attached yet";
  attach();
  EXPECT_EQ(client.ask("qfThreadInfo"), "mp1.1,p2.1");
  EXPECT_EQ(client.ask("D;2"), "OK");
  EXPECT_EQ(client.ask("qfThreadInfo"), "mp1.1");
  EXPECT_EQ(client.ask("vAttach;3"), "E22");
}

TEST_F(GuestOfTheMachine, ShowsItsRegistersWhileItRests) {
  attach();
  EXPECT_EQ(number(kPswa), "0000000000002012") << "behind DIAGNOSE";
  EXPECT_EQ(number(kGr1), "0000000000000001") << "as it was at the last exit";
  EXPECT_EQ(number(kCr6), "0000000000000066");
  EXPECT_EQ(number(kF0), "xxxxxxxxxxxxxxxx") << "in the SIE host somewhere";
  EXPECT_EQ(number(kLevel), "00000001");
  EXPECT_EQ(number(kSieBlock), "0000000000010000");
  EXPECT_EQ(number(kInterceptionCode), "00000004");
  EXPECT_EQ(number(kIpa), "00008300");
  EXPECT_EQ(client.ask("Hgp1.1"), "OK");
  EXPECT_EQ(number(kPswa), "0000000000002004");
  EXPECT_EQ(number(kCr6), "0000000000000011");
  EXPECT_EQ(number(kLevel), "00000000");
  EXPECT_EQ(number(kSieBlock), "xxxxxxxxxxxxxxxx");
}

TEST_F(GuestOfTheMachine, HasStorageOfItsOwn) {
  EXPECT_EQ(client.ask("m2000,4"), "b214e000");
  attach();
  EXPECT_EQ(client.ask("m2000,4"), "a71b0001");
  EXPECT_EQ(client.ask("Mf10,2:cafe"), "OK");
  EXPECT_EQ(client.ask("mf10,2"), "cafe");
  EXPECT_EQ(client.ask("m200000,1"), "E14") << "beyond its main-storage limit";
  EXPECT_EQ(client.ask("Hgp1.1"), "OK");
  EXPECT_EQ(client.ask("m100f10,2"), "cafe");
  EXPECT_EQ(client.ask("mf10,2"), "0000");
}

TEST_F(GuestOfTheMachine, HasBreakpointsThatItsHostDoesNotHit) {
  attach();
  EXPECT_EQ(client.ask("Z0,2004,4"), "OK") << "in the guest, since that is selected";
  for (const char* count : {"2", "3", "4"}) {
    EXPECT_EQ(client.ask("vCont;c"), "T05swbreak:;thread:p2.1;");
    EXPECT_EQ(number(kPswa), "0000000000002004");
    EXPECT_EQ(number(kGr1), "000000000000000" + std::string{count});
    EXPECT_EQ(number(kF0), "0000000000000000") << "it is in SIE";
  }
  EXPECT_EQ(client.ask("Hgp1.1"), "OK");
  EXPECT_EQ(number(kPswa), "0000000000002000") << "its host executes SIE";
  EXPECT_EQ(number(kGr14), "0000000000010000");
  EXPECT_EQ(number(kCr6), "0000000000000011");
  EXPECT_EQ(client.ask("m2000,4"), "b214e000");
}

TEST_F(GuestOfTheMachine, StopsForTheHostsBreakpointAtTheSameAddress) {
  attach();
  EXPECT_EQ(client.ask("Hgp1.1"), "OK");
  EXPECT_EQ(client.ask("Z0,2004,4"), "OK");
  EXPECT_EQ(client.ask("vCont;c"), "T05swbreak:;thread:p1.1;");
  EXPECT_EQ(client.ask("vCont;c"), "T05swbreak:;thread:p1.1;");
}

TEST_F(GuestOfTheMachine, HasWatchpointsOfItsOwn) {
  attach();
  EXPECT_EQ(client.ask("Z2,f07,1"), "OK");
  EXPECT_EQ(client.ask("vCont;c"), "T05watch:f07;thread:p2.1;");
  EXPECT_EQ(number(kPswa), "000000000000200e");
  EXPECT_EQ(client.ask("mf00,8"), "0000000000000002");
}

TEST_F(GuestOfTheMachine, StepsOverWhatItsHostDoesForIt) {
  attach();
  EXPECT_EQ(client.ask("Z0,200e,4"), "OK");
  EXPECT_EQ(client.ask("vCont;c"), "T05swbreak:;thread:p2.1;");
  EXPECT_EQ(client.ask("vCont;s:p2.1;c"), "T05thread:p2.1;");
  EXPECT_EQ(number(kPswa), "0000000000002012") << "DIAGNOSE has been intercepted, and SIE executed again";
  EXPECT_EQ(client.ask("vCont;s:p2.1;c"), "T05thread:p2.1;");
  EXPECT_EQ(number(kPswa), "0000000000002000");
}

TEST_F(GuestOfTheMachine, LetsItsHostStepOverSie) {
  attach();
  EXPECT_EQ(client.ask("Z0,2004,4"), "OK");
  EXPECT_EQ(client.ask("vCont;c"), "T05swbreak:;thread:p2.1;");
  EXPECT_EQ(client.ask("z0,2004,4"), "OK");
  EXPECT_EQ(client.ask("vCont;s:p1.1;c"), "T05thread:p1.1;");
  EXPECT_EQ(number(kPswa), "0000000000002004");
  EXPECT_EQ(client.ask("vCont;s:p1.1;c"), "T05thread:p1.1;");
  EXPECT_EQ(number(kPswa), "0000000000002008");
  EXPECT_EQ(client.ask("vCont;s:p1.1;c"), "T05thread:p1.1;");
  EXPECT_EQ(client.ask("vCont;s:p1.1;c"), "T05thread:p1.1;");
  EXPECT_EQ(number(kPswa), "0000000000002004") << "SIE, from its beginning to its end";
}

TEST_F(GuestOfTheMachine, GoesOnWhereTheDebuggerPutsIt) {
  attach();
  EXPECT_EQ(client.ask("P1=0000000000002004"), "OK") << "while it rests";
  EXPECT_EQ(number(kPswa), "0000000000002004");
  EXPECT_EQ(client.ask("P3=0000000000000077"), "E22") << "general register 1 is its host's to keep";
  EXPECT_EQ(client.ask("Z0,2008,6"), "OK");
  EXPECT_EQ(client.ask("vCont;c"), "T05swbreak:;thread:p2.1;");
  EXPECT_EQ(number(kGr1), "0000000000000001") << "not added to again";
  EXPECT_EQ(client.ask("P3=0000000000000077"), "OK") << "while it runs";
  EXPECT_EQ(client.ask("vCont;s:p2.1;c"), "T05thread:p2.1;");
  EXPECT_EQ(client.ask("mf00,8"), "0000000000000077");
}

TEST_F(GuestOfTheMachine, IsNotDisturbedWhenItsHostsRegistersAreWritten) {
  attach();
  EXPECT_EQ(client.ask("Z0,2004,4"), "OK");
  EXPECT_EQ(client.ask("vCont;c"), "T05swbreak:;thread:p2.1;");
  EXPECT_EQ(client.ask("Hgp1.1"), "OK");
  EXPECT_EQ(client.ask("P5d=0000000000000012"), "OK"); // cr6
  EXPECT_EQ(number(kCr6), "0000000000000012");
  EXPECT_EQ(number(kPswa), "0000000000002000") << "SIE is to be executed again";
  EXPECT_EQ(client.ask("vCont;c"), "T05swbreak:;thread:p2.1;") << "the guest has not yet executed it";
  EXPECT_EQ(client.ask("vCont;c"), "T05swbreak:;thread:p2.1;");
  EXPECT_EQ(number(kGr1), "0000000000000003");
  EXPECT_EQ(number(kCr6), "0000000000000066");
}

TEST_F(GuestOfTheMachine, TellsMonitorUsersOfGuests) {
  EXPECT_THAT(command("guests"), HasSubstr("2.1 state description 0x10000"));
}

TEST_F(GuestOfTheMachine, StopsAtEventsOfSie) {
  attach();
  EXPECT_EQ(command("catch sie exit code=4"), "1  sie exit code=4\n");
  client.send(framed("vCont;c"));
  EXPECT_THAT(text_of(client.receive()), HasSubstr(" sie    exit guest=2 block=0x10000 code=0x04 reason=instruction"));
  EXPECT_EQ(client.receive(), "T05thread:p1.1;");
  EXPECT_EQ(number(kPswa), "0000000000002004") << "its host is behind SIE";
  EXPECT_EQ(command("catch sie exit code=0x20"), "1  sie exit code=4\n2  sie exit code=0x20\n");
  EXPECT_EQ(command("uncatch 1"), "1  sie exit code=0x20\n");
  EXPECT_EQ(command("uncatch 1"), "no event is caught\n");
  EXPECT_EQ(command("catch sie entry"), "1  sie entry\n");
  client.send(framed("vCont;c"));
  EXPECT_THAT(text_of(client.receive()), HasSubstr(" sie    entry guest=2 block=0x10000"));
  EXPECT_EQ(client.receive(), "T05thread:p2.1;");
  EXPECT_EQ(number(kPswa), "0000000000002012");
}

TEST_F(GuestOfTheMachine, RefusesToCatchWhatIsNoEvent) {
  EXPECT_THAT(command("catch nothing"), StartsWith("'nothing' is none of int sie"));
  EXPECT_THAT(command("catch sie exit again"), StartsWith("'again' is not FIELD=VALUE"));
  EXPECT_THAT(command("uncatch 1"), StartsWith("no such number"));
  EXPECT_EQ(command("catch"), "no event is caught\n");
}

} // namespace
} // namespace siena::frontends::gdb
