// SPDX-License-Identifier: BSD-3-Clause
// Program-interruption codes and what the old PSW designates (PoP, Interruptions, *Program interruption*).
#pragma once

#include "base/types.h"

namespace siena::cpu {

enum class ProgramInterruption : u16 {
  None = 0,
  Operation = 0x01,
  PrivilegedOperation = 0x02,
  Execute = 0x03,
  Protection = 0x04,
  Addressing = 0x05,
  Specification = 0x06,
  Data = 0x07,
  FixedPointOverflow = 0x08,
  FixedPointDivide = 0x09,
  DecimalOverflow = 0x0A,
  DecimalDivide = 0x0B,
  HexExponentOverflow = 0x0C,
  HexExponentUnderflow = 0x0D,
  HexSignificance = 0x0E,
  HexDivide = 0x0F,
  SegmentTranslation = 0x10,
  PageTranslation = 0x11,
  TranslationSpecification = 0x12,
  SpecialOperation = 0x13,
  Operand = 0x15,
  TraceTable = 0x16,
  VectorProcessing = 0x1B,
  SpaceSwitch = 0x1C,
  AletSpecification = 0x28,
  Alen = 0x29,
  AleSequence = 0x2A,
  AsteValidity = 0x2B,
  AsteSequence = 0x2C,
  ExtendedAuthority = 0x2D,
  PrimaryAuthority = 0x24,
  SecondaryAuthority = 0x25,
  AsceType = 0x38,
  RegionFirstTranslation = 0x39,
  RegionSecondTranslation = 0x3A,
  RegionThirdTranslation = 0x3B,
  Monitor = 0x40,
  Per = 0x80,
};

/// Nullification: the old PSW designates the instruction itself. All other codes suppress, complete or terminate: the old PSW
/// designates the next instruction.
constexpr bool nullifies(u16 code) {
  switch (code & 0x7F) {
  case 0x10:
  case 0x11: // segment, page translation
  case 0x29:
  case 0x2A:
  case 0x2B:
  case 0x2C: // ALEN .. ASTE sequence
  case 0x2D: // extended authority
  case 0x20:
  case 0x21:
  case 0x22:
  case 0x23: // AFX, ASX, LX, EX translation
  case 0x24:
  case 0x25:
  case 0x26:
  case 0x27: // authorities, LFX, LSX
  case 0x30:
  case 0x31:
  case 0x32:
  case 0x33:
  case 0x34: // linkage stack
  case 0x38:
  case 0x39:
  case 0x3A:
  case 0x3B: // ASCE type, region translation
    return true;
  default: return false;
  }
}

/// What a program interruption stores besides its code and PSW.
struct ProgramDetail {
  ProgramInterruption code = ProgramInterruption::None;
  u8 exception_access_id = 0;  ///< real 0xA0
  u8 operand_access_id = 0;    ///< real 0xA2
  u32 data_exception_code = 0; ///< real 0x90; Data and VectorProcessing
  u64 teid = 0;                ///< real 0xA8; access exceptions
  u16 monitor_class = 0;       ///< real 0x94; Monitor
  u64 monitor_code = 0;        ///< real 0xB0; Monitor
};

/// A program event (PER) that waits for the end of the instruction. Code 0 means none.
struct PerEvent {
  u8 code = 0;      ///< real 0x96: event bits, as in CR9 bits 32-39
  u8 atmid = 0;     ///< real 0x97
  u8 access_id = 0; ///< real 0xA1
  u64 address = 0;  ///< real 0x98
};

/// Real addresses of the prefix area (PoP, *Assigned storage locations*).
namespace lowcore {
constexpr u16 kExternalParameter = 0x80, kExternalCpuAddress = 0x84, kExternalCode = 0x86, kSvcIlc = 0x88,
              kSvcCode = 0x8A, kProgramIlc = 0x8C, kProgramCode = 0x8E, kDataExceptionCode = 0x90, kMonitorClass = 0x94,
              kPerCode = 0x96, kPerAtmid = 0x97, kPerAddress = 0x98, kExceptionAccessId = 0xA0, kPerAccessId = 0xA1,
              kOperandAccessId = 0xA2, kArchitecturalMode = 0xA3, kTeid = 0xA8, kMonitorCode = 0xB0,
              kSubsystemId = 0xB8, kIoParameter = 0xBC, kIoIdentification = 0xC0, kStfl = 0xC8,
              kMachineCheckCode = 0xE8, kBreakingEvent = 0x110, kRestartOld = 0x120, kExternalOld = 0x130,
              kSvcOld = 0x140, kProgramOld = 0x150, kMachineCheckOld = 0x160, kIoOld = 0x170, kRestartNew = 0x1A0,
              kExternalNew = 0x1B0, kSvcNew = 0x1C0, kProgramNew = 0x1D0, kMachineCheckNew = 0x1E0, kIoNew = 0x1F0,
              kExternalParameter2 = 0x11B8, kSaveArea = 0x1200;
} // namespace lowcore

} // namespace siena::cpu
