// SPDX-License-Identifier: BSD-3-Clause
// Takes samples of what CPUs execute: depth, state, instruction address and, in the supervisor state, who has called. Addresses become
// symbols when the profile is written, since a guest tells late where its symbols are.
#pragma once

#include "frontends/profile/stacks.h"
#include "frontends/symbols/guest_symbols.h"
#include "machine/sampler.h"

#include <functional>
#include <map>
#include <vector>

namespace siena::frontends::profile {

/// Cycles: just under a millisecond, and prime, so that samples do not march in step with a guest's timer.
constexpr u64 kDefaultInterval = 1'000'003;
/// More samples than one in so many cycles are mostly the profiler's own time.
constexpr u64 kShortestInterval = 100;

class Profiler final : public machine::Sampler {
 public:
  /// Which guest a CPU executes now: 1 is guest 1, 2 what that runs under SIE.
  using DepthOf = std::function<unsigned(const cpu::Cpu&)>;
  /// All that guest 1 runs under SIE counts as depth 2.
  static unsigned depth_by_level(const cpu::Cpu& cpu) { return cpu.interpretive() ? 2 : 1; }

  explicit Profiler(u64 interval, DepthOf depth_of = depth_by_level)
      : interval_(interval), depth_of_(std::move(depth_of)) {}

  // machine::Sampler
  void sample(cpu::Cpu& cpu, u64 times) override;
  void waited(cpu::Cpu&, u64 times) override { waited_ += times; }

  /// The samples by stack, with the symbols as they are known now.
  Stacks stacks(const symbols::GuestSymbols& symbols) const;

 private:
  struct Key {
    unsigned depth = 0;
    bool problem_state = false;
    u64 address = 0;
    u64 link = 0;
    std::vector<u64> returns;
    auto operator<=>(const Key&) const = default;
  };

  u64 interval_;
  DepthOf depth_of_;
  std::map<Key, u64> samples_;
  u64 waited_ = 0;
};

} // namespace siena::frontends::profile
