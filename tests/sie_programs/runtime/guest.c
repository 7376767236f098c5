// SPDX-License-Identifier: BSD-3-Clause
// The guest of a case, and the host's translation tables for it. Tables are never used a second time, so no case depends on what
// an earlier one left in a TLB.
#include "tests/sie_programs/runtime/host.h"

#define TABLES 0x2000000ul
#define END_OF_TABLES 0x6000000ul
#define ENHANCED_DAT 0x800000ul

static struct StateDescription the_block __attribute__((aligned(4096)));
struct StateDescription* const block = &the_block;
u64 gr[16];
u64 host_asce;
static u64 next_table = TABLES;

static void clear(void* at_, u64 length) {
  register u64 to __asm__("2") = (u64)at_;
  register u64 to_length __asm__("3") = length;
  register u64 from __asm__("4") = 0;
  register u64 from_length __asm__("5") = 0;
  __asm__ volatile("0: mvcle 2,4,0\n\tjo 0b"
                   : "+d"(to), "+d"(to_length), "+d"(from), "+d"(from_length)
                   :
                   : "cc", "memory");
}

// --- the host's tables ------------------------------------------------------------------------------------------------------

u64* new_table(unsigned entries, u64 fill) {
  const u64 size = entries * 8 < kPageSize ? kPageSize : entries * 8;
  next_table = (next_table + size - 1) & -size;
  if (next_table + size > END_OF_TABLES) next_table = TABLES;
  u64* const table = (u64*)next_table;
  next_table += size;
  for (unsigned i = 0; i < size / 8; i++) ((volatile u64*)table)[i] = i < entries ? fill : 0;
  return table;
}

void load_host_asce(u64 asce) {
  host_asce = asce;
  load_primary_asce(asce);
}

void set_enhanced_dat(int on) {
  u64 cr0;
  __asm__ volatile("stctg 0,0,%0" : "=Q"(cr0));
  cr0 = on ? cr0 | ENHANCED_DAT : cr0 & ~ENHANCED_DAT;
  __asm__ volatile("lctlg 0,0,%0" : : "Q"(cr0) : "memory");
}

// Level 0 is a page, 1 a segment, 2 a region of the third order ...
static unsigned shift_of(unsigned level) { return level == 0 ? 12 : 9 + 11 * level; }
static u64 invalid_entry(unsigned level) { return level == 0 ? 0x400 : ENTRY_INVALID | (level - 1) << 2; }

static u64* entry_of(u64 virtual_address, unsigned level) {
  unsigned at_level = 1 + (host_asce >> 2 & 3);
  u64 origin = host_asce & -0x1000ul;
  for (;;) {
    const unsigned entries = at_level == 0 ? 256 : 2048;
    u64* const entry = (u64*)origin + (virtual_address >> shift_of(at_level) & (entries - 1));
    if (at_level == level) return entry;
    at_level--;
    if (*entry & ENTRY_INVALID) {
      const u64 table = (u64)new_table(at_level == 0 ? 256 : 2048, invalid_entry(at_level));
      *entry = at_level == 0 ? table : table | at_level << 2 | 3;
    }
    origin = *entry & (at_level == 0 ? -0x800ul : -0x1000ul);
  }
}

u64* host_entry(u64 guest_absolute, unsigned level) { return entry_of(host_virtual(guest_absolute), level); }

u64 page_entry(u64 guest_absolute) { return GUEST_FRAMES + guest_absolute; }

void invalidate_page(u64* entry, u64 virtual_address) {
  const u64 table = (u64)entry & -0x800ul;
  __asm__ volatile(".insn rre,0xb2210000,%0,%1" : : "a"(table), "a"(virtual_address) : "memory");
}

void set_page(u64 guest_absolute, u64 entry) {
  u64* const at_entry = host_entry(guest_absolute, 0);
  invalidate_page(at_entry, host_virtual(guest_absolute));
  *(volatile u64*)at_entry = entry;
}

static void make_host_tables(enum Pages pages) {
  static const u64 origins[] = {0x40000000, 0x1000000000, 0x200001000000};
  static const unsigned tops[] = {1, 2, 4};
  const unsigned top = tops[variant.edat];
  block->storage_origin = origins[variant.edat];
  block->storage_limit = block->storage_origin + GUEST_SIZE - 0x100000;
  set_enhanced_dat(variant.edat != 0);
  load_host_asce((u64)new_table(2048, invalid_entry(top)) | (top - 1) << 2 | 3);
  if (pages == kLargestFrames && variant.edat == 2) {
    *host_entry(0, 2) = (GUEST_FRAMES & -0x80000000ul) | ENTRY_LARGE | 1 << 2;
    return;
  }
  for (u64 a = 0; a < GUEST_SIZE; a += 0x100000) {
    if (pages == kLargestFrames && variant.edat == 1) {
      *host_entry(a, 1) = page_entry(a) | ENTRY_LARGE;
      continue;
    }
    u64* const entries = host_entry(a, 0);
    for (u64 i = 0; i < 256; i++) entries[i] = page_entry(a + i * kPageSize);
  }
}

