// SPDX-License-Identifier: BSD-3-Clause
// Removing shadows: what a store or an invalidation of guest 1 names, and no more.
#include "sie/shadow_gmap/gmap.h"

#include <algorithm>

namespace siena::sie::shadow_gmap {

using mmu::TableLevel;

template <typename Condition>
Gmap::Place Gmap::find_linked(AbsoluteAddress first, u64 length, Condition condition) const {
  const auto found = sources_.find(first.page().value);
  if (found == sources_.end()) return {};
  const u64 end = first.value + length;
  for (Table* table : found->second) {
    const u64 origin = table->designation.origin;
    const u64 from = std::max(first.value & ~u64{7}, origin);
    const u64 to = std::min(end, origin + u64{mmu::table_entries(table->designation.level)} * 8);
    for (u64 at = from; at < to; at += 8) {
      const auto i = static_cast<unsigned>((at - origin) / 8);
      if (table->linked(i) && condition(*table, i)) return {table, i};
    }
  }
  return {};
}

void Gmap::stored(AbsoluteAddress first, u64 length) {
  // One at a time: with what is removed other tables may go that are on the same list.
  const auto changed = [&](const Table& table, unsigned i) { return !still_true(table, i); };
  for (Place p = find_linked(first, length, changed); p.table != nullptr; p = find_linked(first, length, changed)) {
    if (p.table->parent == nullptr)
      remove_space(p.table->space, Cause::Store);
    else
      unshadow(p, Cause::Store);
  }
}

void Gmap::invalidate_entry(u64 entry) {
  const auto any = [](const Table&, unsigned) { return true; };
  const AbsoluteAddress at{entry & ~u64{7}};
  for (Place p = find_linked(at, 8, any); p.table != nullptr; p = find_linked(at, 8, any))
    unshadow(p, Cause::Invalidation);
}

void Gmap::invalidate_space(u64 asce) {
  constexpr u64 kNames = mmu::asce::kOriginMask | mmu::asce::kType | mmu::asce::kRealSpace;
  for (auto s = spaces_.begin(); s != spaces_.end();) {
    const Space& space = *s++;
    if (((space.name.asce ^ asce) & kNames) == 0) remove_space(space, Cause::Invalidation);
  }
}

void Gmap::purge() {
  if (track_stores_) return;
  while (!spaces_.empty()) remove_space(spaces_.front(), Cause::Purge);
}

void Gmap::unshadow(const Place& place, Cause cause) {
  Table& table = *place.table;
  if (table.designation.level == TableLevel::Page) {
    if (traced()) trace_removed_page(table, place.index, cause);
    table.frames[place.index] = 0;
    ++statistics_.removed_pages[static_cast<u8>(cause)];
    storage_.frames().drop_host_leaf(table.source(place.index));
    return;
  }
  std::unique_ptr<Table> below = std::move(table.below[place.index]);
  if (traced()) trace_removed(*below, cause);
  drop_translations(*below);
  forget(*below);
  ++statistics_.removed_tables[static_cast<u8>(cause)][static_cast<u8>(below->designation.level)];
}

void Gmap::drop_translations(const Table& table) {
  mmu::FrameTable& frames = storage_.frames();
  if (table.fake) return frames.drop_host_leaf(table.large_entry);
  for (const auto& below : table.below)
    if (below != nullptr) drop_translations(*below);
  for (unsigned i = 0; i < table.frames.size(); ++i)
    if (table.linked(i)) frames.drop_host_leaf(table.source(i));
}

void Gmap::remove_space(const Space& space, Cause cause) {
  if (traced()) trace_space("remove-space", space, cause);
  if (space.top != nullptr) forget(*space.top);
  ++statistics_.removed_spaces[static_cast<u8>(cause)];
  const u64 host_space = space.name.host_space();
  if (recent_ == &space) recent_ = nullptr;
  spaces_.remove_if([&](const Space& s) { return &s == &space; });
  storage_.frames().drop_host_space(host_space);
}

void Gmap::forget(Table& table) {
  for (const auto& below : table.below)
    if (below != nullptr) forget(*below);
  bytes_ -= table.size_in_bytes();
  if (!table.fake) forget_source(table);
}

void Gmap::forget_source(Table& table) {
  const u64 origin = table.designation.origin, end = origin + u64{mmu::table_entries(table.designation.level)} * 8;
  for (u64 frame = origin & kPageMask; frame < end; frame += kPageSize) {
    const auto found = sources_.find(frame);
    if (found == sources_.end() || std::erase(found->second, &table) == 0 || !found->second.empty()) continue;
    sources_.erase(found);
    storage_.frames().disarm({frame}, mmu::FrameUse::Shadow);
  }
}

} // namespace siena::sie::shadow_gmap
