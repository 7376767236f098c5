// SPDX-License-Identifier: BSD-3-Clause
// Translation of characters through tables in storage (PoP, General Instructions, TRANSLATE).
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"

namespace siena::cpu::isa {

Outcome translate(Cpu& cpu, SS_a insn);
Outcome translate_and_test(Cpu& cpu, SS_a insn);
Outcome translate_and_test_reverse(Cpu& cpu, SS_a insn);
Outcome translate_extended(Cpu& cpu, RRE insn);
Outcome translate_one_to_one(Cpu& cpu, RRF_c insn);
Outcome translate_one_to_two(Cpu& cpu, RRF_c insn);
Outcome translate_two_to_one(Cpu& cpu, RRF_c insn);
Outcome translate_two_to_two(Cpu& cpu, RRF_c insn);
Outcome translate_and_test_extended(Cpu& cpu, RRF_c insn);
Outcome translate_and_test_reverse_extended(Cpu& cpu, RRF_c insn);

} // namespace siena::cpu::isa
