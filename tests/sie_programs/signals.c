// SPDX-License-Identifier: BSD-3-Clause
// SIGNAL PROCESSOR from one CPU of a guest to another through the system control area, in its basic and its extended form: who gets
// the call, who hears of it, and what stays with the host. The sender is the case's guest; the receiver has a state description
// and a prefix area of its own.
#include "tests/sie_programs/runtime/host.h"

#define PSW_EXTERNAL 0x0100000000000000ul
#define CR0_EXTERNAL_CALL 0x2000ul

enum { kSender = 3, kReceiver = 5, kWithoutEntry = 6, kNotConfigured = 7 };
enum { kReceiverPrefix = 0x6000, kReceiverCode = 0x12000, kReceiverHandler = 0x13000 };

GUEST(call, "sigp 1,3,2\n ipm 4\n diag 0,0,0x44");
GUEST(sense_running, "sigp 1,3,0x15\n ipm 4\n diag 0,0,0x44");
GUEST(nothing, "diag 0,0,0x44");

// --- the system control area ------------------------------------------------------------------------------------------------

static u8 control_area[0x4000] __attribute__((aligned(4096)));
static int extended;

static volatile u8* entry_of_cpu(unsigned number) {
  return control_area + (extended ? 0x100 + number * 64 : 0x40 + number * 32);
}

static void configure(unsigned number, const struct StateDescription* state) {
  *(volatile u64*)(control_area + (extended ? 0x40 : 0x30)) |= 0x8000000000000000 >> number;
  *(volatile u64*)(entry_of_cpu(number) + 8) = (u64)state;
}

// The call in a CPU's entry: 100 and who sent it, or 0.
static u64 call_for(unsigned number) {
  const volatile u8* const entry = entry_of_cpu(number);
  if (extended) return (entry[0] & 0x80) != 0 ? 0x100u | entry[1] : 0;
  return (entry[1] & 0x80) != 0 ? 0x100u | (entry[1] & 0x3f) : 0;
}

// --- sender and receiver ----------------------------------------------------------------------------------------------------

static struct StateDescription receiver __attribute__((aligned(512)));
static u64 receiver_gr[16];
static volatile struct StateDescription* const other = &receiver;

