// SPDX-License-Identifier: BSD-3-Clause
// Decimal instructions: exceptions, condition codes, signs, and what is stored when.
#include "cpu/isa/semantics/decimal_number.h"

#include "tests/cpu/isa/storage_program.h"

namespace siena::cpu::isa::testing {
namespace {

using PI = ProgramInterruption;

constexpr u64 kA = 0x2'0000, kB = 0x3'0000;

/// gr2 and gr3 designate the operands, which lie across page boundaries.
struct DecimalProgram : StorageProgram {
  static constexpr u64 kFirst = kA + 0xFFF, kSecond = kB + 0xFFF;
  DecimalProgram(std::string_view first, std::string_view second) : length(hex(first).size()) {
    gr(2, kFirst).gr(3, kSecond).put(kFirst, first).put(kSecond, second);
  }
  Bytes first() const { return get(kFirst, length); }
  void expect_data_exception(std::string_view insn) {
    const Bytes before = first();
    EXPECT_EQ(interruption(insn), PI::Data) << insn;
    EXPECT_EQ(cpu.pending_program.data_exception_code, 0u);
    EXPECT_EQ(first(), before) << insn;
  }
  std::size_t length;
};

TEST(DecimalNumber, KeepsThirtyOneDigits) {
  const Bytes bytes = hex("1234567890123456789012345678901D");
  const auto number = unpack(bytes);
  ASSERT_TRUE(number);
  EXPECT_TRUE(number->negative);
  EXPECT_TRUE(number->magnitude == u128{1234567890123456} * power_of_ten(15) + 789012345678901);
  Bytes again(16);
  pack(*number, again);
  EXPECT_EQ(again, bytes);
}

TEST(AddDecimal, StoresPreferredSigns) {
  DecimalProgram p("123A", "007E");
  p.run("FA11 2000 3000");
  EXPECT_EQ(p.first(), hex("130C"));
  EXPECT_EQ(p.cc(), 2);
}

TEST(AddDecimal, MakesAZeroSumPositive) {
  DecimalProgram p("005D", "5F");
  p.run("FA10 2000 3000");
  EXPECT_EQ(p.first(), hex("000C"));
  EXPECT_EQ(p.cc(), 0);
}

TEST(AddDecimal, DropsDigitsOnOverflowButKeepsTheSign) {
  DecimalProgram p("999D", "001D");
  p.run("FA11 2000 3000");
  EXPECT_EQ(p.first(), hex("000D"));
  EXPECT_EQ(p.cc(), 3);
}

TEST(AddDecimal, CompletesAndThenRecognisesOverflowWhenTheMaskIsOne) {
  DecimalProgram p("999C", "002C");
  p.program_mask(Psw::kDecimalOverflow);
  EXPECT_EQ(p.interruption("FA11 2000 3000"), PI::DecimalOverflow);
  EXPECT_EQ(p.first(), hex("001C"));
  EXPECT_EQ(p.cc(), 3);
}

TEST(AddDecimal, IsSuppressedForInvalidData) {
  DecimalProgram("12AC", "1C").expect_data_exception("FA10 2000 3000");
  DecimalProgram("123C", "19").expect_data_exception("FA10 2000 3000");
  DecimalProgram("1231", "1C").expect_data_exception("FA10 2000 3000");
}

TEST(AddDecimal, LooksAtAccessExceptionsBeforeTheData) {
  DecimalProgram p("12AC", "1C");
  p.protect(kA + 0x1000, false);
  EXPECT_EQ(p.interruption("FA10 2000 3000"), PI::Protection);
}

TEST(SubtractDecimal, OfAnOperandFromItselfIsZero) {
  DecimalProgram p("12345D", "00");
  p.run("FB22 2000 2000");
  EXPECT_EQ(p.first(), hex("00000C"));
  EXPECT_EQ(p.cc(), 0);
}

TEST(ZeroAndAdd, DoesNotLookAtTheFirstOperandsCodes) {
  DecimalProgram p("FFFF", "00123D");
  p.run("F812 2000 3000");
  EXPECT_EQ(p.first(), hex("123D"));
  EXPECT_EQ(p.cc(), 1);
}

TEST(CompareDecimal, TakesBothZerosForEqual) {
  DecimalProgram p("000D", "0C");
  p.run("F910 2000 3000");
  EXPECT_EQ(p.cc(), 0);
  p.put(DecimalProgram::kFirst, "001D");
  p.run("F910 2000 3000");
  EXPECT_EQ(p.cc(), 1);
}

TEST(CompareDecimal, NeedsNoStorePermission) {
  DecimalProgram p("001C", "0C");
  p.protect(kA, false);
  EXPECT_EQ(p.interruption("F910 2000 3000"), PI::None);
}

TEST(MultiplyDecimal, GivesAZeroProductTheAlgebraicSign) {
  DecimalProgram p("00000C", "5D");
  p.run("FC20 2000 3000");
  EXPECT_EQ(p.first(), hex("00000D"));
}

TEST(MultiplyDecimal, WantsRoomForTheProduct) {
  DecimalProgram("00123C", "012C").expect_data_exception("FC21 2000 3000");
  DecimalProgram p("123C", "012C");
  EXPECT_EQ(p.interruption("FC11 2000 3000"), PI::Specification);
  EXPECT_EQ(p.interruption("FCF8 2000 3000"), PI::Specification);
}

TEST(DivideDecimal, PutsTheQuotientBeforeTheRemainder) {
  DecimalProgram p("00001234D5", "007C"); // five bytes: a quotient of three and a remainder of two
  p.put(DecimalProgram::kFirst, "000001234D");
  p.run("FD41 2000 3000");
  EXPECT_EQ(p.first(), hex("00176D 002D"));
}

TEST(DivideDecimal, IsSuppressedWhenTheQuotientDoesNotFit) {
  DecimalProgram p("12345C", "001C");
  EXPECT_EQ(p.interruption("FD21 2000 3000"), PI::DecimalDivide);
  EXPECT_EQ(p.first(), hex("12345C"));
  p.put(DecimalProgram::kSecond, "000C");
  EXPECT_EQ(p.interruption("FD21 2000 3000"), PI::DecimalDivide);
}

TEST(DivideDecimal, LooksAtTheDataBeforeTheDivisor) {
  DecimalProgram("1234AC", "000C").expect_data_exception("FD21 2000 3000");
}

TEST(ShiftAndRoundDecimal, RoundsToTheRight) {
  DecimalProgram p("12365D", "00");
  p.gr(3, 0x3F);
  p.run("F025 2000 3000");
  EXPECT_EQ(p.first(), hex("01237D"));
  EXPECT_EQ(p.cc(), 1);
}

TEST(ShiftAndRoundDecimal, OverflowsToTheLeft) {
  DecimalProgram p("12345C", "00");
  p.gr(3, 2);
  p.run("F020 2000 3000");
  EXPECT_EQ(p.first(), hex("34500C"));
  EXPECT_EQ(p.cc(), 3);
}

TEST(ShiftAndRoundDecimal, ChecksTheRoundingDigitEvenToTheLeft) {
  DecimalProgram p("12345C", "00");
  p.gr(3, 1);
  p.expect_data_exception("F02A 2000 3000");
}

TEST(TestDecimal, TellsDigitsFromTheSign) {
  DecimalProgram p("123C", "00");
  const std::pair<const char*, int> cases[] = {{"123C", 0}, {"1231", 1}, {"1A3C", 2}, {"1AA1", 3}};
  for (const auto& [bytes, cc] : cases) {
    p.put(DecimalProgram::kFirst, bytes);
    p.run("EB10 2000 00C0");
    EXPECT_EQ(p.cc(), cc) << bytes;
  }
}

TEST(ConvertToBinary, KeepsTheLowWordWhenTheNumberDoesNotFit) {
  DecimalProgram p("000002147483648C", "00");
  p.gr(5, ~u64{0});
  EXPECT_EQ(p.interruption("4F50 2000"), PI::FixedPointDivide);
  EXPECT_EQ(p.gr(5), 0xFFFF'FFFF'8000'0000u);
  p.put(DecimalProgram::kFirst, "000002147483648D");
  p.run("4F50 2000");
  EXPECT_EQ(p.gr(5), 0xFFFF'FFFF'8000'0000u);
}

TEST(ConvertToBinaryLong, IsSuppressedWhenTheNumberDoesNotFit) {
  DecimalProgram p("0000000000009223372036854775808C", "00");
  p.gr(5, 1);
  EXPECT_EQ(p.interruption("E350 2000 000E"), PI::FixedPointDivide);
  EXPECT_EQ(p.gr(5), 1u);
}

TEST(ConvertToDecimal, ConvertsTheMostNegativeNumbers) {
  DecimalProgram p("0000000000000000", "00");
  p.gr(5, 0x8000'0000);
  p.run("4E50 2000");
  EXPECT_EQ(p.first(), hex("000002147483648D"));
}

TEST(Pack, AndUnpackWorkInPlace) {
  DecimalProgram p("F1F2F3C4", "00");
  p.run("F233 2000 2000");
  EXPECT_EQ(p.first(), hex("0001234C"));
  // A byte is fetched when its first digit is needed: the second byte has been replaced by then.
  p.run("F333 2000 2000");
  EXPECT_EQ(p.first(), hex("F2F2F3C4"));
}

TEST(MoveWithOffset, KeepsTheRightmostHalfByte) {
  DecimalProgram p("77777C", "123456");
  p.run("F122 2000 3000");
  EXPECT_EQ(p.first(), hex("23456C"));
}

TEST(PackAscii, TakesAtMost32Characters) {
  DecimalProgram p("00", "31323334");
  p.run("E903 2000 3000");
  EXPECT_EQ(p.get(DecimalProgram::kFirst, 16), hex("00000000000000000000000000 01234C"));
  EXPECT_EQ(p.interruption("E920 2000 3000"), PI::Specification);
  EXPECT_EQ(p.interruption("E102 2000 3000"), PI::Specification); // an odd length of two-byte characters
}

TEST(UnpackAscii, ShowsTheSign) {
  DecimalProgram p("00000000", "0000000000000000000000000000123D");
  p.run("EA03 2000 3000");
  EXPECT_EQ(p.first(), hex("30313233"));
  EXPECT_EQ(p.cc(), 1);
  p.put(DecimalProgram::kSecond + 15, "31");
  p.run("EA03 2000 3000");
  EXPECT_EQ(p.cc(), 3);
}

TEST(Edit, ReplacesDigitSelectorsAndFillsLeadingZeros) {
  DecimalProgram p("40 20 20 6B 20 21 20 4B 20 20 60", "0012345D");
  p.put(DecimalProgram::kFirst, "40 20 20 6B 20 21 20 4B 20 40 60");
  p.run("DE0A 2000 3000");
  EXPECT_EQ(p.first(), hex("40 40 40 40 F1 F2 F3 4B F4 40 60"));
  EXPECT_EQ(p.cc(), 1); // six digits were taken: no sign has turned significance off
}

TEST(Edit, LeavesTheMinusSignOfANegativeField) {
  DecimalProgram p("40 20 20 21 60", "007D");
  p.run("DE04 2000 3000");
  EXPECT_EQ(p.first(), hex("40 40 40 F7 60"));
  EXPECT_EQ(p.cc(), 1);
}

TEST(Edit, StoresNothingForAnInvalidDigit) {
  DecimalProgram("40 20 20 20 20", "12 AC").expect_data_exception("DE04 2000 3000");
}

TEST(EditAndMark, MarksTheFirstSignificantDigitUnlessAStarterForcedIt) {
  DecimalProgram p("40 20 20 20 20", "0123 0C");
  p.gr(1, ~u64{0}).addressing(24);
  p.run("DF04 2000 3000");
  EXPECT_EQ(p.gr(1), 0xFFFF'FFFF'FF00'0000 | (DecimalProgram::kFirst + 2));
  p.put(DecimalProgram::kFirst, "40 21 20 20 20").gr(1, 5);
  p.run("DF04 2000 3000");
  EXPECT_EQ(p.gr(1), 5u);
}

} // namespace
} // namespace siena::cpu::isa::testing
