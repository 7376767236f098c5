// SPDX-License-Identifier: BSD-3-Clause
// Accesses of the guest: who hears of which exception, and that the guest's instruction can be tried again.
#include "tests/sie_programs/runtime/host.h"

GUEST(add_one, "agsi 0(2),1\n diag 0,0,0x44");
GUEST(fetch, "lg 5,0(2)\n diag 0,0,0x44");
GUEST(store, "stg 5,0(2)\n diag 0,0,0x44");

static void begin_with(const char* name, const u8* code, const u8* end) {
  begin(name);
  new_guest(kSmallPages);
  load_at(kGuestCode, code, end);
  gr[2] = guest_address(kGuestData);
}
#define BEGIN(name, code) begin_with(name, code, code##_end)

static u64 word(u64 guest_absolute) { return *(volatile u64*)at(guest_absolute); }

static void expect_at_instruction(void) { expect("PSW address", block->psw_address, kGuestCode); }

static void missing(void) {
  BEGIN("55 behind the last page of a guest without limit the host has a segment-translation exception", store);
  suppress_limit();
  if (variant.guest_dat) {
    *(volatile u64*)at(kGuestPageTable + 0x21 * 8) = 0x100000;
    gr[2] = guest_address(kGuestData2);
  } else {
    gr[2] = 0x100000;
  }
  run();
  expect_host_program(kSegmentTranslation, 0x100000);
  expect_at_instruction();

  BEGIN("56 a page that the host lacks is the host's page-translation exception; then the store is done once", add_one);
  set_page(kGuestData, page_entry(kGuestData) | PAGE_INVALID);
  run();
  expect_host_program(kPageTranslation, host_virtual(kGuestData));
  expect_at_instruction();
  expect("before", word(kGuestData), 0);
  set_page(kGuestData, page_entry(kGuestData));
  again();
  expect_diagnose(0x44);
  expect("after", word(kGuestData), 1);

  if (facility(75)) {
    BEGIN("64 the host's exception tells a store from a fetch", store);
    set_page(kGuestData, page_entry(kGuestData) | PAGE_INVALID);
    run();
    expect_host_program(kPageTranslation, host_virtual(kGuestData));
    expect("store", record()->teid & (kTeidStore | kTeidFetch), kTeidStore);
    load(fetch);
    run();
    expect_host_program(kPageTranslation, host_virtual(kGuestData));
    expect("fetch", record()->teid & (kTeidStore | kTeidFetch), kTeidFetch);
  }

  GUEST(store_across, "stg 5,0xffc(2)\n diag 0,0,0x44");
  BEGIN("66 of an operand across pages whose second page the host lacks nothing is stored", store_across);
  gr[5] = -1ul;
  set_page(kGuestData2, page_entry(kGuestData2) | PAGE_INVALID);
  run();
  expect_host_program(kPageTranslation, host_virtual(kGuestData2));
  expect_at_instruction();
  expect("first page", word(kGuestData + 0xff8), 0);
  set_page(kGuestData2, page_entry(kGuestData2));
  again();
  expect_diagnose(0x44);
  expect("first page", word(kGuestData + 0xff8), 0xffffffff);
  expect("second page", word(kGuestData2), 0xffffffff00000000);

  GUEST(move_long, "mvcl 2,6\n diag 0,0,0x44");
  BEGIN("67 MOVE LONG that meets a page that the host lacks goes on where it was", move_long);
  const u64 length = 0x1000, source = 0x24000;
  for (u64 i = 0; i < length; i += 8) *(volatile u64*)at(source + i) = i * 0x0101010101ul + 1;
  gr[2] = guest_address(kGuestData) + 0x800;
  gr[6] = guest_address(source);
  gr[3] = gr[7] = length;
  const u64 end = gr[2] + length, source_end = gr[6] + length;
  block->psw_mask = PSW_64_BIT | (variant.guest_dat ? PSW_DAT : 0);
  set_page(kGuestData2, page_entry(kGuestData2) | PAGE_INVALID);
  run();
  expect_host_program(kPageTranslation, host_virtual(kGuestData2));
  expect_at_instruction();
  expect("destination and length", gr[2] + gr[3], end);
  expect("source and length", gr[6] + gr[7], source_end);
  set_page(kGuestData2, page_entry(kGuestData2));
  again();
  expect_diagnose(0x44);
  expect("length left", gr[3], 0);
  for (u64 i = 0; i < length; i += 8) expect("moved", word(kGuestData + 0x800 + i), word(source + i));
}

