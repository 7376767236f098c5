// SPDX-License-Identifier: BSD-3-Clause
// The architected registers of one CPU, as SIGP, SIE, the debugger and snapshots see them.
#pragma once

#include "base/snapshot.h"
#include "base/types.h"
#include "cpu/state/psw.h"

namespace siena::cpu {

/// A vector register; its high half is the floating-point register of the same number (0-15).
struct VectorRegister {
  u64 high = 0;
  u64 low = 0;
};

/// Control-register bits by their names, as values of the 64-bit register (PoP, Control, *Assignment of control registers*).
namespace cr0 {
constexpr u64 kClockComparatorSign = bit(10), kSsmSuppression = bit(33), kTodSync = bit(34),
              kLowAddressProtection = bit(35), kExtractionAuthority = bit(36), kSecondarySpace = bit(37),
              kFetchProtectionOverride = bit(38), kStorageProtectionOverride = bit(39), kEnhancedDat = bit(40),
              kInstructionExecutionProtection = bit(43), kAfpRegisters = bit(45), kVector = bit(46),
              kMalfunctionAlert = bit(48), kEmergencySignal = bit(49), kExternalCall = bit(50),
              kClockComparator = bit(52), kCpuTimer = bit(53), kServiceSignal = bit(54), kInterruptKey = bit(57);
} // namespace cr0
namespace cr14 {
constexpr u64 kChannelReport = bit(35), kRecovery = bit(36), kDegradation = bit(37), kExternalDamage = bit(38),
              kWarning = bit(39);
} // namespace cr14

struct Registers {
  Psw psw;
  u64 gr[16] = {};
  u64 cr[16] = {};
  u32 ar[16] = {};
  VectorRegister vr[32] = {};
  u32 fpc = 0;
  u32 prefix = 0;            ///< absolute address of the prefix area, a multiple of 8 KB
  u32 tod_programmable = 0;  ///< bits 16-31 used (SCKPF)
  u64 clock_comparator = 0;  ///< TOD units
  u64 breaking_event = 1;    ///< breaking-event address
  u64 program_parameter = 0; ///< LPP

  u64& fpr(unsigned n) { return vr[n].high; }
  u64 fpr(unsigned n) const { return vr[n].high; }
  u32 gr32(unsigned n) const { return static_cast<u32>(gr[n]); }
  /// Replaces bits 32-63 of a general register.
  void set_gr32(unsigned n, u32 value) { gr[n] = (gr[n] & 0xFFFF'FFFF'0000'0000) | value; }
  u32 gr_high(unsigned n) const { return static_cast<u32>(gr[n] >> 32); }
  /// Replaces bits 0-31 of a general register.
  void set_gr_high(unsigned n, u32 value) { gr[n] = (gr[n] & 0xFFFF'FFFF) | (static_cast<u64>(value) << 32); }

  void save(SnapshotWriter& w) const;
  void restore(SnapshotReader& r);
};

} // namespace siena::cpu
