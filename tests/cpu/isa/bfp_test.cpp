// SPDX-License-Identifier: BSD-3-Clause
// Binary-floating-point instructions: that each opcode reaches the right operation with the right operands, and what only
// an instruction can do: registers, storage, condition code, FPC, data exceptions. The arithmetic is tested in bfp/.
#include "instruction_bench.h"

#include <bit>

namespace siena::cpu::isa::testing {
namespace {

constexpr u64 kUnchanged = 0x5555'5555'5555'5555;

u64 long_of(double v) { return std::bit_cast<u64>(v); }
/// A short operand in the left half of its register; the right half is a mark that must stay.
u64 short_of(float v) { return u64{std::bit_cast<u32>(v)} << 32 | 0x5555'5555; }

struct Bfp : ::testing::Test {
  InstructionBench bench;
  Cpu& cpu = bench.cpu;

  Bfp() {
    for (unsigned i = 0; i < 16; ++i) cpu.fpr(i) = kUnchanged;
  }
  void shorts(float f0, float f2, float f4 = 0) {
    cpu.fpr(0) = short_of(f0);
    cpu.fpr(2) = short_of(f2);
    cpu.fpr(4) = short_of(f4);
  }
  void longs(double f0, double f2, double f4 = 0) {
    cpu.fpr(0) = long_of(f0);
    cpu.fpr(2) = long_of(f2);
    cpu.fpr(4) = long_of(f4);
  }
  /// Extended operands in (0,2) and (4,6); the values must be short ones.
  void extendeds(float f0, float f4) {
    longs(0, 0, 0);
    cpu.fpr(6) = 0;
    shorts(f0, 0, f4);
    EXPECT_EQ(bench.run("B3060000"), Outcome::Completed); // LXEBR 0,0
    EXPECT_EQ(bench.run("B3060044"), Outcome::Completed); // LXEBR 4,4
  }
  float as_short(unsigned r) { return std::bit_cast<float>(static_cast<u32>(cpu.fpr(r) >> 32)); }
  double as_long(unsigned r) { return std::bit_cast<double>(cpu.fpr(r)); }
  /// The extended number in (r, r+2), which must be exact as a short one.
  float as_extended(unsigned r) {
    const auto high = cpu.fpr(r);
    const auto low = cpu.fpr(r + 2);
    const u32 text = 0xB346'0000 | r << 4 | r; // LEXBR r,r
    const u64 bits = u64{text} << 32 | 4;
    EXPECT_EQ(bench.decoder.find({bits})->handler(cpu, {bits}), Outcome::Completed);
    const float value = as_short(r);
    cpu.fpr(r) = high;
    cpu.fpr(r + 2) = low;
    return value;
  }
};

TEST_F(Bfp, AddsInEveryFormatAndSetsTheConditionCode) {
  shorts(1.5F, -4);
  bench.expect_completed("B30A0002"); // AEBR 0,2
  EXPECT_EQ(cpu.fpr(0), short_of(-2.5F));
  EXPECT_EQ(cpu.psw.cc, 1);
  longs(1.5, 4);
  bench.expect_completed("B31A0002"); // ADBR 0,2
  EXPECT_EQ(as_long(0), 5.5);
  EXPECT_EQ(cpu.psw.cc, 2);
  extendeds(3, -3);
  bench.expect_completed("B34A0004"); // AXBR 0,4
  EXPECT_EQ(cpu.fpr(0) | cpu.fpr(2), 0U);
  EXPECT_EQ(cpu.psw.cc, 0);
}

TEST_F(Bfp, SubtractsInEveryFormat) {
  shorts(1, 2);
  bench.expect_completed("B30B0002"); // SEBR 0,2
  EXPECT_EQ(cpu.fpr(0), short_of(-1));
  longs(1, 2);
  bench.expect_completed("B31B0002"); // SDBR 0,2
  EXPECT_EQ(as_long(0), -1);
  extendeds(1, 2);
  bench.expect_completed("B34B0004"); // SXBR 0,4
  EXPECT_EQ(as_extended(0), -1);
  EXPECT_EQ(cpu.psw.cc, 1);
}

TEST_F(Bfp, MultipliesAndDividesInEveryFormatWithoutConditionCode) {
  cpu.psw.cc = 3;
  shorts(6, 4);
  bench.expect_completed("B3170002"); // MEEBR 0,2
  EXPECT_EQ(cpu.fpr(0), short_of(24));
  bench.expect_completed("B30D0002"); // DEBR 0,2
  EXPECT_EQ(cpu.fpr(0), short_of(6));
  longs(6, 4);
  bench.expect_completed("B31C0002"); // MDBR 0,2
  EXPECT_EQ(as_long(0), 24);
  bench.expect_completed("B31D0002"); // DDBR 0,2
  EXPECT_EQ(as_long(0), 6);
  extendeds(6, 4);
  bench.expect_completed("B34C0004"); // MXBR 0,4
  EXPECT_EQ(as_extended(0), 24);
  bench.expect_completed("B34D0004"); // DXBR 0,4
  EXPECT_EQ(as_extended(0), 6);
  EXPECT_EQ(cpu.psw.cc, 3);
}

TEST_F(Bfp, MultipliesIntoTheWiderFormat) {
  shorts(6, 4);
  bench.expect_completed("B30C0002"); // MDEBR 0,2
  EXPECT_EQ(as_long(0), 24);
  longs(0, 0, 6);
  cpu.fpr(6) = long_of(4);
  bench.expect_completed("B3070046"); // MXDBR 4,6
  EXPECT_EQ(as_extended(4), 24);
}

TEST_F(Bfp, TakesRoots) {
  shorts(0, 9);
  bench.expect_completed("B3140002"); // SQEBR 0,2
  EXPECT_EQ(cpu.fpr(0), short_of(3));
  longs(0, 2);
  bench.expect_completed("B3150002"); // SQDBR 0,2
  EXPECT_EQ(as_long(0), 1.4142135623730951);
  EXPECT_EQ(cpu.fpc, 0x0008'0000U);
  extendeds(0, 16);
  bench.expect_completed("B3160004"); // SQXBR 0,4
  EXPECT_EQ(as_extended(0), 4);
}

TEST_F(Bfp, FusedOperationsMultiplyTheThirdOperandByTheSecond) {
  shorts(1, 2, 3);
  bench.expect_completed("B30E0024"); // MAEBR 0,2,4
  EXPECT_EQ(cpu.fpr(0), short_of(7));
  bench.expect_completed("B30F0024"); // MSEBR 0,2,4
  EXPECT_EQ(cpu.fpr(0), short_of(-1));
  longs(1, 2, 3);
  bench.expect_completed("B31E0024"); // MADBR 0,2,4
  EXPECT_EQ(as_long(0), 7);
  bench.expect_completed("B31F0024"); // MSDBR 0,2,4
  EXPECT_EQ(as_long(0), -1);
}

TEST_F(Bfp, FusedOperationsPreferTheThirdOperandsNan) {
  longs(1, 0, 0);
  cpu.fpr(2) = 0x7FF8'0000'0000'0003; // third operand
  cpu.fpr(4) = 0x7FF8'0000'0000'0002; // second operand
  bench.expect_completed("B31E0024");
  EXPECT_EQ(cpu.fpr(0), 0x7FF8'0000'0000'0003U);
}

TEST_F(Bfp, ComparesInEveryFormat) {
  shorts(1, 2);
  bench.expect_completed("B3090002"); // CEBR 0,2
  EXPECT_EQ(cpu.psw.cc, 1);
  bench.expect_completed("B3080020"); // KEBR 2,0
  EXPECT_EQ(cpu.psw.cc, 2);
  longs(1, 1);
  bench.expect_completed("B3190002"); // CDBR 0,2
  EXPECT_EQ(cpu.psw.cc, 0);
  cpu.fpr(2) = 0x7FF8'0000'0000'0000;
  bench.expect_completed("B3190002");
  EXPECT_EQ(cpu.psw.cc, 3);
  EXPECT_EQ(cpu.fpc, 0U);
  bench.expect_completed("B3180002"); // KDBR 0,2
  EXPECT_EQ(cpu.psw.cc, 3);
  EXPECT_EQ(cpu.fpc, 0x0080'0000U);
  extendeds(2, 1);
  bench.expect_completed("B3490004"); // CXBR 0,4
  EXPECT_EQ(cpu.psw.cc, 2);
  bench.expect_completed("B3480040"); // KXBR 4,0
  EXPECT_EQ(cpu.psw.cc, 1);
}

TEST_F(Bfp, LoadsWithChangedSignAndConditionCode) {
  shorts(0, -2);
  bench.expect_completed("B3000002"); // LPEBR 0,2
  EXPECT_EQ(cpu.fpr(0), short_of(2));
  EXPECT_EQ(cpu.psw.cc, 2);
  bench.expect_completed("B3010000"); // LNEBR 0,0
  EXPECT_EQ(cpu.fpr(0), short_of(-2));
  EXPECT_EQ(cpu.psw.cc, 1);
  bench.expect_completed("B3030000"); // LCEBR 0,0
  EXPECT_EQ(cpu.fpr(0), short_of(2));
  longs(1, 0);
  bench.expect_completed("B3130022"); // LCDBR 2,2
  EXPECT_EQ(cpu.fpr(2), u64{1} << 63);
  EXPECT_EQ(cpu.psw.cc, 0);
  bench.expect_completed("B3100022"); // LPDBR 2,2
  EXPECT_EQ(cpu.fpr(2), 0U);
  bench.expect_completed("B3110000"); // LNDBR 0,0
  EXPECT_EQ(as_long(0), -1);
  extendeds(0, 5);
  bench.expect_completed("B3430004"); // LCXBR 0,4
  EXPECT_EQ(as_extended(0), -5);
  bench.expect_completed("B3400000"); // LPXBR 0,0
  EXPECT_EQ(as_extended(0), 5);
  bench.expect_completed("B3410000"); // LNXBR 0,0
  EXPECT_EQ(as_extended(0), -5);
  EXPECT_EQ(cpu.psw.cc, 1);
}

TEST_F(Bfp, LoadAndTestQuietsAndReportsASignalingNan) {
  cpu.fpr(2) = 0x7FF0'0000'0000'0001;
  bench.expect_completed("B3120002"); // LTDBR 0,2
  EXPECT_EQ(cpu.fpr(0), 0x7FF8'0000'0000'0001U);
  EXPECT_EQ(cpu.psw.cc, 3);
  EXPECT_EQ(cpu.fpc, 0x0080'0000U);
  shorts(1, -1);
  bench.expect_completed("B3020002"); // LTEBR 0,2
  EXPECT_EQ(cpu.psw.cc, 1);
  extendeds(1, 0);
  bench.expect_completed("B3420004"); // LTXBR 0,4
  EXPECT_EQ(cpu.psw.cc, 0);
}

TEST_F(Bfp, TakesTheSecondOperandFromStorage) {
  cpu.gr[1] = 0x2000;
  bench.store<u32>(0x2010, std::bit_cast<u32>(4.0F));
  bench.store<u64>(0x2018, long_of(4.0));
  const auto run_short = [&](const char* text, float f0, float f2) {
    shorts(f0, f2);
    bench.expect_completed(text);
    return as_short(0);
  };
  EXPECT_EQ(run_short("ED001010000A", 1, 0), 5);    // AEB 0,16(1)
  EXPECT_EQ(run_short("ED001010000B", 1, 0), -3);   // SEB
  EXPECT_EQ(run_short("ED0010100017", 3, 0), 12);   // MEEB
  EXPECT_EQ(run_short("ED001010000D", 6, 0), 1.5F); // DEB
  EXPECT_EQ(run_short("ED0010100014", 0, 0), 2);    // SQEB
  EXPECT_EQ(run_short("ED201010000E", 1, 3), 13);   // MAEB 0,2,16(1)
  EXPECT_EQ(run_short("ED201010000F", 1, 3), 11);   // MSEB 0,2,16(1)
  bench.expect_completed("ED0010100009");           // CEB
  EXPECT_EQ(cpu.psw.cc, 2);
  bench.expect_completed("ED2010100008"); // KEB 2,16(1)
  EXPECT_EQ(cpu.psw.cc, 1);
  const auto run_long = [&](const char* text, double f0, double f2) {
    longs(f0, f2);
    bench.expect_completed(text);
    return as_long(0);
  };
  EXPECT_EQ(run_long("ED001018001A", 1, 0), 5);   // ADB 0,24(1)
  EXPECT_EQ(run_long("ED001018001B", 1, 0), -3);  // SDB
  EXPECT_EQ(run_long("ED001018001C", 3, 0), 12);  // MDB
  EXPECT_EQ(run_long("ED001018001D", 6, 0), 1.5); // DDB
  EXPECT_EQ(run_long("ED0010180015", 0, 0), 2);   // SQDB
  EXPECT_EQ(run_long("ED201018001E", 1, 3), 13);  // MADB 0,2,24(1)
  EXPECT_EQ(run_long("ED201018001F", 1, 3), 11);  // MSDB 0,2,24(1)
  bench.expect_completed("ED0010180019");         // CDB
  EXPECT_EQ(cpu.psw.cc, 2);
  bench.expect_completed("ED2010180018"); // KDB 2,24(1)
  EXPECT_EQ(cpu.psw.cc, 1);
  shorts(3, 0);
  bench.expect_completed("ED001010000C"); // MDEB 0,16(1)
  EXPECT_EQ(as_long(0), 12);
  longs(3, 0);
  bench.expect_completed("ED0010180007"); // MXDB 0,24(1)
  EXPECT_EQ(as_extended(0), 12);
  bench.expect_completed("ED0010100004"); // LDEB 0,16(1)
  EXPECT_EQ(as_long(0), 4);
  bench.expect_completed("ED0010180005"); // LXDB 0,24(1)
  EXPECT_EQ(as_extended(0), 4);
  bench.expect_completed("ED0010100006"); // LXEB 0,16(1)
  EXPECT_EQ(as_extended(0), 4);
}

TEST_F(Bfp, AnAccessExceptionChangesNothing) {
  cpu.gr[1] = 0x10'0000; // beyond storage
  cpu.fpr(0) = long_of(1);
  bench.expect_interruption("ED001000001A", ProgramInterruption::Addressing);
  EXPECT_EQ(as_long(0), 1);
  EXPECT_EQ(cpu.fpc, 0U);
}

TEST_F(Bfp, TestDataClassUsesTheAddressAsMask) {
  shorts(-1, 0);
  bench.expect_completed("ED0001000010"); // TCEB 0,X'100' (-normal)
  EXPECT_EQ(cpu.psw.cc, 1);
  bench.expect_completed("ED000E FF0010"); // all but -normal
  EXPECT_EQ(cpu.psw.cc, 0);
  cpu.fpr(0) = 0x7FF8'0000'0000'0000;
  bench.expect_completed("ED0000080011"); // TCDB 0,8 (+QNaN)
  EXPECT_EQ(cpu.psw.cc, 1);
  extendeds(0, 0);
  bench.expect_completed("ED0008000012"); // TCXB 0,X'800' (+0)
  EXPECT_EQ(cpu.psw.cc, 1);
}

TEST_F(Bfp, DividesToAnInteger) {
  shorts(7, -4);
  bench.expect_completed("B3536402"); // DIEBR 0,6,2,4
  EXPECT_EQ(cpu.fpr(0), short_of(-1));
  EXPECT_EQ(cpu.fpr(6), short_of(-2));
  EXPECT_EQ(cpu.psw.cc, 0);
  longs(1e300, 7);
  bench.expect_completed("B35B6002"); // DIDBR 0,6,2,0
  EXPECT_EQ(cpu.psw.cc, 2);
  bench.expect_interruption("B3530402", ProgramInterruption::Specification); // R1 = R3
  bench.expect_interruption("B3536202", ProgramInterruption::Specification); // M4 = 2
}

TEST_F(Bfp, InvalidOperationSuppressesWhenEnabled) {
  cpu.fpc = 0x8000'0000;
  cpu.psw.cc = 2;
  cpu.fpr(0) = 0x7FF0'0000'0000'0000;
  cpu.fpr(2) = 0xFFF0'0000'0000'0000;
  bench.expect_data_exception("B31A0002", 0x80);
  EXPECT_EQ(cpu.fpr(0), 0x7FF0'0000'0000'0000U);
  EXPECT_EQ(cpu.fpc, 0x8000'8000U); // the code in byte 2, no flag
  EXPECT_EQ(cpu.psw.cc, 2);
}

TEST_F(Bfp, OverflowCompletesScaledWhenEnabled) {
  cpu.fpc = 0x2000'0000;
  longs(0x1p1023, 4);
  bench.expect_data_exception("B31C0002", 0x20);
  EXPECT_EQ(as_long(0), 0x1p-511); // 2^(1025-1536)
  EXPECT_EQ(cpu.fpc, 0x2000'2000U);
}

TEST_F(Bfp, InexactCompletesWhenEnabledAndOtherFlagsAreSet) {
  cpu.fpc = 0x0800'0000;
  longs(0x1p-1022, 3);
  bench.expect_data_exception("B31D0002", 0x08);
  EXPECT_EQ(cpu.fpc, 0x0810'0800U); // underflow flag, data-exception code
}

TEST_F(Bfp, FlagsAccumulate) {
  cpu.fpc = 0x0020'0000;
  longs(1, 3);
  bench.expect_completed("B31D0002");
  EXPECT_EQ(cpu.fpc, 0x0028'0000U);
}

TEST_F(Bfp, RoundsAsTheFpcSays) {
  cpu.fpc = 0x0000'0002; // toward plus infinity
  longs(1, 3);
  bench.expect_completed("B31D0002");
  EXPECT_EQ(cpu.fpr(0), 0x3FD5'5555'5555'5556U);
}

TEST_F(Bfp, ExtendedOperandsNeedRegisterPairs) {
  for (const char* text : {"B34A0024", "B34A0042", "B3420064", "B3490002", "B3160042", "B3050020", "ED2018000012"})
    bench.expect_interruption(text, ProgramInterruption::Specification);
}

TEST_F(Bfp, IsADataExceptionWithoutTheAfpRegisterControl) {
  cpu.cr[0] &= ~cr0::kAfpRegisters;
  cpu.fpc = 0;
  for (const char* text : {"B31A0002",
                           "B34A0026",
                           "ED001018001A",
                           "B3190002",
                           "B31E0024",
                           "ED0001000010",
                           "B3536402",
                           "B3040002",
                           "B3440002",
                           "B3570002",
                           "B3980002",
                           "B3940002",
                           "B30C0002"})
    bench.expect_data_exception(text, 2);
  EXPECT_EQ(cpu.fpc, 0U);
}

} // namespace
} // namespace siena::cpu::isa::testing
