// SPDX-License-Identifier: BSD-3-Clause
// Conversions: NaNs and infinities, values at the edges of the integers, every rounding method, the scaled results of LOAD
// ROUNDED, and hexadecimal floating point.
#include "samples.h"

#include "cpu/isa/bfp/arithmetic.h"
#include "cpu/isa/bfp/convert.h"

#include <gtest/gtest.h>

#include <bit>
#include <limits>

namespace siena::cpu::isa::bfp::testing {
namespace {

u32 short_of(float v) { return std::bit_cast<u32>(v); }
u64 long_of(double v) { return std::bit_cast<u64>(v); }

TEST(Lengthen, KeepsPayloadsAndQuietsSignalingNans) {
  EXPECT_EQ(hex(lengthen<Short, Long>(0xFFA0'0000, {}).value), hex(u64{0xFFFC'0000'0000'0000}));
  EXPECT_EQ((lengthen<Short, Long>(0xFFA0'0000, {}).flags), kInvalid);
  EXPECT_EQ((lengthen<Short, Long>(0xFFC0'0000, {}).flags), 0);
  EXPECT_FALSE((lengthen<Short, Extended>(0xFFA0'0000, {.enabled = kInvalid}).completed));
}

TEST(Lengthen, NormalizesSubnormalNumbers) {
  EXPECT_EQ(hex(lengthen<Short, Long>(1, {}).value), hex(u64{0x36A0'0000'0000'0000})); // 2^-149
  EXPECT_EQ(hex(lengthen<Long, Extended>(1, {}).value), hex(u128{0x3BCD} << 112));     // 2^-1074
}

TEST(LoadRounded, TruncatesTheNanAndKeepsItANan) {
  EXPECT_EQ((load_rounded<Long, Short>(0x7FF0'1000'0000'0000, {}).result.value), 0x7FC0'8000U);
  EXPECT_EQ((load_rounded<Long, Short>(0x7FF0'0000'0000'0001, {}).result.value), 0x7FC0'0000U);
  EXPECT_EQ((load_rounded<Long, Short>(0x7FF0'0000'0000'0001, {}).result.flags), kInvalid);
}

TEST(LoadRounded, AnEnabledOverflowLeavesAScaledResultInTheSourceFormat) {
  const auto rounded = load_rounded<Long, Short>(0x7FEF'FFFF'FFFF'FFFF, {.enabled = 0xF8});
  EXPECT_TRUE(rounded.in_source_format);
  EXPECT_EQ(hex(rounded.scaled), hex(u64{0x5FF0'0000'0000'0000})); // 2^(1024-512), rounded up
  EXPECT_EQ(rounded.result.dxc, 0x2C);
}

TEST(LoadRounded, AnEnabledUnderflowLeavesAScaledResultInTheSourceFormat) {
  const auto rounded = load_rounded<Extended, Short>(u128{0x3F69} << 112, {.enabled = 0xF8}); // 2^-150
  EXPECT_TRUE(rounded.in_source_format);
  EXPECT_EQ(hex(rounded.scaled), hex(u128{0x5F69} << 112)); // 2^(-150+8192)
  EXPECT_EQ(rounded.result.dxc, 0x10);
}

TEST(LoadRounded, SuppressedInexactLeavesTheOtherFlags) {
  const auto overflow = load_rounded<Long, Short>(long_of(1e300), {.suppress_inexact = true});
  EXPECT_EQ(overflow.result.flags, kOverflow);
  const auto underflow = load_rounded<Long, Short>(long_of(1e-300), {.suppress_inexact = true});
  EXPECT_EQ(underflow.result.flags, kUnderflow);
}

TEST(LoadFpInteger, FollowsEveryRoundingMethod) {
  struct Case {
    float value;
    float expected[6]; // in the order of kAllModes
  };
  const Case cases[] = {
      {-9.5F, {-10, -9, -9, -10, -10, -9}},
      {-2.5F, {-2, -2, -2, -3, -3, -3}},
      {-0.5F, {-0.F, -0.F, -0.F, -1, -1, -1}},
      {0.25F, {0, 0, 1, 0, 0, 1}},
      {0.5F, {0, 0, 1, 0, 1, 1}},
      {0.75F, {1, 0, 1, 0, 1, 1}},
      {1.5F, {2, 1, 2, 1, 2, 1}},
      {5.5F, {6, 5, 6, 5, 6, 5}},
      {9.5F, {10, 9, 10, 9, 10, 9}},
  };
  for (const auto& c : cases) {
    for (unsigned i = 0; i < 6; ++i) {
      const auto result = load_fp_integer<Short>(short_of(c.value), {.rounding = kAllModes[i]});
      EXPECT_EQ(hex(result.value), hex(short_of(c.expected[i]))) << c.value << " mode " << i;
      EXPECT_EQ(result.flags, kInexact);
    }
  }
}

TEST(LoadFpInteger, LeavesIntegersInfinitiesAndQuietNansAlone) {
  for (const u64 v :
       {long_of(1e300), long_of(-4503599627370497.0), Long::kInfinity, Long::kDefaultNan, Long::kSignBit}) {
    EXPECT_EQ(load_fp_integer<Long>(v, {}).value, v);
    EXPECT_EQ(load_fp_integer<Long>(v, {}).flags, 0);
  }
}

TEST(LoadFpInteger, InexactMayBeSuppressedOrEnabled) {
  EXPECT_EQ(load_fp_integer<Short>(short_of(1.75F), {.suppress_inexact = true}).flags, 0);
  EXPECT_EQ(load_fp_integer<Short>(short_of(1.75F), {.enabled = kInexact}).dxc, 0x0C);
  EXPECT_EQ(load_fp_integer<Short>(short_of(1.25F), {.enabled = kInexact}).dxc, 0x08);
  EXPECT_EQ(load_fp_integer<Short>(short_of(1.25F), {.enabled = kInexact, .suppress_inexact = true}).dxc, 0);
}

TEST(ConvertToFixed, ANanGivesTheLeastIntegerAndIsOnlyInvalid) {
  const auto as_signed = convert_to_fixed<Short, s32>(Short::kDefaultNan, {});
  EXPECT_EQ(as_signed.value, std::numeric_limits<s32>::min());
  EXPECT_EQ(as_signed.flags, kInvalid);
  EXPECT_EQ(as_signed.cc, 3);
  EXPECT_EQ((convert_to_fixed<Short, u64>(Short::kDefaultNan, {}).value), 0U);
}

TEST(ConvertToFixed, OutOfRangeGivesTheNearestExtremeAndIsInvalidAndInexact) {
  for (const u64 big : {long_of(1e30), Long::kInfinity, long_of(2147483648.0)}) {
    const auto result = convert_to_fixed<Long, s32>(big, {});
    EXPECT_EQ(result.value, std::numeric_limits<s32>::max());
    EXPECT_EQ(result.flags, kInvalid | kInexact);
    EXPECT_EQ(result.cc, 3);
  }
  EXPECT_EQ((convert_to_fixed<Long, s64>(long_of(-1e30), {}).value), std::numeric_limits<s64>::min());
  EXPECT_EQ((convert_to_fixed<Long, u32>(long_of(-1.0), {}).value), 0U);
  EXPECT_EQ((convert_to_fixed<Long, u32>(long_of(-1.0), {}).cc), 3);
  EXPECT_EQ((convert_to_fixed<Long, s32>(long_of(1e30), {.suppress_inexact = true}).flags), kInvalid);
}

TEST(ConvertToFixed, OutOfRangeSuppressesWhenInvalidIsEnabledAndCompletesWhenOnlyInexactIs) {
  EXPECT_FALSE((convert_to_fixed<Long, s32>(long_of(1e30), {.enabled = kInvalid | kInexact}).completed));
  const auto result = convert_to_fixed<Long, s32>(long_of(1e30), {.enabled = kInexact});
  EXPECT_TRUE(result.completed);
  EXPECT_EQ(result.flags, kInvalid);
  EXPECT_EQ(result.dxc, 0x08);
}

TEST(ConvertToFixed, RoundsBeforeItLooksAtTheRange) {
  EXPECT_EQ((convert_to_fixed<Long, s32>(long_of(2147483647.25), {}).value), 2147483647);
  EXPECT_EQ((convert_to_fixed<Long, s32>(long_of(2147483647.5), {}).cc), 3);
  EXPECT_EQ((convert_to_fixed<Long, u32>(long_of(-0.25), {}).cc), 1);
  EXPECT_EQ((convert_to_fixed<Long, u32>(long_of(-0.25), {}).flags), kInexact);
  EXPECT_EQ((convert_to_fixed<Long, s64>(long_of(-9223372036854775808.0), {}).cc), 1);
}

TEST(ConvertFromFixed, RoundsToTheFormat) {
  EXPECT_EQ(hex(convert_from_fixed<Short, s32>(-1, {}).value), hex(short_of(-1.0F)));
  EXPECT_EQ(hex(convert_from_fixed<Long, u64>(~u64{0}, {}).value), hex(long_of(18446744073709551616.0)));
  EXPECT_EQ((convert_from_fixed<Long, u64>(~u64{0}, {}).flags), kInexact);
  EXPECT_EQ((convert_from_fixed<Long, u64>(~u64{0}, {.suppress_inexact = true}).flags), 0);
  EXPECT_EQ((convert_from_fixed<Extended, s64>(std::numeric_limits<s64>::min(), {}).value), u128{0xC03E} << 112);
  EXPECT_EQ((convert_from_fixed<Short, s32>(0, {}).value), 0U);
}

TEST(ConvertToHfp, MovesTheFractionToAHexadecimalDigit) {
  EXPECT_EQ(hex(convert_to_hfp<Long>(long_of(1.0)).value), hex(u64{0x4110'0000'0000'0000}));
  EXPECT_EQ(hex(convert_to_hfp<Long>(long_of(-0.5)).value), hex(u64{0xC080'0000'0000'0000}));
  EXPECT_EQ(hex(convert_to_hfp<Short>(short_of(100.0F)).value), hex(u64{0x4264'0000'0000'0000}));
  EXPECT_EQ(convert_to_hfp<Long>(long_of(-0.5)).cc, 1);
  EXPECT_EQ(convert_to_hfp<Short>(1).cc, 2); // a subnormal short number is well inside the HFP range
  EXPECT_EQ(hex(convert_to_hfp<Short>(1).value), hex(u64{0x1B80'0000'0000'0000}));
}

TEST(ConvertToHfp, GoesToTheLargestNumberOrToZeroOutsideItsRange) {
  EXPECT_EQ(hex(convert_to_hfp<Long>(long_of(-1e80)).value), hex(~u64{0}));
  EXPECT_EQ(convert_to_hfp<Long>(long_of(1e80)).cc, 3);
  EXPECT_EQ(hex(convert_to_hfp<Long>(Long::kDefaultNan | Long::kSignBit).value), hex(~u64{0} >> 1));
  EXPECT_EQ(hex(convert_to_hfp<Long>(long_of(-1e-80)).value), hex(Long::kSignBit));
  EXPECT_EQ(convert_to_hfp<Long>(long_of(-1e-80)).cc, 1);
  EXPECT_EQ(convert_to_hfp<Long>(Long::kSignBit).cc, 0);
}

TEST(ConvertFromHfp, RoundsAndAcceptsUnnormalizedNumbers) {
  EXPECT_EQ(hex(convert_from_hfp<Long>(0x4110'0000'0000'0000, RoundingMode::NearestEven).value), hex(long_of(1.0)));
  EXPECT_EQ(hex(convert_from_hfp<Short>(0xC600'0001'0000'0000, RoundingMode::NearestEven).value), hex(short_of(-1.0F)));
  EXPECT_EQ(hex(convert_from_hfp<Long>(0x40FF'FFFF'FFFF'FFFF, RoundingMode::TowardZero).value),
            hex(u64{0x3FEF'FFFF'FFFF'FFFF}));
  EXPECT_EQ(hex(convert_from_hfp<Long>(0x40FF'FFFF'FFFF'FFFF, RoundingMode::NearestAway).value), hex(long_of(1.0)));
  EXPECT_EQ(convert_from_hfp<Short>(0x7FFF'FFFF'FFFF'FFFF, RoundingMode::TowardZero).cc, 3);
  EXPECT_EQ(convert_from_hfp<Short>(0x7FFF'FFFF'FFFF'FFFF, RoundingMode::TowardZero).value, Short::kLargest);
  EXPECT_EQ(convert_from_hfp<Long>(0x8000'0000'0000'0000, RoundingMode::NearestEven).value, Long::kSignBit);
}

TEST(ConvertFromHfp, GivesBackWhatWentToHfp) {
  Random random{30};
  for (int i = 0; i < 10'000; ++i) {
    const auto v = random.bits<u32>();
    if (!is_finite<Short>(v)) continue;
    EXPECT_EQ(hex(convert_from_hfp<Short>(convert_to_hfp<Short>(v).value, RoundingMode::TowardZero).value), hex(v));
  }
}

} // namespace
} // namespace siena::cpu::isa::bfp::testing
