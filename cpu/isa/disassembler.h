// SPDX-License-Identifier: BSD-3-Clause
// Instruction text as an assembler would write it, from the rows and the formats: mnemonic, operands in the manual's order,
// registers as %r, %f, %a, %c, relative operands as absolute addresses.
#pragma once

#include "cpu/isa/decoder.h"

#include <string>

namespace siena::cpu::isa {

/// `address` is where the instruction stands (for relative operands). Text that is no instruction of this machine comes out as
/// ".short 0x...".
std::string disassemble(InsnText text, const Decoder& decoder, u64 address);

} // namespace siena::cpu::isa
