// SPDX-License-Identifier: BSD-3-Clause
// Controls that count when the machine reports their facility, and are ignored when it does not: each case asks for both. The list of
// runs in programs.py has this program on a machine with all of them and on one without.
#include "tests/sie_programs/runtime/host.h"

#define PSW_EXTERNAL 0x0100000000000000ul
#define PSW_PER 0x4000000000000000ul
#define CR0_CLOCK_COMPARATOR 0x800ul
#define CR0_CPU_TIMER 0x400ul
#define LOCKED 0x8000000000000000ul

GUEST(nothing, "diag 0,0,0x44");

static void begin_with(const char* name, const u8* code, const u8* end) {
  begin(name);
  new_guest(kSmallPages);
  load_at(kGuestCode, code, end);
  gr[2] = guest_address(kGuestData);
}
#define BEGIN(name, code) begin_with(name, code, code##_end)

static u64 word(u64 guest_absolute) { return *(volatile u64*)at(guest_absolute); }

// --- conditional external interception --------------------------------------------------------------------------------------

static void expect_external(u64 code) {
  expect("program interruptions of the host", record()->program_count, 0);
  if (reports(kConditionalExternal)) {
    expect_diagnose(kHandlerExternal);
    expect("external interruption code", guest_lowcore(0x86, 2), code);
    expect("CPU address", guest_lowcore(0x84, 2), 0);
    expect("old PSW address", guest_lowcore(0x138, 8), kGuestCode);
  } else {
    expect("interception code", block->interception_code, kExternal);
    expect("external interruption code", parameter(0xc6, 2), code);
    expect("PSW address", block->psw_address, kGuestCode);
  }
}

static void conditional_external(void) {
  BEGIN("conditional external interception: the guest takes its clock comparator's interruption itself", nothing);
  block->execution_controls_a |= ECA_CONDITIONAL_EXTERNAL;
  block->psw_mask |= PSW_EXTERNAL;
  block->control_registers[0] |= CR0_CLOCK_COMPARATOR;
  block->clock_comparator = 1;
  *(volatile u16*)at(kGuestPrefix + 0x84) = 0x7777;
  run();
  expect_external(0x1004);

  BEGIN("conditional external interception: the guest takes its CPU timer's interruption itself", nothing);
  block->execution_controls_a |= ECA_CONDITIONAL_EXTERNAL;
  block->psw_mask |= PSW_EXTERNAL | PSW_WAIT;
  block->control_registers[0] |= CR0_CPU_TIMER;
  block->cpu_timer = -1ul;
  run();
  expect_external(0x1005);

  BEGIN("conditional external interception: a timer that becomes due while the guest runs is taken there", nothing);
  GUEST(wait_for_timer, "0: j 0b");
  load(wait_for_timer);
  block->execution_controls_a |= ECA_CONDITIONAL_EXTERNAL;
  block->psw_mask |= PSW_EXTERNAL;
  block->control_registers[0] |= CR0_CPU_TIMER;
  block->cpu_timer = 100 << 12;
  run();
  expect_external(0x1005);

  BEGIN("conditional external interception: a guest that is disabled hears nothing, nor does the host", nothing);
  block->execution_controls_a |= ECA_CONDITIONAL_EXTERNAL;
  block->control_registers[0] |= CR0_CLOCK_COMPARATOR | CR0_CPU_TIMER;
  block->clock_comparator = 1;
  block->cpu_timer = -1ul;
  run();
  expect_diagnose(0x44);
}

// --- guest PER enhancement --------------------------------------------------------------------------------------------------

#define PER_BRANCH 0x80000000ul
#define PER_FETCH 0x40000000ul
#define PER_STORE 0x20000000ul
GUEST(per_events, "lr 1,1\n stg 5,0(2)\n j 0f\n nopr 0\n0: diag 0,0,0x44");

// A PER event that nobody asked the guest's PSW for: the host's, or nobody's.
static void expect_event(u64 code, u64 event_address, u64 next) {
  if (!reports(kGuestPer)) {
    expect_diagnose(0x44);
    return;
  }
  expect_program_interception(0x80);
  expect("PER code", parameter(0xd6, 1), code);
  expect("PER address", parameter(0xd8, 8), event_address);
  expect("PSW address", block->psw_address, next);
}

