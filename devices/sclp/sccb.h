// SPDX-License-Identifier: BSD-3-Clause
// The service-call control block: the SCLP works on a copy of it, so that what has been checked cannot change, and no
// offset or length from the guest indexes anything but that copy.
//   0 length  2 function code  3 control mask (3 bytes)  6 response code  8 data
#pragma once

#include "base/big_endian.h"
#include "base/types.h"

#include <algorithm>
#include <array>
#include <span>

namespace siena::devices::sclp {

enum class Response : u16 {
  NormalRead = 0x0010,
  Normal = 0x0020,
  BoundaryViolation = 0x0100,
  InvalidCommand = 0x01F0,
  InsufficientLength = 0x0300,
  InvalidFunction = 0x40F0,
  NoEventBuffersStored = 0x60F0,
  InvalidSelectionMask = 0x70F0,
  InconsistentLengths = 0x72F0,
  EventBufferSyntaxError = 0x73F0,
  InvalidMaskLength = 0x74F0,
};

class Sccb {
 public:
  static constexpr std::size_t kHeaderSize = 8;
  /// No reply is longer; the rest of a longer (extended-length) SCCB is left alone.
  static constexpr std::size_t kWorkingSize = 8192;

  /// `length` is what the guest's header says, at least kHeaderSize.
  explicit Sccb(u16 length) : length_(length) {}

  /// The guest's length, whatever the reply made of the field.
  std::size_t length() const { return length_; }
  std::span<u8> bytes() { return std::span(copy_).first(std::min(length_, kWorkingSize)); }
  std::span<const u8> bytes() const { return std::span(copy_).first(std::min(length_, kWorkingSize)); }
  std::span<u8> data() { return bytes().subspan(kHeaderSize); }

  u8 function_code() const { return copy_[2]; }
  bool variable_length_response() const { return (copy_[5] & 0x80) != 0; }
  /// Ends a variable-length response: shows its length and takes the request bit away.
  void set_reply_length(std::size_t length) {
    store_big(copy_.data(), static_cast<u16>(length));
    copy_[5] &= 0x7F;
  }
  void set_response(Response response) { store_big(&copy_[6], static_cast<u16>(response)); }

 private:
  std::size_t length_;
  std::array<u8, kWorkingSize> copy_{};
};

} // namespace siena::devices::sclp
