// SPDX-License-Identifier: BSD-3-Clause
// The host's side: the report, and what a case expects of it.
#include "tests/sie_programs/runtime/host.h"

#include "firmware/demo/console.h"

__attribute__((noreturn)) void load_psw(const u64* psw);
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
  learn_machine();
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
