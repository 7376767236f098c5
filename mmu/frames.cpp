// SPDX-License-Identifier: BSD-3-Clause
#include "mmu/frames.h"

#include <algorithm>
#include <bit>

namespace siena::mmu {

FrameTable::FrameTable(u64 frames) : frames_(frames) {}

void FrameTable::set_key(AbsoluteAddress a, u8 key) {
  Frame& frame = frames_[index(a)];
  if (frame.cached != 0 && frame.key != key) {
    frame.cached = 0;
    for (auto* holder : holders_) holder->revoke(a.page());
  }
  frame.key = key;
}

void FrameTable::arm(AbsoluteAddress a, FrameUse use) {
  frames_[index(a)].uses |= static_cast<u8>(use);
  revoke_store(a);
}

void FrameTable::disarm(AbsoluteAddress a, FrameUse use) {
  u8& uses = frames_[index(a)].uses;
  uses &= static_cast<u8>(~static_cast<u8>(use));
  if (uses == 0) revoke_store(a); // the next one is permitted without a report
}

void FrameTable::revoke_store(AbsoluteAddress a) {
  Frame& frame = frames_[index(a)];
  if ((frame.cached & kCachedForStore) == 0) return;
  frame.cached &= static_cast<u8>(~kCachedForStore);
  for (auto* holder : holders_) holder->revoke_store(a.page());
}

void FrameTable::notify_store(AbsoluteAddress first, u64 length) {
  while (length != 0) {
    const u64 here = std::min(length, kPageSize - first.page_offset());
    u8 uses = frames_[index(first)].uses;
    while (uses != 0) {
      const auto n = static_cast<unsigned>(std::countr_zero(uses));
      uses &= static_cast<u8>(uses - 1);
      if (observers_[n] != nullptr) observers_[n]->stored(first, here);
    }
    first = first + here;
    length -= here;
  }
}

void FrameTable::set_observer(FrameUse use, FrameObserver* observer) {
  observers_[std::countr_zero(static_cast<u8>(use))] = observer;
}

void FrameTable::remove_holder(TranslationHolder* holder) { std::erase(holders_, holder); }

} // namespace siena::mmu
