// SPDX-License-Identifier: BSD-3-Clause
// LOAD MULTIPLE and STORE MULTIPLE of general registers: R1 to R3, after register 15 comes 0. All bytes are accessed or none: no
// register changes when a fetch ends in an interruption, and nothing is stored when any byte cannot be (PoP, General Instructions).
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"

namespace siena::cpu::isa {

Outcome load_multiple_32(Cpu& cpu, RS_a insn);
Outcome load_multiple_32_long(Cpu& cpu, RSY_a insn);
Outcome load_multiple_64(Cpu& cpu, RSY_a insn);
Outcome load_multiple_high(Cpu& cpu, RSY_a insn);
/// LMD: high words from the second operand, low words from the fourth.
Outcome load_multiple_disjoint(Cpu& cpu, SS_e insn);
Outcome store_multiple_32(Cpu& cpu, RS_a insn);
Outcome store_multiple_32_long(Cpu& cpu, RSY_a insn);
Outcome store_multiple_64(Cpu& cpu, RSY_a insn);
Outcome store_multiple_high(Cpu& cpu, RSY_a insn);

} // namespace siena::cpu::isa
