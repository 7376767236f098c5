// SPDX-License-Identifier: BSD-3-Clause
// Storage keys and page states: the machine's own, which are a guest's when this program runs under KVM, and a guest's page states
// with the release list.
#include "tests/sie_programs/runtime/host.h"

#define UNTOUCHED 0x6000000ul // above it nothing else is in use

static u64 key_of(u64 page) {
  u64 key = 0;
  __asm__ volatile("iske %0,%1" : "+d"(key) : "a"(page) : "memory");
  return key & 0xfe;
}

static void set_key(u64 page, u64 key) { __asm__ volatile("sske %0,%1" : : "d"(key), "a"(page) : "memory"); }

// The condition code.
static u64 reset_reference(u64 page) {
  u32 cc;
  __asm__ volatile("rrbe 0,%1\n ipm %0" : "=d"(cc) : "a"(page) : "cc", "memory");
  return cc >> 28;
}

static void own_keys(void) {
  begin("34 own keys: what is set is there, of a page that nobody has touched before");
  const u64 page = UNTOUCHED;
  set_key(page, 0x36);
  expect("key", key_of(page), 0x36);
  expect("references before the first reset", reset_reference(page), 3);
  expect("key", key_of(page), 0x32);
  expect("references before the second reset", reset_reference(page), 1);

  begin("34 own keys: stores and fetches are recorded");
  const u64 stored = UNTOUCHED + 0x100000, fetched = UNTOUCHED + 0x101000;
  set_key(stored, 0x10);
  set_key(fetched, 0x10);
  *(volatile u64*)stored = 1;
  (void)*(volatile u64*)fetched;
  expect("stored", key_of(stored), 0x16);
  expect("fetched", key_of(fetched), 0x14);
  expect("references of the stored one", reset_reference(stored), 3);
  expect("stored and reset", key_of(stored), 0x12);
  (void)*(volatile u64*)stored;
  expect("fetched again", key_of(stored), 0x16);
  set_key(stored, 0);
  set_key(fetched, 0);

  begin("34 own keys: a conditional request leaves a key that differs in nothing else");
  u64 wanted = 0x20;
  u32 cc;
  set_key(page, 0x26);
  __asm__ volatile(".insn rrf,0xb22b0000,%1,%2,6,0\n ipm %0" : "=d"(cc), "+d"(wanted) : "a"(page) : "cc", "memory");
  expect("condition code", cc >> 28, 0);
  expect("old key", wanted, 0x2620);
  expect("key", key_of(page), 0x26);
  wanted = 0x30;
  __asm__ volatile(".insn rrf,0xb22b0000,%1,%2,6,0\n ipm %0" : "=d"(cc), "+d"(wanted) : "a"(page) : "cc", "memory");
  expect("condition code", cc >> 28, 1);
  expect("old key", wanted, 0x2630);
  expect("key", key_of(page), 0x30);

  begin("34 own keys: multiple blocks go to the end of a megabyte that nobody has touched before");
  u64 at_block = UNTOUCHED + 0x2fe000;
  __asm__ volatile(".insn rrf,0xb22b0000,%1,%0,1,0" : "+a"(at_block) : "d"(0x40ul) : "cc", "memory");
  expect("address afterwards", at_block, UNTOUCHED + 0x300000);
  expect("before", key_of(UNTOUCHED + 0x2fd000), 0);
  expect("first", key_of(UNTOUCHED + 0x2fe000), 0x40);
  expect("last", key_of(UNTOUCHED + 0x2ff000), 0x40);
  expect("behind", key_of(UNTOUCHED + 0x300000), 0);

  begin("34 own keys: frame management clears and sets keys");
  u64 frame = UNTOUCHED + 0x400000;
  *(volatile u64*)(frame + 0xff8) = 0x1234;
  *(volatile u64*)(frame + 0xffff8) = 0x5678;
  __asm__ volatile("pfmf %1,%0" : "+a"(frame) : "d"(0x31050ul) : "cc", "memory");
  expect("address afterwards", frame, UNTOUCHED + 0x500000);
  frame = UNTOUCHED + 0x400000;
  expect("first key", key_of(frame), 0x50);
  expect("last key", key_of(frame + 0xff000), 0x50);
  expect("contents", *(volatile u64*)(frame + 0xff8) | *(volatile u64*)(frame + 0xffff8), 0);
}

