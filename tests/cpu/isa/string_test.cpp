// SPDX-License-Identifier: BSD-3-Clause
// Strings, checksum, translation and Unicode conversion: where parts end, what registers show, which exceptions are met.
#include "tests/cpu/isa/storage_program.h"

namespace siena::cpu::isa::testing {
namespace {

using PI = ProgramInterruption;

constexpr u64 kA = 0x2'0000, kB = 0x3'0000, kTable = 0x4'0000;
constexpr std::string_view kMvst = "B255 0024", kClst = "B25D 0024", kSrst = "B25E 0024", kSrstu = "B9BE 0024",
                           kCksm = "B241 0024", kTr4 = "DC03 2000 3000", kTrt4 = "DD03 2000 3000",
                           kTrtr4 = "D003 2000 3000", kTre = "B2A5 0024", kTroo = "B993 0024", kTrtt = "B990 0024",
                           kCu12 = "B2A7 0024", kCu14Checked = "B9B0 1024", kCu21Checked = "B2A6 1024",
                           kCu41 = "B9B2 0024";

TEST(MoveString, MovesTheEndingCharacterToo) {
  StorageProgram p;
  p.gr(0, 0).gr(2, kA + 0xFFD).gr(4, kB).put(kB, "61 62 63 64 65 00").fill(kA + 0x1003, 1, 0xEE);
  p.run(kMvst);
  EXPECT_EQ(p.cc(), 1);
  EXPECT_EQ(p.gr(2), kA + 0x1002);
  EXPECT_EQ(p.get(kA + 0xFFD, 7), hex("61 62 63 64 65 00 EE"));
}

TEST(MoveString, EndsAPartBeforeAPageItCannotStoreInto) {
  StorageProgram p;
  p.gr(0, 0).gr(2, kA + 0xFFD).gr(4, kB).put(kB, "61 62 63 64 65 00").protect(kA + 0x1000, false);
  p.run(kMvst);
  EXPECT_EQ(p.cc(), 3);
  EXPECT_EQ(p.gr(2), kA + 0x1000);
  EXPECT_EQ(p.gr(4), kB + 3);
  EXPECT_EQ(p.interruption(kMvst), PI::Protection);
  EXPECT_EQ(p.gr(4), kB + 3);
}

TEST(MoveString, DoesNotTouchThePageBehindTheEndingCharacter) {
  StorageProgram p;
  p.gr(0, 'c').gr(2, kA).gr(4, kB + 0xFFD).put_text(kB + 0xFFD, "abc").protect(kB + 0x1000, true);
  p.run(kMvst);
  EXPECT_EQ(p.cc(), 1);
  EXPECT_EQ(p.text(kA, 3), "abc");
}

TEST(StringInstructions, WantZerosBeforeTheCharacterInRegister0) {
  for (const std::string_view insn : {kMvst, kClst, kSrst}) {
    StorageProgram p;
    p.gr(0, 0x100).gr(2, kA).gr(4, kB);
    EXPECT_EQ(p.interruption(insn), PI::Specification) << insn;
    p.gr(0, 0xFFFF'FFFF'0000'0000).gr(2, kB); // bits 0-31 are ignored
    EXPECT_EQ(p.interruption(insn), PI::None) << insn;
  }
  StorageProgram p;
  p.gr(0, 0x1'0000);
  EXPECT_EQ(p.interruption(kSrstu), PI::Specification);
}

TEST(CompareLogicalString, LeavesTheRegistersOfEqualStrings) {
  StorageProgram p;
  p.gr(0, 0).gr(2, kA + 0xFFE).gr(4, kB).put(kA + 0xFFE, "61 62 63 00 01").put(kB, "61 62 63 00 02");
  p.run(kClst);
  EXPECT_EQ(p.cc(), 0);
  EXPECT_EQ(p.gr(2), kA + 0xFFE);
}

TEST(CompareLogicalString, TakesAnEndedStringForTheLowerOne) {
  StorageProgram p;
  p.gr(0, 0xFF).gr(2, kA).gr(4, kB).put(kA, "61 62 FF").put(kB, "61 62 01");
  p.run(kClst);
  EXPECT_EQ(p.cc(), 1);
  EXPECT_EQ(p.gr(2), kA + 2);
  EXPECT_EQ(p.gr(4), kB + 2);
}

TEST(SearchString, FindsTheCharacterBeforeTheEndAddress) {
  StorageProgram p;
  p.gr(0, 'x').gr(2, kA + 0x1005).gr(4, kA + 0xFFA).put_text(kA + 0x1004, "xx");
  p.run(kSrst);
  EXPECT_EQ(p.cc(), 1);
  EXPECT_EQ(p.gr(2), kA + 0x1004);
  EXPECT_EQ(p.gr(4), kA + 0xFFA);
}

TEST(SearchString, LeavesTheRegistersWhenTheCharacterIsNotThere) {
  StorageProgram p;
  p.gr(0, 'x').gr(2, kA + 4).gr(4, kA).put_text(kA + 4, "x");
  p.run(kSrst);
  EXPECT_EQ(p.cc(), 2);
  EXPECT_EQ(p.gr(2), kA + 4);
  EXPECT_EQ(p.gr(4), kA);
}

TEST(SearchString, MovesTheStartOnWithConditionCode3) {
  StorageProgram p;
  p.gr(0, 'x').gr(2, kA + 0x5000).gr(4, kA).put_text(kA + 0x4800, "x");
  p.run(kSrst);
  EXPECT_EQ(p.cc(), 3);
  EXPECT_EQ(p.gr(4), kA + 0x1000);
  EXPECT_EQ(p.finish(kSrst, true), Outcome::Completed);
  EXPECT_EQ(p.cc(), 1);
  EXPECT_EQ(p.gr(2), kA + 0x4800);
}

TEST(SearchString, SearchesAroundTheEndOfThe24BitAddressSpace) {
  StorageProgram p;
  p.addressing(24);
  p.gr(0, 'x').gr(2, 0x10).gr(4, 0xFF'FFF0).put_text(8, "x");
  p.run(kSrst);
  EXPECT_EQ(p.cc(), 1);
  EXPECT_EQ(p.gr(2), 8u);
}

TEST(SearchStringUnicode, LooksAtACharacterThatEndsAtTheEndAddress) {
  StorageProgram p;
  p.gr(0, 0x1234).gr(2, kA + 3).gr(4, kA).put(kA + 2, "1234");
  p.run(kSrstu);
  EXPECT_EQ(p.cc(), 1);
  EXPECT_EQ(p.gr(2), kA + 2);
}

TEST(Checksum, AddsWordsWithEndAroundCarryAndPadsTheLastOne) {
  StorageProgram p;
  p.gr(2, 0xFFFF'FFFF'FFFF'FFFF).gr(4, kA).gr(5, 6).put(kA, "00000001 0203");
  p.run(kCksm);
  EXPECT_EQ(p.cc(), 0);
  EXPECT_EQ(p.gr(2), 0xFFFF'FFFF'0203'0001u);
  EXPECT_EQ(p.gr(4), kA + 6);
  EXPECT_EQ(p.gr(5), 0u);
}

TEST(Checksum, AddsAWordThatCrossesAPage) {
  StorageProgram p;
  p.gr(2, 0).gr(4, kA + 0xFFA).gr(5, 10).put(kA + 0xFFA, "00000001 00000002 0003");
  EXPECT_EQ(p.finish(kCksm, true), Outcome::Completed);
  EXPECT_EQ(p.gr(2), 0x0003'0003u);
}

TEST(Translate, AccessesOnlyTheTableBytesItNeeds) {
  StorageProgram p;
  p.gr(2, kA).gr(3, kTable + 0xFF0).put(kA, "00 01 0F 02").put(kTable + 0xFF0, "A0A1A2A3A4A5A6A7A8A9AAABACADAEAF");
  p.protect(kTable + 0x1000, true);
  p.run(kTr4);
  EXPECT_EQ(p.get(kA, 4), hex("A0 A1 AF A2"));
  p.put(kA, "00 01 10 02");
  EXPECT_EQ(p.interruption(kTr4), PI::Protection);
  EXPECT_EQ(p.get(kA, 4), hex("00 01 10 02"));
}

TEST(Translate, MayTranslateItsOwnTable) {
  StorageProgram p;
  p.gr(2, kTable).gr(3, kTable).put(kTable, "01 02 03 00");
  p.run(kTr4); // 01 -> 02, then byte 1 holds 02 -> 03, byte 2 holds 03 -> 00, byte 3 holds 00 -> the new byte 0
  EXPECT_EQ(p.get(kTable, 4), hex("02 03 00 02"));
}

TEST(TranslateAndTest, ShowsWhereTheFirstNonzeroFunctionByteIs) {
  StorageProgram p;
  p.gr(1, ~u64{0}).gr(2, kA).gr(3, kTable).gr(4, 0).put_text(kA, "abcd").put(kTable + 'c', "5A");
  p.addressing(31);
  p.run(kTrt4);
  EXPECT_EQ(p.cc(), 1);
  EXPECT_EQ(p.gr(1), 0xFFFF'FFFF'0000'0002 | kA);
  EXPECT_EQ(p.gr(2), kA | 0x5A);
  p.gr(2, kA).put_text(kA, "abac");
  p.run(kTrt4);
  EXPECT_EQ(p.cc(), 2);
}

TEST(TranslateAndTest, KeepsBits32To39InThe24BitMode) {
  StorageProgram p;
  p.addressing(24);
  p.gr(1, ~u64{0}).gr(2, kA).gr(3, kTable).put(kTable, "01");
  p.run(kTrt4);
  EXPECT_EQ(p.gr(1), 0xFFFF'FFFF'FF00'0000 | kA);
}

TEST(TranslateAndTest, DoesNotLookBehindTheByteItFinds) {
  StorageProgram p;
  p.gr(2, kA + 0xFFE).gr(3, kTable).put(kA + 0xFFE, "01 02").put(kTable + 2, "01").protect(kA + 0x1000, true);
  p.run(kTrt4);
  EXPECT_EQ(p.gr(1), kA + 0xFFF);
}

TEST(TranslateAndTestReverse, GoesToLowerAddresses) {
  StorageProgram p;
  p.gr(2, kA + 3).gr(3, kTable).put_text(kA, "abcd").put(kTable + 'a', "11").put(kTable + 'b', "22");
  p.run(kTrtr4);
  EXPECT_EQ(p.cc(), 1);
  EXPECT_EQ(p.gr(1), kA + 1);
}

TEST(TranslateExtended, StopsBeforeTheTestByte) {
  StorageProgram p;
  p.gr(0, 'c').gr(2, kA).gr(3, 4).gr(4, kTable).put_text(kA, "abcd").put_text(kTable + 'a', "AB");
  p.run(kTre);
  EXPECT_EQ(p.cc(), 1);
  EXPECT_EQ(p.text(kA, 4), "ABcd");
  EXPECT_EQ(p.gr(2), kA + 2);
  EXPECT_EQ(p.gr(3), 2u);
}

TEST(TranslateOneToOne, EndsAPartBeforeATableEntryItCannotFetch) {
  StorageProgram p;
  p.gr(0, 0)
      .gr(1, kTable + 0xFF8)
      .gr(2, kA)
      .gr(3, 3)
      .gr(4, kB)
      .put(kB, "00 07 08")
      .put(kTable + 0xFF8, "A0A1A2A3A4A5A6A7");
  p.protect(kTable + 0x1000, true);
  p.run(kTroo);
  EXPECT_EQ(p.cc(), 3);
  EXPECT_EQ(p.gr(3), 1u);
  EXPECT_EQ(p.get(kA, 3), hex("A0 A7 00"));
  EXPECT_EQ(p.interruption(kTroo), PI::Protection);
  EXPECT_EQ(p.gr(3), 1u);
}

TEST(TranslateTwoToTwo, WantsAnEvenLength) {
  StorageProgram p;
  p.gr(1, kTable).gr(2, kA).gr(3, 3).gr(4, kB);
  EXPECT_EQ(p.interruption(kTrtt), PI::Specification);
}

TEST(TranslateAndTestExtended, TreatsArgumentsAboveTheLimitAsZero) {
  StorageProgram p; // M3: two-byte arguments, two-byte functions, limited
  p.gr(1, kTable).gr(2, kA).gr(3, 6).gr(4, ~u64{0}).put(kA, "1234 0001 0002").put(kTable + 4, "ABCD");
  p.run("B9BF E024");
  EXPECT_EQ(p.cc(), 1);
  EXPECT_EQ(p.gr(2), kA + 4);
  EXPECT_EQ(p.gr(3), 2u);
  EXPECT_EQ(p.gr(4), 0xABCDu);
}

TEST(ConvertUtf8ToUtf16, MakesASurrogatePairOfFourBytes) {
  StorageProgram p;
  p.gr(2, kA + 0xFFE).gr(3, 100).gr(4, kB + 0xFFE).gr(5, 5).put(kB + 0xFFE, "F0 9F 98 80 41");
  p.run(kCu12);
  EXPECT_EQ(p.cc(), 0);
  EXPECT_EQ(p.get(kA + 0xFFE, 6), hex("D83D DE00 0041"));
  EXPECT_EQ(p.gr(3), 94u);
  EXPECT_EQ(p.gr(5), 0u);
}

TEST(ConvertUtf8ToUtf16, LeavesAnIncompleteCharacterUnprocessed) {
  StorageProgram p;
  p.gr(2, kA).gr(3, 100).gr(4, kB).gr(5, 3).put(kB, "41 E2 82");
  p.run(kCu12);
  EXPECT_EQ(p.cc(), 0);
  EXPECT_EQ(p.gr(5), 2u);
}

TEST(ConvertUtf8ToUtf16, EndsWhenTheFirstOperandIsFull) {
  StorageProgram p;
  p.gr(2, kA).gr(3, 3).gr(4, kB).gr(5, 2).put(kB, "41 42");
  p.run(kCu12);
  EXPECT_EQ(p.cc(), 1);
  EXPECT_EQ(p.gr(3), 1u);
  EXPECT_EQ(p.gr(5), 1u);
}

TEST(ConvertUtf8ToUtf32, ChecksWellFormednessOnRequest) {
  for (const char* bad : {"C1 80", "E0 9F BF", "ED A0 80", "F0 8F BF BF", "F4 90 80 80", "C2 41"}) {
    StorageProgram p;
    const Bytes source = hex(bad);
    p.gr(2, kA).gr(3, 100).gr(4, kB).gr(5, source.size()).put(kB, source);
    p.run(kCu14Checked);
    EXPECT_EQ(p.cc(), 2) << bad;
    EXPECT_EQ(p.gr(4), kB);
    p.run("B9B0 0024");
    EXPECT_EQ(p.cc(), 0) << bad;
  }
  StorageProgram p;
  p.gr(2, kA).gr(3, 100).gr(4, kB).gr(5, 3).put(kB, "E0 A0 80"); // the lowest three-byte character is fine
  p.run(kCu14Checked);
  EXPECT_EQ(p.cc(), 0);
}

TEST(ConvertUtf16ToUtf8, RejectsAnUnpairedHighSurrogateOnRequest) {
  StorageProgram p;
  p.gr(2, kA).gr(3, 100).gr(4, kB).gr(5, 4).put(kB, "D83D 0041");
  p.run(kCu21Checked);
  EXPECT_EQ(p.cc(), 2);
}

TEST(ConvertUtf32ToUtf8, RejectsSurrogatesAndNumbersBeyondTheLast) {
  for (const char* bad : {"0000D800", "0000DBFF", "00110000", "FFFFFFFF"}) {
    StorageProgram p;
    p.gr(2, kA).gr(3, 100).gr(4, kB).gr(5, 4).put(kB, bad);
    p.run(kCu41);
    EXPECT_EQ(p.cc(), 2) << bad;
  }
}

TEST(UnicodeConversions, WantEvenRegisters) {
  StorageProgram p;
  EXPECT_EQ(p.interruption("B2A7 0034"), PI::Specification);
  EXPECT_EQ(p.interruption("B2A7 0025"), PI::Specification);
}

} // namespace
} // namespace siena::cpu::isa::testing
