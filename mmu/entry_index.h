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
  explicit EntryIndex(u32 entries) : entries_(entries), nodes_(entries + kLists) {
    for (u32 i = 0; i < nodes_.size(); ++i) nodes_[i] = {i, i};
  }

  /// Entry `entry` is filled with `what` now, an address that is a multiple of 8.
  void put(u32 entry, u64 what) {
    Node& node = nodes_[entry];
    nodes_[node.previous].next = node.next;
    nodes_[node.next].previous = node.previous;
    Node& head = nodes_[list(what)];
    node = {head.next, list(what)};
    nodes_[head.next].previous = entry;
    head.next = entry;
  }

  /// Calls `visit` with each entry that was last filled with `what`, and with others. It may not put.
  template <typename Visit>
  void each(u64 what, Visit visit) const {
    const u32 head = list(what);
    for (u32 i = nodes_[head].next; i != head; i = nodes_[i].next) visit(i);
  }

 private:
  static constexpr u32 kListBits = 13, kLists = 1U << kListBits;
  /// Rings: the lists' heads stand behind the entries.
  struct Node {
    u32 next;
    u32 previous;
  };
  u32 list(u64 what) const { return entries_ + static_cast<u32>((what >> 3) * 0x9E3779B97F4A7C15 >> (64 - kListBits)); }

  u32 entries_;
  std::vector<Node> nodes_;
};

} // namespace siena::mmu
