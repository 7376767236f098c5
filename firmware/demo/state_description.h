// SPDX-License-Identifier: BSD-3-Clause
// The state description (512 bytes, designated by SIE) as a SIE host's program sees it: written down a second time on purpose, the
// machine's own is sie/state_description.h, and the two must agree. Of the masks and codes there is what guest 1 needs.
#pragma once

#include "firmware/demo/machine.h"

struct StateDescription {
  u32 cpuflags; // 000
  u32 prefix;
  u8 reserved08[0x28 - 0x08];
  u64 cpu_timer;             // 028
  u64 clock_comparator;      // 030
  u64 epoch;                 // 038
  u32 svc_controls;          // 040
  u16 lctl_controls;         // 044
  u16 guest_cpu_address;     // 046
  u32 interception_controls; // 048
  u32 execution_controls_a;  // 04C
  u8 interception_code;      // 050
  u8 interception_status;    // 051
  u16 last_host_cpu;         // 052 FFFF: forget what the CPU knows of the guest's translations
  u16 reserved54;
  u16 instruction;       // 056 the first two bytes of what was intercepted
  u32 instruction_rest;  // 058 and the other four
  u32 control_area_high; // 05C origin of the system control area
  u8 reserved60;
  u8 execution_controls_b;  // 061
  u8 execution_controls_b2; // 062
  u8 execution_controls_b3; // 063
  u32 control_area_low;     // 064
  u8 reserved68;
  u8 epoch_index; // 069
  u16 reserved6a;
  u32 tod_programmable;   // 06C
  u32 interruption_state; // 070
  u8 zone;                // 074
  u8 reserved75[0x80 - 0x75];
  u64 storage_origin; // 080 SIE-host virtual address of the guest's absolute 0
  u64 storage_limit;  // 088 and of its last megabyte
  u64 psw_mask;       // 090
  u64 psw_address;    // 098
  u64 gr14, gr15;     // 0A0
  u8 reservedb0[0xc0 - 0xb0];
  u8 parameters[0xf4 - 0xc0]; // 0C0 of an interruption that was intercepted
  u8 reservedf4[0xfc - 0xf4];
  u32 crypto_control_block;   // 0FC
  u64 control_registers[16];  // 100
  u64 breaking_event_address; // 180
  u64 reserved188;
  u64 annex; // 190
  u64 reserved198;
  u32 facility_list; // 1A0
  u8 reserved1a4[0x1b8 - 0x1a4];
  u64 release_list; // 1B8 pages that the guest gives up
  u64 reserved1c0;
  u32 execution_controls_d; // 1C8
  u8 reserved1cc[0x1de - 0x1cc];
  u8 program_parameter[8]; // 1DE
  u16 reserved1e6;
  u64 transaction_diagnostic_block;  // 1E8
  u64 runtime_instrumentation_block; // 1F0
  u64 vector_save_area;              // 1F8
};
_Static_assert(sizeof(struct StateDescription) == 512, "the layout is the architecture's");
_Static_assert(__builtin_offsetof(struct StateDescription, interception_code) == 0x50, "");
_Static_assert(__builtin_offsetof(struct StateDescription, storage_origin) == 0x80, "");
_Static_assert(__builtin_offsetof(struct StateDescription, parameters) == 0xc0, "");
_Static_assert(__builtin_offsetof(struct StateDescription, control_registers) == 0x100, "");
_Static_assert(__builtin_offsetof(struct StateDescription, program_parameter) == 0x1de, "");

#define FLAG_Z_ARCHITECTURE 0x00000800u
#define CONTROL_A_PROTECTION 0x00002000u
#define CONTROL_B_HOST_PROTECTION 0x02
#define INTERCEPT_OPERATION_EXCEPTIONS 0x80000000u

enum { kInstructionInterception = 0x04, kWaitInterception = 0x1c, kValidityInterception = 0x20 };
