// SPDX-License-Identifier: BSD-3-Clause
// What ends interpretation because of the guest's own instruction, and what of it the state description then shows.
#include "tests/sie_programs/runtime/host.h"

GUEST(nothing, "diag 0,0,0x44");

static void expect_instruction(u16 first, u32 rest, unsigned length) {
  expect("program interruptions of the host", record()->program_count, 0);
  expect("interception code", block->interception_code, kInstruction);
  expect("instruction, first halfword", block->instruction, first);
  expect("instruction, the rest", block->instruction_rest, rest);
  expect("PSW address", block->psw_address, kGuestCode + length);
}

// The guest came to its handler of program interruptions.
static void expect_guest_program(u64 code, u64 ilc, u64 old_address) {
  expect_diagnose(kHandlerProgram);
  expect("interruption code in the guest's prefix area", guest_lowcore(0x8e, 2), code);
  expect("ILC in the guest's prefix area", guest_lowcore(0x8c, 2), ilc);
  expect("program old PSW address", guest_lowcore(0x158, 8), old_address);
}

static void begin_with(const char* name, enum Pages pages) {
  begin(name);
  new_guest(pages);
}

GUEST(diagnose_10, ".long 0x83020010");
GUEST(diagnose_44, ".long 0x83020044");
GUEST(diagnose_9c, ".long 0x8302009c");

static void diagnose(void) {
  begin_with("24 DIAGNOSE is intercepted with its text, the PSW behind it", kLargestFrames);
  load(diagnose_10);
  run();
  expect_instruction(0x8302, 0x00100000, 4);
  expect("status", block->interception_status, 0x80);
  load(diagnose_44);
  run();
  expect_instruction(0x8302, 0x00440000, 4);
  load(diagnose_9c);
  run();
  expect_instruction(0x8302, 0x009c0000, 4);
}

GUEST(execute_diagnose, "larl 3,0f\n lghi 1,0x35\n ex 1,0(0,3)\n nopr 0\n0: diag 0,0,0x44");
GUEST(execute_long_diagnose, "lghi 1,0x35\n exrl 1,0f\n nopr 0\n0: diag 0,0,0x44");
GUEST(execute_supervisor_call, "larl 3,0f\n lghi 1,0\n ex 1,0(0,3)\n nopr 0\n0: svc 0x22");

static void execute(void) {
  begin_with("25 of an EXECUTE the changed target is shown, the PSW behind the EXECUTE", kLargestFrames);
  load(execute_diagnose);
  run();
  expect_instruction(0x8335, 0x00440000, 14);
  expect("status", block->interception_status, 0x80 | 0x40 | 0x01);

  begin_with("25 of an EXECUTE RELATIVE LONG the changed target is shown, the PSW behind it", kLargestFrames);
  load(execute_long_diagnose);
  run();
  expect_instruction(0x8335, 0x00440000, 10);
  expect("status", block->interception_status, 0x80 | 0x60 | 0x01);

  begin_with("26 a two-byte target of EXECUTE is intercepted and can be tried again", kLargestFrames);
  load(execute_supervisor_call);
  block->svc_controls = 0x40220000;
  run();
  expect_instruction(0x0a22, 0, 14);
  expect("status", block->interception_status, 0x80 | 0x40 | 0x01);
  block->svc_controls = 0;
  block->psw_address -= 4;
  again();
  expect_diagnose(kHandlerSvc);
  expect("number", guest_lowcore(0x8a, 2), 0x22);
  expect("ILC", guest_lowcore(0x88, 2), 4);
  expect("old PSW address", guest_lowcore(0x148, 8), kGuestCode + 14);

  begin_with("36 SUPERVISOR CALL is intercepted by its number", kLargestFrames);
  GUEST(two_calls, "svc 11\n svc 10");
  load(two_calls);
  block->svc_controls = 0x400a0000;
  run();
  expect_diagnose(kHandlerSvc);
  expect("number", guest_lowcore(0x8a, 2), 11);
  block->psw_mask = PSW_64_BIT;
  block->psw_address = kGuestCode + 2;
  again();
  expect_instruction(0x0a0a, 0, 4);

  begin_with("36 SUPERVISOR CALL is intercepted whatever its number when all are asked for", kLargestFrames);
  load(two_calls);
  block->svc_controls = 0x80000000;
  run();
  expect_instruction(0x0a0b, 0, 2);
}

