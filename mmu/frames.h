// SPDX-License-Identifier: BSD-3-Clause
// What the machine knows about each 4-KB frame of main storage besides its bytes: the storage key and who wants to hear of
// stores (docs/architecture.md section 5). ONE mechanism: a frame with a store-notifying use has no fast store permission in
// any TLB (at most TlbEntry::kWatched), so every store by a CPU takes the slow path, and every store by a device goes through
// AbsoluteStorage; both end in `notify_store`, and the owners learn which bytes changed.
#pragma once

#include "base/address.h"
#include "base/types.h"

#include <vector>

namespace siena::mmu {

/// Storage key byte as ISKE shows it: access-control bits, fetch protection, reference, change (PoP, *Storage key*).
namespace storage_key {
constexpr u8 kAccessControl = 0xF0;
constexpr u8 kFetchProtection = 0x08;
constexpr u8 kReference = 0x04;
constexpr u8 kChange = 0x02;
} // namespace storage_key

/// Who is interested in stores to a frame.
enum class FrameUse : u8 { Code = 0x01, Shadow = 0x02, DirtyLog = 0x04, WatchStore = 0x08 };

class FrameObserver {
 public:
  virtual ~FrameObserver() = default;
  /// `length` bytes at `first` have just been stored; the range lies within one frame. Called for armed frames only.
  virtual void stored(AbsoluteAddress first, u64 length) = 0;
};

/// Implemented by whatever caches translations (mmu/tlb.h).
class TranslationHolder {
 public:
  virtual ~TranslationHolder() = default;
  /// Forget every store permission for this frame, also that of watched stores.
  virtual void revoke_store(AbsoluteAddress frame) = 0;
  /// Forget every translation to this frame.
  virtual void revoke(AbsoluteAddress frame) = 0;
  /// Under SIE: forget every translation whose SIE host's half ends at this table entry, or is in this space (ContextKey::host_space).
  virtual void drop_host_leaf(u64 leaf) = 0;
  virtual void drop_host_space(u64 host_space) = 0;
};

class FrameTable {
 public:
  explicit FrameTable(u64 frames);

  u8 key(AbsoluteAddress a) const { return frames_[index(a)].key; }
  /// Sets the whole key. Cached translations to the frame are revoked first when the key changes, since access control, fetch
  /// protection and "change bit already set" are folded into them.
  void set_key(AbsoluteAddress a, u8 key);
  void set_reference(AbsoluteAddress a) { frames_[index(a)].key |= storage_key::kReference; }
  void set_reference_and_change(AbsoluteAddress a) {
    frames_[index(a)].key |= storage_key::kReference | storage_key::kChange;
  }

  /// The page state that the program has declared (ESSA, page_usage). The machine keeps every page's contents whatever it says.
  u8 page_state(AbsoluteAddress a) const { return frames_[index(a)].page_state; }
  void set_page_state(AbsoluteAddress a, u8 state) { frames_[index(a)].page_state = state; }

  bool armed(AbsoluteAddress a) const { return frames_[index(a)].uses != 0; }
  bool armed(AbsoluteAddress a, FrameUse use) const { return (frames_[index(a)].uses & static_cast<u8>(use)) != 0; }
  /// From the return on, no store to this frame goes unreported to `use`'s observer.
  void arm(AbsoluteAddress a, FrameUse use);
  void disarm(AbsoluteAddress a, FrameUse use);
  /// Tells the owners of the armed frames in [first, first+length) which bytes changed.
  void notify_store(AbsoluteAddress first, u64 length);

  /// One observer per use. It must outlive the table or be replaced by nullptr.
  void set_observer(FrameUse use, FrameObserver* observer);
  void add_holder(TranslationHolder* holder) { holders_.push_back(holder); }
  void remove_holder(TranslationHolder* holder);
  // To every holder.
  void drop_host_leaf(u64 leaf) {
    for (auto* holder : holders_) holder->drop_host_leaf(leaf);
  }
  void drop_host_space(u64 host_space) {
    for (auto* holder : holders_) holder->drop_host_space(host_space);
  }
  /// A translation holder is about to cache a translation to this frame.
  void note_cached(AbsoluteAddress a, bool for_store) {
    frames_[index(a)].cached |= for_store ? kCachedForStore | kCached : kCached;
  }

 private:
  static constexpr u8 kCached = 1, kCachedForStore = 2;
  struct Frame {
    u8 key = 0;
    u8 uses = 0;
    u8 cached = 0;
    u8 page_state = 0;
  };
  static u64 index(AbsoluteAddress a) { return a.value / kPageSize; }
  void revoke_store(AbsoluteAddress a);

  std::vector<Frame> frames_;
  FrameObserver* observers_[8] = {};
  std::vector<TranslationHolder*> holders_;
};

} // namespace siena::mmu
