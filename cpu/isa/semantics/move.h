// SPDX-License-Identifier: BSD-3-Clause
// Moves and logical combinations of storage with storage, up to 256 bytes (PoP, General Instructions).
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"

namespace siena::cpu::isa {

Outcome move_characters(Cpu& cpu, SS_a insn);
Outcome move_inverse(Cpu& cpu, SS_a insn);
Outcome move_numerics(Cpu& cpu, SS_a insn);
Outcome move_zones(Cpu& cpu, SS_a insn);
Outcome move_right_to_left(Cpu& cpu, SSE insn);
Outcome and_characters(Cpu& cpu, SS_a insn);
Outcome or_characters(Cpu& cpu, SS_a insn);
Outcome exclusive_or_characters(Cpu& cpu, SS_a insn);

} // namespace siena::cpu::isa
