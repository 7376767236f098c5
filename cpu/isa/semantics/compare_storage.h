// SPDX-License-Identifier: BSD-3-Clause
// Comparison of storage with storage (PoP, General Instructions, COMPARE LOGICAL).
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"

namespace siena::cpu::isa {

Outcome compare_logical_characters(Cpu& cpu, SS_a insn);
Outcome compare_logical_long(Cpu& cpu, RR insn);
Outcome compare_logical_long_extended(Cpu& cpu, RS_a insn);
Outcome compare_logical_long_unicode(Cpu& cpu, RSY_a insn);
Outcome compare_logical_string(Cpu& cpu, RRE insn);

} // namespace siena::cpu::isa
