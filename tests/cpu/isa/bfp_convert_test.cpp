// SPDX-License-Identifier: BSD-3-Clause
// Binary-floating-point conversion instructions: registers, modifier fields, exceptions.
#include "instruction_bench.h"

#include <bit>

namespace siena::cpu::isa::testing {
namespace {

u64 long_of(double v) { return std::bit_cast<u64>(v); }
u64 short_of(float v) { return u64{std::bit_cast<u32>(v)} << 32; }

struct BfpConvert : ::testing::Test {
  InstructionBench bench;
  Cpu& cpu = bench.cpu;
};

TEST_F(BfpConvert, LengthensAndRounds) {
  cpu.fpr(2) = short_of(1.5F);
  bench.expect_completed("B3040002"); // LDEBR 0,2
  EXPECT_EQ(cpu.fpr(0), long_of(1.5));
  bench.expect_completed("B3050040"); // LXDBR 4,0
  EXPECT_EQ(cpu.fpr(4), 0x3FFF'8000'0000'0000U);
  EXPECT_EQ(cpu.fpr(6), 0U);
  bench.expect_completed("B3450004"); // LDXBR 0,4
  EXPECT_EQ(cpu.fpr(0), long_of(1.5));
  cpu.fpr(0) = 0x5555'5555'5555'5555;
  bench.expect_completed("B3460004"); // LEXBR 0,4
  EXPECT_EQ(cpu.fpr(0), short_of(1.5F) | 0x5555'5555U);
  bench.expect_completed("B3060042"); // LXEBR 4,2
  EXPECT_EQ(cpu.fpr(4), 0x3FFF'8000'0000'0000U);
  cpu.fpr(2) = long_of(1.0 + 0x1p-30);
  cpu.fpr(0) = 0;
  bench.expect_completed("B3440002"); // LEDBR 0,2
  EXPECT_EQ(cpu.fpr(0), short_of(1.0F));
  EXPECT_EQ(cpu.fpc, 0x0008'0000U);
}

TEST_F(BfpConvert, LoadRoundedTakesMethodAndInexactControlFromItsFields) {
  cpu.fpr(2) = long_of(1.0 + 0x1p-30);
  bench.expect_completed("B3446402"); // LEDBRA 0,6,2,4
  EXPECT_EQ(cpu.fpr(0), short_of(std::bit_cast<float>(0x3F80'0001)));
  EXPECT_EQ(cpu.fpc, 0U);
  bench.expect_interruption("B3442002", ProgramInterruption::Specification);
}

TEST_F(BfpConvert, LoadRoundedLeavesAScaledSourceFormatResultOnEnabledOverflow) {
  cpu.fpc = 0x2000'0000;
  cpu.fpr(2) = long_of(0x1p200);
  bench.expect_data_exception("B3440002", 0x20);
  EXPECT_EQ(cpu.fpr(0), long_of(0x1p-312)); // 2^(200-512)
}

TEST_F(BfpConvert, LoadsFpIntegers) {
  cpu.fpr(2) = short_of(2.5F);
  bench.expect_completed("B3570002"); // FIEBR 0,0,2
  EXPECT_EQ(cpu.fpr(0), short_of(2));
  cpu.fpr(2) = long_of(2.5);
  bench.expect_completed("B35F1002"); // FIDBR 0,1,2
  EXPECT_EQ(cpu.fpr(0), long_of(3));
  cpu.fpc = 0;
  bench.expect_completed("B35F7402"); // FIDBRA 0,7,2,4
  EXPECT_EQ(cpu.fpr(0), long_of(2));
  EXPECT_EQ(cpu.fpc, 0U);
  cpu.fpr(4) = 0x4000'4000'0000'0000; // 2.5
  cpu.fpr(6) = 0;
  bench.expect_completed("B3476004"); // FIXBR 0,6,4
  EXPECT_EQ(cpu.fpr(0), 0x4000'8000'0000'0000U);
}

TEST_F(BfpConvert, ConvertsFromFixed) {
  cpu.gr[1] = 0x1234'5678'FFFF'FFFF;
  bench.expect_completed("B3940001"); // CEFBR 0,1
  EXPECT_EQ(cpu.fpr(0), short_of(-1));
  bench.expect_completed("B3900001"); // CELFBR 0,0,1,0
  EXPECT_EQ(cpu.fpr(0), short_of(4294967296.0F));
  bench.expect_completed("B3950001"); // CDFBR 0,1
  EXPECT_EQ(cpu.fpr(0), long_of(-1));
  bench.expect_completed("B3910001"); // CDLFBR 0,0,1,0
  EXPECT_EQ(cpu.fpr(0), long_of(4294967295.0));
  cpu.gr[1] = ~u64{0};
  bench.expect_completed("B3A50001"); // CDGBR 0,1
  EXPECT_EQ(cpu.fpr(0), long_of(-1));
  bench.expect_completed("B3A15001"); // CDLGBR 0,5,1,0
  EXPECT_EQ(cpu.fpr(0), 0x43EF'FFFF'FFFF'FFFFU);
  bench.expect_completed("B3A40001"); // CEGBR 0,1
  bench.expect_completed("B3A00001"); // CELGBR 0,0,1,0
  EXPECT_EQ(cpu.fpr(0) >> 32, short_of(18446744073709551616.0F) >> 32);
  for (const char* text : {"B3960001", "B3A60001"}) { // CXFBR, CXGBR
    bench.expect_completed(text);
    EXPECT_EQ(cpu.fpr(0), 0xBFFF'0000'0000'0000U);
  }
  bench.expect_completed("B3920001"); // CXLFBR 0,0,1,0
  EXPECT_EQ(cpu.fpr(0), 0x401E'FFFF'FFFE'0000U);
  bench.expect_completed("B3A20001"); // CXLGBR 0,0,1,0
  EXPECT_EQ(cpu.fpr(0), 0x403E'FFFF'FFFF'FFFFU);
  EXPECT_EQ(cpu.fpr(2), 0xFFFE'0000'0000'0000U);
}

TEST_F(BfpConvert, ConvertsToFixedLeavingTheHighHalfAlone) {
  cpu.gr[1] = 0x1234'5678'9ABC'DEF0;
  cpu.fpr(2) = long_of(-2.5);
  bench.expect_completed("B3990012"); // CFDBR 1,0,2
  EXPECT_EQ(cpu.gr[1], 0x1234'5678'FFFF'FFFEU);
  EXPECT_EQ(cpu.psw.cc, 1);
  bench.expect_completed("B3A97012"); // CGDBR 1,7,2
  EXPECT_EQ(static_cast<s64>(cpu.gr[1]), -3);
  cpu.fpr(2) = long_of(3e9);
  bench.expect_completed("B39D0012"); // CLFDBR 1,0,2,0
  EXPECT_EQ(cpu.gr32(1), 3'000'000'000U);
  bench.expect_completed("B3AD0012"); // CLGDBR 1,0,2,0
  EXPECT_EQ(cpu.gr[1], 3'000'000'000U);
  EXPECT_EQ(cpu.psw.cc, 2);
  cpu.fpr(2) = short_of(7.75F);
  bench.expect_completed("B3985012"); // CFEBR 1,5,2
  EXPECT_EQ(cpu.gr32(1), 7U);
  bench.expect_completed("B3A80012"); // CGEBR 1,0,2
  EXPECT_EQ(cpu.gr[1], 8U);
  bench.expect_completed("B39C0012"); // CLFEBR
  EXPECT_EQ(cpu.gr32(1), 8U);
  bench.expect_completed("B3AC0012"); // CLGEBR
  EXPECT_EQ(cpu.gr[1], 8U);
  cpu.fpr(4) = 0xC002'8000'0000'0000; // -12
  cpu.fpr(6) = 0;
  bench.expect_completed("B39A0014"); // CFXBR 1,0,4
  EXPECT_EQ(cpu.gr32(1), 0xFFFF'FFF4U);
  bench.expect_completed("B3AA0014"); // CGXBR 1,0,4
  EXPECT_EQ(static_cast<s64>(cpu.gr[1]), -12);
  bench.expect_completed("B39E0014"); // CLFXBR
  EXPECT_EQ(cpu.gr32(1), 0U);
  EXPECT_EQ(cpu.psw.cc, 3);
  bench.expect_completed("B3AE0014"); // CLGXBR
  EXPECT_EQ(cpu.gr[1], 0U);
}

TEST_F(BfpConvert, OutOfRangeIsConditionCode3) {
  cpu.fpr(2) = long_of(1e30);
  bench.expect_completed("B3990012");
  EXPECT_EQ(cpu.gr32(1), 0x7FFF'FFFFU);
  EXPECT_EQ(cpu.psw.cc, 3);
  EXPECT_EQ(cpu.fpc, 0x0088'0000U);
}

TEST_F(BfpConvert, InvalidMethodsAndPairsAreSpecificationExceptions) {
  for (const char* text :
       {"B3992012", "B3998012", "B3952002", "B35FF002", "B39A0012", "B3960021", "B3450024", "B3470024"})
    bench.expect_interruption(text, ProgramInterruption::Specification);
}

TEST_F(BfpConvert, ConvertsToAndFromHexadecimal) {
  cpu.fpr(2) = long_of(-0.5);
  bench.expect_completed("B3590002"); // THDR 0,2
  EXPECT_EQ(cpu.fpr(0), 0xC080'0000'0000'0000U);
  EXPECT_EQ(cpu.psw.cc, 1);
  cpu.fpr(2) = short_of(100.0F);
  bench.expect_completed("B3580002"); // THDER 0,2
  EXPECT_EQ(cpu.fpr(0), 0x4264'0000'0000'0000U);
  bench.expect_completed("B3510040"); // TBDR 4,0,0
  EXPECT_EQ(cpu.fpr(4), long_of(100.0));
  bench.expect_completed("B3504060"); // TBEDR 6,4,0
  EXPECT_EQ(cpu.fpr(6) >> 32, short_of(100.0F) >> 32);
  bench.expect_interruption("B3502060", ProgramInterruption::Specification);
}

TEST_F(BfpConvert, HexadecimalConversionsNeedAfpRegistersOnlyForTheirNumbers) {
  cpu.cr[0] &= ~cr0::kAfpRegisters;
  bench.expect_completed("B3590002");
  bench.expect_data_exception("B3590003", 1);
  bench.expect_data_exception("B3510082", 1);
}

} // namespace
} // namespace siena::cpu::isa::testing
