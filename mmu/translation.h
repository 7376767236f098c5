// SPDX-License-Identifier: BSD-3-Clause
// What a translation needs and what it answers. A failed translation says whose it is: the guest's (a program interruption of
// the program that made the access) or the SIE host's (docs/architecture.md section 5).
#pragma once

#include "base/address.h"
#include "base/types.h"

namespace siena::mmu {

enum class Access : u8 { Fetch, Store, Instruction };

/// Program-interruption codes that translation and protection can end in (PoP, Interruptions); 0 is "none".
namespace fault {
constexpr u16 kNone = 0, kProtection = 0x04, kAddressing = 0x05, kSegmentTranslation = 0x10, kPageTranslation = 0x11,
              kTranslationSpecification = 0x12, kAsceType = 0x38, kRegionFirst = 0x39, kRegionSecond = 0x3A,
              kRegionThird = 0x3B;
} // namespace fault

enum class Owner : u8 { Guest, SieHost };

/// Whose translations an invalidation concerns: guest 1's own, with what is composed of them and its guests' (level 0); or the guest half of
/// those guests under SIE that are in one space of the SIE host.
struct TranslationScope {
  bool interpretive = false;
  u64 host_space = 0; ///< as in ContextKey (mmu/tlb.h); level 0: unused
};

/// Bits of the translation-exception identification besides the page address (PoP, *Translation-exception identification*).
namespace teid {
constexpr u64 kStore = 0x400, kFetch = 0x800, kLowAddress = 0x80, kKeyControlled = 0x08, kDatProtection = 0x04,
              kInstructionExecution = 0x84, kAccessList = 0x0C;
} // namespace teid

struct Translation {
  AbsoluteAddress page{}; ///< absolute address of the 4-KB frame
  u16 fault = fault::kNone;
  Owner owner = Owner::Guest;
  u64 teid = 0;           ///< bits 52-61 as they are to be stored; page address and address space are the caller's
  u64 host_teid = 0;      ///< Owner::SieHost: the complete TEID for the SIE host
  bool writable = true;   ///< no DAT protection on the way, at any level
  bool executable = true; ///< no instruction-execution protection
  u64 leaf = 0;           ///< absolute address of the table entry that ended the walk, as a leaf or as invalid; else 0
  u64 host_leaf = 0;      ///< the same for the SIE host's half
  bool ok() const { return fault == fault::kNone; }
};

/// The SIE host's half of a guest-2 access: guest absolute -> absolute storage of the machine. Implemented by sie.
class SieHostSpace {
 public:
  virtual ~SieHostSpace() = default;
  /// Answers a page, or a fault with its owner, for one guest-absolute address. `leaf` is the SIE host's leaf entry.
  virtual Translation translate(u64 guest_absolute, Access access) = 0;
};

} // namespace siena::mmu
