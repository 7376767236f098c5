// SPDX-License-Identifier: BSD-3-Clause
// The built-in guest: what siena runs when it is given nothing to run. Guest 1 says what machine it finds, turns its DAT on,
// makes a guest 2 by START INTERPRETIVE EXECUTION, serves it, and shows one address on its way down through both of them.
//
// Guest 1's primary space is the SIE host's half of guest 2's storage:
//   virtual 00000000..000FFFFF   guest 1's first megabyte, real = virtual
//   virtual 40000000..4003FFFF   guest 2's storage: each page gets a frame when it is first touched, from real BF000 downwards
#include "firmware/demo/console.h"
#include "firmware/demo/hypercall.h"
#include "firmware/demo/state_description.h"

#define ORIGIN 0x40000000ul
#define FIRST_FRAME 0x80000ul
#define END_OF_FRAMES 0xc0000ul
#define GUEST2_SIZE (END_OF_FRAMES - FIRST_FRAME)
#define GUEST2_REAL 0x10000ul
#define GUEST2_PROGRAM_SIZE 0x10000ul
#define GUEST2_PREFIX 0x8000ul
#define PREFIX_AREA_SIZE 0x2000ul
#define GAVE_UP 0xbad0ul

__attribute__((noreturn)) void load_psw(const u64* psw);
void interpret(struct StateDescription* block, u64* general_registers);
extern const u8 sie_instruction[], guest2_image[], guest2_image_end[];

static u64 segment_table[kSegmentTableEntries] __attribute__((aligned(4096)));
static u64 own_pages[kPageTableEntries] __attribute__((aligned(2048)));
static u64 guest2_pages[kPageTableEntries] __attribute__((aligned(2048)));
static struct StateDescription block __attribute__((aligned(512)));
static u64 guest2_registers[16];
static u64 next_frame = END_OF_FRAMES;
static u64 interpretations, touched_under_sie;

__attribute__((noreturn)) static void end(u64 address) {
  static u64 psw[2] = {PSW_WAIT | PSW_64_BIT, 0};
  psw[1] = address;
  load_psw(psw);
}

__attribute__((noreturn)) static void give_up(const char* why, u64 value) {
  put("[guest 1] ");
  put(why);
  put_hex(value, 16);
  put("\n");
  end(GAVE_UP);
}

static void show_machine(void) {
  u64 id;
  __asm__ volatile("stidp %0" : "=Q"(id));
  put("[guest 1] I run on a CPU of machine type ");
  put_hex(id >> 16, 4);
  put(", identification ");
  put_hex(id, 16);
  put(" (STIDP).\n");
}

static void show_facilities(void) {
  u64 list[4] = {0, 0, 0, 0};
  register u64 last __asm__("0") = 3;
  __asm__ volatile("stfle %0" : "=Q"(list), "+d"(last) : : "cc");
  put("[guest 1] It has the facilities");
  for (unsigned first = 0; first < 256; first++) {
    unsigned behind = first;
    while (behind < 256 && (list[behind / 64] << behind % 64) >> 63 != 0) behind++;
    if (behind == first) continue;
    put(" ");
    put_decimal(first);
    if (behind > first + 1) {
      put("-");
      put_decimal(behind - 1);
    }
    first = behind;
  }
  put(" (STFLE).\n");
}

static void turn_dat_on(void) {
  for (unsigned i = 0; i < kSegmentTableEntries; i++) segment_table[i] = SEGMENT_INVALID;
  for (u64 i = 0; i < kPageTableEntries; i++) {
    own_pages[i] = i * kPageSize;
    guest2_pages[i] = PAGE_INVALID;
  }
  segment_table[0] = (u64)own_pages;
  segment_table[ORIGIN >> 20] = (u64)guest2_pages;
  load_primary_asce(asce_of(segment_table));
  __asm__ volatile("stosm %0,0x04" : "=Q"(*(u8[1]){0}) : : "memory");
}

// Called by the interruption's entry with DAT off, whoever was interrupted.
void program_interruption(void) {
  const u16 code = *(volatile u16*)0x8e;
  const u64 page = *(volatile u64*)0xa8 & -(u64)kPageSize;
  const u64 old_address = *(volatile u64*)0x158;
  if (code != 0x11 || page < ORIGIN || page >= ORIGIN + GUEST2_SIZE || next_frame == FIRST_FRAME)
    give_up("This program interruption was not expected, code and address: ", (u64)code << 48 | old_address);
  next_frame -= kPageSize;
  guest2_pages[(page - ORIGIN) / kPageSize] = next_frame;
  if (old_address != (u64)sie_instruction) return;
  touched_under_sie++;
  put("[guest 1] SIE was interrupted: no page at my virtual ");
  put_hex(page, 8);
  put(". It gets frame ");
  put_hex(next_frame, 8);
  put("; SIE again.\n");
}

// A store through guest 1's virtual address makes the page come.
static void touch(u64 guest2_absolute, u64 length) {
  for (u64 i = 0; i < length; i += kPageSize) *(volatile u8*)(ORIGIN + guest2_absolute + i) = 0;
}