static void always(void) {
  begin_with("27 SIE in the guest is intercepted", kLargestFrames);
  GUEST(sie_in_guest, "sie 0x10(3)");
  load(sie_in_guest);
  run();
  expect_instruction(0xb214, 0x30100000, 4);

  begin_with("28 SIGNAL PROCESSOR is intercepted whatever the order", kLargestFrames);
  GUEST(signal, "sigp 2,4,0(5)");
  load(signal);
  for (u64 order = 1; order <= 0x16; order++) {
    gr[5] = order;
    run();
    expect_instruction(0xae24, 0x50000000, 4);
  }
}

static void control_registers_loaded(void) {
  begin_with("29 LOAD CONTROL of a register that nobody asked for is executed", kLargestFrames);
  GUEST(load_one, "lctlg 3,3,0(2)\n diag 0,0,0x44");
  load(load_one);
  gr[2] = guest_address(kGuestData);
  *(volatile u64*)at(kGuestData) = 0x1234;
  run();
  expect_diagnose(0x44);
  expect("control register 3", block->control_registers[3], 0x1234);

  begin_with("29 LOAD CONTROL of a register asked for is intercepted before any is loaded", kLargestFrames);
  GUEST(load_many, "lctlg 2,14,0(2)\n diag 0,0,0x44");
  load(load_many);
  gr[2] = guest_address(kGuestData);
  block->lctl_controls = 0x0002;
  block->control_registers[3] = 0x77;
  run();
  expect_instruction(0xeb2e, 0x2000002f, 6);
  expect("control register 3", block->control_registers[3], 0x77);
}

static void psw_loaded(void) {
  GUEST(load_psw_extended, "lpswe 0(2)");
  begin_with("30 LOAD PSW EXTENDED and EXTRACT PSW are intercepted when asked for", kLargestFrames);
  load(load_psw_extended);
  block->interception_controls = ICTL_LOAD_PSW;
  run();
  expect_instruction(0xb2b2, 0x20000000, 4);
  GUEST(extract_psw, "epsw 4,5");
  load(extract_psw);
  run();
  expect_instruction(0xb98d, 0x00450000, 4);

  begin_with("30 a wait PSW is a wait interception with that PSW", kLargestFrames);
  load(load_psw_extended);
  gr[2] = guest_address(kGuestData);
  *(volatile u64*)at(kGuestData) = PSW_WAIT | PSW_64_BIT;
  *(volatile u64*)at(kGuestData + 8) = 0x4712;
  run();
  expect("interception code", block->interception_code, kWait);
  expect("PSW mask", block->psw_mask, PSW_WAIT | PSW_64_BIT);
  expect("PSW address", block->psw_address, 0x4712);

  begin_with("35 LOAD PSW EXTENDED of a key is a keyless-subset interception at the instruction", kLargestFrames);
  load(load_psw_extended);
  block->cpuflags |= kFlagKeylessSubset;
  gr[2] = guest_address(kGuestData);
  *(volatile u64*)at(kGuestData) = 0x0010000000000000 | PSW_64_BIT;
  run();
  expect("interception code", block->interception_code, kKeyless);
  expect("PSW address", block->psw_address, kGuestCode);
}

static void facility_list(void) {
  GUEST(store_list, "stfle 0(2)\n ipm 5\n diag 0,0,0x44");
  begin_with("31 STORE FACILITY LIST EXTENDED without a list is intercepted", kLargestFrames);
  load(store_list);
  run();
  expect_instruction(0xb2b0, 0x20000000, 4);

  begin_with("31 STORE FACILITY LIST EXTENDED stores the list as it stands, as long as the machine's own",
             kLargestFrames);
  static u64 list[256] __attribute__((aligned(8)));
  static u64 own[256];
  for (unsigned i = 0; i < 256; i++) list[i] = 0x9e3779b97f4a7c15ul * (i + 1);
  register u64 r0 __asm__("0") = 255;
  __asm__ volatile("stfle %0" : "=Q"(own), "+d"(r0) : : "cc", "memory");
  const u64 last = r0 & 0xff;
  load(store_list);
  block->facility_list = (u32)(u64)list;
  gr[0] = 255;
  gr[2] = guest_address(kGuestData);
  run();
  expect_diagnose(0x44);
  expect("condition code", gr[5] >> 28 & 3, 0);
  expect("doublewords less one", gr[0] & 0xff, last);
  for (u64 i = 0; i <= last; i++) expect("a doubleword", ((volatile u64*)at(kGuestData))[i], list[i]);
  expect("behind the list", ((volatile u64*)at(kGuestData))[last + 1], 0);
}

