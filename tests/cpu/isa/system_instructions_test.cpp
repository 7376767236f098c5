// SPDX-License-Identifier: BSD-3-Clause
#include "tests/cpu/isa/control_program.h"

namespace siena::cpu::isa::testing {
namespace {

using PI = ProgramInterruption;

TEST(LoadControl, WrapsFromRegister15To0) {
  ControlProgram p;
  p.cpu.gr[2] = 0x2000;
  p.put<u64>(0x2000, 0x1111);
  p.put<u64>(0x2008, 0x2222);
  EXPECT_EQ(p.execute("EBF0 2000 002F"), Outcome::CompletedLeaveBlock);
  EXPECT_EQ(p.cpu.cr[15], 0x1111u);
  EXPECT_EQ(p.cpu.cr[0], 0x2222u);
}

TEST(LoadControl, ReplacesTheRightHalfInItsShortForm) {
  ControlProgram p;
  p.cpu.gr[2] = 0x2000;
  p.cr(6, ~u64{0});
  p.put<u32>(0x2004, 0x1000'0000);
  p.run("B766 2004");
  EXPECT_EQ(p.cpu.cr[6], 0xFFFF'FFFF'1000'0000u);
}

TEST(LoadControl, LoadsNothingWhenPartOfTheOperandIsMissing) {
  ControlProgram p;
  p.cpu.gr[2] = ControlProgram::kStorageSize - 8;
  const u64 before = p.cpu.cr[1];
  EXPECT_EQ(p.interruption("EB12 2000 002F"), PI::Addressing);
  EXPECT_EQ(p.cpu.cr[1], before);
  EXPECT_EQ(p.interruption("EB12 2004 002F"), PI::Specification);
  EXPECT_EQ(p.interruption("B712 2002"), PI::Specification);
}

TEST(LoadControl, TakesEffectForTheNextOperand) {
  ControlProgram p;
  TestSpace first(p, 0x10'0000), second(p, 0x20'0000);
  first.map(0x5000, 0x30'0000);
  second.map(0x5000, 0x30'1000);
  p.put<u64>(0x30'0000, 1);
  p.put<u64>(0x30'1000, 2);
  first.map(0x2000, 0x2000);
  p.put<u64>(0x2000, second.asce());
  p.cr(1, first.asce());
  p.psw(Psw::kDat);
  EXPECT_EQ(p.cpu.fetch<u64>({0x5000, 0}).value, 1u);
  p.cpu.gr[2] = 0x2000;
  p.run("EB11 2000 002F");
  EXPECT_EQ(p.cpu.fetch<u64>({0x5000, 0}).value, 2u);
}

TEST(StoreControl, StoresEitherWidth) {
  ControlProgram p;
  p.cpu.gr[2] = 0x2000;
  p.cr(14, 0x1234'5678'C200'0000);
  p.run("B6EE 2000");
  EXPECT_EQ(p.load32(0x2000), 0xC200'0000u);
  p.run("EBEE 2008 0025");
  EXPECT_EQ(p.load(0x2008), 0x1234'5678'C200'0000u);
}

TEST(SetPrefix, MovesThePrefixAreaAndChecksThatItExists) {
  ControlProgram p;
  p.cpu.gr[2] = 0x2000;
  p.put<u32>(0x2000, 0x8000'5FFF); // bits outside 1-18 are ignored
  EXPECT_EQ(p.execute("B210 2000"), Outcome::CompletedLeaveBlock);
  EXPECT_EQ(p.cpu.prefix, 0x4000u);
  p.run("B211 2004");
  EXPECT_EQ(p.load32(0x2004), 0x4000u);
  p.put<u32>(0x2000, ControlProgram::kStorageSize);
  EXPECT_EQ(p.interruption("B210 2000"), PI::Addressing);
  EXPECT_EQ(p.cpu.prefix, 0x4000u);
  EXPECT_EQ(p.interruption("B210 2002"), PI::Specification);
}

TEST(StoreCpuIdentity, WantsNaturalBoundaries) {
  ControlProgram p;
  p.cpu.gr[2] = 0x2000;
  p.put<u16>(0x2000, 0xFFFF);
  p.run("B212 2000");
  EXPECT_EQ(p.load(0x2000) >> 48, 0u);
  p.run("B202 2008");
  EXPECT_EQ(p.load(0x2008), 0x0012'3456'8561'8000u);
  EXPECT_EQ(p.interruption("B212 2001"), PI::Specification);
  EXPECT_EQ(p.interruption("B202 2004"), PI::Specification);
}

TEST(StoreSystemInformation, TellsTheCurrentLevel) {
  ControlProgram p;
  p.cpu.gr[0] = 0xAAAA'AAAA'0000'0055;
  p.run("B27D 2001"); // the operand is not looked at
  EXPECT_EQ(p.cpu.psw.cc, 0);
  EXPECT_EQ(p.cpu.gr[0], 0xAAAA'AAAA'3000'0000u);
}

TEST(StoreSystemInformation, ChecksReservedBitsAndTheBlocksBoundary) {
  ControlProgram p;
  p.cpu.gr[2] = 0x3000;
  p.cpu.gr[0] = 0x3000'0102;
  p.cpu.gr[1] = 2;
  EXPECT_EQ(p.interruption("B27D 2000"), PI::Specification);
  p.cpu.gr[0] = 0x3000'0002;
  p.cpu.gr[1] = 0x1'0002;
  EXPECT_EQ(p.interruption("B27D 2000"), PI::Specification);
  p.cpu.gr[1] = 2;
  EXPECT_EQ(p.interruption("B27D 2008"), PI::Specification);
  p.run("B27D 2000");
  EXPECT_EQ(p.cpu.psw.cc, 0);
  EXPECT_EQ(p.load8(0x301F), 1);
  EXPECT_EQ(p.load8(0x3FFF), 0xEE);
}

TEST(StoreSystemInformation, AnswersCc3ForWhatItDoesNotKnow) {
  ControlProgram p;
  p.cpu.gr[2] = 0x3000;
  p.cpu.gr[0] = 0x3000'0009;
  p.cpu.gr[1] = 2;
  p.run("B27D 2000");
  EXPECT_EQ(p.cpu.psw.cc, 3);
  p.system.level = 2;
  p.cpu.gr[0] = 0x3FFF'FF02; // above the level: nothing else is looked at
  p.run("B27D 2001");
  EXPECT_EQ(p.cpu.psw.cc, 3);
}

TEST(StoreFacilityListExtended, StoresNoMoreThanThereIs) {
  ControlProgram p;
  p.system.facility_words = {0x11, 0x22, 0x33};
  p.cpu.gr[2] = 0x2000;
  p.fill(0x2000, 64, 0xFF);
  p.cpu.gr[0] = 0xABCD'0000'0000'000F; // 16 doublewords
  p.run("B2B0 2000");
  EXPECT_EQ(p.cpu.psw.cc, 0);
  EXPECT_EQ(p.cpu.gr[0], 0xABCD'0000'0000'0002u);
  EXPECT_EQ(p.load(0x2010), 0x33u);
  EXPECT_EQ(p.load(0x2018), ~u64{0});
}

TEST(StoreFacilityListExtended, Answers3WhenTheProgramOffersTooLittle) {
  ControlProgram p;
  p.system.facility_words = {0x11, 0x22, 0x33};
  p.cpu.gr[2] = 0x2000;
  p.fill(0x2000, 64, 0xFF);
  p.cpu.gr[0] = 0;
  p.psw(Psw::kProblem); // not privileged
  p.run("B2B0 2000");
  EXPECT_EQ(p.cpu.psw.cc, 3);
  EXPECT_EQ(p.cpu.gr[0], 2u);
  EXPECT_EQ(p.load(0x2000), 0x11u);
  EXPECT_EQ(p.load(0x2008), ~u64{0});
  EXPECT_EQ(p.interruption("B2B0 2004"), PI::Specification);
}

TEST(StoreFacilityListExtended, LeavesOutDoublewordsWithoutFacilities) {
  ControlProgram p;
  p.system.facility_words = {0x11, 0x22, 0, 0};
  p.cpu.gr[2] = 0x2000;
  p.cpu.gr[0] = 15;
  p.run("B2B0 2000");
  EXPECT_EQ(p.cpu.gr[0], 1u);
}

TEST(StoreFacilityList, StoresTheFirstWordInThePrefixArea) {
  ControlProgram p;
  p.system.facility_words = {0x1234'5678'9ABC'DEF0};
  p.run("B2B1 0000");
  EXPECT_EQ(p.load32(200), 0x1234'5678u);
}

TEST(SignalProcessor, PassesOrderReceiverAndTheOddParameter) {
  ControlProgram p;
  p.cpu.gr[2] = 0x0E;
  p.cpu.gr[3] = 0xFFFF'0001;
  p.cpu.gr[5] = 0x1234;
  p.cpu.gr[4] = 0xAAAA'AAAA'BBBB'BBBB;
  p.system.sigp_answer = {1, 0x0000'0040};
  EXPECT_EQ(p.execute("AE43 2000"), Outcome::CompletedLeaveBlock);
  ASSERT_EQ(p.system.sigps.size(), 1u);
  EXPECT_EQ(p.system.sigps[0].receiver, 1);
  EXPECT_EQ(p.system.sigps[0].order, 0x0E);
  EXPECT_EQ(p.system.sigps[0].parameter, 0x1234u);
  EXPECT_EQ(p.cpu.psw.cc, 1);
  EXPECT_EQ(p.cpu.gr[4], 0xAAAA'AAAA'0000'0040u);
  p.system.sigp_answer = {2, 0x77};
  p.run("AE53 0001"); // an odd R1 is its own parameter
  EXPECT_EQ(p.system.sigps[1].parameter, 0x1234u);
  EXPECT_EQ(p.cpu.gr[5], 0x1234u) << "no status without CC 1";
  EXPECT_EQ(p.cpu.psw.cc, 2);
}

TEST(ServiceCall, ChecksWhereTheBlockIs) {
  ControlProgram p;
  p.cpu.gr[3] = 0x0002'0001;
  p.cpu.set_prefix(0x6000);
  for (const u64 bad : {u64{0x3004}, u64{0}, u64{0x1FF8}, u64{0x6000}, u64{0x7FF8}, u64{0x8000'0000}}) {
    p.cpu.gr[4] = bad;
    EXPECT_EQ(p.interruption("B220 0034"), PI::Specification) << std::hex << bad;
  }
  p.cpu.gr[4] = 0x8000;
  p.run("B220 0034");
  EXPECT_EQ(p.cpu.psw.cc, 0);
  EXPECT_EQ(p.service.command, 0x0002'0001u);
  EXPECT_EQ(p.service.sccb, 0x8000u);
  p.service.answer = ports::ServiceCall::Result::Busy;
  p.run("B220 0034");
  EXPECT_EQ(p.cpu.psw.cc, 2);
  p.service.answer = ports::ServiceCall::Result::Addressing;
  EXPECT_EQ(p.interruption("B220 0034"), PI::Addressing);
}

TEST(StartInterpretiveExecution, IsPrivilegedAndAlwaysInterceptedUnderItself) {
  ControlProgram p;
  p.cpu.gr[14] = 0x4000;
  p.run("B214 E000");
  EXPECT_EQ(p.interpretive.started_with, 0x4000u);
  p.interpret();
  EXPECT_EQ(p.execute("B214 E000"), Outcome::Interception);
  p.psw(Psw::kProblem);
  EXPECT_EQ(p.interruption("B214 E000"), PI::PrivilegedOperation);
}

TEST(PerformTopologyFunction, KnowsThreeFunctions) {
  ControlProgram p;
  p.cpu.gr[3] = 2;
  p.run("B9A2 0030");
  EXPECT_EQ(p.cpu.psw.cc, 0);
  p.cpu.gr[3] = 0;
  p.run("B9A2 0030");
  EXPECT_EQ(p.cpu.psw.cc, 2);
  EXPECT_EQ(p.cpu.gr[3], 0x100u) << "already horizontal";
  p.cpu.gr[3] = 3;
  EXPECT_EQ(p.interruption("B9A2 0030"), PI::Specification);
  p.cpu.gr[3] = 0x102;
  EXPECT_EQ(p.interruption("B9A2 0030"), PI::Specification);
}

TEST(ExtractCpuAttribute, ProvidesNone) {
  ControlProgram p;
  p.psw(Psw::kProblem);
  p.run("EB30 0010 004C");
  EXPECT_EQ(p.cpu.gr[3], ~u64{0});
}

TEST(Diagnose, UnknownCodesAreSpecificationExceptions) {
  ControlProgram p;
  for (const char* text : {"8300 0008", "8300 0260", "8300 0204", "8300 0FFF"})
    EXPECT_EQ(p.interruption(text), PI::Specification) << text;
  p.psw(Psw::kProblem);
  EXPECT_EQ(p.interruption("8300 0008"), PI::PrivilegedOperation);
}

TEST(Diagnose, YieldsToAnyoneOrToOneCpu) {
  ControlProgram p;
  p.run("8300 0044");
  p.cpu.gr[3] = 2;
  p.run("8330 009C");
  EXPECT_EQ(p.system.yields, (std::vector<u64>{0xFFFF, 2}));
}

TEST(Diagnose308, StartsResetsWithWhateverRegistersAreNamed) {
  ControlProgram p;
  p.cpu.gr[0] = 0;
  EXPECT_EQ(p.execute("8300 0308"), Outcome::CompletedLeaveBlock) << "as kexec has it: register 0 is both";
  p.cpu.gr[3] = 1;
  p.run("8313 0308");
  EXPECT_EQ(p.system.ipl_functions, (std::vector<u64>{0, 1}));
  p.cpu.gr[3] = 2;
  EXPECT_EQ(p.interruption("8323 0308"), PI::Specification);
}

TEST(Diagnose308, StoresTheIplBlock) {
  ControlProgram p;
  p.cpu.gr[3] = 6;
  p.cpu.gr[4] = 0x5000;
  p.run("8343 0308");
  EXPECT_EQ(p.cpu.gr[5], 0x0102u) << "no configuration";
  p.system.block_to_store = {1, 2, 3};
  p.run("8343 0308");
  EXPECT_EQ(p.cpu.gr[5], 1u);
  EXPECT_EQ(p.load(0x5000) >> 40, 0x01'02'03u);
  EXPECT_EQ(p.interruption("8353 0308"), PI::Specification) << "odd R1";
  p.cpu.gr[4] = 0x5008;
  EXPECT_EQ(p.interruption("8343 0308"), PI::Specification) << "not a page";
  p.cpu.gr[4] = ControlProgram::kStorageSize;
  EXPECT_EQ(p.interruption("8343 0308"), PI::Addressing);
}

TEST(Diagnose308, SetsTheIplBlockByItsOwnLength) {
  ControlProgram p;
  p.cpu.gr[3] = 5;
  p.cpu.gr[4] = 0x5000;
  p.put<u32>(0x5000, 200);
  p.run("8343 0308");
  EXPECT_EQ(p.cpu.gr[5], 1u);
  EXPECT_EQ(p.system.stored_block.size(), 200u);
  p.put<u32>(0x5000, 0xFFFF'FFFF);
  p.run("8343 0308");
  EXPECT_EQ(p.system.stored_block.size(), 4096u);
}

TEST(Diagnose288, AnswersWithAnExceptionUnlessTheWatchdogAccepts) {
  ControlProgram p;
  EXPECT_EQ(p.interruption("8323 0288"), PI::Specification);
  p.system.watchdog_accepts = true;
  p.run("8323 0288");
  EXPECT_EQ(p.interruption("8333 0288"), PI::Specification) << "odd R1";
}

TEST(Diagnose318, NamesTheControlProgram) {
  ControlProgram p;
  p.cpu.gr[7] = 0x0102'0304'0506'0708;
  p.run("8370 0318");
  EXPECT_EQ(p.system.control_program, 0x0102'0304'0506'0708u);
}

TEST(Diagnose500, NotifiesVirtqueues) {
  ControlProgram p;
  p.cpu.gr[1] = 3;
  p.cpu.gr[2] = 0x0001'0005;
  p.channels.notify_answer = 7;
  p.run("8300 0500");
  EXPECT_EQ(p.cpu.gr[2], 7u);
  EXPECT_EQ(p.channels.subchannel, 0x0001'0005u);
  p.channels.notify_answer = -22;
  p.run("8300 0500");
  EXPECT_EQ(p.cpu.gr[2], static_cast<u64>(s64{-22}));
  p.cpu.gr[1] = 1;
  EXPECT_EQ(p.interruption("8300 0500"), PI::Specification);
}

} // namespace
} // namespace siena::cpu::isa::testing
