// SPDX-License-Identifier: BSD-3-Clause
// Whatever a guest stores and whatever its state description says: of main storage only those frames change that the host's tables
// map for stores, of the state description only the fields that SIE writes at exit, of the system control area only the interlock and
// the calls from CPU to CPU.
// All other frames are hashed before and after; left out are the prefix area and the data of this program itself.
#include "tests/sie_programs/runtime/host.h"

#define STORAGE 0x8000000ul
#define FRAMES (STORAGE / kPageSize)
#define CR0_CLOCK_COMPARATOR 0x800ul

extern const u8 own_storage[], own_storage_end[];

static u64 before[FRAMES];
static u8 may_change[FRAMES];
static u64 control_area[0x4000 / 8] __attribute__((aligned(4096)));
static struct StateDescription called __attribute__((aligned(512)));
static struct StateDescription copy;
static u64 stored, refused;

static u64 random_state = 88172645463325252;
static u64 random_number(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  return random_state ^= random_state << 17;
}

// --- what may change --------------------------------------------------------------------------------------------------------

static u64 hash_of(u64 frame) {
  const volatile u64* const words = (const volatile u64*)(frame * kPageSize);
  u64 a = 1, b = 2;
  for (unsigned i = 0; i < 512; i += 4) {
    a = (a << 7 | a >> 57) ^ words[i];
    b = (b << 11 | b >> 53) ^ words[i + 1];
    a = (a << 13 | a >> 51) ^ words[i + 2];
    b = (b << 17 | b >> 47) ^ words[i + 3];
  }
  return a * 0x9e3779b97f4a7c15 ^ b;
}

static void may_change_from(u64 start, u64 end) {
  for (u64 frame = start / kPageSize; frame < end / kPageSize; frame++) may_change[frame] = 1;
}

static void remember(void) {
  may_change_from(0, 0x2000);
  may_change_from((u64)own_storage, (u64)own_storage_end);
  for (u64 frame = 0; frame < FRAMES; frame++)
    if (!may_change[frame]) before[frame] = hash_of(frame);
}

static void compare(void) {
  for (u64 frame = 0; frame < FRAMES; frame++)
    if (!may_change[frame] && hash_of(frame) != before[frame])
      expect("a frame that nothing maps has changed", frame, 0);
}

static int written_at_exit(unsigned offset) {
  static const struct {
    u16 first, last;
  } fields[] = {{0x28, 0x37},
                {0x50, 0x53},
                {0x56, 0x5b},
                {0x60, 0x60},
                {0x6c, 0x6f},
                {0x90, 0xaf},
                {0xc0, 0xf3},
                {0x100, 0x187},
                {0x1de, 0x1e5}};
  for (unsigned i = 0; i < sizeof fields / sizeof fields[0]; i++)
    if (offset >= fields[i].first && offset <= fields[i].last) return 1;
  return 0;
}

static void compare_block(void) {
  const volatile u64* const now = (const volatile u64*)block;
  const u64* const then = (const u64*)&copy;
  for (unsigned i = 0; i < 64; i++) {
    if (now[i] == then[i]) continue;
    for (unsigned j = 8 * i; j < 8 * i + 8; j++)
      if (((const u8*)block)[j] != ((const u8*)&copy)[j] && !written_at_exit(j))
        expect("a field has changed, at offset", j, 0);
  }
}

// --- the system control area ------------------------------------------------------------------------------------------------

#define PATTERN 0x5ca5ca5ca5ca5ca5ul
enum { kCalledCpu = 9 }; // has an entry in either form of the area

static u8* basic_entry(void) { return (u8*)control_area + 0x40 + kCalledCpu * 32; }
static u8* extended_entry(void) { return (u8*)control_area + 0x100 + kCalledCpu * 64; }

// Where a call may be left: the rest of an entry is the designation of a state description.
static int holds_a_call(unsigned offset) {
  const u8* const byte = (const u8*)control_area + offset;
  return byte == basic_entry() + 1 || byte == extended_entry() || byte == extended_entry() + 1;
}

static void make_control_area(void) {
  for (unsigned i = 0; i < sizeof control_area / 8; i++) control_area[i] = PATTERN;
  // Configured are all; only one of them has a state description that can be one.
  control_area[0x30 / 8] = control_area[0x40 / 8] = -1ul;
  *(u64*)(basic_entry() + 8) = *(u64*)(extended_entry() + 8) = (u64)&called;
}

static void free_calls(void) { basic_entry()[1] = extended_entry()[0] = extended_entry()[1] = 0; }

// What has changed once stays so, hence it is enough to look now and then.
static void compare_control_area(void) {
  static u64 then[sizeof control_area / 8];
  if (then[1] == 0)
    for (unsigned i = 0; i < sizeof control_area / 8; i++) then[i] = control_area[i];
  for (unsigned i = 1; i < sizeof control_area / 8; i++) {
    if (control_area[i] == then[i]) continue;
    for (unsigned j = 8 * i; j < 8 * i + 8; j++)
      if (((const u8*)control_area)[j] != ((const u8*)then)[j] && !holds_a_call(j))
        expect("control area, at offset", j, 0);
  }
}

