// SPDX-License-Identifier: BSD-3-Clause
// Changes of the host's tables while and after guests use them, large frames and the rules of the walk.
#include "tests/sie_programs/runtime/host.h"

u64 service_call(u64 command, const void* sccb);

GUEST(nothing, "diag 0,0,0x44");
GUEST(fetch, "lg 5,0(2)\n diag 0,0,0x44");
GUEST(store, "stg 5,0(2)\n diag 0,0,0x44");
GUEST(count_up, "0: agsi 0(2),1\n j 0b");

static void begin_with(const char* name, enum Pages pages, const u8* code, const u8* end) {
  begin(name);
  new_guest(pages);
  load_at(kGuestCode, code, end);
  gr[2] = guest_address(kGuestData);
  *(volatile u64*)at(kGuestData) = 0x11;
  *(volatile u64*)at(kGuestData2) = 0x22;
}
#define BEGIN(name, pages, code) begin_with(name, pages, code, code##_end)

static void expect_fetched(u64 value) {
  expect_diagnose(0x44);
  expect("fetched", gr[5], value);
}

enum { kSecondSegment = 0x100000, kCounter = 0x22000 };

// What the guest calls a guest absolute page outside its first megabyte: with its DAT on one page of its table leads there.
static u64 address_of(u64 guest_absolute) {
  if (!variant.guest_dat) return guest_absolute;
  *(volatile u64*)at(kGuestPageTable + 0x21 * 8) = guest_absolute;
  return guest_address(kGuestData2);
}

static u64 random_state = 88172645463325252;
static u64 random_number(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  return random_state ^= random_state << 17;
}

// IDTE, invalidation of one entry (of the segment table here) and of what hangs below it.
static void invalidate_segment(u64 guest_absolute) {
  u64* const entry = host_entry(guest_absolute, 1);
  const u64 index = (u64)entry >> 3 & 0x7ff;
  const u64 table = ((u64)entry - index * 8) | 3; // of a table of segments; the entries that the table length allows
  __asm__ volatile(".insn rrf,0xb98e0000,%0,%1,0,0" : : "a"(table), "a"(host_virtual(guest_absolute)) : "memory");
}

// --- a second CPU in the guest ----------------------------------------------------------------------------------------------

static struct StateDescription second_block __attribute__((aligned(512)));
static struct StateDescription* second_state;
static u64 second_gr[16];
static volatile u64 second_exits;
static volatile u16 second_code;
static int keep_going;

static void second_host(void) {
  set_enhanced_dat(variant.edat != 0);
  load_primary_asce(host_asce);
  do {
    record()->program_count = 0;
    interpret(second_state, second_gr);
    second_code = record()->program_count == 0 ? 0 : record()->program_code;
    barrier();
    second_exits++;
  } while (keep_going && second_state->interception_code == 0);
  for (;;) barrier();
}

static int start_on_second_cpu(struct StateDescription* state) {
  second_state = state;
  for (unsigned i = 0; i < 14; i++) second_gr[i] = gr[i];
  second_exits = second_code = 0;
  const int there = start_cpu(1, second_host);
  expect("second CPU", (u64)there, 1);
  return there;
}

// The guest of the case on a CPU of its own, with a state description and a prefix area of its own.
static int start_second_guest(void) {
  second_block = *block;
  second_block.prefix = 0x6000;
  for (u64 i = 0; i < 0x2000; i += 8) *(volatile u64*)at(0x6000 + i) = *(volatile u64*)at(kGuestPrefix + i);
  return start_on_second_cpu(&second_block);
}

static u64 word(u64 guest_absolute) { return *(volatile u64*)at(guest_absolute); }

