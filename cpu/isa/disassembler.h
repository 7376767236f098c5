// SPDX-License-Identifier: BSD-3-Clause
// Instruction text as the GNU tools write it, from the rows: what s390x-linux-gnu-objdump prints for it, extended mnemonics and
// all (tests/disassembly compares every row). Displacements and immediates are decimal, relative operands hexadecimal addresses.
//
// Where the two differ on purpose:
//   - What the machine does not look at (fields that an instruction does not have) is not looked at here either; objdump names
//     an instruction only when such bits are zero.
//   - Text that is no instruction of the machine is `.short` and its halfwords; objdump writes `.long` and goes on behind four
//     bytes, also where the text has six.
#pragma once

#include "cpu/isa/decoder.h"

#include <string>

namespace siena::cpu::isa {

/// `address` is where the instruction stands (for relative operands, which wrap at 2^64 whatever the addressing mode is). Text
/// that is no instruction of this machine comes out as ".short 0x...", all of its halfwords in one line.
std::string disassemble(InsnText text, const Decoder& decoder, u64 address);

} // namespace siena::cpu::isa
