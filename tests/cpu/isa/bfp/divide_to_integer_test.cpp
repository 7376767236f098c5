// SPDX-License-Identifier: BSD-3-Clause
// DIVIDE TO INTEGER: special operands, final and partial results, scaled quotients, exceptions of the remainder. The
// operands in hexadecimal are cases whose outcome on a real machine is on record.
#include "samples.h"

#include "cpu/isa/bfp/divide_to_integer.h"

#include <gtest/gtest.h>

namespace siena::cpu::isa::bfp::testing {
namespace {

struct ShortCase {
  u32 dividend;
  u32 divisor;
  unsigned method; ///< M4
  u32 fpc;
  u32 remainder;
  u32 quotient;
  u8 cc;
  u8 flags;
  u8 dxc;
};

void check(const ShortCase& c) {
  const auto controls = Controls::from_fpc(c.fpc);
  const auto result =
      divide_to_integer<Short>(c.dividend, c.divisor, *rounding_from_modifier(c.method, controls.rounding), controls);
  const std::string what = hex(c.dividend) + " by " + hex(c.divisor);
  EXPECT_TRUE(result.completed) << what;
  EXPECT_EQ(hex(result.remainder), hex(c.remainder)) << what;
  EXPECT_EQ(hex(result.quotient), hex(c.quotient)) << what;
  EXPECT_EQ(hex(result.cc), hex(c.cc)) << what;
  EXPECT_EQ(hex(result.flags), hex(c.flags)) << what;
  EXPECT_EQ(hex(result.dxc), hex(c.dxc)) << what;
}

TEST(DivideToInteger, GivesTheIeeeRemainderWhenFinal) {
  check({0x40E0'0000, 0xC080'0000, 4, 0, 0xBF80'0000, 0xC000'0000, 0, 0, 0}); // 7 = -4 * -2 - 1
  check({0xC0C0'0000, 0xC080'0000, 4, 0, 0x4000'0000, 0x4000'0000, 0, 0, 0}); // -6 = -4 * 2 + 2
  check({0x4040'0000, 0x4080'0000, 4, 0, 0xBF80'0000, 0x3F80'0000, 0, 0, 0}); // 3 = 4 * 1 - 1
  check({0xC000'0000, 0xC080'0000, 4, 0, 0xC000'0000, 0x0000'0000, 0, 0, 0}); // -2 = -4 * 0 - 2
}

TEST(DivideToInteger, AZeroRemainderHasTheDividendsSign) {
  check({0xC100'0000, 0xC080'0000, 0, 0, 0x8000'0000, 0x4000'0000, 0, 0, 0});
  check({0xB2B2'B2B2, 0xB2B2'B2B2, 0, 0, 0x8000'0000, 0x3F80'0000, 0, 0, 0});
}

TEST(DivideToInteger, AnInfiniteDivisorLeavesTheDividend) {
  check({0x0C00'0029, 0xFF80'0000, 0, 0, 0x0C00'0029, 0x8000'0000, 0, 0, 0});
  check({0x0000'00C8, 0xFF80'0000, 0, 0x7C00'0007, 0x0000'00C8, 0x8000'0000, 0, 0, 0}); // even if subnormal
}

TEST(DivideToInteger, PropagatesNansToBothResults) {
  check({0xFFFF'94FF, 0xFF94'FF24, 4, 7, 0xFFD4'FF24, 0xFFD4'FF24, 1, 0x80, 0});
  check({0xDBDB'240B, 0xFFAC'73FF, 4, 0, 0xFFEC'73FF, 0xFFEC'73FF, 1, 0x80, 0});
  check({0xFFFF'FFFF, 0xFFFF'FFFF, 0, 0, 0xFFFF'FFFF, 0xFFFF'FFFF, 1, 0, 0});
}

TEST(DivideToInteger, AZeroDivisorOrInfiniteDividendIsInvalid) {
  check({0x43F0'0000, 0, 0, 0, 0x7FC0'0000, 0x7FC0'0000, 1, 0x80, 0});
  check({0xFF80'0000, 0x4000'0000, 0, 0, 0x7FC0'0000, 0x7FC0'0000, 1, 0x80, 0});
  EXPECT_FALSE(divide_to_integer<Short>(0, 0, RoundingMode::NearestEven, {.enabled = kInvalid}).completed);
}

TEST(DivideToInteger, ALargeQuotientIsPartial) {
  check({0x3D3D'3D3D, 0xAEAE'AEAE, 0, 0, 0x2F38'B8C0, 0xCE0A'AAAB, 2, 0, 0});
  check({0xD30A'0040, 0xC6D3'0A00, 0, 0xC400'0000, 0xC74A'4400, 0x4BA7'66C6, 2, 0, 0});
}

TEST(DivideToInteger, AQuotientBeyondTheFormatIsScaled) {
  check({0x7070'FFFF, 0x9090'9090, 0, 0, 0x6431'C0C0, 0xBF55'62AA, 3, 0, 0});
  check({0xDCDC'DCDC, 0x00DC'DCDC, 7, 0xFC00'0000, 0x8000'0000, 0xBB80'0000, 1, 0, 0});
}

TEST(DivideToInteger, ALargeQuotientWithoutRemainderIsFinal) {
  check({0xB7B7'B7B7, 0x1500'0000, 7, 0, 0x8000'0000, 0xE237'B7B7, 0, 0, 0});
}

TEST(DivideToInteger, TheRemainderIsInexactWhenTheQuotientIsNotTheNearestInteger) {
  check({0x0C0C'0C0C, 0x400C'0C0C, 6, 0, 0xC00C'0C0C, 0x3F80'0000, 0, 0x08, 0});
  check({0x09B2'B2B2, 0xB2B2'B2B2, 0, 0xF800'0007, 0xB2B2'B2B1, 0xBF80'0000, 0, 0, 0x08});
  check({0x4C4C'4C4C, 0xE1E1'E1E1, 0, 0xF800'0007, 0xE1E1'E1E1, 0xBF80'0000, 0, 0, 0x0C});
  check({0x00FF'0987, 0x0987'C6F6, 6, 0x0800'0000, 0x8987'C6B6, 0x3F80'0000, 0, 0, 0x08});
}

TEST(DivideToInteger, ATinyRemainderIsScaledWhenUnderflowIsEnabled) {
  check({0x000D'0100, 0xB0B0'B0B0, 6, 0xF800'0000, 0x5ED0'1000, 0x8000'0000, 0, 0, 0x10});
}

TEST(DivideToInteger, WorksAlikeForLongOperands) {
  const auto large =
      divide_to_integer<Long>(0x0200'2302'0023'0200, 0x0023'0200'2302'0023, RoundingMode::NearestEven, {});
  EXPECT_EQ(hex(large.remainder), hex(u64{0x8001'A017'D247'B3F4}));
  EXPECT_EQ(hex(large.quotient), hex(u64{0x41CB'2AA0'5F00'0000}));
  EXPECT_EQ(large.cc, 0);
  const auto tiny =
      divide_to_integer<Long>(0x0200'0000'0000'0000, 0x0000'0000'5302'0000, RoundingMode::NearestEven, {});
  EXPECT_EQ(hex(tiny.remainder), hex(u64{0x8000'0000'2082'0000}));
  EXPECT_EQ(hex(tiny.quotient), hex(u64{0x4338'AC20'DD47'C6C1}));
  EXPECT_EQ(tiny.cc, 0);
}

TEST(DivideToInteger, RepeatingItReachesTheRemainder) {
  Random random{40};
  for (int i = 0; i < 2'000; ++i) {
    const auto divisor = sample_finite<Long>(random);
    auto dividend = sample_finite<Long>(random);
    if (is_zero<Long>(divisor)) continue;
    const auto original = dividend;
    for (int rounds = 0; rounds < 100; ++rounds) {
      const auto step = divide_to_integer<Long>(dividend, divisor, RoundingMode::TowardZero, {});
      dividend = step.remainder;
      if (step.cc < 2) break;
    }
    EXPECT_LT(magnitude<Long>(dividend), magnitude<Long>(divisor)) << hex(original) << " by " << hex(divisor);
    EXPECT_EQ(is_negative<Long>(dividend), is_negative<Long>(original));
  }
}

} // namespace
} // namespace siena::cpu::isa::bfp::testing
