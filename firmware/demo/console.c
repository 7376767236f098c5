// SPDX-License-Identifier: BSD-3-Clause
#include "firmware/demo/console.h"

u64 service_call(u64 command, const void* sccb);

enum { kReadScpInformation = 0x00020001, kWriteEventData = 0x00760005, kWriteEventMask = 0x00780005 };
enum { kAsciiConsole = 0x1a, kConditionBusy = 2, kReadDone = 0x0010, kDone = 0x0020 };

// The service-call control block. All commands are given here, one after the other.
static struct {
  u16 length;
  u8 function;
  u8 control[3];
  u16 response;
  u8 data[4088];
} sccb __attribute__((aligned(4096)));

static char line[160];
static u64 line_length;

// Whether the command was carried out.
static int command(u32 code, u16 length) {
  u64 condition;
  sccb.length = length;
  sccb.response = 0;
  do condition = service_call(code, &sccb);
  while (condition == kConditionBusy);
  const u16 response = *(volatile u16*)&sccb.response;
  return condition == 0 && (response == kReadDone || response == kDone);
}

static void clear(void) {
  for (unsigned i = 0; i < sizeof sccb / 8; i++) ((volatile u64*)&sccb)[i] = 0;
}

// A program says which events it sends before it may send any.
void open_console(void) {
  clear();
  sccb.data[3] = 4;                                  // bytes of each of the four masks
  *(u32*)&sccb.data[8] = 1u << (32 - kAsciiConsole); // the second: types that we send
  (void)command(kWriteEventMask, 28);
}

struct Sclp read_scp_information(void) {
  struct Sclp sclp = {0, 0, 0};
  clear();
  if (!command(kReadScpInformation, sizeof sccb)) return sclp;
  const u8* const block = (const u8*)&sccb;
  u64 increments = *(const u16*)&block[8];
  if (increments == 0) increments = *(const u64*)&block[104];
  sclp.storage_size = increments * (block[10] != 0 ? block[10] : *(const u32*)&block[100]) << 20;
  sclp.cpus = *(const u16*)&block[16];
  const u8* const first_cpu = block + *(const u16*)&block[18];
  sclp.has_sie = (first_cpu[2] & 0x08) != 0;
  return sclp;
}

static void write_line(void) {
  enum { kHeader = 8, kEventHeader = 6 };
  clear();
  *(u16*)&sccb.data[0] = (u16)(kEventHeader + line_length);
  sccb.data[2] = kAsciiConsole;
  for (u64 i = 0; i < line_length; i++) sccb.data[kEventHeader + i] = (u8)line[i];
  (void)command(kWriteEventData, (u16)(kHeader + kEventHeader + line_length));
  line_length = 0;
}

void put_bytes(const char* text, u64 length) {
  for (u64 i = 0; i < length; i++) {
    if (text[i] == '\n') line[line_length++] = '\r';
    line[line_length++] = text[i];
    if (text[i] == '\n' || line_length > sizeof line - 2) write_line();
  }
}

void put(const char* text) {
  while (*text != 0) put_bytes(text++, 1);
}

void put_hex(u64 value, unsigned digits) {
  while (digits-- != 0) put_bytes(&"0123456789ABCDEF"[value >> (4 * digits) & 15], 1);
}

void put_decimal(u64 value) {
  if (value >= 10) put_decimal(value / 10);
  put_bytes(&"0123456789"[value % 10], 1);
}
