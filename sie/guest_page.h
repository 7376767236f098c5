// SPDX-License-Identifier: BSD-3-Clause
// What the SIE host's tables know of one page of the guest besides its frame. A page table of the SIE host is followed, 2048 bytes
// behind each entry, by a page-status-table entry (PGSTE): the part of the guest's storage key that the frame's own key cannot
// hold, and the guest's page state (ESSA). Only instructions that ask for them look there, ordinary accesses never do: when the SIE
// host's program takes a page away, or gives it another frame, it carries the key over. Facts 4.7.
#pragma once

#include "sie/host_space.h"

namespace siena::sie {

/// PGSTE, big-endian doubleword. A key byte's access control and fetch protection stand in byte 0, its reference and change bit
/// at two more places. The other bits are the SIE host's program's.
namespace page_status {
constexpr unsigned kKey = 56;            ///< the guest's access control and fetch protection
constexpr unsigned kHostReferences = 52; ///< what the frame's reference and change bit were, for the SIE host's program
constexpr unsigned kGuestReferences = 48; ///< what the guest has set or not yet reset
constexpr u64 kLock = 0x0080'0000'0000'0000;
constexpr u64 kZero = 0x8000'0000;        ///< the page's contents are discarded: zero when it comes back
constexpr u64 kNoTranslate = 0x4000'0000; ///< declared to hold no translation tables
constexpr u64 kUsage = 0x0300'0000;
constexpr unsigned kUsageShift = 24;
} // namespace page_status

struct GuestPage {
  enum class Kind : u8 {
    Unreachable, ///< no page-table entry: `translation` says why
    Frame,       ///< a frame without a PGSTE: part of a large frame of the SIE host, or its space is real
    Entry,       ///< has a PGSTE
  };
  Kind kind = Kind::Unreachable;
  bool resident = false;        ///< has a frame: the page-table entry is valid
  AbsoluteAddress frame{};      ///< when it is resident
  AbsoluteAddress status{};     ///< Kind::Entry: where the PGSTE is
  mmu::Translation translation; ///< not resident: the fault
};

GuestPage find_page(HostSpace& space, const mmu::AbsoluteStorage& storage, u64 guest_absolute);

/// A PGSTE while its lock is ours. The SIE host's program takes the same lock on other CPUs with compare and swap.
class PageStatus {
 public:
  PageStatus(mmu::AbsoluteStorage& storage, AbsoluteAddress at);
  ~PageStatus();
  PageStatus(const PageStatus&) = delete;
  PageStatus& operator=(const PageStatus&) = delete;

  /// False: somebody else has the lock, or there is no such storage; `value` means nothing then.
  bool locked() const { return locked_; }
  u64 value = 0; ///< stored when the lock is released

 private:
  mmu::AbsoluteStorage& storage_;
  AbsoluteAddress at_;
  u64 old_ = 0;
  bool locked_ = false;
};

} // namespace siena::sie
