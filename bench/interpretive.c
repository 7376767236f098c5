/* SPDX-License-Identifier: BSD-3-Clause */
/* What SIE costs, measured by a SIE host that does nothing else: guest 1 is this program, and so is guest 2, at another address of
   its code. Guest 2's space has the first eight megabytes at their own addresses and a window of 4096 pages onto 256 frames. */
#include "kernels.h"

enum {
  kSegmentEntries = 2048,
  kPageEntries = 256,
  kOwnMegabytes = 8,
  kWindowMegabytes = 16,
  kWindow = 16 << 20,
  kFrames = 8 << 20,
  kPages = kWindowMegabytes * kPageEntries
};

static uint64_t segments[kSegmentEntries] __attribute__((aligned(4096)));
static uint64_t own[kOwnMegabytes][kPageEntries] __attribute__((aligned(4096)));
static uint64_t window[kWindowMegabytes][kPageEntries] __attribute__((aligned(4096)));
static uint8_t prefix_area[8192] __attribute__((aligned(8192)));
static uint8_t stack[65536] __attribute__((aligned(8)));
static uint8_t block[512] __attribute__((aligned(512)));

static void put32(unsigned at, uint32_t value) { *(volatile uint32_t*)(block + at) = value; }
static void put64(unsigned at, uint64_t value) { *(volatile uint64_t*)(block + at) = value; }
static uint64_t asce(void) { return (uint64_t)segments | 3; }

static void prepare(uint64_t psw_address) {
  static uint64_t control[2];
  for (unsigned i = 0; i < kSegmentEntries; ++i) segments[i] = 0x20;
  for (unsigned m = 0; m < kOwnMegabytes; ++m) {
    segments[m] = (uint64_t)own[m];
    for (uint64_t i = 0; i < kPageEntries; ++i) own[m][i] = ((uint64_t)m << 20) + (i << 12);
  }
  for (unsigned m = 0; m < kWindowMegabytes; ++m) {
    segments[kWindow / (1 << 20) + m] = (uint64_t)window[m];
    for (uint64_t i = 0; i < kPageEntries; ++i) window[m][i] = kFrames + (i << 12);
  }
  for (unsigned i = 0; i < sizeof block; ++i) block[i] = 0;
  put32(0x00, 0x00000800);                            /* z/Architecture */
  put32(0x04, (uint32_t)(uint64_t)prefix_area);       /* the guest's prefix */
  put64(0x28, 1ull << 62);                            /* CPU timer */
  put64(0x30, ~0ull);                                 /* clock comparator */
  put64(0x88, 63ull << 20);                           /* main storage limit */
  put64(0x90, 0x0000000180000000);                    /* PSW */
  put64(0x98, psw_address);
  put64(0xA8, (uint64_t)stack + sizeof stack - 160);  /* general register 15 */
  block[0x61] = 0x02;                                 /* protection exceptions of the host's go to the host */
  control[0] = asce();
  __asm__ volatile("stctg %%c0, %%c0, %0" : "=QS"(control[1]));
  put64(0x100, control[1]);
  __asm__ volatile("lctlg %%c1, %%c1, %0" : : "QS"(control[0]));
}

/* The guest has the registers of its SIE host, but for 14 and 15, and keeps those that a called function keeps. */
static void interpret(uint64_t r2, uint64_t r3) {
  register uint64_t second __asm__("2") = r2;
  register uint64_t third __asm__("3") = r3;
  register void* at __asm__("14") = block;
  __asm__ volatile(".insn s, 0xB2140000, 0(%2)"
                   : "+d"(second), "+d"(third)
                   : "a"(at)
                   : "0", "1", "4", "5", "f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "cc", "memory");
}

/* DIAGNOSE 0x44 for ever; pages from GR2 on, GR3 of them, then DIAGNOSE; a call of level_one(GR2). */
extern const char guest_diagnoses[], guest_touches[], guest_calls[];
__asm__(".text\n"
        "guest_diagnoses: diag %r0, %r0, 0x44\n"
        "                 j guest_diagnoses\n"
        "guest_touches:   lg %r1, 0(%r2)\n"
        "                 aghi %r2, 4096\n"
        "                 brctg %r3, guest_touches\n"
        "                 diag %r0, %r0, 0x44\n"
        "guest_calls:     brasl %r14, level_one\n"
        "                 diag %r0, %r0, 0x44\n");

static unsigned length_of_line;
void level_one(const char* words, char* line);
void level_one(const char* words, char* line) { length_of_line = run_kernel(kernels, words, line); }

unsigned run_at_level_one(const char* words, char* line) {
  prepare((uint64_t)guest_calls);
  interpret((uint64_t)words, (uint64_t)line);
  return block[0x50] == 0x04 ? length_of_line : 0;
}

static uint64_t lctlg(uint64_t rounds) {
  uint64_t value;
  __asm__ volatile("stctg %%c1, %%c1, %0" : "=QS"(value));
  for (uint64_t i = 0; i < rounds; ++i) __asm__ volatile("lctlg %%c1, %%c1, %0" : : "QS"(value));
  return rounds;
}

static uint64_t sie(uint64_t rounds) {
  uint64_t intercepted = 0;
  prepare((uint64_t)guest_diagnoses);
  for (uint64_t i = 0; i < rounds; ++i) {
    interpret(0, 0);
    intercepted += block[0x50] == 0x04;
  }
  return intercepted;
}

/* Guest 2 looks at each page of the window; its own translations are gone, the machine's shadow of guest 1's tables is not. */
static uint64_t touch(uint64_t rounds) {
  uint64_t pages = 0;
  prepare((uint64_t)guest_touches);
  for (uint64_t i = 0; i < rounds; ++i) {
    put64(0x98, (uint64_t)guest_touches);
    *(volatile uint16_t*)(block + 0x52) = 0xFFFF; /* another CPU may have run it: purge */
    interpret(kWindow, kPages);
    pages += block[0x50] == 0x04 ? kPages : 0;
  }
  return pages;
}

/* The same with the shadow gone as well. */
static uint64_t shadow(uint64_t rounds) {
  uint64_t pages = 0;
  prepare((uint64_t)guest_touches);
  for (uint64_t i = 0; i < rounds; ++i) {
    __asm__ volatile("idte %%r0, %1, %0" : : "d"(0x800ul), "d"(asce()) : "memory");
    put64(0x98, (uint64_t)guest_touches);
    interpret(kWindow, kPages);
    pages += block[0x50] == 0x04 ? kPages : 0;
  }
  return pages;
}

/* Guest 1 stores another frame into a page-table entry and guest 2 looks at the page; once without the store (`again`). */
static uint64_t one_page(uint64_t rounds, uint64_t change) {
  uint64_t pages = 0;
  prepare((uint64_t)guest_touches);
  for (uint64_t i = 0; i < rounds; ++i) {
    *(volatile uint64_t*)&window[0][0] = kFrames + ((i & change) << 12);
    put64(0x98, (uint64_t)guest_touches);
    interpret(kWindow, 1);
    pages += block[0x50] == 0x04;
  }
  return pages;
}
static uint64_t unshadow(uint64_t rounds) { return one_page(rounds, 1); }
static uint64_t again(uint64_t rounds) { return one_page(rounds, 0); }

const struct kernel interpretive_kernels[] = {
    {"lctlg", lctlg, 5000000}, {"sie", sie, 1000000},           {"touch", touch, 400}, {"shadow", shadow, 400},
    {"again", again, 1000000}, {"unshadow", unshadow, 1000000}, {0, 0, 0},
};
