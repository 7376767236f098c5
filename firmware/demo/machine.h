// SPDX-License-Identifier: BSD-3-Clause
// What both guests need of the machine and C does not offer: a few instructions and numbers of the architecture.
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;

enum {
  kPageSize = 4096,
  kPageTableEntries = 256,
  kSegmentTableEntries = 2048,
};

#define SEGMENT_INVALID 0x20ul
#define PAGE_INVALID 0x400ul
#define PSW_DAT 0x0400000000000000ul
#define PSW_WAIT 0x0002000000000000ul
#define PSW_64_BIT 0x0000000180000000ul
#define QUIESCED 0xffful /* address of a disabled wait that says: ended as intended */

/* The 2-GB address space of a segment table. */
static inline u64 asce_of(const u64* segment_table) { return (u64)segment_table | 3; }

static inline void load_primary_asce(u64 asce) { __asm__ volatile("lctlg 1,1,%0" : : "Q"(asce) : "memory"); }

/* LOAD REAL ADDRESS; all ones when the translation does not succeed. */
static inline u64 load_real_address(u64 virtual_address) {
  u64 real, condition;
  __asm__ volatile("lrag %0,0(%2)\n\tipm %1" : "=&a"(real), "=&d"(condition) : "a"(virtual_address) : "cc", "memory");
  return (condition >> 28 & 3) == 0 ? real : ~0ul;
}
