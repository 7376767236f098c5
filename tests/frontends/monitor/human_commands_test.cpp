// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/monitor/human_commands.h"

#include "tests/frontends/monitor/monitored_machine.h"

#include <gmock/gmock.h>

namespace siena::frontends::monitor {
namespace {
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::kWide;
using testing::MonitoredMachine;
using ::testing::StartsWith;

class HumanCommandsTest : public ::testing::Test {
 protected:
  std::string run(std::string_view line) { return commands.execute(line); }
  void store(u64 address, u64 value) { ASSERT_TRUE(monitored.machine->storage().store<u64>({address}, value)); }
  /// A segment table at 64 K with one page table at 72 K: page 0 read-only, 1 and 2 at 1 M on, no 3, 4 at 0.
  void map_pages() {
    for (u64 i = 0; i < 2048; ++i) store(0x10000 + 8 * i, 0x20);
    for (u64 i = 0; i < 256; ++i) store(0x14000 + 8 * i, 0x400);
    store(0x10000, 0x14000);
    store(0x14000, 0x200);
    store(0x14008, 0x100000);
    store(0x14010, 0x101000);
    store(0x14020, 0);
    cpu::Cpu& cpu = monitored.machine->cpu(0);
    cpu.cr[1] = 0x10000 | 3;
    cpu.load_psw(kWide | cpu::Psw::kDat, 0x1000);
  }
  MonitoredMachine monitored{2};
  HumanCommands commands{monitored.subject};
};

TEST_F(HumanCommandsTest, HelpShowsOneCommandOrAll) {
  EXPECT_EQ(run("help stop"), "stop|s -- stop all CPUs\n");
  EXPECT_EQ(run("help s"), "stop|s -- stop all CPUs\n");
  EXPECT_THAT(run("help"), AllOf(HasSubstr("xp /fmt addr -- "), HasSubstr("quit|q -- ")));
  EXPECT_EQ(run("help nothing"), "unknown command: 'nothing'\n");
}

TEST_F(HumanCommandsTest, InfoWithoutATopicListsTopics) {
  EXPECT_THAT(run("info"), AllOf(HasSubstr("info registers [-a|cpu] -- "), HasSubstr("info tlb -- ")));
  EXPECT_EQ(run("info nothing"), "unknown command: 'info nothing'\n");
  EXPECT_THAT(run("info status now"), HasSubstr("takes no argument"));
}

TEST_F(HumanCommandsTest, EveryTopicOfTheListAnswers) {
  const std::string list = run("info");
  unsigned topics = 0;
  for (std::size_t at = 0; at < list.size(); at = list.find('\n', at) + 1, ++topics) {
    const std::string topic = list.substr(at, list.find(' ', at + 5) - at);
    EXPECT_THAT(run(topic), ::testing::Not(HasSubstr("unknown"))) << topic;
  }
  EXPECT_EQ(topics, 16u);
}

TEST_F(HumanCommandsTest, StatusTellsWhyTheMachineStands) {
  monitored.commands.state = RunState::Panicked;
  EXPECT_EQ(run("info status"), "VM status: paused (guest-panicked)\n");
  EXPECT_EQ(run("cont"), "Error: Resetting the Virtual Machine is required\n");
  EXPECT_EQ(monitored.commands.did, "");
  monitored.commands.state = RunState::Paused;
  EXPECT_EQ(run("info status"), "VM status: paused\n");
}

TEST_F(HumanCommandsTest, RegistersAreThoseOfTheCurrentCpuOfAnotherOrOfAll) {
  monitored.machine->cpu(1).gr[5] = 0x1234;
  const std::string first = run("info registers"), second = run("info registers 1");
  EXPECT_THAT(first, AllOf(StartsWith("\nCPU#0\nPSW=mask "), HasSubstr("R05=0000000000000000"), HasSubstr("\nC12=")));
  EXPECT_THAT(second, AllOf(StartsWith("\nCPU#1\n"), HasSubstr("R05=0000000000001234")));
  EXPECT_EQ(run("info registers -a"), first + second);
  EXPECT_EQ(run("info registers 2"), "CPU#2 not available\n");
  EXPECT_EQ(run("cpu 1"), "");
  EXPECT_EQ(run("info registers"), second);
  EXPECT_EQ(run("cpu 2"), "invalid CPU index\n");
  EXPECT_THAT(run("info cpus"), HasSubstr("\n* CPU #1: "));
}

TEST_F(HumanCommandsTest, DumpsNumbersAsQemuLaysThemOut) {
  store(0x10000, 0xC010'0000'0006'EB00);
  store(0x10008, 0x1008'002F'A7F4'0000);
  EXPECT_EQ(run("xp /12xb 0x10000"),
            "0000000000010000: 0xc0 0x10 0x00 0x00 0x00 0x06 0xeb 0x00\n0000000000010008: 0x10 0x08 0x00 0x2f\n");
  EXPECT_EQ(run("xp /5xw 0x10000"),
            "0000000000010000: 0xc0100000 0x0006eb00 0x1008002f 0xa7f40000\n0000000000010010: 0x00000000\n");
  EXPECT_EQ(run("xp /3ub 0x10000"), "0000000000010000: 192  16   0\n");
  EXPECT_EQ(run("xp /3oh 0x10000"), "0000000000010000: 0140020      0     06\n");
  EXPECT_EQ(run("xp /2dg 0x10000"), "0000000000010000: -4607182418799564032  1155173509101780992\n");
  EXPECT_EQ(run("xp /4c 0x1000c"), "000000000001000c: '\\xa7' '\\xf4' '\\x00' '\\x00'\n");
  EXPECT_EQ(run("xp/2c 0x1000b"), "000000000001000b: '/' '\\xa7'\n");
}

TEST_F(HumanCommandsTest, DumpsInstructions) {
  store(0x2000, 0xC010'0000'0006'1851);
  store(0x2008, 0xA7F4'0000'0000'0000);
  EXPECT_THAT(run("xp /3i 0x2000"),
              ::testing::ContainsRegex("^0x00002000:  c010 0000 0006  larl +%r1,0x200c\n"
                                       "0x00002006:  1851            lr +%r5,%r1\n"
                                       "0x00002008:  a7f4 0000       [a-z]+ .*0x2008\n$"));
}

TEST_F(HumanCommandsTest, TheNextDumpTakesTheLastFormat) {
  store(0x2000, 0x0102'0304'0506'0708);
  EXPECT_EQ(run("xp /2xh 0x2000"), "0000000000002000: 0x0102 0x0304\n");
  EXPECT_EQ(run("xp 0x2004"), "0000000000002004: 0x0506\n");
}

TEST_F(HumanCommandsTest, AddressesAreNumbersRegistersAndSums) {
  store(0x2008, 0x1122'3344'5566'7788);
  monitored.machine->cpu(0).gr[7] = 0x2000;
  EXPECT_EQ(run("xp /xg $r7 + 8"), "0000000000002008: 0x1122334455667788\n");
  EXPECT_EQ(run("xp /xg 8200"), "0000000000002008: 0x1122334455667788\n");
  EXPECT_EQ(run("xp /xg $r7+0x10-8"), "0000000000002008: 0x1122334455667788\n");
  EXPECT_EQ(run("xp $r16"), "'$r16' is no address\nTry \"help xp\" for more information\n");
  for (const auto wrong :
       {"xp", "xp /", "xp /4", "xp 0x", "xp 1+", "xp 1 2", "xp zz", "x /q 0", "xp /4xq 0", "x/", "xp $", "xp -"})
    EXPECT_THAT(run(wrong), EndsWith("for more information\n")) << wrong;
}

TEST_F(HumanCommandsTest, WhatIsNotThereEndsTheDump) {
  EXPECT_EQ(run("xp /6xw 0x7ffff0"),
            "00000000007ffff0: 0x00000000 0x00000000 0x00000000 0x00000000\n0000000000800000: Cannot access memory\n");
  EXPECT_EQ(run("xp /i 0xffffffffffffffff"), "ffffffffffffffff: Cannot access memory\n");
  EXPECT_LT(run("xp /99999999999999999999xg 0").size(), 2'000'000u);
  EXPECT_LT(run("xp /99999999999999999999i 0").size(), 2'000'000u);
}

TEST_F(HumanCommandsTest, VirtualStorageGoesThroughTheTables) {
  map_pages();
  store(0x100FF8, 0xAABB'CCDD'0000'1111);
  store(0x101000, 0x2222'3333'4444'5555);
  EXPECT_EQ(run("x /2xg 0x1ff8"), "0000000000001ff8: 0xaabbccdd00001111 0x2222333344445555\n");
  EXPECT_EQ(run("x /xg 0x3000"), "0000000000003000: Cannot access memory\n");
}

TEST_F(HumanCommandsTest, MemShowsRangesOfEqualRights) {
  EXPECT_EQ(run("info mem"), "DAT is off: addresses are real\n");
  map_pages();
  EXPECT_EQ(run("info mem"),
            "CPU 0, primary space, ASCE 0000000000010003\n"
            "0000000000000000-0000000000001000 0000000000001000 r-x\n"
            "0000000000001000-0000000000003000 0000000000002000 rwx\n"
            "0000000000004000-0000000000005000 0000000000001000 rwx\n");
}

TEST_F(HumanCommandsTest, TablesThatLeadBackToThemselvesEnd) {
  map_pages();
  // A region-first table whose entries all lead to a region-second table whose entries all lead to ... the segment table.
  for (u64 level = 0; level < 3; ++level)
    for (u64 i = 0; i < 2048; ++i)
      store(0x20000 + level * 0x4000 + 8 * i, (level == 2 ? 0x10000 : 0x24000 + level * 0x4000) | (3 - level) << 2 | 3);
  cpu::Cpu& cpu = monitored.machine->cpu(0);
  cpu.cr[1] = 0x20000 | 0xC | 3;
  cpu.controls_changed();
  EXPECT_THAT(run("info mem"), EndsWith("(there is more)\n"));
}

TEST_F(HumanCommandsTest, TlbShowsWhatHasBeenTranslated) {
  map_pages();
  cpu::Cpu& cpu = monitored.machine->cpu(0);
  ASSERT_EQ(cpu.fetch<u64>({0x2008, 0}).outcome, cpu::Outcome::Completed);
  EXPECT_EQ(run("info tlb"),
            "CPU 0: ASCE 0000000000010003, key 0, prefix 00000000\n0000000000002000: 0000000000101000 f--\n"
            "instructions: none since the controls changed\n");
  EXPECT_EQ(cpu.store<u64>({0x2008, 0}, 1), cpu::Outcome::Completed);
  EXPECT_THAT(run("info tlb"), HasSubstr("0000000000002000: 0000000000101000 fs-\n"));
}

TEST_F(HumanCommandsTest, LookingChangesNothing) {
  map_pages();
  const u64 before = monitored.machine->state_hash();
  const u8 key = monitored.machine->storage().frames().key({0x100000});
  const std::string list = run("info");
  for (std::size_t at = 0; at < list.size(); at = list.find('\n', at) + 1)
    run(list.substr(at, list.find(' ', at + 5) - at));
  run("x /512xg 0x1000");
  run("xp /512xg 0x100000");
  EXPECT_EQ(monitored.machine->state_hash(), before);
  EXPECT_EQ(monitored.machine->storage().frames().key({0x100000}), key);
}

TEST_F(HumanCommandsTest, FacilitiesNameWhatStfleStores) {
  EXPECT_THAT(run("info facilities"),
              AllOf(HasSubstr("machine type 8561\nSTFLE  "), HasSubstr(" stfle "), HasSubstr(" sief2")));
}

} // namespace
} // namespace siena::frontends::monitor
