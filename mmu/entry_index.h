// SPDX-License-Identifier: BSD-3-Clause
// Finds TLB entries by what they were filled with (a frame, a leaf table entry), so that revoking one needs no look at all of them.
#pragma once

#include "base/types.h"

#include <vector>

namespace siena::mmu {

/// Entries hang in one list for each hash of what they were filled with, and stay there until they are filled anew: emptying an
/// entry, or a whole context, costs nothing here. So whoever is shown an entry looks at the entry itself as well.
class EntryIndex {
 public:
  EntryIndex() { add(kLists); }

  /// There are so many entries more; none of them has been filled.
  void extend(u32 entries) { add(entries); }

  /// Entry `entry` is filled with `what` now, an address that is a multiple of 8.
  void put(u32 entry, u64 what) {
    const u32 self = kLists + entry;
    Node& node = nodes_[self];
    nodes_[node.previous].next = node.next;
    nodes_[node.next].previous = node.previous;
    Node& head = nodes_[list(what)];
    node = {head.next, list(what)};
    nodes_[head.next].previous = self;
    head.next = self;
  }

  /// Calls `visit` with each entry that was last filled with `what`, and with others. It may not put.
  template <typename Visit>
  void each(u64 what, Visit visit) const {
    const u32 head = list(what);
    for (u32 i = nodes_[head].next; i != head; i = nodes_[i].next) visit(i - kLists);
  }

 private:
  static constexpr u32 kListBits = 15, kLists = 1U << kListBits;
  /// Rings: the lists' heads stand before the entries.
  struct Node {
    u32 next;
    u32 previous;
  };
  /// The lists of one page table's entries lie side by side: they are asked for one after the other.
  static u32 list(u64 what) {
    const u64 table = what >> 11, within = what >> 3 & 0xFF;
    return static_cast<u32>(table * 0x9E3779B97F4A7C15 >> (64 - kListBits) ^ within);
  }
  void add(u32 nodes) {
    for (u32 n = 0; n < nodes; ++n) {
      const auto i = static_cast<u32>(nodes_.size());
      nodes_.push_back({i, i});
    }
  }

  std::vector<Node> nodes_;
};

} // namespace siena::mmu
