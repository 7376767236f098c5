// SPDX-License-Identifier: BSD-3-Clause
// What ends interpretation, or interrupts the guest, without an instruction of the guest asking for it: requests in the state
// description, timers, interruptions of the host. And what time is to the guest.
#include "tests/sie_programs/runtime/host.h"

#define PSW_IO 0x0200000000000000ul
#define PSW_EXTERNAL 0x0100000000000000ul
#define CR0_CLOCK_COMPARATOR 0x800ul
#define CR0_CLOCK_COMPARATOR_SIGN 0x20000000000000ul
#define CR0_CPU_TIMER 0x400ul
#define SECOND (1000000ul << 12)

GUEST(nothing, "diag 0,0,0x44");
GUEST(spin, "0: brctg 1,0b\n diag 0,0,0x45");
GUEST(enable, "lr 1,1\n stosm 0(2),1\n lr 1,1\n diag 0,0,0x44");

static void begin_with(const char* name, const u8* code, const u8* end) {
  begin(name);
  new_guest(kLargestFrames);
  load_at(kGuestCode, code, end);
  gr[2] = guest_address(kGuestData);
}
#define BEGIN(name, code) begin_with(name, code, code##_end)

static void expect_intervention(u64 code, u64 address) {
  expect("program interruptions of the host", record()->program_count, 0);
  expect("interception code", block->interception_code, code);
  expect("PSW address", block->psw_address, address);
}

static void requests(void) {
  BEGIN("43 a stop request ends interpretation before the first instruction", spin);
  gr[1] = 1000;
  block->cpuflags |= kStopRequest;
  run();
  expect_intervention(kStop, kGuestCode);
  expect("instructions", gr[1], 1000);

  BEGIN("45 an external request waits until the guest enables external interruptions", enable);
  block->cpuflags |= kExternalRequest;
  run();
  expect_intervention(kExternalRequested, kGuestCode + 6);

  BEGIN("46 an input/output request waits until the guest enables such interruptions", enable);
  ((u8*)at(kGuestCode))[3] = 0x02; // STORE THEN OR SYSTEM MASK's immediate field
  block->cpuflags |= kIoRequest;
  run();
  expect_intervention(kIoRequested, kGuestCode + 6);

  BEGIN("46 of both requests one comes first and the other after it", enable);
  block->psw_mask |= PSW_IO | PSW_EXTERNAL;
  block->cpuflags |= kIoRequest | kExternalRequest;
  const u64 first = run();
  block->cpuflags &= ~(u32)(first == kIoRequested ? kIoRequest : kExternalRequest);
  const u64 second = again();
  expect("one and the other", first + second, kIoRequested + kExternalRequested);
  expect("not the same twice", first == second, 0);
  expect("PSW address", block->psw_address, kGuestCode);
}

static volatile int spinning;

static void stop_the_other(void) {
  while (!spinning) barrier();
  const u64 began = clock_now();
  while (clock_now() - began < SECOND / 100) {
  }
  __sync_fetch_and_or(&block->cpuflags, kStopRequest);
  for (;;) barrier();
}

static void stop_from_elsewhere(void) {
  BEGIN("44 a stop request that another CPU makes ends a guest that spins", spin);
  gr[1] = 2000000000;
  spinning = 0;
  if (!start_cpu(1, stop_the_other)) {
    expect("second CPU", 0, 1);
    return;
  }
  spinning = 1;
  run();
  expect_intervention(kStop, block->psw_address);
  expect("still in the loop", gr[1] != 0, 1);
  stop_cpu(1);
}

