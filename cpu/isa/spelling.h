// SPDX-License-Identifier: BSD-3-Clause
// How an instruction is written: the GNU assembler's mnemonic and operands for each row. What most rows need follows from their
// format; what does not is in one small table keyed by mnemonic (spelling.cpp). Names no opcodes: those are in the rows.
//
// Operands are patterns, a comma between two operands; fields are named as in formats.h:
//   r1 f1 a1 c1   field r1 as the number of a general, floating-point, access or control register
//   R1            a general or a floating-point register, as the row's place in the opcode map says
//   m3 i2         a mask, an immediate; z4: i4() without its two leftmost bits
//   j2            the address that ri2() designates
//   d2(b2)        displacement and base; d2(x2,b2) with index, d1(l1,b1) with length, d1(r1,b1) with length in a register
//   [m3]          left out when it is zero and nothing is written behind it
#pragma once

#include "cpu/isa/definition.h"

#include <span>
#include <string_view>

namespace siena::cpu::isa {

/// When a form is the one to write. "The mask" is the format's M1 if it has one, else its M3, else its M4.
enum class When : u8 {
  Always,
  MaskZero,
  MaskNotZero,
  Condition,  ///< the mask is neither 0 nor 15
  Comparison, ///< the mask is one that a comparison can set: 2, 4, 6, 8, 10, 12
  M3Zero,
  M4Zero,
  M3AndM4Zero,
  ZeroRemaining, ///< the left two bits of I4 are 10: zero the remaining bits, and no bit without meaning
};

/// One way to write a row.
struct Form {
  When when = When::Always;
  /// In it `*` stands for the row's mnemonic in small letters, `?` for the name of the mask.
  std::string_view mnemonic;
  std::string_view operands;
};

/// The forms of a row in the order in which they are tried; the last is When::Always.
std::span<const Form> forms_of(const InstructionDef& def);

/// `R` of the patterns.
bool has_floating_point_registers(const InstructionDef& def);
/// Whether I2 is written as an unsigned number.
bool has_unsigned_immediate(const InstructionDef& def);

/// `?` of the mnemonics: the mask's name as a condition (empty for 0 and 15), or as the outcome of a comparison.
std::string_view condition_name(u32 mask);
std::string_view comparison_name(u32 mask);

} // namespace siena::cpu::isa
