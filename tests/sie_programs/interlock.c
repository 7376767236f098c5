// SPDX-License-Identifier: BSD-3-Clause
// The interlock between the guest's invalidations of its tables and the host's walks of them: the first doubleword of the system control
// area, |k:1|kh:31|kg:32|, in its simple form (k alone) and its shared form (holders at the host, holders in the guest).
#include "tests/sie_programs/runtime/host.h"

static void begin_with(const char* name, const u8* code, const u8* end) {
  begin(name);
  new_guest(kSmallPages);
  load_at(kGuestCode, code, end);
}
#define BEGIN(name, code) begin_with(name, code, code##_end)

static u64 word(u64 guest_absolute) { return *(volatile u64*)at(guest_absolute); }

GUEST(invalidate, "ipte 4,5\n diag 0,0,0x44");
#define LOCKED 0x8000000000000000ul

static u64 control_area[0x840 / 8] __attribute__((aligned(4096)));

static void interlock(void) {
  u64* const entry = at(kGuestPageTable + 0x21 * 8);
  if (variant.guest_dat) {
    BEGIN("81 a guest's INVALIDATE PAGE TABLE ENTRY in a page that the host protects is the host's exception before "
          "the store",
          invalidate);
    gr[4] = kGuestPageTable;
    gr[5] = guest_address(kGuestData2);
    set_page(kGuestPageTable, page_entry(kGuestPageTable) | ENTRY_PROTECTED);
    run();
    expect_host_program(kProtection, host_virtual(kGuestPageTable));
    expect("PSW address", block->psw_address, kGuestCode);
    expect("entry", *(volatile u64*)entry, kGuestData2);
    set_page(kGuestPageTable, page_entry(kGuestPageTable));
    again();
    expect_diagnose(0x44);
    expect("entry", *(volatile u64*)entry, kGuestData2 | PAGE_INVALID);
  }

  for (int shared = 0; shared <= 1; shared++) {
    BEGIN(shared ? "82 while the host holds the shared interlock the guest's IPTE is intercepted"
                 : "82 while the host holds the simple interlock the guest's IPTE is intercepted",
          invalidate);
    gr[4] = kGuestPageTable;
    gr[5] = guest_address(kGuestData2);
    block->control_area_low = (u32)(u64)control_area;
    block->execution_controls_a |= shared ? ECA_SHARED_INTERLOCK : 0;
    volatile u64* const lock = control_area;
    *lock = shared ? LOCKED | 1ul << 32 : LOCKED;
    run();
    expect("interception code", block->interception_code, kInstruction);
    expect("instruction", block->instruction, 0xb221);
    expect("PSW address", block->psw_address, kGuestCode + 4);
    expect("entry", *(volatile u64*)entry, kGuestData2);
    *lock = 0;
    block->psw_address -= 4;
    again();
    expect_diagnose(0x44);
    expect("entry", *(volatile u64*)entry, kGuestData2 | PAGE_INVALID);
    expect("interlock", *lock, 0);
  }

  BEGIN("82 INVALIDATE PAGE TABLE ENTRY is intercepted when asked for", invalidate);
  gr[4] = kGuestPageTable;
  gr[5] = guest_address(kGuestData2);
  block->interception_controls = ICTL_INVALIDATION;
  run();
  expect("interception code", block->interception_code, kInstruction);
  expect("instruction", block->instruction, 0xb221);
  expect("entry", *(volatile u64*)entry, kGuestData2);
}

// Every instruction that changes tables of the guest, with the interlock and with the control.
static void interlocked_instructions(void) {
  GUEST(invalidate_table, ".insn rrf,0xb98e0000,4,5,0,0\n diag 0,0,0x44");
  GUEST(swap_and_purge, ".insn rre,0xb2500000,4,6\n diag 0,0,0x44");
  GUEST(swap_and_purge_long, ".insn rre,0xb98a0000,4,6\n diag 0,0,0x44");
  static const struct {
    const u8* code;
    const u8* end;
    u16 operation_code;
  } instructions[] = {
      {invalidate, invalidate_end, 0xb221},
      {invalidate_table, invalidate_table_end, 0xb98e},
      {swap_and_purge, swap_and_purge_end, 0xb250},
      {swap_and_purge_long, swap_and_purge_long_end, 0xb98a},
  };
  begin("82 INVALIDATE and COMPARE AND SWAP AND PURGE are intercepted by interlock and by control, nothing stored");
  for (unsigned i = 0; i < 4; i++)
    for (int by_control = 0; by_control <= 1; by_control++) {
      new_guest(kSmallPages);
      load_at(kGuestCode, instructions[i].code, instructions[i].end);
      gr[4] = kGuestPageTable;
      gr[5] = 0x1234;
      gr[6] = guest_address(kGuestData) | 1;
      *(volatile u64*)at(kGuestData) = kGuestPageTable;
      block->control_area_low = (u32)(u64)control_area;
      control_area[0] = by_control ? 0 : LOCKED;
      block->interception_controls = by_control ? ICTL_INVALIDATION : 0;
      run();
      expect("interception code", block->interception_code, kInstruction);
      expect("instruction", block->instruction, instructions[i].operation_code);
      expect("PSW address", block->psw_address, kGuestCode + 4);
      expect("storage", word(kGuestData), kGuestPageTable);
      expect("general register 4", gr[4], kGuestPageTable);
      control_area[0] = 0;
    }
}

// --- many CPUs at it --------------------------------------------------------------------------------------------------------

