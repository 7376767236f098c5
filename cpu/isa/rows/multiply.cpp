// SPDX-License-Identifier: BSD-3-Clause
// Multiplication and division (PoP, General Instructions, DIVIDE .., MULTIPLY ..).
#include "cpu/isa/semantics/multiply.h"
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
  //   view  Recipe{first  second   operation        width target  }   mnemonic  opcode  facility          cost
  // Product of the operands' own length
  row<RRE,   Recipe{R1_32, R2_32,   MultiplySingle,   W32, To::R1_32}>("MSR",    0xB252, Base,             Multiply),
  row<RRE,   Recipe{R1_64, R2_64,   MultiplySingle,   W64, To::R1_64}>("MSGR",   0xB90C, Base,             Multiply),
  row<RRE,   Recipe{R1_64, R2_s32,  MultiplySingle,   W64, To::R1_64}>("MSGFR",  0xB91C, Base,             Multiply),
  row<RX_a,  Recipe{R1_32, Mem_u32, MultiplySingle,   W32, To::R1_32}>("MS",     0x7100, Base,             Multiply),
  row<RX_a,  Recipe{R1_32, Mem_s16, MultiplySingle,   W32, To::R1_32}>("MH",     0x4C00, Base,             Multiply),
  row<RXY_a, Recipe{R1_64, Mem_u64, MultiplySingle,   W64, To::R1_64}>("MSG",    0xE30C, Base,             Multiply),
  row<RXY_a, Recipe{R1_64, Mem_s32, MultiplySingle,   W64, To::R1_64}>("MSGF",   0xE31C, Base,             Multiply),
  row<RXY_a, Recipe{R1_32, Mem_u32, MultiplySingle,   W32, To::R1_32}>("MSY",    0xE351, LongDisplacement, Multiply),
  row<RXY_a, Recipe{R1_32, Mem_s16, MultiplySingle,   W32, To::R1_32}>("MHY",    0xE37C, GeneralExtension, Multiply),
  row<RXY_a, Recipe{R1_64, Mem_s16, MultiplySingle,   W64, To::R1_64}>("MGH",    0xE33C, MiscInstruction2, Multiply),
  row<RI_a,  Recipe{R1_32, Imm_s,   MultiplySingle,   W32, To::R1_32}>("MHI",    0xA70C, Base,             Multiply),
  row<RI_a,  Recipe{R1_64, Imm_s,   MultiplySingle,   W64, To::R1_64}>("MGHI",   0xA70D, Base,             Multiply),
  row<RIL_a, Recipe{R1_64, Imm_s,   MultiplySingle,   W64, To::R1_64}>("MSGFI",  0xC200, GeneralExtension, Multiply),
  row<RIL_a, Recipe{R1_32, Imm_s,   MultiplySingle,   W32, To::R1_32}>("MSFI",   0xC201, GeneralExtension, Multiply),
  row<RXY_a, Recipe{R1_32, Mem_u32, MultiplySingleCc, W32, To::R1_32}>("MSC",    0xE353, MiscInstruction2, Multiply),
  row<RXY_a, Recipe{R1_64, Mem_u64, MultiplySingleCc, W64, To::R1_64}>("MSGC",   0xE383, MiscInstruction2, Multiply),
  row<RRF_a, Recipe{R2_64, R3_64,   MultiplySingleCc, W64, To::R1_64}>("MSGRKC", 0xB9ED, MiscInstruction2, Multiply),
  row<RRF_a, Recipe{R2_32, R3_32,   MultiplySingleCc, W32, To::R1_32}>("MSRKC",  0xB9FD, MiscInstruction2, Multiply),
  // Product of twice the length, in a register pair
  irregular<&multiply_register_32>                                    ("MR",     0x1C00, Base,             Multiply),
  irregular<&multiply_32>                                             ("M",      0x5C00, Base,             Multiply),
  irregular<&multiply_32_long>                                        ("MFY",    0xE35C, GeneralExtension, Multiply),
  irregular<&multiply_register_64>                                    ("MGRK",   0xB9EC, MiscInstruction2, Multiply),
  irregular<&multiply_64>                                             ("MG",     0xE384, MiscInstruction2, Multiply),
  irregular<&multiply_logical_register_32>                            ("MLR",    0xB996, Base,             Multiply),
  irregular<&multiply_logical_32>                                     ("ML",     0xE396, Base,             Multiply),
  irregular<&multiply_logical_register_64>                            ("MLGR",   0xB986, Base,             Multiply),
  irregular<&multiply_logical_64>                                     ("MLG",    0xE386, Base,             Multiply),
  // Division: remainder and quotient in a register pair
  irregular<&divide_register_32>                                      ("DR",     0x1D00, Base,             Divide  ),
  irregular<&divide_32>                                               ("D",      0x5D00, Base,             Divide  ),
  irregular<&divide_single_register_64>                               ("DSGR",   0xB90D, Base,             Divide  ),
  irregular<&divide_single_register_by_32>                            ("DSGFR",  0xB91D, Base,             Divide  ),
  irregular<&divide_single_64>                                        ("DSG",    0xE30D, Base,             Divide  ),
  irregular<&divide_single_by_32>                                     ("DSGF",   0xE31D, Base,             Divide  ),
  irregular<&divide_logical_register_32>                              ("DLR",    0xB997, Base,             Divide  ),
  irregular<&divide_logical_32>                                       ("DL",     0xE397, Base,             Divide  ),
  irregular<&divide_logical_register_64>                              ("DLGR",   0xB987, Base,             Divide  ),
  irregular<&divide_logical_64>                                       ("DLG",    0xE387, Base,             Divide  ),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan multiply_rows() { return kRows; }

} // namespace siena::cpu::isa