static void load_guest2(void) {
  touch(GUEST2_PREFIX, PREFIX_AREA_SIZE);
  touch(GUEST2_REAL, GUEST2_PROGRAM_SIZE);
  volatile u8* const to = (volatile u8*)(ORIGIN + GUEST2_REAL);
  for (u64 i = 0; guest2_image + i < guest2_image_end; i++) to[i] = guest2_image[i];

  block.cpuflags = FLAG_Z_ARCHITECTURE;
  block.prefix = GUEST2_PREFIX;
  block.cpu_timer = -1ul >> 1;
  block.clock_comparator = -1ul;
  block.interception_controls = INTERCEPT_OPERATION_EXCEPTIONS;
  block.execution_controls_a = CONTROL_A_PROTECTION;
  block.execution_controls_b = CONTROL_B_HOST_PROTECTION;
  block.last_host_cpu = 0xffff;
  block.storage_origin = ORIGIN;
  block.storage_limit = ORIGIN;
  block.psw_mask = PSW_64_BIT;
  block.psw_address = GUEST2_REAL;
  block.control_registers[0] = 0xe0;
  block.control_registers[14] = 0xc2000000;
}

static u64 apply_prefix(u64 real, u64 prefix) {
  if (real < PREFIX_AREA_SIZE) return real + prefix;
  if (real - prefix < PREFIX_AREA_SIZE) return real - prefix;
  return real;
}

static void serve_print(u64 real, u64 length) {
  const u64 absolute = apply_prefix(real, block.prefix);
  if (absolute > GUEST2_SIZE || length > GUEST2_SIZE - absolute) give_up("Guest 2 prints from nowhere: ", real);
  put_bytes((const char*)(ORIGIN + absolute), length);
}

static void show_step(const char* name, u64 address, const char* how) {
  put("            ");
  put(name);
  put_hex(address, 16);
  put("   ");
  put(how);
}

static void serve_translate(u64 virtual_address, u64 real) {
  const u64 absolute = apply_prefix(real, block.prefix);
  const u64 host_virtual = block.storage_origin + absolute;
  const u64 host_real = load_real_address(host_virtual);
  u32 prefix;
  __asm__ volatile("stpx %0" : "=Q"(prefix));
  if (real == ~0ul || host_real == ~0ul) give_up("Guest 2 asks for an address that is not there: ", virtual_address);

  put("[guest 1] An address of guest 2 on its way down:\n");
  show_step("guest-2 virtual    ", virtual_address, "as guest 2's program has it\n");
  show_step("guest-2 real       ", real, "by guest 2's tables: its LOAD REAL ADDRESS says so\n");
  show_step("guest-2 absolute   ", absolute, "its prefix is ");
  put_hex(block.prefix, 8);
  put("\n");
  show_step("guest-1 virtual    ", host_virtual, "its storage begins at my ");
  put_hex(block.storage_origin, 8);
  put("\n");
  show_step("guest-1 real       ", host_real, "by my tables: my LOAD REAL ADDRESS says so\n");
  show_step("guest-1 absolute   ", apply_prefix(host_real, prefix), "my prefix is ");
  put_hex(prefix, 8);
  put("\n");

  u64 stored;
  __asm__ volatile("lurag %0,%1" : "=d"(stored) : "a"(host_real) : "memory");
  put("[guest 1] At my real ");
  put_hex(host_real, 8);
  put(" I read \"");
  put_bytes((const char*)&stored, 8);
  put("\" and store \"guest 1!\".\n");
  __asm__ volatile("sturg %0,%1" : : "d"(0x6775657374203121ul), "a"(host_real) : "memory");
}

// DIAGNOSE's second-operand address is its code.
static void serve_instruction(void) {
  const u32 code = block.instruction_rest >> 16;
  if (block.instruction >> 8 != 0x83) give_up("Guest 2 executes what I do not know: ", block.instruction);
  if (code == HYPERCALL_PRINT)
    serve_print(guest2_registers[2], guest2_registers[3]);
  else if (code == HYPERCALL_TRANSLATE)
    serve_translate(guest2_registers[2], guest2_registers[3]);
  else
    give_up("Guest 2 asks for what I do not know: ", code);
}

static void run_guest2(void) {
  for (;;) {
    interpret(&block, guest2_registers);
    interpretations++;
    switch (block.interception_code) {
    case kInstructionInterception: serve_instruction(); break;
    case kWaitInterception:
      if (block.psw_address != QUIESCED) give_up("Guest 2 gave up at ", block.psw_address);
      return;
    case kValidityInterception: give_up("The state description is not valid: ", block.instruction_rest >> 16); break;
    default: give_up("SIE ended with code ", block.interception_code);
    }
  }
}

void guest1(void) {
  open_console();
  put("This is Siena's built-in guest. Run your own with siena -kernel FILE; siena -help lists all options.\n");
  show_machine();
  const struct Sclp sclp = read_scp_information();
  put("[guest 1] There are ");
  put_decimal(sclp.storage_size >> 20);
  put(" MiB of storage and ");
  put_decimal(sclp.cpus);
  put(sclp.cpus == 1 ? " CPU (SCLP).\n" : " CPUs (SCLP).\n");
  show_facilities();
  if (!sclp.has_sie) {
    put("[guest 1] This machine has no SIE, hence there is no guest 2.\n");
    end(GAVE_UP);
  }
  turn_dat_on();
  put("[guest 1] My DAT is on. At my virtual ");
  put_hex(ORIGIN, 8);
  put(" begin ");
  put_decimal(GUEST2_SIZE >> 10);
  put(" KiB that are guest 2's storage.\n");
  load_guest2();
  put("[guest 1] Guest 2 is loaded. START INTERPRETIVE EXECUTION:\n");
  run_guest2();
  put("[guest 1] Guest 2 is in its last wait. SIE ended ");
  put_decimal(interpretations);
  put(" times by interception and ");
  put_decimal(touched_under_sie);
  put(touched_under_sie == 1 ? " time" : " times");
  put(" by an interruption of mine. That is all.\n");
  end(QUIESCED);
}
