// SPDX-License-Identifier: BSD-3-Clause
// Decimal arithmetic (PoP, Decimal Instructions).
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"

namespace siena::cpu::isa {

Outcome add_decimal(Cpu& cpu, SS_b insn);
Outcome subtract_decimal(Cpu& cpu, SS_b insn);
Outcome zero_and_add(Cpu& cpu, SS_b insn);
Outcome compare_decimal(Cpu& cpu, SS_b insn);
Outcome multiply_decimal(Cpu& cpu, SS_b insn);
Outcome divide_decimal(Cpu& cpu, SS_b insn);
Outcome shift_and_round_decimal(Cpu& cpu, SS_c insn);
Outcome test_decimal(Cpu& cpu, RSL_a insn);

Outcome convert_to_binary(Cpu& cpu, RX_a insn);
Outcome convert_to_binary_y(Cpu& cpu, RXY_a insn);
Outcome convert_to_binary_long(Cpu& cpu, RXY_a insn);
Outcome convert_to_decimal(Cpu& cpu, RX_a insn);
Outcome convert_to_decimal_y(Cpu& cpu, RXY_a insn);
Outcome convert_to_decimal_long(Cpu& cpu, RXY_a insn);

} // namespace siena::cpu::isa
