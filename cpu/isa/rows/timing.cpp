// SPDX-License-Identifier: BSD-3-Clause
// Clocks and timers (PoP, Timing; Control Instructions; General Instructions, EXTRACT CPU TIME, STORE CLOCK ..).
#include "cpu/isa/semantics/timing.h"

#include "cpu/isa/rows/rows.h"

namespace siena::cpu::isa {
namespace {
using enum CostClass;
using enum Facility;

constexpr SieRule kClock = when(0x0000'8000), kComparator = when(0x0000'0020), kTimer = when(0x0000'0040);

// clang-format off
constexpr InstructionDef kRows[] = {
  // function, SIE rule                                                mnemonic  opcode  facility        cost
  irregular< &store_clock, kClock>                                    ("STCK",   0xB205, Base,           Control),
  irregular< &store_clock, kClock>                                    ("STCKF",  0xB27C, Stckf,          Control),
  irregular< &store_clock_extended, kClock>                           ("STCKE",  0xB278, Base,           Control),
  privileged<&set_clock, kAlways>                                     ("SCK",    0xB204, Base,           System ),
  privileged<&set_clock_comparator, kComparator>                      ("SCKC",   0xB206, Base,           Control),
  privileged<&store_clock_comparator, kComparator>                    ("STCKC",  0xB207, Base,           Control),
  privileged<&set_cpu_timer, kTimer>                                  ("SPT",    0xB208, Base,           Control),
  privileged<&store_cpu_timer, kTimer>                                ("STPT",   0xB209, Base,           Control),
  privileged<&set_clock_programmable_field>                           ("SCKPF",  0x0107, Base,           Control),
  irregular< &perform_timing_facility_function, custom(CustomSieRule::TimingFacility)>
                                                                      ("PTFF",   0x0104, TodSteering,    System ),
  irregular< &extract_cpu_time, kTimer>                               ("ECTG",   0xC801, ExtractCpuTime, Control),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan timing_rows() { return kRows; }

} // namespace siena::cpu::isa
