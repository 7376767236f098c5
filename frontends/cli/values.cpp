// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/values.h"

#include "frontends/cli/nearest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace siena::frontends::cli {

namespace {
template <typename T>
std::optional<T> parse_whole(std::string_view text, int base) {
  T value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The digits in `text` from `at` on, exactly `count`, as a number.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return std::nullopt;
  const auto part = text.substr(at, count);
  if (!std::all_of(part.begin(), part.end(), [](unsigned char c) { return std::isdigit(c) != 0; })) return std::nullopt;
  return parse_whole<int>(part, 10);
}

bool is_hexadecimal(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

bool is_leap(s64 year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

s64 days_before_year(s64 year) {
  const s64 y = year - 1;
  return y * 365 + y / 4 - y / 100 + y / 400;
}
} // namespace

ConfigurationError usage_error(std::string_view option, std::string_view what) {
  return {.message = fmt::format("{}: {}", option, what), .exit_code = 2};
}

std::optional<u64> parse_number(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) return parse_whole<u64>(text.substr(2), 16);
  return parse_whole<u64>(text, 10);
}

std::optional<u64> parse_size(std::string_view text, u64 unit) {
  if (text.starts_with("0x") || text.starts_with("0X")) return parse_number(text);
  if (text.empty()) return std::nullopt;
  static constexpr std::string_view kSuffixes = "bkmgtpe";
  const char last = static_cast<char>(std::tolower(static_cast<unsigned char>(text.back())));
  if (const auto suffix = kSuffixes.find(last); suffix != std::string_view::npos) {
    unit = u64{1} << (10 * suffix);
    text.remove_suffix(1);
  }
  const auto point = text.find('.');
  const auto whole = parse_whole<u64>(text.substr(0, point), 10);
  u64 bytes = 0;
  if (!whole || __builtin_mul_overflow(*whole, unit, &bytes)) return std::nullopt;
  if (point == std::string_view::npos) return bytes;
  const auto fraction_text = text.substr(point + 1);
  const auto fraction = parse_whole<u64>(fraction_text, 10);
  if (!fraction || fraction_text.size() > 15) return std::nullopt;
  u128 scale = 1;
  for (std::size_t i = 0; i < fraction_text.size(); i++) scale *= 10;
  const u64 part = static_cast<u64>(static_cast<u128>(*fraction) * unit / scale);
  if (__builtin_add_overflow(bytes, part, &bytes)) return std::nullopt;
  return bytes;
}

std::optional<s64> parse_date(std::string_view text) {
  if (text.ends_with('Z')) text.remove_suffix(1);
  const bool with_time = text.size() == 19 && text[10] == 'T' && text[13] == ':' && text[16] == ':';
  if (!(with_time || text.size() == 10) || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const auto hour = with_time ? digits(text, 11, 2) : 0;
  const auto minute = with_time ? digits(text, 14, 2) : 0;
  const auto second = with_time ? digits(text, 17, 2) : 0;
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (*year < 1900 || *month < 1 || *month > 12 || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  const auto days_in = [&](int m) { return kDays[m - 1] + (m == 2 && is_leap(*year) ? 1 : 0); };
  if (*day < 1 || *day > days_in(*month)) return std::nullopt;
  s64 days = days_before_year(*year) - days_before_year(1970) + *day - 1;
  for (int m = 1; m < *month; m++) days += days_in(m);
  return ((days * 24 + *hour) * 60 + *minute) * 60 + *second;
}

bool is_uuid(std::string_view text) {
  static constexpr std::size_t kGroups[] = {8, 4, 4, 4, 12};
  for (const std::size_t size : kGroups) {
    if (text.size() < size || !is_hexadecimal(text.substr(0, size))) return false;
    text.remove_prefix(size);
    if (size != 12) {
      if (!text.starts_with('-')) return false;
      text.remove_prefix(1);
    }
  }
  return text.empty();
}

bool is_device_number(std::string_view text) {
  if (!text.starts_with("fe.") && !text.starts_with("FE.")) return false;
  text.remove_prefix(3);
  if (text.size() < 3 || text[0] < '0' || text[0] > '3' || text[1] != '.') return false;
  return text.size() <= 6 && is_hexadecimal(text.substr(2));
}

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < text.size(); i++) {
    if (text[i] != ',')
      parts.back() += text[i];
    else if (i + 1 < text.size() && text[i + 1] == ',')
      parts.back() += text[++i];
    else
      parts.emplace_back();
  }
  return parts;
}

Result<machine::Properties>
parse_properties(std::string_view option, std::string_view text, std::string_view implied_key) {
  machine::Properties properties;
  bool first = true;
  for (const std::string& part : split_at_commas(text)) {
    const auto equals = part.find('=');
    if (equals == 0 || (part.empty() && !first))
      return usage_error(option, fmt::format("'{}': a key is missing", text));
    if (equals != std::string::npos)
      properties.emplace_back(part.substr(0, equals), part.substr(equals + 1));
    else if (first && !implied_key.empty())
      properties.emplace_back(implied_key, part);
    else
      properties.emplace_back(part, "on");
    first = false;
  }
  return properties;
}

Problem check_keys(std::string_view option,
                   const machine::Properties& properties,
                   std::initializer_list<std::string_view> known) {
  for (const auto& [key, value] : properties)
    if (std::find(known.begin(), known.end(), key) == known.end())
      return usage_error(option,
                         fmt::format("unknown property '{}'{}", key, did_you_mean(key, {known.begin(), known.end()})));
  return std::nullopt;
}

std::optional<std::string> take(machine::Properties& properties, std::string_view key) {
  const std::string* found = machine::find_property(properties, key);
  if (found == nullptr) return std::nullopt;
  std::string value = *found;
  std::erase_if(properties, [key](const auto& property) { return property.first == key; });
  return value;
}

Problem
read_switch(std::string_view option, const machine::Properties& properties, std::string_view key, bool& target) {
  const std::string* value = machine::find_property(properties, key);
  if (value == nullptr) return std::nullopt;
  const auto on = parse_switch(*value);
  if (!on) return usage_error(option, fmt::format("{}={}: neither on nor off", key, *value));
  target = *on;
  return std::nullopt;
}

} // namespace siena::frontends::cli