static void program_interruptions(void) {
  GUEST(no_operation_code, ".short 0\n nopr 0");
  begin_with("32 an operation exception is intercepted when asked for, the PSW behind it", kLargestFrames);
  load(no_operation_code);
  block->interception_controls = ICTL_OPERATION;
  run();
  expect("interception code", block->interception_code, kOperation);
  expect("instruction", block->instruction, 0);
  expect("PSW address", block->psw_address, kGuestCode + 2);

  begin_with("32 an operation exception is otherwise the guest's", kLargestFrames);
  load(no_operation_code);
  run();
  expect_guest_program(1, 2, kGuestCode + 2);

  GUEST(privileged, "stidp 0(2)");
  begin_with("33 a privileged instruction in the problem state is the guest's, not intercepted", kLargestFrames);
  load(privileged);
  block->psw_mask |= 0x0001000000000000;
  run();
  expect_guest_program(2, 4, kGuestCode + 4);

  begin_with("33 a privileged-operation exception is intercepted when asked for", kLargestFrames);
  load(privileged);
  block->psw_mask |= 0x0001000000000000;
  block->interception_controls = ICTL_PRIVILEGED;
  run();
  expect_program_interception(kProgramPrivileged);
  expect("PSW address", block->psw_address, kGuestCode + 4);
  expect("ILC", parameter(0xcc, 2), 4);

  GUEST(odd_register_pair, ".short 0x1c52");
  begin_with("37 a specification exception is intercepted", kLargestFrames);
  load(odd_register_pair);
  run();
  expect_program_interception(kSpecification);
  expect("PSW address", block->psw_address, kGuestCode + 2);

  begin_with("37 a specification exception whose new PSW is not valid shows that PSW", kLargestFrames);
  load(odd_register_pair);
  block->execution_controls_b |= kEcbSpecification;
  *(volatile u64*)at(kGuestPrefix + 0x1d0) = 0x0008000180000000;
  *(volatile u64*)at(kGuestPrefix + 0x1d8) = 0xdeadbeee;
  run();
  if (block->interception_code == kProgram && block->psw_address != 0xdeadbeee)
    again(); // the first may be intercepted all the same
  expect_program_interception(kSpecification);
  expect("PSW address", block->psw_address, 0xdeadbeee);

  GUEST(store_far, "stg 5,0(2)\n diag 0,0,0x44");
  begin_with("38 a store beyond the limit is an addressing exception, intercepted", kLargestFrames);
  load(store_far);
  if (variant.guest_dat) {
    *(volatile u64*)at(kGuestPageTable + 0x21 * 8) = GUEST_SIZE + 0x1000;
    gr[2] = guest_address(kGuestData2);
  } else {
    gr[2] = GUEST_SIZE + 0x1000;
  }
  run();
  expect_program_interception(kAddressing);
  expect("ILC", parameter(0xcc, 2), 6);
  expect("PSW address", block->psw_address, kGuestCode + 6);

  GUEST(monitor_call, "mc 0x123(0),7\n diag 0,0,0x44");
  begin_with("42 a monitor event shows class and code when all program interruptions are asked for", kLargestFrames);
  load(monitor_call);
  block->control_registers[8] = 0x0100;
  block->interception_controls = ICTL_PROGRAM;
  run();
  expect_program_interception(0x40);
  expect("monitor class", parameter(0xd4, 2), 7);
  expect("monitor code", parameter(0xe8, 8), 0x123);
}

static void keys(void) {
  GUEST(insert_key, "iske 4,2\n diag 0,0,0x44");
  begin_with("34 a key instruction under the keyless subset is intercepted at itself", kSmallPages);
  load(insert_key);
  gr[2] = kGuestData;
  block->cpuflags |= kFlagKeylessSubset;
  run();
  expect("interception code", block->interception_code, kKeyless);
  expect("PSW address", block->psw_address, kGuestCode);
  begin("34 a key instruction under the keyless subset can be tried again");
  block->cpuflags &= ~(u32)kFlagKeylessSubset;
  again();
  expect_diagnose(0x44);

  begin_with("34 a key instruction is intercepted when asked for, the PSW behind it", kSmallPages);
  load(insert_key);
  gr[2] = kGuestData;
  block->interception_controls = ICTL_INSERT_KEY;
  run();
  expect_instruction(0xb229, 0x00420000, 4);

  GUEST(key_instructions, "lghi 3,0x34\n sske 3,2\n iske 4,2\n rrbe 0,2\n iske 5,2\n diag 0,0,0x44");
  begin_with("34 key instructions are interpreted when nobody asks for them", kSmallPages);
  load(key_instructions);
  gr[2] = kGuestData;
  run();
  expect_diagnose(0x44);
  expect("key set", gr[4] & 0xfe, 0x34);
  expect("reference bit reset", gr[5] & 0x04, 0);
}

