// SPDX-License-Identifier: BSD-3-Clause
// The wide integers: a quotient and a root are right if multiplying back gives the operand.
#include "samples.h"

#include "cpu/isa/bfp/wide.h"

#include <gtest/gtest.h>

namespace siena::cpu::isa::bfp::testing {
namespace {

/// Digits that are all zeros, all ones, nearly so, or random.
u64 sample_digit(Random& random) {
  switch (random.below(5)) {
  case 0: return 0;
  case 1: return ~u64{0};
  case 2: return u64{1} << random.below(64);
  case 3: return ~(u64{1} << random.below(64));
  default: return random.next();
  }
}
u128 sample_wide(Random& random) {
  const u128 v = (u128{sample_digit(random)} << 64) | sample_digit(random);
  return v >> random.below(128);
}

TEST(Wide, DivisionUndoesMultiplication) {
  Random random{50};
  for (int i = 0; i < 100'000 && !HasFailure(); ++i) {
    const u128 divisor = sample_wide(random);
    const u128 quotient = sample_wide(random);
    if (divisor == 0) continue;
    const u128 remainder = sample_wide(random) % divisor;
    const auto result = divide_wide(multiply_wide(quotient, divisor) + U256{remainder}, U256{divisor});
    EXPECT_TRUE(result.quotient == U256{quotient} && result.remainder == U256{remainder})
        << hex(quotient) << " times " << hex(divisor) << " plus " << hex(remainder);
  }
}

TEST(Wide, RootsUndoSquares) {
  Random random{51};
  for (int i = 0; i < 20'000 && !HasFailure(); ++i) {
    const u128 v = (sample_wide(random) >> 12) + 1;
    const U256 square = multiply_wide(v, v);
    const auto exact = root_wide(square);
    const auto above = root_wide(square + U256{2 * v}); // the last number with this root
    EXPECT_TRUE(exact.root == U256{v} && !exact.inexact) << hex(v);
    EXPECT_TRUE(above.root == U256{v} && above.inexact) << hex(v);
  }
}

} // namespace
} // namespace siena::cpu::isa::bfp::testing
