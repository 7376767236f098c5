// SPDX-License-Identifier: BSD-3-Clause
// What the architecture says beyond IEEE 754: NaN precedence, suppression and scaled results of enabled exceptions,
// data-exception codes, rounding to prepare for shorter precision, comparison, load and test, data class.
#include "samples.h"

#include "cpu/isa/bfp/arithmetic.h"
#include "cpu/isa/bfp/compare.h"

#include <gtest/gtest.h>

namespace siena::cpu::isa::bfp::testing {
namespace {

constexpr u32 kOneShort = 0x3F80'0000;
constexpr u32 kTwoShort = 0x4000'0000;
constexpr u32 kQuietA = 0x7FCA'0000;
constexpr u32 kQuietB = 0xFFCB'0000;
constexpr u32 kSignalingA = 0x7F8A'0000;
constexpr u32 kSignalingB = 0xFF8B'0000;
constexpr u32 kInfinityShort = 0x7F80'0000;
constexpr u32 kMinus = 0x8000'0000;

TEST(NaNs, TheFirstSignalingNanWinsElseTheFirstQuietOne) {
  EXPECT_EQ(add<Short>(kQuietA, kQuietB, {}).value, kQuietA);
  EXPECT_EQ(add<Short>(kOneShort, kQuietB, {}).value, kQuietB);
  EXPECT_EQ(add<Short>(kQuietA, kSignalingB, {}).value, kSignalingB | Short::kQuietBit);
  EXPECT_EQ(multiply<Short>(kSignalingA, kSignalingB, {}).value, kSignalingA | Short::kQuietBit);
  EXPECT_EQ(divide<Short>(kSignalingA, kQuietB, {}).value, kSignalingA | Short::kQuietBit);
}

TEST(NaNs, OnlyASignalingNanIsInvalidOperation) {
  EXPECT_EQ(add<Short>(kQuietA, kOneShort, {}).flags, 0);
  EXPECT_EQ(add<Short>(kSignalingA, kOneShort, {}).flags, kInvalid);
  EXPECT_EQ(add<Short>(kSignalingA, kOneShort, {}).cc, 3);
}

TEST(NaNs, SubtractionKeepsTheSignOfANan) {
  EXPECT_EQ(subtract<Short>(kOneShort, kQuietA, {}).value, kQuietA);
  EXPECT_EQ(multiply_subtract<Short>(kOneShort, kOneShort, kQuietB, {}).value, kQuietB);
}

TEST(NaNs, AFusedOperationPrefersItsFactors) {
  EXPECT_EQ(multiply_add<Short>(kQuietA, kQuietB, 0x7FCC'0000, {}).value, kQuietA);
  EXPECT_EQ(multiply_add<Short>(kOneShort, kQuietB, kQuietA, {}).value, kQuietB);
  EXPECT_EQ(multiply_add<Short>(kQuietA, kOneShort, kSignalingB, {}).value, kSignalingB | Short::kQuietBit);
  EXPECT_EQ(multiply_add<Short>(kQuietA, kSignalingA, kSignalingB, {}).value, kSignalingA | Short::kQuietBit);
}

TEST(NaNs, InfinityTimesZeroIsTheDefaultNanWhateverIsAdded) {
  for (const u32 addend : {kOneShort, kQuietB, kSignalingB}) {
    const auto result = multiply_add<Short>(kInfinityShort, kMinus, addend, {});
    EXPECT_EQ(result.value, Short::kDefaultNan);
    EXPECT_EQ(result.flags, kInvalid);
  }
}

TEST(InvalidOperation, DeliversThePositiveDefaultNan) {
  EXPECT_EQ(add<Long>(Long::kInfinity, Long::kInfinity | Long::kSignBit, {}).value, Long::kDefaultNan);
  EXPECT_EQ(divide<Extended>(0, 0, {}).value, Extended::kDefaultNan);
  EXPECT_EQ(square_root<Long>(Long::kOne | Long::kSignBit, {}).value, Long::kDefaultNan);
  EXPECT_EQ(square_root<Long>(Long::kSignBit, {}).value, Long::kSignBit);
}

TEST(InvalidOperation, SuppressesWhenEnabled) {
  const auto result = divide<Short>(0, 0, {.enabled = kInvalid});
  EXPECT_FALSE(result.completed);
  EXPECT_EQ(result.dxc, 0x80);
  EXPECT_EQ(result.flags, 0);
}

TEST(DivisionByZero, DeliversASignedInfinity) {
  const auto result = divide<Short>(kOneShort, kMinus, {});
  EXPECT_EQ(result.value, kInfinityShort | kMinus);
  EXPECT_EQ(result.flags, kDivideByZero);
}

TEST(DivisionByZero, SuppressesWhenEnabled) {
  const auto result = divide<Short>(kOneShort, 0, {.enabled = kDivideByZero});
  EXPECT_FALSE(result.completed);
  EXPECT_EQ(result.dxc, 0x40);
}

TEST(Zeros, CancellationIsPositiveExceptTowardMinusInfinity) {
  for (const auto mode : kAllModes) {
    const bool minus = mode == RoundingMode::TowardMinusInfinity;
    EXPECT_EQ(subtract<Short>(kOneShort, kOneShort, {.rounding = mode}).value, minus ? kMinus : 0);
    EXPECT_EQ(add<Short>(kMinus, kMinus, {.rounding = mode}).value, kMinus);
  }
}

TEST(Overflow, DeliversInfinityOrTheLargestNumberByRoundingMode) {
  const u32 expected[] = {
      kInfinityShort, Short::kLargest, kInfinityShort, Short::kLargest, kInfinityShort, Short::kLargest};
  for (unsigned i = 0; i < 6; ++i) {
    const auto result = multiply<Short>(Short::kLargest, kTwoShort, {.rounding = kAllModes[i]});
    EXPECT_EQ(hex(result.value), hex(expected[i]));
    EXPECT_EQ(result.flags, kOverflow | kInexact);
  }
}

TEST(Overflow, CompletesScaledDownWhenEnabled) {
  const auto result = multiply<Short>(0x7F00'0000, 0x4040'0000, {.enabled = kOverflow}); // 2^127 * 3
  EXPECT_TRUE(result.completed);
  EXPECT_EQ(hex(result.value), hex(u32{0x1FC0'0000})); // 3 * 2^(127-192)
  EXPECT_EQ(result.dxc, 0x20);
  EXPECT_EQ(result.flags, 0);
}

TEST(Overflow, TheCodeTellsTruncatedFromIncremented) {
  const Controls nearest{.enabled = kOverflow};
  const Controls toward_zero{.rounding = RoundingMode::TowardZero, .enabled = kOverflow};
  EXPECT_EQ(multiply<Short>(0x7F7F'FFFD, 0x4040'0000, nearest).dxc, 0x2C);
  EXPECT_EQ(multiply<Short>(0x7F7F'FFFD, 0x4040'0000, toward_zero).dxc, 0x28);
}

TEST(Overflow, DisabledWithInexactEnabledSetsItsFlagAndEndsInInexact) {
  const auto result = multiply<Short>(Short::kLargest, kTwoShort, {.enabled = kInexact});
  EXPECT_EQ(result.value, kInfinityShort);
  EXPECT_EQ(result.flags, kOverflow);
  EXPECT_EQ(result.dxc, 0x0C);
}

TEST(Underflow, ATinyExactResultSetsNoFlag) {
  const auto result = multiply<Short>(0x0080'0000, 0x3F00'0000, {}); // least normal / 2
  EXPECT_EQ(result.value, 0x0040'0000U);
  EXPECT_EQ(result.flags, 0);
}

TEST(Underflow, ATinyExactResultIsAnExceptionWhenEnabled) {
  const auto result = multiply<Short>(0x0080'0000, 0x3F00'0000, {.enabled = kUnderflow});
  EXPECT_EQ(result.dxc, 0x10);
  EXPECT_EQ(hex(result.value), hex(u32{0x6000'0000})); // 2^(-127+192)
}

TEST(Underflow, TininessIsDetectedBeforeRounding) {
  // (1 - 2^-24) * the least normal number rounds to the least normal number, yet it was tiny.
  const auto result = multiply<Short>(0x0080'0000, 0x3F7F'FFFF, {});
  EXPECT_EQ(result.value, 0x0080'0000U);
  EXPECT_EQ(result.flags, kUnderflow | kInexact);
}

TEST(Underflow, AddingZeroToASubnormalNumberIsAnExceptionWhenEnabled) {
  EXPECT_EQ(add<Short>(0x000D'0100, 0, {.enabled = kUnderflow}).dxc, 0x10);
}

TEST(Inexact, CompletesWithTheRoundedResultWhenEnabled) {
  const auto result = divide<Short>(kOneShort, 0x4040'0000, {.enabled = kInexact}); // 1/3
  EXPECT_TRUE(result.completed);
  EXPECT_EQ(hex(result.value), hex(u32{0x3EAA'AAAB}));
  EXPECT_EQ(result.dxc, 0x0C);
  EXPECT_EQ(result.flags, 0);
}

TEST(PrepareForShorter, TakesTheOddNeighbour) {
  const Controls odd{.rounding = RoundingMode::PrepareForShorter};
  EXPECT_EQ(hex(divide<Short>(kOneShort, 0x4040'0000, odd).value), hex(u32{0x3EAA'AAAB}));
  EXPECT_EQ(hex(add<Short>(kOneShort, 0x2000'0000, odd).value), hex(u32{0x3F80'0001}));
  EXPECT_EQ(hex(add<Short>(0x3F80'0001, 0x2000'0000, odd).value), hex(u32{0x3F80'0001}));
  EXPECT_EQ(hex(multiply<Short>(0x0000'0001, 0x2000'0000, odd).value), hex(u32{0x0000'0001}));
}

TEST(MultiplyLengthened, IsExact) {
  const auto product = multiply_lengthened(Short::kLargest, u32{1}, {});
  EXPECT_EQ(hex(product.value), hex(u64{0x3E9F'FFFF'E000'0000})); // (2 - 2^-23) * 2^(127-149)
  EXPECT_EQ(product.flags, 0);
  const auto wide = multiply_lengthened(Long::kOne | 1, Long::kOne | 1, {});
  EXPECT_EQ(hex(wide.value), hex((u128{0x3FFF'0000'0000'0000} << 64) + (u128{2} << 60) + (u128{1} << 8)));
}

TEST(MultiplyLengthened, LengthensTheNan) {
  EXPECT_EQ(hex(multiply_lengthened(kOneShort, kQuietB, {}).value), hex(u64{0xFFF9'6000'0000'0000}));
  EXPECT_EQ(multiply_lengthened(kQuietA, kSignalingB, {}).flags, kInvalid);
  EXPECT_FALSE(multiply_lengthened(kInfinityShort, u32{0}, {.enabled = kInvalid}).completed);
}

TEST(Compare, OrdersZerosInfinitiesAndSigns) {
  EXPECT_EQ(compare<Long>(0, Long::kSignBit, {}).cc, 0);
  EXPECT_EQ(compare<Long>(Long::kOne, Long::kInfinity, {}).cc, 1);
  EXPECT_EQ(compare<Long>(Long::kOne, Long::kOne | Long::kSignBit, {}).cc, 2);
  EXPECT_EQ(compare<Long>(Long::kInfinity | Long::kSignBit, Long::kOne | Long::kSignBit, {}).cc, 1);
  EXPECT_EQ(compare<Long>(Long::kOne | Long::kSignBit, 0, {}).cc, 1);
}

TEST(Compare, IsUnorderedForNansAndSignalsAsAsked) {
  EXPECT_EQ(compare<Short>(kQuietA, kOneShort, {}).cc, 3);
  EXPECT_EQ(compare<Short>(kQuietA, kOneShort, {}).flags, 0);
  EXPECT_EQ(compare<Short>(kSignalingA, kOneShort, {}).flags, kInvalid);
  EXPECT_EQ(compare_and_signal<Short>(kQuietA, kOneShort, {}).flags, kInvalid);
  EXPECT_FALSE(compare_and_signal<Short>(kQuietA, kOneShort, {.enabled = kInvalid}).completed);
}

TEST(LoadAndTest, QuietsASignalingNan) {
  const auto result = load_and_test<Short>(kSignalingB, {});
  EXPECT_EQ(result.value, kSignalingB | Short::kQuietBit);
  EXPECT_EQ(result.flags, kInvalid);
  EXPECT_EQ(result.cc, 3);
  EXPECT_FALSE(load_and_test<Short>(kSignalingB, {.enabled = kInvalid}).completed);
}

TEST(DataClass, HasOneBitForEveryClassAndSign) {
  const u32 positive[] = {0, kOneShort, 1, kInfinityShort, kQuietA, kSignalingA};
  for (unsigned i = 0; i < 6; ++i) {
    EXPECT_EQ(data_class<Short>(positive[i]), 0x800U >> (2 * i));
    EXPECT_EQ(data_class<Short>(positive[i] | kMinus), 0x400U >> (2 * i));
  }
}

TEST(Controls, ComeFromTheFpc) {
  const auto controls = Controls::from_fpc(0xF808'0003);
  EXPECT_EQ(controls.rounding, RoundingMode::TowardMinusInfinity);
  EXPECT_EQ(controls.enabled, 0xF8);
  EXPECT_TRUE(controls.inexact_is_set);
  EXPECT_TRUE(Controls::from_fpc(0x0008'0070).plain()); // the decimal rounding mode is none of ours
}

} // namespace
} // namespace siena::cpu::isa::bfp::testing
