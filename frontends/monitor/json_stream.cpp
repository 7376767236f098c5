// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/monitor/json_stream.h"

namespace siena::frontends::monitor {

namespace {
constexpr bool is_blank(u8 b) { return b == ' ' || b == '\t' || b == '\r' || b == '\n'; }
constexpr bool ends_word(u8 b) {
  return is_blank(b) || b == '{' || b == '}' || b == '[' || b == ']' || b == ',' || b == ':' || b == '"' || b == '\'';
}
} // namespace

void JsonStream::feed(std::span<const u8> bytes) {
  for (const u8 b : bytes) byte(b);
}

std::optional<JsonStream::Item> JsonStream::next() {
  if (items_.empty()) return std::nullopt;
  Item item = std::move(items_.front());
  items_.pop_front();
  return item;
}

void JsonStream::byte(u8 b) {
  // No UTF-8 text has it: clients send it to be sure that what they sent before is over.
  if (b == 0xFF) return fail("JSON parse error, stray byte 0xff", State::Outside);
  switch (state_) {
  case State::Skip:
    if (b == '\n') state_ = State::Outside;
    return;
  case State::Outside: return outside(b);
  case State::Word:
    if (!ends_word(b)) return append(b);
    finish();
    return outside(b);
  case State::Structure: return inside(b);
  case State::String: return string_byte(b);
  case State::Escape: return escaped_byte(b);
  }
}

void JsonStream::outside(u8 b) {
  if (is_blank(b)) return;
  if (b == '}' || b == ']' || b == ',' || b == ':') return fail("JSON parse error, expecting value", State::Skip);
  state_ = b == '{' || b == '[' || b == '"' || b == '\'' ? State::Structure : State::Word;
  if (state_ == State::Word) return append(b);
  inside(b);
}

void JsonStream::inside(u8 b) {
  if (b == '"' || b == '\'') {
    quote_ = b;
    state_ = State::String;
    return append('"');
  }
  if (b == '{' || b == '[') {
    if (++depth_ > kDeepest) return fail("JSON nesting depth limit exceeded", State::Skip);
  } else if (b == '}' || b == ']') {
    --depth_;
  }
  append(b);
  if (depth_ == 0 && state_ == State::Structure) finish();
}

void JsonStream::string_byte(u8 b) {
  if (b == quote_) {
    state_ = State::Structure;
    append('"');
    if (depth_ == 0 && state_ == State::Structure) finish();
    return;
  }
  if (b == '\n') return fail("JSON parse error, a string does not end", State::Outside);
  if (b == '\\') {
    state_ = State::Escape;
    return;
  }
  if (b == '"') append('\\'); // in single quotes
  append(b);
}

void JsonStream::escaped_byte(u8 b) {
  state_ = State::String;
  if (b == '\n') return fail("JSON parse error, a string does not end", State::Outside);
  if (b != '\'') append('\\');
  if (state_ == State::String) append(b);
}

void JsonStream::append(u8 b) {
  if (text_.size() >= kLongest) return fail("JSON token size limit exceeded", State::Skip);
  text_ += static_cast<char>(b);
}

void JsonStream::finish() {
  items_.push_back({.text = std::move(text_)});
  text_.clear();
  depth_ = 0;
  state_ = State::Outside;
}

void JsonStream::fail(std::string_view problem, State then) {
  items_.push_back({.problem = problem});
  text_.clear();
  depth_ = 0;
  state_ = then;
}

} // namespace siena::frontends::monitor
