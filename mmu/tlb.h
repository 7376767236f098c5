// SPDX-License-Identifier: BSD-3-Clause
// Translation contexts of one CPU. A context is everything that decides what a virtual address means and who may touch it: DAT
// mode, ASCE, access key, CR0 controls, prefix, SIE guest. Each owns a small direct-mapped array; loading a control register,
// entering SIE or leaving it swaps a pointer and flushes nothing (docs/architecture.md section 5).
//
// An entry's tag is the page address when that kind of access may go straight to host storage, and kNoTag when it may not,
// for whatever reason: not translated, protected, change bit still to be set, somebody wants to hear of stores. Invalid table
// entries are never cached, so invalid -> valid needs no purge (PoP, *Use of the translation-lookaside buffer*).
#pragma once

#include "mmu/entry_index.h"
#include "mmu/storage.h"
#include "mmu/translation.h"

#include <memory>
#include <vector>

namespace siena::mmu {

struct TlbEntry {
  static constexpr u64 kNoTag = ~u64{0}; ///< no page address has its low bits set
  /// Or'ed to a store tag: low-address protection forbids bytes 0-511 of this page, and the others may be stored.
  static constexpr u64 kLowProtected = 1;
  /// Or'ed to a store tag: this page may be stored to, and somebody wants to hear of it. Or'ed to an execute tag: likewise of its
  /// instructions.
  static constexpr u64 kWatched = 2;
  u64 fetch_tag = kNoTag;
  u64 store_tag = kNoTag; ///< may be stored to: may be fetched from
  u64 execute_tag = kNoTag;
  u64 addend = 0; ///< what a virtual address of this page lacks to the address of its byte on the host

  u8* host(u64 va) const { return reinterpret_cast<u8*>(va + addend); }
  /// The frame's first byte on the host; null when no access may go there.
  const u8* frame() const {
    const u64 tag = fetch_tag != kNoTag ? fetch_tag : execute_tag != kNoTag ? execute_tag : store_tag;
    return tag == kNoTag ? nullptr : host(tag & kPageMask);
  }
  void set_host(u64 va, u8* byte) { addend = reinterpret_cast<u64>(byte) - va; }
};

/// Names a context. Two accesses with equal keys translate equally until an invalidation.
struct ContextKey {
  static constexpr u32 kDat = 1, kEdat = 2, kLowAddressProtection = 4, kFetchOverride = 8, kStorageOverride = 0x10,
                       kIep = 0x20, kInterpretive = 0x40;
  u64 asce = 0; ///< 0 when DAT is off
  /// Under SIE: the SIE host's primary ASCE with, in bits that it does not use, its enhanced-DAT level.
  u64 host_space = 0;
  u64 sie = 0; ///< under SIE: what else tells one guest from another (state description and storage origin)
  u32 prefix = 0;
  u32 flags = 0;
  u8 key = 0; ///< access key in the high nibble
  bool operator==(const ContextKey&) const = default;
};

struct TlbContext {
  static constexpr u64 kEntries = 8192;
  static u64 index(u64 va) { return (va / kPageSize) % kEntries; }
  TlbEntry& entry(u64 va) { return entries[index(va)]; }

  TlbEntry entries[kEntries];
  u64 leaf[kEntries] = {};      ///< where each entry's guest leaf table entry is (0: none)
  u64 host_leaf[kEntries] = {}; ///< under SIE: the SIE host's leaf
  const void* code[kEntries] =
      {}; ///< what somebody knows of the text of an entry with an execute tag; null when it is new
  ContextKey key;
  u32 number = 0; ///< in its Tlb
  u64 last_use = 0;
  /// What has been filled since the context was empty, so that clearing a few entries does not cost all of them.
  static constexpr u32 kNoted = 1024;
  u16 filled[kNoted] = {};
  u32 fills = 0; ///< when there is no room for all in `filled`, any entry may be in use

  /// Guest 1's half of the translations is the SIE host's.
  bool composed() const { return (key.flags & ContextKey::kInterpretive) != 0; }
  bool empty() const { return fills == 0; }
  void clear();
  void drop(u64 i) { entries[i] = TlbEntry{}; }
  /// Where guest 1's table entry for an entry is, an absolute address: the SIE host's of composed ones.
  u64 absolute_leaf(u64 i) const { return composed() ? host_leaf[i] : leaf[i]; }
};

/// The contexts of one CPU.
class Tlb final : public TranslationHolder {
 public:
  explicit Tlb(AbsoluteStorage& storage);
  ~Tlb() override;
  Tlb(const Tlb&) = delete;
  Tlb& operator=(const Tlb&) = delete;

  /// The context of that key; never null, may evict the least recently used one. The pointer is good until the next call.
  TlbContext* context(const ContextKey& key);
  /// Entry `i` of one of this TLB's contexts, its leaves noted, leads to another frame or comes by other leaves than before.
  void filled(TlbContext& context, u64 i, AbsoluteAddress frame);
  /// Always misses: what a CPU points at while its controls have changed and the right context is not known yet.
  TlbContext* none() { return none_.get(); }

  void purge(); ///< everything
  /// Everything at level 0; the guests of that space at level 1.
  void purge(const TranslationScope& scope);
  void purge_guest(u64 sie); ///< what is cached for the guest of that name (ContextKey::sie)
  /// Contexts whose ASCE (level 0: or that of their space of the SIE host) has this origin and type.
  void purge_asce(u64 asce, const TranslationScope& scope);
  /// Translations through the page-table entry at `leaf`: an absolute address at level 0 (guest 1's own and the SIE host's
  /// half of composed ones), guest-absolute of the guest under SIE at level 1.
  void invalidate_leaf(u64 leaf, const TranslationScope& scope);
  /// Translations through the region- or segment-table entry at `entry`, addressed as a leaf is, which was `was`. More may go.
  void invalidate_table_entry(u64 entry, u64 was, const TranslationScope& scope);
  void drop_host_leaf(u64 leaf) override;
  void drop_host_space(u64 host_space) override;
  void revoke_store(AbsoluteAddress frame) override;
  void revoke(AbsoluteAddress frame) override;
  /// Nobody knows anything of the text any more (TlbContext::code).
  void forget_code();
  /// Counts changes of contexts' meaning: whoever keeps something derived from a context compares this.
  u64 generation() const { return generation_; }

 private:
  static constexpr std::size_t kContexts = 24;
  /// Calls `visit` with each entry that leads to this frame.
  template <typename Visit>
  void each_of_frame(AbsoluteAddress frame, Visit visit);
  /// Drops the entries by guest 1's leaf at that absolute address; `composed_only`: not guest 1's own.
  void drop_absolute_leaf(u64 leaf, bool composed_only);
  void purge_uncomposed(); ///< guest 1's own

  AbsoluteStorage& storage_;
  std::vector<std::unique_ptr<TlbContext>> contexts_;
  EntryIndex by_frame_;
  EntryIndex by_leaf_; ///< TlbContext::absolute_leaf
  std::unique_ptr<TlbContext> none_;
  TlbContext* recent_ = nullptr;
  u64 clock_ = 0;
  u64 generation_ = 0;
};

} // namespace siena::mmu
