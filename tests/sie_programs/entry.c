// SPDX-License-Identifier: BSD-3-Clause
// SIE itself: exceptions of the operand, validity of the state description, what is exchanged at entry and exit.
#include "tests/sie_programs/runtime/host.h"

GUEST(nothing, "diag 0,0,0x44");

static void expect_probe(u64 code) {
  expect("program interruptions", record()->program_count, 1);
  expect("program interruption code", record()->program_code, code);
  expect("instruction length", record()->program_ilc, 4);
  expect("old PSW", record()->program_old[1], (u64)probed_sie + 4);
}

static void probe(u64 operand) {
  record()->program_count = 0;
  probe_sie(operand);
  prepare_prefix_area(0); // who takes the prefix area for a state description stores into it
}

static void operand(void) {
  static struct StateDescription before;
  new_guest(kSmallPages);
  load(nothing);

  begin("01 SIE in the problem state is a privileged-operation exception");
  before = *block;
  record()->program_count = 0;
  probe_sie_in_problem_state((u64)block);
  expect_probe(kProgramPrivileged);
  for (unsigned i = 0; i < 64; i++) expect("state description", ((const u64*)block)[i], ((const u64*)&before)[i]);

  begin("02 an operand that is no multiple of 512 is a specification exception");
  static const u64 offsets[] = {1, 8, 256};
  for (unsigned i = 0; i < 3; i++) {
    probe((u64)block + offsets[i]);
    expect_probe(kSpecification);
  }

  begin("03 an operand in the first 8 KB is a specification exception");
  probe(0);
  expect_probe(kSpecification);
  probe(0x1e00);
  expect_probe(kSpecification);

  begin("03 an operand in the host's prefix area is a specification exception, behind it not");
  static u8 area[0x4000] __attribute__((aligned(0x2000)));
  move_prefix((u64)area);
  probe((u64)area);
  expect_probe(kSpecification);
  probe((u64)area + 0x1e00);
  expect_probe(kSpecification);
  probe((u64)area + 0x2000); // all zero: ends with a validity interception
  expect("program interruptions", record()->program_count, 0);
  move_prefix(0);

  begin("04 an operand beyond main storage is an addressing exception");
  probe(0x100000000000);
  expect_probe(kAddressing);
}

static void mode(void) {
  new_guest(kSmallPages);
  load(nothing);
  begin("06 a guest that is not z/Architecture is not valid, its PSW stays");
  block->cpuflags = 0;
  run();
  expect_validity(0x0001);
  expect("who and when", block->instruction & 0x0fff, 0x0110);
  expect("PSW address", block->psw_address, kGuestCode);
  expect("PSW mask", block->psw_mask, PSW_64_BIT);

  static const struct {
    const char* name;
    u32 flags;
    u64 why;
  } combinations[] = {
      {"07 region relocation is not valid", kFlagRrf, 1},
      {"07 multiple controlled data spaces are not valid", kFlagMcds, 1},
      {"07 interpreted SIE of a V=V guest is not valid", kFlagSlsv, 7},
      {"07 interpreted SIE of a V=R guest is not valid", kFlagSlsr, 7},
      {"07 EDAT 1 together with EDAT 2 is not valid", kFlagEdat1 | kFlagEdat2, 1},
  };
  for (unsigned i = 0; i < sizeof combinations / sizeof combinations[0]; i++) {
    begin(combinations[i].name);
    block->cpuflags = kFlagZ | combinations[i].flags;
    run();
    expect_validity(combinations[i].why);
  }
}

