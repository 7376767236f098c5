// SPDX-License-Identifier: BSD-3-Clause
// Guest 1's shadows. The machine is to guest 1 what Linux is to a guest that runs KVM (Linux commit 4be130a084, "s390/mm: add shadow gmap
// support"): for each address space that guest 1 runs guests in it keeps tables of its own which lead from that space to guest-1 real
// storage, made on demand, one entry at a time, and good for all CPUs; each CPU applies its own prefix.
//
// Guest 1's tables are watched (mmu::FrameUse::Shadow): a frame is armed before an entry in it is trusted, and the entry is read again after
// that. A store that changes a shadowed entry removes exactly what hangs below it; a store to the uppermost table removes the shadow. An
// invalid entry is never kept, so making one valid removes nothing. What is removed here is dropped from every CPU's TLB as well, before the
// storing instruction goes on.
//
// Everything in here may be dropped at any time without changing what a guest sees.
#pragma once

#include "base/trace.h"
#include "sie/shadow_gmap/statistics.h"
#include "sie/shadow_gmap/table.h"

#include <list>
#include <optional>
#include <unordered_map>

namespace siena::sie::shadow_gmap {

class Gmap final : public mmu::FrameObserver {
 public:
  /// How much is kept; beyond, the shadows used longest ago go.
  struct Limits {
    std::size_t spaces = 256;
    u64 bytes = u64{128} << 20;
  };
  /// `track_stores` false: guest 1's tables are not watched, and shadows follow IPTE, IDTE, CRDTE, RDP, CSP, CSPG and PTLB alone, which is
  /// all that the architecture promises.
  Gmap(mmu::AbsoluteStorage& storage, bool track_stores, const Limits& limits);
  explicit Gmap(mmu::AbsoluteStorage& storage) : Gmap(storage, true, Limits{}) {}
  ~Gmap() override;
  Gmap(const Gmap&) = delete;
  Gmap& operator=(const Gmap&) = delete;

  /// Equal to mmu::dat_walk of `address` in that space.
  mmu::DatResult translate(const SpaceName& name, VirtualAddress address);

  void stored(AbsoluteAddress first, u64 length) override;

  // What guest 1 invalidates. Complete on return: shadows and every CPU's TLB.
  /// The table entry at absolute `entry` (any level) has been made invalid or replaced.
  void invalidate_entry(u64 entry);
  /// IDTE by ASCE: shadows of that origin and type.
  void invalidate_space(u64 asce);
  /// All of a TLB: shadows that are not kept true by watching stores.
  void purge();

  const Statistics& statistics() const { return statistics_; }
  /// Where making and removing is reported; may be null.
  void set_trace(TraceSink* trace) { trace_ = trace; }
  std::size_t spaces() const { return spaces_.size(); }
  const std::list<Space>& all() const { return spaces_; }
  u64 bytes() const { return bytes_; }

 private:
  Space& space(const SpaceName& name);
  mmu::DatResult walk(Space& space, VirtualAddress address);
  /// What guest 1's entry `i` of the table says now, or an addressing exception.
  mmu::DatEntry source_entry(const Table& table, unsigned i) const;
  bool still_true(const Table& table, unsigned i) const;
  /// A linked entry whose source lies in [first, first+length) of one frame and satisfies the condition; null table: none.
  struct Place {
    Table* table = nullptr;
    unsigned index = 0;
  };
  template <typename Condition>
  Place find_linked(AbsoluteAddress first, u64 length, Condition condition) const;
  void link(Table& table, unsigned i, const mmu::DatEntry& entry);
  /// Watches guest 1's entry `i` of the table; true when that is new.
  bool watch(Table& table, unsigned i);
  void make_room();

  void unshadow(const Place& place, Cause cause);
  /// Has every CPU's TLB forget what is translated by this table.
  void drop_translations(const Table& table);
  void forget(Table& table);
  void forget_source(Table& table);
  void remove_space(const Space& space, Cause cause);

  // trace.cpp; called when TraceCategory::Shadow is wanted.
  void trace_made(const Table& table) const;
  void trace_made_page(const Table& table, unsigned i) const;
  void trace_removed(const Table& table, Cause cause) const;
  void trace_removed_page(const Table& table, unsigned i, Cause cause) const;
  void trace_space(std::string_view name, const Space& space, std::optional<Cause> cause = std::nullopt) const;
  bool traced() const { return tracing(trace_, TraceCategory::Shadow) != nullptr; }

  /// Tables that have entries in a frame, by frame address.
  using Sources = std::unordered_map<u64, std::vector<Table*>>;

  mmu::AbsoluteStorage& storage_;
  const bool track_stores_;
  const Limits limits_;
  TraceSink* trace_ = nullptr;
  std::list<Space> spaces_;
  Space* recent_ = nullptr;
  Sources sources_;
  u64 bytes_ = 0, clock_ = 0;
  Statistics statistics_;
};

} // namespace siena::sie::shadow_gmap