// Under KVM the CPU that invalidates and the one that fetches hold one another up: of the table's page, which KVM protects, the one's
// IDTE is the host's protection exception; when that is out of the way, the other CPU's KVM is making its shadow tables anew and holds
// the interlock for that, so the IDTE is intercepted; when that is over, the page is protected again. Where time is deterministic
// only guest 1's next timer interruption gets them out of step: some ten milliseconds for each exchange.
static void walk_race(void) {
  BEGIN("80 while a segment-table entry is exchanged a guest sees the old page or the new one", kSmallPages, nothing);
  GUEST(fetch_for_ever, "0: agsi 0(8),1\n lg 5,0(2)\n clgr 5,6\n je 0b\n clgr 5,7\n je 0b\n diag 0,0,0x46");
  load(fetch_for_ever);
  gr[6] = 0x11;
  gr[7] = 0x22;
  gr[2] = address_of(kSecondSegment);
  gr[8] = guest_address(kCounter);
  const volatile u64* const fetches = at(kCounter);
  u64* const tables[] = {new_table(256, 0), new_table(256, 0)};
  for (u64 i = 0; i < 256; i++) {
    tables[0][i] = page_entry(kGuestData);
    tables[1][i] = page_entry(kGuestData2);
  }
  keep_going = 1;
  *host_entry(kSecondSegment, 1) = (u64)tables[0];
  if (start_second_guest()) {
    while (*fetches == 0) barrier();
    const u64 exchanges = is_guest_itself() ? 10 : full_size() ? 3000 : 200;
    for (u64 i = 0; i < exchanges || second_exits == 0; i++) {
      invalidate_segment(kSecondSegment);
      for (u64 n = random_number() % 5000; n != 0; n--) barrier();
      *(volatile u64*)host_entry(kSecondSegment, 1) = (u64)tables[i % 2];
      for (u64 n = random_number() % 5000; n != 0; n--) barrier();
    }
    stop_cpu(1);
    expect("program interruption of the other CPU", second_code, kSegmentTranslation);
    expect("DIAGNOSE of a guest that saw something else", second_block.interception_code, 0);
  }
}

static void other_cpu(void) {
  BEGIN("68 after INVALIDATE PAGE TABLE ENTRY another CPU's guest uses the page no more", kSmallPages, count_up);
  keep_going = 0;
  if (start_second_guest()) {
    while (word(kGuestData) < 0x11 + 100) barrier();
    invalidate_page(host_entry(kGuestData, 0), host_virtual(kGuestData));
    const u64 last = word(kGuestData);
    while (second_exits == 0) barrier();
    expect("stores after it", word(kGuestData), last);
    expect("program interruption of the other CPU", second_code, kPageTranslation);
    stop_cpu(1);
  }

  if (!variant.guest_dat || is_guest_itself()) return; // known_differences says why
  BEGIN("76 a state description that moves to another CPU brings no translation along from before", kSmallPages, fetch);
  run();
  expect_fetched(0x11);
  keep_going = 0;
  block->psw_address = kGuestCode;
  if (start_on_second_cpu(block)) {
    while (second_exits == 0) barrier();
    stop_cpu(1);
    expect("CPU that ran it last", *(volatile u16*)&block->last_host_cpu, 1);
    // Not what a guest may do without an invalidation of its own: so it shows whether this CPU had kept the translation.
    *(volatile u64*)at(kGuestPageTable + 0x20 * 8) = kGuestData2;
    run();
    expect_fetched(0x22);
    expect("CPU that ran it last", *(volatile u16*)&block->last_host_cpu, 0);
  }
}

