/* SPDX-License-Identifier: BSD-3-Clause */
/* One test case as it stands in the file that the two sides share. All numbers are big-endian: the oracle's own order. C, because
   the oracle is C. */
#ifndef SIENA_TESTS_RANDOM_RECORD_H
#define SIENA_TESTS_RANDOM_RECORD_H

#include <stdint.h>

/* Where a case sees things. Behind the data there is nothing; before it a page that cannot be stored to. */
#define RANDOM_CODE 0x01000000
#define RANDOM_CODE_SIZE 2048
#define RANDOM_READ_ONLY 0x01100000
#define RANDOM_DATA 0x01101000
#define RANDOM_DATA_SIZE 8192
#define RANDOM_EXIT 0x5A400000 /* where a case jumps to when it is done */

struct random_state {
  uint64_t gr[16];
  uint64_t fpr[16];
  uint32_t ar[16];
  uint32_t fpc;
  uint32_t cc; /* as INSERT PROGRAM MASK answers: condition code and program mask in bits 2-7 */
  uint64_t address;
  uint32_t signal; /* 0: reached RANDOM_EXIT */
  uint32_t signal_code;
};

struct random_record {
  uint32_t done;
  uint32_t addressing; /* 31 or 64 */
  struct random_state before;
  struct random_state after;
  uint8_t code[RANDOM_CODE_SIZE];
  uint8_t data_before[RANDOM_DATA_SIZE];
  uint8_t data_after[RANDOM_DATA_SIZE];
};

/* What a byte of the read-only page holds. */
#define RANDOM_READ_ONLY_BYTE(i) ((uint8_t)((i)*37 + ((i) >> 8)))

#endif
