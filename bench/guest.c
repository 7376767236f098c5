/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernels without an operating system: what to do is in the command line that -append leaves at 0x10480, as for Linux;
   the line goes out through the SCLP's ASCII console (event type 1A) and the machine ends in the quiesce PSW. */
#include "kernels.h"

struct __attribute__((packed, aligned(4096))) write_event {
  uint16_t length;
  uint8_t function, control[3];
  uint16_t response;
  struct __attribute__((packed)) {
    uint16_t length;
    uint8_t type, flags;
    uint16_t reserved;
    char text[64];
  } event;
};

static struct write_event sccb;

/* The library that the compiler itself calls, with the instructions that a library for this machine has: MVC and CLC, the last one
   as the target of EXRL, which puts in the length. */
void* memcpy(void* to, const void* from, unsigned long n) {
  char* t = to;
  const char* f = from;
  for (; n > 256; n -= 256, t += 256, f += 256) __asm__ volatile("mvc 0(256,%0),0(%1)" : : "a"(t), "a"(f) : "memory");
  if (n != 0)
    __asm__ volatile("exrl %2,1f\n.subsection 1\n1: mvc 0(1,%0),0(%1)\n.previous"
                     :
                     : "a"(t), "a"(f), "a"(n - 1)
                     : "memory");
  return to;
}
int memcmp(const void* first, const void* second, unsigned long n) {
  const char *a = first, *b = second;
  int cc = 0;
  for (; n > 256 && cc == 0; n -= 256, a += 256, b += 256)
    __asm__ volatile("clc 0(256,%2),0(%1)\nipm %0" : "+d"(cc) : "a"(a), "a"(b) : "cc", "memory");
  if (n != 0 && cc == 0)
    __asm__ volatile("exrl %3,1f\n.subsection 1\n1: clc 0(1,%2),0(%1)\n.previous\nipm %0"
                     : "+d"(cc)
                     : "a"(a), "a"(b), "a"(n - 1)
                     : "cc", "memory");
  return (int)((unsigned)cc << 2) >> 30; /* the condition code of second : first, 1 or 2, is 1 or -2 */
}
void* memset(void* to, int c, unsigned long n) {
  char* t = to;
  while (n--) *t++ = (char)c;
  return to;
}

/* Starts the command, then waits enabled for the external interruption that ends it: start.S has the PSWs. */
void service_call(uint64_t command, void* block);

static void print(const char* line, unsigned n) {
  for (unsigned i = 0; i < n; ++i) sccb.event.text[i] = line[i];
  sccb.length = (uint16_t)(8 + 6 + n);
  sccb.event.length = (uint16_t)(6 + n);
  sccb.event.type = 0x1A;
  service_call(0x00760005, &sccb);
}

void guest_main(const char* words) {
  char line[64];
  static const char kLevelOne[] = "guest ";
  unsigned i = 0;
  while (kLevelOne[i] && words[i] == kLevelOne[i]) ++i;
  unsigned n = kLevelOne[i] ? run_kernel(kernels, words, line) : run_at_level_one(words + i, line);
  if (n == 0) n = run_kernel(interpretive_kernels, words, line);
  if (n != 0)
    print(line, n);
  else
    print("no such kernel\n", 15);
}
