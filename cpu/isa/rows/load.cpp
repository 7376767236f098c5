// SPDX-License-Identifier: BSD-3-Clause
// Loads into general registers, and addresses (PoP, General Instructions, INSERT CHARACTER .. LOAD REVERSED).
#include "cpu/isa/semantics/load.h"
#include "cpu/isa/execute.h"
#include "cpu/isa/rows/rows.h"
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
  //   view  Recipe{first      second   operation      width target  }   mnemonic  opcode  facility               cost
  // Register to register
  row<RR,    Recipe{NoOperand, R2_32,   Move,           W32, To::R1_32}>("LR",     0x1800, Base,                  Alu ),
  row<RRE,   Recipe{NoOperand, R2_64,   Move,           W64, To::R1_64}>("LGR",    0xB904, Base,                  Alu ),
  row<RRE,   Recipe{NoOperand, R2_s8,   Move,           W64, To::R1_64}>("LGBR",   0xB906, ExtendedImmediate,     Alu ),
  row<RRE,   Recipe{NoOperand, R2_s16,  Move,           W64, To::R1_64}>("LGHR",   0xB907, ExtendedImmediate,     Alu ),
  row<RRE,   Recipe{NoOperand, R2_s32,  Move,           W64, To::R1_64}>("LGFR",   0xB914, Base,                  Alu ),
  row<RRE,   Recipe{NoOperand, R2_u32,  Move,           W64, To::R1_64}>("LLGFR",  0xB916, Base,                  Alu ),
  row<RRE,   Recipe{NoOperand, R2_u31,  Move,           W64, To::R1_64}>("LLGTR",  0xB917, Base,                  Alu ),
  row<RRE,   Recipe{NoOperand, R2_s8,   Move,           W32, To::R1_32}>("LBR",    0xB926, ExtendedImmediate,     Alu ),
  row<RRE,   Recipe{NoOperand, R2_s16,  Move,           W32, To::R1_32}>("LHR",    0xB927, ExtendedImmediate,     Alu ),
  row<RRE,   Recipe{NoOperand, R2_u8,   Move,           W64, To::R1_64}>("LLGCR",  0xB984, ExtendedImmediate,     Alu ),
  row<RRE,   Recipe{NoOperand, R2_u16,  Move,           W64, To::R1_64}>("LLGHR",  0xB985, ExtendedImmediate,     Alu ),
  row<RRE,   Recipe{NoOperand, R2_u8,   Move,           W32, To::R1_32}>("LLCR",   0xB994, ExtendedImmediate,     Alu ),
  row<RRE,   Recipe{NoOperand, R2_u16,  Move,           W32, To::R1_32}>("LLHR",   0xB995, ExtendedImmediate,     Alu ),
  irregular<&load_reversed_register_64>                                 ("LRVGR",  0xB90F, Base,                  Alu ),
  irregular<&load_reversed_register_32>                                 ("LRVR",   0xB91F, Base,                  Alu ),
  // With the condition code set
  row<RR,    Recipe{NoOperand, R2_32,   LoadPositive,   W32, To::R1_32}>("LPR",    0x1000, Base,                  Alu ),
  row<RRE,   Recipe{NoOperand, R2_64,   LoadPositive,   W64, To::R1_64}>("LPGR",   0xB900, Base,                  Alu ),
  row<RRE,   Recipe{NoOperand, R2_s32,  LoadPositive,   W64, To::R1_64}>("LPGFR",  0xB910, Base,                  Alu ),
  row<RR,    Recipe{NoOperand, R2_32,   LoadNegative,   W32, To::R1_32}>("LNR",    0x1100, Base,                  Alu ),
  row<RRE,   Recipe{NoOperand, R2_64,   LoadNegative,   W64, To::R1_64}>("LNGR",   0xB901, Base,                  Alu ),
  row<RRE,   Recipe{NoOperand, R2_s32,  LoadNegative,   W64, To::R1_64}>("LNGFR",  0xB911, Base,                  Alu ),
  row<RR,    Recipe{NoOperand, R2_32,   LoadAndTest,    W32, To::R1_32}>("LTR",    0x1200, Base,                  Alu ),
  row<RRE,   Recipe{NoOperand, R2_64,   LoadAndTest,    W64, To::R1_64}>("LTGR",   0xB902, Base,                  Alu ),
  row<RRE,   Recipe{NoOperand, R2_s32,  LoadAndTest,    W64, To::R1_64}>("LTGFR",  0xB912, Base,                  Alu ),
  row<RR,    Recipe{NoOperand, R2_32,   LoadComplement, W32, To::R1_32}>("LCR",    0x1300, Base,                  Alu ),
  row<RRE,   Recipe{NoOperand, R2_64,   LoadComplement, W64, To::R1_64}>("LCGR",   0xB903, Base,                  Alu ),
  row<RRE,   Recipe{NoOperand, R2_s32,  LoadComplement, W64, To::R1_64}>("LCGFR",  0xB913, Base,                  Alu ),
  row<RXY_a, Recipe{NoOperand, Mem_u64, LoadAndTest,    W64, To::R1_64}>("LTG",    0xE302, ExtendedImmediate,     Load),
  row<RXY_a, Recipe{NoOperand, Mem_u32, LoadAndTest,    W32, To::R1_32}>("LT",     0xE312, ExtendedImmediate,     Load),
  row<RXY_a, Recipe{NoOperand, Mem_s32, LoadAndTest,    W64, To::R1_64}>("LTGF",   0xE332, GeneralExtension,      Load),
  // From storage
  row<RX_a,  Recipe{NoOperand, Mem_u32, Move,           W32, To::R1_32}>("L",      0x5800, Base,                  Load),
  row<RX_a,  Recipe{NoOperand, Mem_s16, Move,           W32, To::R1_32}>("LH",     0x4800, Base,                  Load),
  row<RX_a,  Recipe{NoOperand, Mem_u8,  Move,           W64, To::R1_u8}>("IC",     0x4300, Base,                  Load),
  row<RXY_a, Recipe{NoOperand, Mem_u64, Move,           W64, To::R1_64}>("LG",     0xE304, Base,                  Load),
  row<RXY_a, Recipe{NoOperand, Mem_s32, Move,           W64, To::R1_64}>("LGF",    0xE314, Base,                  Load),
  row<RXY_a, Recipe{NoOperand, Mem_s16, Move,           W64, To::R1_64}>("LGH",    0xE315, Base,                  Load),
  row<RXY_a, Recipe{NoOperand, Mem_u32, Move,           W64, To::R1_64}>("LLGF",   0xE316, Base,                  Load),
  row<RXY_a, Recipe{NoOperand, Mem_u31, Move,           W64, To::R1_64}>("LLGT",   0xE317, Base,                  Load),
  row<RXY_a, Recipe{NoOperand, Mem_r64, Move,           W64, To::R1_64}>("LRVG",   0xE30F, Base,                  Load),
  row<RXY_a, Recipe{NoOperand, Mem_r32, Move,           W32, To::R1_32}>("LRV",    0xE31E, Base,                  Load),
  irregular<&load_reversed_halfword>                                    ("LRVH",   0xE31F, Base,                  Load),
  row<RXY_a, Recipe{NoOperand, Mem_u32, Move,           W32, To::R1_32}>("LY",     0xE358, LongDisplacement,      Load),
  row<RXY_a, Recipe{NoOperand, Mem_u8,  Move,           W64, To::R1_u8}>("ICY",    0xE373, LongDisplacement,      Load),
  row<RXY_a, Recipe{NoOperand, Mem_s8,  Move,           W32, To::R1_32}>("LB",     0xE376, LongDisplacement,      Load),
  row<RXY_a, Recipe{NoOperand, Mem_s8,  Move,           W64, To::R1_64}>("LGB",    0xE377, LongDisplacement,      Load),
  row<RXY_a, Recipe{NoOperand, Mem_s16, Move,           W32, To::R1_32}>("LHY",    0xE378, LongDisplacement,      Load),
  row<RXY_a, Recipe{NoOperand, Mem_u8,  Move,           W64, To::R1_64}>("LLGC",   0xE390, Base,                  Load),
  row<RXY_a, Recipe{NoOperand, Mem_u16, Move,           W64, To::R1_64}>("LLGH",   0xE391, Base,                  Load),
  row<RXY_a, Recipe{NoOperand, Mem_u8,  Move,           W32, To::R1_32}>("LLC",    0xE394, ExtendedImmediate,     Load),
  row<RXY_a, Recipe{NoOperand, Mem_u16, Move,           W32, To::R1_32}>("LLH",    0xE395, ExtendedImmediate,     Load),
  irregular<&load_and_zero_rightmost_byte_64>                           ("LZRG",   0xE32A, LoadStoreOnCondition2, Load),
  irregular<&load_logical_and_zero_rightmost_byte>                      ("LLZRGF", 0xE33A, LoadStoreOnCondition2, Load),
  irregular<&load_and_zero_rightmost_byte_32>                           ("LZRF",   0xE33B, LoadStoreOnCondition2, Load),
  irregular<&load_and_trap_64>                                          ("LGAT",   0xE385, LoadAndTrap,           Load),
  irregular<&load_logical_thirty_one_bits_and_trap>                     ("LLGTAT", 0xE39C, LoadAndTrap,           Load),
  irregular<&load_logical_and_trap>                                     ("LLGFAT", 0xE39D, LoadAndTrap,           Load),
  irregular<&load_and_trap_32>                                          ("LAT",    0xE39F, LoadAndTrap,           Load),
  irregular<&load_pair_from_quadword>                                   ("LPQ",    0xE38F, Base,                  Load),
  irregular<&insert_characters_under_mask>                              ("ICM",    0xBF00, Base,                  Load),
  irregular<&insert_characters_under_mask_high>                         ("ICMH",   0xEB80, Base,                  Load),
  irregular<&insert_characters_under_mask_long>                         ("ICMY",   0xEB81, LongDisplacement,      Load),
  // From storage at a relative address
  row<RIL_b, Recipe{NoOperand, Rel_u16, Move,           W32, To::R1_32}>("LLHRL",  0xC402, GeneralExtension,      Load),
  row<RIL_b, Recipe{NoOperand, Rel_s16, Move,           W64, To::R1_64}>("LGHRL",  0xC404, GeneralExtension,      Load),
  row<RIL_b, Recipe{NoOperand, Rel_s16, Move,           W32, To::R1_32}>("LHRL",   0xC405, GeneralExtension,      Load),
  row<RIL_b, Recipe{NoOperand, Rel_u16, Move,           W64, To::R1_64}>("LLGHRL", 0xC406, GeneralExtension,      Load),
  row<RIL_b, Recipe{NoOperand, Rel_u64, Move,           W64, To::R1_64}>("LGRL",   0xC408, GeneralExtension,      Load),
  row<RIL_b, Recipe{NoOperand, Rel_s32, Move,           W64, To::R1_64}>("LGFRL",  0xC40C, GeneralExtension,      Load),
  row<RIL_b, Recipe{NoOperand, Rel_u32, Move,           W32, To::R1_32}>("LRL",    0xC40D, GeneralExtension,      Load),
  row<RIL_b, Recipe{NoOperand, Rel_u32, Move,           W64, To::R1_64}>("LLGFRL", 0xC40E, GeneralExtension,      Load),
  // Addresses
  irregular<&load_address>                                              ("LA",     0x4100, Base,                  Alu ),
  irregular<&load_address_long>                                         ("LAY",    0xE371, LongDisplacement,      Alu ),
  irregular<&load_address_relative_long>                                ("LARL",   0xC000, Base,                  Alu ),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan load_rows() { return kRows; }

} // namespace siena::cpu::isa