static void per(void) {
  const u64 fetch_event = 0x40000000;
  GUEST(two_steps, "lr 1,1\n lr 1,1\n diag 0,0,0x44");
  begin_with("39 PER's instruction fetch is the guest's own", kLargestFrames);
  load(two_steps);
  block->psw_mask |= 0x4000000000000000;
  block->control_registers[9] = fetch_event;
  block->control_registers[10] = block->control_registers[11] = kGuestCode + 2;
  run();
  expect_guest_program(0x80, 2, kGuestCode + 4);
  expect("PER code", guest_lowcore(0x96, 1), 0x40);
  expect("PER address", guest_lowcore(0x98, 8), kGuestCode + 2);

  begin_with("39 PER's instruction fetch is intercepted for a host that takes guest PER", kLargestFrames);
  load(two_steps);
  block->cpuflags |= kFlagPer;
  block->psw_mask |= 0x4000000000000000;
  block->control_registers[9] = fetch_event;
  block->control_registers[10] = block->control_registers[11] = kGuestCode + 2;
  run();
  expect_program_interception(0x80);
  expect("PER code", parameter(0xd6, 1), 0x40);
  expect("PER address", parameter(0xd8, 8), kGuestCode + 2);
  expect("PSW address", block->psw_address, kGuestCode + 4);

  begin_with("39 an intercepted instruction tells of its PER fetch event", kLargestFrames);
  load(nothing);
  block->cpuflags |= kFlagPer;
  block->psw_mask |= 0x4000000000000000;
  block->control_registers[9] = fetch_event;
  block->control_registers[10] = 0;
  block->control_registers[11] = -1ul;
  run();
  expect_diagnose(0x44);
  expect("status", block->interception_status, 0x82);
}

static void condition_one(void) {
  GUEST(compare_and_swap, "cs 4,5,0(2)\n diag 0,0,0x44");
  GUEST(compare_and_swap_long, "csg 4,5,0(2)\n diag 0,0,0x44");
  GUEST(compare_double_and_swap, "cdsg 4,6,0(2)\n diag 0,0,0x44");
  GUEST(test_and_set, "ts 0(2)\n diag 0,0,0x44");
  static const struct {
    const char* name;
    const u8* code;
    const u8* end;
    u32 control;
    u16 operation_code;
    u8 length;
  } instructions[] = {
      {"COMPARE AND SWAP that swaps nothing is intercepted when asked for, and done",
       compare_and_swap,
       compare_and_swap_end,
       ICTL_COMPARE_AND_SWAP,
       0xba45,
       4},
      {"COMPARE AND SWAP (64) that swaps nothing is intercepted when asked for, and done",
       compare_and_swap_long,
       compare_and_swap_long_end,
       ICTL_COMPARE_AND_SWAP,
       0xeb45,
       6},
      {"COMPARE DOUBLE AND SWAP (64) that swaps nothing is intercepted when asked for, and done",
       compare_double_and_swap,
       compare_double_and_swap_end,
       ICTL_COMPARE_DOUBLE_AND_SWAP,
       0xeb46,
       6},
      {"TEST AND SET of a byte that is set is intercepted when asked for, and done",
       test_and_set,
       test_and_set_end,
       ICTL_TEST_AND_SET,
       0x9300,
       4},
  };
  for (unsigned i = 0; i < sizeof instructions / sizeof instructions[0]; i++) {
    begin_with(instructions[i].name, kLargestFrames);
    const u32 all = ICTL_COMPARE_AND_SWAP | ICTL_COMPARE_DOUBLE_AND_SWAP | ICTL_TEST_AND_SET;
    for (int equal = 0; equal <= 1; equal++)
      for (int asked = 0; asked <= 1; asked++) {
        load_at(kGuestCode, instructions[i].code, instructions[i].end);
        block->interception_controls = asked ? instructions[i].control : all & ~instructions[i].control;
        gr[2] = guest_address(kGuestData);
        const int sets = instructions[i].control == ICTL_TEST_AND_SET;
        *(volatile u64*)at(kGuestData) = equal ? 0 : -1ul;
        *(volatile u64*)at(kGuestData + 8) = 0;
        gr[4] = gr[5] = gr[6] = gr[7] = 0;
        block->psw_mask &= ~(3ul << 44);
        run();
        const u64 condition = block->psw_mask >> 44 & 3;
        expect("condition code", condition, !equal);
        if (asked && !equal) {
          expect("interception code", block->interception_code, kInstructionAndCondition);
          expect("instruction", block->instruction & (sets ? 0xff00 : 0xffff), instructions[i].operation_code);
          expect("PSW address", block->psw_address, kGuestCode + instructions[i].length);
          if (!sets) expect("general register 4 has what was there", gr[4] & 0xffffffff, 0xffffffff);
        } else {
          expect_diagnose(0x44);
        }
      }
  }
}

