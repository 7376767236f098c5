// SPDX-License-Identifier: BSD-3-Clause
#include "tests/cpu/isa/control_program.h"

namespace siena::cpu::isa::testing {
namespace {

using PI = ProgramInterruption;
constexpr u64 kSubchannel = 0xFFFF'FFFF'0001'0003;

ControlProgram& with_subchannel(ControlProgram& p) {
  p.cpu.gr[1] = kSubchannel;
  p.cpu.gr[2] = 0x2000;
  return p;
}

TEST(SubchannelFunctions, PassTheLowWordOfRegister1AndTheConditionCode) {
  ControlProgram p;
  with_subchannel(p);
  p.channels.answer = {2, false};
  const struct {
    const char* text;
    const char* call;
  } cases[] = {{"B230 0000", "clear"},
               {"B231 0000", "halt"},
               {"B238 0000", "resume"},
               {"B276 0000", "cancel"},
               {"B232 2000", "modify"},
               {"B233 2000", "start"},
               {"B23B 0000", "reset path"}};
  for (const auto& c : cases) {
    p.cpu.psw.cc = 0;
    EXPECT_EQ(p.execute(c.text), Outcome::CompletedLeaveBlock);
    EXPECT_EQ(p.channels.calls.back(), c.call);
    EXPECT_EQ(p.channels.subchannel, 0x0001'0003u);
    EXPECT_EQ(p.cpu.psw.cc, 2);
  }
}

TEST(SubchannelFunctions, TurnABadIdentificationIntoAnOperandException) {
  ControlProgram p;
  with_subchannel(p);
  p.channels.answer = {0, true};
  for (const char* text : {"B230 0000", "B232 2000", "B234 2000", "B235 2000"})
    EXPECT_EQ(p.interruption(text), PI::Operand) << text;
  EXPECT_EQ(p.load(0x2000), 0u) << "nothing was stored";
}

TEST(SubchannelFunctions, ArePrivilegedAndWantWords) {
  ControlProgram p;
  with_subchannel(p);
  for (const char* text : {"B232 2002", "B233 2001", "B234 2002", "B235 2002", "B236 2002", "B239 2002"})
    EXPECT_EQ(p.interruption(text), PI::Specification) << text;
  p.psw(Psw::kProblem);
  for (const char* text : {"B230 0000", "B233 2001", "B235 2002", "B236 0000", "B25F 0020", "B274 0000"})
    EXPECT_EQ(p.interruption(text), PI::PrivilegedOperation) << text;
  EXPECT_TRUE(p.channels.calls.empty());
}

TEST(SubchannelFunctions, FetchTheOperandBeforeTheyAskTheChannelSubsystem) {
  ControlProgram p;
  with_subchannel(p);
  p.cpu.gr[2] = ControlProgram::kStorageSize - 4;
  EXPECT_EQ(p.interruption("B232 2000"), PI::Addressing);
  EXPECT_EQ(p.interruption("B233 2000"), PI::Addressing);
  EXPECT_TRUE(p.channels.calls.empty());
}

TEST(StoreSubchannel, StoresOnlyWithCc0) {
  ControlProgram p;
  with_subchannel(p);
  p.channels.answer = {3, false};
  p.run("B234 2000");
  EXPECT_EQ(p.cpu.psw.cc, 3);
  EXPECT_EQ(p.load(0x2000), 0u);
  p.channels.answer = {0, false};
  p.run("B234 2000");
  EXPECT_EQ(p.load8(0x2033), 0x5A);
  EXPECT_EQ(p.load8(0x2034), 0) << "52 bytes";
}

TEST(TestSubchannel, ClearsTheStatusOnlyAfterItIsInStorage) {
  ControlProgram p;
  with_subchannel(p);
  p.cpu.gr[2] = ControlProgram::kStorageSize - 4;
  EXPECT_EQ(p.interruption("B235 2000"), PI::Addressing);
  EXPECT_TRUE(p.channels.calls.empty());
  p.cpu.gr[2] = 0x2000;
  p.channels.answer = {1, false}; // not pending: the IRB is stored all the same
  p.run("B235 2000");
  EXPECT_EQ(p.channels.calls, (std::vector<std::string_view>{"test", "tested"}));
  EXPECT_EQ(p.load8(0x205F), 0xA5);
  EXPECT_EQ(p.load8(0x2060), 0);
  EXPECT_EQ(p.cpu.psw.cc, 1);
  p.channels.calls.clear();
  p.channels.answer = {3, false};
  p.run("B235 2000");
  EXPECT_EQ(p.channels.calls, (std::vector<std::string_view>{"test"}));
}

TEST(TestPendingInterruption, StoresTwoWordsAtItsOperand) {
  ControlProgram p;
  with_subchannel(p);
  p.cr(6, 0x1000'0000);
  p.run("B236 2000");
  EXPECT_EQ(p.cpu.psw.cc, 0);
  EXPECT_EQ(p.channels.asked_subclasses, 0x10);
  p.channels.pending.push_back({0x0001'0003, 0xCAFE, 0x1800'0000});
  p.run("B236 2000");
  EXPECT_EQ(p.cpu.psw.cc, 1);
  EXPECT_EQ(p.load(0x2000), 0x0001'0003'0000'CAFEu);
  EXPECT_EQ(p.load(0x2008), 0u);
  EXPECT_TRUE(p.channels.pending.empty());
}

TEST(TestPendingInterruption, StoresThreeWordsInThePrefixAreaForAddress0) {
  ControlProgram p;
  p.cr(6, 0x1000'0000);
  p.channels.pending.push_back({0x0001'0003, 0xCAFE, 0x1800'0000});
  p.run("B236 0000");
  EXPECT_EQ(p.cpu.psw.cc, 1);
  EXPECT_EQ(p.load(0xB8), 0x0001'0003'0000'CAFEu);
  EXPECT_EQ(p.load32(0xC0), 0x1800'0000u);
}

TEST(TestPendingInterruption, KeepsTheInterruptionWhenItCannotStore) {
  ControlProgram p;
  p.cr(6, 0x1000'0000);
  p.channels.pending.push_back({1, 2, 3});
  p.cpu.gr[2] = ControlProgram::kStorageSize;
  EXPECT_EQ(p.interruption("B236 2000"), PI::Addressing);
  EXPECT_EQ(p.channels.pending.size(), 1u);
}

TEST(StoreChannelReportWord, StoresZeroWhenThereIsNone) {
  ControlProgram p;
  p.cpu.gr[2] = 0x2000;
  p.channels.reports.push_back(0x4304'0005);
  p.run("B239 2000");
  EXPECT_EQ(p.cpu.psw.cc, 0);
  EXPECT_EQ(p.load32(0x2000), 0x4304'0005u);
  p.run("B239 2000");
  EXPECT_EQ(p.cpu.psw.cc, 1);
  EXPECT_EQ(p.load32(0x2000), 0u);
}

TEST(StoreChannelReportWord, LosesNoReportToAnAccessException) {
  ControlProgram p;
  p.channels.reports.push_back(1);
  p.cpu.gr[2] = ControlProgram::kStorageSize;
  EXPECT_EQ(p.interruption("B239 2000"), PI::Addressing);
  EXPECT_EQ(p.channels.reports.size(), 1u);
}

TEST(ChannelSubsystemCall, ExchangesAPage) {
  ControlProgram p;
  p.cpu.gr[3] = 0x4000;
  p.put<u64>(0x4000, 0x0010'0010'0000'0000);
  p.run("B25F 0030");
  EXPECT_EQ(p.load(0x4000), 0x0010'0010'0000'0000u);
  EXPECT_EQ(p.load8(0x4010), 0xCC);
  p.cpu.gr[3] = 0x4800;
  EXPECT_EQ(p.interruption("B25F 0030"), PI::Specification);
}

TEST(ChannelInstructions, WithoutAdaptersAndPathsInUse) {
  ControlProgram p;
  p.cpu.gr[2] = 0x2000;
  p.fill(0x2000, 40, 0xFF);
  p.run("B274 0000");
  EXPECT_EQ(p.cpu.psw.cc, 3);
  p.run("B23A 2000");
  EXPECT_EQ(p.load(0x2018), 0u);
  EXPECT_EQ(p.load(0x2020), ~u64{0});
  EXPECT_EQ(p.interruption("B23A 2010"), PI::Specification);
  p.cpu.psw.cc = 2;
  p.run("B23C 0000");
  p.run("B237 0000");
  EXPECT_EQ(p.cpu.psw.cc, 2) << "SCHM and SAL set no condition code";
}

} // namespace
} // namespace siena::cpu::isa::testing
