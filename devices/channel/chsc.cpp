// SPDX-License-Identifier: BSD-3-Clause
#include "devices/channel/chsc.h"

#include "base/big_endian.h"
#include "devices/channel/device_number.h"

#include <algorithm>

namespace siena::devices::channel {
namespace {

namespace request_code {
constexpr u16 kStoreChannelPathDescription = 0x0002;
constexpr u16 kStoreEventInformation = 0x000E;
constexpr u16 kStoreCharacteristics = 0x0010;
constexpr u16 kSetDomainAttributes = 0x0031;
} // namespace request_code

namespace response_code {
constexpr u16 kOk = 0x0001;
constexpr u16 kInvalidRequest = 0x0003;
constexpr u16 kUnknownCommand = 0x0004;
constexpr u16 kNoEvent = 0x0005;
constexpr u16 kInvalidFormat = 0x0007;
constexpr u16 kNoSuchImage = 0x0008;
constexpr u16 kFacilityNotProvided = 0x0101;
} // namespace response_code

constexpr u32 kHeader = 8;

/// Request words by index, and the response behind them.
class Block {
 public:
  Block(std::span<u8, 4096> page, u16 length) : page_(page), length_(length) {
    std::fill(page_.begin() + length, page_.end(), u8{0});
  }

  u16 length() const { return length_; }
  /// Parameter word `n`: the four bytes at 4 + 4n of the request.
  u32 parameter(unsigned n) const { return load_big<u32>(page_.data() + 4 + 4 * n); }

  void respond(u16 code, u32 data_length = 0) {
    store_big(page_.data() + length_, static_cast<u16>(kHeader + data_length));
    store_big(page_.data() + length_ + 2, code);
  }
  /// The response word at `offset` from the response's start.
  void put(u32 offset, u32 word) { store_big(page_.data() + length_ + offset, word); }

 private:
  std::span<u8, 4096> page_;
  u16 length_;
};

bool names_our_image(u8 cssid, bool multiple) { return cssid == 0 || (multiple && cssid == kDefaultImage); }

void store_characteristics(Block& block) {
  const u32 first = block.parameter(0);
  if (block.length() != 0x0010) return block.respond(response_code::kInvalidRequest);
  if ((first & 0x000F'0000) != 0) return block.respond(response_code::kInvalidFormat);
  if (!names_our_image(static_cast<u8>(first >> 8), (first & 0x2000'0000) != 0))
    return block.respond(response_code::kNoSuchImage);
  if ((first & 0xDFF0'00FF) != 0 || block.parameter(1) != 0 || block.parameter(2) != 0)
    return block.respond(response_code::kInvalidRequest);
  // General characteristics are 510 words from offset 8, CHSC characteristics the 508 words behind them. What the bits stand
  // for here: multiple subchannel sets and images, format-1 measurement blocks, the commands of this file.
  constexpr u32 kGeneral = kHeader, kCommands = kHeader + 510 * 4;
  block.respond(response_code::kOk, 4080 - kHeader);
  block.put(kGeneral + 0, 0x0300'0000);
  block.put(kGeneral + 4, 0x0007'9000);
  block.put(kGeneral + 12, 0x0008'0000);
  block.put(kCommands + 0, 0x4000'0000);
  block.put(kCommands + 12, 0x0004'0000);
}

void set_domain_attributes(ChscTarget& target, Block& block) {
  const u32 first = block.parameter(0);
  if (block.length() != 0x0400 || (first & 0xF0FF'0000) != 0) return block.respond(response_code::kInvalidRequest);
  if ((first & 0x0F00'0000) != 0) return block.respond(response_code::kInvalidFormat);
  switch (first & 0xFFFF) {
  case 0x0000: target.enable_multiple_channel_subsystems(); break;
  case 0x0002: target.enable_multiple_subchannel_sets(); break;
  default: return block.respond(response_code::kFacilityNotProvided);
  }
  block.respond(response_code::kOk);
}

void store_channel_path_description(const ChscTarget& target, Block& block) {
  const u32 first = block.parameter(0), second = block.parameter(1);
  u32 format = (first & 0x0000'0F00) >> 8;
  if (format <= 1) format = (first & 0x1000'0000) != 0 ? 1 : 0;
  const auto refuse = [&](u16 code) {
    block.respond(code);
    block.put(4, format);
  };
  if (block.length() != 0x0010 || (first & 0xC000'F000) != 0 || (second & 0xFFFF'FF00) != 0 || block.parameter(2) != 0)
    return refuse(response_code::kInvalidRequest);
  if ((first & 0x0F00'0000) != 0) return refuse(response_code::kInvalidFormat);
  if (!names_our_image(static_cast<u8>(first >> 16), (first & 0x2000'0000) != 0))
    return refuse(response_code::kNoSuchImage);
  const unsigned from = first & 0xFF, to = second & 0xFF;
  if (to < from) return refuse(response_code::kInvalidRequest);

  const u32 size = format == 0 ? 8 : format == 1 ? 32 : 0;
  constexpr u32 kRoom = 4096 - 0x0010 - kHeader;
  u32 used = 0;
  for (unsigned path = from; path <= to && size != 0 && used + size <= kRoom; ++path) {
    if (!target.channel_path_in_use(static_cast<u8>(path))) continue;
    block.put(kHeader + used, 0x8000'0000 | u32{kVirtualPathType} << 8 | path);
    used += size;
  }
  block.respond(response_code::kOk, used);
  block.put(4, format);
}

} // namespace

bool channel_subsystem_call(ChscTarget& target, std::span<u8, 4096> page) {
  const u16 length = load_big<u16>(page.data());
  const u16 code = load_big<u16>(page.data() + 2);
  if (length < 16 || length > 4088 || length % 8 != 0) return false;
  Block block(page, length);
  switch (code) {
  case request_code::kStoreChannelPathDescription: store_channel_path_description(target, block); break;
  case request_code::kStoreEventInformation: block.respond(response_code::kNoEvent); break;
  case request_code::kStoreCharacteristics: store_characteristics(block); break;
  case request_code::kSetDomainAttributes: set_domain_attributes(target, block); break;
  default: block.respond(response_code::kUnknownCommand); break;
  }
  return true;
}

} // namespace siena::devices::channel
