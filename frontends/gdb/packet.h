// SPDX-License-Identifier: BSD-3-Clause
// The framing of GDB's remote serial protocol: `$payload#checksum`, acknowledgements, and the interrupt byte between packets
// (GDB manual, *Remote Protocol*, Overview). Bytes come from a peer that may send anything.
#pragma once

#include "base/types.h"

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace siena::frontends::gdb {

/// The longest payload that is taken, as qSupported tells the peer.
constexpr std::size_t kPacketSize = 0x4000;

/// Something that came in.
struct Incoming {
  enum class Kind : u8 {
    Packet,    ///< `payload` is complete, its checksum right
    BadPacket, ///< the checksum is wrong, or is no number
    TooLong,   ///< a packet that was longer than kPacketSize, thrown away
    Resend,    ///< the peer did not get the last packet in good order
    Interrupt, ///< the byte 3
  };
  Kind kind;
  std::string payload = {};
};

/// Finds packets in a stream of bytes. What is outside packets and means nothing is skipped.
class PacketReader {
 public:
  void feed(std::span<const u8> bytes);
  /// The first of what has come in, or nothing.
  std::optional<Incoming> next();
  /// Things that wait to be taken by `next`.
  std::size_t waiting() const { return incoming_.size(); }

 private:
  enum class State : u8 { Outside, Payload, Escaped, FirstDigit, SecondDigit };
  void byte(u8 b);
  void finish(u8 second_digit);
  void append(u8 b);

  State state_ = State::Outside;
  std::string payload_;
  u8 sum_ = 0;
  u8 first_digit_ = 0;
  bool too_long_ = false;
  std::deque<Incoming> incoming_;
};

/// `payload` in a frame, with what needs it escaped.
std::string framed(std::string_view payload);

/// The value of a hexadecimal digit; nothing for another character.
std::optional<u8> hex_digit(char c);
/// Takes the hexadecimal number at the beginning of `text` off it; nothing when there is none or it has more than 64 bits.
std::optional<u64> take_number(std::string_view& text);
/// A text of two digits a byte; nothing when it is not such a text.
std::optional<std::vector<u8>> bytes_of_hex(std::string_view text);
std::string hex_of_bytes(std::span<const u8> bytes);

} // namespace siena::frontends::gdb
