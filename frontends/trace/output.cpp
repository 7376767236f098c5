// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/trace/output.h"

#include "base/big_endian.h"

#include <fmt/format.h>

#include <array>
#include <bit>
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

void Output::make_room(std::size_t size) {
  flush();
  if (buffer_.size() < size) buffer_.resize(size);
}

std::size_t longest_line(const TraceEvent& event) {
  constexpr std::size_t kAround = 256, kNumber = 48;
  std::size_t size = kAround + 2 * event.name.size();
  // Each byte of a text may become \u00XX.
  for (const TraceField& field : event.fields) size += field.name.size() + kNumber + 6 * field.words.size();
  return size;
}

namespace {
/// The eight digits of a word, the first one in the leftmost byte: all of them at once.
u64 eight_digits(u32 value) {
  u64 nibbles = value;
  nibbles = (nibbles | nibbles << 16) & 0x0000'FFFF'0000'FFFF;
  nibbles = (nibbles | nibbles << 8) & 0x00FF'00FF'00FF'00FF;
  nibbles = (nibbles | nibbles << 4) & 0x0F0F'0F0F'0F0F'0F0F;
  const u64 letters = (nibbles + 0x0606'0606'0606'0606) >> 4 & 0x0101'0101'0101'0101;
  return nibbles + 0x3030'3030'3030'3030 + letters * ('a' - '0' - 10);
}

constexpr auto kPairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t n = 0; n < 100; ++n) {
    pairs[2 * n] = static_cast<char>('0' + n / 10);
    pairs[2 * n + 1] = static_cast<char>('0' + n % 10);
  }
  return pairs;
}();
} // namespace

// Numbers are written where they stay: what is stored in small pieces and then loaded as a whole makes a processor wait.
char* Line::put_decimal(char* at, u64 value, unsigned width, char fill) {
  unsigned digits = 1;
  for (u64 limit = 10; digits < 20 && value >= limit; limit *= 10) ++digits;
  for (; digits < width; --width) *at++ = fill;
  char* const end = at + digits;
  char* to = end;
  for (; value >= 100; value /= 100) std::memcpy(to -= 2, &kPairs[2 * (value % 100)], 2);
  if (value >= 10)
    std::memcpy(to - 2, &kPairs[2 * value], 2);
  else
    to[-1] = static_cast<char>('0' + value);
  return end;
}

// Up to seven bytes behind the digits are overwritten, which longest_line has room for.
char* Line::put_hex(char* at, u64 value, unsigned digits) {
  if (digits == 0) digits = value == 0 ? 1 : (static_cast<unsigned>(std::bit_width(value)) + 3) / 4;
  if (digits > 8) {
    store_big(reinterpret_cast<u8*>(at), eight_digits(static_cast<u32>(value >> 32)) << 8 * (16 - digits));
    at += digits - 8;
    digits = 8;
  }
  store_big(reinterpret_cast<u8*>(at), eight_digits(static_cast<u32>(value)) << 8 * (8 - digits));
  return at + digits;
}

char* Line::put_escaped(char* at, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte > 0x7E) {
      std::memcpy(at, "\\u00", 4);
      at = put_hex(at + 4, byte, 2);
      continue;
    }
    if (c == '"' || c == '\\') *at++ = '\\';
    *at++ = c;
  }
  return at;
}

} // namespace siena::frontends::trace
