// SPDX-License-Identifier: BSD-3-Clause
// For each privileged instruction whether it is interpreted or intercepted: some always are, others when an interception control
// asks for it. No number of the plan: these are the rules behind its cases 24 to 36.
#include "tests/sie_programs/runtime/host.h"

// Operands: general register 2 has the address of a page of zeros, 4 and 5 are zero.
struct Instruction {
  const char* name;
  u8 length;
  u8 text[6];
  u32 control; // of ictl; 0: always intercepted
};

static const struct Instruction instructions[] = {
    {"SERVICE CALL is always intercepted", 4, {0xb2, 0x20, 0x00, 0x45}, 0},
    {"STORE CPU ID is always intercepted", 4, {0xb2, 0x02, 0x20, 0x00}, 0},
    {"STORE CPU ADDRESS is always intercepted", 4, {0xb2, 0x12, 0x20, 0x00}, 0},
    {"SET PREFIX is always intercepted", 4, {0xb2, 0x10, 0x20, 0x00}, 0},
    {"STORE PREFIX is always intercepted", 4, {0xb2, 0x11, 0x20, 0x00}, 0},
    {"SET CLOCK is always intercepted", 4, {0xb2, 0x04, 0x20, 0x00}, 0},
    {"STORE FACILITY LIST is always intercepted", 4, {0xb2, 0xb1, 0x00, 0x00}, 0},
    {"STORE SYSTEM INFORMATION is always intercepted", 4, {0xb2, 0x7d, 0x20, 0x00}, 0},
    {"TEST BLOCK is always intercepted", 4, {0xb2, 0x2c, 0x00, 0x42}, 0},
    {"CLEAR SUBCHANNEL is always intercepted", 4, {0xb2, 0x30, 0x00, 0x00}, 0},
    {"HALT SUBCHANNEL is always intercepted", 4, {0xb2, 0x31, 0x00, 0x00}, 0},
    {"MODIFY SUBCHANNEL is always intercepted", 4, {0xb2, 0x32, 0x20, 0x00}, 0},
    {"START SUBCHANNEL is always intercepted", 4, {0xb2, 0x33, 0x20, 0x00}, 0},
    {"STORE SUBCHANNEL is always intercepted", 4, {0xb2, 0x34, 0x20, 0x00}, 0},
    {"TEST SUBCHANNEL is always intercepted", 4, {0xb2, 0x35, 0x20, 0x00}, 0},
    {"TEST PENDING INTERRUPTION is always intercepted", 4, {0xb2, 0x36, 0x20, 0x00}, 0},
    {"SET ADDRESS LIMIT is always intercepted", 4, {0xb2, 0x37, 0x00, 0x00}, 0},
    {"RESUME SUBCHANNEL is always intercepted", 4, {0xb2, 0x38, 0x00, 0x00}, 0},
    {"STORE CHANNEL REPORT WORD is always intercepted", 4, {0xb2, 0x39, 0x20, 0x00}, 0},
    {"STORE CHANNEL PATH STATUS is always intercepted", 4, {0xb2, 0x3a, 0x20, 0x00}, 0},
    {"RESET CHANNEL PATH is always intercepted", 4, {0xb2, 0x3b, 0x00, 0x00}, 0},
    {"SET CHANNEL MONITOR is always intercepted", 4, {0xb2, 0x3c, 0x00, 0x00}, 0},
    {"CHANNEL SUBSYSTEM CALL is always intercepted", 4, {0xb2, 0x5f, 0x00, 0x20}, 0},
    {"CANCEL SUBCHANNEL is always intercepted", 4, {0xb2, 0x76, 0x00, 0x00}, 0},
    {"EXTRACT PSW is intercepted by control", 4, {0xb9, 0x8d, 0x00, 0x45}, 0x00400000},
    {"PURGE TLB is intercepted by control", 4, {0xb2, 0x0d, 0x00, 0x00}, 0x00200000},
    {"PURGE ALB is intercepted by control", 4, {0xb2, 0x48, 0x00, 0x00}, 0x00200000},
    {"SET SYSTEM MASK is intercepted by control", 4, {0x80, 0x00, 0x20, 0x00}, 0x00100000},
    {"STORE CONTROL (32) is intercepted by control", 4, {0xb6, 0x99, 0x20, 0x00}, 0x00040000},
    {"STORE CONTROL (64) is intercepted by control", 6, {0xeb, 0x99, 0x20, 0x00, 0x00, 0x25}, 0x00040000},
    {"STORE THEN AND SYSTEM MASK is intercepted by control", 4, {0xac, 0xff, 0x20, 0x00}, 0x00020000},
    {"STORE THEN OR SYSTEM MASK is intercepted by control", 4, {0xad, 0x00, 0x20, 0x00}, 0x00010000},
    {"STORE CLOCK is intercepted by control", 4, {0xb2, 0x05, 0x20, 0x00}, 0x00008000},
    {"STORE CLOCK EXTENDED is intercepted by control", 4, {0xb2, 0x78, 0x20, 0x00}, 0x00008000},
    {"STORE CLOCK FAST is intercepted by control", 4, {0xb2, 0x7c, 0x20, 0x00}, 0x00008000},
    {"TEST PROTECTION is intercepted by control", 6, {0xe5, 0x01, 0x20, 0x00, 0x00, 0x00}, 0x00000200},
    {"SET CPU TIMER is intercepted by control", 4, {0xb2, 0x08, 0x20, 0x00}, 0x00000040},
    {"STORE CPU TIMER is intercepted by control", 4, {0xb2, 0x09, 0x20, 0x00}, 0x00000040},
    {"SET CLOCK COMPARATOR is intercepted by control", 4, {0xb2, 0x06, 0x20, 0x00}, 0x00000020},
    {"STORE CLOCK COMPARATOR is intercepted by control", 4, {0xb2, 0x07, 0x20, 0x00}, 0x00000020},
};

