// SPDX-License-Identifier: BSD-3-Clause
// The program-status word (PoP, Control, *Program-Status Word*). Everything but the condition code stays packed as in
// storage, so that a PSW with reserved bits set survives a round trip (early specification exceptions store it back).
#pragma once

#include "base/bits.h"
#include "base/types.h"

namespace siena::cpu {

enum class AddressSpace : u8 { Primary = 0, AccessRegister = 1, Secondary = 2, Home = 3 };

struct Psw {
  static constexpr u64 kPer = bit(1), kDat = bit(5), kIo = bit(6), kExternal = bit(7), kKey = 0x00F0'0000'0000'0000,
                       kMustBeZero12 = bit(12), kMachineCheck = bit(13), kWait = bit(14), kProblem = bit(15),
                       kAddressSpace = 0x0000'C000'0000'0000, kCc = 0x0000'3000'0000'0000,
                       kProgramMask = 0x0000'0F00'0000'0000, kFixedPointOverflow = bit(20), kDecimalOverflow = bit(21),
                       kHexUnderflow = bit(22), kHexSignificance = bit(23), kExtendedAddressing = bit(31),
                       kBasicAddressing = bit(32);
  /// Bits that a valid z/Architecture PSW has as zeros: 0, 2-4, 12, 24-30 and 33-63 (bit 24 belongs to a facility not offered).
  static constexpr u64 kReserved = 0xB808'00FE'7FFF'FFFF | bit(24);

  u64 mask = 0;    ///< bits 0-63; the condition-code field in it is stale, use `cc` and `packed_mask`
  u64 address = 0; ///< the next instruction's address while one is executed (the "updated" PSW)
  u8 cc = 0;

  u64 packed_mask() const { return (mask & ~kCc) | (static_cast<u64>(cc) << 44); }
  void unpack(u64 m, u64 a) {
    mask = m;
    address = a;
    cc = static_cast<u8>((m >> 44) & 3);
  }

  bool has(u64 b) const { return (mask & b) != 0; }
  bool problem_state() const { return has(kProblem); }
  u8 key() const { return static_cast<u8>((mask & kKey) >> 48); } ///< in the high nibble, as in a storage key
  AddressSpace address_space() const { return static_cast<AddressSpace>((mask & kAddressSpace) >> 46); }
  void set(u64 bits_to_change, bool on) { mask = on ? mask | bits_to_change : mask & ~bits_to_change; }
  void set_field(u64 field, u64 value) { mask = (mask & ~field) | (value & field); }

  /// 64 when EA and BA are one, 31 when only BA is, else 24.
  u64 address_mask() const {
    if (has(kExtendedAddressing)) return ~u64{0};
    return has(kBasicAddressing) ? 0x7FFF'FFFF : 0x00FF'FFFF;
  }
  /// False: an early specification exception is recognised when this PSW becomes current (PoP, *Exceptions associated with the PSW*).
  bool valid() const {
    if ((mask & kReserved) != 0) return false;
    if (has(kExtendedAddressing)) return has(kBasicAddressing);
    return (address & ~address_mask()) == 0;
  }
};

} // namespace siena::cpu