static void changes(void) {
  BEGIN("69 two spaces that share a page table both lose a page that is invalidated once", kSmallPages, fetch);
  const u64 first = host_asce;
  run();
  expect_fetched(0x11);
  u64* const shared = (u64*)((u64)host_entry(0, 0) & -0x800ul);
  load_host_asce((u64)new_table(2048, ENTRY_INVALID | (first >> 2 & 3) << 2) | (first & 0xf));
  *host_entry(0, 1) = (u64)shared;
  run();
  expect_fetched(0x11);
  invalidate_page(host_entry(kGuestData, 0), host_virtual(kGuestData));
  run();
  expect_host_program(kPageTranslation, host_virtual(kGuestData));
  load_host_asce(first);
  run();
  expect_host_program(kPageTranslation, host_virtual(kGuestData));

  BEGIN("70 a page table that INVALIDATE DAT TABLE ENTRY detached is storage like any other", kSmallPages, fetch);
  run();
  expect_fetched(0x11);
  u64* const detached = (u64*)((u64)host_entry(0, 0) & -0x800ul);
  u64* const other = new_table(256, 0);
  for (u64 i = 0; i < 256; i++) other[i] = detached[i];
  other[kGuestData / kPageSize] = page_entry(kGuestData2);
  invalidate_segment(0);
  for (u64 i = 0; i < 256; i++) ((volatile u64*)detached)[i] = -1ul;
  run();
  expect_validity(0x0037); // the prefix area is gone as well
  *(volatile u64*)host_entry(0, 1) = (u64)other;
  run();
  expect_fetched(0x22);

  BEGIN("71 an invalid entry made valid by a plain store is seen", kSmallPages, fetch);
  invalidate_page(host_entry(kGuestData, 0), host_virtual(kGuestData));
  run();
  expect_host_program(kPageTranslation, host_virtual(kGuestData));
  *(volatile u64*)host_entry(kGuestData, 0) = page_entry(kGuestData);
  run();
  expect_fetched(0x11);

  BEGIN("72 a valid entry exchanged by a plain store leads to the old frame or the new one", kSmallPages, fetch);
  run();
  expect_fetched(0x11);
  *(volatile u64*)host_entry(kGuestData, 0) = page_entry(kGuestData2);
  run();
  expect_diagnose(0x44);
  expect("old or new", gr[5] == 0x11 || gr[5] == 0x22, 1);
  set_page(kGuestData, page_entry(kGuestData2));
  run();
  expect_fetched(0x22);

  BEGIN("73 a store into the top table leaves the rest of the space as it is", kSmallPages, fetch);
  run();
  expect_fetched(0x11);
  ((volatile u64*)(host_asce & -0x1000ul))[2047] ^= 0x40; // an invalid entry that the guest does not use
  run();
  expect_fetched(0x11);

  BEGIN("74 a page-table entry that the service processor stores is seen", kSmallPages, fetch);
  struct {
    u16 length;
    u8 function, control[3];
    u16 response;
  }* const sccb = (void*)host_entry(kGuestData, 0);
  run();
  expect_fetched(0x11);
  invalidate_page(host_entry(kGuestData, 0), host_virtual(kGuestData));
  sccb->length = 8;
  sccb->function = sccb->control[0] = sccb->control[1] = sccb->control[2] = 0;
  sccb->response = 0x0400; // as an entry: invalid
  run();
  expect_host_program(kPageTranslation, host_virtual(kGuestData));
  // Its response to what is no command makes the entry valid, and the frame is one that the machine does not have.
  expect("condition code", service_call(0x00ff0001, sccb), 0);
  expect("response, as an entry valid", *(volatile u16*)&sccb->response & 0x0c00, 0);
  run();
  expect_program_interception(kAddressing);

  BEGIN("75 two spaces in turn on one state description do not mix", kSmallPages, fetch);
  const u64 one = host_asce;
  u64* const pages = (u64*)((u64)host_entry(0, 0) & -0x800ul);
  u64* const pages_of_other = new_table(256, 0);
  for (u64 i = 0; i < 256; i++) pages_of_other[i] = pages[i];
  pages_of_other[kGuestData / kPageSize] = page_entry(kGuestData2);
  load_host_asce((u64)new_table(2048, ENTRY_INVALID | (one >> 2 & 3) << 2) | (one & 0xf));
  const u64 another = host_asce;
  *host_entry(0, 1) = (u64)pages_of_other;
  for (unsigned i = 0; i < 6; i++) {
    load_host_asce(i % 2 ? one : another);
    run();
    expect_fetched(i % 2 ? 0x11 : 0x22);
  }

  BEGIN("77 a real-space designation maps every page to itself", kLargestFrames, fetch);
  load_host_asce(0x20);
  block->storage_origin = GUEST_FRAMES;
  block->storage_limit = GUEST_FRAMES + GUEST_SIZE - 0x100000;
  run();
  expect_fetched(0x11);
  load(store);
  gr[5] = 0x33;
  run();
  expect_diagnose(0x44);
  expect("stored", word(kGuestData), 0x33);
}

// --- the rules of the walk --------------------------------------------------------------------------------------------------

