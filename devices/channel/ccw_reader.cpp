// SPDX-License-Identifier: BSD-3-Clause
#include "devices/channel/ccw_reader.h"

#include <algorithm>

namespace siena::devices::channel {
namespace {
constexpr u32 kFormat0Limit = 0x0100'0000;
constexpr u32 kFormat1Limit = 0x8000'0000;
} // namespace

bool CcwReader::permitted(AbsoluteAddress first, u32 length, bool store) const {
  const u8 key = controls_.key();
  if (key == 0) return true;
  for (u64 page = first.page().value; page < first.value + length; page += kPageSize) {
    const u8 storage_key = storage_.frames().key({page});
    const bool match = (storage_key & mmu::storage_key::kAccessControl) == key;
    if (!match && (store || (storage_key & mmu::storage_key::kFetchProtection) != 0)) return false;
  }
  return true;
}

std::optional<Ccw> CcwReader::fetch_one(u32 address, u8& check) const {
  u8 bytes[8];
  const u32 limit = controls_.format1() ? kFormat1Limit : kFormat0Limit;
  if (address % 8 != 0 || address >= limit || !storage_.read({address}, bytes)) {
    check = subchannel_status::kProgramCheck;
    return std::nullopt;
  }
  if (!permitted({address}, sizeof bytes, false)) {
    check = subchannel_status::kProtectionCheck;
    return std::nullopt;
  }
  if (controls_.format1()) return Ccw{bytes[0], bytes[1], load_big<u16>(bytes + 2), load_big<u32>(bytes + 4)};
  return Ccw{bytes[0], bytes[4], load_big<u16>(bytes + 6), load_big<u32>(bytes) & 0x00FF'FFFF};
}

bool CcwReader::is_transfer(const Ccw& ccw) const {
  if (controls_.format1()) return ccw.command == command::kTransferInChannel;
  return (ccw.command & 0x0F) == command::kTransferInChannel;
}

bool CcwReader::valid(const Ccw& ccw, CcwPlace place) const {
  // With data chaining the command code means nothing (a transfer in channel has been dealt with).
  if (place != CcwPlace::DataChained && ((ccw.command & 0x0F) == 0 || (ccw.command & 0x0F) == 8)) return false;
  // Modified indirect addressing is not offered (START SUBCHANNEL refuses the ORB bit), so its flag is invalid.
  if ((ccw.flags & ccw::kModifiedIndirect) != 0) return false;
  if (controls_.format1() && ccw.address >= kFormat1Limit) return false;
  if (ccw.count == 0 && (!controls_.format1() || place == CcwPlace::DataChained || (ccw.flags & ccw::kChainData) != 0))
    return false;
  if ((ccw.flags & ccw::kSuspend) != 0 && (!controls_.suspend_allowed() || place == CcwPlace::DataChained))
    return false;
  const u32 idaw_size = controls_.format2_idaws() ? 8 : 4;
  return (ccw.flags & ccw::kIndirect) == 0 || ccw.address % idaw_size == 0;
}

std::optional<Ccw> CcwReader::fetch(u32& address, CcwPlace place, u8& check) const {
  auto ccw = fetch_one(address, check);
  if (!ccw) return std::nullopt;
  if (is_transfer(*ccw)) {
    const bool reserved_zero = !controls_.format1() || (ccw->flags == 0 && ccw->count == 0);
    if (place == CcwPlace::First || !reserved_zero || ccw->address % 8 != 0 || ccw->address >= kFormat1Limit) {
      check = subchannel_status::kProgramCheck;
      return std::nullopt;
    }
    address = ccw->address;
    ccw = fetch_one(address, check);
    if (!ccw) return std::nullopt;
    if (is_transfer(*ccw)) { // two in succession
      check = subchannel_status::kProgramCheck;
      return std::nullopt;
    }
  }
  if (!valid(*ccw, place)) {
    check = subchannel_status::kProgramCheck;
    return std::nullopt;
  }
  return ccw;
}

std::optional<u64> CcwReader::fetch_idaw(u32 list, u32 index, u8& check) const {
  const u32 size = controls_.format2_idaws() ? 8 : 4;
  const AbsoluteAddress at{u64{list} + u64{index} * size};
  if (!storage_.contains(at, size)) {
    check = subchannel_status::kProgramCheck;
    return std::nullopt;
  }
  if (!permitted(at, size, false)) {
    check = subchannel_status::kProtectionCheck;
    return std::nullopt;
  }
  if (controls_.format2_idaws()) return storage_.load<u64>(at);
  const auto word = storage_.load<u32>(at);
  if (!word || *word >= kFormat1Limit) {
    check = subchannel_status::kProgramCheck;
    return std::nullopt;
  }
  return *word;
}

std::optional<AbsoluteAddress> CcwReader::locate(const Ccw& ccw, u32 offset, u32& contiguous, u8& check) const {
  if ((ccw.flags & ccw::kIndirect) == 0) {
    contiguous = ccw.count - offset;
    return AbsoluteAddress{u64{ccw.address} + offset};
  }
  // Only the first word may point into a block; the rest of the list continues at block boundaries.
  const u32 block = controls_.idaw_block();
  const auto first = fetch_idaw(ccw.address, 0, check);
  if (!first) return std::nullopt;
  const u32 in_first = block - static_cast<u32>(*first % block);
  u64 base = *first;
  u32 inside = offset;
  if (offset >= in_first) {
    const auto word = fetch_idaw(ccw.address, 1 + (offset - in_first) / block, check);
    if (!word) return std::nullopt;
    if (*word % block != 0) {
      check = subchannel_status::kProgramCheck;
      return std::nullopt;
    }
    base = *word;
    inside = (offset - in_first) % block;
  }
  const u32 to_block_end = block - static_cast<u32>((base + inside) % block);
  contiguous = std::min<u32>(ccw.count - offset, to_block_end);
  return AbsoluteAddress{base + inside};
}

} // namespace siena::devices::channel
