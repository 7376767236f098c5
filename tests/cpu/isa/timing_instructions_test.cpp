// SPDX-License-Identifier: BSD-3-Clause
#include "tests/cpu/isa/control_program.h"

namespace siena::cpu::isa::testing {
namespace {

using PI = ProgramInterruption;

TEST(StoreClock, NeverShowsAValueTwice) {
  ControlProgram p;
  p.cpu.gr[2] = 0x2000;
  u64 last = 0;
  for (const char* text : {"B205 2001", "B27C 2001", "B205 2001", "B205 2001"}) { // any boundary
    p.run(text);
    const u64 shown = *p.storage().load<u64>({0x2001});
    EXPECT_GT(shown, last) << text;
    last = shown;
    EXPECT_EQ(p.cpu.psw.cc, 0);
  }
}

TEST(StoreClock, ShowsTheClockAndTheEpoch) {
  ControlProgram p;
  p.cpu.gr[2] = 0x2000;
  p.cpu.cycles = 1000;
  p.cpu.tod_epoch = 0x1000'0000'0000'0000;
  p.run("B205 2000");
  EXPECT_EQ(p.load(0x2000), 0xE000'0000'0000'0000 + 1000 * timing::kUnitsPerCycle);
}

TEST(StoreClockExtended, CarriesTheProgrammableFieldAndFinerBits) {
  ControlProgram p;
  p.cpu.gr[0] = 0xFFFF'FFFF'0000'1234;
  p.run("0107");
  p.cpu.gr[2] = 0x2000;
  p.cpu.cycles = 0x10;
  p.run("B278 2000");
  EXPECT_EQ(p.load(0x2000), 0x00D0'0000'0000'0000u) << "epoch index 0, then the clock";
  EXPECT_EQ(p.load(0x2008), 0x4000'0000'0001'1234u);
  p.cpu.gr[0] = 0x1'1234;
  EXPECT_EQ(p.interruption("0107"), PI::Specification);
  p.psw(Psw::kProblem);
  EXPECT_EQ(p.interruption("0107"), PI::PrivilegedOperation);
}

TEST(SetClock, IsWhatStoreClockShowsNext) {
  ControlProgram p;
  p.cpu.gr[2] = 0x2000;
  p.put<u64>(0x2000, 0x7D91'048B'CA00'0000);
  EXPECT_EQ(p.execute("B204 2000"), Outcome::CompletedLeaveBlock);
  EXPECT_EQ(p.cpu.psw.cc, 0);
  p.run("B205 2008");
  EXPECT_GE(p.load(0x2008), 0x7D91'048B'CA00'0000u);
  EXPECT_LT(p.load(0x2008), 0x7D91'048B'CA00'1000u);
  EXPECT_EQ(p.interruption("B204 2004"), PI::Specification);
}

TEST(ClockComparator, IsSetAndStored) {
  ControlProgram p;
  p.cpu.gr[2] = 0x2000;
  p.put<u64>(0x2000, 0x1234'5678'9ABC'DEF0);
  EXPECT_EQ(p.execute("B206 2000"), Outcome::CompletedLeaveBlock) << "the deadline is computed again";
  p.run("B207 2008");
  EXPECT_EQ(p.load(0x2008), 0x1234'5678'9ABC'DEF0u);
  EXPECT_EQ(p.interruption("B206 2004"), PI::Specification);
  EXPECT_EQ(p.interruption("B207 2004"), PI::Specification);
}

TEST(CpuTimer, CountsDownWithTheCpusTime) {
  ControlProgram p;
  p.cpu.gr[2] = 0x2000;
  p.put<u64>(0x2000, 0x10'0000);
  EXPECT_EQ(p.execute("B208 2000"), Outcome::CompletedLeaveBlock);
  p.cpu.charge(100);
  p.run("B209 2008");
  EXPECT_EQ(p.load(0x2008), 0x10'0000 - 100 * timing::kUnitsPerCycle);
}

TEST(ExtractCpuTime, SubtractsTheTimerAndFetchesTwoMore) {
  ControlProgram p;
  p.cpu.set_cpu_timer(0x100);
  p.cpu.gr[2] = 0x2000;
  p.cpu.gr[5] = 0x3000;
  p.put<u64>(0x2000, 0x1000);
  p.put<u64>(0x2008, 0xAAAA);
  p.put<u64>(0x3000, 0xBBBB);
  p.psw(Psw::kProblem);
  p.run("C851 2000 2008");
  EXPECT_EQ(p.cpu.gr[0], 0xF00u);
  EXPECT_EQ(p.cpu.gr[1], 0xAAAAu);
  EXPECT_EQ(p.cpu.gr[5], 0xBBBBu);
}

TEST(PerformTimingFacilityFunction, ListsItsQueries) {
  ControlProgram p;
  p.cpu.gr[0] = 0;
  p.cpu.gr[1] = 0x2000;
  p.fill(0x2000, 32, 0xFF);
  p.run("0104");
  EXPECT_EQ(p.cpu.psw.cc, 0);
  EXPECT_EQ(p.load(0x2000), 0xF800'0000'0000'0000u);
  EXPECT_EQ(p.load(0x2008), 0u);
  EXPECT_EQ(p.load(0x2010), ~u64{0}) << "16 bytes are stored";
}

TEST(PerformTimingFacilityFunction, ShowsTheOffsetFromThePhysicalClock) {
  ControlProgram p;
  p.cpu.tod_epoch = 0x5000;
  p.cpu.gr[0] = 1;
  p.cpu.gr[1] = 0x2000;
  p.run("0104");
  EXPECT_EQ(p.load(0x2008), 0x5000u);
  EXPECT_EQ(p.load(0x2018), 0x5000u);
  EXPECT_LT(p.load(0x2000), 0xD000'0000'0000'4000u);
}

TEST(PerformTimingFacilityFunction, HasNoControlFunctions) {
  ControlProgram p;
  p.cpu.gr[1] = 0x2000;
  p.cpu.gr[0] = 0x40;
  p.run("0104");
  EXPECT_EQ(p.cpu.psw.cc, 3);
  p.cpu.gr[0] = 0x3F;
  p.run("0104");
  EXPECT_EQ(p.cpu.psw.cc, 3);
  p.cpu.gr[0] = 0x80;
  EXPECT_EQ(p.interruption("0104"), PI::Specification);
  p.psw(Psw::kProblem);
  p.cpu.gr[0] = 0x40;
  EXPECT_EQ(p.interruption("0104"), PI::PrivilegedOperation);
}

} // namespace
} // namespace siena::cpu::isa::testing
