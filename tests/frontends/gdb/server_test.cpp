// SPDX-License-Identifier: BSD-3-Clause
// The stub as a debugger meets it: over a socket, on a machine that runs.
#include "tests/frontends/gdb/debugged_machine.h"

#include <gmock/gmock.h>

#include <random>

namespace siena::frontends::gdb {
namespace {
using namespace testing;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

//   2000  aghi 1,1  aghi 2,2  j 2000
constexpr std::string_view kForever = "A71B0001 A72B0002 A7F4FFFC";
//   3000  brct 3,3000  lpswe 0x300
constexpr std::string_view kOnce = "A7360000 B2B20300";

void endless(machine::Machine& machine) {
  put_code(machine, 0x2000, kForever);
  put_code(machine, 0x3000, kOnce);
  start(machine, 0, 0x2000);
}

class Stub : public ::testing::Test {
 protected:
  std::string number(unsigned reg) { return client.ask("p" + hex(reg)); }
  static std::string hex(u64 value) {
    char text[17];
    std::snprintf(text, sizeof text, "%llx", static_cast<unsigned long long>(value));
    return text;
  }

  /// The whole of a qXfer object, which comes in parts.
  std::string transfer(const std::string& object, const std::string& annex = "") {
    std::string all;
    for (std::string part = "m"; part[0] == 'm';) {
      part = client.ask("qXfer:" + object + ":read:" + annex + ":" + hex(all.size()) + ",200");
      if (part[0] != 'm' && part[0] != 'l') return part;
      all += part.substr(1);
    }
    return all;
  }

  static std::string padded(u64 value) { return std::string(16 - hex(value).size(), '0') + hex(value); }

  DebuggedMachine debugged{2, endless};
  /// Stores machine code through the debugger.
  void debugged_code(u64 address, std::string_view code) {
    std::string digits;
    for (const char c : code)
      if (c != ' ') digits += c;
    EXPECT_EQ(client.ask("M" + hex(address) + "," + hex(digits.size() / 2) + ":" + digits), "OK");
  }