GUEST(move_page, "lghi 0,0\n mvpg 2,3\n ipm 5\n diag 0,0,0x44");

static void begin_move(const char* name) {
  begin_with(name, kSmallPages);
  load(move_page);
  block->execution_controls_a |= ECA_MOVE_PAGE;
  gr[2] = guest_address(kGuestData);
  gr[3] = guest_address(kGuestData2);
  *(volatile u64*)at(kGuestData) = 1;
  *(volatile u64*)at(kGuestData2) = 2;
  *(volatile u64*)at(kGuestData2 + 4088) = 3;
}

// Tables of the host hold real addresses; a machine that is a guest itself shows the entry where its own host put it.
static void expect_partial(u64 destination_entry, u64 source_entry) {
  expect("program interruptions of the host", record()->program_count, 0);
  expect("interception code", block->interception_code, kPartial);
  expect("instruction", block->instruction, 0xb254);
  expect("PSW address", block->psw_address, kGuestCode + 8);
  expect("destination's entry", parameter(0xc0, 8), destination_entry);
  expect("source's entry", parameter(0xc8, 8), source_entry);
  expect("destination", *(volatile u64*)at(kGuestData), 1);
}

static void moved(void) {
  begin_move("40 MOVE PAGE is intercepted when its interpretation is off");
  block->execution_controls_a &= ~ECA_MOVE_PAGE;
  run();
  expect_instruction(0xb254, 0x00230000, 8);

  begin_move("40 MOVE PAGE moves a page");
  run();
  expect_diagnose(0x44);
  expect("first doubleword", *(volatile u64*)at(kGuestData), 2);
  expect("last doubleword", *(volatile u64*)at(kGuestData + 4088), 3);

  const u64 missing[] = {kGuestData2, kGuestData};
  static const char* const names[] = {
      "40 MOVE PAGE whose source is missing shows both entries and works after it came",
      "40 MOVE PAGE whose destination is missing shows both entries and works after it came"};
  static const char* const names_dat[] = {
      "40 MOVE PAGE with the guest's DAT on whose source is missing is the host's page-translation exception",
      "40 MOVE PAGE with the guest's DAT on whose destination is missing is the host's page-translation exception"};
  for (unsigned i = 0; i < 2; i++) {
    begin_move(variant.guest_dat ? names_dat[i] : names[i]);
    set_page(missing[i], page_entry(missing[i]) | PAGE_INVALID);
    run();
    if (variant.guest_dat) {
      expect_host_program(kPageTranslation, host_virtual(missing[i]));
      expect("PSW address", block->psw_address, kGuestCode + 4);
    } else {
      expect_partial((u64)host_entry(kGuestData, 0), (u64)host_entry(kGuestData2, 0));
      block->psw_address -= 4;
    }
    set_page(missing[i], page_entry(missing[i]));
    again();
    expect_diagnose(0x44);
    expect("first doubleword", *(volatile u64*)at(kGuestData), 2);
  }
}

static void moved_from_missing_segment(void) {
  if (variant.guest_dat) return;
  begin_move(variant.edat != 0 ? "40 MOVE PAGE whose source lacks a segment shows the segment-table entry"
                               : "40 MOVE PAGE whose source lacks a segment is the host's exception without EDAT");
  const u64 source = 0x100000;
  gr[3] = source;
  *(volatile u64*)at(source) = 4;
  u64* const entry = host_entry(source, 1);
  const u64 segment = *entry;
  // Never used before, so there is nothing to invalidate.
  *entry |= ENTRY_INVALID;
  run();
  if (variant.edat != 0) {
    const u64 not_a_page = 4;
    expect_partial((u64)host_entry(kGuestData, 0), (u64)entry | not_a_page);
    block->psw_address -= 4;
  } else {
    expect_host_program(kSegmentTranslation, host_virtual(source));
    expect("PSW address", block->psw_address, kGuestCode + 4);
  }
  *(volatile u64*)entry = segment;
  again();
  expect_diagnose(0x44);
  expect("first doubleword", *(volatile u64*)at(kGuestData), 4);
}

void run_cases(void) {
  with_all_variants(diagnose);
  with_all_variants(execute);
  with_all_variants(always);
  with_all_variants(control_registers_loaded);
  with_all_variants(psw_loaded);
  with_all_variants(facility_list);
  with_all_variants(program_interruptions);
  with_all_variants(keys);
  with_all_variants(per);
  with_all_variants(condition_one);
  with_all_variants(moved);
  with_all_variants(moved_from_missing_segment);
}