static void guest_per(void) {
  BEGIN("guest PER: an instruction fetch is the host's though the guest did not enable PER", per_events);
  block->cpuflags |= kFlagPer;
  block->control_registers[9] = PER_FETCH;
  block->control_registers[10] = block->control_registers[11] = kGuestCode + 2;
  run();
  expect_event(0x40, kGuestCode + 2, kGuestCode + 8);

  BEGIN("guest PER: a store is the host's, and done", per_events);
  block->cpuflags |= kFlagPer;
  block->control_registers[9] = PER_STORE;
  block->control_registers[10] = gr[2];
  block->control_registers[11] = gr[2] + 7;
  gr[5] = 0x55;
  run();
  expect_event(0x20, kGuestCode + 2, kGuestCode + 8);
  expect("stored", word(kGuestData), 0x55);

  BEGIN("guest PER: a branch is the host's, the PSW at its target", per_events);
  block->cpuflags |= kFlagPer;
  block->control_registers[9] = PER_BRANCH;
  block->control_registers[10] = 0;
  block->control_registers[11] = -1ul;
  run();
  expect_event(0x80, kGuestCode + 8, kGuestCode + 14);

  BEGIN("guest PER: no event, no interception", per_events);
  block->cpuflags |= kFlagPer;
  block->control_registers[9] = PER_FETCH;
  block->control_registers[10] = block->control_registers[11] = kGuestData;
  run();
  expect_diagnose(0x44);

  BEGIN("guest PER: an event that the guest's PSW enables is the host's; without the flag it is the guest's",
        per_events);
  for (int flag = 0; flag <= 1; flag++) {
    block->cpuflags |= flag ? kFlagPer : 0;
    block->control_registers[9] = PER_FETCH;
    block->control_registers[10] = block->control_registers[11] = kGuestCode + 2;
    block->psw_mask = PSW_64_BIT | PSW_PER | (variant.guest_dat ? PSW_DAT : 0);
    run();
    if (flag && reports(kGuestPer)) {
      expect_program_interception(0x80);
      expect("PER code", parameter(0xd6, 1), 0x40);
    } else {
      expect_diagnose(kHandlerProgram);
      expect("interruption code in the guest's prefix area", guest_lowcore(0x8e, 2), 0x80);
      expect("PER address", guest_lowcore(0x98, 8), kGuestCode + 2);
    }
  }

  GUEST(divide, "lghi 4,0\n lghi 5,0\n dlgr 4,5\n diag 0,0,0x44");
  BEGIN("guest PER: an event together with another program interruption is the host's with both codes", divide);
  block->cpuflags |= kFlagPer;
  block->control_registers[9] = PER_FETCH;
  block->control_registers[10] = block->control_registers[11] = kGuestCode + 8;
  run();
  if (reports(kGuestPer)) {
    expect_program_interception(0x89);
    expect("PER address", parameter(0xd8, 8), kGuestCode + 8);
    expect("PSW address", block->psw_address, kGuestCode + 12);
  } else {
    expect_diagnose(kHandlerProgram);
    expect("interruption code in the guest's prefix area", guest_lowcore(0x8e, 2), 9);
  }
}

// --- keyless subset ---------------------------------------------------------------------------------------------------------

static void keyless_subset(void) {
  GUEST(insert_key, "iske 4,2\n diag 0,0,0x44");
  GUEST(set_key, "sske 4,2\n diag 0,0,0x44");
  GUEST(reset_reference, "rrbe 0,2\n diag 0,0,0x44");
  GUEST(set_psw_key, "spka 0x10\n diag 0,0,0x44");
  GUEST(load_key, "lpswe 0(2)");
  static const struct {
    const char* name;
    const u8* code;
    const u8* end;
    int by_kvm;
  } instructions[] = {
      {"keyless subset: INSERT STORAGE KEY EXTENDED is intercepted at itself", insert_key, insert_key_end, 1},
      {"keyless subset: SET STORAGE KEY EXTENDED is intercepted at itself", set_key, set_key_end, 1},
      {"keyless subset: RESET REFERENCE BIT EXTENDED is intercepted at itself",
       reset_reference,
       reset_reference_end,
       1},
      {"keyless subset: SET PSW KEY FROM ADDRESS of a key is intercepted at itself", set_psw_key, set_psw_key_end, 0},
      {"keyless subset: LOAD PSW EXTENDED of a key is intercepted at itself", load_key, load_key_end, 0},
  };
  for (unsigned i = 0; i < sizeof instructions / sizeof instructions[0]; i++) {
    begin_with(instructions[i].name, instructions[i].code, instructions[i].end);
    block->cpuflags |= kFlagKeylessSubset;
    gr[4] = 0x30;
    *(volatile u64*)at(kGuestData) = 0x0010000000000000 | PSW_64_BIT | (variant.guest_dat ? PSW_DAT : 0);
    *(volatile u64*)at(kGuestData + 8) = kGuestCode + 4;
    load_at(kGuestCode + 4, nothing, nothing_end);
    if (instructions[i].code != load_key) gr[2] = kGuestData; // key instructions name real addresses
    run();
    if (reports(kKeylessSubset)) {
      expect("program interruptions of the host", record()->program_count, 0);
      expect("interception code", block->interception_code, kKeyless);
      expect("PSW address", block->psw_address, kGuestCode);
      expect("key", *(volatile u8*)&block->psw_mask, variant.guest_dat ? 0x04 : 0);
      expect("flag", block->cpuflags & kFlagKeylessSubset, kFlagKeylessSubset);
    } else if (block->interception_code == kInstruction && block->instruction != 0x8300 && instructions[i].by_kvm &&
               is_guest_itself()) {
      expect("PSW address", block->psw_address, kGuestCode + 4); // KVM asks for them by control
    } else {
      expect_diagnose(0x44);
    }
  }

  GUEST(set_no_key, "spka 0\n diag 0,0,0x44");
  BEGIN("keyless subset: key zero asks nobody", set_no_key);
  block->cpuflags |= kFlagKeylessSubset;
  run();
  expect_diagnose(0x44);
}

