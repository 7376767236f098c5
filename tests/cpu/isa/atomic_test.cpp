// SPDX-License-Identifier: BSD-3-Clause
// Interlocked updates of storage and PERFORM LOCKED OPERATION.
#include "tests/cpu/isa/storage_program.h"

namespace siena::cpu::isa::testing {
namespace {

using PI = ProgramInterruption;

constexpr u64 kA = 0x2'0000, kB = 0x3'0000, kList = 0x4'0000;
constexpr std::string_view kCs = "BA46 2000", kCsg = "EB46 2000 0030", kCds = "BB46 2000", kCdsg = "EB46 2000 003E",
                           kCsst = "C842 2000 3000", kTs = "9300 2000", kLaa = "EB46 2000 00F8",
                           kLaalg = "EB46 2000 00EA", kAsi = "EB01 2000 006A", kAlgsiMinus1 = "EBFF 2000 007E",
                           kLpdg = "C845 2000 3000", kPlo = "EE46 2000 3000";

TEST(CompareAndSwap, StoresWhenEqual) {
  StorageProgram p;
  p.gr(2, kA).gr(4, 0xFFFF'FFFF'1111'2222).gr(6, 0x3333'4444).put(kA, "11112222");
  p.run(kCs);
  EXPECT_EQ(p.cc(), 0);
  EXPECT_EQ(p.get(kA, 4), hex("33334444"));
}

TEST(CompareAndSwap, LoadsTheWordWhenUnequal) {
  StorageProgram p;
  p.gr(2, kA).gr(4, 0xFFFF'FFFF'1111'2223).gr(6, 0x3333'4444).put(kA, "11112222");
  p.run(kCs);
  EXPECT_EQ(p.cc(), 1);
  EXPECT_EQ(p.gr(4), 0xFFFF'FFFF'1111'2222u);
  EXPECT_EQ(p.get(kA, 4), hex("11112222"));
}

TEST(CompareAndSwap, NeedsStorePermissionEvenWhenUnequal) {
  StorageProgram p;
  p.gr(2, kA).gr(4, 1).protect(kA, false);
  EXPECT_EQ(p.interruption(kCs), PI::Protection);
  EXPECT_EQ(p.gr(4), 1u);
}

TEST(CompareAndSwap, WantsAnAlignedOperand) {
  StorageProgram p;
  p.gr(2, kA + 2);
  EXPECT_EQ(p.interruption(kCs), PI::Specification);
  p.gr(2, kA + 4);
  EXPECT_EQ(p.interruption(kCs), PI::None);
  EXPECT_EQ(p.interruption(kCsg), PI::Specification);
  EXPECT_EQ(p.interruption(kCds), PI::Specification);
  p.gr(2, kA + 8);
  EXPECT_EQ(p.interruption(kCdsg), PI::Specification);
}

TEST(CompareDoubleAndSwap, UsesThe32BitHalvesOfItsPairs) {
  StorageProgram p;
  p.gr(2, kA)
      .gr(4, ~u64{0})
      .gr(5, 0xFFFF'FFFF'0000'0001)
      .gr(6, 0x1234'5678'0000'0002)
      .gr(7, 3)
      .put(kA, "FFFFFFFF00000001");
  p.run(kCds);
  EXPECT_EQ(p.cc(), 0);
  EXPECT_EQ(p.get(kA, 8), hex("0000000200000003"));
  p.run(kCds);
  EXPECT_EQ(p.cc(), 1);
  EXPECT_EQ(p.gr(4), 0xFFFF'FFFF'0000'0002u);
  EXPECT_EQ(p.gr(5), 0xFFFF'FFFF'0000'0003u);
}

TEST(CompareDoubleAndSwap, WantsEvenRegisters) {
  StorageProgram p;
  p.gr(2, kA);
  EXPECT_EQ(p.interruption("BB56 2000"), PI::Specification);
  EXPECT_EQ(p.interruption("BB47 2000"), PI::Specification);
}

TEST(CompareDoubleAndSwapLong, SwapsAQuadword) {
  StorageProgram p;
  p.gr(2, kA).gr(4, 1).gr(5, 2).gr(6, 3).gr(7, 4).put(kA, "0000000000000001 0000000000000002");
  p.run(kCdsg);
  EXPECT_EQ(p.cc(), 0);
  p.run(kCdsg);
  EXPECT_EQ(p.cc(), 1);
  EXPECT_EQ(p.gr(4), 3u);
  EXPECT_EQ(p.gr(5), 4u);
}

TEST(CompareAndSwapAndStore, StoresBothOperandsOrNeither) {
  StorageProgram p;
  p.gr(0, 0x0301).gr(1, kList).gr(2, kA).gr(3, kB).gr(4, 7).put(kA, "0000000000000007");
  p.put(kList, "1111111111111111 0000000000000000 2222222222222222");
  p.run(kCsst);
  EXPECT_EQ(p.cc(), 0);
  EXPECT_EQ(p.get(kA, 8), Bytes(8, 0x11));
  EXPECT_EQ(p.get(kB, 8), Bytes(8, 0x22));
  p.fill(kB, 8, 0);
  p.run(kCsst);
  EXPECT_EQ(p.cc(), 1);
  EXPECT_EQ(p.gr(4), 0x1111'1111'1111'1111u);
  EXPECT_EQ(p.get(kB, 8), Bytes(8, 0));
}

TEST(CompareAndSwapAndStore, ChangesNothingWhenTheSecondOperandIsProtected) {
  StorageProgram p;
  p.gr(0, 0x0301).gr(1, kList).gr(2, kA).gr(3, kB).gr(4, 0).fill(kList, 32, 0x11).protect(kB, false);
  EXPECT_EQ(p.interruption(kCsst), PI::Protection);
  EXPECT_EQ(p.get(kA, 8), Bytes(8, 0));
}

TEST(CompareAndSwapAndStore, KnowsThreeFunctionsAndFiveSizes) {
  StorageProgram p;
  p.gr(1, kList).gr(2, kA).gr(3, kB);
  for (const u64 codes : {0x0003, 0x0500, 0xFF00, 0x00FF}) {
    p.gr(0, codes);
    EXPECT_EQ(p.interruption(kCsst), PI::Specification) << codes;
  }
  p.gr(0, 0x0402);
  EXPECT_EQ(p.interruption(kCsst), PI::None);
  p.gr(3, kB + 8);
  EXPECT_EQ(p.interruption(kCsst), PI::Specification);
}

TEST(TestAndSet, ShowsTheLeftmostBit) {
  StorageProgram p;
  p.gr(2, kA).put(kA, "7F");
  p.run(kTs);
  EXPECT_EQ(p.cc(), 0);
  p.run(kTs);
  EXPECT_EQ(p.cc(), 1);
  EXPECT_EQ(p.byte(kA), 0xFF);
}

TEST(LoadAndAdd, CompletesAndThenRecognisesOverflow) {
  StorageProgram p;
  p.program_mask(Psw::kFixedPointOverflow);
  p.gr(2, kA).gr(6, 1).put(kA, "7FFFFFFF");
  EXPECT_EQ(p.interruption(kLaa), PI::FixedPointOverflow);
  EXPECT_EQ(p.cc(), 3);
  EXPECT_EQ(p.cpu.gr32(4), 0x7FFF'FFFFu);
  EXPECT_EQ(p.get(kA, 4), hex("80000000"));
}

TEST(LoadAndAddLogical, AddsTheThirdOperandEvenIfTheFirstIsTheSameRegister) {
  StorageProgram p;
  p.gr(2, kA).gr(4, 5).put(kA, "FFFFFFFFFFFFFFFF");
  p.run("EB44 2000 00EA");
  EXPECT_EQ(p.cc(), 3);
  EXPECT_EQ(p.gr(4), ~u64{0});
  EXPECT_EQ(p.get(kA, 8), hex("0000000000000004"));
}

TEST(LoadAndAddLogical, WantsAnAlignedOperand) {
  StorageProgram p;
  p.gr(2, kA + 4);
  EXPECT_EQ(p.interruption(kLaalg), PI::Specification);
}

TEST(AddImmediate, NeedsNoAlignment) {
  StorageProgram p;
  p.gr(2, kA + 0xFFE).put(kA + 0xFFE, "0000FFFF");
  p.run(kAsi);
  EXPECT_EQ(p.cc(), 2);
  EXPECT_EQ(p.get(kA + 0xFFE, 4), hex("00010000"));
}

TEST(AddLogicalWithSignedImmediate, HasALogicalConditionCode) {
  StorageProgram p;
  p.gr(2, kA).put(kA, "0000000000000001");
  p.run(kAlgsiMinus1);
  EXPECT_EQ(p.cc(), 2);
  p.run(kAlgsiMinus1);
  EXPECT_EQ(p.cc(), 1);
  EXPECT_EQ(p.get(kA, 8), Bytes(8, 0xFF));
}

TEST(LoadPairDisjoint, LoadsBothOperands) {
  StorageProgram p;
  p.gr(2, kA).gr(3, kB).put(kA, "0000000000000001").put(kB, "0000000000000002");
  p.run(kLpdg);
  EXPECT_EQ(p.cc(), 0);
  EXPECT_EQ(p.gr(4), 1u);
  EXPECT_EQ(p.gr(5), 2u);
  EXPECT_EQ(p.interruption("C855 2000 3000"), PI::Specification);
}

TEST(PerformLockedOperation, AnswersWhetherAFunctionIsInstalled) {
  StorageProgram p;
  for (u64 function = 0; function < 256; ++function) {
    p.gr(0, 0x100 | function);
    p.run("EE57 2001 3003"); // nothing else is looked at
    EXPECT_EQ(p.cc(), function < 24 ? 0 : 3) << function;
  }
}

TEST(PerformLockedOperation, RejectsUnknownFunctionsAndReservedBits) {
  StorageProgram p;
  p.gr(2, kA).gr(3, kB);
  for (const u64 code : {u64{24}, u64{255}, u64{0x200}, u64{0x8000'0000}}) {
    p.gr(0, code);
    EXPECT_EQ(p.interruption(kPlo), PI::Specification) << code;
  }
}

TEST(PerformLockedOperation, ComparesAndLoads) {
  StorageProgram p;
  p.gr(0, 0).gr(2, kA).gr(3, kB).gr(4, 7).gr(6, 0).put(kA, "00000007").put(kB, "0000002A");
  p.run(kPlo);
  EXPECT_EQ(p.cc(), 0);
  EXPECT_EQ(p.gr(6), 0x2Au);
  p.gr(4, 8);
  p.run(kPlo);
  EXPECT_EQ(p.cc(), 1);
  EXPECT_EQ(p.gr(4), 7u);
}

TEST(PerformLockedOperation, StoresNothingWhenOneOfThreeStoresCannotBeDone) {
  StorageProgram p; // compare and swap and triple store, values in registers and a parameter list
  constexpr u64 kC = 0x5'0000, kD = 0x6'0000, kE = 0x7'0000;
  p.gr(0, 22).gr(2, kA).gr(3, kList).gr(4, 0).gr(5, 1).fill(kList, 144, 0x55);
  p.put(kList + 72, "0000000000050000").put(kList + 104, "0000000000060000").put(kList + 136, "0000000000070000");
  p.protect(kE, false);
  EXPECT_EQ(p.interruption(kPlo), PI::Protection);
  for (const u64 a : {kA, kC, kD}) EXPECT_EQ(p.get(a, 8), Bytes(8, 0));
  p.storage->frames().set_key({kE}, StorageProgram::kProgramKey);
  p.run(kPlo);
  EXPECT_EQ(p.get(kA, 8), hex("0000000000000001"));
  for (const u64 a : {kC, kD, kE}) EXPECT_EQ(p.get(a, 8), Bytes(8, 0x55));
}

} // namespace
} // namespace siena::cpu::isa::testing
