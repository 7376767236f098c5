// SPDX-License-Identifier: BSD-3-Clause
// What the programs of this folder share: a SIE host that runs in the home space, a guest of 4 MiB made anew for each case, and
// the report. A program is int main-like `run_cases`; each of its cases begins with `begin` and looks with `expect`.
#pragma once

#include "tests/sie_programs/runtime/state_description.h"

// --- report -----------------------------------------------------------------------------------------------------------------

// Ends the case before and begins the next one; the variant's name is appended. Prints "ok NAME" or "FAIL NAME: ...".
void begin(const char* name);
void expect(const char* what, u64 got, u64 wanted);
// The program's cases; the runtime then ends with "DONE n ok, m failed" and the disabled wait that means success or not.
void run_cases(void);

// --- the host ---------------------------------------------------------------------------------------------------------------

// Interruptions of the CPU that looks, as they were recorded last. Lies in its prefix area.
struct Record {
  u64 program_count; // 480
  u16 program_ilc, program_code;
  u32 reserved48c;
  u64 teid;
  u64 program_old[2];
  u8 access_id;
  u8 reserved4a9[7];
  u64 resume;         // 4B0 where to go on after a program interruption outside SIE; 0: it is not expected
  u64 external_count; // 4B8
  u16 external_cpu, external_code;
  u32 reserved4c4;
  u64 external_old[2]; // 4C8
  u64 stack;           // 4D8
  u64 cpu_main;        // 4E0
};

static inline volatile struct Record* record(void) {
  u64 address = 0x480;
  __asm__("" : "+r"(address)); // the compiler takes a small constant address for a mistake
  return (volatile struct Record*)address;
}

void interpret(struct StateDescription* block, u64* general_registers);
// SIE as the target of EXECUTE RELATIVE LONG; 1 when it goes on behind that, 2 when behind the target.
u64 execute_sie(struct StateDescription* block);
void probe_sie(u64 operand);
void probe_sie_in_problem_state(u64 operand);
extern const u8 sie_instruction[], probed_sie[];

// Whether the facility is installed (STFLE).
int facility(unsigned number);
// A machine that is itself a guest: the same program looks less often at what takes long there.
int is_guest_itself(void);
// What READ SCP INFORMATION reports of interpretive execution. A control whose facility is not reported is ignored.
enum Reported {
  kGuestPer,
  kSharedInterlock,
  kSignalProcessor,
  kConditionalExternal,
  kNoLimit,
  kHostProtectionException,
  kKeylessSubset,
  kBroadcastSuppression
};
int reports(enum Reported what);
// The load parameter is FULL: sizes are the plan's, not those for every day.
int full_size(void);
// Called once, before the cases.
void learn_machine(void);
// CPU `number`, 1 to kOtherCpus, runs `main` on a stack of its own in the home space; whether there is such a CPU.
enum { kOtherCpus = 4 };
int start_cpu(unsigned number, void (*main)(void));
void stop_cpu(unsigned number);
unsigned this_cpu(void);
// Stores the new PSWs into a prefix area at a real address.
void prepare_prefix_area(u64 area);
// Sets this CPU's prefix; the contents of the prefix area go along.
void move_prefix(u64 to);

static inline void barrier(void) { __asm__ volatile("bcr 15,0" : : : "memory"); }
static inline u64 clock_now(void) {
  u64 tod;
  __asm__ volatile("stckf %0" : "=Q"(tod) : : "cc", "memory");
  return tod;
}

// --- the guest --------------------------------------------------------------------------------------------------------------

