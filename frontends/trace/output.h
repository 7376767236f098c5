// SPDX-License-Identifier: BSD-3-Clause
// Text on its way into a file, gathered so that an event costs no system call. Numbers are written here digit by digit: a trace of every
// entry into SIE writes some twenty of them each time.
#pragma once

#include "base/result.h"
#include "base/types.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace siena::frontends::trace {

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

  void text(std::string_view text) {
    if (text.size() > buffer_.size() - used_) [[unlikely]]
      return long_text(text);
    text.copy(buffer_.data() + used_, text.size());
    used_ += text.size();
  }
  /// At least one digit, and `width` of them with leading zeros.
  void decimal(u64 value, unsigned width = 1);
  /// Exactly `digits` lower-case digits, 1 to 16.
  void hex(u64 value, unsigned digits);
  void blanks(std::size_t count);
  /// The inside of a JSON string: ASCII, with what is not printable as \u00XX, byte by byte.
  void escaped(std::string_view text);

  void flush();
  /// Something could not be written, and no more has been since.
  bool failed() const { return failed_; }

 private:
  void long_text(std::string_view text);

  Drain drain_;
  std::vector<char> buffer_;
  std::size_t used_ = 0;
  bool failed_ = false;
};

/// Microseconds and nanoseconds of TOD units (2^-12 microseconds), as "12.345".
void write_time(Output& out, u64 units);

} // namespace siena::frontends::trace
