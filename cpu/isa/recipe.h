// SPDX-License-Identifier: BSD-3-Clause
// The vocabulary of regular instructions: where operands come from, what happens to them, where the result goes. A Recipe is a
// structural type, so it is a template argument (the interpreter's code is specialised at compile time) and plain data in the
// row (the JIT reads it at translation time). Widen it only when five or more rows gain.
#pragma once

#include "base/types.h"

namespace siena::cpu::isa {

/// _32/_64: that many bits of the register; _s16.._u64: sign- or zero-extended to the recipe's width.
enum class Operand : u8 {
  NoOperand,
  R1_32,
  R1_64,
  R1_High,
  R2_32,
  R2_64,
  R2_High,
  R3_32,
  R3_64,
  R3_High,
  R2_s8,
  R2_s16,
  R2_s32,
  R2_u8,
  R2_u16,
  R2_u32,
  R2_u31,
  Imm_s,    ///< i2(), sign-extended
  Imm_u,    ///< i2u(), zero-extended
  Imm_High, ///< i2u() << 32
  Imm_hh,
  Imm_hl,
  Imm_lh,
  Imm_ll, ///< i2u() at bits 0-15, 16-31, 32-47, 48-63 of a doubleword
  Mem_u8,
  Mem_s8,
  Mem_u16,
  Mem_s16,
  Mem_u32,
  Mem_s32,
  Mem_u31,
  Mem_u64, ///< second operand in storage
  Mem_r16,
  Mem_r32,
  Mem_r64, ///< ... byte-reversed
  Dst_u8,
  Dst_u32,
  Dst_u64,
  Dst_s16,
  Dst_s32, ///< first operand in storage (SI, SIL, SIY): b1/d1
  Rel_u16,
  Rel_s16,
  Rel_u32,
  Rel_s32,
  Rel_u64,    ///< storage at a relative address (RIL)
  Address,    ///< the second-operand address itself
  RelAddress, ///< the relative address itself
  Shift,      ///< second-operand address, rightmost six bits
};

enum class Operation : u8 {
  Move,        ///< result = second, no CC
  LoadAndTest, ///< CC as signed compare with zero
  LoadPositive,
  LoadNegative,
  LoadComplement,
  AddSigned,
  SubtractSigned,
  AddLogical,
  SubtractLogical,
  AddCarry,
  SubtractBorrow,
  AddLogicalSigned, ///< second is signed, CC as logical
  And,
  Or,
  Xor,
  AndComplement,
  OrComplement,
  NotAnd,
  NotOr,
  NotXor, ///< CC: zero / not zero
  CompareSigned,
  CompareLogical,
  TestUnderMask, ///< first tested under second (mask), CC 0 all zeros, 1 mixed (leftmost 0 where it matters), 3 all ones
  MultiplySingle,   ///< no CC
  MultiplySingleCc, ///< MSRKC family: signed overflow gives CC 3
  ShiftLeftLogical,
  ShiftRightLogical,
  ShiftLeftSigned,
  ShiftRightSigned,
  RotateLeft,
  Insert, ///< result is second's field put into first at the immediate's position (Imm_hh .. Imm_ll)
  AndField,
  OrField,          ///< NI/OI of a halfword: CC from that field only
  CountOnesPerByte, ///< POPCNT without its later flag
};

enum class Width : u8 { W8, W16, W32, W64 };

enum class Target : u8 {
  NoTarget,
  R1_32,
  R1_64,
  R1_High,
  R1_u8, ///< bits 56-63 only (IC)
  Mem_8,
  Mem_16,
  Mem_32,
  Mem_64, ///< second operand in storage
  Mem_r16,
  Mem_r32,
  Mem_r64,
  Dst_8,
  Dst_16,
  Dst_32,
  Dst_64, ///< first operand in storage
  Rel_16,
  Rel_32,
  Rel_64,
};

struct Recipe {
  Operand first = Operand::NoOperand;
  Operand second = Operand::NoOperand;
  Operation operation = Operation::Move;
  Width width = Width::W32;
  Target target = Target::NoTarget;
  bool operator==(const Recipe&) const = default;
};

} // namespace siena::cpu::isa
