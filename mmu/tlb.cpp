// SPDX-License-Identifier: BSD-3-Clause
#include "mmu/tlb.h"

#include "mmu/dat_walk.h"

#include <algorithm>
#include <iterator>

namespace siena::mmu {

void TlbContext::clear() {
  if (fills > kNoted)
    std::fill(std::begin(entries), std::end(entries), TlbEntry{});
  else
    for (u32 n = 0; n < fills; ++n) drop(filled[n]);
  fills = 0;
}

Tlb::Tlb(AbsoluteStorage& storage) : storage_(storage), none_(std::make_unique<TlbContext>()) {
  storage_.frames().add_holder(this);
}

Tlb::~Tlb() { storage_.frames().remove_holder(this); }

TlbContext* Tlb::context(const ContextKey& key) {
  if (recent_ != nullptr && recent_->key == key) return recent_;
  ++clock_;
  TlbContext* oldest = nullptr;
  for (auto& c : contexts_) {
    if (c->key == key) {
      c->last_use = clock_;
      return recent_ = c.get();
    }
    if (oldest == nullptr || c->last_use < oldest->last_use) oldest = c.get();
  }
  if (contexts_.size() < kContexts) {
    contexts_.push_back(std::make_unique<TlbContext>());
    oldest = contexts_.back().get();
    oldest->number = static_cast<u32>(contexts_.size() - 1);
    by_frame_.extend(TlbContext::kEntries);
    by_leaf_.extend(TlbContext::kEntries);
  }
  oldest->clear();
  oldest->key = key;
  oldest->last_use = clock_;
  ++generation_;
  return recent_ = oldest;
}

void Tlb::forget_code() {
  for (auto& c : contexts_) std::fill(std::begin(c->code), std::end(c->code), nullptr);
}

void Tlb::purge() {
  for (auto& c : contexts_) c->clear();
  ++generation_;
}

void Tlb::purge(const TranslationScope& scope) {
  if (scope.interpretive)
    drop_host_space(scope.host_space);
  else
    purge();
}

void Tlb::purge_uncomposed() {
  for (auto& c : contexts_)
    if (!c->composed()) c->clear();
  ++generation_;
}

void Tlb::purge_guest(u64 sie) {
  for (auto& c : contexts_)
    if (c->composed() && c->key.sie == sie) c->clear();
  ++generation_;
}

void Tlb::drop_host_space(u64 host_space) {
  for (auto& c : contexts_)
    if (c->composed() && c->key.host_space == host_space) c->clear();
  ++generation_;
}

void Tlb::purge_asce(u64 asce, const TranslationScope& scope) {
  constexpr u64 kNames = asce::kOriginMask | asce::kType;
  const auto named = [&](u64 value) { return ((value ^ asce) & kNames) == 0; };
  for (auto& c : contexts_) {
    const ContextKey& key = c->key;
    const bool hit = scope.interpretive ? c->composed() && key.host_space == scope.host_space && named(key.asce)
                     : c->composed()    ? named(key.host_space)
                                        : named(key.asce);
    if (hit) c->clear();
  }
  ++generation_;
}

void Tlb::filled(TlbContext& context, u64 i, AbsoluteAddress frame) {
  if (context.fills < TlbContext::kNoted) context.filled[context.fills] = static_cast<u16>(i);
  if (context.fills <= TlbContext::kNoted) ++context.fills;
  const u32 entry = context.number * static_cast<u32>(TlbContext::kEntries) + static_cast<u32>(i);
  by_frame_.put(entry, frame.page().value);
  if (const u64 leaf = context.absolute_leaf(i); leaf != 0) by_leaf_.put(entry, leaf);
}

void Tlb::invalidate_leaf(u64 leaf, const TranslationScope& scope) {
  ++generation_;
  if (!scope.interpretive) return drop_absolute_leaf(leaf, false);
  // A page-table index is the low eight bits of the page number, so a leaf of the guest's own can only be cached at few indexes.
  for (auto& c : contexts_) {
    if (c->empty() || !c->composed() || c->key.host_space != scope.host_space) continue;
    for (u64 i = (leaf / 8) % 256; i < TlbContext::kEntries; i += 256)
      if (c->leaf[i] == leaf) c->drop(i);
  }
}

// Contexts keep leaf entries, not what led there. But a segment-table entry says where its leaves are: in its page table, or it
// is one itself.
void Tlb::invalidate_table_entry(u64 entry, u64 was, const TranslationScope& scope) {
  constexpr u64 kPageTableSize = 0x800;
  if (!is_segment_table_entry(was)) return scope.interpretive ? purge(scope) : purge_uncomposed();
  const u64 table = was & ~(kPageTableSize - 1);
  ++generation_;
  if (!scope.interpretive) {
    drop_absolute_leaf(entry, false);
    for (u64 leaf = table; leaf != table + kPageTableSize; leaf += 8) drop_absolute_leaf(leaf, false);
    return;
  }
  for (auto& c : contexts_) {
    if (c->empty() || !c->composed() || c->key.host_space != scope.host_space) continue;
    for (u64 i = 0; i < TlbContext::kEntries; ++i)
      if (c->leaf[i] == entry || c->leaf[i] - table < kPageTableSize) c->drop(i);
  }
}

void Tlb::drop_absolute_leaf(u64 leaf, bool composed_only) {
  by_leaf_.each(leaf, [&](u32 entry) {
    TlbContext& c = *contexts_[entry / TlbContext::kEntries];
    const u64 i = entry % TlbContext::kEntries;
    if (c.absolute_leaf(i) == leaf && (!composed_only || c.composed())) c.drop(i);
  });
}

void Tlb::drop_host_leaf(u64 leaf) {
  drop_absolute_leaf(leaf, true);
  ++generation_;
}

template <typename Visit>
void Tlb::each_of_frame(AbsoluteAddress frame, Visit visit) {
  const u8* host = storage_.host(frame);
  by_frame_.each(frame.value, [&](u32 entry) {
    TlbEntry& e = contexts_[entry / TlbContext::kEntries]->entries[entry % TlbContext::kEntries];
    if (e.frame() == host) visit(e);
  });
}

void Tlb::revoke_store(AbsoluteAddress frame) {
  each_of_frame(frame, [](TlbEntry& e) { e.store_tag = TlbEntry::kNoTag; });
}

void Tlb::revoke(AbsoluteAddress frame) {
  each_of_frame(frame, [](TlbEntry& e) { e = TlbEntry{}; });
  ++generation_;
}

} // namespace siena::mmu