static void protection(void) {
  BEGIN("57 a store into a page that the host protects is the host's protection exception; then it is done once",
        add_one);
  set_page(kGuestData, page_entry(kGuestData) | ENTRY_PROTECTED);
  run();
  expect_host_program(kProtection, host_virtual(kGuestData));
  expect("protection in the TEID", record()->teid & 0x8c, kTeidProtection);
  expect_at_instruction();
  expect("before", word(kGuestData), 0);
  set_page(kGuestData, page_entry(kGuestData));
  again();
  expect_diagnose(0x44);
  expect("after", word(kGuestData), 1);

  BEGIN("58 the same is a program interception while the host does not ask for it", add_one);
  block->execution_controls_b = 0;
  set_page(kGuestData, page_entry(kGuestData) | ENTRY_PROTECTED);
  run();
  expect_program_interception(kProtection);
  expect("before", word(kGuestData), 0);

  BEGIN("60 a fetch from a page that the host protects is allowed", fetch);
  *(volatile u64*)at(kGuestData) = 0x600d;
  set_page(kGuestData, page_entry(kGuestData) | ENTRY_PROTECTED);
  run();
  expect_diagnose(0x44);
  expect("fetched", gr[5], 0x600d);

  // With the guest's DAT off there is low-address protection instead.
  for (int interpreted = 1; interpreted >= 0; interpreted--) {
    BEGIN(interpreted
              ? "59 a store that the guest's own protection forbids is the guest's protection exception"
              : "59 a store that the guest's own protection forbids is intercepted while that is not interpreted",
          store);
    if (variant.guest_dat)
      *(volatile u64*)at(kGuestPageTable + 0x20 * 8) |= ENTRY_PROTECTED;
    else {
      block->control_registers[0] |= 0x10000000;
      gr[2] = 0x100;
    }
    if (!interpreted) block->execution_controls_a &= ~ECA_PROTECTION;
    gr[5] = 0xbad;
    run();
    if (interpreted) {
      expect_diagnose(kHandlerProgram);
      expect("interruption code in the guest's prefix area", guest_lowcore(0x8e, 2), kProtection);
    } else {
      expect_program_interception(kProtection);
    }
    expect("not stored", word(kGuestData) | word(kGuestPrefix + 0x100), 0);
  }

  GUEST(store_with_key, "stg 5,0(2)\n diag 0,0,0x44");
  BEGIN("65 the frame's key decides against the guest's key, and the host's does not count", store_with_key);
  __asm__ volatile("sske %0,%1" : : "d"(0x10ul), "a"(at(kGuestData)) : "memory");
  block->psw_mask |= 0x0020000000000000;
  gr[5] = 0xbad;
  run();
  expect_diagnose(kHandlerProgram);
  expect("interruption code in the guest's prefix area", guest_lowcore(0x8e, 2), kProtection);
  expect("not stored", word(kGuestData), 0);
  block->psw_mask = (block->psw_mask & ~0x00f0000000000000ul) | 0x0010000000000000 | (variant.guest_dat ? PSW_DAT : 0);
  gr[5] = 0x600d;
  run();
  // DIAGNOSE needs no key, and the code page's key is 0, from which fetching is allowed.
  expect_diagnose(0x44);
  expect("stored with the right key", word(kGuestData), 0x600d);
  __asm__ volatile("sske %0,%1" : : "d"(0ul), "a"(at(kGuestData)) : "memory");
}

static void guest_tables(void) {
  if (variant.guest_dat) {
    BEGIN("a page that the guest's own tables lack is the guest's exception, with its own virtual address", store);
    *(volatile u64*)at(kGuestPageTable + 0x20 * 8) |= PAGE_INVALID;
    run();
    expect_diagnose(kHandlerProgram);
    expect("interruption code in the guest's prefix area", guest_lowcore(0x8e, 2), kPageTranslation);
    expect("TEID in the guest's prefix area", guest_lowcore(0xa8, 8) & -0x1000ul, guest_address(kGuestData));
    expect("program old PSW address", guest_lowcore(0x158, 8), kGuestCode);

    BEGIN("a page table of the guest beyond its limit is an addressing exception, intercepted", store);
    *(volatile u64*)at(kGuestSegmentTable + (GUEST_ALIAS >> 20) * 8) = GUEST_SIZE + 0x1000;
    run();
    expect_program_interception(kAddressing);
  }

  BEGIN("a frame that the machine does not have is the guest's addressing exception, intercepted", store);
  set_page(kGuestData, 0x100000000000);
  run();
  expect_program_interception(kAddressing);

  BEGIN("what the guest fetches and stores is recorded in the frame's key", fetch);
  u64 key;
  __asm__ volatile("sske %0,%1" : : "d"(0ul), "a"(at(kGuestData)) : "memory");
  run();
  __asm__ volatile("iske %0,%1" : "=d"(key) : "a"(at(kGuestData)) : "memory");
  expect("key after a fetch", key & 0xfc, 0x04);
  load(store);
  run();
  __asm__ volatile("iske %0,%1" : "=d"(key) : "a"(at(kGuestData)) : "memory");
  expect("key after a store", key & 0xfe, 0x06);
}

static void spaces(void) {
  if (variant.guest_dat) {
    BEGIN("61 a guest's page table in a page that the host lacks is the host's exception for that page", fetch);
    *(volatile u64*)at(kGuestData) = 0x600d;
    set_page(kGuestPageTable, page_entry(kGuestPageTable) | PAGE_INVALID);
    run();
    expect_host_program(kPageTranslation, host_virtual(kGuestPageTable));
    set_page(kGuestPageTable, page_entry(kGuestPageTable));
    again();
    expect_diagnose(0x44);
    expect("fetched", gr[5], 0x600d);
  }

  BEGIN("62 a guest's storage is the primary space of a host that runs in the home space", fetch);
  *(volatile u64*)at(kGuestData) = 0x600d;
  const u64 secondary = (u64)new_table(2048, ENTRY_INVALID) | 3;
  __asm__ volatile("lctlg 7,7,%0" : : "Q"(secondary) : "memory");
  run();
  expect_diagnose(0x44);
  expect("fetched", gr[5], 0x600d);

  if (facility(130)) {
    BEGIN("63 a page that the host must not execute is executed by the guest", fetch);
    u64 cr0;
    __asm__ volatile("stctg 0,0,%0" : "=Q"(cr0));
    cr0 |= 0x100000; // instruction-execution protection
    __asm__ volatile("lctlg 0,0,%0" : : "Q"(cr0) : "memory");
    set_page(kGuestCode, page_entry(kGuestCode) | 0x100);
    run();
    expect_diagnose(0x44);
    cr0 &= ~0x100000ul;
    __asm__ volatile("lctlg 0,0,%0" : : "Q"(cr0) : "memory");
  }
}

void run_cases(void) {
  with_all_variants(missing);
  with_all_variants(protection);
  with_all_variants(guest_tables);
  with_all_variants(spaces);
}
