// SPDX-License-Identifier: BSD-3-Clause
// A profile as it is shown: stacks of names, and how many samples were taken in each.
#pragma once

#include "base/types.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace siena::frontends::profile {

struct Stack {
  unsigned depth = 1;
  bool problem_state = false;
  std::vector<std::string> frames; ///< the outermost caller first; the last one is where the CPU was
  auto operator<=>(const Stack&) const = default;
};

struct Stacks {
  std::map<Stack, u64> samples;
  u64 waited = 0;   ///< further samples in which a CPU waited
  u64 interval = 0; ///< cycles of a CPU from one sample to the next

  u64 total() const; ///< of `samples`
};

/// "guest 1, supervisor state": what stands below all frames of a stack.
std::string depth_text(unsigned depth);
std::string_view state_text(bool problem_state);

/// A table: per cent of the samples, number, depth, state, symbol; the most first.
std::string flat_text(const Stacks& stacks);
/// A line for each stack: names from outside in with semicolons between, a blank, the number of samples; for tools that draw.
std::string folded_text(const Stacks& stacks);

} // namespace siena::frontends::profile