static void guest_timers(void) {
  BEGIN("47 a clock comparator that is due interrupts a guest in an enabled wait, by conditional interception",
        nothing);
  block->execution_controls_a |= ECA_CONDITIONAL_EXTERNAL;
  block->psw_mask |= PSW_WAIT | PSW_EXTERNAL;
  block->control_registers[0] |= CR0_CLOCK_COMPARATOR;
  block->clock_comparator = 1;
  run();
  expect_diagnose(kHandlerExternal);
  expect("external interruption code", guest_lowcore(0x86, 2), 0x1004);
  expect("old PSW address", guest_lowcore(0x138, 8), kGuestCode);

  BEGIN("47 a clock comparator that is due is an external interception otherwise", nothing);
  block->psw_mask |= PSW_WAIT | PSW_EXTERNAL;
  block->control_registers[0] |= CR0_CLOCK_COMPARATOR;
  block->clock_comparator = 1;
  run();
  expect_intervention(kExternal, kGuestCode);
  expect("external interruption code", parameter(0xc6, 2), 0x1004);

  BEGIN("47 with an external request as well the host comes first", nothing);
  block->execution_controls_a |= ECA_CONDITIONAL_EXTERNAL;
  block->psw_mask |= PSW_WAIT | PSW_EXTERNAL;
  block->control_registers[0] |= CR0_CLOCK_COMPARATOR;
  block->clock_comparator = 1;
  block->cpuflags |= kExternalRequest;
  const u64 code = run();
  expect("external interruption or request", code == kExternal || code == kExternalRequested, 1);

  BEGIN("47 a negative CPU timer is an external interception", nothing);
  block->psw_mask |= PSW_EXTERNAL;
  block->control_registers[0] |= CR0_CPU_TIMER;
  block->cpu_timer = -1ul;
  run();
  expect_intervention(kExternal, kGuestCode);
  expect("external interruption code", parameter(0xc6, 2), 0x1005);

  BEGIN("48 a guest that would take the same interruption for ever is intercepted", nothing);
  block->execution_controls_a |= ECA_CONDITIONAL_EXTERNAL;
  block->psw_mask |= PSW_EXTERNAL;
  block->control_registers[0] |= CR0_CLOCK_COMPARATOR;
  block->clock_comparator = 1;
  *(volatile u64*)at(kGuestPrefix + 0x1b0) = PSW_64_BIT | PSW_EXTERNAL;
  run();
  expect_intervention(kExternal, kGuestCode);
  expect("external interruption code", parameter(0xc6, 2), 0x1004);

  BEGIN("49 the guest's CPU timer counts inside SIE alone", spin);
  gr[1] = 20000;
  const u64 before = block->cpu_timer;
  run();
  expect_diagnose(0x45);
  const u64 after = block->cpu_timer;
  expect("decreased", after < before, 1);
  const u64 began = clock_now();
  while (clock_now() - began < SECOND / 1000) {
  }
  expect("unchanged outside", *(volatile u64*)&block->cpu_timer, after);
}

static void set_clock_comparator(u64 value) { __asm__ volatile("sckc %0" : : "Q"(value) : "memory"); }

static void set_external(int on) {
  u64 cr0;
  u8 mask;
  __asm__ volatile("stctg 0,0,%0" : "=Q"(cr0));
  cr0 = on ? cr0 | CR0_CLOCK_COMPARATOR : cr0 & ~CR0_CLOCK_COMPARATOR;
  __asm__ volatile("lctlg 0,0,%0" : : "Q"(cr0) : "memory");
  if (on)
    __asm__ volatile("stosm %0,1" : "=Q"(mask) : : "memory");
  else
    __asm__ volatile("stnsm %0,0xfe" : "=Q"(mask) : : "memory");
}

static void host_interruption(void) {
  BEGIN("50 an external interruption of the host ends interpretation at SIE, everything stored", spin);
  const u64 count = 2000000000;
  gr[1] = count;
  block->gr14 = 0x1414;
  block->control_registers[5] = 0x40;
  record()->external_count = 0;
  block->interception_code = 0;
  block->psw_address = kGuestCode;
  set_clock_comparator(clock_now() + SECOND / 100);
  set_external(1);
  interpret(block, gr);
  set_external(0);
  set_clock_comparator(-1ul);
  expect("external interruptions", record()->external_count, 1);
  expect("external interruption code", record()->external_code, 0x1004);
  expect("where SIE was interrupted", record()->external_old[1], (u64)sie_instruction);
  expect("interception code", block->interception_code, 0);
  expect("the guest had run", gr[1] < count && gr[1] != 0, 1);
  expect("PSW address", block->psw_address, kGuestCode);
  expect("general register 14", block->gr14, 0x1414);

  gr[1] = 3;
  again();
  expect_diagnose(0x45);
}

