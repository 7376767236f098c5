// SPDX-License-Identifier: BSD-3-Clause
// Shifts and rotations (PoP, General Instructions, ROTATE LEFT .., SHIFT ..).
#include "cpu/isa/semantics/shift.h"
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
  //   view  Recipe{first  second operation         width target  }   mnemonic opcode  facility          cost
  row<RS_a,  Recipe{R1_32, Shift, ShiftRightLogical, W32, To::R1_32}>("SRL",  0x8800, Base,             Alu),
  row<RSY_a, Recipe{R3_32, Shift, ShiftRightLogical, W32, To::R1_32}>("SRLK", 0xEBDE, DistinctOperands, Alu),
  row<RSY_a, Recipe{R3_64, Shift, ShiftRightLogical, W64, To::R1_64}>("SRLG", 0xEB0C, Base,             Alu),
  row<RS_a,  Recipe{R1_32, Shift, ShiftLeftLogical,  W32, To::R1_32}>("SLL",  0x8900, Base,             Alu),
  row<RSY_a, Recipe{R3_32, Shift, ShiftLeftLogical,  W32, To::R1_32}>("SLLK", 0xEBDF, DistinctOperands, Alu),
  row<RSY_a, Recipe{R3_64, Shift, ShiftLeftLogical,  W64, To::R1_64}>("SLLG", 0xEB0D, Base,             Alu),
  row<RS_a,  Recipe{R1_32, Shift, ShiftRightSigned,  W32, To::R1_32}>("SRA",  0x8A00, Base,             Alu),
  row<RSY_a, Recipe{R3_32, Shift, ShiftRightSigned,  W32, To::R1_32}>("SRAK", 0xEBDC, DistinctOperands, Alu),
  row<RSY_a, Recipe{R3_64, Shift, ShiftRightSigned,  W64, To::R1_64}>("SRAG", 0xEB0A, Base,             Alu),
  row<RS_a,  Recipe{R1_32, Shift, ShiftLeftSigned,   W32, To::R1_32}>("SLA",  0x8B00, Base,             Alu),
  row<RSY_a, Recipe{R3_32, Shift, ShiftLeftSigned,   W32, To::R1_32}>("SLAK", 0xEBDD, DistinctOperands, Alu),
  row<RSY_a, Recipe{R3_64, Shift, ShiftLeftSigned,   W64, To::R1_64}>("SLAG", 0xEB0B, Base,             Alu),
  row<RSY_a, Recipe{R3_64, Shift, RotateLeft,        W64, To::R1_64}>("RLLG", 0xEB1C, Base,             Alu),
  row<RSY_a, Recipe{R3_32, Shift, RotateLeft,        W32, To::R1_32}>("RLL",  0xEB1D, Base,             Alu),
  // Register pairs
  irregular<&shift_right_double_logical>                             ("SRDL", 0x8C00, Base,             Alu),
  irregular<&shift_left_double_logical>                              ("SLDL", 0x8D00, Base,             Alu),
  irregular<&shift_right_double>                                     ("SRDA", 0x8E00, Base,             Alu),
  irregular<&shift_left_double>                                      ("SLDA", 0x8F00, Base,             Alu),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan shift_rows() { return kRows; }

} // namespace siena::cpu::isa
