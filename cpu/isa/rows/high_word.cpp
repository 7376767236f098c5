// SPDX-License-Identifier: BSD-3-Clause
// The high-word facility: bits 0-31 of a general register as a 32-bit operand (PoP, General Instructions, ... HIGH).
#include "cpu/isa/semantics/high_word.h"
#include "cpu/isa/execute.h"
#include "cpu/isa/rows/rows.h"
#include "cpu/isa/semantics/load.h"

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
  //   view  Recipe{first      second   operation        width target     }   mnemonic  opcode  facility     cost
  // Addition
  row<RRF_a, Recipe{R2_High,   R3_High, AddSigned,        W32, To::R1_High }>("AHHHR",  0xB9C8, HighWord,    Alu   ),
  row<RRF_a, Recipe{R2_High,   R3_32,   AddSigned,        W32, To::R1_High }>("AHHLR",  0xB9D8, HighWord,    Alu   ),
  row<RRF_a, Recipe{R2_High,   R3_High, SubtractSigned,   W32, To::R1_High }>("SHHHR",  0xB9C9, HighWord,    Alu   ),
  row<RRF_a, Recipe{R2_High,   R3_32,   SubtractSigned,   W32, To::R1_High }>("SHHLR",  0xB9D9, HighWord,    Alu   ),
  row<RRF_a, Recipe{R2_High,   R3_High, AddLogical,       W32, To::R1_High }>("ALHHHR", 0xB9CA, HighWord,    Alu   ),
  row<RRF_a, Recipe{R2_High,   R3_32,   AddLogical,       W32, To::R1_High }>("ALHHLR", 0xB9DA, HighWord,    Alu   ),
  row<RRF_a, Recipe{R2_High,   R3_High, SubtractLogical,  W32, To::R1_High }>("SLHHHR", 0xB9CB, HighWord,    Alu   ),
  row<RRF_a, Recipe{R2_High,   R3_32,   SubtractLogical,  W32, To::R1_High }>("SLHHLR", 0xB9DB, HighWord,    Alu   ),
  row<RIL_a, Recipe{R1_High,   Imm_s,   AddSigned,        W32, To::R1_High }>("AIH",    0xCC08, HighWord,    Alu   ),
  row<RIL_a, Recipe{R1_High,   Imm_s,   AddLogicalSigned, W32, To::R1_High }>("ALSIH",  0xCC0A, HighWord,    Alu   ),
  irregular<&add_logical_signed_immediate_high_no_cc>                        ("ALSIHN", 0xCC0B, HighWord,    Alu   ),
  // Comparison
  row<RRE,   Recipe{R1_High,   R2_High, CompareSigned,    W32, To::NoTarget}>("CHHR",   0xB9CD, HighWord,    Alu   ),
  row<RRE,   Recipe{R1_High,   R2_High, CompareLogical,   W32, To::NoTarget}>("CLHHR",  0xB9CF, HighWord,    Alu   ),
  row<RRE,   Recipe{R1_High,   R2_32,   CompareSigned,    W32, To::NoTarget}>("CHLR",   0xB9DD, HighWord,    Alu   ),
  row<RRE,   Recipe{R1_High,   R2_32,   CompareLogical,   W32, To::NoTarget}>("CLHLR",  0xB9DF, HighWord,    Alu   ),
  row<RIL_a, Recipe{R1_High,   Imm_s,   CompareSigned,    W32, To::NoTarget}>("CIH",    0xCC0D, HighWord,    Alu   ),
  row<RIL_a, Recipe{R1_High,   Imm_u,   CompareLogical,   W32, To::NoTarget}>("CLIH",   0xCC0F, HighWord,    Alu   ),
  row<RXY_a, Recipe{R1_High,   Mem_u32, CompareSigned,    W32, To::NoTarget}>("CHF",    0xE3CD, HighWord,    AluMem),
  row<RXY_a, Recipe{R1_High,   Mem_u32, CompareLogical,   W32, To::NoTarget}>("CLHF",   0xE3CF, HighWord,    AluMem),
  // Loads and stores
  row<RXY_a, Recipe{NoOperand, Mem_s8,  Move,             W32, To::R1_High }>("LBH",    0xE3C0, HighWord,    Load  ),
  row<RXY_a, Recipe{NoOperand, Mem_u8,  Move,             W32, To::R1_High }>("LLCH",   0xE3C2, HighWord,    Load  ),
  row<RXY_a, Recipe{NoOperand, Mem_s16, Move,             W32, To::R1_High }>("LHH",    0xE3C4, HighWord,    Load  ),
  row<RXY_a, Recipe{NoOperand, Mem_u16, Move,             W32, To::R1_High }>("LLHH",   0xE3C6, HighWord,    Load  ),
  row<RXY_a, Recipe{NoOperand, Mem_u32, Move,             W32, To::R1_High }>("LFH",    0xE3CA, HighWord,    Load  ),
  irregular<&load_high_and_trap>                                             ("LFHAT",  0xE3C8, LoadAndTrap, Load  ),
  row<RXY_a, Recipe{NoOperand, R1_High, Move,             W32, To::Mem_8   }>("STCH",   0xE3C3, HighWord,    Store ),
  row<RXY_a, Recipe{NoOperand, R1_High, Move,             W32, To::Mem_16  }>("STHH",   0xE3C7, HighWord,    Store ),
  row<RXY_a, Recipe{NoOperand, R1_High, Move,             W32, To::Mem_32  }>("STFH",   0xE3CB, HighWord,    Store ),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan high_word_rows() { return kRows; }

} // namespace siena::cpu::isa
