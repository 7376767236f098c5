// SPDX-License-Identifier: BSD-3-Clause
// Clocks and timers (PoP, Timing; Control Instructions). The CPU holds what differs between levels: TOD epoch, CPU timer, clock
// comparator, TOD programmable register.
#pragma once

#include "cpu/isa/definition.h"

namespace siena::cpu::isa {

Outcome store_clock(Cpu& cpu, S insn); // STCK, STCKF
Outcome store_clock_extended(Cpu& cpu, S insn);
Outcome set_clock(Cpu& cpu, S insn);
Outcome set_clock_comparator(Cpu& cpu, S insn);
Outcome store_clock_comparator(Cpu& cpu, S insn);
Outcome set_cpu_timer(Cpu& cpu, S insn);
Outcome store_cpu_timer(Cpu& cpu, S insn);
Outcome set_clock_programmable_field(Cpu& cpu, E insn);
Outcome perform_timing_facility_function(Cpu& cpu, E insn);
Outcome extract_cpu_time(Cpu& cpu, SSF insn);

} // namespace siena::cpu::isa
