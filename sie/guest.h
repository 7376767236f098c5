// SPDX-License-Identifier: BSD-3-Clause
// What the machine keeps about one CPU from SIE until interpretation ends: the state description as it was at entry, and the
// registers of the SIE host that are not the guest's as well. The guest's registers are in the Cpu itself.
#pragma once

#include "cpu/state/registers.h"
#include "sie/guest_directory.h"
#include "sie/host_space.h"
#include "sie/state_description.h"

namespace siena::sie {

struct Guest {
  Guest(mmu::AbsoluteStorage& storage, shadow_gmap::Gmap& gmap) : space(storage, gmap) {}

  u64 block = 0;       ///< absolute address of the state description
  StateDescription sd; ///< as it was at entry; cpuflags byte 0 is read in storage
  HostSpace space;
  KnownCpu* known = nullptr; ///< while the CPU is at level 1
  u64 control_area = 0;      ///< system control area (SCA), 0 when there is none
  AbsoluteAddress prefix_pages[2]{};
  bool interlocked = false;

  /// The SIE host: PSW (behind SIE), control registers, general registers 14 and 15, prefix, clock comparator, TOD
  /// programmable register, breaking event and program parameter. Nothing else of it is valid.
  cpu::Registers host;
  u64 host_timer_zero = 0; ///< CPU timer plus time, which does not change while the timer runs
  u64 host_epoch = 0;
  u64 instructions_at_entry = 0;
  bool entering = false; ///< the engine has not yet counted the SIE itself
  u8 host_ilc = 4;       ///< of SIE, or of the EXECUTE whose target it was

  /// The interception that an instruction has ended in (Outcome::Interception).
  struct Pending {
    Interception code = Interception::HostInterruption;
    u8 status = 0;
    bool nullifies = false; ///< the guest PSW designates the instruction itself
    u64 text = 0;           ///< left-aligned, zero behind its end
    bool has_entries = false;
    u64 first_entry = 0, second_entry = 0; ///< MOVE PAGE, partial execution
  } pending;
};

} // namespace siena::sie
