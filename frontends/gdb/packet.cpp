// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/gdb/packet.h"

namespace siena::frontends::gdb {

namespace {
constexpr u8 kInterrupt = 3;
constexpr u8 kEscape = '}', kEscapeMask = 0x20;
constexpr char kDigits[] = "0123456789abcdef";
} // namespace

void PacketReader::feed(std::span<const u8> bytes) {
  for (const u8 b : bytes) byte(b);
}

std::optional<Incoming> PacketReader::next() {
  if (incoming_.empty()) return std::nullopt;
  Incoming first = std::move(incoming_.front());
  incoming_.pop_front();
  return first;
}

void PacketReader::byte(u8 b) {
  switch (state_) {
  case State::Outside:
    if (b == kInterrupt) incoming_.push_back({Incoming::Kind::Interrupt});
    if (b == '-') incoming_.push_back({Incoming::Kind::Resend});
    if (b != '$') return;
    break;
  case State::Payload:
  case State::Escaped:
    if (b == '$') break; // the sender has begun anew
    if (b == '#') {
      state_ = State::FirstDigit;
      return;
    }
    sum_ = static_cast<u8>(sum_ + b);
    if (state_ == State::Payload && b == kEscape) {
      state_ = State::Escaped;
      return;
    }
    append(state_ == State::Escaped ? b ^ kEscapeMask : b);
    state_ = State::Payload;
    return;
  case State::FirstDigit:
    first_digit_ = b;
    state_ = State::SecondDigit;
    return;
  case State::SecondDigit: finish(b); return;
  }
  state_ = State::Payload;
  payload_.clear();
  sum_ = 0;
  too_long_ = false;
}

void PacketReader::append(u8 b) {
  if (payload_.size() < kPacketSize)
    payload_ += static_cast<char>(b);
  else
    too_long_ = true;
}

void PacketReader::finish(u8 second_digit) {
  state_ = State::Outside;
  const auto high = hex_digit(static_cast<char>(first_digit_)), low = hex_digit(static_cast<char>(second_digit));
  const bool right = high && low && (*high << 4 | *low) == sum_;
  if (!right)
    incoming_.push_back({Incoming::Kind::BadPacket});
  else if (too_long_)
    incoming_.push_back({Incoming::Kind::TooLong});
  else
    incoming_.push_back({Incoming::Kind::Packet, payload_});
  payload_.clear();
}

std::string framed(std::string_view payload) {
  std::string out = "$";
  u8 sum = 0;
  const auto put = [&](char c) {
    out += c;
    sum = static_cast<u8>(sum + static_cast<u8>(c));
  };
  for (const char c : payload) {
    if (c == '$' || c == '#' || c == '}' || c == '*') {
      put(static_cast<char>(kEscape));
      put(static_cast<char>(c ^ kEscapeMask));
    } else {
      put(c);
    }
  }
  out += '#';
  out += kDigits[sum >> 4];
  out += kDigits[sum & 15];
  return out;
}

std::optional<u8> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<u8>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<u8>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<u8>(c - 'A' + 10);
  return std::nullopt;
}

std::optional<u64> take_number(std::string_view& text) {
  u64 value = 0;
  std::size_t digits = 0;
  for (; digits < text.size(); ++digits) {
    const auto digit = hex_digit(text[digits]);
    if (!digit) break;
    if (value >> 60 != 0) return std::nullopt;
    value = value << 4 | *digit;
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

std::optional<std::vector<u8>> bytes_of_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::vector<u8> bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto high = hex_digit(text[i]), low = hex_digit(text[i + 1]);
    if (!high || !low) return std::nullopt;
    bytes.push_back(static_cast<u8>(*high << 4 | *low));
  }
  return bytes;
}

std::string hex_of_bytes(std::span<const u8> bytes) {
  std::string text;
  for (const u8 b : bytes) {
    text += kDigits[b >> 4];
    text += kDigits[b & 15];
  }
  return text;
}

} // namespace siena::frontends::gdb
