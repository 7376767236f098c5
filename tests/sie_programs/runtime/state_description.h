// SPDX-License-Identifier: BSD-3-Clause
// The numbers of a state description beyond those that the built-in guest needs.
#pragma once

#include "firmware/demo/state_description.h"

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
