// SPDX-License-Identifier: BSD-3-Clause
// Dynamic address translation (PoP, Storage, *Dynamic Address Translation*): the walk from an ASCE through region, segment and
// page tables. Pure given storage; caches nothing. The single steps are here too, for whoever keeps what a walk has found
// (sie/shadow_gmap): the rules stand in one place.
#pragma once

#include "mmu/storage.h"
#include "mmu/translation.h"

namespace siena::mmu {

/// Address-space-control element bits.
namespace asce {
constexpr u64 kPrivate = 0x100, kStorageAlteration = 0x80, kSpaceSwitch = 0x40, kRealSpace = 0x20, kType = 0x0C,
              kLength = 0x03, kOriginMask = ~u64{0xFFF};
} // namespace asce

struct DatControls {
  bool edat1 = false; ///< EDAT-1 installed and CR0 bit 40 one
  bool edat2 = false; ///< EDAT-2 as well
  bool iep = false;   ///< instruction-execution protection installed and CR0 bit 43 one
  bool operator==(const DatControls&) const = default;
};

/// Where table entries are read: main storage, or (`host` not null) guest-absolute storage of a guest under SIE. Table addresses
/// are treated as absolute: no prefixing, as other implementations do (docs/deviations.md).
struct TableStorage {
  AbsoluteStorage& storage;
  SieHostSpace* host = nullptr;
};

/// What the walk found: a real address (not yet prefixed), or a fault. Does not look at keys, nor whether the resulting address
/// is in main storage.
struct DatResult {
  RealAddress real{};
  Translation translation; ///< fault, owner, writable, executable, leaf; `page` is unused
};

/// Walks `asce_value` for `address`. Protection is only reported (`writable`), not turned into a fault.
DatResult dat_walk(VirtualAddress address, u64 asce_value, const DatControls& controls, const TableStorage& tables);

enum class TableLevel : u8 { Page, Segment, RegionThird, RegionSecond, RegionFirst };
constexpr std::size_t kTableLevels = 5;

/// Low bit of the part of a virtual address that indexes a table of that level; one entry translates 2^shift bytes.
constexpr unsigned index_shift(TableLevel level) {
  return level == TableLevel::Page ? 12 : 20 + 11 * (static_cast<unsigned>(level) - 1);
}
constexpr unsigned table_entries(TableLevel level) { return level == TableLevel::Page ? 256 : 2048; }
constexpr unsigned table_index(VirtualAddress a, TableLevel level) {
  return static_cast<unsigned>(a.value >> index_shift(level)) & (table_entries(level) - 1);
}
constexpr TableLevel below(TableLevel level) { return static_cast<TableLevel>(static_cast<u8>(level) - 1); }

/// A translation table as its designation (ASCE or next higher entry) has it, with what the walk has met so far.
struct DatTable {
  TableLevel level = TableLevel::Page;
  u64 origin = 0;         ///< of entry 0
  u8 first = 0, last = 3; ///< quarters of a region or segment table that exist (table offset, table length)
  bool writable = true, executable = true;
  bool private_space = false;
  bool operator==(const DatTable&) const = default;
  u64 entry(VirtualAddress a) const { return origin + u64{table_index(a, level)} * 8; }
};

/// The table that an ASCE (not a real-space one) designates.
DatTable designated_table(u64 asce_value);
/// The exception for an address that the table has no entry for, or fault::kNone. `top`: the ASCE designates the table.
u16 outside(const DatTable& table, VirtualAddress a, bool top);

/// What a table entry says.
struct DatEntry {
  enum class Kind : u8 { Fault, Table, Frame };
  Kind kind = Kind::Fault;
  u16 fault = fault::kNone;
  bool invalid = false; ///< Fault: by the entry's invalid bit
  DatTable table;       ///< Table
  u64 frame = 0;        ///< Frame: real address of its first byte; 4 KB, 1 MB or 2 GB by the level of the entry
  bool writable = true, executable = true;
  bool operator==(const DatEntry&) const = default;
};
DatEntry decode_entry(const DatTable& table, u64 value, const DatControls& controls);
/// Is this a valid entry of a segment table, when it is one of a region or segment table?
bool is_segment_table_entry(u64 value);

} // namespace siena::mmu