// Of the addressed CPU's state description one bit may change. Answers whether it has; it is gone then.
static int take_call(void) {
  volatile u64* const now = (volatile u64*)&called;
  const u64 pending = (u64)kCallPending << 32;
  const int there = now[0] == pending;
  expect("flags of the called CPU", now[0] & ~pending, 0);
  for (unsigned i = 1; i < 64; i++) expect("state description of the called CPU", now[i], 0);
  now[0] = 0;
  basic_entry()[1] = extended_entry()[0] = extended_entry()[1] = 0;
  return there;
}

// --- the guest --------------------------------------------------------------------------------------------------------------

GUEST(store, "stg 6,0(2)\n diag 0,0,0x44");
GUEST(store_call_and_invalidate, "stg 6,0(2)\n sigp 1,3,2\n ipte 4,5\n lpswe 0(2)\n diag 0,0,0x44");

// Pages that the guest needs to run at all.
static int needed(u64 guest_absolute) {
  return (guest_absolute >= kGuestPrefix && guest_absolute < kGuestPrefix + 0x2000) || guest_absolute == kGuestCode ||
         guest_absolute == kGuestHandlers ||
         (guest_absolute >= kGuestSegmentTable && guest_absolute <= kGuestPageTable);
}

// Of the guest's pages some have no frame and some are protected; the frames of the others may change.
static void make_holes(u64 size) {
  for (u64 frame = 0; frame < FRAMES; frame++) may_change[frame] = 0;
  for (u64 a = 0; a < size; a += kPageSize) {
    volatile u64* const entry = host_entry(a, 0);
    if (a == kGuestCode || a == kGuestHandlers) {
      *entry |= ENTRY_PROTECTED; // or the guest would overwrite what it is about to execute
    } else if (!needed(a)) {
      const u64 dice = random_number() % 8;
      if (dice < 3) *entry |= PAGE_INVALID;
      if (dice == 3) *entry |= ENTRY_PROTECTED;
    }
    if ((*entry & (PAGE_INVALID | ENTRY_PROTECTED)) == 0) may_change[(*entry & -0x1000ul) / kPageSize] = 1;
  }
}

// One store; it is done, or who hears that it is not is the host.
static void store_at(u64 address) {
  gr[2] = address;
  block->psw_mask = PSW_64_BIT | (variant.guest_dat ? PSW_DAT : 0);
  const u64 code = run();
  if (code == kInstruction && block->instruction_rest == 0x00440000) {
    stored++;
    return;
  }
  refused++;
  const u16 host = record()->program_code;
  const int by_host = code == 0 && record()->program_count == 1 &&
                      (host == kProtection || host == kSegmentTranslation || host == kPageTranslation ||
                       (host >= kAsceType && host <= kRegionThird));
  const int by_limit = code == kProgram && parameter(0xce, 2) == kAddressing;
  if (!by_host && !by_limit)
    expect("outcome of a store: code, interruption, address", code << 48 | (u64)host << 32 | block->instruction, 0);
}

static void prepare(void) {
  new_guest(kSmallPages);
  load(store);
  gr[6] = 0xdeadbeefdeadbeef;
  stored = refused = 0;
}

static void stores(const char* boundaries, const char* random, int limit, int all) {
  const int full = full_size();
  const u64 step = is_guest_itself() ? 0x100000 + kPageSize : all || full ? kPageSize : 16 * kPageSize + kPageSize;
  const u64 times = is_guest_itself() ? 500 : (all && limit) || full ? 1000000 : 50000;

  begin(boundaries);
  prepare();
  if (!limit) suppress_limit();
  make_holes(limit ? GUEST_SIZE : 0x100000);
  remember();
  copy = *block;
  for (u64 a = 0; a < 0x100000000; a += step) store_at(a);
  compare();
  compare_block();
  expect("some were stored", stored != 0, 1);
  expect("some were refused", refused != 0, 1);

  begin(random);
  for (u64 n = 0; n < times; n++) store_at(random_number() >> random_number() % 64);
  compare();
  compare_block();
}

// The guest's DAT is off, so that its addresses are absolute ones; all addresses at EDAT 0, some at the other levels.
static void stores_with_limit(void) {
  if (variant.guest_dat) return;
  stores("isolation, stores at page boundaries below 4 GB change frames that are mapped, and no others",
         "isolation, stores at random addresses change frames that are mapped, and no others",
         1,
         variant.edat == 0);
}

static void stores_without_limit(void) {
  stores("isolation, stores of a guest without limit at page boundaries below 4 GB change frames that are mapped, and "
         "no others",
         "isolation, stores of a guest without limit at random addresses change frames that are mapped, and no others",
         0,
         1);
}

