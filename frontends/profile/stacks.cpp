// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/profile/stacks.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace siena::frontends::profile {

namespace {
/// In a folded stack blanks and semicolons have a meaning, and names come from guests.
std::string one_word(std::string_view name) {
  std::string word{name};
  std::replace_if(
      word.begin(), word.end(), [](char c) { return c <= ' ' || c >= 0x7F || c == ';'; }, '_');
  return word;
}

std::string printable(std::string_view name) {
  std::string text{name};
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c >= 0x7F; }, '?');
  return text;
}
} // namespace

u64 Stacks::total() const {
  u64 sum = 0;
  for (const auto& [stack, count] : samples) sum += count;
  return sum;
}

std::string depth_text(unsigned depth) { return fmt::format("guest {}", depth); }

std::string_view state_text(bool problem_state) { return problem_state ? "problem" : "supervisor"; }

std::string flat_text(const Stacks& stacks) {
  using Row = std::tuple<unsigned, bool, std::string>;
  std::map<Row, u64> by_symbol;
  std::map<std::pair<unsigned, bool>, u64> by_level;
  for (const auto& [stack, count] : stacks.samples) {
    by_symbol[{stack.depth, stack.problem_state, stack.frames.back()}] += count;
    by_level[{stack.depth, stack.problem_state}] += count;
  }
  std::vector<std::pair<Row, u64>> rows(by_symbol.begin(), by_symbol.end());
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.second > b.second; });

  const u64 total = stacks.total();
  const auto percent = [total](u64 count) {
    return 100 * static_cast<double>(count) / static_cast<double>(std::max<u64>(total, 1));
  };
  std::string text = fmt::format("{} samples, one every {} cycles that a CPU executed; {} more while CPUs waited\n",
                                 total,
                                 stacks.interval,
                                 stacks.waited);
  for (const auto& [level, count] : by_level)
    text += fmt::format(
        "{:6.2f} % {:9} {}, {} state\n", percent(count), count, depth_text(level.first), state_text(level.second));
  text += fmt::format("\n{:>8} {:>9} {:8} {:11} {}\n", "percent", "samples", "depth", "state", "symbol");
  for (const auto& [row, count] : rows) {
    const auto& [depth, problem_state, name] = row;
    text += fmt::format("{:8.2f} {:9} {:8} {:11} {}\n",
                        percent(count),
                        count,
                        depth_text(depth),
                        state_text(problem_state),
                        printable(name));
  }
  return text;
}

std::string folded_text(const Stacks& stacks) {
  std::string text;
  for (const auto& [stack, count] : stacks.samples) {
    text += fmt::format("guest_{};{}", stack.depth, state_text(stack.problem_state));
    for (const auto& frame : stack.frames) text += ";" + one_word(frame);
    text += fmt::format(" {}\n", count);
  }
  return text;
}

} // namespace siena::frontends::profile
