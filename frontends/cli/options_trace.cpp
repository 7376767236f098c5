// SPDX-License-Identifier: BSD-3-Clause
// Options about traces: what is reported, where to, and what of it (docs/traces.md).
#include "frontends/cli/draft.h"

#include "frontends/cli/nearest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace siena::frontends::cli {

namespace {
using Category = TraceCategory;

constexpr u32 one(Category category) { return 1u << static_cast<unsigned>(category); }
constexpr u32 kDevices = one(Category::Sclp) | one(Category::Ccw) | one(Category::Virtio);

struct TraceName {
  std::string_view name;
  u32 categories;            ///< none: QEMU has it, it has no meaning here
  std::string_view help;     ///< none: not shown
  bool translations = false; ///< Configuration::trace_translations
};
constexpr TraceName kTraceNames[] = {
    {"in_asm", one(Category::Instruction), "each instruction that is executed"},
    {"exec", one(Category::Instruction), "the same"},
    {"cpu", one(Category::Cpu), "the general registers before each instruction"},
    {"int", one(Category::Interruption), "each interruption"},
    {"sie", one(Category::Sie), "each entry into and exit from interpretive execution"},
    {"shadow", one(Category::Shadow), "shadow tables that are made and removed"},
    {"tlb", one(Category::Tlb), "translations that are purged and invalidated"},
    {"mmu", one(Category::Tlb), "the same"},
    {"sigp", one(Category::Sigp), "each order of SIGNAL PROCESSOR"},
    {"sclp", one(Category::Sclp), "each service call"},
    {"ccw", one(Category::Ccw), "channel programs and their commands"},
    {"virtio", one(Category::Virtio), "requests of virtqueues"},
    {"io", kDevices, "sclp, ccw and virtio"},
    {"jit", 0, "each translated block: the guest's text, what became of it, host code", true},
    {"out_asm", 0, "the same", true},
    {"op", 0, "the same", true},
    {"op_opt", 0, "the same", true},
    {"op_ind", 0, ""},
    {"fpu", 0, ""},
    {"page", 0, ""},
    {"cpu_reset", 0, ""},
    {"unimp", 0, ""},
    {"guest_errors", 0, ""},
    {"nochain", 0, ""},
    {"plugin", 0, ""},
    {"strace", 0, ""},
    {"tid", 0, ""}};

void add(std::vector<Category>& trace, u32 categories) {
  for (unsigned n = 0; n < kTraceCategories; ++n) {
    const auto category = static_cast<Category>(n);
    if ((categories & one(category)) != 0 && std::find(trace.begin(), trace.end(), category) == trace.end())
      trace.push_back(category);
  }
}

/// FIRST..LAST, START+LENGTH, or END-LENGTH: the bytes up to and with END.
std::optional<machine::TraceFilter::Range> parse_range(std::string_view text) {
  const auto at = text.find_first_of(".+-");
  if (at == std::string_view::npos) return std::nullopt;
  const bool both = text.substr(at).starts_with("..");
  if (text[at] == '.' && !both) return std::nullopt;
  const auto first = parse_number(text.substr(0, at)), second = parse_number(text.substr(at + (both ? 2 : 1)));
  if (!first || !second) return std::nullopt;
  if (both) return *first <= *second ? std::optional(machine::TraceFilter::Range{*first, *second}) : std::nullopt;
  if (*second == 0) return std::nullopt;
  const u64 rest = *second - 1;
  if (text[at] == '+')
    return *first + rest >= *first ? std::optional(machine::TraceFilter::Range{*first, *first + rest}) : std::nullopt;
  return rest <= *first ? std::optional(machine::TraceFilter::Range{*first - rest, *first}) : std::nullopt;
}
} // namespace

