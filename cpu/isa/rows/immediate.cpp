// SPDX-License-Identifier: BSD-3-Clause
// Immediates into registers, and the rotate-then-selected-bits instructions (PoP, General Instructions, INSERT IMMEDIATE,
// LOAD IMMEDIATE, ROTATE THEN ...).
#include "cpu/isa/execute.h"
#include "cpu/isa/rows/rows.h"
#include "cpu/isa/semantics/selected_bits.h"

namespace siena::cpu::isa {
namespace {
using enum Operand;
using enum Operation;
using enum CostClass;
using enum Width;
using enum Facility;
using To = Target;

// clang-format off
constexpr InstructionDef kRows[] = {
  //   view  Recipe{first      second    operationwidth target    } mnemonic  opcode  facility           cost
  // The rest of the register stays
  row<RI_a,  Recipe{R1_64,     Imm_hh,   Insert, W64, To::R1_64  }>("IIHH",   0xA500, Base,              Alu),
  row<RI_a,  Recipe{R1_64,     Imm_hl,   Insert, W64, To::R1_64  }>("IIHL",   0xA501, Base,              Alu),
  row<RI_a,  Recipe{R1_64,     Imm_lh,   Insert, W64, To::R1_64  }>("IILH",   0xA502, Base,              Alu),
  row<RI_a,  Recipe{R1_64,     Imm_ll,   Insert, W64, To::R1_64  }>("IILL",   0xA503, Base,              Alu),
  row<RIL_a, Recipe{NoOperand, Imm_u,    Move,   W32, To::R1_High}>("IIHF",   0xC008, ExtendedImmediate, Alu),
  row<RIL_a, Recipe{NoOperand, Imm_u,    Move,   W32, To::R1_32  }>("IILF",   0xC009, ExtendedImmediate, Alu),
  // The whole operand is replaced
  row<RI_a,  Recipe{NoOperand, Imm_hh,   Move,   W64, To::R1_64  }>("LLIHH",  0xA50C, Base,              Alu),
  row<RI_a,  Recipe{NoOperand, Imm_hl,   Move,   W64, To::R1_64  }>("LLIHL",  0xA50D, Base,              Alu),
  row<RI_a,  Recipe{NoOperand, Imm_lh,   Move,   W64, To::R1_64  }>("LLILH",  0xA50E, Base,              Alu),
  row<RI_a,  Recipe{NoOperand, Imm_ll,   Move,   W64, To::R1_64  }>("LLILL",  0xA50F, Base,              Alu),
  row<RIL_a, Recipe{NoOperand, Imm_High, Move,   W64, To::R1_64  }>("LLIHF",  0xC00E, ExtendedImmediate, Alu),
  row<RIL_a, Recipe{NoOperand, Imm_u,    Move,   W64, To::R1_64  }>("LLILF",  0xC00F, ExtendedImmediate, Alu),
  row<RI_a,  Recipe{NoOperand, Imm_s,    Move,   W32, To::R1_32  }>("LHI",    0xA708, Base,              Alu),
  row<RI_a,  Recipe{NoOperand, Imm_s,    Move,   W64, To::R1_64  }>("LGHI",   0xA709, Base,              Alu),
  row<RIL_a, Recipe{NoOperand, Imm_s,    Move,   W64, To::R1_64  }>("LGFI",   0xC001, ExtendedImmediate, Alu),
  // Rotate, then select bits
  irregular<&rotate_then_and_selected_bits>                        ("RNSBG",  0xEC54, GeneralExtension,  Alu),
  irregular<&rotate_then_insert_selected_bits>                     ("RISBG",  0xEC55, GeneralExtension,  Alu),
  irregular<&rotate_then_or_selected_bits>                         ("ROSBG",  0xEC56, GeneralExtension,  Alu),
  irregular<&rotate_then_xor_selected_bits>                        ("RXSBG",  0xEC57, GeneralExtension,  Alu),
  irregular<&rotate_then_insert_selected_bits_no_cc>               ("RISBGN", 0xEC59, MiscInstruction1,  Alu),
  irregular<&rotate_then_insert_selected_bits_low>                 ("RISBLG", 0xEC51, HighWord,          Alu),
  irregular<&rotate_then_insert_selected_bits_high>                ("RISBHG", 0xEC5D, HighWord,          Alu),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan immediate_rows() { return kRows; }

} // namespace siena::cpu::isa
