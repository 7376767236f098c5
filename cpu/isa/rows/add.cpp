// SPDX-License-Identifier: BSD-3-Clause
// Addition and subtraction (PoP, General Instructions, ADD .. SUBTRACT LOGICAL WITH BORROW).
#include "cpu/isa/execute.h"
#include "cpu/isa/rows/rows.h"

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
  //   view  Recipe{first    second   operation        width target   }   mnemonic   opcode  facility           cost
  // Registers
  row<RR,    Recipe{R1_32,   R2_32,   AddSigned,        W32, To::R1_32 }>("AR",      0x1A00, Base,              Alu   ),
  row<RR,    Recipe{R1_32,   R2_32,   SubtractSigned,   W32, To::R1_32 }>("SR",      0x1B00, Base,              Alu   ),
  row<RR,    Recipe{R1_32,   R2_32,   AddLogical,       W32, To::R1_32 }>("ALR",     0x1E00, Base,              Alu   ),
  row<RR,    Recipe{R1_32,   R2_32,   SubtractLogical,  W32, To::R1_32 }>("SLR",     0x1F00, Base,              Alu   ),
  row<RRE,   Recipe{R1_64,   R2_64,   AddSigned,        W64, To::R1_64 }>("AGR",     0xB908, Base,              Alu   ),
  row<RRE,   Recipe{R1_64,   R2_64,   SubtractSigned,   W64, To::R1_64 }>("SGR",     0xB909, Base,              Alu   ),
  row<RRE,   Recipe{R1_64,   R2_64,   AddLogical,       W64, To::R1_64 }>("ALGR",    0xB90A, Base,              Alu   ),
  row<RRE,   Recipe{R1_64,   R2_64,   SubtractLogical,  W64, To::R1_64 }>("SLGR",    0xB90B, Base,              Alu   ),
  row<RRE,   Recipe{R1_64,   R2_s32,  AddSigned,        W64, To::R1_64 }>("AGFR",    0xB918, Base,              Alu   ),
  row<RRE,   Recipe{R1_64,   R2_s32,  SubtractSigned,   W64, To::R1_64 }>("SGFR",    0xB919, Base,              Alu   ),
  row<RRE,   Recipe{R1_64,   R2_u32,  AddLogical,       W64, To::R1_64 }>("ALGFR",   0xB91A, Base,              Alu   ),
  row<RRE,   Recipe{R1_64,   R2_u32,  SubtractLogical,  W64, To::R1_64 }>("SLGFR",   0xB91B, Base,              Alu   ),
  row<RRE,   Recipe{R1_64,   R2_64,   AddCarry,         W64, To::R1_64 }>("ALCGR",   0xB988, Base,              Alu   ),
  row<RRE,   Recipe{R1_64,   R2_64,   SubtractBorrow,   W64, To::R1_64 }>("SLBGR",   0xB989, Base,              Alu   ),
  row<RRE,   Recipe{R1_32,   R2_32,   AddCarry,         W32, To::R1_32 }>("ALCR",    0xB998, Base,              Alu   ),
  row<RRE,   Recipe{R1_32,   R2_32,   SubtractBorrow,   W32, To::R1_32 }>("SLBR",    0xB999, Base,              Alu   ),
  row<RRF_a, Recipe{R2_64,   R3_64,   AddSigned,        W64, To::R1_64 }>("AGRK",    0xB9E8, DistinctOperands,  Alu   ),
  row<RRF_a, Recipe{R2_64,   R3_64,   SubtractSigned,   W64, To::R1_64 }>("SGRK",    0xB9E9, DistinctOperands,  Alu   ),
  row<RRF_a, Recipe{R2_64,   R3_64,   AddLogical,       W64, To::R1_64 }>("ALGRK",   0xB9EA, DistinctOperands,  Alu   ),
  row<RRF_a, Recipe{R2_64,   R3_64,   SubtractLogical,  W64, To::R1_64 }>("SLGRK",   0xB9EB, DistinctOperands,  Alu   ),
  row<RRF_a, Recipe{R2_32,   R3_32,   AddSigned,        W32, To::R1_32 }>("ARK",     0xB9F8, DistinctOperands,  Alu   ),
  row<RRF_a, Recipe{R2_32,   R3_32,   SubtractSigned,   W32, To::R1_32 }>("SRK",     0xB9F9, DistinctOperands,  Alu   ),
  row<RRF_a, Recipe{R2_32,   R3_32,   AddLogical,       W32, To::R1_32 }>("ALRK",    0xB9FA, DistinctOperands,  Alu   ),
  row<RRF_a, Recipe{R2_32,   R3_32,   SubtractLogical,  W32, To::R1_32 }>("SLRK",    0xB9FB, DistinctOperands,  Alu   ),
  // Storage
  row<RX_a,  Recipe{R1_32,   Mem_u32, AddSigned,        W32, To::R1_32 }>("A",       0x5A00, Base,              AluMem),
  row<RX_a,  Recipe{R1_32,   Mem_u32, SubtractSigned,   W32, To::R1_32 }>("S",       0x5B00, Base,              AluMem),
  row<RX_a,  Recipe{R1_32,   Mem_u32, AddLogical,       W32, To::R1_32 }>("AL",      0x5E00, Base,              AluMem),
  row<RX_a,  Recipe{R1_32,   Mem_u32, SubtractLogical,  W32, To::R1_32 }>("SL",      0x5F00, Base,              AluMem),
  row<RX_a,  Recipe{R1_32,   Mem_s16, AddSigned,        W32, To::R1_32 }>("AH",      0x4A00, Base,              AluMem),
  row<RX_a,  Recipe{R1_32,   Mem_s16, SubtractSigned,   W32, To::R1_32 }>("SH",      0x4B00, Base,              AluMem),
  row<RXY_a, Recipe{R1_32,   Mem_u32, AddSigned,        W32, To::R1_32 }>("AY",      0xE35A, LongDisplacement,  AluMem),
  row<RXY_a, Recipe{R1_32,   Mem_u32, SubtractSigned,   W32, To::R1_32 }>("SY",      0xE35B, LongDisplacement,  AluMem),
  row<RXY_a, Recipe{R1_32,   Mem_u32, AddLogical,       W32, To::R1_32 }>("ALY",     0xE35E, LongDisplacement,  AluMem),
  row<RXY_a, Recipe{R1_32,   Mem_u32, SubtractLogical,  W32, To::R1_32 }>("SLY",     0xE35F, LongDisplacement,  AluMem),
  row<RXY_a, Recipe{R1_32,   Mem_s16, AddSigned,        W32, To::R1_32 }>("AHY",     0xE37A, LongDisplacement,  AluMem),
  row<RXY_a, Recipe{R1_32,   Mem_s16, SubtractSigned,   W32, To::R1_32 }>("SHY",     0xE37B, LongDisplacement,  AluMem),
  row<RXY_a, Recipe{R1_64,   Mem_u64, AddSigned,        W64, To::R1_64 }>("AG",      0xE308, Base,              AluMem),
  row<RXY_a, Recipe{R1_64,   Mem_u64, SubtractSigned,   W64, To::R1_64 }>("SG",      0xE309, Base,              AluMem),
  row<RXY_a, Recipe{R1_64,   Mem_u64, AddLogical,       W64, To::R1_64 }>("ALG",     0xE30A, Base,              AluMem),
  row<RXY_a, Recipe{R1_64,   Mem_u64, SubtractLogical,  W64, To::R1_64 }>("SLG",     0xE30B, Base,              AluMem),
  row<RXY_a, Recipe{R1_64,   Mem_s32, AddSigned,        W64, To::R1_64 }>("AGF",     0xE318, Base,              AluMem),
  row<RXY_a, Recipe{R1_64,   Mem_s32, SubtractSigned,   W64, To::R1_64 }>("SGF",     0xE319, Base,              AluMem),
  row<RXY_a, Recipe{R1_64,   Mem_u32, AddLogical,       W64, To::R1_64 }>("ALGF",    0xE31A, Base,              AluMem),
  row<RXY_a, Recipe{R1_64,   Mem_u32, SubtractLogical,  W64, To::R1_64 }>("SLGF",    0xE31B, Base,              AluMem),
  row<RXY_a, Recipe{R1_64,   Mem_s16, AddSigned,        W64, To::R1_64 }>("AGH",     0xE338, MiscInstruction2,  AluMem),
  row<RXY_a, Recipe{R1_64,   Mem_s16, SubtractSigned,   W64, To::R1_64 }>("SGH",     0xE339, MiscInstruction2,  AluMem),
  row<RXY_a, Recipe{R1_64,   Mem_u64, AddCarry,         W64, To::R1_64 }>("ALCG",    0xE388, Base,              AluMem),
  row<RXY_a, Recipe{R1_64,   Mem_u64, SubtractBorrow,   W64, To::R1_64 }>("SLBG",    0xE389, Base,              AluMem),
  row<RXY_a, Recipe{R1_32,   Mem_u32, AddCarry,         W32, To::R1_32 }>("ALC",     0xE398, Base,              AluMem),
  row<RXY_a, Recipe{R1_32,   Mem_u32, SubtractBorrow,   W32, To::R1_32 }>("SLB",     0xE399, Base,              AluMem),
  // Immediates
  row<RI_a,  Recipe{R1_32,   Imm_s,   AddSigned,        W32, To::R1_32 }>("AHI",     0xA70A, Base,              Alu   ),
  row<RI_a,  Recipe{R1_64,   Imm_s,   AddSigned,        W64, To::R1_64 }>("AGHI",    0xA70B, Base,              Alu   ),
  row<RIL_a, Recipe{R1_64,   Imm_u,   SubtractLogical,  W64, To::R1_64 }>("SLGFI",   0xC204, ExtendedImmediate, Alu   ),
  row<RIL_a, Recipe{R1_32,   Imm_u,   SubtractLogical,  W32, To::R1_32 }>("SLFI",    0xC205, ExtendedImmediate, Alu   ),
  row<RIL_a, Recipe{R1_64,   Imm_s,   AddSigned,        W64, To::R1_64 }>("AGFI",    0xC208, ExtendedImmediate, Alu   ),
  row<RIL_a, Recipe{R1_32,   Imm_s,   AddSigned,        W32, To::R1_32 }>("AFI",     0xC209, ExtendedImmediate, Alu   ),
  row<RIL_a, Recipe{R1_64,   Imm_u,   AddLogical,       W64, To::R1_64 }>("ALGFI",   0xC20A, ExtendedImmediate, Alu   ),
  row<RIL_a, Recipe{R1_32,   Imm_u,   AddLogical,       W32, To::R1_32 }>("ALFI",    0xC20B, ExtendedImmediate, Alu   ),
  row<RIE_d, Recipe{R3_32,   Imm_s,   AddSigned,        W32, To::R1_32 }>("AHIK",    0xECD8, DistinctOperands,  Alu   ),
  row<RIE_d, Recipe{R3_64,   Imm_s,   AddSigned,        W64, To::R1_64 }>("AGHIK",   0xECD9, DistinctOperands,  Alu   ),
  row<RIE_d, Recipe{R3_32,   Imm_s,   AddLogicalSigned, W32, To::R1_32 }>("ALHSIK",  0xECDA, DistinctOperands,  Alu   ),
  row<RIE_d, Recipe{R3_64,   Imm_s,   AddLogicalSigned, W64, To::R1_64 }>("ALGHSIK", 0xECDB, DistinctOperands,  Alu   ),
  row<SIY,   Recipe{Dst_u32, Imm_s,   AddSigned,        W32, To::Dst_32}>("ASI",     0xEB6A, GeneralExtension,  AluMem),
  row<SIY,   Recipe{Dst_u64, Imm_s,   AddSigned,        W64, To::Dst_64}>("AGSI",    0xEB7A, GeneralExtension,  AluMem),
  row<SIY,   Recipe{Dst_u32, Imm_s,   AddLogicalSigned, W32, To::Dst_32}>("ALSI",    0xEB6E, GeneralExtension,  AluMem),
  row<SIY,   Recipe{Dst_u64, Imm_s,   AddLogicalSigned, W64, To::Dst_64}>("ALGSI",   0xEB7E, GeneralExtension,  AluMem),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan add_rows() { return kRows; }

} // namespace siena::cpu::isa
