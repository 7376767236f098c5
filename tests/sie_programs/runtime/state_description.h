// SPDX-License-Identifier: BSD-3-Clause
// The state description (512 bytes, designated by SIE) and its numbers, written down a second time on purpose: the machine's own
// is sie/state_description.h, and the two must agree.
#pragma once

#include "firmware/demo/machine.h"

struct StateDescription {
  u32 cpuflags; // 000
  u32 prefix;   // 004
  u8 reserved08[0x28 - 0x08];
  u64 cpu_timer;        // 028
  u64 clock_comparator; // 030
  u64 epoch;            // 038
  u32 svcc;             // 040
  u16 lctl;             // 044
  u16 icpua;            // 046
  u32 ictl;             // 048
  u32 eca;              // 04C
  u8 icptcode;          // 050
  u8 icptstatus;        // 051
  u16 ihcpu;            // 052
  u16 reserved54;
  u16 ipa;   // 056
  u32 ipb;   // 058
  u32 scaoh; // 05C
  u8 fpf;    // 060
  u8 ecb;    // 061
  u8 ecb2;   // 062
  u8 ecb3;   // 063
  u32 scaol; // 064
  u8 sdf;    // 068
  u8 epdx;   // 069
  u16 reserved6a;
  u32 todpr; // 06C
  u32 gd;    // 070
  u8 zone;   // 074
  u8 reserved75[0x80 - 0x75];
  u64 mso;         // 080
  u64 msl;         // 088
  u64 psw_mask;    // 090
  u64 psw_address; // 098
  u64 gr14, gr15;  // 0A0
  u8 reservedb0[0xc0 - 0xb0];
  u8 parameters[0xf4 - 0xc0]; // 0C0
  u8 reservedf4[0xfc - 0xf4];
  u32 crycbd; // 0FC
  u64 cr[16]; // 100
  u64 gbea;   // 180
  u64 reserved188;
  u64 sdnxo; // 190
  u64 reserved198;
  u32 fac; // 1A0
  u8 reserved1a4[0x1b8 - 0x1a4];
  u64 cbrlo; // 1B8
  u64 reserved1c0;
  u32 ecd; // 1C8
  u8 reserved1cc[0x1de - 0x1cc];
  u8 pp[8]; // 1DE
  u16 reserved1e6;
  u64 itdba;  // 1E8
  u64 riccbd; // 1F0
  u64 gvrd;   // 1F8
};
_Static_assert(sizeof(struct StateDescription) == 512, "the layout is the architecture's");
_Static_assert(__builtin_offsetof(struct StateDescription, icptcode) == 0x50, "");
_Static_assert(__builtin_offsetof(struct StateDescription, mso) == 0x80, "");
_Static_assert(__builtin_offsetof(struct StateDescription, parameters) == 0xc0, "");
_Static_assert(__builtin_offsetof(struct StateDescription, cr) == 0x100, "");
_Static_assert(__builtin_offsetof(struct StateDescription, pp) == 0x1de, "");

enum {
  kWaiting = 0x10000000,
  kCallPending = 0x08000000,
  kStopRequest = 0x04000000,
  kIoRequest = 0x02000000,
  kExternalRequest = 0x01000000,
  kRunning = 0x00800000,
  kFlagRrf = 0x8000,
  kFlagSlsv = 0x4000,
  kFlagSlsr = 0x2000,
  kFlagZ = 0x800,
  kFlagKeylessSubset = 0x200,
  kFlagMcds = 0x100,
  kFlagNoLimit = 0x80,
  kFlagBroadcastSuppression = 0x40,
  kFlagEdat2 = 0x10,
  kFlagEdat1 = 0x04,
  kFlagPer = 0x01,
};
#define ECA_CONDITIONAL_EXTERNAL 0x80000000u
#define ECA_SIGNAL_PROCESSOR 0x10000000u
#define ECA_MOVE_PAGE 0x01000000u
#define ECA_PROTECTION 0x2000u
#define ECA_SHARED_INTERLOCK 1u
#define ECD_MULTIPLE_EPOCH 0x08000000u
#define ECD_ENTROPY_TOKEN 0x02000000u
enum {
  kEcbGuardedStorage = 0x40,
  kEcbTransactional = 0x10,
  kEcbSpecification = 0x08,
  kEcbSenseRunning = 0x04,
  kEcbHostProtection = 0x02
};
enum { kEcb2ExtendedSca = 0x04 };
#define ICTL_OPERATION 0x80000000u
#define ICTL_PRIVILEGED 0x40000000u
#define ICTL_PROGRAM 0x20000000u
#define ICTL_FACILITIES 0x10000000u
#define ICTL_TEST_AND_SET 0x08000000u
#define ICTL_COMPARE_AND_SWAP 0x04000000u
#define ICTL_COMPARE_DOUBLE_AND_SWAP 0x02000000u
#define ICTL_INVALIDATION 0x01000000u
#define ICTL_LOAD_PSW 0x00400000u
#define ICTL_INSERT_KEY 0x4000u

enum {
  kHostInterruption = 0x00,
  kInstruction = 0x04,
  kProgram = 0x08,
  kInstructionAndCondition = 0x0c,
  kExternalRequested = 0x10,
  kExternal = 0x14,
  kIoRequested = 0x18,
  kWait = 0x1c,
  kValidity = 0x20,
  kStop = 0x28,
  kOperation = 0x2c,
  kPartial = 0x38,
  kKeyless = 0x5c,
};
