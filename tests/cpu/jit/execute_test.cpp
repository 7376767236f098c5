// SPDX-License-Identifier: BSD-3-Clause
// EXECUTE and EXECUTE RELATIVE LONG of the instructions that are given their length by them.
#include "tests/cpu/jit/runner.h"

namespace siena::cpu::jit {
namespace {

using testing::expect_same_on_all, testing::kCode, testing::kData, testing::Runner;

struct Operands {
  const char* name;
  u64 first, second;
};
constexpr Operands kOperands[] = {
    {"apart", kData, kData + 0x800},
    {"the same", kData + 0x100, kData + 0x100},
    {"the first a byte before the second", kData + 0x100, kData + 0x101},
    {"the first a byte behind the second", kData + 0x101, kData + 0x100},
    {"the first forty bytes before the second", kData + 0x100, kData + 0x128},
    {"the first forty bytes behind the second", kData + 0x128, kData + 0x100},
    {"the first runs into the next page", kData + 0xFF0, kData + 0x200},
    {"the second runs into the next page", kData + 0x200, kData + 0xFF0},
};

// LGHI %r1,255; 0: EXRL %r1,target; IPM %r2; XR %r3,%r2; RLL %r3,%r3,1; SLG %r1,one; JNM 0; J .
constexpr std::string_view kRelativeLong =
    "A719 00FF C610 0000 001E B222 0020 1732 EB33 0001 001D E310 6000 000B A7B4 FFF4 A7F4 0000";
// The same with LARL %r7,target; EX %r1,0(%r7)
constexpr std::string_view kByRegister =
    "A719 00FF C070 0000 001E 4410 7000 B222 0020 1732 EB33 0001 001D E310 6000 000B A7B4 FFF2 A7F4 0000";

/// Runs the program, which executes `target` (at +0x40) with lengths from 0 to 255 in register 1, over all operands in registers 4 and 5.
void expect_same(std::string_view target, std::string_view program = kRelativeLong) {
  for (const Operands& o : kOperands) {
    SCOPED_TRACE(o.name);
    expect_same_on_all([&](Runner& run) {
      run.put(kCode, program);
      run.put(kCode + 0x40, target);
      run.cpu.gr[4] = o.first;
      run.cpu.gr[5] = o.second;
      run.cpu.gr[6] = kData - 8;
      run.store(kData - 8, u64{1});
      // Two operands that differ nowhere within the first hundred bytes.
      for (u64 i = 0; i < 0x400; ++i) {
        run.store(kData + 0x100 + i, static_cast<u8>(i * 7));
        run.store(o.first + i, static_cast<u8>(i * 3));
        run.store(o.second + i, static_cast<u8>(i == 100 ? 1 : i * 3));
      }
      (void)run.go(20'000);
    });
  }
}

TEST(JitExecute, MovesAsManyBytesAsTheRegisterSays) { expect_same("D200 4000 5000"); }
TEST(JitExecute, TheLengthIsJoinedToTheTargetsOwn) { expect_same("D205 4000 5000"); }
TEST(JitExecute, ComparesAsManyBytesAsTheRegisterSays) { expect_same("D500 4000 5000"); }
TEST(JitExecute, ClearsAsManyBytesAsTheRegisterSays) { expect_same("D700 4000 4000"); }
TEST(JitExecute, CombinesAsManyBytesAsTheRegisterSays) { expect_same("D700 4000 5000"); }

TEST(JitExecute, ATargetThatLarlHasNamedIsExecutedLikeARelativeOne) {
  for (const std::string_view target : {"D200 4000 5000", "D205 4000 5000", "D500 4000 5000", "D700 4000 4000"})
    expect_same(target, kByRegister);
}

TEST(JitExecute, OperandsThatDifferAtEachByteCompareAsTheInterpreterCompares) {
  for (u64 differs = 0; differs < 70; ++differs)
    expect_same_on_all([&](Runner& run) {
      // LGHI %r1,66; 0: EXRL %r1,target; IPM %r2; XR %r3,%r2; RLL %r3,%r3,1; BRCTG %r1,0; J .; target: CLC 0(1,%r4),0(%r5)
      run.put(kCode, "A719 0042 C610 0000 000D B222 0020 1732 EB33 0001 001D A717 FFF7 A7F4 0000 D500 4000 5000");
      run.store(run.cpu.gr[differs % 2 == 0 ? 4 : 5] + differs, u8{0x80});
      (void)run.go(2000);
    });
}

TEST(JitExecute, StopsAtTheSameInstructionAsTheInterpreterForEveryLimit) {
  for (u64 cycles = 2; cycles < 120; ++cycles)
    expect_same_on_all([&](Runner& run) {
      // LGHI %r1,100; 0: AGHI %r2,1; EXRL %r1,target; AGHI %r3,1; J 0; target: MVC 0(1,%r4),0(%r5)
      run.put(kCode, "A719 0064 A72B 0001 C610 0000 0007 A73B 0001 A7F4 FFF9 D200 4000 5000");
      (void)run.go(cycles);
    });
}

TEST(JitExecute, ATargetInAnotherPageIsExecutedAsWell) {
  expect_same_on_all([](Runner& run) {
    // LGHI %r1,100; EXRL %r1,+0x1000; J .
    run.put(kCode, "A719 0064 C610 0000 0800 A7F4 0000");
    run.put(kCode + 0x1004, "D200 4000 5000");
    for (u64 i = 0; i < 256; ++i) run.store(run.cpu.gr[5] + i, static_cast<u8>(i * 3));
    (void)run.go(200);
  });
}

TEST(JitExecute, AnExecutedMoveMayChangeTheBlockItIsIn) {
  const auto r = expect_same_on_all([](Runner& run) {
    // LGHI %r1,3; LARL %r4,next; LARL %r5,new; EXRL %r1,target; next: LHI %r2,1; J .; target: MVC 0(1,%r4),0(%r5); new: LHI %r2,7
    run.put(kCode,
            "A719 0003 C040 0000 0009 C050 0000 000D C610 0000 0007 A728 0001 A7F4 0000 D200 4000 5000 A728 0007");
    (void)run.go(100);
  });
  EXPECT_EQ(r->cpu.gr[2], 7u);
}

} // namespace
} // namespace siena::cpu::jit
