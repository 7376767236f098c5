// SPDX-License-Identifier: BSD-3-Clause
#include "machine/shadow_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace siena::machine {

namespace {

using sie::shadow_gmap::Space;
using sie::shadow_gmap::Table;

struct Count {
  std::array<u64, mmu::kTableLevels> tables{};
  u64 fake = 0, pages = 0, bytes = 0;
};

void count(const Table& table, Count& sum) {
  ++sum.tables[static_cast<std::size_t>(table.designation.level)];
  sum.fake += table.fake ? 1 : 0;
  sum.bytes += table.size_in_bytes();
  sum.pages += static_cast<u64>(std::count_if(table.frames.begin(), table.frames.end(), [](u64 f) { return f != 0; }));
  for (const auto& below : table.below)
    if (below != nullptr) count(*below, sum);
}

} // namespace

std::string shadow_report(const sie::shadow_gmap::Gmap& gmap) {
  std::vector<const Space*> spaces;
  for (const Space& space : gmap.all()) spaces.push_back(&space);
  if (spaces.empty()) return "no shadows\n";
  std::sort(spaces.begin(), spaces.end(), [](const auto* a, const auto* b) { return a->last_use > b->last_use; });
  std::string out = fmt::format("{:<16} {:>4} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}\n",
                                "ASCE",
                                "EDAT",
                                "region-1",
                                "region-2",
                                "region-3",
                                "segment",
                                "page",
                                "of large",
                                "pages",
                                "KiB");
  for (const Space* space : spaces) {
    Count sum;
    if (space->top != nullptr) count(*space->top, sum);
    out += fmt::format("{:016x} {:>4}", space->name.asce, space->name.edat2 ? 2 : space->name.edat1 ? 1 : 0);
    for (std::size_t level = sum.tables.size(); level-- != 0;) out += fmt::format(" {:>8}", sum.tables[level]);
    out += fmt::format(" {:>8} {:>8} {:>8}\n", sum.fake, sum.pages, (sum.bytes + 1023) / 1024);
  }
  return out;
}

} // namespace siena::machine