static void epoch(void) {
  GUEST(store_clock, "stckf 0(2)\n diag 0,0,0x44");
  static const u64 epochs[] = {3600 * SECOND, -3600 * SECOND, 0x8000000000000000};
  BEGIN("51 the guest's TOD clock is the host's and the epoch", store_clock);
  for (unsigned i = 0; i < 3; i++) {
    block->epoch = epochs[i];
    const u64 before = clock_now();
    run();
    const u64 after = clock_now();
    expect_diagnose(0x44);
    const u64 guest = *(volatile u64*)at(kGuestData) - epochs[i];
    expect("between the host's before and after", guest - before <= after - before, 1);
  }

  GUEST(store_clock_extended, "stcke 0(2)\n diag 0,0,0x44");
  BEGIN("51 the TOD programmable register of the guest is the state description's", store_clock_extended);
  block->tod_programmable = 0x1234;
  run();
  expect_diagnose(0x44);
  expect("rightmost bytes of the clock", *(volatile u64*)at(kGuestData + 8) & 0xffff, 0x1234);
  expect("state description", block->tod_programmable, 0x1234);

  if (facility(40)) {
    GUEST(load_program_parameter, ".insn s,0xb2800000,0(2)\n diag 0,0,0x44");
    BEGIN("52 LOAD PROGRAM PARAMETER reaches the state description", load_program_parameter);
    *(volatile u64*)at(kGuestData) = 0x123456789abcdef0;
    run();
    expect_diagnose(0x44);
    expect("program parameter", parameter(0x1de, 8), 0x123456789abcdef0);
  }

  GUEST(branch, "lr 1,1\n j 0f\n nopr 0\n0: diag 0,0,0x44");
  BEGIN("52 a branch sets the breaking-event address in the state description", branch);
  run();
  expect_diagnose(0x44);
  expect("breaking-event address", block->breaking_event_address, kGuestCode + 2);
}

// The clock with its index, as STORE CLOCK EXTENDED has it.
struct ExtendedClock {
  u64 index, tod;
};

static struct ExtendedClock extended_clock(const volatile u8* stored) {
  struct ExtendedClock clock = {stored[0], 0};
  for (unsigned i = 1; i <= 8; i++) clock.tod = clock.tod << 8 | stored[i];
  return clock;
}

static struct ExtendedClock own_clock(void) {
  static u8 stored[16];
  __asm__ volatile("stcke %0" : "=Q"(stored) : : "cc", "memory");
  return extended_clock(stored);
}

static void multiple_epoch(void) {
  if (!facility(139)) return;
  GUEST(store_index, "stcke 0(2)\n diag 0,0,0x44");
  static const struct {
    const char* name;
    u8 index;
    u64 epoch;
  } epochs[] = {
      {"51 with multiple epochs the guest's index is the host's and the state description's", 0x47, 3600 * SECOND},
      {"51 with multiple epochs the carry of clock and epoch goes into the index", 0x47, -3600 * SECOND},
      {"51 with multiple epochs an epoch before the host's wraps", 0xff, -3600 * SECOND},
      {"51 with multiple epochs an epoch before the host's need not wrap", 0xff, 0},
  };
  for (unsigned i = 0; i < sizeof epochs / sizeof epochs[0]; i++) {
    BEGIN(epochs[i].name, store_index);
    block->execution_controls_d |= ECD_MULTIPLE_EPOCH;
    block->epoch_index = epochs[i].index;
    block->epoch = epochs[i].epoch;
    const struct ExtendedClock before = own_clock();
    run();
    const struct ExtendedClock after = own_clock();
    expect_diagnose(0x44);
    const struct ExtendedClock guest = extended_clock(at(kGuestData));
    const u64 tod = guest.tod - epochs[i].epoch;
    expect("between the host's before and after", tod - before.tod <= after.tod - before.tod, 1);
    const u64 carry = guest.tod < epochs[i].epoch;
    expect("index", guest.index, (before.index + epochs[i].index + carry) & 0xff);
  }

  BEGIN("51 without multiple epochs the state description's index does not count", store_index);
  block->epoch_index = 0x47;
  block->epoch = 3600 * SECOND;
  run();
  expect_diagnose(0x44);
  expect("index", extended_clock(at(kGuestData)).index, own_clock().index);

  // A comparator of all ones lies behind every clock, or by one unit before the clock that starts at zero.
  for (int with_sign = 0; with_sign <= 1; with_sign++) {
    BEGIN(with_sign ? "51 the clock comparator is compared as a signed number when control register 0 asks for it"
                    : "51 the clock comparator is compared as a number without sign otherwise",
          nothing);
    block->execution_controls_d |= ECD_MULTIPLE_EPOCH;
    block->epoch = 0x1000000000000000 - clock_now(); // a positive clock whatever the host's
    block->clock_comparator = -2ul;
    block->psw_mask |= PSW_EXTERNAL;
    block->control_registers[0] |= CR0_CLOCK_COMPARATOR | (with_sign ? CR0_CLOCK_COMPARATOR_SIGN : 0);
    run();
    if (with_sign)
      expect_intervention(kExternal, kGuestCode);
    else
      expect_diagnose(0x44);
  }
}

void run_cases(void) {
  with_all_variants(requests);
  with_all_variants(stop_from_elsewhere);
  with_all_variants(guest_timers);
  with_all_variants(host_interruption);
  with_all_variants(epoch);
  with_all_variants(multiple_epoch);
}
