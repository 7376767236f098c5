// SPDX-License-Identifier: BSD-3-Clause
// The SIE host's half of a guest's storage access: guest absolute -> (main-storage origin and limit) -> SIE-host primary virtual ->
// (DAT with the SIE host's CR1) -> SIE-host real -> (prefixing) -> absolute storage. Whatever address-space mode the SIE host's
// PSW has, its primary space is meant. Its storage keys, low-address protection and instruction-execution protection do not count.
// What its tables say comes from guest 1's shadows.
#pragma once

#include "sie/shadow_gmap/gmap.h"

namespace siena::sie {

class HostSpace final : public mmu::SieHostSpace {
 public:
  struct Parameters {
    shadow_gmap::SpaceName space;    ///< the SIE host's CR1 and enhanced DAT
    u32 prefix = 0;                  ///< the SIE host's
    u64 origin = 0;                  ///< main-storage origin
    u64 last = ~u64{0};              ///< last guest-absolute address
    bool protection_to_host = false; ///< protection goes to the SIE host (ECB host protection), else to the guest
    bool fetch_store_indication = true;
  };

  HostSpace(mmu::AbsoluteStorage& storage, shadow_gmap::Gmap& gmap) : storage_(storage), gmap_(gmap) {}
  void set(const Parameters& p) { p_ = p; }
  const Parameters& parameters() const { return p_; }

  /// Translation exceptions belong to the SIE host, with a TEID that names its virtual address. Addresses beyond the limit and
  /// frames or tables outside main storage are addressing exceptions of the guest.
  mmu::Translation translate(u64 guest_absolute, mmu::Access access) override;

  /// A protection exception that was handed to the guest came from the SIE host's tables (read once).
  bool take_protection_met() {
    const bool met = protection_met_;
    protection_met_ = false;
    return met;
  }

 private:
  mmu::AbsoluteStorage& storage_;
  shadow_gmap::Gmap& gmap_;
  Parameters p_;
  bool protection_met_ = false;
};

} // namespace siena::sie
