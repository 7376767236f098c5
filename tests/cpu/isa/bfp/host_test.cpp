// SPDX-License-Identifier: BSD-3-Clause
// Random operands against the host's own floating point in the four rounding modes they share, and the host shortcut
// against the integer path. The host need not detect tininess as we do (before rounding), so the underflow flag is compared
// except where the result is the least normal number; host NaNs are only compared for being NaNs.
#include "samples.h"

#include "cpu/isa/bfp/arithmetic.h"
#include "cpu/isa/bfp/convert.h"

#include <gtest/gtest.h>

#include <bit>
#include <cfenv>
#include <cmath>

namespace siena::cpu::isa::bfp::testing {
namespace {

constexpr int kTrials = 15'000;

template <class F>
class EveryHostFormat : public ::testing::Test {};
using HostFormats = ::testing::Types<Short, Long>;
TYPED_TEST_SUITE(EveryHostFormat, HostFormats);

int host_mode(RoundingMode mode) {
  switch (mode) {
  case RoundingMode::TowardZero: return FE_TOWARDZERO;
  case RoundingMode::TowardPlusInfinity: return FE_UPWARD;
  case RoundingMode::TowardMinusInfinity: return FE_DOWNWARD;
  default: return FE_TONEAREST;
  }
}

u8 host_flags() {
  const int raised = std::fetestexcept(FE_ALL_EXCEPT);
  return static_cast<u8>((raised & FE_INVALID ? kInvalid : 0) | (raised & FE_DIVBYZERO ? kDivideByZero : 0) |
                         (raised & FE_OVERFLOW ? kOverflow : 0) | (raised & FE_UNDERFLOW ? kUnderflow : 0) |
                         (raised & FE_INEXACT ? kInexact : 0));
}

/// Runs `operation` on the host in `mode`. The volatile result keeps it between the two fesetround calls.
template <class Number, class Operation>
Number on_host(RoundingMode mode, u8& flags, const Operation& operation) {
  std::fesetround(host_mode(mode));
  std::feclearexcept(FE_ALL_EXCEPT);
  const volatile Number result = operation();
  flags = host_flags();
  std::fesetround(FE_TONEAREST);
  return result;
}

template <class F, class Operation>
void expect_host_agrees(const Result<BitsOf<F>>& ours,
                        RoundingMode mode,
                        const std::string& what,
                        const Operation& operation) {
  u8 flags = 0;
  const auto theirs = std::bit_cast<BitsOf<F>>(on_host<host::Number<F>>(mode, flags, operation));
  if (is_nan<F>(theirs)) {
    EXPECT_TRUE(is_nan<F>(ours.value)) << what;
  } else {
    EXPECT_EQ(hex(ours.value), hex(theirs)) << what << " mode " << int(mode);
  }
  const bool least_normal = magnitude<F>(theirs) == F::kFractionMask + 1;
  const u8 compared = least_normal ? u8{0xE8} : u8{0xF8};
  EXPECT_EQ(hex<u8>(ours.flags & compared), hex<u8>(flags & compared)) << what << " mode " << int(mode);
}

template <class F>
volatile host::Number<F> g_operand[3];

template <class F>
void set_operands(BitsOf<F> a, BitsOf<F> b = 0, BitsOf<F> c = 0) {
  g_operand<F>[0] = std::bit_cast<host::Number<F>>(a);
  g_operand<F>[1] = std::bit_cast<host::Number<F>>(b);
  g_operand<F>[2] = std::bit_cast<host::Number<F>>(c);
}

TYPED_TEST(EveryHostFormat, AgreesWithTheHostInAllOperations) {
  using F = TypeParam;
  auto& x = g_operand<F>;
  Random random{20};
  for (int i = 0; i < kTrials && !this->HasFailure(); ++i) {
    const auto mode = kAllModes[random.below(4)];
    const Controls controls{.rounding = mode};
    const auto a = sample<F>(random);
    const auto b = sample_near<F>(random, a);
    const auto c = sample<F>(random);
    set_operands<F>(a, b, c);
    const std::string what = hex(a) + ", " + hex(b) + ", " + hex(c);
    expect_host_agrees<F>(soft::add<F>(a, b, controls), mode, what + " add", [&] { return x[0] + x[1]; });
    expect_host_agrees<F>(soft::subtract<F>(a, b, controls), mode, what + " subtract", [&] { return x[0] - x[1]; });
    expect_host_agrees<F>(soft::multiply<F>(a, b, controls), mode, what + " multiply", [&] { return x[0] * x[1]; });
    expect_host_agrees<F>(soft::divide<F>(a, b, controls), mode, what + " divide", [&] { return x[0] / x[1]; });
    expect_host_agrees<F>(soft::square_root<F>(a, controls), mode, what + " root", [&] { return std::sqrt(x[0]); });
    // Hosts differ on infinity * 0 + QNaN.
    if (!is_nan<F>(c))
      expect_host_agrees<F>(
          soft::multiply_add<F>(a, b, c, controls), mode, what + " fused", [&] { return std::fma(x[0], x[1], x[2]); });
  }
}

TEST(HostConversions, AgreeWithTheHost) {
  Random random{21};
  for (int i = 0; i < kTrials && !::testing::Test::HasFailure(); ++i) {
    const auto mode = kAllModes[random.below(4)];
    const Controls controls{.rounding = mode};
    const auto number = random.next() >> random.below(64);
    const volatile s64 as_signed = static_cast<s64>(number);
    const auto what = hex(number);
    expect_host_agrees<Long>(
        convert_from_fixed<Long, s64>(as_signed, controls), mode, what, [&] { return static_cast<double>(as_signed); });
    expect_host_agrees<Short>(
        convert_from_fixed<Short, s64>(as_signed, controls), mode, what, [&] { return static_cast<float>(as_signed); });
    const auto a = sample<Long>(random);
    set_operands<Long>(a);
    expect_host_agrees<Short>(load_rounded<Long, Short>(a, controls).result, mode, hex(a), [&] {
      return static_cast<float>(g_operand<Long>[0]);
    });
    const auto b = sample<Short>(random);
    set_operands<Short>(b);
    expect_host_agrees<Long>(
        lengthen<Short, Long>(b, controls), mode, hex(b), [&] { return static_cast<double>(g_operand<Short>[0]); });
  }
}

template <class Bits>
void expect_same(const Result<Bits>& fast, Result<Bits> soft, const Controls& controls, const std::string& what) {
  if (controls.inexact_is_set) soft.flags = (soft.flags & ~kInexact) | (fast.flags & kInexact);
  const bool same = fast.value == soft.value && fast.flags == soft.flags && fast.dxc == soft.dxc && fast.cc == soft.cc;
  EXPECT_TRUE(same) << what << ": " << hex(fast.value) << ' ' << hex(fast.flags) << " should be " << hex(soft.value)
                    << ' ' << hex(soft.flags);
}

TYPED_TEST(EveryHostFormat, TheShortcutGivesWhatTheIntegerPathGives) {
  using F = TypeParam;
  Random random{22};
  for (int i = 0; i < kTrials && !this->HasFailure(); ++i) {
    const Controls controls{.inexact_is_set = random.below(2) == 0};
    auto a = sample<F>(random);
    auto b = sample_near<F>(random, a);
    const auto c = sample_near<F>(random, multiply<F>(a, b, {}).value);
    if (random.below(4) == 0) { // few digits: exact results
      constexpr auto kFew = ~(F::kFractionMask >> (F::kPrecision / 3));
      a &= kFew;
      b &= kFew;
    }
    const std::string what = hex(a) + ", " + hex(b) + ", " + hex(c);
    expect_same(add<F>(a, b, controls), soft::add<F>(a, b, controls), controls, what + " add");
    expect_same(subtract<F>(a, b, controls), soft::subtract<F>(a, b, controls), controls, what + " subtract");
    expect_same(multiply<F>(a, b, controls), soft::multiply<F>(a, b, controls), controls, what + " multiply");
    expect_same(divide<F>(a, b, controls), soft::divide<F>(a, b, controls), controls, what + " divide");
    expect_same(square_root<F>(a, controls), soft::square_root<F>(a, controls), controls, what + " root");
    expect_same(
        multiply_add<F>(a, b, c, controls), soft::multiply_add<F>(a, b, c, controls), controls, what + " fused");
  }
}

} // namespace
} // namespace siena::cpu::isa::bfp::testing
