// SPDX-License-Identifier: BSD-3-Clause
// COMPARE AND TRAP: a data exception with data-exception code FF hex when the mask selects the comparison's result. The
// condition code stays (PoP, General Instructions, COMPARE AND TRAP ..).
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"

namespace siena::cpu::isa {

constexpr u8 kTrapDataExceptionCode = 0xFF;

Outcome compare_and_trap_32(Cpu& cpu, RRF_c insn);
Outcome compare_and_trap_64(Cpu& cpu, RRF_c insn);
Outcome compare_logical_and_trap_32(Cpu& cpu, RRF_c insn);
Outcome compare_logical_and_trap_64(Cpu& cpu, RRF_c insn);
Outcome compare_immediate_and_trap_32(Cpu& cpu, RIE_a insn);
Outcome compare_immediate_and_trap_64(Cpu& cpu, RIE_a insn);
Outcome compare_logical_immediate_and_trap_32(Cpu& cpu, RIE_a insn);
Outcome compare_logical_immediate_and_trap_64(Cpu& cpu, RIE_a insn);
Outcome compare_logical_storage_and_trap_32(Cpu& cpu, RSY_b insn);
Outcome compare_logical_storage_and_trap_64(Cpu& cpu, RSY_b insn);

} // namespace siena::cpu::isa
