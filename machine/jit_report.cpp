// SPDX-License-Identifier: BSD-3-Clause
#include "machine/jit_report.h"

#include <fmt/format.h>

namespace siena::machine {

namespace {

double ratio(u64 part, u64 whole) { return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole); }

} // namespace

std::string jit_report(const cpu::jit::Engine* engine, u64 instructions) {
  if (engine == nullptr) return "translator: not in use\n";
  const auto& s = engine->statistics();
  std::string out =
      fmt::format("translator: {} of {} instructions executed as translated code ({:.2f} %); {} entries\n",
                  s.executed,
                  instructions,
                  100 * ratio(s.executed, instructions),
                  s.entries);
  out += fmt::format("left to the interpreter: {} blocks not begun often enough, {} that begin across a page's end, "
                     "{} without time, or with another page behind theirs\n",
                     s.cold,
                     s.crossing,
                     s.late);
  out += fmt::format(
      "blocks: {} of {} instructions ({:.1f} each), {} host bytes ({:.1f} an instruction, {:.1f} on the way "
      "straight on)\n",
      s.blocks,
      s.instructions,
      ratio(s.instructions, s.blocks),
      s.host_bytes,
      ratio(s.host_bytes, s.instructions),
      ratio(s.straight_bytes, s.instructions));
  out += fmt::format("links: {} made; blocks dropped: {}; code memory full: {} times\n", s.links, s.dropped, s.flushes);
  const auto fallbacks = engine->fallbacks();
  u64 calls = 0, places = 0;
  for (const auto& f : fallbacks) calls += f.calls, places += f.places;
  out += fmt::format("functions called: {} times ({:.2f} % of the translated instructions) from {} places\n",
                     calls,
                     100 * ratio(calls, s.executed),
                     places);
  out += fmt::format("{:<12} {:>12} {:>7} {:>9}\n", "", "calls", "%", "places");
  for (const auto& f : fallbacks)
    out += fmt::format("{:<12} {:>12} {:>7.2f} {:>9}\n",
                       f.def != nullptr ? f.def->mnemonic : "(none)",
                       f.calls,
                       100 * ratio(f.calls, calls),
                       f.places);
  return out;
}

} // namespace siena::machine
