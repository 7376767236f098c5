// SPDX-License-Identifier: BSD-3-Clause
// Making and removing shadows as trace events (docs/traces.md). A removed table or space takes what hangs below it along; that is not
// reported one by one, as it is not counted.
#include "sie/shadow_gmap/gmap.h"

namespace siena::sie::shadow_gmap {

using Field = TraceField;

namespace {

std::string_view name(mmu::TableLevel level) {
  switch (level) {
  case mmu::TableLevel::Page: return "page";
  case mmu::TableLevel::Segment: return "segment";
  case mmu::TableLevel::RegionThird: return "region-3";
  case mmu::TableLevel::RegionSecond: return "region-2";
  case mmu::TableLevel::RegionFirst: return "region-1";
  }
  return "";
}

std::string_view name(Cause cause) {
  switch (cause) {
  case Cause::Store: return "store";
  case Cause::Invalidation: return "invalidation";
  case Cause::Purge: return "purge";
  case Cause::Eviction: return "eviction";
  }
  return "";
}

void report(TraceSink& sink, std::string_view name, std::span<const Field> fields) {
  sink.report({.category = TraceCategory::Shadow, .name = name, .stamp = sink.stamp(), .fields = fields});
}

} // namespace

void Gmap::trace_made(const Table& table) const {
  const Field fields[] = {Field::text("level", name(table.designation.level)),
                          Field::hex("origin", table.fake ? table.large_frame : table.designation.origin, 0),
                          Field::hex("space", table.space.name.asce, 0)};
  report(*trace_, table.fake ? "make-large" : "make-table", fields);
}

void Gmap::trace_made_page(const Table& table, unsigned i) const {
  const Field fields[] = {Field::hex("entry", table.source(i), 0),
                          Field::hex("frame", table.frames[i] & kPageMask, 0),
                          Field::decimal("writable", (table.frames[i] & Table::kWritable) != 0 ? 1 : 0),
                          Field::hex("space", table.space.name.asce, 0)};
  report(*trace_, "make-page", fields);
}

void Gmap::trace_removed(const Table& table, Cause cause) const {
  const Field fields[] = {Field::text("level", name(table.designation.level)),
                          Field::hex("origin", table.fake ? table.large_frame : table.designation.origin, 0),
                          Field::hex("space", table.space.name.asce, 0),
                          Field::text("cause", name(cause))};
  report(*trace_, table.fake ? "remove-large" : "remove-table", fields);
}

void Gmap::trace_removed_page(const Table& table, unsigned i, Cause cause) const {
  const Field fields[] = {Field::hex("entry", table.source(i), 0),
                          Field::hex("space", table.space.name.asce, 0),
                          Field::text("cause", name(cause))};
  report(*trace_, "remove-page", fields);
}

void Gmap::trace_space(std::string_view name, const Space& space, std::optional<Cause> cause) const {
  Field fields[2] = {Field::hex("space", space.name.asce, 0)};
  if (cause) fields[1] = Field::text("cause", shadow_gmap::name(*cause));
  report(*trace_, name, std::span<const Field>(fields).first(cause ? 2 : 1));
}

} // namespace siena::sie::shadow_gmap
