// SPDX-License-Identifier: BSD-3-Clause
#include "mmu/tlb.h"

#include "mmu/dat_walk.h"

namespace siena::mmu {

void TlbContext::clear() {
  if (empty) return;
  for (auto& e : entries) e = TlbEntry{};
  empty = true;
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
  }
  oldest->clear();
  oldest->key = key;
  oldest->last_use = clock_;
  ++generation_;
  return recent_ = oldest;
}

void Tlb::purge() {
  for (auto& c : contexts_) c->clear();
  ++generation_;
}

void Tlb::purge_interpretive() {
  for (auto& c : contexts_)
    if ((c->key.flags & ContextKey::kInterpretive) != 0) c->clear();
  ++generation_;
}

void Tlb::purge_guest(u64 sie) {
  for (auto& c : contexts_)
    if ((c->key.flags & ContextKey::kInterpretive) != 0 && c->key.sie == sie) c->clear();
  ++generation_;
}

void Tlb::purge_asce(u64 asce) {
  constexpr u64 kNames = asce::kOriginMask | asce::kType;
  for (auto& c : contexts_)
    if (((c->key.asce ^ asce) & kNames) == 0 || ((c->key.host_asce ^ asce) & kNames) == 0) c->clear();
  ++generation_;
}

void Tlb::invalidate_leaf(u64 leaf, bool interpretive) {
  // A page-table index is the low eight bits of the page number, so a guest leaf can only be cached at two indexes. A SIE
  // host's leaf can be anywhere, since the index there comes from the guest's virtual address.
  const u64 first = (leaf / 8) % 256;
  for (auto& c : contexts_) {
    if (c->empty) continue;
    const bool composed = (c->key.flags & ContextKey::kInterpretive) != 0;
    if (composed == interpretive) {
      for (u64 i = first; i < TlbContext::kEntries; i += 256)
        if (c->leaf[i] == leaf) c->drop(i);
    } else if (composed) {
      for (u64 i = 0; i < TlbContext::kEntries; ++i)
        if (c->host_leaf[i] == leaf) c->drop(i);
    }
  }
  ++generation_;
}

void Tlb::revoke_store(AbsoluteAddress frame) {
  const u8* host = storage_.host(frame);
  for (auto& c : contexts_) {
    if (c->empty) continue;
    for (auto& e : c->entries)
      if (e.host == host) e.store_tag = TlbEntry::kNoTag;
  }
}

void Tlb::revoke(AbsoluteAddress frame) {
  const u8* host = storage_.host(frame);
  for (auto& c : contexts_) {
    if (c->empty) continue;
    for (auto& e : c->entries)
      if (e.host == host) e = TlbEntry{};
  }
  ++generation_;
}

} // namespace siena::mmu
