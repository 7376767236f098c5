// SPDX-License-Identifier: BSD-3-Clause
// Where JSON values begin and end in a stream of bytes from a peer that may send anything. Strings may stand in single quotes, as
// QEMU's monitor takes them; they come out in double ones. Whether a value is well-formed inside is for the parser to see.
#pragma once

#include "base/types.h"

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace siena::frontends::monitor {

class JsonStream {
 public:
  static constexpr std::size_t kLongest = 1 << 20; ///< bytes of a value
  static constexpr unsigned kDeepest = 1024;       ///< arrays and objects in each other, as QEMU has it

  /// A value's text, or what is wrong (`text` is empty then). After a wrong value the rest of its line is skipped.
  struct Item {
    std::string text = {};
    std::string_view problem = {};
  };

  void feed(std::span<const u8> bytes);
  /// The first of what is complete, or nothing.
  std::optional<Item> next();
  std::size_t waiting() const { return items_.size(); }

 private:
  enum class State : u8 { Outside, Structure, Word, String, Escape, Skip };
  void byte(u8 b);
  void outside(u8 b);
  void inside(u8 b);
  void append(u8 b);
  void string_byte(u8 b);
  void escaped_byte(u8 b);
  void finish();
  void fail(std::string_view problem, State then);

  State state_ = State::Outside;
  std::string text_;
  unsigned depth_ = 0;
  u8 quote_ = 0; ///< of the string that we are in
  std::deque<Item> items_;
};

} // namespace siena::frontends::monitor
