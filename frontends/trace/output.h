// SPDX-License-Identifier: BSD-3-Clause
// Text on its way into a file, gathered so that an event costs no system call, and a line of it in the making. A trace of every entry into
// SIE writes some twenty numbers and names each time, which is why all of this is short.
#pragma once

#include "base/result.h"
#include "base/trace.h"

#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace siena::frontends::trace {

/// A line: where its next character goes. Kept in registers while it is made; there is room for all of it (Output::line).
struct Line {
  char* at;

  void text(std::string_view text) {
    const std::size_t n = text.size();
    // Names have four to sixteen letters, which is less work than the call of a function that copies.
    if (n >= 8 && n <= 16) {
      std::memcpy(at, text.data(), 8);
      std::memcpy(at + n - 8, text.data() + n - 8, 8);
    } else if (n >= 4 && n < 8) {
      std::memcpy(at, text.data(), 4);
      std::memcpy(at + n - 4, text.data() + n - 4, 4);
    } else {
      std::memcpy(at, text.data(), n);
    }
    at += n;
  }
  void blanks(std::size_t count) {
    std::memset(at, ' ', count);
    at += count;
  }
  /// At least one digit, and `width` of them with leading zeros, or what else fills.
  void decimal(u64 value, unsigned width = 1, char fill = '0') { at = put_decimal(at, value, width, fill); }
  /// Lower-case digits with leading zeros: exactly `digits`, 1 to 16; or as many as the value has for 0.
  void hex(u64 value, unsigned digits) { at = put_hex(at, value, digits); }
  /// The inside of a JSON string: ASCII, with what is not printable as \u00XX, byte by byte.
  void escaped(std::string_view text) { at = put_escaped(at, text); }
  /// TOD units (2^-12 microseconds) as microseconds with three decimals, "12.345"; in front of the point are at least `width` characters.
  void time(u64 units, unsigned width = 1) {
    decimal(units / 4096, width, ' ');
    text(".");
    decimal(units % 4096 * 1000 / 4096, 3);
  }

 private:
  static char* put_decimal(char* at, u64 value, unsigned width, char fill);
  static char* put_hex(char* at, u64 value, unsigned digits);
  static char* put_escaped(char* at, std::string_view text);
};

class Output {
 public:
  /// Takes what has been gathered; false when it could not.
  using Drain = std::function<bool(std::string_view)>;
  explicit Output(Drain drain, std::size_t capacity = 256 * 1024) : drain_(std::move(drain)), buffer_(capacity) {}
  ~Output() { flush(); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  /// A file that is made or emptied; `option` is named when that fails.
  static Result<std::unique_ptr<Output>> to_file(std::string_view option, const std::string& path);
  static std::unique_ptr<Output> to_stderr();

  /// A line of at most `longest` characters; `add` takes it.
  Line line(std::size_t longest) {
    if (buffer_.size() - used_ < longest) [[unlikely]]
      make_room(longest);
    return {buffer_.data() + used_};
  }
  void add(const Line& line) { used_ = static_cast<std::size_t>(line.at - buffer_.data()); }
  void text(std::string_view text) {
    Line l = line(text.size());
    l.text(text);
    add(l);
  }

  void flush();
  /// Something could not be written, and no more has been since.
  bool failed() const { return failed_; }

 private:
  void make_room(std::size_t size);

  Drain drain_;
  std::vector<char> buffer_;
  std::size_t used_ = 0;
  bool failed_ = false;
};

/// How long an event's fields can become in either format, and what stands around them.
std::size_t longest_line(const TraceEvent& event);

} // namespace siena::frontends::trace