#define GUEST_FRAMES 0x1000000ul /* host real address of the guest's absolute 0 */
#define GUEST_SIZE 0x400000ul
enum {
  kGuestPrefix = 0x4000,
  kGuestCode = 0x10000,
  kGuestHandlers = 0x11000, // + 0, 100, 200, 300: program, external, supervisor call, input/output
  kGuestData = 0x20000,
  kGuestData2 = 0x21000,
  kGuestSegmentTable = 0x80000,
  kGuestPageTable = 0x84000,
};
// With the guest's DAT on, its first megabyte is at these two virtual addresses.
#define GUEST_ALIAS 0x70000000ul
enum { kHandlerProgram = 0xf0, kHandlerExternal = 0xf1, kHandlerSvc = 0xf2, kHandlerIo = 0xf3 };

// How the case in hand runs: the guest's DAT off or on, the host's enhanced-DAT level 0, 1 or 2.
struct Variant {
  int guest_dat;
  int edat;
};
extern struct Variant variant;
extern struct StateDescription* const block;
extern u64 gr[16]; // the guest's general registers 0-13, in and out
extern u64 host_asce;

enum Pages { kSmallPages, kLargestFrames };
// A fresh guest: storage cleared, prefix area with handlers that end in DIAGNOSE, state description and host tables as the variant
// has them. Largest frames: 1-MB frames at EDAT 1 and a 2-GB frame at EDAT 2.
void new_guest(enum Pages pages);
// The storage limit is suppressed: the guest's first megabyte, in pages, lies at host virtual 0 below a region-first table.
void suppress_limit(void);
// Calls the case once for each variant that the machine has.
void with_all_variants(void (*one)(void));

// Host virtual address of a guest absolute address, and the host's own (real) address of it.
u64 host_virtual(u64 guest_absolute);
void* at(u64 guest_absolute);
// Address that the guest's program uses for its real address.
u64 guest_address(u64 guest_real);
// The entry of the host's tables that maps the guest absolute address: level 0 page, 1 segment, 2 region third ...
u64* host_entry(u64 guest_absolute, unsigned level);
// Sets a page-table entry as the architecture wants it: INVALIDATE PAGE TABLE ENTRY, then the new contents.
void set_page(u64 guest_absolute, u64 entry);
void invalidate_page(u64* entry, u64 virtual_address);
u64 page_entry(u64 guest_absolute);
// A new table of the host's; entries all `fill`.
u64* new_table(unsigned entries, u64 fill);
void load_host_asce(u64 asce);
void set_enhanced_dat(int on);

// Code of the guest: GUEST(name, "assembly") and then load(name, name_end).
#define GUEST(name, text)                                                                                              \
  extern const u8 name[], name##_end[];                                                                                \
  __asm__(".pushsection .rodata\n.balign 8\n" #name ":\n" text "\n" #name "_end:\n.popsection")
void load_at(u64 guest_real, const u8* from, const u8* end);
#define load(name) load_at(kGuestCode, name, name##_end)

// SIE with the PSW as it stands; the interception code, 0 also for an interruption of the host.
u64 again(void);
// The same from the beginning of the loaded code.
u64 run(void);
// Expects that the guest came to its DIAGNOSE (of registers 0 and 0) of that code.
void expect_diagnose(u64 code);
void expect_validity(u64 why);
// A program interception: its code.
void expect_program_interception(u64 code);
// A program interruption of the host at SIE: its code, and the page it names.
void expect_host_program(u64 code, u64 page);
u64 parameter(unsigned offset, unsigned bytes);
u64 guest_lowcore(unsigned offset, unsigned bytes);

enum {
  kOperationException = 1,
  kProgramPrivileged = 2,
  kProtection = 4,
  kAddressing = 5,
  kSpecification = 6,
  kSegmentTranslation = 0x10,
  kPageTranslation = 0x11,
  kTranslationSpecification = 0x12,
  kAsceType = 0x38,
  kRegionFirst = 0x39,
  kRegionSecond = 0x3a,
  kRegionThird = 0x3b
};
enum { kTeidStore = 0x400, kTeidFetch = 0x800, kTeidProtection = 4 };
#define ENTRY_INVALID 0x20ul
#define ENTRY_PROTECTED 0x200ul
#define ENTRY_LARGE 0x400ul
