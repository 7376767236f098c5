// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/trace/output.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace siena::frontends::trace {

Result<std::unique_ptr<Output>> Output::to_file(std::string_view option, const std::string& path) {
  std::FILE* const file = std::fopen(path.c_str(), "we");
  if (file == nullptr)
    return ConfigurationError{.message =
                                  fmt::format("{}: '{}': {}", option, path, std::generic_category().message(errno))};
  std::setvbuf(file, nullptr, _IONBF, 0); // it is gathered here
  const std::shared_ptr<std::FILE> owner(file, [](std::FILE* f) { std::fclose(f); });
  return std::make_unique<Output>(
      [owner](std::string_view text) { return std::fwrite(text.data(), 1, text.size(), owner.get()) == text.size(); });
}

std::unique_ptr<Output> Output::to_stderr() {
  return std::make_unique<Output>(
      [](std::string_view text) { return std::fwrite(text.data(), 1, text.size(), stderr) == text.size(); });
}

void Output::flush() {
  if (used_ != 0 && !failed_) failed_ = !drain_({buffer_.data(), used_});
  used_ = 0;
}

void Output::long_text(std::string_view text) {
  flush();
  if (text.size() <= buffer_.size()) return this->text(text);
  if (!failed_) failed_ = !drain_(text);
}

void Output::decimal(u64 value, unsigned width) {
  char digits[20];
  unsigned at = sizeof digits;
  do {
    digits[--at] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  while (sizeof digits - at < std::min<std::size_t>(width, sizeof digits)) digits[--at] = '0';
  text({digits + at, sizeof digits - at});
}

void Output::hex(u64 value, unsigned digits) {
  static constexpr char kDigits[] = "0123456789abcdef";
  char shown[16];
  for (unsigned at = digits; at-- != 0; value >>= 4) shown[at] = kDigits[value & 0xF];
  text({shown, digits});
}

void Output::blanks(std::size_t count) {
  static constexpr std::string_view kBlanks = "                    ";
  text(kBlanks.substr(0, count));
}

void Output::escaped(std::string_view words) {
  for (const char c : words) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte > 0x7E) {
      text("\\u00");
      hex(byte, 2);
      continue;
    }
    if (c == '"' || c == '\\') text("\\");
    text({&c, 1});
  }
}

void write_time(Output& out, u64 units) {
  out.decimal(units / 4096);
  out.text(".");
  out.decimal(units % 4096 * 1000 / 4096, 3);
}

} // namespace siena::frontends::trace
