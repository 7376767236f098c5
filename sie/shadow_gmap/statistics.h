// SPDX-License-Identifier: BSD-3-Clause
// What shadowing has cost and saved, for tests, benchmarks and the report at exit. Not part of the machine's state.
#pragma once

#include "mmu/dat_walk.h"

#include <array>

namespace siena::sie::shadow_gmap {

/// Why something was removed.
enum class Cause : u8 {
  Store,        ///< a store to a shadowed table, by whatever CPU or device
  Invalidation, ///< IPTE, IDTE, CRDTE, RDP
  Purge,        ///< PTLB, CSP, CSPG
  Eviction,     ///< no room
};
constexpr std::size_t kCauses = 4;

struct Statistics {
  using PerLevel = std::array<u64, mmu::kTableLevels>; ///< by mmu::TableLevel of the table
  u64 spaces = 0;                                      ///< shadows made
  PerLevel tables{};                                   ///< tables made, the top ones too
  u64 pages = 0;                                       ///< page entries made
  u64 hits = 0;                                        ///< translations answered without reading a table of guest 1
  u64 table_reads = 0;                                 ///< entries of guest 1's tables read
  u64 removed_spaces[kCauses] = {};
  PerLevel removed_tables[kCauses] = {}; ///< subtrees, by the level of their uppermost table
  u64 removed_pages[kCauses] = {};       ///< single page entries
};

} // namespace siena::sie::shadow_gmap
