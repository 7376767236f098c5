// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/interpreter/code_cache.h"

#include "base/check.h"
#include "cpu/isa/cost.h"

#include <algorithm>
#include <type_traits>

#include <sys/mman.h>

namespace siena::cpu::interpreter {

namespace {

Outcome operation_exception(Cpu& cpu, isa::InsnText text) { return cpu.operation_exception(text.text_only()); }

/// Left-aligned text from up to six bytes of which `available` exist.
isa::InsnText text_at(const u8* bytes, u64 available) {
  u64 bits = 0;
  for (u64 i = 0; i < 6; ++i) bits = bits << 8 | (i < available ? bytes[i] : 0);
  return {bits << 16};
}

} // namespace

CodeCache::CodeCache(mmu::AbsoluteStorage& storage, const isa::Decoder& decoder)
    : storage_(storage), decoder_(decoder), pages_(storage.size() / kPageSize) {
  storage_.frames().set_observer(mmu::FrameUse::Code, this);
}

CodeCache::~CodeCache() { storage_.frames().set_observer(mmu::FrameUse::Code, nullptr); }

CodeCache::Room::Room() {
  void* const p = mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  CHECK(p != MAP_FAILED, "memory for decoded instructions");
  static_assert(std::is_trivially_destructible_v<DecodedPage> && std::is_aggregate_v<DecodedPage>);
  pages_ = static_cast<DecodedPage*>(p);
}

CodeCache::Room::~Room() { munmap(pages_, kSize); }

void CodeCache::Room::clear() { CHECK(madvise(pages_, kSize, MADV_DONTNEED) == 0, "memory can be given back"); }

void CodeCache::Room::prefer_large_pages() { (void)madvise(pages_, kSize, MADV_HUGEPAGE); } // a hint

DecodedPage& CodeCache::make(u64 frame_number) {
  if (count_ >= kMaximumPages) {
    for (DecodedPage*& p : pages_.all()) {
      if (p == nullptr) continue;
      storage_.frames().disarm(p->frame, mmu::FrameUse::Code);
      if (user_ != nullptr) user_->text_unwatched(p->frame);
      p = nullptr;
    }
    count_ = 0;
    room_.clear();
  }
  // Where there is translated code, slots are used a few times each.
  if (count_ == 0 && user_ == nullptr) room_.prefer_large_pages();
  DecodedPage& page = room_[count_++];
  page.frame = {frame_number * kPageSize};
  return *(pages_[frame_number] = &page);
}

Slot CodeCache::decode(isa::InsnText text) const {
  const isa::InstructionDef* def = decoder_.find(text);
  Slot slot;
  slot.handler = def != nullptr ? def->handler : &operation_exception;
  const u64 cost = def != nullptr ? isa::cycles_of(def->cost) : 1;
  slot.text = {text.text_only() | cost << 8 | text.length() / 2};
  return slot;
}

bool CodeCache::decode(DecodedPage& page, u64 offset) {
  const isa::InsnText text = text_at(storage_.host(page.frame + offset), kPageSize - offset);
  if (offset + text.length() > kPageSize) return false;
  watch(page);
  page.slots[offset / 2] = decode(text);
  return true;
}

void CodeCache::watch(DecodedPage& page) {
  if (page.armed) return;
  page.armed = true;
  page.missed_stores = 0;
  storage_.frames().arm(page.frame, mmu::FrameUse::Code);
}

void CodeCache::empty(DecodedPage& page) {
  for (Slot& slot : page.slots)
    if (slot.handler != nullptr) slot = {};
  page.armed = false;
  storage_.frames().disarm(page.frame, mmu::FrameUse::Code);
  if (user_ != nullptr) user_->text_unwatched(page.frame);
}

void CodeCache::stored(AbsoluteAddress first, u64 length) {
  DecodedPage* page = pages_[first.value / kPageSize];
  if (page == nullptr) return;
  // A text that starts up to four bytes before the stored range can reach into it.
  const u64 begin = first.page_offset();
  const u64 from = begin / 2 >= 2 ? begin / 2 - 2 : 0;
  const u64 to = std::min<u64>((begin + length + 1) / 2, kSlotsPerPage);
  bool hit = user_ != nullptr && user_->text_changed(page->frame, begin, length);
  for (u64 i = from; i < to; ++i) {
    Slot& slot = page->slots[i];
    if (slot.handler != nullptr && i * 2 + slot.text.length() > begin) {
      slot = {};
      hit = true;
    }
  }
  if (!hit && ++page->missed_stores >= kStoresThatMiss) empty(*page);
}

} // namespace siena::cpu::interpreter
