// SPDX-License-Identifier: BSD-3-Clause
// Characters under mask: each one bit of the four-bit M3 selects a byte of a word, and the selected bytes correspond to
// successive bytes of storage (PoP, General Instructions, COMPARE LOGICAL CHARACTERS UNDER MASK, INSERT .., STORE ..).
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"

namespace siena::cpu::isa {

Outcome compare_logical_characters_under_mask(Cpu& cpu, RS_b insn);
Outcome compare_logical_characters_under_mask_long(Cpu& cpu, RSY_b insn);
Outcome compare_logical_characters_under_mask_high(Cpu& cpu, RSY_b insn);
Outcome insert_characters_under_mask(Cpu& cpu, RS_b insn);
Outcome insert_characters_under_mask_long(Cpu& cpu, RSY_b insn);
Outcome insert_characters_under_mask_high(Cpu& cpu, RSY_b insn);
Outcome store_characters_under_mask(Cpu& cpu, RS_b insn);
Outcome store_characters_under_mask_long(Cpu& cpu, RSY_b insn);
Outcome store_characters_under_mask_high(Cpu& cpu, RSY_b insn);

} // namespace siena::cpu::isa
