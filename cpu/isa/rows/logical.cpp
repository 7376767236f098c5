// SPDX-License-Identifier: BSD-3-Clause
// AND, OR, XOR and their complements, tests under mask, bit counts (PoP, General Instructions).
#include "cpu/isa/execute.h"
#include "cpu/isa/rows/rows.h"
#include "cpu/isa/semantics/count.h"

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
  //   view  Recipe{first    second   operation     width target     }   mnemonic  opcode  facility           cost
  // Registers
  row<RR,    Recipe{R1_32,   R2_32,   And,           W32, To::R1_32   }>("NR",     0x1400, Base,              Alu   ),
  row<RR,    Recipe{R1_32,   R2_32,   Or,            W32, To::R1_32   }>("OR",     0x1600, Base,              Alu   ),
  row<RR,    Recipe{R1_32,   R2_32,   Xor,           W32, To::R1_32   }>("XR",     0x1700, Base,              Alu   ),
  row<RRE,   Recipe{R1_64,   R2_64,   And,           W64, To::R1_64   }>("NGR",    0xB980, Base,              Alu   ),
  row<RRE,   Recipe{R1_64,   R2_64,   Or,            W64, To::R1_64   }>("OGR",    0xB981, Base,              Alu   ),
  row<RRE,   Recipe{R1_64,   R2_64,   Xor,           W64, To::R1_64   }>("XGR",    0xB982, Base,              Alu   ),
  row<RRF_a, Recipe{R2_64,   R3_64,   And,           W64, To::R1_64   }>("NGRK",   0xB9E4, DistinctOperands,  Alu   ),
  row<RRF_a, Recipe{R2_64,   R3_64,   Or,            W64, To::R1_64   }>("OGRK",   0xB9E6, DistinctOperands,  Alu   ),
  row<RRF_a, Recipe{R2_64,   R3_64,   Xor,           W64, To::R1_64   }>("XGRK",   0xB9E7, DistinctOperands,  Alu   ),
  row<RRF_a, Recipe{R2_32,   R3_32,   And,           W32, To::R1_32   }>("NRK",    0xB9F4, DistinctOperands,  Alu   ),
  row<RRF_a, Recipe{R2_32,   R3_32,   Or,            W32, To::R1_32   }>("ORK",    0xB9F6, DistinctOperands,  Alu   ),
  row<RRF_a, Recipe{R2_32,   R3_32,   Xor,           W32, To::R1_32   }>("XRK",    0xB9F7, DistinctOperands,  Alu   ),
  row<RRF_a, Recipe{R2_64,   R3_64,   NotAnd,        W64, To::R1_64   }>("NNGRK",  0xB964, MiscInstruction3,  Alu   ),
  row<RRF_a, Recipe{R2_32,   R3_32,   NotAnd,        W32, To::R1_32   }>("NNRK",   0xB974, MiscInstruction3,  Alu   ),
  row<RRF_a, Recipe{R2_64,   R3_64,   OrComplement,  W64, To::R1_64   }>("OCGRK",  0xB965, MiscInstruction3,  Alu   ),
  row<RRF_a, Recipe{R2_32,   R3_32,   OrComplement,  W32, To::R1_32   }>("OCRK",   0xB975, MiscInstruction3,  Alu   ),
  row<RRF_a, Recipe{R2_64,   R3_64,   NotOr,         W64, To::R1_64   }>("NOGRK",  0xB966, MiscInstruction3,  Alu   ),
  row<RRF_a, Recipe{R2_32,   R3_32,   NotOr,         W32, To::R1_32   }>("NORK",   0xB976, MiscInstruction3,  Alu   ),
  row<RRF_a, Recipe{R2_64,   R3_64,   NotXor,        W64, To::R1_64   }>("NXGRK",  0xB967, MiscInstruction3,  Alu   ),
  row<RRF_a, Recipe{R2_32,   R3_32,   NotXor,        W32, To::R1_32   }>("NXRK",   0xB977, MiscInstruction3,  Alu   ),
  row<RRF_a, Recipe{R2_64,   R3_64,   AndComplement, W64, To::R1_64   }>("NCGRK",  0xB9E5, MiscInstruction3,  Alu   ),
  row<RRF_a, Recipe{R2_32,   R3_32,   AndComplement, W32, To::R1_32   }>("NCRK",   0xB9F5, MiscInstruction3,  Alu   ),
  // Storage
  row<RX_a,  Recipe{R1_32,   Mem_u32, And,           W32, To::R1_32   }>("N",      0x5400, Base,              AluMem),
  row<RX_a,  Recipe{R1_32,   Mem_u32, Or,            W32, To::R1_32   }>("O",      0x5600, Base,              AluMem),
  row<RX_a,  Recipe{R1_32,   Mem_u32, Xor,           W32, To::R1_32   }>("X",      0x5700, Base,              AluMem),
  row<RXY_a, Recipe{R1_32,   Mem_u32, And,           W32, To::R1_32   }>("NY",     0xE354, LongDisplacement,  AluMem),
  row<RXY_a, Recipe{R1_32,   Mem_u32, Or,            W32, To::R1_32   }>("OY",     0xE356, LongDisplacement,  AluMem),
  row<RXY_a, Recipe{R1_32,   Mem_u32, Xor,           W32, To::R1_32   }>("XY",     0xE357, LongDisplacement,  AluMem),
  row<RXY_a, Recipe{R1_64,   Mem_u64, And,           W64, To::R1_64   }>("NG",     0xE380, Base,              AluMem),
  row<RXY_a, Recipe{R1_64,   Mem_u64, Or,            W64, To::R1_64   }>("OG",     0xE381, Base,              AluMem),
  row<RXY_a, Recipe{R1_64,   Mem_u64, Xor,           W64, To::R1_64   }>("XG",     0xE382, Base,              AluMem),
  row<SI,    Recipe{Dst_u8,  Imm_u,   And,           W8,  To::Dst_8   }>("NI",     0x9400, Base,              AluMem),
  row<SI,    Recipe{Dst_u8,  Imm_u,   Or,            W8,  To::Dst_8   }>("OI",     0x9600, Base,              AluMem),
  row<SI,    Recipe{Dst_u8,  Imm_u,   Xor,           W8,  To::Dst_8   }>("XI",     0x9700, Base,              AluMem),
  row<SIY,   Recipe{Dst_u8,  Imm_u,   And,           W8,  To::Dst_8   }>("NIY",    0xEB54, LongDisplacement,  AluMem),
  row<SIY,   Recipe{Dst_u8,  Imm_u,   Or,            W8,  To::Dst_8   }>("OIY",    0xEB56, LongDisplacement,  AluMem),
  row<SIY,   Recipe{Dst_u8,  Imm_u,   Xor,           W8,  To::Dst_8   }>("XIY",    0xEB57, LongDisplacement,  AluMem),
  // Immediates: the condition code is that of the field alone
  row<RI_a,  Recipe{R1_64,   Imm_hh,  AndField,      W64, To::R1_64   }>("NIHH",   0xA504, Base,              Alu   ),
  row<RI_a,  Recipe{R1_64,   Imm_hl,  AndField,      W64, To::R1_64   }>("NIHL",   0xA505, Base,              Alu   ),
  row<RI_a,  Recipe{R1_64,   Imm_lh,  AndField,      W64, To::R1_64   }>("NILH",   0xA506, Base,              Alu   ),
  row<RI_a,  Recipe{R1_64,   Imm_ll,  AndField,      W64, To::R1_64   }>("NILL",   0xA507, Base,              Alu   ),
  row<RI_a,  Recipe{R1_64,   Imm_hh,  OrField,       W64, To::R1_64   }>("OIHH",   0xA508, Base,              Alu   ),
  row<RI_a,  Recipe{R1_64,   Imm_hl,  OrField,       W64, To::R1_64   }>("OIHL",   0xA509, Base,              Alu   ),
  row<RI_a,  Recipe{R1_64,   Imm_lh,  OrField,       W64, To::R1_64   }>("OILH",   0xA50A, Base,              Alu   ),
  row<RI_a,  Recipe{R1_64,   Imm_ll,  OrField,       W64, To::R1_64   }>("OILL",   0xA50B, Base,              Alu   ),
  row<RIL_a, Recipe{R1_High, Imm_u,   Xor,           W32, To::R1_High }>("XIHF",   0xC006, ExtendedImmediate, Alu   ),
  row<RIL_a, Recipe{R1_32,   Imm_u,   Xor,           W32, To::R1_32   }>("XILF",   0xC007, ExtendedImmediate, Alu   ),
  row<RIL_a, Recipe{R1_High, Imm_u,   And,           W32, To::R1_High }>("NIHF",   0xC00A, ExtendedImmediate, Alu   ),
  row<RIL_a, Recipe{R1_32,   Imm_u,   And,           W32, To::R1_32   }>("NILF",   0xC00B, ExtendedImmediate, Alu   ),
  row<RIL_a, Recipe{R1_High, Imm_u,   Or,            W32, To::R1_High }>("OIHF",   0xC00C, ExtendedImmediate, Alu   ),
  row<RIL_a, Recipe{R1_32,   Imm_u,   Or,            W32, To::R1_32   }>("OILF",   0xC00D, ExtendedImmediate, Alu   ),
  // Tests
  row<SI,    Recipe{Dst_u8,  Imm_u,   TestUnderMask, W8,  To::NoTarget}>("TM",     0x9100, Base,              AluMem),
  row<SIY,   Recipe{Dst_u8,  Imm_u,   TestUnderMask, W8,  To::NoTarget}>("TMY",    0xEB51, LongDisplacement,  AluMem),
  row<RI_a,  Recipe{R1_64,   Imm_lh,  TestUnderMask, W64, To::NoTarget}>("TMLH",   0xA700, Base,              Alu   ),
  row<RI_a,  Recipe{R1_64,   Imm_ll,  TestUnderMask, W64, To::NoTarget}>("TMLL",   0xA701, Base,              Alu   ),
  row<RI_a,  Recipe{R1_64,   Imm_hh,  TestUnderMask, W64, To::NoTarget}>("TMHH",   0xA702, Base,              Alu   ),
  row<RI_a,  Recipe{R1_64,   Imm_hl,  TestUnderMask, W64, To::NoTarget}>("TMHL",   0xA703, Base,              Alu   ),
  // Counts
  irregular<&find_leftmost_one>                                         ("FLOGR",  0xB983, ExtendedImmediate, Alu   ),
  irregular<&population_count>                                          ("POPCNT", 0xB9E1, PopulationCount,   Alu   ),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan logical_rows() { return kRows; }

} // namespace siena::cpu::isa
