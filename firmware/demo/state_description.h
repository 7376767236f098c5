// SPDX-License-Identifier: BSD-3-Clause
// The state description (512 bytes, designated by SIE), as far as guest 1 needs it. The whole of it: sie/state_description.h.
#pragma once

#include "firmware/demo/machine.h"

struct StateDescription {
  u32 cpuflags; // 000
  u32 prefix;
  u8 reserved08[0x28 - 0x08];
  u64 cpu_timer;              // 028
  u64 clock_comparator;       // 030
  u64 epoch;                  // 038
  u32 svc_controls;           // 040
  u16 lctl_controls;          // 044
  u16 guest_cpu_address;      // 046
  u32 interception_controls;  // 048
  u32 execution_controls_a;   // 04C
  u8 interception_code;       // 050
  u8 interception_status;     // 051
  u16 last_host_cpu;          // 052 FFFF: forget what the CPU knows of the guest's translations
  u16 reserved54;             //
  u16 instruction;            // 056 the first two bytes of what was intercepted
  u32 instruction_rest;       // 058 and the other four
  u8 reserved5c[0x61 - 0x5c]; //
  u8 execution_controls_b;    // 061
  u8 reserved62[0x80 - 0x62]; //
  u64 storage_origin;         // 080 SIE-host virtual address of the guest's absolute 0
  u64 storage_limit;          // 088 and of its last megabyte
  u64 psw_mask;               // 090
  u64 psw_address;            // 098
  u64 gr14, gr15;             // 0A0
  u8 reservedb0[0x100 - 0xb0];
  u64 control_registers[16]; // 100
  u8 reserved180[0x200 - 0x180];
};
_Static_assert(sizeof(struct StateDescription) == 512, "the layout is the architecture's");
_Static_assert(__builtin_offsetof(struct StateDescription, interception_code) == 0x50, "");
_Static_assert(__builtin_offsetof(struct StateDescription, storage_origin) == 0x80, "");
_Static_assert(__builtin_offsetof(struct StateDescription, control_registers) == 0x100, "");

#define FLAG_Z_ARCHITECTURE 0x00000800u
#define CONTROL_A_PROTECTION 0x00002000u
#define CONTROL_B_HOST_PROTECTION 0x02
#define INTERCEPT_OPERATION_EXCEPTIONS 0x80000000u

enum { kInstructionInterception = 0x04, kWaitInterception = 0x1c, kValidityInterception = 0x20 };
