// SPDX-License-Identifier: BSD-3-Clause
// Bit counts (PoP, General Instructions, FIND LEFTMOST ONE, POPULATION COUNT).
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"

namespace siena::cpu::isa {

Outcome find_leftmost_one(Cpu& cpu, RRE insn);
Outcome population_count(Cpu& cpu, RRF_c insn);

} // namespace siena::cpu::isa
