// SPDX-License-Identifier: BSD-3-Clause
// Guest 2: the program that runs under guest 1's SIE. It knows nothing of that: it has a prefix area at real 0, storage up to
// 256 KiB, and a DIAGNOSE to print with. Its own DAT is on:
//
//   virtual 70000000..7000FFFF   its program, real 10000..1FFFF
//   virtual 7003E000             a page that nobody has touched before, real 3E000
//   virtual 7003F000             the second page of its prefix area, real 1000
#include "firmware/demo/hypercall.h"
#include "firmware/demo/machine.h"

enum { kProgramPages = 16, kUntouchedPage = 0x3e, kPrefixPage = 0x3f };
#define VIRTUAL_ORIGIN 0x70000000ul
#define REAL_ORIGIN 0x10000ul

static u64 segment_table[kSegmentTableEntries] __attribute__((aligned(4096)));
static u64 page_table[kPageTableEntries] __attribute__((aligned(2048)));

// Runs with DAT off: the addresses of these tables are real ones.
void switch_to_virtual(void) {
  static const u16 new_psws[] = {0x1a0, 0x1b0, 0x1c0, 0x1d0, 0x1e0, 0x1f0};
  for (unsigned i = 0; i < sizeof new_psws / sizeof *new_psws; i++) {
    volatile u64* psw = (volatile u64*)(u64)new_psws[i];
    psw[0] = PSW_WAIT | PSW_64_BIT; // no interruption is expected: stop, and show by the address which one came
    psw[1] = new_psws[i];
  }
  for (unsigned i = 0; i < kSegmentTableEntries; i++) segment_table[i] = SEGMENT_INVALID;
  for (unsigned i = 0; i < kPageTableEntries; i++) page_table[i] = PAGE_INVALID;
  for (u64 i = 0; i < kProgramPages; i++) page_table[i] = REAL_ORIGIN + i * kPageSize;
  page_table[kUntouchedPage] = kUntouchedPage * kPageSize;
  page_table[kPrefixPage] = 0x1000;
  segment_table[VIRTUAL_ORIGIN >> 20] = (u64)page_table;
  load_primary_asce(asce_of(segment_table));
}

static void hypercall_print(u64 real, u64 length) {
  register u64 first __asm__("2") = real;
  register u64 second __asm__("3") = length;
  __asm__ volatile(".insn rs,0x83000000,%0,%1,%2" : : "d"(first), "d"(second), "i"(HYPERCALL_PRINT) : "memory");
}

static void hypercall_translate(u64 virtual_address, u64 real) {
  register u64 first __asm__("2") = virtual_address;
  register u64 second __asm__("3") = real;
  __asm__ volatile(".insn rs,0x83000000,%0,%1,%2" : : "d"(first), "d"(second), "i"(HYPERCALL_TRANSLATE) : "memory");
}

// The program is contiguous in real storage, so the text is.
static void print(const char* text) {
  u64 length = 0;
  while (text[length] != 0) length++;
  hypercall_print(load_real_address((u64)text), length);
}

void guest2(void) {
  print("[guest 2] I run with my own DAT on. This line reached guest 1 by DIAGNOSE, which ends SIE.\n");
  print("[guest 2] Now I store into a page that nobody has touched yet.\n");
  *(volatile u64*)(VIRTUAL_ORIGIN + kUntouchedPage * kPageSize) = 1;
  print("[guest 2] The store is done; I noticed nothing.\n");

  volatile u64* const shared = (volatile u64*)(VIRTUAL_ORIGIN + kPrefixPage * kPageSize + 0xc40);
  *shared = 0x6775657374203221; // "guest 2!"
  hypercall_translate((u64)shared, load_real_address((u64)shared));

  static char found[] = "[guest 2] At 7003FC40 I now read \"........\".\n";
  char* to = found;
  while (*to != '.') to++;
  const u64 answer = *shared;
  for (int i = 0; i < 8; i++) to[i] = (char)(answer >> (56 - 8 * i));
  print(found);
}
