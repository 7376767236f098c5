// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/monitor/expression.h"

#include <charconv>

namespace siena::frontends::monitor {

namespace {
std::optional<u64> number(std::string_view text) {
  const int base = text.starts_with("0x") || text.starts_with("0X") ? 16 : 10;
  if (base == 16) text.remove_prefix(2);
  u64 value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<u64> register_value(std::string_view name, const cpu::Cpu& cpu) {
  if (name == "pc") return cpu.psw.address;
  if (name == "prefix") return cpu.prefix;
  if (name.size() < 2 || (name[0] != 'r' && name[0] != 'c') || name[1] < '0' || name[1] > '9') return std::nullopt;
  const auto n = number(name.substr(1));
  if (!n || *n > 15) return std::nullopt;
  return name[0] == 'r' ? cpu.gr[*n] : cpu.cr[*n];
}
} // namespace

std::optional<u64> evaluate(std::string_view text, const cpu::Cpu& cpu) {
  u64 sum = 0;
  bool negative = false;
  while (true) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    const std::size_t end = std::min(text.size(), text.find_first_of("+- "));
    const std::string_view term = text.substr(0, end);
    const auto value = term.starts_with('$') ? register_value(term.substr(1), cpu) : number(term);
    if (!value) return std::nullopt;
    sum += negative ? -*value : *value;
    text.remove_prefix(end);
    while (text.starts_with(' ')) text.remove_prefix(1);
    if (text.empty()) return sum;
    if (text[0] != '+' && text[0] != '-') return std::nullopt;
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
}

} // namespace siena::frontends::monitor