  Client client{debugged.socket_path()};
};
constexpr std::string_view kStopped = "T05thread:1;";

TEST_F(Stub, SaysWhatItCanDo) {
  EXPECT_EQ(client.ask("qSupported:swbreak+"),
            "PacketSize=4000;qXfer:features:read+;qXfer:threads:read+;qXfer:memory-map:read+;qXfer:osdata:read+;"
            "QStartNoAckMode+;vContSupported+;swbreak+;hwbreak+");
  EXPECT_EQ(client.ask("vCont?"), "vCont;c;C;s;S;t;r");
  EXPECT_EQ(client.ask("qAttached"), "1");
  EXPECT_EQ(client.ask("vMustReplyEmpty"), "");
  EXPECT_EQ(client.ask("?"), kStopped);
}

TEST_F(Stub, DescribesItsRegistersWithGdbsNames) {
  const std::string target = transfer("features", "target.xml");
  for (const char* file :
       {"s390x-core64.xml", "s390-acr.xml", "s390-fpr.xml", "s390-cr.xml", "s390-virt.xml", "siena-sie.xml"}) {
    EXPECT_THAT(target, HasSubstr("<xi:include href=\"" + std::string{file} + "\"/>"));
    EXPECT_THAT(transfer("features", file), HasSubstr("<feature name=\"org."));
  }
  EXPECT_THAT(target, EndsWith("</target>\n"));
  EXPECT_THAT(transfer("features", "s390-cr.xml"),
              HasSubstr("<reg name=\"cr15\" bitsize=\"64\" type=\"uint64\" group=\"control\" regnum=\"102\"/>"));
}

TEST_F(Stub, DescribesNoVectorRegistersOfAMachineWithoutThem) {
  EXPECT_EQ(client.ask("qXfer:features:read:s390-vx.xml:0,100"), "E00");
  EXPECT_EQ(client.ask("p33"), "E22");
}

TEST_F(Stub, RefusesADescriptionThatItDoesNotHave) {
  EXPECT_EQ(client.ask("qXfer:features:read:other.xml:0,100"), "E00");
  EXPECT_EQ(client.ask("qXfer:features:read:target.xml:ffffffff,100"), "l");
  EXPECT_EQ(client.ask("qXfer:features:read:target.xml:,"), "E22");
}

TEST_F(Stub, ReadsAndWritesRegisters) {
  const std::string all = client.ask("g");
  ASSERT_EQ(all.size(), 18u * 16);
  EXPECT_EQ(all.substr(0, 32), "00000001800000000000000000002000");
  EXPECT_EQ(client.ask("P5=0123456789abcdef"), "OK");
  EXPECT_EQ(number(5), "0123456789abcdef");
  EXPECT_EQ(client.ask("P13=89abcdef"), "OK"); // acr1
  EXPECT_EQ(number(0x13), "89abcdef");
  EXPECT_EQ(client.ask("P58=00000000000000e1"), "OK"); // cr1
  EXPECT_EQ(number(0x58), "00000000000000e1");
  EXPECT_EQ(client.ask("P24=4000000000000000"), "OK"); // f1
  EXPECT_EQ(number(0x24), "4000000000000000");
  EXPECT_EQ(client.ask("G" + all), "OK");
  EXPECT_EQ(client.ask("g"), all);
}

TEST_F(Stub, WritesTheWholePsw) {
  EXPECT_EQ(client.ask("P0=0000200180000000"), "OK"); // CC 2
  EXPECT_EQ(number(0), "0000200180000000");
  EXPECT_EQ(client.ask("P1=0000000000002004"), "OK");
  EXPECT_EQ(client.ask("s"), kStopped);
  EXPECT_EQ(number(1), "0000000000002008");
}

TEST_F(Stub, RefusesRegistersAndValuesThatDoNotExist) {
  for (const char* packet : {"p",
                             "p33",
                             "p6c",
                             "pffffffffffffffff",
                             "p1x",
                             "P",
                             "P5",
                             "P5=",
                             "P5=00",
                             "P5=0123456789abcdefff",
                             "P5=012345678",
                             "P5=0123456789abcdeg",
                             "P6c=0000000000000000",
                             "P6a=0000000000000001",
                             "P6a=0000000040000000",
                             "P22=00000004",
                             "g1",
                             "G",
                             "G00",
                             "G0"})
    EXPECT_EQ(client.ask(packet), "E22") << packet;
}

TEST_F(Stub, ReadsAndWritesStorage) {
  EXPECT_EQ(client.ask("m2000,4"), "a71b0001");
  EXPECT_EQ(client.ask("M4ffe,4:01020304"), "OK");
  EXPECT_EQ(client.ask("m4ffe,5"), "0102030400");
}

TEST_F(Stub, ReadsUpToTheEndOfStorageAndNotBeyond) {
  EXPECT_EQ(client.ask("m7ffffc,10"), "00000000");
  EXPECT_EQ(client.ask("m800000,1"), "E14");
  EXPECT_EQ(client.ask("mffffffffffffffff,1"), "E14");
  EXPECT_EQ(client.ask("M7ffffc,8:0102030405060708"), "E14");
  EXPECT_EQ(client.ask("m7ffffc,4"), "00000000") << "nothing of it has been stored";
  EXPECT_EQ(client.ask("m0,ffffffffffffffff").size(), 0x4000u) << "as much as a packet holds";
}

TEST_F(Stub, RefusesStoragePacketsThatMakeNoSense) {
  for (const char* packet : {"m",
                             "m,",
                             "m0",
                             "m0,",
                             "m0,0",
                             "m0,x",
                             "m0,1,",
                             "mg,1",
                             "m10000000000000000,1",
                             "M",
                             "M0,1",
                             "M0,1:",
                             "M0,1:0",
                             "M0,2:00",
                             "M0,1:0000",
                             "M0,1:zz",
                             "M0,ffffffffffffffff:00"})
    EXPECT_EQ(client.ask(packet), "E22") << packet;
}

TEST_F(Stub, TranslatesWithTheTablesOfTheCpu) {
  // A segment table at 0x10000 that maps the first megabyte through a page table at 0x14000; page 0x5000 is at 0x6000, page 0x7000 is
  // invalid.
  EXPECT_EQ(client.ask("M10000,8:0000000000014000"), "OK");
  for (u64 n = 0; n < 8; ++n) {
    const u64 entry = n == 5 ? 0x6000 : n == 7 ? 0x400 : n << 12;
    EXPECT_EQ(client.ask("M" + hex(0x14000 + 8 * n) + ",8:" + padded(entry)), "OK");
  }
  EXPECT_EQ(client.ask("M6000,2:cafe"), "OK");
  EXPECT_EQ(client.ask("P58=0000000000010003"), "OK"); // cr1
  EXPECT_EQ(client.ask("P0=0400000180000000"), "OK");  // DAT on
  EXPECT_EQ(client.ask("m5000,2"), "cafe");
  EXPECT_EQ(client.ask("m7000,2"), "E14");
  EXPECT_EQ(client.ask("m6ffe,4"), "0000") << "up to the invalid page";
  EXPECT_EQ(client.ask("M5002,2:babe"), "OK");
  EXPECT_EQ(client.ask("M6ffe,4:01020304"), "E14");
  EXPECT_EQ(client.ask("P0=0000000180000000"), "OK");
  EXPECT_EQ(client.ask("m6000,4"), "cafebabe");
}

TEST_F(Stub, StepsOverInstructions) {
  for (const char* address : {"2004", "2008", "2000"}) {
    EXPECT_EQ(client.ask("s"), kStopped);
    EXPECT_EQ(number(1), "000000000000" + std::string{address});
  }
  EXPECT_EQ(client.ask("vCont;s:1;c"), kStopped);
  EXPECT_EQ(client.ask("vCont;S05:1"), kStopped);
  EXPECT_EQ(client.ask("P5=0000000000000001"), "OK");
  EXPECT_EQ(client.ask("s3000"), kStopped) << "from another address";
  EXPECT_EQ(number(1), "0000000000003004");
  EXPECT_EQ(number(3), "0000000000000002");
}

TEST_F(Stub, StopsAtABreakpointUntilItIsRemoved) {
  EXPECT_EQ(client.ask("Z0,2004,2"), "OK");
  EXPECT_EQ(client.ask("m2004,4"), "a72b0002") << "storage does not show it";
  for (const char* count : {"1", "2", "3"}) {
    EXPECT_EQ(client.ask("c"), kStopped);
    EXPECT_EQ(number(1), "0000000000002004");
    EXPECT_EQ(number(3), "000000000000000" + std::string{count});
  }
  EXPECT_EQ(client.ask("z0,2004,2"), "OK");
  EXPECT_EQ(client.ask("Z1,2008,2"), "OK");
  EXPECT_EQ(client.ask("vCont;c"), kStopped);
  EXPECT_EQ(number(1), "0000000000002008");
}

TEST_F(Stub, NamesTheBreakpointToAPeerThatKnowsTheWord) {
  client.ask("qSupported:swbreak+");
  EXPECT_EQ(client.ask("Z0,2004,2"), "OK");
  EXPECT_EQ(client.ask("c"), "T05swbreak:;thread:1;");
  EXPECT_EQ(client.ask("s"), kStopped);
}

TEST_F(Stub, SeesNewCodeThatItHasStored) {
  EXPECT_EQ(client.ask("Z0,2008,2"), "OK");
  EXPECT_EQ(client.ask("c"), kStopped);
  EXPECT_EQ(client.ask("M2004,4:a72b0100"), "OK");
  EXPECT_EQ(client.ask("c"), kStopped);
  EXPECT_EQ(number(4), "0000000000000102");
}

TEST_F(Stub, RefusesBreakpointsThatMakeNoSense) {
  for (const char* packet : {"Z", "Z0", "Z0,", "Z0,x,2", "Z0,2000", "Z0,2000,", "Z0,2000,2;cond", "z0", "z1,,"})
    EXPECT_EQ(client.ask(packet), "E22") << packet;
  EXPECT_EQ(client.ask("Z5,2000,8"), "") << "no such kind";
  EXPECT_EQ(client.ask("Z2,2000,0"), "E22");
  EXPECT_EQ(client.ask("Z2,ffffffffffffffff,2"), "E22");
}

TEST_F(Stub, StopsForAWatchpointAndNamesIt) {
  //   4000  stg 1,0x5000(0,0)... by way of r6  lg 7,0(6)  j 4000
  debugged_code(0x4000, "E31060000024 E37060000004 A7F4FFFA");
  EXPECT_EQ(client.ask("P8=0000000000005000"), "OK");
  EXPECT_EQ(client.ask("P1=0000000000004000"), "OK");
  EXPECT_EQ(client.ask("Z2,5004,2"), "OK");
  EXPECT_EQ(client.ask("c"), "T05watch:5004;thread:1;");
  EXPECT_EQ(number(1), "0000000000004006");
  EXPECT_EQ(client.ask("z2,5004,2"), "OK");
  EXPECT_EQ(client.ask("Z3,5007,1"), "OK");
  EXPECT_EQ(client.ask("c"), "T05rwatch:5007;thread:1;");
  EXPECT_EQ(number(1), "000000000000400c");
  EXPECT_EQ(client.ask("z3,5007,1"), "OK");
  EXPECT_EQ(client.ask("Z4,5000,8"), "OK");
  EXPECT_EQ(client.ask("c"), "T05awatch:5000;thread:1;");
  EXPECT_EQ(client.ask("c"), "T05awatch:5000;thread:1;");
  EXPECT_EQ(number(1), "000000000000400c");
}

TEST_F(Stub, StepsThroughARange) {
  EXPECT_EQ(client.ask("vCont;r2000,2008:1"), kStopped);
  EXPECT_EQ(number(1), "0000000000002008");
}

TEST_F(Stub, StoresBinaryBytes) {
  EXPECT_EQ(client.ask(std::string_view("X5000,4:\x01#$}", 12)), "OK");
  EXPECT_EQ(client.ask("m5000,4"), "0123247d");
  EXPECT_EQ(client.ask("X0,0:"), "OK");
  EXPECT_EQ(client.ask("X0,2:a"), "E22");
}

TEST_F(Stub, SeesAbsoluteStorageWhenAsked) {
  EXPECT_EQ(client.ask("P6a=0000000000004000"), "OK"); // prefix
  EXPECT_EQ(client.ask("M4000,2:cafe"), "OK") << "real 4000 is absolute 0";
  EXPECT_EQ(client.ask("M0,2:babe"), "OK");
  EXPECT_EQ(client.ask("Qqemu.PhyMemMode:1"), "OK");
  EXPECT_EQ(client.ask("qqemu.PhyMemMode"), "1");
  EXPECT_EQ(client.ask("m0,2"), "cafe");
  EXPECT_EQ(client.ask("m4000,2"), "babe");
  EXPECT_EQ(client.ask("Qqemu.PhyMemMode:2"), "E22");
  EXPECT_EQ(client.ask("Qqemu.PhyMemMode:0"), "OK");
  EXPECT_EQ(client.ask("m0,2"), "babe");
}

TEST_F(Stub, ListsThreadsProcessesAndMemory) {
  EXPECT_THAT(transfer("threads"), HasSubstr("<thread id=\"2\">CPU 1 [stopped]</thread>"));
  EXPECT_THAT(transfer("osdata", "processes"), HasSubstr("<column name=\"pid\">1</column>"));
  EXPECT_THAT(transfer("memory-map"), HasSubstr("<memory type=\"ram\""));
  EXPECT_EQ(client.ask("qXfer:auxv:read::0,100"), "");
  EXPECT_EQ(client.ask("qXfer:threads:read:x:0,100"), "E00");
  EXPECT_EQ(client.ask("qXfer:threads:read::0"), "E22");
  EXPECT_EQ(client.ask("qXfer:"), "");
}

TEST_F(Stub, SpeaksOfProcessesToAPeerThatKnowsThem) {
  client.ask("qSupported:multiprocess+");
  EXPECT_EQ(client.ask("qfThreadInfo"), "mp1.1,p1.2");
  EXPECT_EQ(client.ask("qC"), "QCp1.1");
  EXPECT_EQ(client.ask("Hgp1.2"), "OK");
  EXPECT_EQ(client.ask("Hgp1.-1"), "OK");
  EXPECT_EQ(client.ask("Hgp2.1"), "E22");
  EXPECT_EQ(client.ask("vCont;s:p1.1;c:p1.-1"), "T05thread:p1.1;");
  EXPECT_EQ(client.ask("vAttach;2"), "E22") << "there is no guest";
  EXPECT_EQ(client.ask("D;2"), "E22");
}

TEST_F(Stub, PassesCommandsOnToTheMonitor) {
  const auto shown = [&](std::string_view line) {
    const std::string answer =
        client.ask("qRcmd," + hex_of_bytes({reinterpret_cast<const u8*>(line.data()), line.size()}));
    EXPECT_EQ(answer.substr(0, 1), "O");
    EXPECT_EQ(client.receive(), "OK");
    const auto bytes = bytes_of_hex(answer.substr(1)).value_or(std::vector<u8>{});
    return std::string{bytes.begin(), bytes.end()};
  };
  EXPECT_EQ(shown("info cpus"), "monitor: info cpus\n");
  EXPECT_THAT(shown("guests"), HasSubstr("2 CPUs"));
  EXPECT_EQ(shown("space home"), "addresses are in the home space\n");
  EXPECT_THAT(shown("space nowhere"), HasSubstr("no such address space"));
  EXPECT_EQ(shown("space asce=0x1f"), "addresses are in the space of ASCE 0x1f\n");
  EXPECT_EQ(client.ask("qRcmd,zz"), "E22");
}

TEST_F(Stub, StopsARunningMachineAtTheInterruptByte) {
  client.send(framed("c"));
  client.send("\x03");
  EXPECT_EQ(client.receive(), "T02thread:1;");
  EXPECT_EQ(client.ask("s"), kStopped);
}

TEST_F(Stub, StopsARunningMachineForAPacket) {
  client.send(framed("c"));
  EXPECT_EQ(client.ask("m2000,2"), "T02thread:1;");
  EXPECT_EQ(client.receive(), "a71b");
}

TEST_F(Stub, ShowsCpusAsThreads) {
  EXPECT_EQ(client.ask("qfThreadInfo"), "m1,2");
  EXPECT_EQ(client.ask("qsThreadInfo"), "l");
  EXPECT_EQ(client.ask("qC"), "QC1");
  EXPECT_EQ(client.ask("T2"), "OK");
  EXPECT_EQ(client.ask("T3"), "E22");
  EXPECT_EQ(client.ask("Hg2"), "OK");
  EXPECT_EQ(number(1), "0000000000000000");
  EXPECT_EQ(client.ask("Hg0"), "OK");
  EXPECT_EQ(number(1), "0000000000002000");
  EXPECT_EQ(client.ask("Hc-1"), "OK");
  const auto name = bytes_of_hex(client.ask("qThreadExtraInfo,2"));
  ASSERT_TRUE(name);
  EXPECT_EQ((std::string{name->begin(), name->end()}), "CPU 1 [stopped]");
  for (const char* packet : {"H", "Hg", "Hg3", "Hx1", "Hgp3.1", "T", "qThreadExtraInfo,", "qThreadExtraInfo,0"})
    EXPECT_EQ(client.ask(packet), "E22") << packet;
}

TEST_F(Stub, RefusesToResumeInWaysThatDoNotExist) {
  for (const char* packet : {"vCont;",
                             "vCont;x",
                             "vCont;c:3",
                             "vCont;c:",
                             "vCont;C",
                             "vCont;s:1;",
                             "vCont;s:1:2",
                             "C",
                             "Cx",
                             "S05;",
                             "S05x",
                             "sx",
                             "c2000x"})
    EXPECT_EQ(client.ask(packet), "E22") << packet;
}

TEST_F(Stub, TellsHowTheRunEnded) {
  EXPECT_EQ(client.ask("P5=0000000000000002"), "OK");
  EXPECT_EQ(client.ask("c3000"), "W07");
  EXPECT_EQ(client.receive(), "(end)");
  debugged.wait_for_end();
  EXPECT_EQ(debugged.ending(), machine::Ending::Kind::PowerOff);
}

TEST_F(Stub, KillEndsTheMachine) {
  client.send(framed("k"));
  EXPECT_EQ(client.receive(), "(end)");
  debugged.wait_for_end();
}

TEST_F(Stub, DetachLetsTheMachineGoOnWithoutBreakpoints) {
  EXPECT_EQ(client.ask("P1=0000000000003000"), "OK");
  EXPECT_EQ(client.ask("P5=0000000000000010"), "OK");
  EXPECT_EQ(client.ask("Z0,3000,2"), "OK");
  EXPECT_EQ(client.ask("D"), "OK");
  debugged.wait_for_end();
  EXPECT_EQ(debugged.ending(), machine::Ending::Kind::PowerOff);
}

TEST_F(Stub, ADebuggerThatGoesAwayLeavesTheMachineForTheNext) {
  EXPECT_EQ(client.ask("Z0,2004,2"), "OK");
  client.send("$m20");
  client.hang_up();
  Client second{debugged.socket_path()};
  EXPECT_EQ(second.ask("?"), kStopped);
  EXPECT_EQ(second.ask("Z0,2008,2"), "OK");
  EXPECT_EQ(second.ask("c"), kStopped);
  EXPECT_EQ(second.ask("p1"), "0000000000002008") << "the first one's breakpoint has gone";
}

TEST_F(Stub, ADebuggerThatGoesAwayWhileTheMachineRunsLetsItRun) {
  client.send(framed("c"));
  EXPECT_EQ(client.byte(), '+');
  client.hang_up();
  Client second{debugged.socket_path()};
  EXPECT_EQ(second.ask("?"), "T02thread:1;") << "connecting has stopped it";
}

TEST_F(Stub, AsksAgainForAPacketThatWasGarbled) {
  client.send("$g#00");
  EXPECT_EQ(client.byte(), '-');
  EXPECT_EQ(client.ask("qC"), "QC1");
  client.send("-");
  EXPECT_EQ(client.receive(), "QC1") << "and sends its own once more";
}

TEST_F(Stub, WorksWithoutAcknowledgements) {
  EXPECT_EQ(client.ask("QStartNoAckMode"), "OK");
  client.send(framed("qC"));
  EXPECT_EQ(client.byte(), '$');
  for (int n = 0; n < 6; ++n) client.byte(); // QC1#xx
  client.send("$qC#00");
  EXPECT_EQ(client.receive(), "E22");
}

TEST_F(Stub, RefusesAPacketThatIsTooLong) {
  EXPECT_EQ(client.ask("M2000,8000:" + std::string(0x10000, '0')), "E22");
  EXPECT_EQ(client.ask("m2000,4"), "a71b0001");
}

TEST_F(Stub, AnswersManyRequestsOfAPeerThatDoesNotReadThem) {
  EXPECT_EQ(client.ask("QStartNoAckMode"), "OK");
  client.acknowledges = false; // one would end up inside a request
  std::string many;
  for (int n = 0; n < 300; ++n) many += framed("m0,2000");
  std::thread sender{[&] { client.send(many); }};
  std::this_thread::sleep_for(std::chrono::milliseconds{100});
  for (int n = 0; n < 300; ++n) ASSERT_EQ(client.receive().size(), 0x4000u) << n;
  sender.join();
}

TEST_F(Stub, LivesThroughNoise) {
  // Noise that looks like the protocol, without the two that end the machine.
  std::minstd_rand random{4711};
  constexpr std::string_view kLetters = "$#+-?gGpPmMsScCHTzZqQvX0123456789abcdef,;:=}*\x03 ";
  std::thread reader{[&] {
    while (client.byte() >= 0) {
    }
  }};
  for (int n = 0; n < 3000; ++n) {
    std::string noise;
    const auto length = static_cast<unsigned>(random() % 40);
    for (unsigned i = 0; i < length; ++i) noise += kLetters[random() % kLetters.size()];
    client.send(random() % 3 == 0 ? noise : framed(noise));
  }
  client.shut();
  reader.join();
  Client second{debugged.socket_path()};
  EXPECT_EQ(second.ask("P1=0000000000002000").substr(0, 1), "O");
  EXPECT_EQ(second.ask("P0=0000000180000000"), "OK");
  EXPECT_EQ(second.ask("T1"), "OK");
}

} // namespace
} // namespace siena::frontends::gdb