static void extent(void) {
  begin("08 an origin beyond the limit is not valid");
  new_guest(kLargestFrames);
  load(nothing);
  block->storage_limit = block->storage_origin - 0x100000;
  run();
  expect_validity(0x0041);

  begin("08 an origin beyond the limit is valid when there is no limit");
  new_guest(kLargestFrames);
  load(nothing);
  suppress_limit();
  block->storage_origin = 0x7f0000100000;
  block->storage_limit = 0;
  run();
  expect_diagnose(0x44);

  begin("09 a prefix beyond the extent is not valid");
  new_guest(kLargestFrames);
  load(nothing);
  block->prefix = GUEST_SIZE;
  run();
  expect_validity(0x0010);

  begin("13 a prefix area in the last 8 KB of a segment has two pages, each with its own frame");
  new_guest(kSmallPages);
  GUEST(both_pages, "lg 4,0x200(0)\n lg 5,0x1200(0)\n lghi 6,77\n stg 6,0x1208(0)\n diag 0,0,0x44");
  load(both_pages);
  const u64 prefix = 0xfe000, first_frame = 0x30000, second_frame = 0x28000;
  block->prefix = prefix;
  set_page(prefix, page_entry(first_frame));
  set_page(prefix + kPageSize, page_entry(second_frame));
  *(volatile u64*)at(first_frame + 0x200) = 11;
  *(volatile u64*)at(second_frame + 0x200) = 22;
  run();
  expect_diagnose(0x44);
  expect("from the first page", gr[4], 11);
  expect("from the second page", gr[5], 22);
  expect("into the second page", *(volatile u64*)at(second_frame + 0x208), 77);

  begin("14 an interruption of a guest mapped by the largest frames is stored in its prefix area");
  new_guest(kLargestFrames);
  GUEST(supervisor_call, "svc 17\n diag 0,0,0x45");
  load(supervisor_call);
  run();
  expect_diagnose(kHandlerSvc);
  expect("interruption code", guest_lowcore(0x8a, 2), 17);
  expect("ILC", guest_lowcore(0x88, 2), 2);
  expect("old PSW address", guest_lowcore(0x148, 8), kGuestCode + 2);

  begin("21 the rightmost bits of origin, limit and vector save area do not count");
  new_guest(kLargestFrames);
  load(nothing);
  block->storage_origin += 0xabcde;
  block->storage_limit += 0x12345;
  block->vector_save_area = 0x1ff;
  block->control_area_low = 0xf;
  run();
  expect_diagnose(0x44);
}

static void prefix_area(void) {
  begin("10 a prefix area without a page of the host is not valid, and no interruption of the host");
  new_guest(kSmallPages);
  load(nothing);
  set_page(kGuestPrefix, page_entry(kGuestPrefix) | PAGE_INVALID);
  record()->teid = 0x1234;
  run();
  expect_validity(0x0037);
  expect("TEID of the host", record()->teid, 0x1234);
  expect("PSW address", block->psw_address, kGuestCode);

  begin("11 a prefix area that the host protects is not valid");
  new_guest(kSmallPages);
  load(nothing);
  set_page(kGuestPrefix, page_entry(kGuestPrefix) | ENTRY_PROTECTED);
  run();
  expect_validity(0x0037);

  begin("12 the second page of the prefix area need not be there until the guest uses it");
  new_guest(kSmallPages);
  GUEST(use_second_page, "lr 1,1\n stg 6,0x1200(0)\n diag 0,0,0x44");
  load(use_second_page);
  gr[6] = 0x66;
  set_page(kGuestPrefix + kPageSize, page_entry(kGuestPrefix + kPageSize) | PAGE_INVALID);
  run();
  expect_host_program(kPageTranslation, host_virtual(kGuestPrefix + kPageSize));
  expect("PSW address", block->psw_address, kGuestCode + 2);
  set_page(kGuestPrefix + kPageSize, page_entry(kGuestPrefix + kPageSize));
  again();
  expect_diagnose(0x44);
  expect("stored", guest_lowcore(0x1200, 8), 0x66);

  if (!facility(73)) {
    begin("12 nor with the control for transactional execution on a machine that has it not");
    new_guest(kSmallPages);
    load(nothing);
    set_page(kGuestPrefix + kPageSize, page_entry(kGuestPrefix + kPageSize) | PAGE_INVALID);
    block->execution_controls_b |= kEcbTransactional;
    run();
    expect_diagnose(0x44);
  }
}

static void valid_psw(void) {
  begin("20 an invalid PSW is a program interception at that PSW");
  new_guest(kLargestFrames);
  load(nothing);
  block->psw_mask |= 0x0008000000000000;
  const u64 mask = block->psw_mask;
  run();
  expect_program_interception(kSpecification);
  expect("PSW address", block->psw_address, kGuestCode);
  expect("PSW mask", block->psw_mask, mask);
  expect("ILC", parameter(0xcc, 2), 0);

  begin("20 an odd instruction address is a program interception");
  new_guest(kLargestFrames);
  load(nothing);
  block->psw_address = kGuestCode + 1;
  again();
  expect_program_interception(kSpecification);
  expect("PSW address less ILC", block->psw_address - parameter(0xcc, 2), kGuestCode + 1);
}