static void prepare(const struct Instruction* instruction) {
  static const u8 end[] = {0x83, 0x00, 0x00, 0x44};
  new_guest(kLargestFrames);
  load_at(kGuestCode, instruction->text, instruction->text + instruction->length);
  load_at(kGuestCode + instruction->length, end, end + sizeof end);
  gr[2] = guest_address(kGuestData);
}

static u64 text_of(const struct Instruction* instruction) {
  u64 text = 0;
  for (unsigned i = 0; i < 6; i++) text = text << 8 | (i < instruction->length ? instruction->text[i] : 0);
  return text;
}

static void expect_intercepted(const struct Instruction* instruction) {
  expect("program interruptions of the host", record()->program_count, 0);
  expect("interception code", block->interception_code, kInstruction);
  expect("instruction", (u64)block->instruction << 32 | block->instruction_rest, text_of(instruction));
  expect("status", block->interception_status, 0x80);
  expect("PSW address", block->psw_address, kGuestCode + instruction->length);
}

static void rules(void) {
  for (unsigned i = 0; i < sizeof instructions / sizeof instructions[0]; i++) {
    const struct Instruction* const instruction = &instructions[i];
    begin(instruction->name);
    prepare(instruction);
    block->interception_controls = instruction->control;
    run();
    expect_intercepted(instruction);

    prepare(instruction);
    block->interception_controls =
        instruction->control == 0 ? 0 : ~instruction->control & 0x007fffff & ~0x7000u; // keys are KVM's own affair
    run();
    if (instruction->control == 0)
      expect_intercepted(instruction);
    else
      expect_diagnose(0x44);

    // The guest's own privilege comes first.
    if (instruction->control == 0x8000 || instruction->control == 0x00400000) continue;
    prepare(instruction);
    block->psw_mask |= 0x0001000000000000;
    block->interception_controls = instruction->control;
    run();
    expect_diagnose(kHandlerProgram);
    expect("interruption code in the guest's prefix area", guest_lowcore(0x8e, 2), kProgramPrivileged);
  }
}

static void executed_sie(void) {
  begin("SIE as the target of EXECUTE ends behind the EXECUTE");
  GUEST(nothing, "diag 0,0,0x44");
  new_guest(kLargestFrames);
  load(nothing);
  record()->program_count = 0;
  const u64 mark = execute_sie(block);
  expect("where it went on", mark, 1);
  expect_diagnose(0x44);
}

void run_cases(void) {
  with_all_variants(rules);
  executed_sie();
}
