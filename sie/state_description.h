// SPDX-License-Identifier: BSD-3-Clause
// The state description (SIE block), format 2: 512 bytes of absolute storage that say how a guest runs and hold what it does not
// keep in the real registers. Names follow Linux's struct kvm_s390_sie_block where it has one. Which fields the machine reads,
// reads again while the guest runs, and writes: docs/sie.md.
#pragma once

#include "base/big_endian.h"

#include <cstddef>

namespace siena::sie {

struct StateDescription {
  Big32 cpuflags;     ///< 000 byte 0 is changed by other CPUs while the guest runs
  Big32 prefix;       ///< 004 bits 1-18: prefix; bits 20-31: IBC
  Big64 reserved08;   ///< 008
  u8 reserved10[24];  ///< 010 software and protected-guest fields
  Big64 cputm;        ///< 028 CPU timer
  Big64 ckc;          ///< 030 clock comparator
  Big64 epoch;        ///< 038 added to the SIE host's TOD
  Big32 svcc;         ///< 040 SVC interception
  Big16 lctl;         ///< 044 LCTL interception: bit n for control register n
  Big16 icpua;        ///< 046 guest CPU address
  Big32 ictl;         ///< 048 interception controls
  Big32 eca;          ///< 04C execution controls A
  u8 icptcode;        ///< 050 interception code
  u8 icptstatus;      ///< 051
  Big16 ihcpu;        ///< 052 CPU that ran this block last; 0xFFFF: purge
  u8 reserved54[2];   ///< 054
  Big16 ipa;          ///< 056 instruction text, bytes 0-1
  Big32 ipb;          ///< 058 instruction text, bytes 2-5
  Big32 scaoh;        ///< 05C system-control-area origin, high word
  u8 fpf;             ///< 060
  u8 ecb;             ///< 061 execution controls B
  u8 ecb2;            ///< 062
  u8 ecb3;            ///< 063
  Big32 scaol;        ///< 064 system-control-area origin, low word
  u8 sdf;             ///< 068 state-description format
  u8 epdx;            ///< 069 epoch index
  u8 cpnc;            ///< 06A control program name code
  u8 reserved6b;      ///< 06B
  Big32 todpr;        ///< 06C TOD programmable register
  Big32 gd;           ///< 070 guest interruption-state area designation
  u8 zone;            ///< 074 zero
  u8 reserved75[11];  ///< 075
  Big64 mso;          ///< 080 main-storage origin
  Big64 msl;          ///< 088 main-storage limit: address of the last megabyte
  Big64 gpsw_mask;    ///< 090
  Big64 gpsw_address; ///< 098
  Big64 gg14;         ///< 0A0
  Big64 gg15;         ///< 0A8
  u8 reservedb0[8];   ///< 0B0
  u8 hpid;            ///< 0B8 host program id: what made this block, for whoever looks at it
  u8 reservedb9[7];   ///< 0B9
  u8 parameters[52];  ///< 0C0 interruption parameters
  u8 reservedf4[8];   ///< 0F4
  Big32 crycbd;       ///< 0FC crypto control block designation
  Big64 gcr[16];      ///< 100
  Big64 gbea;         ///< 180 breaking-event address
  Big64 reserved188;  ///< 188
  Big64 sdnxo;        ///< 190 state-description annex
  Big64 reserved198;  ///< 198
  Big32 fac;          ///< 1A0 facility-list designation
  u8 reserved1a4[20]; ///< 1A4
  Big64 cbrlo;        ///< 1B8 collaborative-memory list
  Big64 reserved1c0;  ///< 1C0
  Big32 ecd;          ///< 1C8
  u8 reserved1cc[18]; ///< 1CC
  u8 pp[8];           ///< 1DE program parameter, not aligned
  u8 reserved1e6[2];  ///< 1E6
  Big64 itdba;        ///< 1E8
  Big64 riccbd;       ///< 1F0
  Big64 gvrd;         ///< 1F8
};

static_assert(sizeof(StateDescription) == 512);
static_assert(offsetof(StateDescription, cputm) == 0x28 && offsetof(StateDescription, svcc) == 0x40);
static_assert(offsetof(StateDescription, icptcode) == 0x50 && offsetof(StateDescription, ipa) == 0x56);
static_assert(offsetof(StateDescription, scaol) == 0x64 && offsetof(StateDescription, zone) == 0x74);
static_assert(offsetof(StateDescription, mso) == 0x80 && offsetof(StateDescription, gg14) == 0xA0);
static_assert(offsetof(StateDescription, hpid) == 0xB8 && offsetof(StateDescription, parameters) == 0xC0 &&
              offsetof(StateDescription, crycbd) == 0xFC);
static_assert(offsetof(StateDescription, gcr) == 0x100 && offsetof(StateDescription, gbea) == 0x180);
static_assert(offsetof(StateDescription, fac) == 0x1A0 && offsetof(StateDescription, ecd) == 0x1C8);
static_assert(offsetof(StateDescription, pp) == 0x1DE && offsetof(StateDescription, gvrd) == 0x1F8);

/// cpuflags. The requests are in byte 0.
namespace cpuflags {
constexpr u32 kWait = 0x1000'0000, kExternalCallPending = 0x0800'0000, kRunning = 0x0080'0000,
              kStopRequest = 0x0400'0000, kIoRequest = 0x0200'0000, kExternalRequest = 0x0100'0000, kRrf = 0x8000,
              kSlsv = 0x4000, kSlsr = 0x2000, kZarch = 0x800, kKeylessSubset = 0x200, kMcds = 0x100,
              kStorageLimitSuppression = 0x80, kEdat2 = 0x10, kEdat1 = 0x04, kGuestPer = 0x01;
} // namespace cpuflags

/// ictl: what else is intercepted. Bits that belong to one instruction stand in that instruction's row.
namespace ictl {
constexpr u32 kOperation = 0x8000'0000, kPrivileged = 0x4000'0000, kProgram = 0x2000'0000, kFacilities = 0x1000'0000,
              kTestAndSet = 0x0800'0000, kCompareAndSwap = 0x0400'0000, kCompareDoubleAndSwap = 0x0200'0000,
              kInvalidation = 0x0100'0000, kLoadPsw = 0x0040'0000, kInsertKey = 0x4000, kSetKey = 0x2000,
              kResetReference = 0x1000, kTestProtection = 0x200;
} // namespace ictl

namespace eca {
constexpr u32 kConditionalExternal = 0x8000'0000, kSignalProcessor = 0x1000'0000, kMovePage = 0x0100'0000,
              kVector = 0x2'0000, kProtection = 0x2000, kApInterpretation = 0x8, kSharedInterlock = 0x1;
} // namespace eca
namespace ecb {
constexpr u8 kGuardedStorage = 0x40, kTransactional = 0x10, kSpecification = 0x08, kSenseRunning = 0x04,
             kHostProtection = 0x02, kTopology = 0x01;
} // namespace ecb
namespace ecb2 {
constexpr u8 kStorageAttributes = 0x80, kExecutionProtection = 0x20, kStatusBypass = 0x10, kFrameManagement = 0x08,
             kExtendedSca = 0x04;
} // namespace ecb2
namespace ecb3 {
constexpr u8 kRuntimeInstrumentation = 0x01;
} // namespace ecb3
namespace ecd {
constexpr u32 kHostRegisterManagement = 0x2000'0000, kMultipleEpoch = 0x0800'0000, kEntropyToken = 0x0200'0000;
} // namespace ecd

/// icptcode.
enum class Interception : u8 {
  HostInterruption = 0x00, ///< not an interception: the SIE host was interrupted
  Instruction = 0x04,
  Program = 0x08,
  InstructionWithCondition = 0x0C, ///< COMPARE AND SWAP and its kin have set condition code 1
  ExternalRequest = 0x10,
  External = 0x14,
  IoRequest = 0x18,
  Wait = 0x1C,
  Validity = 0x20,
  Stop = 0x28,
  OperationException = 0x2C,
  Partial = 0x38,
  KeylessSubset = 0x5C,
};

/// icptstatus.
namespace icptstatus {
constexpr u8 kText = 0x80, kExecuteLong = 0x60, kExecute = 0x40, kPerFetch = 0x02, kExecuted = 0x01;
} // namespace icptstatus

/// Why a state description is not valid (ipb bits 0-15).
enum class Validity : u16 {
  None = 0,
  Mode = 0x0001,
  InterpretedSie = 0x0007,
  PrefixOutside = 0x0010,
  ScaInHostPrefix = 0x0011,
  CrycbFormat = 0x0022,
  ScaAddress = 0x0034,
  CrycbAddress = 0x0035,
  PrefixAccess = 0x0037,
  ScaLow = 0x0038,
  CrycbMissing = 0x0039,
  ScaCrossesPage = 0x003B,
  CrycbCrossesPage = 0x003C,
  LimitBeyondHost = 0x003D,
  OriginBeyondLimit = 0x0041,
  RuntimeInstrumentation = 0x0043,
  Itdb = 0x0080,
  Zone = 0x1006,
  FacilityList = 0x1090,
  AnnexAddress = 0x10B0,
  AnnexSize = 0x10B1,
  AnnexAlignment = 0x10B2,
  VectorSaveArea = 0x1310,
  FacilityListFormat = 0x1330,
};

/// Offsets into `parameters` (they stand at 0xC0 of the block).
namespace parameter {
constexpr unsigned kExternalParameter = 0x00, kExternalCpuAddress = 0x04, kExternalCode = 0x06, kIlc = 0x0C,
                   kCode = 0x0E, kDataExceptionCode = 0x10, kMonitorClass = 0x14, kPerCode = 0x16, kPerAtmid = 0x17,
                   kPerAddress = 0x18, kExceptionAccessId = 0x20, kPerAccessId = 0x21, kOperandAccessId = 0x22,
                   kTeid = 0x28, kFirstEntry = 0x00, kSecondEntry = 0x08;
} // namespace parameter

} // namespace siena::sie
