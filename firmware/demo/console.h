// SPDX-License-Identifier: BSD-3-Clause
// The service-call logical processor as guest 1 uses it: a console, and what the machine has.
#pragma once

#include "firmware/demo/machine.h"

struct Sclp {
  u64 storage_size; // bytes
  unsigned cpus;
  int has_sie; // interpretive execution of format 2, on the first CPU
};

void open_console(void);
struct Sclp read_scp_information(void);

// Text gathers until its line ends, then appears.
void put(const char* text);
void put_bytes(const char* text, u64 length);
void put_hex(u64 value, unsigned digits);
void put_decimal(u64 value);
