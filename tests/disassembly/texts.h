// SPDX-License-Identifier: BSD-3-Clause
// Instruction texts of every row, to be read by Siena's disassembler and by others. The same seed gives the same texts.
#pragma once

#include "cpu/isa/decoder.h"

#include <random>
#include <string>
#include <vector>

namespace siena::cpu::isa {

/// Decodes every row there is.
const Decoder& every_row();

/// The row's text with these operands: those of `bits` that are no part of the operation code.
InsnText text_of(const InstructionDef& def, u64 bits);

/// The bits that our reading of the row depends on, found by turning each over in several texts; without the operation code.
u64 operand_bits(const InstructionDef& def);
/// The other bits of the row's text that are no part of the operation code.
u64 ignored_bits(const InstructionDef& def);

/// Texts of the row whose ignored bits are zero: each half-byte of the operands with each of its values, with all else zero and
/// with all else random (so every mask, every register with and without a number 0 beside it, every sign), all half-bytes
/// alike, and random ones.
std::vector<InsnText> texts_of(const InstructionDef& def, std::mt19937_64& random);

/// SIENA_SEED of the environment, or 1.
u64 seed();

/// Without blanks at the ends, one for any row of blanks and tabs within.
std::string normalised(std::string_view text);

} // namespace siena::cpu::isa
