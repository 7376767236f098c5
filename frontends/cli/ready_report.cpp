// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/ready_report.h"

#include "machine/sie_report.h"

#include <fmt/format.h>

#include <ctime>

namespace siena::frontends::cli {

namespace {
constexpr std::size_t kLongestLine = 4096;
}

void ReadyReport::watch(std::span<const u8> bytes, const machine::Machine& machine, u64 host_nanoseconds) {
  for (const u8 b : bytes) {
    if (b == '\n') {
      line_.clear();
      seen_in_line_ = false;
      continue;
    }
    if (line_.size() < kLongestLine) line_ += static_cast<char>(b);
    if (!seen_in_line_ && line_.ends_with(text_)) {
      seen_in_line_ = true;
      rows_.push_back({static_cast<double>(host_nanoseconds) / 1e9,
                       static_cast<double>(std::clock()) / CLOCKS_PER_SEC,
                       machine.instructions(),
                       machine.interpretive().statistics()});
    }
  }
}

std::string ReadyReport::table() const {
  std::string out = fmt::format("{:<14} {:>9} {:>9} {:>16} {:>7} {:>12}  {}\n",
                                "",
                                "seconds",
                                "processor",
                                "instructions",
                                "MIPS",
                                "SIE entries",
                                "exits by code");
  for (std::size_t n = 0; n < rows_.size(); ++n) {
    const Row& r = rows_[n];
    out += fmt::format("guest {} ready  {:>9.1f} {:>9.3f} {:>16} {:>7.1f} {:>12}  {}\n",
                       n + 1,
                       r.seconds,
                       r.processor_seconds,
                       r.instructions,
                       r.seconds > 0 ? static_cast<double>(r.instructions) / r.seconds / 1e6 : 0.0,
                       r.sie.entries,
                       machine::exits_by_code(r.sie));
  }
  return out;
}

} // namespace siena::frontends::cli
