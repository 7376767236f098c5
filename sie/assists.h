// SPDX-License-Identifier: BSD-3-Clause
// Which controls of a state description the machine honours. Each is a facility that the SIE host is told of (docs/facilities.md);
// without it the control is ignored, not refused: programs set some of them without asking.
#pragma once

#include "sie/state_description.h"

namespace siena::sie {

struct Assists {
  bool storage_limit_suppression = true;
  bool keyless_subset = true;
  bool host_protection = true;
  bool guest_per = true;
  bool shared_interlock = true;
  bool conditional_external = true;
  bool sca_64bit_origin = true;
  bool signal_processor = true; ///< EXTERNAL CALL
  bool sense_running = true;
  bool storage_keys = true;
  bool storage_attributes = true; ///< ESSA
  bool frame_management = true;   ///< PFMF
  bool facility_list_format_2 = true;
  u64 maximum_host_address = ~u64{0}; ///< what a guest without limit suppression may end at

  /// Clears the controls that are not there.
  void restrict(StateDescription& sd) const {
    const auto clear = [](auto& field, auto mask, bool there) {
      if (!there) field = static_cast<decltype(mask)>(field & ~mask);
    };
    clear(sd.cpuflags, cpuflags::kStorageLimitSuppression, storage_limit_suppression);
    clear(sd.cpuflags, cpuflags::kKeylessSubset, keyless_subset);
    clear(sd.cpuflags, cpuflags::kGuestPer, guest_per);
    clear(sd.ecb, ecb::kHostProtection, host_protection);
    clear(sd.eca, eca::kSharedInterlock, shared_interlock);
    clear(sd.eca, eca::kConditionalExternal, conditional_external);
    clear(sd.eca, eca::kSignalProcessor, signal_processor);
    clear(sd.ecb, ecb::kSenseRunning, sense_running);
    clear(sd.scaoh, ~u32{0}, sca_64bit_origin);
    clear(sd.ecb2, ecb2::kStorageAttributes, storage_attributes);
    clear(sd.ecb2, ecb2::kFrameManagement, frame_management);
    // Here the control is that the instructions are not intercepted.
    if (!storage_keys) sd.ictl = sd.ictl | ictl::kInsertKey | ictl::kSetKey | ictl::kResetReference;
  }
};

} // namespace siena::sie
