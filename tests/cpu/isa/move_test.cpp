// SPDX-License-Identifier: BSD-3-Clause
// Moves, logical combinations and comparisons of storage with storage: overlap, page boundaries, access exceptions, registers.
#include "tests/cpu/isa/storage_program.h"

namespace siena::cpu::isa::testing {
namespace {

using PI = ProgramInterruption;

constexpr u64 kA = 0x2'0000, kB = 0x3'0000;
constexpr std::string_view kMvc16 = "D20F 2000 3000", kXc16 = "D70F 2000 3000", kClc16 = "D50F 2000 3000";

/// gr2 and gr3 designate the two operands.
struct Program : StorageProgram {
  Program(u64 first, u64 second) { gr(2, first).gr(3, second); }
};

TEST(MoveCharacters, MovesBetweenOperandsThatCrossPages) {
  for (const u64 first : {kA, kA + 0xFF3, kA + 0xFF8}) {
    for (const u64 second : {kB, kB + 0xFF1, kB + 0xFF8}) {
      Program p(first, second);
      p.put_text(second, "sixteen letters.");
      p.run(kMvc16);
      EXPECT_EQ(p.text(first, 16), "sixteen letters.");
      EXPECT_EQ(p.byte(first - 1), 0);
      EXPECT_EQ(p.byte(first + 16), 0);
    }
  }
}

TEST(MoveCharacters, PropagatesAByteThroughOperandsOneApart) {
  for (const u64 first : {kA, kA + 0xFF8, kA + 0xFFF}) {
    Program p(first + 1, first);
    p.put(first, "5C").fill(first + 1, 32, 0xEE);
    p.run(kMvc16);
    EXPECT_EQ(p.get(first, 17), Bytes(17, 0x5C));
    EXPECT_EQ(p.byte(first + 17), 0xEE);
  }
}

TEST(MoveCharacters, RepeatsThePatternBetweenOverlappingOperands) {
  for (const u64 first : {kA, kA + 0xFF6, kA + 0xFFF}) {
    Program p(first + 3, first);
    p.put_text(first, "abc");
    p.run(kMvc16);
    EXPECT_EQ(p.text(first, 19), "abcabcabcabcabcabca");
  }
}

TEST(MoveCharacters, IsAPlainMoveTowardsLowerAddresses) {
  Program p(kA, kA + 3);
  p.put_text(kA, "...0123456789abcdef");
  p.run(kMvc16);
  EXPECT_EQ(p.text(kA, 19), "0123456789abcdefdef");
}

TEST(MoveCharacters, StoresNothingWhenAPageCannotBeStoredInto) {
  Program p(kA + 0xFF8, kB);
  p.fill(kB, 16, 0x11);
  p.protect(kA + 0x1000, false);
  EXPECT_EQ(p.interruption(kMvc16), PI::Protection);
  EXPECT_EQ(p.get(kA + 0xFF8, 16), Bytes(16, 0));
}

TEST(MoveCharacters, StoresNothingWhenAPageCannotBeFetched) {
  Program p(kA, kB + 0xFF8);
  p.fill(kB + 0xFF8, 16, 0x11);
  p.protect(kB + 0x1000, true);
  EXPECT_EQ(p.interruption(kMvc16), PI::Protection);
  EXPECT_EQ(p.get(kA, 16), Bytes(16, 0));
}

TEST(MoveCharacters, LeavesTheChangeBitAloneWhenTheSecondOperandCannotBeFetched) {
  Program p(kA, StorageProgram::kStorageSize);
  EXPECT_EQ(p.interruption(kMvc16), PI::Addressing);
  EXPECT_EQ(p.storage->frames().key({kA}) & mmu::storage_key::kChange, 0);
}

TEST(MoveCharacters, WrapsAtSixteenMegabytesInThe24BitMode) {
  Program p(kA, 0xFF'FFF8);
  p.addressing(24);
  p.put_text(0xFF'FFF8, "before..").put_text(0, "after...");
  p.run(kMvc16);
  EXPECT_EQ(p.text(kA, 16), "before..after...");
}

TEST(MoveCharacters, ChargesTheSameWhereverTheOperandsLie) {
  Program inside(kA, kB), across(kA + 0xFF8, kB + 0xFF4);
  inside.run(kMvc16);
  across.run(kMvc16);
  EXPECT_EQ(inside.cpu.cycles, 2u);
  EXPECT_EQ(across.cpu.cycles, 2u);
}

TEST(MoveCharacters, TellsTheOwnersOfCodeWhatWasStored) {
  struct Observer final : mmu::FrameObserver {
    std::vector<std::pair<u64, u64>> ranges;
    void stored(AbsoluteAddress first, u64 length) override { ranges.emplace_back(first.value, length); }
  } observer;
  Program p(kA + 0xFFA, kB);
  p.storage->frames().set_observer(mmu::FrameUse::Code, &observer);
  p.storage->frames().arm({kA + 0x1000}, mmu::FrameUse::Code);
  p.run(kMvc16);
  p.run(kMvc16);
  const std::pair<u64, u64> expected{kA + 0x1000, 10};
  EXPECT_EQ(observer.ranges, (std::vector{expected, expected}));
}

TEST(MoveInverse, ReversesTheBytesUpToTheSecondOperandAddress) {
  Program p(kA + 0xFFE, kB + 0x1002);
  p.put_text(kB + 0xFFE, "abcde");
  p.run("E804 2000 3000");
  EXPECT_EQ(p.text(kA + 0xFFE, 5), "edcba");
}

TEST(MoveNumerics, AndMoveZonesMoveHalfOfEachByte) {
  Program p(kA, kB);
  p.put(kA, "12 34 56 78 9A BC DE F0 12 34").put(kB, "00 FF 00 FF 00 FF 00 FF 00 FF");
  p.run("D109 2000 3000");
  EXPECT_EQ(p.get(kA, 10), hex("10 3F 50 7F 90 BF D0 FF 10 3F"));
  p.run("D309 2000 3000");
  EXPECT_EQ(p.get(kA, 10), hex("00 FF 00 FF 00 FF 00 FF 00 FF"));
}

TEST(MoveRightToLeft, MovesUpwardsThroughAnOverlap) {
  Program p(kA + 1, kA);
  p.put_text(kA, "abcdef").gr(0, 0xFFFF'FFFF'FFFF'FF04);
  p.run("E50A 2000 3000");
  EXPECT_EQ(p.text(kA, 7), std::string("aabcde\0", 7));
}

TEST(MoveRightToLeft, PropagatesItsLastByteDownwards) {
  Program p(kA, kA + 1);
  p.put_text(kA, "abcdef").gr(0, 4);
  p.run("E50A 2000 3000");
  EXPECT_EQ(p.text(kA, 6), "ffffff");
}

TEST(ExclusiveOrCharacters, OfAnOperandWithItselfClearsIt) {
  Program p(kA + 0xFF8, kA + 0xFF8);
  p.fill(kA + 0xFF8, 17, 0xEE);
  p.run(kXc16);
  EXPECT_EQ(p.get(kA + 0xFF8, 16), Bytes(16, 0));
  EXPECT_EQ(p.byte(kA + 0x1008), 0xEE);
  EXPECT_EQ(p.cc(), 0);
}

TEST(ExclusiveOrCharacters, UsesBytesItHasStoredWhenOperandsOverlap) {
  Program p(kA + 1, kA);
  p.fill(kA, 17, 0x01);
  p.run(kXc16);
  EXPECT_EQ(p.get(kA, 6), hex("01 00 01 00 01 00"));
  EXPECT_EQ(p.cc(), 1);
}

TEST(AndCharacters, SetsTheConditionCodeFromAllBytes) {
  Program p(kA, kB);
  p.fill(kA, 11, 0xF0).fill(kB, 11, 0x0F);
  p.run("D40A 2000 3000");
  EXPECT_EQ(p.cc(), 0);
  p.put(kA + 10, "01").put(kB + 10, "01");
  p.run("D40A 2000 3000");
  EXPECT_EQ(p.cc(), 1);
}

TEST(OrCharacters, NeedsStorePermissionForItsFirstOperand) {
  Program p(kA, kB);
  p.protect(kA, false);
  EXPECT_EQ(p.interruption("D600 2000 3000"), PI::Protection);
}

TEST(CompareLogicalCharacters, OrdersByTheFirstUnequalByte) {
  for (const u64 first : {kA, kA + 0xFFC}) {
    Program p(first, kB + 0xFF9);
    p.fill(first, 16, 7).fill(kB + 0xFF9, 16, 7);
    p.run(kClc16);
    EXPECT_EQ(p.cc(), 0);
    p.put(first + 15, "80");
    p.run(kClc16);
    EXPECT_EQ(p.cc(), 2);
    p.put(first + 8, "06");
    p.run(kClc16);
    EXPECT_EQ(p.cc(), 1);
  }
}

TEST(CompareLogicalCharacters, DoesNotLookBehindAnUnequalPage) {
  Program p(kA + 0xFF8, kB + 0xFF8);
  p.put(kA + 0xFF8, "01");
  p.protect(kB + 0x1000, true);
  p.run(kClc16);
  EXPECT_EQ(p.cc(), 2);
}

constexpr std::string_view kMvcl = "0E24", kClcl = "0F24", kMvcle = "A824 6000", kClcle = "A924 6000";

/// Even-odd pairs 2 and 4.
struct PairProgram : StorageProgram {
  PairProgram(u64 first, u64 first_length, u64 second, u64 second_length) {
    gr(2, first).gr(3, first_length).gr(4, second).gr(5, second_length);
  }
};

TEST(MoveLong, PadsTheFirstOperand) {
  PairProgram p(kA, 0x7700'0006, kB, 0x5C00'0003);
  p.put_text(kB, "abc");
  p.run(kMvcl);
  EXPECT_EQ(p.text(kA, 6), "abc\\\\\\");
  EXPECT_EQ(p.cc(), 2);
  EXPECT_EQ(p.gr(2), kA + 6);
  EXPECT_EQ(p.gr(3), 0x7700'0000u);
  EXPECT_EQ(p.gr(4), kB + 3);
  EXPECT_EQ(p.gr(5), 0x5C00'0000u);
}

TEST(MoveLong, IsReexecutedAfterAUnitOfOperation) {
  PairProgram p(kA, 0x3001, kB + 5, 0x3001);
  p.fill(kB + 5, 0x3001, 0x42);
  EXPECT_EQ(p.step(kMvcl), Outcome::Partial);
  EXPECT_EQ(p.cpu.psw.address, StorageProgram::kCode);
  EXPECT_EQ(p.gr(2), kA + 0x1000);
  EXPECT_EQ(p.gr(3), 0x2001u);
  EXPECT_EQ(p.gr(4), kB + 5 + 0x1000);
  p.run(kMvcl);
  EXPECT_EQ(p.get(kA, 0x3001), Bytes(0x3001, 0x42));
  EXPECT_EQ(p.cc(), 0);
  EXPECT_EQ(p.cpu.cycles, 0x3001u / 8);
}

TEST(MoveLong, DoesNotMoveWhatItWouldDestroy) {
  PairProgram p(kA + 4, 8, kA, 8);
  p.put_text(kA, "abcdefgh");
  p.run(kMvcl);
  EXPECT_EQ(p.cc(), 3);
  EXPECT_EQ(p.gr(3), 8u);
  EXPECT_EQ(p.text(kA, 8), "abcdefgh");
}

TEST(MoveLong, MovesWhenOnlyPaddingWouldOverlap) {
  PairProgram p(kA + 4, 8, kA, 4);
  p.put_text(kA, "abcd");
  p.run(kMvcl);
  EXPECT_EQ(p.cc(), 2);
  EXPECT_EQ(p.text(kA, 8), "abcdabcd");
}

TEST(MoveLong, ShowsItsProgressWhenAPageIsMissing) {
  PairProgram p(kA + 0xFFC, 12, kB, 12);
  p.put_text(kB, "abcdefghijkl").protect(kA + 0x1000, false);
  EXPECT_EQ(p.interruption(kMvcl), PI::Protection);
  EXPECT_EQ(p.text(kA + 0xFFC, 4), "abcd");
  EXPECT_EQ(p.gr(2), kA + 0x1000);
  EXPECT_EQ(p.gr(3), 8u);
  EXPECT_EQ(p.gr(4), kB + 4);
  EXPECT_EQ(p.gr(5), 8u);
}

TEST(MoveLong, ClearsTheUnusedAddressBitsOfTheOldModesAndNoOthers) {
  PairProgram p(0x1234'5678'5A00'0000 | kA, 4, 0x1234'5678'A500'0000 | kB, 4);
  p.addressing(24);
  p.run(kMvcl);
  EXPECT_EQ(p.gr(2), 0x1234'5678'0000'0004 | kA);
  EXPECT_EQ(p.gr(4), 0x1234'5678'0000'0004 | kB);
}

TEST(MoveLong, WantsEvenRegisters) {
  StorageProgram p;
  EXPECT_EQ(p.interruption("0E34"), PI::Specification);
  EXPECT_EQ(p.interruption("0E25"), PI::Specification);
  EXPECT_EQ(p.interruption("0F34"), PI::Specification);
  EXPECT_EQ(p.interruption("A834 0000"), PI::Specification);
  EXPECT_EQ(p.interruption("A925 0000"), PI::Specification);
}

TEST(MoveLongExtended, EndsAPartAtThePageBoundaryWithConditionCode3) {
  PairProgram p(kA + 0xFFE, 5, kB, 5);
  p.put_text(kB, "abcde");
  EXPECT_EQ(p.step(kMvcle), Outcome::Completed);
  EXPECT_EQ(p.cc(), 3);
  EXPECT_EQ(p.gr(3), 3u);
  EXPECT_EQ(p.finish(kMvcle, true), Outcome::Completed);
  EXPECT_EQ(p.cc(), 0);
  EXPECT_EQ(p.text(kA + 0xFFE, 5), "abcde");
}

TEST(MoveLongExtended, TakesItsPadFromTheSecondAddressAndComparesTheLengths) {
  PairProgram p(kA, 4, kB, 2);
  p.put_text(kB, "ab").gr(6, 0xFFFF'FF2A);
  p.run(kMvcle);
  EXPECT_EQ(p.text(kA, 4), "ab**");
  EXPECT_EQ(p.cc(), 2);
  p.gr(2, kA).gr(3, 1).gr(4, kB).gr(5, 2);
  p.run(kMvcle);
  EXPECT_EQ(p.cc(), 1);
  EXPECT_EQ(p.gr(5), 1u);
}

TEST(MoveLongUnicode, MovesACharacterThatCrossesAPage) {
  PairProgram p(kA + 0xFFF, 6, kB + 0xFFF, 2);
  p.put(kB + 0xFFF, "1234").gr(6, 0xABCD);
  EXPECT_EQ(p.finish("EB24 6000 008E", true), Outcome::Completed);
  EXPECT_EQ(p.get(kA + 0xFFF, 6), hex("1234 ABCD ABCD"));
  EXPECT_EQ(p.cc(), 2);
}

TEST(MoveLongUnicode, WantsEvenLengths) {
  PairProgram p(kA, 3, kB, 2);
  EXPECT_EQ(p.interruption("EB24 6000 008E"), PI::Specification);
  EXPECT_EQ(p.interruption("EB24 6000 008F"), PI::Specification);
}

TEST(CompareLogicalLong, StopsAtTheUnequalByte) {
  PairProgram p(kA, 0x2000, kB, 0x2000);
  p.put(kB + 0x1801, "01");
  p.run(kClcl);
  EXPECT_EQ(p.cc(), 1);
  EXPECT_EQ(p.gr(2), kA + 0x1801);
  EXPECT_EQ(p.gr(3), 0x2000u - 0x1801);
  EXPECT_EQ(p.gr(4), kB + 0x1801);
}

TEST(CompareLogicalLong, ExtendsTheShorterOperandWithThePad) {
  PairProgram p(kA, 2, kB, 0x2000'0004);
  p.put_text(kA, "ab").put_text(kB, "ab  ");
  p.run(kClcl);
  EXPECT_EQ(p.cc(), 0);
  EXPECT_EQ(p.gr(4), kB + 4);
  p.gr(2, kA).gr(3, 2).gr(4, kB).gr(5, 0x2100'0004);
  p.run(kClcl);
  EXPECT_EQ(p.cc(), 2);
  EXPECT_EQ(p.gr(2), kA + 2);
  EXPECT_EQ(p.gr(4), kB + 2);
  EXPECT_EQ(p.gr(5), 0x2100'0002u);
}

TEST(CompareLogicalLong, ShowsItsProgressWhenAPageIsMissing) {
  PairProgram p(kA + 0xFF0, 0x100, kB, 0x100);
  p.protect(kA + 0x1000, true);
  EXPECT_EQ(p.interruption(kClcl), PI::Protection);
  EXPECT_EQ(p.gr(2), kA + 0x1000);
  EXPECT_EQ(p.gr(3), 0xF0u);
  EXPECT_EQ(p.gr(4), kB + 0x10);
}

TEST(CompareLogicalLongExtended, GoesOnAfterConditionCode3) {
  PairProgram p(kA + 0x800, 0x1800, kB, 0x1801);
  p.gr(6, 0xFF);
  EXPECT_EQ(p.step(kClcle), Outcome::Completed);
  EXPECT_EQ(p.cc(), 3);
  EXPECT_EQ(p.finish(kClcle, true), Outcome::Completed);
  EXPECT_EQ(p.cc(), 2); // the pad is higher than the last byte
  EXPECT_EQ(p.gr(5), 1u);
}

} // namespace
} // namespace siena::cpu::isa::testing
