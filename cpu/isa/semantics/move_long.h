// SPDX-License-Identifier: BSD-3-Clause
// Moves whose lengths are in registers, with padding (PoP, General Instructions).
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"

namespace siena::cpu::isa {

Outcome move_long(Cpu& cpu, RR insn);
Outcome move_long_extended(Cpu& cpu, RS_a insn);
Outcome move_long_unicode(Cpu& cpu, RSY_a insn);

} // namespace siena::cpu::isa
