// SPDX-License-Identifier: BSD-3-Clause
// The machine that the host runs on: what it offers, its other CPUs, its prefix areas.
#include "firmware/demo/console.h"
#include "tests/sie_programs/runtime/host.h"

extern const u8 cpu_start[], program_entry[], external_entry[];
u64 service_call(u64 command, const void* sccb);

// --- what it offers ---------------------------------------------------------------------------------------------------------

int facility(unsigned number) {
  static u64 list[8];
  register u64 r0 __asm__("0") = 7;
  __asm__ volatile("stfle %0" : "=Q"(list), "+d"(r0) : : "cc", "memory");
  return (list[number / 64] >> (63 - number % 64) & 1) != 0;
}

static struct {
  u16 length;
  u8 function, control[3];
  u16 response;
  u8 data[4088];
} information __attribute__((aligned(4096)));

void learn_machine(void) {
  enum { kReadScpInformation = 0x00020001 };
  information.length = sizeof information;
  while (service_call(kReadScpInformation, &information) != 0) {
  }
}

int reports(enum Reported what) {
  const u8* const at_byte = (const u8*)&information;
  const u16 first_cpu = *(const u16*)(at_byte + 18);
  static const struct {
    u8 in_cpu_entry, byte, mask;
  } places[] = {
      [kGuestPer] = {1, 3, 0x20},
      [kSharedInterlock] = {1, 3, 0x10},
      [kSignalProcessor] = {1, 3, 0x08},
      [kConditionalExternal] = {1, 7, 0x10},
      [kNoLimit] = {0, 85, 0x80},
      [kHostProtectionException] = {0, 85, 0x02},
      [kKeylessSubset] = {0, 98, 0x01},
      [kBroadcastSuppression] = {0, 117, 0x20},
  };
  return (at_byte[places[what].byte + (places[what].in_cpu_entry ? first_cpu : 0)] & places[what].mask) != 0;
}

int full_size(void) {
  static const u8 text[] = {0xc6, 0xe4, 0xd3, 0xd3}; // FULL
  const u8* const load_parameter = (const u8*)&information + 24;
  for (unsigned i = 0; i < sizeof text; i++)
    if (load_parameter[i] != text[i]) return 0;
  return 1;
}

int is_guest_itself(void) {
  static u8 description[4096] __attribute__((aligned(4096)));
  register u64 r0 __asm__("0") = 0x30000002;
  register u64 r1 __asm__("1") = 2;
  __asm__ volatile("stsi 0(%2)" : "+d"(r0), "+d"(r1) : "a"(description) : "cc", "memory");
  return (description[31] & 15) > 1; // virtual machines below this one, and this one
}

// --- prefix areas -----------------------------------------------------------------------------------------------------------

static void set_new_psw(u64 area, unsigned offset, u64 mask, u64 address) {
  volatile u64* const psw = (volatile u64*)(area + offset);
  psw[0] = mask;
  psw[1] = address;
}

void prepare_prefix_area(u64 area) {
  __asm__("" : "+r"(area));
  set_new_psw(area, 0x1a0, PSW_64_BIT, (u64)cpu_start);
  set_new_psw(area, 0x1b0, PSW_64_BIT, (u64)external_entry);
  set_new_psw(area, 0x1c0, PSW_WAIT | PSW_64_BIT, 0x1c0);
  set_new_psw(area, 0x1d0, PSW_64_BIT, (u64)program_entry);
  set_new_psw(area, 0x1e0, PSW_WAIT | PSW_64_BIT, 0x1e0);
  set_new_psw(area, 0x1f0, PSW_WAIT | PSW_64_BIT, 0x1f0);
}

void move_prefix(u64 to) {
  u32 old, wanted = (u32)to;
  __asm__ volatile("stpx %0" : "=Q"(old) : : "memory");
  u64 from = 0; // real: the prefix area as it is now
  __asm__("" : "+r"(from));
  // The area at `to` is reached at real 0 when `to` is the prefix already; here it never is, except for the way back to 0, which
  // lies at real `old` now.
  volatile u64* const target = (volatile u64*)(to == 0 ? (u64)old : to);
  for (unsigned i = 0; i < 1024; i++) target[i] = ((volatile u64*)from)[i];
  __asm__ volatile("spx %0" : : "Q"(wanted) : "memory");
}

// --- other CPUs -------------------------------------------------------------------------------------------------------------

static unsigned signal_processor(unsigned cpu, unsigned order, u64 parameter_value) {
  register u64 status __asm__("2") = 0;
  register u64 value __asm__("3") = parameter_value;
  unsigned condition;
  __asm__ volatile("sigp 2,%3,0(%4)\n\tipm %1"
                   : "+d"(status), "=d"(condition)
                   : "d"(value), "d"((u64)cpu), "a"((u64)order)
                   : "cc", "memory");
  return condition >> 28;
}

enum { kSigpStop = 5, kSigpRestart = 6, kSigpInitialReset = 11, kSigpSetPrefix = 13 };

static u8 prefix_areas[kOtherCpus][8192] __attribute__((aligned(8192)));
static u8 stacks[kOtherCpus][16384] __attribute__((aligned(8)));

int start_cpu(unsigned number, void (*main)(void)) {
  const u64 area = (u64)prefix_areas[number - 1];
  if (signal_processor(number, kSigpInitialReset, 0) == 3) return 0;
  prepare_prefix_area(area);
  *(volatile u64*)(area + 0x4d8) = (u64)stacks[number - 1] + sizeof stacks[0] - 160;
  *(volatile u64*)(area + 0x4e0) = (u64)main;
  while (signal_processor(number, kSigpSetPrefix, area) == 2) {
  }
  while (signal_processor(number, kSigpRestart, 0) == 2) {
  }
  return 1;
}

void stop_cpu(unsigned number) {
  while (signal_processor(number, kSigpStop, 0) == 2) {
  }
}

unsigned this_cpu(void) {
  u16 address;
  __asm__ volatile("stap %0" : "=Q"(address));
  return address;
}