static void registers(void) {
  begin("23 registers 0-13, access and floating-point registers pass; 14, 15, control registers and prefix are "
        "exchanged");
  new_guest(kLargestFrames);
  GUEST(registers_of_guest,
        "lgr 0,14\n agr 0,15\n ear 1,5\n lgdr 3,8\n efpc 4\n"
        "la 14,0x777\n la 15,0x888\n lghi 6,0x99\n sar 5,6\n ldgr 8,6\n lghi 7,3\n sfpc 7\n stctg 9,9,0(2)\n diag "
        "0,0,0x44");
  load_at(kGuestCode, registers_of_guest, registers_of_guest_end);
  block->gr14 = 0x1000;
  block->gr15 = 0x0234;
  block->control_registers[9] = 0x5555;
  block->control_registers[6] = 0x4711;
  gr[2] = guest_address(kGuestData);
  gr[13] = 0x13;
  u64 access, floating, control = 0, fpc = 2;
  __asm__ volatile("lghi 1,0x66\n sar 5,1\n lghi 1,0x88\n ldgr 8,1\n sfpc %0" : : "d"(fpc) : "1");
  run();
  __asm__ volatile("ear %0,5\n lgdr %1,8\n efpc %2\n stctg 6,6,%3"
                   : "=d"(access), "=d"(floating), "=d"(fpc), "=Q"(control));
  expect_diagnose(0x44);
  expect("the guest's 14 and 15", gr[0], 0x1234);
  expect("access register in", gr[1] & 0xffffffff, 0x66);
  expect("floating-point register in", gr[3], 0x88);
  expect("FPC in", gr[4] & 0xffffffff, 2);
  expect("general register 13 out", gr[13], 0x13);
  expect("general register 14 of the guest", block->gr14, 0x777);
  expect("general register 15 of the guest", block->gr15, 0x888);
  expect("access register out", access & 0xffffffff, 0x99);
  expect("floating-point register out", floating, 0x99);
  expect("FPC out", fpc & 0xffffffff, 3);
  expect("control register 9 of the guest", *(volatile u64*)at(kGuestData), 0x5555);
  expect("control register 6 of the guest", block->control_registers[6], 0x4711);
  expect("control register 6 of the host", control, 0);
  u32 prefix;
  __asm__ volatile("stpx %0" : "=Q"(prefix));
  expect("prefix of the host", prefix, 0);
}

static u8 control_area[0x2000] __attribute__((aligned(0x2000)));

static void satellites(void) {
  new_guest(kSmallPages);
  load(nothing);
  begin("15 a system control area below 8 KB is not valid");
  block->control_area_low = 0x1000;
  run();
  expect_validity(0x0038);

  begin("15 a system control area in the host's prefix area is not valid");
  static u8 area[0x2000] __attribute__((aligned(0x2000)));
  move_prefix((u64)area);
  block->control_area_low = (u32)(u64)area + 0x100;
  run();
  move_prefix(0);
  expect_validity(0x0011);

  begin("15 a basic system control area across a page boundary is not valid");
  block->control_area_low = (u32)(u64)control_area + 0x800;
  run();
  expect_validity(0x003b);

  begin("15 a system control area beyond main storage is not valid");
  block->control_area_high = 0x1000;
  block->control_area_low = 0x2000;
  run();
  expect_validity(0x0034);
  block->control_area_high = 0;

  begin("16 the extended form of the system control area is accepted though it is not reported");
  block->control_area_low = (u32)(u64)control_area;
  block->execution_controls_b2 |= kEcb2ExtendedSca;
  run();
  expect_diagnose(0x44);
  block->execution_controls_b2 = 0;
  block->control_area_low = 0;

  begin("17 a crypto control block designation of zero counts only with facility 76");
  block->crypto_control_block = 3;
  run();
  if (facility(76))
    expect_validity(0x0039);
  else
    expect_diagnose(0x44);
  block->crypto_control_block = 0;

  begin("18 the state-description annex does not count without guarded storage and entropy token");
  block->annex = 0x1005;
  run();
  expect_diagnose(0x44);
  if (!facility(133) && !facility(156)) {
    begin("18 the controls for guarded storage and entropy token do not count on a machine that has neither");
    block->execution_controls_b |= kEcbGuardedStorage;
    block->execution_controls_d |= ECD_ENTROPY_TOKEN;
    run();
    expect_diagnose(0x44);
    block->execution_controls_b &= (u8)~kEcbGuardedStorage;
    block->execution_controls_d = 0;
  }
  block->annex = 0;

  begin("19 the transaction diagnostic block does not count while transactional execution is off");
  block->transaction_diagnostic_block = 0x100;
  run();
  expect_diagnose(0x44);
  if (!facility(73)) {
    begin("19 the control for transactional execution does not count on a machine that has it not");
    block->execution_controls_b |= kEcbTransactional;
    run();
    expect_diagnose(0x44);
    block->execution_controls_b &= (u8)~kEcbTransactional;
  }
  block->transaction_diagnostic_block = 0;

  begin("22 a zone number is not valid");
  block->zone = 1;
  run();
  expect_validity(0x1006);
}

void run_cases(void) {
  operand();
  mode();
  with_all_variants(extent);
  with_all_variants(prefix_area);
  satellites();
  with_all_variants(valid_psw);
  with_all_variants(registers);
}