// With its DAT on the guest names any absolute address by its own tables, at each level.
static void through_tables(void) {
  begin("isolation, stores through tables full of random entries change frames that are mapped, and no others");
  variant.guest_dat = 1;
  prepare();
  make_holes(GUEST_SIZE);
  remember();
  const u64 times = is_guest_itself() ? 300 : full_size() ? 1000000 : 100000;
  volatile u64* const page = at(kGuestPageTable + 0x20 * 8);
  volatile u64* const segment = at(kGuestSegmentTable + 0x123 * 8);
  for (u64 n = 0; n < times; n++) {
    const u64 entry = random_number() >> random_number() % 64;
    *page = entry & ~0xf00ul;
    *segment = entry & ~0x7fful & ~ENTRY_INVALID;
    gr[2] = n % 2 ? guest_address(kGuestData) : 0x12300000 | (random_number() & 0xffff8);
    block->psw_mask = PSW_64_BIT | PSW_DAT;
    copy = *block;
    run();
    compare_block();
  }
  compare();
  variant.guest_dat = 0;
}

static void prefixes(void) {
  begin("isolation, with every prefix stores and interruptions change frames that are mapped, and no others");
  prepare();
  make_holes(GUEST_SIZE);
  GUEST(store_low_and_be_interrupted, "stg 6,0x200(0)\n stg 6,0x1200(0)\n svc 1");
  load(store_low_and_be_interrupted);
  remember();
  const u64 step = is_guest_itself() ? 0x20000 : 0x2000;
  for (u64 prefix = 0; prefix < 0x80000000; prefix += full_size() || prefix < GUEST_SIZE + 0x10000 ? step : step * 64) {
    // What the prefix area hides would be the code as well.
    if (prefix <= kGuestHandlers && prefix + 0x2000 > kGuestCode) continue;
    block->prefix = (u32)prefix;
    block->psw_mask = PSW_64_BIT;
    copy = *block;
    // Where its page is missing or protected the prefix is not valid; elsewhere the new PSW leads to the handlers.
    if (may_change[page_entry(prefix) / kPageSize] && prefix < GUEST_SIZE)
      *(volatile u64*)at(prefix + 0x1c0) = PSW_64_BIT, *(volatile u64*)at(prefix + 0x1c8) = kGuestHandlers;
    run();
    compare_block();
  }
  compare();
}

static void set_timer(u64 microseconds) {
  u64 cr0, when = microseconds == 0 ? -1ul : clock_now() + (microseconds << 12);
  u8 mask;
  __asm__ volatile("sckc %0\n\tstctg 0,0,%1" : "+Q"(when), "=Q"(cr0) : : "memory");
  cr0 = microseconds != 0 ? cr0 | CR0_CLOCK_COMPARATOR : cr0 & ~CR0_CLOCK_COMPARATOR;
  __asm__ volatile("lctlg 0,0,%0" : : "Q"(cr0) : "memory");
  if (microseconds != 0)
    __asm__ volatile("stosm %0,1" : "=Q"(mask) : : "memory");
  else
    __asm__ volatile("stnsm %0,0xfe" : "=Q"(mask) : : "memory");
}

// A random state description: each doubleword is as usual, or random, or points somewhere into the host's storage.
static void random_blocks(void) {
  begin(
      "isolation, random state descriptions change frames that are mapped, the fields of SIE's exit, and nothing else");
  prepare();
  make_holes(GUEST_SIZE);
  make_control_area();
  load(store_call_and_invalidate);
  remember();
  block->execution_controls_a |= ECA_SIGNAL_PROCESSOR;
  static struct StateDescription usual;
  usual = *block;
  const u64 times = is_guest_itself() ? 300 : full_size() ? 1000000 : 50000;
  u64 ran = 0, calls = 0;
  for (u64 n = 0; n < times; n++) {
    *block = usual;
    control_area[0] = random_number() & random_number();
    const unsigned density = 2 + random_number() % 24;
    for (unsigned i = 0; i < 64; i++) {
      if (random_number() % density != 0) continue;
      ((u64*)block)[i] = random_number() % 2 ? random_number() >> random_number() % 64 : random_number() % STORAGE;
    }
    // Satellites are the host's own promise; the one that SIE writes to lies where it is looked at.
    block->control_area_high = 0;
    block->control_area_low = random_number() % 2 ? (u32)(u64)control_area : 0;
    block->cpuflags = (block->cpuflags & ~0xe3feu) | kFlagZ;
    if (random_number() % 2) block->psw_address = kGuestCode;
    gr[2] = random_number() >> random_number() % 64;
    gr[3] = random_number() % 4 ? kCalledCpu : random_number() % 400;
    gr[4] = random_number() % (2 * GUEST_SIZE);
    gr[5] = random_number();
    copy = *block;
    set_timer(30);
    const u64 code = again();
    set_timer(0);
    if (code != kValidity) ran++;
    compare_block();
    calls += (u64)take_call();
    if (n % 64 == 0) compare_control_area();
  }
  compare();
  compare_control_area();
  expect("some ran", ran > times / 8, 1);
  if (reports(kSignalProcessor)) expect("some called", calls > times / 1000, 1);
}

void run_cases(void) {
  with_all_variants(stores_with_limit);
  stores_without_limit();
  through_tables();
  prefixes();
  random_blocks();
}
