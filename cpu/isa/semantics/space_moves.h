// SPDX-License-Identifier: BSD-3-Clause
// Moves between address spaces and under other keys than the PSW's (PoP, Control Instructions; MOVE PAGE).
#pragma once

#include "cpu/isa/definition.h"

namespace siena::cpu::isa {

Outcome move_to_primary(Cpu& cpu, SS_d insn);
Outcome move_to_secondary(Cpu& cpu, SS_d insn);
Outcome move_with_key(Cpu& cpu, SS_d insn);
Outcome move_with_source_key(Cpu& cpu, SSE insn);
Outcome move_with_destination_key(Cpu& cpu, SSE insn);
Outcome move_with_optional_specifications(Cpu& cpu, SSF insn);
Outcome move_page(Cpu& cpu, RRE insn);

} // namespace siena::cpu::isa