// Guest CPUs invalidate pages and segments, each its own, while the host takes the interlock and gives it up. On CPU 0 runs the host,
// on each other CPU the guest.
GUEST(invalidate_often,
      "0: ipte 4,5\n stg 6,0(7)\n .insn rrf,0xb98e0000,8,9,0,0\n .insn rre,0xb98a0000,10,12\n brctg 1,0b\n diag "
      "0,0,0x44");
enum { kPerRound = 3, kUnusedSegment = 0x300 };

static struct StateDescription blocks[kOtherCpus] __attribute__((aligned(512)));
static u64 registers[kOtherCpus][16];
static volatile u64 ended, tried_again;

static void guest_on_this_cpu(void) {
  struct StateDescription* const own = &blocks[this_cpu() - 1];
  set_enhanced_dat(variant.edat != 0);
  load_primary_asce(host_asce);
  for (;;) {
    record()->program_count = 0;
    own->interception_code = 0;
    interpret(own, registers[this_cpu() - 1]);
    barrier();
    const u16 text = own->instruction;
    // Interrupted by a host below this one, or the interlock was taken: again.
    if (own->interception_code == 0 && record()->program_count == 0) continue;
    if (own->interception_code != kInstruction || (text != 0xb221 && text != 0xb98e && text != 0xb98a)) break;
    own->psw_address -= 4;
    __sync_fetch_and_add(&tried_again, 1);
  }
  __sync_fetch_and_add(&ended, 1);
  for (;;) barrier();
}

static int take(int shared) {
  const u64 word_now = *(volatile u64*)control_area;
  if (shared ? (word_now & 0xffffffff) != 0 : (word_now & LOCKED) != 0) return 0;
  return __sync_bool_compare_and_swap(
      control_area, word_now, shared ? (word_now | LOCKED) + (1ul << 32) : word_now | LOCKED);
}

static void give_up(int shared) {
  for (;;) {
    const u64 word_now = *(volatile u64*)control_area;
    u64 after = shared ? word_now - (1ul << 32) : word_now & ~LOCKED;
    if (shared && (after & ~LOCKED) == 0) after = 0;
    if (__sync_bool_compare_and_swap(control_area, word_now, after)) return;
  }
}

// While the host holds the interlock what the guest has made valid stays valid.
static void look(unsigned cpus, volatile u64* entries) {
  u64 valid = 0;
  for (unsigned i = 0; i < cpus; i++) valid |= (u64)((entries[i] & PAGE_INVALID) == 0) << i;
  for (unsigned n = 0; n < 200; n++) barrier();
  for (unsigned i = 0; i < cpus; i++)
    if ((valid >> i & 1) != 0)
      expect("entry that was valid while the host held the interlock", entries[i] & PAGE_INVALID, 0);
}

static void many(void) {
  const unsigned cpus = full_size() ? 4 : 2;
  const u64 all = full_size() ? 1000000 : is_guest_itself() ? 600 : 60000;
  for (int shared = 0; shared <= 1; shared++) {
    BEGIN(
        shared
            ? "84 the shared interlock is free after many invalidations on several CPUs, the host taking it in between"
            : "84 the simple interlock is free after many invalidations on several CPUs, the host taking it in between",
        invalidate_often);
    volatile u64* const entries = at(kGuestPageTable + 0x30 * 8);
    block->control_area_low = (u32)(u64)control_area;
    block->execution_controls_a |= shared ? ECA_SHARED_INTERLOCK : 0;
    *(volatile u64*)control_area = 0;
    ended = tried_again = 0;
    unsigned started = 0;
    for (unsigned i = 0; i < cpus; i++) {
      blocks[i] = *block;
      blocks[i].psw_address = kGuestCode;
      blocks[i].prefix = 0x40000 + i * 0x2000;
      for (u64 b = 0; b < 0x2000; b += 8) *(volatile u64*)at(blocks[i].prefix + b) = word(kGuestPrefix + b);
      u64* const r = registers[i];
      r[1] = all / kPerRound / cpus + 1;
      r[4] = kGuestPageTable;
      r[5] = guest_address((0x30 + i) * kPageSize);
      r[6] = entries[i];
      r[7] = guest_address((u64)&entries[i] - (u64)at(0));
      r[8] = kGuestSegmentTable | 3;
      r[9] = (u64)(kUnusedSegment + i) << 20;
      // COMPARE AND SWAP AND PURGE: equal, and stores what is there, with a purge.
      r[10] = r[11] = 0;
      r[12] = guest_address(kGuestData2 + i * 8) | 1;
      started += (unsigned)start_cpu(1 + i, guest_on_this_cpu);
    }
    expect("CPUs", started, cpus);
    u64 taken = 0;
    while (ended < started || taken == 0) {
      if (take(shared)) {
        look(started, entries);
        give_up(shared);
        taken++;
      }
      for (unsigned n = 0; n < 300; n++) barrier();
    }
    for (unsigned i = 0; i < started; i++) {
      stop_cpu(1 + i);
      expect("interception code", blocks[i].interception_code, kInstruction);
      expect("instruction", (u64)blocks[i].instruction << 32 | blocks[i].instruction_rest, 0x830000440000);
      expect("rounds left", registers[i][1], 0);
    }
    expect("interlock", *(volatile u64*)control_area, 0);
    expect("the host took it", taken != 0, 1);
    if (!is_guest_itself()) expect("the guest met it taken", tried_again != 0, 1);
  }
}

void run_cases(void) {
  with_all_variants(interlock);
  with_all_variants(interlocked_instructions);
  many();
}
