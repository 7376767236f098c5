// SPDX-License-Identifier: BSD-3-Clause
// Comparison without a branch (PoP, General Instructions, COMPARE .. COMPARE LOGICAL RELATIVE LONG).
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
  //   view  Recipe{first    second   operation      width target     }   mnemonic  opcode  facility           cost
  // Registers
  row<RR,    Recipe{R1_32,   R2_32,   CompareLogical, W32, To::NoTarget}>("CLR",    0x1500, Base,              Alu   ),
  row<RR,    Recipe{R1_32,   R2_32,   CompareSigned,  W32, To::NoTarget}>("CR",     0x1900, Base,              Alu   ),
  row<RRE,   Recipe{R1_64,   R2_64,   CompareSigned,  W64, To::NoTarget}>("CGR",    0xB920, Base,              Alu   ),
  row<RRE,   Recipe{R1_64,   R2_64,   CompareLogical, W64, To::NoTarget}>("CLGR",   0xB921, Base,              Alu   ),
  row<RRE,   Recipe{R1_64,   R2_s32,  CompareSigned,  W64, To::NoTarget}>("CGFR",   0xB930, Base,              Alu   ),
  row<RRE,   Recipe{R1_64,   R2_u32,  CompareLogical, W64, To::NoTarget}>("CLGFR",  0xB931, Base,              Alu   ),
  // Storage
  row<RX_a,  Recipe{R1_32,   Mem_s16, CompareSigned,  W32, To::NoTarget}>("CH",     0x4900, Base,              AluMem),
  row<RX_a,  Recipe{R1_32,   Mem_u32, CompareLogical, W32, To::NoTarget}>("CL",     0x5500, Base,              AluMem),
  row<RX_a,  Recipe{R1_32,   Mem_u32, CompareSigned,  W32, To::NoTarget}>("C",      0x5900, Base,              AluMem),
  row<RXY_a, Recipe{R1_32,   Mem_u32, CompareLogical, W32, To::NoTarget}>("CLY",    0xE355, LongDisplacement,  AluMem),
  row<RXY_a, Recipe{R1_32,   Mem_u32, CompareSigned,  W32, To::NoTarget}>("CY",     0xE359, LongDisplacement,  AluMem),
  row<RXY_a, Recipe{R1_32,   Mem_s16, CompareSigned,  W32, To::NoTarget}>("CHY",    0xE379, LongDisplacement,  AluMem),
  row<RXY_a, Recipe{R1_64,   Mem_u64, CompareSigned,  W64, To::NoTarget}>("CG",     0xE320, Base,              AluMem),
  row<RXY_a, Recipe{R1_64,   Mem_u64, CompareLogical, W64, To::NoTarget}>("CLG",    0xE321, Base,              AluMem),
  row<RXY_a, Recipe{R1_64,   Mem_s32, CompareSigned,  W64, To::NoTarget}>("CGF",    0xE330, Base,              AluMem),
  row<RXY_a, Recipe{R1_64,   Mem_u32, CompareLogical, W64, To::NoTarget}>("CLGF",   0xE331, Base,              AluMem),
  row<RXY_a, Recipe{R1_64,   Mem_s16, CompareSigned,  W64, To::NoTarget}>("CGH",    0xE334, GeneralExtension,  AluMem),
  row<RIL_b, Recipe{R1_64,   Rel_s16, CompareSigned,  W64, To::NoTarget}>("CGHRL",  0xC604, GeneralExtension,  AluMem),
  row<RIL_b, Recipe{R1_32,   Rel_s16, CompareSigned,  W32, To::NoTarget}>("CHRL",   0xC605, GeneralExtension,  AluMem),
  row<RIL_b, Recipe{R1_64,   Rel_u16, CompareLogical, W64, To::NoTarget}>("CLGHRL", 0xC606, GeneralExtension,  AluMem),
  row<RIL_b, Recipe{R1_32,   Rel_u16, CompareLogical, W32, To::NoTarget}>("CLHRL",  0xC607, GeneralExtension,  AluMem),
  row<RIL_b, Recipe{R1_64,   Rel_u64, CompareSigned,  W64, To::NoTarget}>("CGRL",   0xC608, GeneralExtension,  AluMem),
  row<RIL_b, Recipe{R1_64,   Rel_u64, CompareLogical, W64, To::NoTarget}>("CLGRL",  0xC60A, GeneralExtension,  AluMem),
  row<RIL_b, Recipe{R1_64,   Rel_s32, CompareSigned,  W64, To::NoTarget}>("CGFRL",  0xC60C, GeneralExtension,  AluMem),
  row<RIL_b, Recipe{R1_32,   Rel_u32, CompareSigned,  W32, To::NoTarget}>("CRL",    0xC60D, GeneralExtension,  AluMem),
  row<RIL_b, Recipe{R1_64,   Rel_u32, CompareLogical, W64, To::NoTarget}>("CLGFRL", 0xC60E, GeneralExtension,  AluMem),
  row<RIL_b, Recipe{R1_32,   Rel_u32, CompareLogical, W32, To::NoTarget}>("CLRL",   0xC60F, GeneralExtension,  AluMem),
  // Immediates
  row<RI_a,  Recipe{R1_32,   Imm_s,   CompareSigned,  W32, To::NoTarget}>("CHI",    0xA70E, Base,              Alu   ),
  row<RI_a,  Recipe{R1_64,   Imm_s,   CompareSigned,  W64, To::NoTarget}>("CGHI",   0xA70F, Base,              Alu   ),
  row<RIL_a, Recipe{R1_64,   Imm_s,   CompareSigned,  W64, To::NoTarget}>("CGFI",   0xC20C, ExtendedImmediate, Alu   ),
  row<RIL_a, Recipe{R1_32,   Imm_s,   CompareSigned,  W32, To::NoTarget}>("CFI",    0xC20D, ExtendedImmediate, Alu   ),
  row<RIL_a, Recipe{R1_64,   Imm_u,   CompareLogical, W64, To::NoTarget}>("CLGFI",  0xC20E, ExtendedImmediate, Alu   ),
  row<RIL_a, Recipe{R1_32,   Imm_u,   CompareLogical, W32, To::NoTarget}>("CLFI",   0xC20F, ExtendedImmediate, Alu   ),
  row<SI,    Recipe{Dst_u8,  Imm_u,   CompareLogical, W8,  To::NoTarget}>("CLI",    0x9500, Base,              AluMem),
  row<SIY,   Recipe{Dst_u8,  Imm_u,   CompareLogical, W8,  To::NoTarget}>("CLIY",   0xEB55, LongDisplacement,  AluMem),
  row<SIL,   Recipe{Dst_s16, Imm_s,   CompareSigned,  W16, To::NoTarget}>("CHHSI",  0xE554, GeneralExtension,  AluMem),
  row<SIL,   Recipe{Dst_s16, Imm_u,   CompareLogical, W16, To::NoTarget}>("CLHHSI", 0xE555, GeneralExtension,  AluMem),
  row<SIL,   Recipe{Dst_u64, Imm_s,   CompareSigned,  W64, To::NoTarget}>("CGHSI",  0xE558, GeneralExtension,  AluMem),
  row<SIL,   Recipe{Dst_u64, Imm_u,   CompareLogical, W64, To::NoTarget}>("CLGHSI", 0xE559, GeneralExtension,  AluMem),
  row<SIL,   Recipe{Dst_u32, Imm_s,   CompareSigned,  W32, To::NoTarget}>("CHSI",   0xE55C, GeneralExtension,  AluMem),
  row<SIL,   Recipe{Dst_u32, Imm_u,   CompareLogical, W32, To::NoTarget}>("CLFHSI", 0xE55D, GeneralExtension,  AluMem),
  // Characters under mask
  irregular<&compare_logical_characters_under_mask>                      ("CLM",    0xBD00, Base,              AluMem),
  irregular<&compare_logical_characters_under_mask_long>                 ("CLMY",   0xEB21, LongDisplacement,  AluMem),
  irregular<&compare_logical_characters_under_mask_high>                 ("CLMH",   0xEB20, Base,              AluMem),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan compare_rows() { return kRows; }

} // namespace siena::cpu::isa
