// SPDX-License-Identifier: BSD-3-Clause
// Reproducible operands that look for trouble: every class of datum, exponents at the ends of the range and close to each
// other, significands that are sparse, full, or random.
#pragma once

#include "cpu/isa/bfp/controls.h"
#include "cpu/isa/bfp/format.h"

#include <iomanip>
#include <sstream>
#include <string>

namespace siena::cpu::isa::bfp::testing {

/// SplitMix64: small, seedable, the same everywhere.
class Random {
 public:
  explicit Random(u64 seed) : state_(seed) {}

  u64 next() {
    u64 z = state_ += 0x9E37'79B9'7F4A'7C15;
    z = (z ^ (z >> 30)) * 0xBF58'476D'1CE4'E5B9;
    z = (z ^ (z >> 27)) * 0x94D0'49BB'1331'11EB;
    return z ^ (z >> 31);
  }
  u64 below(u64 limit) { return next() % limit; }
  template <class Bits>
  Bits bits() {
    if constexpr (sizeof(Bits) == 16)
      return (Bits{next()} << 64) | next();
    else
      return static_cast<Bits>(next());
  }

 private:
  u64 state_;
};

/// A significand's fraction: random, or few ones, or few zeros, or a run of ones at either end.
template <class F>
typename F::Bits sample_fraction(Random& random) {
  using Bits = typename F::Bits;
  const auto some_bit = [&] { return Bits{1} << random.below(F::kFractionBits); };
  const Bits one = some_bit(), another = some_bit();
  Bits fraction = 0;
  switch (random.below(6)) {
  case 0: break;
  case 1: fraction = one | another; break;
  case 2: fraction = ~(one | another); break;
  case 3: fraction = one - 1; break;
  case 4: fraction = ~(one - 1); break;
  default: fraction = random.bits<Bits>(); break;
  }
  return fraction & F::kFractionMask;
}

/// A finite datum, now and then zero.
template <class F>
typename F::Bits sample_finite(Random& random) {
  using Bits = typename F::Bits;
  const Bits sign = random.below(2) ? F::kSignBit : 0;
  int exponent = 0;
  constexpr int kTop = F::kExponentMask - 1;
  switch (random.below(8)) {
  case 0: break; // subnormal or zero
  case 1: exponent = 1 + static_cast<int>(random.below(F::kPrecision + 4)); break;
  case 2: exponent = kTop - static_cast<int>(random.below(F::kPrecision + 4)); break;
  case 3: exponent = kTop / 4 + static_cast<int>(random.below(static_cast<u64>(kTop / 2))); break;
  case 4: exponent = static_cast<int>(random.below(static_cast<u64>(kTop))); break;
  default: exponent = F::kBias - F::kPrecision + static_cast<int>(random.below(F::kPrecision * 2)); break;
  }
  return static_cast<Bits>(sign | (Bits{static_cast<u32>(exponent)} << F::kFractionBits) | sample_fraction<F>(random));
}

/// Any datum.
template <class F>
typename F::Bits sample(Random& random) {
  const typename F::Bits sign = random.below(2) ? F::kSignBit : 0;
  switch (random.below(32)) {
  case 0: return sign | F::kInfinity;
  case 1: return sign | F::kInfinity | F::kQuietBit | sample_fraction<F>(random);
  case 2: return sign | F::kInfinity | 1 | (sample_fraction<F>(random) & ~F::kQuietBit);
  case 3: return sign;
  default: return sample_finite<F>(random);
  }
}

/// A second operand that is often within a few bits of `a` in exponent, so that digits cancel or just touch.
template <class F>
typename F::Bits sample_near(Random& random, typename F::Bits a) {
  if (random.below(2) || !is_finite<F>(a)) return sample<F>(random);
  const int exponent =
      biased_exponent<F>(a) - F::kPrecision - 2 + static_cast<int>(random.below(2 * F::kPrecision + 4));
  if (exponent < 0 || exponent >= F::kExponentMask) return sample<F>(random);
  using Bits = typename F::Bits;
  const Bits sign = random.below(2) ? F::kSignBit : 0;
  const Bits fraction = random.below(4) ? sample_fraction<F>(random) : (a & F::kFractionMask);
  return static_cast<Bits>(sign | (Bits{static_cast<u32>(exponent)} << F::kFractionBits) | fraction);
}

template <class Bits>
std::string hex(Bits v) {
  std::ostringstream out;
  out << std::hex << std::setfill('0');
  if constexpr (sizeof(Bits) == 16)
    out << std::setw(16) << static_cast<u64>(v >> 64) << ' ' << std::setw(16) << static_cast<u64>(v);
  else
    out << std::setw(sizeof(Bits) * 2) << static_cast<u64>(v);
  return out.str();
}

constexpr RoundingMode kAllModes[] = {RoundingMode::NearestEven,
                                      RoundingMode::TowardZero,
                                      RoundingMode::TowardPlusInfinity,
                                      RoundingMode::TowardMinusInfinity,
                                      RoundingMode::NearestAway,
                                      RoundingMode::PrepareForShorter};

} // namespace siena::cpu::isa::bfp::testing
