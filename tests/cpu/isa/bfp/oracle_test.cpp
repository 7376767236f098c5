// SPDX-License-Identifier: BSD-3-Clause
// Random operands against the unlimited-precision oracle: every format, rounding mode and set of enabled exceptions.
#include "oracle.h"

#include "cpu/isa/bfp/arithmetic.h"
#include "cpu/isa/bfp/convert.h"
#include "cpu/isa/bfp/divide_to_integer.h"

#include <gtest/gtest.h>

#include <limits>

namespace siena::cpu::isa::bfp::testing {
namespace {

template <class F>
constexpr int kTrials = sizeof(typename F::Bits) == 16 ? 4'000 : 8'000;

template <class F>
class EveryFormat : public ::testing::Test {};
using Formats = ::testing::Types<Short, Long, Extended>;
TYPED_TEST_SUITE(EveryFormat, Formats);

Controls sample_controls(Random& random) {
  return {.rounding = kAllModes[random.below(6)],
          .enabled = static_cast<u8>(random.below(2) ? 0 : random.next() & 0xF8),
          .suppress_inexact = false,
          .inexact_is_set = false};
}

template <class Bits>
void expect_same(const Result<Bits>& actual,
                 const Result<Bits>& expected,
                 const Controls& controls,
                 const std::string& what) {
  const bool same = actual.value == expected.value && actual.flags == expected.flags && actual.dxc == expected.dxc &&
                    actual.cc == expected.cc && actual.completed == expected.completed;
  EXPECT_TRUE(same) << what << " mode " << int(controls.rounding) << " enabled " << hex(controls.enabled)
                    << "\n is     " << hex(actual.value) << " flags " << hex(actual.flags) << " dxc " << hex(actual.dxc)
                    << " cc " << int(actual.cc) << "\n should " << hex(expected.value) << " flags "
                    << hex(expected.flags) << " dxc " << hex(expected.dxc) << " cc " << int(expected.cc);
}

/// A sum's zero: the operands' common sign, else plus, but minus when rounding toward minus infinity.
template <class F>
Result<typename F::Bits> oracle_sum(const Exact& a, const Exact& b, const Controls& controls) {
  Exact sum = a + b;
  if (sum.magnitude == 0)
    sum.negative = a.negative == b.negative ? a.negative : controls.rounding == RoundingMode::TowardMinusInfinity;
  return oracle_result<F>(sum, controls);
}

TYPED_TEST(EveryFormat, AddsAndSubtractsLikeTheOracle) {
  using F = TypeParam;
  Random random{1};
  for (int i = 0; i < kTrials<F> && !this->HasFailure(); ++i) {
    const auto controls = sample_controls(random);
    const auto a = sample_finite<F>(random);
    const auto b = sample_near<F>(random, a);
    if (!is_finite<F>(b)) continue;
    auto minus_b = exact_value<F>(b);
    minus_b.negative = !minus_b.negative;
    const std::string what = hex(a) + " and " + hex(b);
    expect_same(add<F>(a, b, controls), oracle_sum<F>(exact_value<F>(a), exact_value<F>(b), controls), controls, what);
    expect_same(subtract<F>(a, b, controls), oracle_sum<F>(exact_value<F>(a), minus_b, controls), controls, what);
  }
}

TYPED_TEST(EveryFormat, MultipliesLikeTheOracle) {
  using F = TypeParam;
  Random random{2};
  for (int i = 0; i < kTrials<F> && !this->HasFailure(); ++i) {
    const auto controls = sample_controls(random);
    const auto a = sample_finite<F>(random);
    const auto b = sample_finite<F>(random);
    const auto expected = oracle_result<F>(exact_value<F>(a) * exact_value<F>(b), controls);
    expect_same(multiply<F>(a, b, controls), expected, controls, hex(a) + " * " + hex(b));
  }
}

TYPED_TEST(EveryFormat, DividesLikeTheOracle) {
  using F = TypeParam;
  Random random{3};
  for (int i = 0; i < kTrials<F> && !this->HasFailure(); ++i) {
    const auto controls = sample_controls(random);
    const auto a = sample_finite<F>(random);
    const auto b = sample_finite<F>(random);
    if (is_zero<F>(b)) continue;
    const auto expected = oracle_result<F>(exact_value<F>(a) / exact_value<F>(b), controls);
    expect_same(divide<F>(a, b, controls), expected, controls, hex(a) + " / " + hex(b));
  }
}

TYPED_TEST(EveryFormat, TakesRootsLikeTheOracle) {
  using F = TypeParam;
  Random random{4};
  for (int i = 0; i < kTrials<F> && !this->HasFailure(); ++i) {
    const auto controls = sample_controls(random);
    auto a = load_positive<F>(sample_finite<F>(random));
    if (random.below(3) == 0) a = multiply<F>(a, a, {}).value; // a fair share of exact roots
    if (!is_finite<F>(a)) continue;
    expect_same(square_root<F>(a, controls), oracle_result<F>(root(exact_value<F>(a)), controls), controls, hex(a));
  }
}

TYPED_TEST(EveryFormat, FusesMultiplicationAndAdditionLikeTheOracle) {
  using F = TypeParam;
  Random random{5};
  for (int i = 0; i < 2 * kTrials<F> && !this->HasFailure(); ++i) {
    const auto controls = sample_controls(random);
    const auto a = sample_finite<F>(random);
    const auto b = sample_finite<F>(random);
    // Often an addend that nearly cancels the product.
    const auto rounded = multiply<F>(a, b, {.rounding = kAllModes[random.below(4)]}).value;
    const auto c = random.below(2) ? sample_finite<F>(random) : sample_near<F>(random, load_complement<F>(rounded));
    if (!is_finite<F>(c)) continue;
    const auto product = exact_value<F>(a) * exact_value<F>(b);
    auto minus_c = exact_value<F>(c);
    minus_c.negative = !minus_c.negative;
    const std::string what = hex(a) + " * " + hex(b) + " and " + hex(c);
    expect_same(
        multiply_add<F>(a, b, c, controls), oracle_sum<F>(product, exact_value<F>(c), controls), controls, what);
    expect_same(multiply_subtract<F>(a, b, c, controls), oracle_sum<F>(product, minus_c, controls), controls, what);
  }
}

TYPED_TEST(EveryFormat, RoundsToAnIntegerLikeTheOracle) {
  using F = TypeParam;
  Random random{6};
  for (int i = 0; i < kTrials<F> && !this->HasFailure(); ++i) {
    const auto controls = sample_controls(random);
    const auto a = sample_finite<F>(random);
    const auto v = exact_value<F>(a);
    const auto rounded = oracle_round(v.magnitude, -v.exponent, v.negative, controls.rounding);
    auto expected = oracle_result<F>(v.exponent > 0 ? v : Exact{v.negative, rounded.value, 0}, {});
    if (rounded.inexact) {
      if (controls.enabled & kInexact)
        expected.dxc = rounded.incremented ? 0x0C : 0x08;
      else
        expected.flags = kInexact;
    }
    expect_same(load_fp_integer<F>(a, controls), expected, controls, hex(a));
  }
}

template <class F, class I>
void check_to_fixed(typename F::Bits a, const Controls& controls) {
  const auto v = exact_value<F>(a);
  const auto rounded = oracle_round(v.magnitude, -v.exponent, v.negative, controls.rounding);
  const Integer signed_value = v.negative ? Integer{-rounded.value} : rounded.value;
  Result<I> expected;
  expected.cc = condition_code<F>(a);
  bool inexact = rounded.inexact;
  bool incremented = rounded.incremented;
  if (signed_value < Integer{std::numeric_limits<I>::min()} || signed_value > Integer{std::numeric_limits<I>::max()}) {
    if (controls.enabled & kInvalid) {
      expected = {.value = 0, .flags = 0, .dxc = kInvalid, .cc = 0, .completed = false};
      expect_same(convert_to_fixed<F, I>(a, controls), expected, controls, hex(a));
      return;
    }
    expected.value = v.negative ? std::numeric_limits<I>::min() : std::numeric_limits<I>::max();
    expected.cc = 3;
    expected.flags = kInvalid;
    inexact = true;
    incremented = false;
  } else {
    expected.value = static_cast<I>(signed_value);
  }
  if (inexact) {
    if (controls.enabled & kInexact)
      expected.dxc = incremented ? 0x0C : 0x08;
    else
      expected.flags |= kInexact;
  }
  expect_same(convert_to_fixed<F, I>(a, controls), expected, controls, hex(a));
}

TYPED_TEST(EveryFormat, ConvertsToIntegersLikeTheOracle) {
  using F = TypeParam;
  Random random{7};
  for (int i = 0; i < kTrials<F> && !this->HasFailure(); ++i) {
    const auto controls = sample_controls(random);
    auto a = sample_finite<F>(random);
    if (random.below(2)) { // at the edge of some integer's range
      const u64 edge = (u64{1} << (30 + random.below(34))) - 2 + random.below(4);
      a = convert_from_fixed<F, u64>(edge, {.rounding = kAllModes[random.below(4)]}).value |
          (random.below(2) ? F::kSignBit : 0);
    }
    check_to_fixed<F, s32>(a, controls);
    check_to_fixed<F, s64>(a, controls);
    check_to_fixed<F, u32>(a, controls);
    check_to_fixed<F, u64>(a, controls);
  }
}

template <class F, class I>
void check_from_fixed(I value, const Controls& controls) {
  const Exact exact{value < 0, abs(Integer{value}), 0};
  expect_same(convert_from_fixed<F, I>(value, controls), oracle_result<F>(exact, controls), controls, hex(value));
}

TYPED_TEST(EveryFormat, ConvertsFromIntegersLikeTheOracle) {
  using F = TypeParam;
  Random random{8};
  for (int i = 0; i < kTrials<F> && !this->HasFailure(); ++i) {
    const auto controls = sample_controls(random);
    u64 value = random.next() >> random.below(64);
    if (random.below(2)) value = ~value;
    check_from_fixed<F, s32>(static_cast<s32>(value), controls);
    check_from_fixed<F, s64>(static_cast<s64>(value), controls);
    check_from_fixed<F, u32>(static_cast<u32>(value), controls);
    check_from_fixed<F, u64>(value, controls);
  }
}

template <class F, class G>
void check_load_rounded(u64 seed) {
  Random random{seed};
  for (int i = 0; i < kTrials<F> && !::testing::Test::HasFailure(); ++i) {
    const auto controls = sample_controls(random);
    const int close = G::kMinExponent - G::kPrecision - 2 + static_cast<int>(random.below(2 * G::kPrecision));
    auto a = sample_finite<F>(random);
    if (random.below(3)) { // near the ends of the shorter format's range, or in it
      const int exponent = random.below(2) ? close : random.below(2) ? -close : static_cast<int>(random.below(8));
      a = (a & (F::kSignBit | F::kFractionMask)) |
          (typename F::Bits{static_cast<u32>(exponent + F::kBias)} << F::kFractionBits);
    }
    auto expected = oracle_result<G>(exact_value<F>(a), controls);
    const auto actual = load_rounded<F, G>(a, controls);
    EXPECT_EQ(actual.in_source_format, (expected.dxc & 0x30) != 0);
    if (actual.in_source_format) {
      // The source's format: same precision-rounded value, scaled by the source's own constant.
      const int scale = (expected.dxc & 0x20 ? -1 : 1) * (F::kPrecision == 53 ? 512 : 8192);
      const auto v = exact_value<F>(a);
      const int drop = static_cast<int>(msb(v.magnitude)) + 1 - G::kPrecision;
      const auto rounded = oracle_round(v.magnitude, drop, v.negative, controls.rounding);
      const Exact scaled{v.negative, rounded.value, v.exponent + drop + scale};
      EXPECT_EQ(hex(actual.scaled), hex(oracle_result<F>(scaled, {}).value)) << hex(a);
      expected.value = actual.result.value;
    }
    expect_same(actual.result, expected, controls, hex(a));
  }
}

TEST(LoadRounded, RoundsLongToShortLikeTheOracle) { check_load_rounded<Long, Short>(9); }
TEST(LoadRounded, RoundsExtendedToShortLikeTheOracle) { check_load_rounded<Extended, Short>(10); }
TEST(LoadRounded, RoundsExtendedToLongLikeTheOracle) { check_load_rounded<Extended, Long>(11); }

template <class F>
class DivideToIntegerFormat : public ::testing::Test {};
using DivideToIntegerFormats = ::testing::Types<Short, Long>;
TYPED_TEST_SUITE(DivideToIntegerFormat, DivideToIntegerFormats);

TYPED_TEST(DivideToIntegerFormat, DividesToAnIntegerLikeTheOracle) {
  using F = TypeParam;
  Random random{12};
  for (int i = 0; i < kTrials<F> && !this->HasFailure(); ++i) {
    const auto controls = sample_controls(random);
    const auto quotient_rounding = kAllModes[random.below(6)];
    const auto a = sample_finite<F>(random);
    const auto b = sample_near<F>(random, a);
    if (is_zero<F>(a) || !is_finite<F>(b) || is_zero<F>(b)) continue;

    const Exact dividend = exact_value<F>(a);
    const Exact divisor = exact_value<F>(b);
    const Exact q = dividend / divisor;
    const bool negative = q.negative;
    const int leading = static_cast<int>(msb(q.magnitude)) + q.exponent;
    const bool large = leading >= F::kPrecision;
    const int units = large ? leading - F::kPrecision + 1 : 0;
    const auto mode = large ? RoundingMode::TowardZero : quotient_rounding;
    const Exact n{!negative, oracle_round(q.magnitude, units - q.exponent, negative, mode).value, units};
    Exact r = dividend + n * divisor;
    if (r.magnitude == 0) r.negative = dividend.negative;
    const bool incomplete = large && r.magnitude != 0;
    const bool scaled = large && leading > F::kMaxExponent;

    const auto remainder = oracle_result<F>(r, incomplete ? Controls{} : controls);
    const Exact delivered{negative, n.magnitude, n.exponent - (scaled ? F::kTrapScale : 0)};
    const auto quotient = oracle_result<F>(delivered, {});
    const auto actual = divide_to_integer<F>(a, b, quotient_rounding, controls);
    const std::string what = hex(a) + " by " + hex(b) + " method " + std::to_string(int(quotient_rounding));
    EXPECT_EQ(hex(actual.quotient), hex(quotient.value)) << what;
    EXPECT_EQ(int(actual.cc), (incomplete ? 2 : 0) + (scaled ? 1 : 0)) << what;
    auto same_cc = remainder;
    same_cc.cc = actual.cc;
    expect_same<typename F::Bits>(
        {actual.remainder, actual.flags, actual.dxc, actual.cc, actual.completed}, same_cc, controls, what);
  }
}

} // namespace
} // namespace siena::cpu::isa::bfp::testing
