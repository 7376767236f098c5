// SPDX-License-Identifier: BSD-3-Clause
// Making shadows: the walk, which links what it finds.
#include "sie/shadow_gmap/gmap.h"

#include <algorithm>

namespace siena::sie::shadow_gmap {

using mmu::DatEntry;
using mmu::DatTable;
using mmu::TableLevel;

namespace {

constexpr std::size_t number(TableLevel level) { return static_cast<std::size_t>(level); }

} // namespace

Gmap::Gmap(mmu::AbsoluteStorage& storage, bool track_stores, const Limits& limits)
    : storage_(storage), track_stores_(track_stores), limits_(limits) {
  storage_.frames().set_observer(mmu::FrameUse::Shadow, this);
}

Gmap::~Gmap() {
  storage_.frames().set_observer(mmu::FrameUse::Shadow, nullptr);
  for (const auto& [frame, tables] : sources_) storage_.frames().disarm({frame}, mmu::FrameUse::Shadow);
}

mmu::DatResult Gmap::translate(const SpaceName& name, VirtualAddress address) {
  make_room();
  return walk(space(name), address);
}

Space& Gmap::space(const SpaceName& name) {
  ++clock_;
  if (recent_ == nullptr || !(recent_->name == name)) {
    const auto found = std::find_if(spaces_.begin(), spaces_.end(), [&](const Space& s) { return s.name == name; });
    if (found != spaces_.end()) {
      recent_ = &*found;
    } else {
      ++statistics_.spaces;
      recent_ = &spaces_.emplace_back();
      recent_->name = name;
      if (traced()) trace_space("make-space", *recent_);
      if ((name.asce & mmu::asce::kRealSpace) == 0) {
        recent_->top = std::make_unique<Table>(*recent_, nullptr, 0, mmu::designated_table(name.asce));
        bytes_ += recent_->top->size_in_bytes();
        ++statistics_.tables[number(recent_->top->designation.level)];
        if (traced()) trace_made(*recent_->top);
      }
    }
  }
  recent_->last_use = clock_;
  return *recent_;
}

void Gmap::make_room() {
  while (!spaces_.empty() && (spaces_.size() > limits_.spaces || bytes_ > limits_.bytes)) {
    const auto oldest = std::min_element(
        spaces_.begin(), spaces_.end(), [](const Space& a, const Space& b) { return a.last_use < b.last_use; });
    remove_space(*oldest, Cause::Eviction);
  }
}

mmu::DatResult Gmap::walk(Space& space, VirtualAddress va) {
  mmu::DatResult result;
  mmu::Translation& t = result.translation;
  Table* table = space.top.get();
  if (table == nullptr) { // real-space designation
    result.real = {va.value};
    return result;
  }
  bool hit = true;
  while (true) {
    const DatTable& designation = table->designation;
    const unsigned i = mmu::table_index(va, designation.level);
    t.writable = designation.writable;
    t.fault = mmu::outside(designation, va, table->parent == nullptr);
    if (!t.ok()) return result;
    if (!table->linked(i)) {
      hit = false;
      if (!table->fake) ++statistics_.table_reads;
      const DatEntry entry = source_entry(*table, i);
      if (entry.kind == DatEntry::Kind::Fault) {
        t.fault = entry.fault;
        if (entry.invalid) t.leaf = table->source(i);
        return result;
      }
      // What another CPU has stored between reading and watching would go unnoticed.
      if (watch(*table, i) && !(source_entry(*table, i) == entry)) continue;
      link(*table, i, entry);
    }
    if (designation.level == TableLevel::Page) {
      if (hit) ++statistics_.hits;
      const u64 entry = table->frames[i];
      result.real = {(entry & kPageMask) | va.page_offset()};
      t.writable = (entry & Table::kWritable) != 0;
      t.leaf = table->source(i);
      return result;
    }
    table = table->below[i].get();
  }
}

DatEntry Gmap::source_entry(const Table& table, unsigned i) const {
  DatEntry entry;
  if (table.fake) {
    entry.kind = DatEntry::Kind::Frame;
    entry.frame = table.large_frame + (u64{i} << mmu::index_shift(table.designation.level));
    entry.writable = table.designation.writable;
    return entry;
  }
  const auto value = storage_.load<u64>({table.source(i)});
  if (value) return mmu::decode_entry(table.designation, *value, table.space.name.controls());
  entry.fault = mmu::fault::kAddressing;
  return entry;
}

bool Gmap::still_true(const Table& table, unsigned i) const {
  const DatEntry entry = source_entry(table, i);
  const bool frame = entry.kind == DatEntry::Kind::Frame;
  if (table.designation.level == TableLevel::Page)
    return frame && table.frames[i] == Table::page_entry(entry.frame, entry.writable);
  const Table& below = *table.below[i];
  if (below.fake) return frame && entry.frame == below.large_frame && entry.writable == below.designation.writable;
  return entry.kind == DatEntry::Kind::Table && entry.table == below.designation;
}

bool Gmap::watch(Table& table, unsigned i) {
  if (table.fake) return false;
  const AbsoluteAddress frame = AbsoluteAddress{table.source(i)}.page();
  auto& tables = sources_[frame.value];
  if (std::find(tables.begin(), tables.end(), &table) != tables.end()) return false;
  tables.push_back(&table);
  if (track_stores_) storage_.frames().arm(frame, mmu::FrameUse::Shadow);
  return true;
}

void Gmap::link(Table& table, unsigned i, const DatEntry& entry) {
  const TableLevel level = table.designation.level;
  if (level == TableLevel::Page) {
    table.frames[i] = Table::page_entry(entry.frame, entry.writable);
    ++statistics_.pages;
    if (traced()) trace_made_page(table, i);
    return;
  }
  const bool large = entry.kind == DatEntry::Kind::Frame;
  DatTable designation = entry.table;
  if (large) {
    designation.level = mmu::below(level);
    designation.writable = entry.writable;
  }
  auto& below = table.below[i] = std::make_unique<Table>(table.space, &table, i, designation);
  if (large) {
    below->fake = true;
    below->large_entry = table.source(i);
    below->large_frame = entry.frame;
  }
  bytes_ += below->size_in_bytes();
  ++statistics_.tables[number(below->designation.level)];
  if (traced()) trace_made(*below);
}

} // namespace siena::sie::shadow_gmap
