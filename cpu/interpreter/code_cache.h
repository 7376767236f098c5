// SPDX-License-Identifier: BSD-3-Clause
// Decoded instructions by absolute page, shared by all CPUs, address spaces and levels. A page has one slot per halfword, decoded
// when first executed; a slot depends on the text alone, since everything that a mode decides is looked at by the semantics.
//
// Coherence: a frame is armed (FrameUse::Code) before its first slot is filled, so every store to it arrives in `stored`, which
// empties exactly the slots whose text overlaps the bytes stored. The memory of a page stays where it is while a CPU runs in it:
// the instruction after a store into the instruction stream already sees an empty slot. Data stored again and again into a page
// that once held code would stay slow: after kStoresThatMiss stores that hit no slot the page is emptied and disarmed.
#pragma once

#include "base/zeroed_array.h"
#include "cpu/isa/decoder.h"
#include "mmu/storage.h"

#include <array>

namespace siena::cpu::interpreter {

/// One decoded instruction; handler nullptr: nothing decoded here (yet), or the text crosses the page's end.
struct Slot {
  isa::Handler handler = nullptr;
  isa::InsnText text; ///< with its halfwords in bits 62-63 and cost in bits 48-55
};
static_assert(sizeof(Slot) == 16);

constexpr std::size_t kSlotsPerPage = kPageSize / 2;

/// All zeros: nothing decoded.
struct DecodedPage {
  AbsoluteAddress frame{};
  u32 missed_stores = 0;
  bool armed = false;
  std::array<Slot, kSlotsPerPage + 1> slots{}; ///< the last one stays empty: running off the page's end
};

/// Who has made something of a page's text.
class TextUser {
 public:
  virtual ~TextUser() = default;
  /// Bytes [begin, begin + length) of the frame at `frame` have changed. True: that concerned something made of them.
  virtual bool text_changed(AbsoluteAddress frame, u64 begin, u64 length) = 0;
  /// From now on nobody says when the frame's text changes.
  virtual void text_unwatched(AbsoluteAddress frame) = 0;
};

class CodeCache final : public mmu::FrameObserver {
 public:
  CodeCache(mmu::AbsoluteStorage& storage, const isa::Decoder& decoder);
  ~CodeCache() override;
  CodeCache(const CodeCache&) = delete;
  CodeCache& operator=(const CodeCache&) = delete;

  /// The decoded page of the frame whose first byte is at `host`. Good until the next call of `page` (which may drop all pages).
  DecodedPage& page(const u8* host) {
    const u64 n = storage_.absolute(host).value / kPageSize;
    if (DecodedPage* p = pages_[n]; p != nullptr) [[likely]]
      return *p;
    return make(n);
  }
  /// Decodes the instruction at `offset` into its slot; false when its text crosses the end of the page.
  bool decode(DecodedPage& page, u64 offset);
  /// Executable form of a text: handler (the operation-exception handler when there is no such instruction), length, cost.
  Slot decode(isa::InsnText text) const;
  const isa::Decoder& decoder() const { return decoder_; }
  /// At most one, told of changes in the pages that `watch` has been called for.
  void set_user(TextUser* user) { user_ = user; }
  void watch(DecodedPage& page);

  void stored(AbsoluteAddress first, u64 length) override;

 private:
  static constexpr std::size_t kMaximumPages = 8192; ///< 256 MiB of slots
  static constexpr u32 kStoresThatMiss = 64;
  /// Reserved room for kMaximumPages. The host gives memory, zeros, for what is touched: most pages have little text that is executed.
  class Room {
   public:
    Room();
    ~Room();
    Room(const Room&) = delete;
    Room& operator=(const Room&) = delete;
    DecodedPage& operator[](std::size_t n) const { return pages_[n]; }
    /// All zeros again.
    void clear();
    /// Whoever walks all over it has fewer misses of the host's TLB in large pages, which are wholly there when one byte is touched.
    void prefer_large_pages();

   private:
    static constexpr std::size_t kSize = kMaximumPages * sizeof(DecodedPage);
    DecodedPage* pages_;
  };
  DecodedPage& make(u64 frame_number);
  void empty(DecodedPage& page);

  mmu::AbsoluteStorage& storage_;
  const isa::Decoder& decoder_;
  ZeroedArray<DecodedPage*> pages_; ///< by frame number, in room_
  Room room_;
  TextUser* user_ = nullptr;
  std::size_t count_ = 0; ///< decoded pages in use: the first of room_
};

} // namespace siena::cpu::interpreter
