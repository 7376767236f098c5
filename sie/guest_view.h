// SPDX-License-Identifier: BSD-3-Clause
// Guests looked at from outside, while the machine stands still: registers from the state description, storage through the tables of the
// guest and of its SIE host. Looking changes nothing: no reference bit, no translation buffer, no shadow; no key and no protection counts.
#pragma once

#include "mmu/dat_walk.h"
#include "sie/guest_directory.h"

#include <optional>

namespace siena::sie {

/// The SIE host's half of a guest's storage, by its tables as they are now.
class HostTables final : public mmu::SieHostSpace {
 public:
  struct Extent {
    u64 origin = 0;               ///< main-storage origin
    u64 last = ~u64{0};           ///< last guest-absolute address
    shadow_gmap::SpaceName space; ///< the SIE host's
    u32 prefix = 0;               ///< the SIE host's
  };
  HostTables(mmu::AbsoluteStorage& storage, const Extent& extent) : storage_(storage), extent_(extent) {}
  /// Whose fault it is does not count here. `writable` is what the tables say.
  mmu::Translation translate(u64 guest_absolute, mmu::Access access) override;
  const Extent& extent() const { return extent_; }

 private:
  mmu::AbsoluteStorage& storage_;
  Extent extent_;
};

/// Storage as a program sees it.
class ProgramView {
 public:
  /// `host` is null for guest 1, and outlives the view. Access-register mode is taken for primary-space mode.
  ProgramView(mmu::AbsoluteStorage& storage,
              const cpu::Registers& registers,
              const mmu::DatControls& installed,
              mmu::SieHostSpace* host);

  struct Page {
    AbsoluteAddress frame{}; ///< in the machine's storage
    bool writable = true;    ///< by the tables of the SIE host, if there is one: a page that others may share is not
  };
  /// The 4-KB page of a logical address; nothing when there is none.
  std::optional<Page> page(u64 logical) const;
  /// Likewise by absolute address of the program's own storage.
  std::optional<Page> absolute_page(u64 absolute) const;
  /// Low bits of an address that count.
  u64 address_mask() const { return address_mask_; }

 private:
  mmu::AbsoluteStorage& storage_;
  mmu::SieHostSpace* host_;
  mmu::DatControls controls_;
  std::optional<u64> asce_; ///< DAT is on
  u32 prefix_;
  u64 address_mask_;
};

/// A CPU of a guest that is not running: what its state description says, and general registers 0-13 if `general` says that they are
/// those of the last exit. Access, floating-point and vector registers are somewhere in its SIE host.
struct GuestCpuView {
  GuestCpuView(mmu::AbsoluteStorage& storage, const KnownCpu& known);

  StateDescription description;
  cpu::Registers registers;
  u64 cpu_timer = 0;
  bool general = false;
  HostTables host;

  /// `host` must stay where it is.
  ProgramView program(mmu::AbsoluteStorage& storage);
};

} // namespace siena::sie
