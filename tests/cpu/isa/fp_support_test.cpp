// SPDX-License-Identifier: BSD-3-Clause
// Floating-point-support instructions and the floating-point-control register.
#include "instruction_bench.h"

namespace siena::cpu::isa::testing {
namespace {

constexpr u64 kPattern = 0xFEDC'BA98'7654'3210;

struct FpSupport : ::testing::Test {
  InstructionBench bench;
  Cpu& cpu = bench.cpu;

  FpSupport() {
    cpu.fpr(2) = kPattern;
    cpu.fpr(0) = 0x1111'2222'3333'4444;
    cpu.gr[1] = 0x2000;
  }
};

TEST_F(FpSupport, MovesBetweenRegisters) {
  bench.expect_completed("3802"); // LER 0,2
  EXPECT_EQ(cpu.fpr(0), 0xFEDC'BA98'3333'4444U);
  bench.expect_completed("2802"); // LDR 0,2
  EXPECT_EQ(cpu.fpr(0), kPattern);
  cpu.fpr(6) = 7;
  cpu.fpr(4) = 4;
  bench.expect_completed("B3650004"); // LXR 0,4
  EXPECT_EQ(cpu.fpr(0), 4U);
  EXPECT_EQ(cpu.fpr(2), 7U);
  bench.expect_interruption("B3650024", ProgramInterruption::Specification);
}

TEST_F(FpSupport, LoadsAndStores) {
  bench.expect_completed("60201008"); // STD 2,8(1)
  EXPECT_EQ(bench.load<u64>(0x2008), kPattern);
  bench.expect_completed("70201004"); // STE 2,4(1)
  EXPECT_EQ(bench.load<u32>(0x2004), 0xFEDC'BA98U);
  bench.expect_completed("78001004"); // LE 0,4(1)
  EXPECT_EQ(cpu.fpr(0), 0xFEDC'BA98'3333'4444U);
  bench.expect_completed("68001008"); // LD 0,8(1)
  EXPECT_EQ(cpu.fpr(0), kPattern);
  bench.expect_completed("ED201FF8FF67"); // STDY 2,-8(1)
  EXPECT_EQ(bench.load<u64>(0x1FF8), kPattern);
  bench.expect_completed("ED201FF4FF66"); // STEY 2,-12(1)
  EXPECT_EQ(bench.load<u32>(0x1FF4), 0xFEDC'BA98U);
  cpu.fpr(0) = 0;
  bench.expect_completed("ED001FF8FF64"); // LEY 0,-8(1)
  EXPECT_EQ(cpu.fpr(0), 0xFEDC'BA98'0000'0000U);
  bench.expect_completed("ED001FF8FF65"); // LDY 0,-8(1)
  EXPECT_EQ(cpu.fpr(0), kPattern);
}

TEST_F(FpSupport, LoadsZeros) {
  bench.expect_completed("B3740000"); // LZER 0
  EXPECT_EQ(cpu.fpr(0), 0x3333'4444U);
  bench.expect_completed("B3750000"); // LZDR 0
  EXPECT_EQ(cpu.fpr(0), 0U);
  bench.expect_completed("B3760000"); // LZXR 0
  EXPECT_EQ(cpu.fpr(2), 0U);
  bench.expect_interruption("B3760020", ProgramInterruption::Specification);
}

TEST_F(FpSupport, ChangesSignsWithoutConditionCode) {
  cpu.psw.cc = 3;
  bench.expect_completed("B3700002"); // LPDFR 0,2
  EXPECT_EQ(cpu.fpr(0), kPattern & ~(u64{1} << 63));
  bench.expect_completed("B3710000"); // LNDFR 0,0
  EXPECT_EQ(cpu.fpr(0), kPattern);
  bench.expect_completed("B3730002"); // LCDFR 0,2
  EXPECT_EQ(cpu.fpr(0), kPattern ^ (u64{1} << 63));
  cpu.fpr(4) = 5;
  bench.expect_completed("B3722004"); // CPSDR 0,2,4: magnitude of 4, sign of 2
  EXPECT_EQ(cpu.fpr(0), 0x8000'0000'0000'0005U);
  EXPECT_EQ(cpu.psw.cc, 3);
}

TEST_F(FpSupport, TransfersToAndFromGeneralRegisters) {
  bench.expect_completed("B3CD0032"); // LGDR 3,2
  EXPECT_EQ(cpu.gr[3], kPattern);
  bench.expect_completed("B3C10003"); // LDGR 0,3
  EXPECT_EQ(cpu.fpr(0), kPattern);
}

TEST_F(FpSupport, WithoutTheAfpRegisterControlFourRegistersAreThere) {
  cpu.cr[0] &= ~cr0::kAfpRegisters;
  cpu.fpc = 0;
  for (const char* text : {"2802", "3846", "60201008", "68601008", "B3740060", "B3CD0032", "B3C10003", "B3700002"})
    bench.expect_completed(text);
  for (const char* text : {"2812",
                           "2808",
                           "60101008",
                           "68801008",
                           "78901008",
                           "ED1010080065",
                           "B3740080",
                           "B3CD0031",
                           "B3C10013",
                           "B3722008",
                           "B3721000",
                           "B3650001"})
    bench.expect_data_exception(text, 1);
  EXPECT_EQ(cpu.fpc, 0U); // the code goes to the prefix area only
}

TEST_F(FpSupport, TheFpcIsLoadedStoredSetAndExtracted) {
  bench.store<u32>(0x2000, 0xFCFC'FF77);
  bench.expect_completed("B29D1000"); // LFPC 0(1)
  EXPECT_EQ(cpu.fpc, 0xFCFC'FF77U);
  bench.expect_completed("B29C1004"); // STFPC 4(1)
  EXPECT_EQ(bench.load<u32>(0x2004), 0xFCFC'FF77U);
  cpu.gr[3] = 0x1111'1111'0008'0003;
  bench.expect_completed("B3840030"); // SFPC 3
  EXPECT_EQ(cpu.fpc, 0x0008'0003U);
  cpu.gr[4] = ~u64{0};
  bench.expect_completed("B38C0040"); // EFPC 4
  EXPECT_EQ(cpu.gr[4], 0xFFFF'FFFF'0008'0003U);
}

TEST_F(FpSupport, ReservedFpcBitsAndRoundingModesAreSpecificationExceptions) {
  cpu.fpc = 0x0008'0000;
  for (const u32 fpc : {0x0100'0000U, 0x0002'0000U, 0x0000'0080U, 0x0000'0008U, 4U, 5U, 6U}) {
    cpu.gr[3] = fpc;
    bench.expect_interruption("B3840030", ProgramInterruption::Specification);
    bench.expect_interruption("B3850030", ProgramInterruption::Specification);
    bench.store<u32>(0x2000, fpc);
    bench.expect_interruption("B29D1000", ProgramInterruption::Specification);
  }
  EXPECT_EQ(cpu.fpc, 0x0008'0000U);
}

TEST_F(FpSupport, RoundingModesAreSetFromTheAddress) {
  cpu.fpc = 0x0000'0077;
  bench.expect_completed("B2990FFE"); // SRNM X'FFE': only the last two bits count
  EXPECT_EQ(cpu.fpc, 0x0000'0072U);
  bench.expect_completed("B2B80007"); // SRNMB 7
  EXPECT_EQ(cpu.fpc, 0x0000'0077U);
  bench.expect_completed("B2B80F03"); // SRNMB X'F03': bits 56-63 count
  EXPECT_EQ(cpu.fpc, 0x0000'0073U);
  bench.expect_interruption("B2B80004", ProgramInterruption::Specification);
  bench.expect_interruption("B2B80008", ProgramInterruption::Specification);
  bench.expect_completed("B2B90005"); // SRNMT 5
  EXPECT_EQ(cpu.fpc, 0x0000'0053U);
}

TEST_F(FpSupport, SettingTheFpcMaySignalItsOldFlags) {
  cpu.fpc = 0x0028'0000; // overflow and inexact have happened
  cpu.gr[3] = 0x2000'0001;
  bench.expect_data_exception("B3850030", 0x2B); // SFASR 3
  EXPECT_EQ(cpu.fpc, 0x2028'2B01U);
  cpu.fpc = 0x0028'0000;
  cpu.gr[3] = 0x8000'0001;
  bench.expect_completed("B3850030");
  EXPECT_EQ(cpu.fpc, 0x8028'0001U);
  cpu.fpc = 0x0088'0000;
  bench.store<u32>(0x2000, 0xF800'0000);
  bench.expect_data_exception("B2BD1000", 0x83); // LFAS 0(1)
  EXPECT_EQ(cpu.fpc, 0xF888'8300U);
}

TEST_F(FpSupport, FpcInstructionsNeedTheAfpRegisterControl) {
  cpu.cr[0] &= ~cr0::kAfpRegisters;
  for (const char* text : {"B38C0040", "B3840030", "B29D1000", "B29C1000", "B2990001", "B2B80001"})
    bench.expect_data_exception(text, 2);
  for (const char* text : {"B3850030", "B2BD1000", "B2B90001"}) bench.expect_data_exception(text, 3);
}

} // namespace
} // namespace siena::cpu::isa::testing
