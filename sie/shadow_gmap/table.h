// SPDX-License-Identifier: BSD-3-Clause
// A shadow table: what has been found in one of guest 1's tables, an entry at a time. The shape is guest 1's own: a region or segment
// table holds tables, a page table holds frames. Where guest 1 has a large frame, the tables below are without a source ("fake"): their
// entries are computed, nothing in storage stands for them, so nothing needs to be watched.
#pragma once

#include "mmu/dat_walk.h"

#include <memory>
#include <vector>

namespace siena::sie::shadow_gmap {

struct Space;

struct Table {
  Table(Space& space_, Table* parent_, unsigned index_, const mmu::DatTable& designation_)
      : space(space_), parent(parent_), index(index_), designation(designation_) {
    if (designation.level == mmu::TableLevel::Page)
      frames.resize(mmu::table_entries(designation.level));
    else
      below.resize(mmu::table_entries(designation.level));
  }

  static constexpr u64 kLinked = 1, kWritable = 2;
  /// A page entry as it is kept: guest-1 real address of the frame and the two flags above; 0 when nothing has been found yet.
  static constexpr u64 page_entry(u64 real, bool writable) { return real | kLinked | (writable ? kWritable : 0); }

  bool linked(unsigned i) const { return frames.empty() ? below[i] != nullptr : frames[i] != 0; }
  u64 size_in_bytes() const { return sizeof *this + 8 * (frames.size() + below.size()); }
  /// Absolute address of guest 1's entry that stands for entry `i`: for a fake table the entry of the large frame.
  u64 source(unsigned i) const { return fake ? large_entry : designation.origin + u64{i} * 8; }

  Space& space;
  Table* const parent;  ///< null for the table that the ASCE designates
  const unsigned index; ///< in the parent
  const mmu::DatTable designation;
  bool fake = false;
  u64 large_entry = 0; ///< fake: where guest 1's entry of the large frame is
  u64 large_frame = 0; ///< fake: guest-1 real address that entry 0 translates to
  std::vector<std::unique_ptr<Table>> below;
  std::vector<u64> frames;
};

/// What names a shadow: the ASCE that was in the SIE host's control register 1 at SIE, and its enhanced-DAT level.
struct SpaceName {
  u64 asce = 0;
  bool edat1 = false, edat2 = false;
  bool operator==(const SpaceName&) const = default;
  mmu::DatControls controls() const { return {edat1, edat2, false}; }
  /// The same in the form in which TLB contexts carry it (mmu::ContextKey::host_space).
  u64 host_space() const {
    constexpr u64 kEdat1 = 0x10, kEdat2 = 0x800; // bits that have no meaning in an ASCE
    return (asce & ~(kEdat1 | kEdat2)) | (edat1 ? kEdat1 : 0) | (edat2 ? kEdat2 : 0);
  }
};

struct Space {
  SpaceName name;
  std::unique_ptr<Table> top; ///< none for a real-space designation
  u64 last_use = 0;
};

} // namespace siena::sie::shadow_gmap
