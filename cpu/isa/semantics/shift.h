// SPDX-License-Identifier: BSD-3-Clause
// Shifts of a 64-bit operand made of bits 32-63 of R1 and R1 + 1; an odd R1 is a specification exception (PoP, General
// Instructions, SHIFT LEFT DOUBLE ..).
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"

namespace siena::cpu::isa {

Outcome shift_left_double(Cpu& cpu, RS_a insn);
Outcome shift_right_double(Cpu& cpu, RS_a insn);
Outcome shift_left_double_logical(Cpu& cpu, RS_a insn);
Outcome shift_right_double_logical(Cpu& cpu, RS_a insn);

} // namespace siena::cpu::isa
