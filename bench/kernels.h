/* SPDX-License-Identifier: BSD-3-Clause */
/* The work that is timed, the same source for the host and for the machine. A kernel does `rounds` rounds of its work and
   answers a checksum of everything it computed, so that none of the work can be left out. */
#pragma once

#include <stdint.h>

struct kernel {
  const char* name;
  uint64_t (*run)(uint64_t rounds);
  uint64_t rounds; /* when the command line names no number: about a second of QEMU's time */
};

/* Ended by an entry without a name. */
extern const struct kernel kernels[];
/* What only a machine without an operating system can run: interpretive.c. */
extern const struct kernel interpretive_kernels[];

/* `words` is the name of one of `list` and, if wanted, a number of rounds. Writes "NAME CHECKSUM\n" to `line`, which has room for 64
   characters, and answers its length; 0 when there is no such kernel. */
unsigned run_kernel(const struct kernel* list, const char* words, char* line);
/* The same for one of `kernels` under SIE: guest 1 is the SIE host, guest 2 the kernel. */
unsigned run_at_level_one(const char* words, char* line);