// --- shared interlock, interlock-and-broadcast suppression ------------------------------------------------------------------

GUEST(invalidate, "ipte 4,5\n diag 0,0,0x44");
static u64 control_area[0x840 / 8] __attribute__((aligned(4096)));

static void shared_interlock(void) {
  volatile u64* const lock = control_area;
  volatile u64* const entry = at(kGuestPageTable + 0x21 * 8);
  static const struct {
    const char* name;
    u64 before;
    int shared_runs, simple_runs;
  } cases[] = {
      {"shared interlock: with no holder the guest's invalidation is done", 0, 1, 1},
      {"shared interlock: with other holders in the guest the guest's invalidation is done", LOCKED | 2, 1, 0},
      {"shared interlock: with a holder at the host the guest's invalidation is the host's", LOCKED | 1ul << 32, 0, 0},
      {"shared interlock: with more holders at the host, too", LOCKED | 0x7ffffffful << 32, 0, 0},
  };
  for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++)
    for (int asked = 0; asked <= 1; asked++) {
      if (asked == 0) BEGIN(cases[i].name, invalidate);
      new_guest(kSmallPages);
      load(invalidate);
      gr[4] = kGuestPageTable;
      gr[5] = guest_address(kGuestData2);
      block->control_area_low = (u32)(u64)control_area;
      block->execution_controls_a |= asked ? ECA_SHARED_INTERLOCK : 0;
      *lock = cases[i].before;
      run();
      const int shared = asked && reports(kSharedInterlock);
      if (shared ? cases[i].shared_runs : cases[i].simple_runs) {
        expect_diagnose(0x44);
        expect("entry", *entry, kGuestData2 | PAGE_INVALID);
      } else {
        expect("interception code", block->interception_code, kInstruction);
        expect("instruction", block->instruction, 0xb221);
        expect("entry", *entry, kGuestData2);
      }
      expect("interlock afterwards", *lock, cases[i].before);
      *lock = 0;
    }
}

static void broadcast_suppression(void) {
  if (!variant.guest_dat) return;
  GUEST(fetch_around_invalidation, "lg 7,0(2)\n ipte 4,2\n stg 6,0(8)\n lg 9,0(2)\n diag 0,0,0x44");
  BEGIN("interlock-and-broadcast suppression: an invalidation reaches the translations of its own CPU",
        fetch_around_invalidation);
  block->cpuflags |= kFlagBroadcastSuppression;
  block->control_area_low = (u32)(u64)control_area;
  *(volatile u64*)at(kGuestData) = 0x11;
  *(volatile u64*)at(kGuestData2) = 0x22;
  gr[4] = kGuestPageTable;
  gr[6] = kGuestData2;
  gr[8] = guest_address(kGuestPageTable + 0x20 * 8);
  run();
  expect_diagnose(0x44);
  expect("before", gr[7], 0x11);
  expect("after", gr[9], 0x22);
  expect("interlock", *(volatile u64*)control_area, 0);
}

// --- the limit of the guest's storage, protection by the host ---------------------------------------------------------------

static void no_limit(void) {
  GUEST(store_and_fetch, "stg 5,0(2)\n lg 6,0(2)\n diag 0,0,0x44");
  BEGIN("storage-limit suppression: origin and limit do not count", store_and_fetch);
  suppress_limit(); // the guest's storage at the host's 0; nothing is at the origin any more
  block->storage_limit = block->storage_origin;
  gr[5] = 0x4711;
  run();
  if (reports(kNoLimit)) {
    expect_diagnose(0x44);
    expect("fetched", gr[6], 0x4711);
    expect("stored", word(kGuestData), 0x4711);
  } else {
    expect_validity(0x0037);
  }
}

static void host_protection(void) {
  GUEST(store, "stg 5,0(2)\n diag 0,0,0x44");
  BEGIN("host protection: a store into a page that the host protects is the host's program interruption", store);
  set_page(kGuestData, page_entry(kGuestData) | ENTRY_PROTECTED);
  gr[5] = 0x4711;
  run();
  if (reports(kHostProtectionException))
    expect_host_program(kProtection, host_virtual(kGuestData));
  else
    expect_program_interception(kProtection);
  expect("not stored", word(kGuestData), 0);
}

void run_cases(void) {
  with_all_variants(conditional_external);
  with_all_variants(guest_per);
  with_all_variants(keyless_subset);
  with_all_variants(shared_interlock);
  with_all_variants(broadcast_suppression);
  with_all_variants(no_limit);
  with_all_variants(host_protection);
}
