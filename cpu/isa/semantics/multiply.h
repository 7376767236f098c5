// SPDX-License-Identifier: BSD-3-Clause
// Products of twice the operands' length, and divisions. The pair is R1 and R1 + 1; an odd R1 is a specification exception, which
// comes before any access exception (PoP, General Instructions, DIVIDE .., MULTIPLY ..).
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"

namespace siena::cpu::isa {

Outcome multiply_register_32(Cpu& cpu, RR insn);
Outcome multiply_32(Cpu& cpu, RX_a insn);
Outcome multiply_32_long(Cpu& cpu, RXY_a insn);
Outcome multiply_register_64(Cpu& cpu, RRF_a insn);
Outcome multiply_64(Cpu& cpu, RXY_a insn);
Outcome multiply_logical_register_32(Cpu& cpu, RRE insn);
Outcome multiply_logical_32(Cpu& cpu, RXY_a insn);
Outcome multiply_logical_register_64(Cpu& cpu, RRE insn);
Outcome multiply_logical_64(Cpu& cpu, RXY_a insn);

/// R1: remainder, R1 + 1: quotient. A zero divisor or a quotient that does not fit is a fixed-point-divide exception.
Outcome divide_register_32(Cpu& cpu, RR insn);
Outcome divide_32(Cpu& cpu, RX_a insn);
Outcome divide_single_register_64(Cpu& cpu, RRE insn);
Outcome divide_single_register_by_32(Cpu& cpu, RRE insn);
Outcome divide_single_64(Cpu& cpu, RXY_a insn);
Outcome divide_single_by_32(Cpu& cpu, RXY_a insn);
Outcome divide_logical_register_32(Cpu& cpu, RRE insn);
Outcome divide_logical_32(Cpu& cpu, RXY_a insn);
Outcome divide_logical_register_64(Cpu& cpu, RRE insn);
Outcome divide_logical_64(Cpu& cpu, RXY_a insn);

} // namespace siena::cpu::isa