// EXTRACT AND SET STORAGE ATTRIBUTES; all ones when there is no such instruction.
#define PAGE_STATE(request)                                                                                            \
  static u64 page_state_##request(u64 page) {                                                                          \
    u64 state = -1ul;                                                                                                  \
    record()->program_count = 0;                                                                                       \
    __asm__ volatile("larl 1,0f\n stg 1,0x4b0\n .insn rrf,0xb9ab0000,%0,%1," #request ",0\n0: xc 0x4b0(8),0x4b0"       \
                     : "+d"(state)                                                                                     \
                     : "a"(page)                                                                                       \
                     : "1", "cc", "memory");                                                                           \
    return record()->program_count != 0 ? -1ul : state;                                                                \
  }
PAGE_STATE(0)
PAGE_STATE(1)
PAGE_STATE(2)
PAGE_STATE(3)

static void own_page_states(void) {
  begin("41 own page states: each request answers the state before it");
  const u64 page = UNTOUCHED + 0x600000;
  *(volatile u64*)page = 1;
  expect("stable", page_state_2(page), 0);
  expect("unused", page_state_3(page), 4);
  expect("volatile", page_state_0(page), 0xc);
  expect("volatile still", page_state_1(page), 0xc);
  expect("stable again", page_state_0(page), 0);

  begin("41 own page states: pages that nobody has touched can be given up, more than one list holds");
  u64 wrong = 0;
  for (u64 i = 0; i < 1100; i++) wrong += (page_state_2(UNTOUCHED + 0x800000 + i * 0x1000) & 0xc) != 0;
  expect("pages that were not stable", wrong, 0);
  for (u64 i = 0; i < 1100; i++) wrong += (page_state_1(UNTOUCHED + 0x800000 + i * 0x1000) & 0xc) != 4;
  expect("pages that were not unused", wrong, 0);
  for (u64 i = 0; i < 1100; i++) wrong += *(volatile u64*)(UNTOUCHED + 0x800000 + i * 0x1000) != 0;
  expect("pages that are not zero", wrong, 0);
}

GUEST(give_up, ".insn rrf,0xb9ab0000,%r4,%r2,2,0\n diag 0,0,0x44");

static void begin_to_give_up(const char* name) {
  begin(name);
  new_guest(kSmallPages);
  load(give_up);
  gr[2] = kGuestData;
  gr[4] = 0x99;
  block->execution_controls_b2 |= 0x80;
  block->release_list = (u64)new_table(512, 0);
}

static void expect_intercepted(void) {
  expect("interception code", block->interception_code, kInstruction);
  expect("instruction", block->instruction, 0xb9ab);
  expect("first operand", gr[4], 0x99);
}

static void guest_page_states(void) {
  begin_to_give_up("41 a guest's page states are intercepted when their interpretation is off");
  block->execution_controls_b2 &= 0x7f;
  run();
  expect_intercepted();

  begin_to_give_up("41 a page of the guest that is there is only marked");
  const u64 list = block->release_list;
  volatile u64* const status = host_entry(kGuestData, 0) + 256;
  run();
  expect_diagnose(0x44);
  expect("state before", gr[4], 0);
  expect("page status", *status, 0x01000000);
  expect("release list", block->release_list, list);

  begin_to_give_up("41 a page of the guest that is missing goes to the release list");
  const u64 own_list = block->release_list;
  volatile u64* const own_status = host_entry(kGuestData, 0) + 256;
  set_page(kGuestData, PAGE_INVALID);
  run();
  expect_diagnose(0x44);
  expect("state before", gr[4], 2);
  expect("page status", *own_status, 0x81000000);
  expect("entry", *(volatile u64*)own_list, kGuestData);
  expect("release list", block->release_list, own_list + 8);

  begin_to_give_up("41 a full release list is an interception");
  block->release_list += 511 * 8;
  run();
  expect_intercepted();
}

void run_cases(void) {
  own_keys();
  own_page_states();
  with_all_variants(guest_page_states);
}