// --- the guest --------------------------------------------------------------------------------------------------------------

u64 host_virtual(u64 guest_absolute) {
  return ((block->cpuflags & kFlagNoLimit) ? 0 : block->storage_origin & -0x100000ul) + guest_absolute;
}

void* at(u64 guest_absolute) { return (void*)(GUEST_FRAMES + guest_absolute); }

u64 guest_address(u64 guest_real) { return variant.guest_dat ? GUEST_ALIAS + guest_real : guest_real; }

static void make_guest_tables(void) {
  volatile u64* const segments = at(kGuestSegmentTable);
  volatile u64* const pages = at(kGuestPageTable);
  for (unsigned i = 0; i < kSegmentTableEntries; i++) segments[i] = SEGMENT_INVALID;
  for (u64 i = 0; i < kPageTableEntries; i++) pages[i] = i * kPageSize;
  segments[0] = segments[GUEST_ALIAS >> 20] = kGuestPageTable;
}

void new_guest(enum Pages pages) {
  clear(at(0), 0x100000);
  clear(block, sizeof *block);
  for (unsigned i = 0; i < 16; i++) gr[i] = 0;
  make_host_tables(pages);
  make_guest_tables();
  static const unsigned new_psws[] = {0x1d0, 0x1b0, 0x1c0, 0x1f0};
  for (unsigned i = 0; i < 4; i++) {
    volatile u64* const psw = at(kGuestPrefix + new_psws[i]);
    psw[0] = PSW_64_BIT;
    psw[1] = kGuestHandlers + 0x100 * i;
    *(volatile u32*)at(kGuestHandlers + 0x100 * i) = 0x83000000 | (kHandlerProgram + i);
  }
  block->cpuflags = kFlagZ;
  block->prefix = kGuestPrefix;
  block->cpu_timer = -1ul >> 1;
  block->clock_comparator = -1ul;
  block->execution_controls_a = ECA_PROTECTION;
  block->execution_controls_b = kEcbHostProtection;
  block->last_host_cpu = 0xffff;
  block->psw_mask = PSW_64_BIT | (variant.guest_dat ? PSW_DAT : 0);
  block->psw_address = kGuestCode;
  block->control_registers[0] = 0x400e0;
  block->control_registers[1] = kGuestSegmentTable | 3;
  block->control_registers[14] = 0xc2000000;
}

void suppress_limit(void) {
  block->cpuflags |= kFlagNoLimit;
  load_host_asce((u64)new_table(2048, invalid_entry(4)) | 0xf);
  for (u64 i = 0; i < 256; i++) *host_entry(i * kPageSize, 0) = page_entry(i * kPageSize);
}

void load_at(u64 guest_real, const u8* from, const u8* end) {
  for (volatile u8* to = at(guest_real); from < end; from++) *to++ = *from;
}

u64 again(void) {
  record()->program_count = record()->external_count = 0;
  block->interception_code = 0;
  interpret(block, gr);
  barrier();
  return ((volatile struct StateDescription*)block)->interception_code;
}

u64 run(void) {
  block->psw_address = kGuestCode;
  return again();
}

u64 parameter(unsigned offset, unsigned bytes) {
  u64 value = 0;
  const volatile u8* from = (const volatile u8*)block + offset;
  for (unsigned i = 0; i < bytes; i++) value = value << 8 | from[i];
  return value;
}

u64 guest_lowcore(unsigned offset, unsigned bytes) {
  u64 value = 0;
  const volatile u8* from = (const volatile u8*)at((block->prefix & 0x7fffe000) + offset);
  for (unsigned i = 0; i < bytes; i++) value = value << 8 | from[i];
  return value;
}

static void expect_no_interruption(void) { expect("program interruptions of the host", record()->program_count, 0); }

void expect_diagnose(u64 code) {
  expect_no_interruption();
  expect("interception code", block->interception_code, kInstruction);
  expect("instruction, first halfword", block->instruction, 0x8300);
  expect("instruction, the rest", block->instruction_rest, code << 16);
}

void expect_validity(u64 why) {
  expect_no_interruption();
  expect("interception code", block->interception_code, kValidity);
  expect("reason", block->instruction_rest, why << 16);
}

void expect_program_interception(u64 code) {
  expect_no_interruption();
  expect("interception code", block->interception_code, kProgram);
  expect("program interruption code", parameter(0xce, 2), code);
}

void expect_host_program(u64 code, u64 page) {
  const int suppresses = code == kProtection || code == kAddressing || code == kTranslationSpecification;
  expect("program interruptions of the host", record()->program_count, 1);
  expect("interception code", block->interception_code, kHostInterruption);
  expect("program interruption code of the host", record()->program_code, code);
  expect("instruction length of the host's", record()->program_ilc, 4);
  expect("where SIE was interrupted", record()->program_old[1], (u64)sie_instruction + (suppresses ? 4 : 0));
  expect("page in the TEID", record()->teid & -0x1000ul, page);
  expect("address space in the TEID", record()->teid & 3, 0);
}
