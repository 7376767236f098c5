// SPDX-License-Identifier: BSD-3-Clause
#include "machine/sie_report.h"

#include <fmt/format.h>

namespace siena::machine {

namespace {

using sie::shadow_gmap::Statistics;

std::string table_row(std::string_view name, u64 spaces, const Statistics::PerLevel& tables, u64 pages) {
  std::string row = fmt::format("{:<20} {:>9}", name, spaces);
  for (std::size_t level = tables.size(); level-- != 0;) row += fmt::format(" {:>9}", tables[level]);
  return row + fmt::format(" {:>10}\n", pages);
}

} // namespace

std::string exits_by_code(const sie::InterpretiveExecution::Statistics& statistics) {
  std::string codes;
  for (unsigned code = 0; code < std::size(statistics.exits); ++code)
    if (statistics.exits[code] != 0)
      codes += fmt::format("{}{:02x}:{}", codes.empty() ? "" : " ", code, statistics.exits[code]);
  return codes.empty() ? "-" : codes;
}

std::string sie_report(const sie::InterpretiveExecution& interpretive) {
  const auto& run = interpretive.statistics();
  const auto& gmap = interpretive.gmap();
  const Statistics& shadow = gmap.statistics();
  std::string out = fmt::format(
      "SIE: {} entries, {} instructions under SIE, exits {}\n", run.entries, run.instructions, exits_by_code(run));
  out += fmt::format(
      "SIGP without an exit: {} external calls, {} senses of a running CPU\n", run.external_calls, run.running_senses);
  out += fmt::format("shadows: {} now in {} KiB; {} translations without reading a table, {} entries read\n",
                     gmap.spaces(),
                     gmap.bytes() / 1024,
                     shadow.hits,
                     shadow.table_reads);
  out += fmt::format("{:<20} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>10}\n",
                     "",
                     "spaces",
                     "region-1",
                     "region-2",
                     "region-3",
                     "segment",
                     "page",
                     "pages");
  out += table_row("made", shadow.spaces, shadow.tables, shadow.pages);
  static constexpr std::string_view kNames[sie::shadow_gmap::kCauses] = {
      "removed by stores", "by IPTE and IDTE", "by purges", "for want of room"};
  for (std::size_t cause = 0; cause < sie::shadow_gmap::kCauses; ++cause)
    out += table_row(
        kNames[cause], shadow.removed_spaces[cause], shadow.removed_tables[cause], shadow.removed_pages[cause]);
  return out;
}

} // namespace siena::machine
