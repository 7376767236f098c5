// SPDX-License-Identifier: BSD-3-Clause
// The host's side: report, prefix areas, the second CPU, what the machine offers.
#include "tests/sie_programs/runtime/host.h"

#include "firmware/demo/console.h"

__attribute__((noreturn)) void load_psw(const u64* psw);
extern const u8 cpu_start[], program_entry[], external_entry[];
void host_main(void);
__attribute__((noreturn)) void unexpected_program_interruption(void);

#define UNSUCCESSFUL 0xbad0ul

struct Variant variant;
static int in_variants;
static const char* name;
static unsigned ok, failed, failures_of_case;

// --- report -----------------------------------------------------------------------------------------------------------------

static void put_name(void) {
  put(name);
  if (!in_variants) return;
  put(variant.guest_dat ? " [guest DAT on, EDAT " : " [guest DAT off, EDAT ");
  put_decimal((u64)variant.edat);
  put("]");
}

static void finish(void) {
  if (name == 0) return;
  if (failures_of_case == 0) {
    ok++;
    put("ok ");
    put_name();
    put("\n");
  } else {
    failed++;
  }
  name = 0;
}

void begin(const char* text) {
  finish();
  name = text;
  failures_of_case = 0;
}

void expect(const char* what, u64 got, u64 wanted) {
  if (got == wanted || failures_of_case++ != 0) return;
  put("FAIL ");
  put_name();
  put(": ");
  put(what);
  put(": expected ");
  put_hex(wanted, 16);
  put(" got ");
  put_hex(got, 16);
  put("\n");
}

__attribute__((noreturn)) static void end(void) {
  finish();
  put("DONE ");
  put_decimal(ok);
  put(" ok, ");
  put_decimal(failed);
  put(" failed\n");
  static u64 psw[2] = {PSW_WAIT | PSW_64_BIT, 0};
  psw[1] = failed == 0 ? QUIESCED : UNSUCCESSFUL;
  load_psw(psw);
}

void unexpected_program_interruption(void) {
  if (name == 0) name = "outside of any case";
  expect("program interruption, its code, ILC and address",
         (u64)record()->program_code << 48 | (u64)record()->program_ilc << 32 | record()->program_old[1],
         0);
  end();
}

void host_main(void) {
  open_console();
  run_cases();
  end();
}

void with_all_variants(void (*one)(void)) {
  finish();
  in_variants = 1;
  for (int dat = 0; dat <= 1; dat++)
    for (int edat = 0; edat <= 2; edat++) {
      if ((edat == 1 && !facility(8)) || (edat == 2 && !facility(78))) continue;
      variant.guest_dat = dat;
      variant.edat = edat;
      one();
      finish();
    }
  in_variants = 0;
  variant.guest_dat = variant.edat = 0;
}

// --- the machine ------------------------------------------------------------------------------------------------------------

int facility(unsigned number) {
  static u64 list[8];
  register u64 r0 __asm__("0") = 7;
  __asm__ volatile("stfle %0" : "=Q"(list), "+d"(r0) : : "cc", "memory");
  return (list[number / 64] >> (63 - number % 64) & 1) != 0;
}

int is_guest_itself(void) {
  static u8 description[4096] __attribute__((aligned(4096)));
  register u64 r0 __asm__("0") = 0x30000002;
  register u64 r1 __asm__("1") = 2;
  __asm__ volatile("stsi 0(%2)" : "+d"(r0), "+d"(r1) : "a"(description) : "cc", "memory");
  return (description[31] & 15) > 1; // virtual machines below this one, and this one
}

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

static unsigned signal_processor(u16 cpu, unsigned order, u64 parameter_value) {
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

static u8 second_prefix_area[8192] __attribute__((aligned(8192)));
static u8 second_stack[16384] __attribute__((aligned(8)));

int start_second_cpu(void (*main)(void)) {
  const u64 area = (u64)second_prefix_area;
  if (signal_processor(1, kSigpInitialReset, 0) == 3) return 0;
  prepare_prefix_area(area);
  *(volatile u64*)(area + 0x4d8) = (u64)second_stack + sizeof second_stack - 160;
  *(volatile u64*)(area + 0x4e0) = (u64)main;
  while (signal_processor(1, kSigpSetPrefix, area) == 2) {
  }
  while (signal_processor(1, kSigpRestart, 0) == 2) {
  }
  return 1;
}

void stop_second_cpu(void) {
  while (signal_processor(1, kSigpStop, 0) == 2) {
  }
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
