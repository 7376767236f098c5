// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/gdb/event_catch.h"

#include "frontends/trace/event_names.h"
#include "frontends/trace/text_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>

namespace siena::frontends::gdb {

namespace {

std::optional<u64> number(std::string_view text) {
  const bool hexadecimal = text.starts_with("0x");
  if (hexadecimal) text.remove_prefix(2);
  u64 value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hexadecimal ? 16 : 10);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool has_value(const TraceField& field, std::string_view value) {
  switch (field.form) {
  case TraceField::Form::Decimal:
  case TraceField::Form::Hex: return number(value) == field.value;
  case TraceField::Form::Psw: return number(value) == field.address;
  case TraceField::Form::Text: return value == field.words;
  }
  return false;
}

std::string_view take_word(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

} // namespace

bool EventPattern::matches(const TraceEvent& event) const {
  if (event.category != category || (!name.empty() && name != event.name)) return false;
  return std::all_of(fields.begin(), fields.end(), [&](const auto& wanted) {
    return std::any_of(event.fields.begin(), event.fields.end(), [&](const TraceField& f) {
      return f.name == wanted.first && has_value(f, wanted.second);
    });
  });
}

Result<EventPattern, std::string> parse_event_pattern(std::string_view text) {
  EventPattern pattern;
  pattern.text = text;
  const std::string_view category = take_word(text);
  std::string known;
  bool found = false;
  for (unsigned n = 0; n < kTraceCategories; ++n) {
    const auto c = static_cast<TraceCategory>(n);
    // Instructions are what breakpoints are for.
    if (c == TraceCategory::Instruction || c == TraceCategory::Cpu) continue;
    known += fmt::format(" {}", trace::category_name(c));
    if (trace::category_name(c) != category) continue;
    pattern.category = c;
    found = true;
  }
  if (!found) return fmt::format("'{}' is none of{}", category, known);
  for (std::string_view word = take_word(text); !word.empty(); word = take_word(text)) {
    const auto equals = word.find('=');
    if (equals != std::string_view::npos)
      pattern.fields.emplace_back(word.substr(0, equals), word.substr(equals + 1));
    else if (pattern.name.empty())
      pattern.name = word;
    else
      return fmt::format("'{}' is not FIELD=VALUE", word);
  }
  return pattern;
}

std::string in_words(const TraceEvent& event) {
  std::string text;
  {
    auto output = std::make_unique<trace::Output>(
        [&](std::string_view line) {
          text += line;
          return true;
        },
        trace::longest_line(event));
    trace::TextWriter{std::move(output), false}.write(event);
  }
  text.erase(0, text.find_first_not_of(' '));
  return text;
}

} // namespace siena::frontends::gdb
