// SPDX-License-Identifier: BSD-3-Clause
// Stores of general registers and immediates (PoP, General Instructions, MOVE (immediate), STORE .. STORE REVERSED).
#include "cpu/isa/execute.h"
#include "cpu/isa/rows/rows.h"
#include "cpu/isa/semantics/load.h"
#include "cpu/isa/semantics/under_mask.h"

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
  //   view  Recipe{first      second operationwidth target    } mnemonic opcode  facility          cost
  // Registers to storage
  row<RX_a,  Recipe{NoOperand, R1_32, Move, W32, To::Mem_32 }>("ST",    0x5000, Base,             Store),
  row<RX_a,  Recipe{NoOperand, R1_32, Move, W32, To::Mem_16 }>("STH",   0x4000, Base,             Store),
  row<RX_a,  Recipe{NoOperand, R1_32, Move, W32, To::Mem_8  }>("STC",   0x4200, Base,             Store),
  row<RXY_a, Recipe{NoOperand, R1_64, Move, W64, To::Mem_64 }>("STG",   0xE324, Base,             Store),
  row<RXY_a, Recipe{NoOperand, R1_32, Move, W32, To::Mem_32 }>("STY",   0xE350, LongDisplacement, Store),
  row<RXY_a, Recipe{NoOperand, R1_32, Move, W32, To::Mem_16 }>("STHY",  0xE370, LongDisplacement, Store),
  row<RXY_a, Recipe{NoOperand, R1_32, Move, W32, To::Mem_8  }>("STCY",  0xE372, LongDisplacement, Store),
  row<RXY_a, Recipe{NoOperand, R1_64, Move, W64, To::Mem_r64}>("STRVG", 0xE32F, Base,             Store),
  row<RXY_a, Recipe{NoOperand, R1_32, Move, W32, To::Mem_r32}>("STRV",  0xE33E, Base,             Store),
  row<RXY_a, Recipe{NoOperand, R1_32, Move, W32, To::Mem_r16}>("STRVH", 0xE33F, Base,             Store),
  row<RIL_b, Recipe{NoOperand, R1_32, Move, W32, To::Rel_16 }>("STHRL", 0xC407, GeneralExtension, Store),
  row<RIL_b, Recipe{NoOperand, R1_64, Move, W64, To::Rel_64 }>("STGRL", 0xC40B, GeneralExtension, Store),
  row<RIL_b, Recipe{NoOperand, R1_32, Move, W32, To::Rel_32 }>("STRL",  0xC40F, GeneralExtension, Store),
  irregular<&store_pair_to_quadword>                          ("STPQ",  0xE38E, Base,             Store),
  irregular<&store_characters_under_mask>                     ("STCM",  0xBE00, Base,             Store),
  irregular<&store_characters_under_mask_high>                ("STCMH", 0xEB2C, Base,             Store),
  irregular<&store_characters_under_mask_long>                ("STCMY", 0xEB2D, LongDisplacement, Store),
  // Immediates to storage
  row<SI,    Recipe{NoOperand, Imm_u, Move, W8,  To::Dst_8  }>("MVI",   0x9200, Base,             Store),
  row<SIY,   Recipe{NoOperand, Imm_u, Move, W8,  To::Dst_8  }>("MVIY",  0xEB52, LongDisplacement, Store),
  row<SIL,   Recipe{NoOperand, Imm_s, Move, W16, To::Dst_16 }>("MVHHI", 0xE544, GeneralExtension, Store),
  row<SIL,   Recipe{NoOperand, Imm_s, Move, W64, To::Dst_64 }>("MVGHI", 0xE548, GeneralExtension, Store),
  row<SIL,   Recipe{NoOperand, Imm_s, Move, W32, To::Dst_32 }>("MVHI",  0xE54C, GeneralExtension, Store),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan store_rows() { return kRows; }

} // namespace siena::cpu::isa
