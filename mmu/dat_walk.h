// SPDX-License-Identifier: BSD-3-Clause
// Dynamic address translation (PoP, Storage, *Dynamic Address Translation*): the walk from an ASCE through region, segment and
// page tables. Pure given storage; caches nothing.
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

} // namespace siena::mmu
