// SPDX-License-Identifier: BSD-3-Clause
#include "devices/channel/channel_data.h"

#include <algorithm>

namespace siena::devices::channel {

bool ChannelData::advance(Cursor& cursor) {
  u32 address = cursor.address + 8;
  const auto next = reader_.fetch(address, CcwPlace::DataChained, check_);
  cursor.address = address;
  if (!next) return false;
  cursor.ccw = *next;
  cursor.used = 0;
  if ((next->flags & ccw::kProgramControlled) != 0) program_controlled_ = true;
  return true;
}

template <typename Move>
std::size_t ChannelData::transfer(std::size_t length, bool store, Move move) {
  std::size_t done = 0;
  while (done < length && check_ == 0) {
    const u32 left = cursor_.ccw.count - cursor_.used;
    if (left == 0) {
      if ((cursor_.ccw.flags & ccw::kChainData) == 0) {
        overrun_ = true;
        break;
      }
      if (!advance(cursor_)) break;
      continue;
    }
    u32 piece = static_cast<u32>(std::min<std::size_t>(length - done, left));
    if (!store || (cursor_.ccw.flags & ccw::kSkip) == 0) {
      u32 contiguous = 0;
      const auto address = reader_.locate(cursor_.ccw, cursor_.used, contiguous, check_);
      if (!address) break;
      piece = std::min(piece, contiguous);
      if (!storage_.contains(*address, piece)) {
        check_ = subchannel_status::kProgramCheck;
        break;
      }
      if (!reader_.permitted(*address, piece, store)) {
        check_ = subchannel_status::kProtectionCheck;
        break;
      }
      if (!move(*address, done, piece)) break;
    }
    cursor_.used += piece;
    position_ += piece;
    done += piece;
  }
  if (position_ >= furthest_position_) {
    furthest_position_ = position_;
    furthest_ = cursor_;
  }
  return done;
}

std::size_t ChannelData::fetch(std::span<u8> to) {
  return transfer(to.size(), false, [&](AbsoluteAddress address, std::size_t done, u32 piece) {
    return storage_.read(address, to.subspan(done, piece));
  });
}

std::size_t ChannelData::store(std::span<const u8> from) {
  return transfer(from.size(), true, [&](AbsoluteAddress address, std::size_t done, u32 piece) {
    return storage_.write(address, from.subspan(done, piece));
  });
}

std::size_t ChannelData::skip(std::size_t length) {
  return transfer(length, false, [](AbsoluteAddress, std::size_t, u32) { return true; });
}

void ChannelData::settle() {
  while (check_ == 0 && furthest_.used == furthest_.ccw.count && (furthest_.ccw.flags & ccw::kChainData) != 0)
    if (!advance(furthest_)) return;
}

} // namespace siena::devices::channel
