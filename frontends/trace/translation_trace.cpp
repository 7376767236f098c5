// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/trace/translation_trace.h"

#include "cpu/isa/disassembler.h"
#include "frontends/trace/host_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace siena::frontends::trace {

namespace {
// What is no instruction of the machine has no row in the block; the disassembler may know all.
constexpr u64 kAllFacilities[4] = {~u64{0}, ~u64{0}, ~u64{0}, ~u64{0}};
} // namespace

TranslationTrace::TranslationTrace(std::function<void(std::string_view)> line)
    : line_(std::move(line)), decoder_(kAllFacilities) {}

void TranslationTrace::translated(const Translation& t) {
  const auto lines = [&](std::string_view text) {
    while (!text.empty()) {
      const auto length = std::min(text.find('\n'), text.size());
      line_(fmt::format("  {}", text.substr(0, length)));
      text.remove_prefix(std::min(length + 1, text.size()));
    }
  };
  const u64 begin = t.frame.value + t.block.begin();
  line_(fmt::format(
      "block at absolute {:x}: {} instructions, {} cycles", begin, t.block.instructions.size(), t.block.cycles()));
  for (const auto& i : t.block.instructions) {
    const u64 at = t.frame.value + i.offset;
    line_(
        fmt::format("  {:x}  {}",
                    at,
                    i.def != nullptr ? cpu::isa::disassemble(i.text, decoder_, at) : std::string("(no instruction)")));
  }
  line_("lowered:");
  lines(cpu::jit::ir::print(t.lowered));
  line_("after the passes:");
  lines(cpu::jit::ir::print(t.block));
  const auto host = [&](const cpu::jit::backend::CodeRange& code, std::string_view what) {
    const auto at = reinterpret_cast<u64>(code.at);
    line_(fmt::format("{}: {} bytes at {:x}", what, code.bytes.size(), at));
    for (const auto& text : host_text(code.bytes, at)) line_(fmt::format("  {}", text));
  };
  host(t.straight, "host code");
  host(t.cold, "seldom executed");
}

} // namespace siena::frontends::trace