static void begin_with(const char* name, const u8* code, const u8* end) {
  begin(name);
  new_guest(kSmallPages);
  load_at(kGuestCode, code, end);
  for (unsigned i = 0; i < sizeof control_area; i += 8) *(volatile u64*)(control_area + i) = 0;
  block->control_area_low = (u32)(u64)control_area;
  block->execution_controls_b2 |= extended ? kEcb2ExtendedSca : 0;
  block->execution_controls_a |= ECA_SIGNAL_PROCESSOR;
  block->execution_controls_b |= kEcbSenseRunning;
  block->guest_cpu_address = kSender;
  receiver = *block;
  receiver.guest_cpu_address = kReceiver;
  receiver.prefix = kReceiverPrefix;
  receiver.control_registers[0] |= CR0_EXTERNAL_CALL;
  receiver.psw_address = kReceiverCode;
  load_at(kReceiverCode, nothing, nothing_end);
  for (u64 i = 0; i < 0x2000; i += 8) *(volatile u64*)at(kReceiverPrefix + i) = *(volatile u64*)at(kGuestPrefix + i);
  configure(kSender, block);
  configure(kReceiver, &receiver);
  configure(kWithoutEntry, 0);
  *(volatile u64*)(entry_of_cpu(kNotConfigured) + 8) = (u64)&receiver; // and no bit among those in the configuration
  gr[1] = 0x1111222233334444;
  gr[3] = kReceiver;
}
#define BEGIN(name, code)                                                                                              \
  begin_with(extended ? name ", extended control area" : name ", basic control area", code, code##_end)

static void expect_condition(u64 condition) {
  expect_diagnose(0x44);
  expect("condition code", gr[4] >> 28 & 3, condition);
}

static void expect_host_asked(u64 text) {
  expect("program interruptions of the host", record()->program_count, 0);
  expect("interception code", block->interception_code, kInstruction);
  expect("instruction", (u64)block->instruction << 32 | block->instruction_rest, text);
  expect("PSW address", block->psw_address, kGuestCode + 4);
  expect("general register 1", gr[1], 0x1111222233334444);
}
#define TEXT_OF_CALL 0xae1300020000ul
#define TEXT_OF_SENSE 0xae1300150000ul

static u64 run_receiver(void) {
  record()->program_count = 0;
  other->interception_code = 0;
  interpret(&receiver, receiver_gr);
  barrier();
  expect("program interruptions of the host", record()->program_count, 0);
  return other->interception_code;
}

static u64 receiver_lowcore(unsigned offset, unsigned bytes) {
  u64 value = 0;
  const volatile u8* from = (const volatile u8*)at(kReceiverPrefix + offset);
  for (unsigned i = 0; i < bytes; i++) value = value << 8 | from[i];
  return value;
}

static void expect_taken_by_receiver(void) {
  expect("interception code of the receiver", other->interception_code, kInstruction);
  expect("DIAGNOSE of its handler", other->instruction_rest, kHandlerExternal << 16);
  expect("external interruption code", receiver_lowcore(0x86, 2), 0x1202);
  expect("CPU address", receiver_lowcore(0x84, 2), kSender);
  expect("call in the entry", call_for(kReceiver), 0);
  expect("call pending", other->cpuflags & kCallPending, 0);
}

// --- cases ------------------------------------------------------------------------------------------------------------------

static void external_call(void) {
  BEGIN("53 an external call to a CPU that does not wait is done: condition code 0, the entry says who calls", call);
  run();
  expect_condition(0);
  expect("call in the entry", call_for(kReceiver), 0x100 | kSender);
  expect("call pending", other->cpuflags & kCallPending, kCallPending);
  expect("general register 1", gr[1], 0x1111222233334444);
  expect("other flags", other->cpuflags & ~kCallPending, block->cpuflags);

  run();
  expect_condition(1);
  expect("status of a second call", gr[1] & 0xffffffff, 0x80);

  BEGIN("53 an external call to a CPU that waits is done and ends in partial execution", call);
  receiver.cpuflags |= kWaiting;
  run();
  expect("interception code", block->interception_code, kPartial);
  expect("instruction", (u64)block->instruction << 32 | block->instruction_rest, TEXT_OF_CALL);
  expect("PSW address", block->psw_address, kGuestCode + 4);
  expect("call in the entry", call_for(kReceiver), 0x100 | kSender);
  expect("call pending", other->cpuflags & kCallPending, kCallPending);

  BEGIN("53 a call is taken at entry by a CPU that is enabled for it", call);
  run();
  receiver.psw_mask |= PSW_EXTERNAL;
  run_receiver();
  expect_taken_by_receiver();
  expect("old PSW address", receiver_lowcore(0x138, 8), kReceiverCode);

  BEGIN("53 a call stays until the CPU is enabled for it by PSW and control register 0", call);
  run();
  run_receiver();
  expect("interception code of the receiver", other->interception_code, kInstruction);
  expect("DIAGNOSE of its program", other->instruction_rest, 0x440000);
  expect("call pending", other->cpuflags & kCallPending, kCallPending);
  receiver.psw_address = kReceiverCode;
  receiver.psw_mask |= PSW_EXTERNAL;
  receiver.control_registers[0] &= ~CR0_EXTERNAL_CALL;
  run_receiver();
  expect("DIAGNOSE of its program", other->instruction_rest, 0x440000);
  expect("call pending", other->cpuflags & kCallPending, kCallPending);
  GUEST(enable, "stosm 0(2),1\n lr 1,1\n diag 0,0,0x45");
  load_at(kReceiverCode, enable, enable_end);
  receiver_gr[2] = guest_address(kGuestData);
  receiver.psw_address = kReceiverCode;
  receiver.psw_mask &= ~PSW_EXTERNAL;
  receiver.control_registers[0] |= CR0_EXTERNAL_CALL;
  run_receiver();
  expect_taken_by_receiver();
  expect("old PSW address", receiver_lowcore(0x138, 8), kReceiverCode + 4);
}

static void orders_of_the_host(void) {
  static const struct {
    const char* what;
    u64 number;
  } addressed[] = {{"a CPU that has no state description", kWithoutEntry},
                   {"a CPU that is not configured", kNotConfigured},
                   {"a CPU address beyond the area", 300}};
  BEGIN("53 an external call to a CPU without an entry is the host's", call);
  for (unsigned i = 0; i < 3; i++) {
    gr[3] = addressed[i].number;
    run();
    expect_host_asked(TEXT_OF_CALL);
  }

  BEGIN("54 SENSE RUNNING STATUS of a CPU without an entry is the host's", sense_running);
  for (unsigned i = 0; i < 3; i++) {
    gr[3] = addressed[i].number;
    run();
    expect_host_asked(TEXT_OF_SENSE);
  }

  BEGIN("53 an external call is the host's while its interpretation is off", call);
  block->execution_controls_a &= ~ECA_SIGNAL_PROCESSOR;
  run();
  expect_host_asked(TEXT_OF_CALL);
  expect("call in the entry", call_for(kReceiver), 0);

  BEGIN("54 SENSE RUNNING STATUS is the host's while its interpretation is off", sense_running);
  block->execution_controls_b &= (u8)~kEcbSenseRunning;
  run();
  expect_host_asked(TEXT_OF_SENSE);

  BEGIN("53 without a control area every order is the host's", call);
  block->control_area_low = 0;
  run();
  expect_host_asked(TEXT_OF_CALL);

  GUEST(any_order, "sigp 1,3,0(5)\n diag 0,0,0x44");
  BEGIN("53 all other orders are the host's also while calls and senses are interpreted", any_order);
  for (u64 order = 1; order <= 0x16; order++) {
    if (order == 2 || order == 0x15) continue;
    gr[5] = order;
    run();
    expect_host_asked(0xae1350000000);
  }
}

static void sense(void) {
  BEGIN("54 SENSE RUNNING STATUS answers from the flag of the addressed CPU", sense_running);
  run();
  expect_condition(1);
  expect("status", gr[1], 0x1111222200000400);
  receiver.cpuflags |= kRunning;
  gr[1] = 0x1111222233334444;
  run();
  expect_condition(0);
  expect("general register 1", gr[1], 0x1111222233334444);
}

// A call to a CPU that executes its program at this moment, on CPU 1: its handler counts, and the sender tries until it is heard.
static void receiver_host(void) {
  set_enhanced_dat(variant.edat != 0);
  load_primary_asce(host_asce);
  run_receiver();
  for (;;) barrier();
}

static void calls_in_flight(void) {
  const u64 calls = full_size() ? 5000 : 500;
  GUEST(call_often, "0: sigp 1,3,2\n jz 1f\n brctg 8,0b\n j 2f\n1: brctg 7,0b\n2: diag 0,0,0x44");
  GUEST(spin, "0: clg 6,0(2)\n jne 0b\n diag 0,0,0x46");
  GUEST(count_calls, "agsi 0(8),1\n lpswe 0x130");
  BEGIN("53 each call to a running CPU is taken once", call_often);
  load_at(kReceiverCode, spin, spin_end);
  load_at(kReceiverHandler, count_calls, count_calls_end);
  *(volatile u64*)at(kReceiverPrefix + 0x1b8) = kReceiverHandler;
  receiver.psw_mask |= PSW_EXTERNAL;
  receiver_gr[2] = guest_address(kGuestData);
  receiver_gr[6] = calls;
  receiver_gr[8] = kGuestData; // its handler's DAT is off
  gr[7] = calls;
  gr[8] = 1000 * calls; // tries
  if (!start_cpu(1, receiver_host)) {
    expect("second CPU", 0, 1);
    return;
  }
  run();
  expect_diagnose(0x44);
  expect("calls left", gr[7], 0);
  while (other->interception_code == 0) barrier();
  stop_cpu(1);
  expect("interception code of the receiver", other->interception_code, kInstruction);
  expect("DIAGNOSE of its program", other->instruction_rest, 0x460000);
  expect("calls taken", *(volatile u64*)at(kGuestData), calls);
  expect("call in the entry", call_for(kReceiver), 0);
  expect("call pending", other->cpuflags & kCallPending, 0);
}

static void not_reported(void) {
  BEGIN("53 the control does not count on a machine that does not report its facility", call);
  run();
  expect_host_asked(TEXT_OF_CALL);
}

static void cases(void) {
  for (extended = 0; extended <= 1; extended++) {
    orders_of_the_host();
    if (!reports(kSignalProcessor)) {
      not_reported();
      continue;
    }
    external_call();
    calls_in_flight();
    if (facility(9)) sense();
  }
}

void run_cases(void) { with_all_variants(cases); }