Problem read_trace(Draft& draft, std::string_view option, std::string_view argument) {
  if (argument == "help" || argument == "?") {
    draft.text = "Log items (comma separated):\n";
    for (const auto& item : kTraceNames)
      if (!item.help.empty()) *draft.text += fmt::format("{:15} {}\n", item.name, item.help);
    return std::nullopt;
  }
  for (const auto& name : split_at_commas(argument)) {
    const auto* item = std::find_if(
        std::begin(kTraceNames), std::end(kTraceNames), [&](const TraceName& known) { return known.name == name; });
    if (item == std::end(kTraceNames)) {
      std::array<std::string_view, std::size(kTraceNames)> names;
      std::transform(
          std::begin(kTraceNames), std::end(kTraceNames), names.begin(), [](const auto& t) { return t.name; });
      return usage_error(option, fmt::format("unknown log item '{}'{}", name, did_you_mean(name, names)));
    }
    if (item->translations) draft.configuration.trace_translations = true;
    add(draft.configuration.trace, item->categories);
  }
  return std::nullopt;
}

Problem read_trace_file(Draft& draft, std::string_view option, std::string_view argument) {
  auto parsed = parse_properties(option, argument, "enable");
  if (!parsed) return parsed.error();
  if (auto wrong = check_keys(option, parsed.value(), {"enable", "events", "file"})) return wrong;
  auto file = take(parsed.value(), "file");
  if (parsed.value().size() == 1 && parsed.value().front().first == "enable" && !file &&
      parsed.value().front().second.ends_with(".json"))
    file = take(parsed.value(), "enable");
  if (!parsed.value().empty())
    return usage_error(option,
                       fmt::format("'{}': events are chosen with -d; here only a file is named, FILE.json or file=FILE",
                                   parsed.value().front().second));
  if (!file || file->empty()) return usage_error(option, "the file is missing: FILE.json or file=FILE");
  draft.configuration.trace_json = *file;
  return std::nullopt;
}

Problem read_address_filter(Draft& draft, std::string_view option, std::string_view argument) {
  for (const auto& text : split_at_commas(argument)) {
    const auto range = parse_range(text);
    if (!range)
      return usage_error(option,
                         fmt::format("'{}' is not a range such as 0x8000..0x8fff, 0x8000+0x200 or 0x8000-0x100", text));
    draft.configuration.trace_filter.addresses.push_back(*range);
  }
  return std::nullopt;
}

Problem read_trace_filter(Draft& draft, std::string_view option, std::string_view argument) {
  auto parsed = parse_properties(option, argument, "");
  if (!parsed) return parsed.error();
  if (auto wrong = check_keys(option, parsed.value(), {"cpu", "level", "count", "after"})) return wrong;
  auto& filter = draft.configuration.trace_filter;
  for (const auto& [key, value] : parsed.value()) {
    const auto wrong = [&, &key = key, &value = value](std::string_view what) {
      return usage_error(option, fmt::format("{}={}: {}", key, value, what));
    };
    if (key == "cpu") {
      const auto dash = value.find('-');
      const auto first = parse_number(std::string_view{value}.substr(0, dash));
      const auto last = dash == std::string::npos ? first : parse_number(std::string_view{value}.substr(dash + 1));
      if (!first || !last || *last < *first) return wrong("neither a CPU address nor a range such as 0-3");
      filter.first_cpu = *first;
      filter.last_cpu = *last;
      continue;
    }
    const auto number = parse_number(value);
    if (!number) return wrong("not a number");
    if (key == "level") {
      if (*number > 1) return wrong("level 0 is guest 1's own instructions, level 1 is under SIE");
      filter.level = static_cast<u8>(*number);
    } else if (key == "count") {
      filter.count = *number;
    } else {
      filter.after = *number;
    }
  }
  return std::nullopt;
}

void choose_default_trace(machine::Configuration& configuration) {
  if (configuration.trace_json.empty() || !configuration.trace.empty()) return;
  add(configuration.trace, one(Category::Interruption) | one(Category::Sie) | one(Category::Sigp) | kDevices);
}

} // namespace siena::frontends::cli