static void format_control_without_edat(void) {
  BEGIN("78 without EDAT the format control of a segment-table entry does not count", kSmallPages, fetch);
  u64* const pages = (u64*)((u64)host_entry(0, 0) & -0x800ul);
  u64* const aligned = new_table(512, 0);
  for (u64 i = 0; i < 256; i++) aligned[i] = pages[i];
  *host_entry(0, 1) = (u64)aligned | ENTRY_LARGE;
  run();
  expect_fetched(0x11);
}

static void protected_frame(void) {
  BEGIN("78 the protection of a large frame counts", kLargestFrames, store);
  *host_entry(GUEST_SIZE - 0x100000, (unsigned)variant.edat) |= ENTRY_PROTECTED;
  gr[2] = address_of(GUEST_SIZE - 0x100000);
  run();
  if (variant.edat == 2)
    expect_validity(0x0037); // the 2-GB frame holds the prefix area as well
  else
    expect_host_program(kProtection, host_virtual(GUEST_SIZE - 0x100000));
}

static void walk(void) {
  BEGIN("78 the largest frame that the host's EDAT allows is mapped", kLargestFrames, fetch);
  run();
  expect_fetched(0x11);

  if (variant.edat != 0) protected_frame();
  // Not under KVM: known_differences says why.
  if (variant.edat == 0 && !is_guest_itself()) format_control_without_edat();

  // A region-third table whatever the level, so that there is a region-table entry.
  BEGIN("79 the protection of a region-table entry counts with EDAT alone", kSmallPages, nothing);
  u64* const pages = (u64*)((u64)host_entry(0, 0) & -0x800ul);
  load_host_asce((u64)new_table(2048, ENTRY_INVALID | 1 << 2) | 1 << 2 | 3);
  block->storage_origin = 0x1000000000;
  block->storage_limit = block->storage_origin + GUEST_SIZE - 0x100000;
  *host_entry(0, 1) = (u64)pages;
  run();
  expect_diagnose(0x44);
  *host_entry(0, 2) |= ENTRY_PROTECTED;
  load_host_asce(host_asce);
  __asm__ volatile("ptlb" : : : "memory");
  block->last_host_cpu = 0xffff;
  run();
  if (variant.edat == 0)
    expect_diagnose(0x44);
  else
    expect_validity(0x0037);

  // The prefix area is looked at first, so what is wrong concerns a second region or segment alone.
  BEGIN("79 an address beyond the length of the top table is the host's exception of that table", kSmallPages, fetch);
  u64* const first_pages = (u64*)((u64)host_entry(0, 0) & -0x800ul);
  load_host_asce((u64)new_table(2048, ENTRY_INVALID) | 0); // a segment table of 512 entries: 512 MB
  block->storage_origin = 0x1ff00000;
  block->storage_limit = block->storage_origin + GUEST_SIZE - 0x100000;
  *host_entry(0, 1) = (u64)first_pages;
  gr[2] = address_of(kSecondSegment);
  run();
  expect_host_program(kSegmentTranslation, 0x20000000);

  BEGIN("79 an address beyond the space of the top table is the host's ASCE-type exception", kSmallPages, fetch);
  u64* const low_pages = (u64*)((u64)host_entry(0, 0) & -0x800ul);
  load_host_asce((u64)new_table(2048, ENTRY_INVALID) | 3);
  block->storage_origin = 0x7ff00000;
  block->storage_limit = block->storage_origin + GUEST_SIZE - 0x100000;
  *host_entry(0, 1) = (u64)low_pages;
  gr[2] = address_of(kSecondSegment);
  run();
  expect_host_program(kAsceType, 0x80000000);

  BEGIN("79 an entry of the wrong table type is the host's translation-specification exception", kSmallPages, fetch);
  *host_entry(0x100000, 1) = (*host_entry(0x100000, 1) & ~0xcul) | 1 << 2;
  gr[2] = address_of(kSecondSegment);
  run();
  // This exception names no page.
  expect("program interruptions of the host", record()->program_count, 1);
  expect("interception code", block->interception_code, kHostInterruption);
  expect("program interruption code of the host", record()->program_code, kTranslationSpecification);
  expect("where SIE was interrupted", record()->program_old[1], (u64)sie_instruction + 4);
}

void run_cases(void) {
  with_all_variants(changes);
  with_all_variants(walk);
  with_all_variants(walk_race);
  with_all_variants(other_cpu);
}
