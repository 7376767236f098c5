// SPDX-License-Identifier: BSD-3-Clause
// The translator's intermediate representation: one block of guest instructions as a linear list of nodes in SSA form. It names
// guest registers, guest storage and the condition code, and knows no host. A node's result is named by its place in the list.
//
// Guest registers are written where an instruction writes them (SetGr ..), so at every node they are what they architecturally
// are. The condition code is a value like others: each exit says which one holds there, and only who leaves pays for it.
#pragma once

#include "base/types.h"
#include "cpu/isa/definition.h"

#include <string>
#include <vector>

namespace siena::cpu::jit::ir {

using Value = u16;
constexpr Value kNone = 0xFFFF;
/// Nodes 0-3 of a block are the constant condition codes 0-3, node 4 is the one that it begins with.
constexpr Value kFirstConstantCc = 0, kCcAtEntry = 4;
using ExitIndex = u16;
constexpr ExitIndex kNoExit = 0xFFFF;

enum class Type : u8 {
  None,
  I32, ///< the host register's other bits mean nothing
  I64,
  Cc, ///< a condition code not yet computed: no code of its own
};

enum class Op : u8 {
  Nop,
  // Sources
  Constant,    ///< imm
  PageAddress, ///< virtual address of the first byte of the page in execution
  GetGr,       ///< imm: register
  GetGrLow,    ///< bits 32-63
  GetGrHigh,   ///< bits 0-31
  GetAr,       ///< access register imm
  PswMask,     ///< the PSW's first doubleword; its condition code means nothing
  CcValue,     ///< condition code a as a number
  // Guest registers: imm: register, a: value. Low and High leave the other half.
  SetGr,
  SetGrLow,
  SetGrHigh,
  // Arithmetic of the result's type
  Add,
  Subtract,
  And,
  Or,
  Xor,
  Multiply,
  MultiplyHigh, ///< the left half of the product of two unsigned numbers
  ShiftLeft,    ///< amounts are less than the width
  ShiftRight,
  ShiftRightSigned,
  RotateLeft,
  ByteSwap,   ///< of imm bytes, zero-extended
  ZeroExtend, ///< a's rightmost imm bits
  SignExtend,
  Truncate,     ///< an I64's right half
  LeadingZeros, ///< 64 when a is zero
  // Sum or difference with the carry of condition code c: one in the PSW, of unsigned numbers, or a constant. The PSW's becomes that
  // of the result, unless nobody needs node d, which stands for it.
  AddCarry,
  SubtractBorrow,
  // a or b
  Select,   ///< a when c `condition` d (zero when there is no d)
  SelectCc, ///< a when condition code c is among the mask imm
  // Storage. a: logical address, imm: bytes, base: access register. May leave by `exit` before anything is changed.
  Load,  ///< zero-extended
  Store, ///< b: value. Leaves by `after` when the store was to translated code
  // Several registers at once. imm: bytes each | first << 8 | last << 16. When the operand cannot be had at once the row does it.
  LoadMultiple,
  StoreMultiple,
  // Interlocked, in storage at a with b; imm: bytes | first << 8, the register that the old value goes to. What is not at hand the
  // row's own function does.
  CompareAndSwap, ///< of that register's old value with b. Zero when it was equal, else one
  FetchAndAdd,    ///< the old value
  FetchAndAnd,
  FetchAndOr,
  FetchAndXor,
  // Of the pair imm (even) by a, unsigned or (the odd register only) signed: remainder and quotient into the pair
  DivideUnsigned,
  DivideSigned,
  // Storage at a and storage at b, imm bytes (1-256) from the left, in the same way
  MoveCharacters,
  ClearCharacters, ///< a only
  AndCharacters,   ///< these three: not zero when a byte of the result is not
  OrCharacters,
  XorCharacters,
  CompareCharacters, ///< negative, zero, positive: as a's bytes compare with b's
  // The same of as many bytes as c says, less one: 0-255. They take off the cycles that depend on it.
  MoveVariable,
  ClearVariable,
  CompareVariable,
  CheckNextPage, ///< leaves by `exit` unless the next page's text is in the frame at host address imm
  CheckTime,     ///< leaves by `exit` when no time is left for the rest of the block
  // What the row's own function does; guest registers and the condition code are in their places. `exit`: any outcome but Completed;
  // `after`: completed, and no time is left for the rest of the block.
  Call,
  MaterializeCc, ///< a: into the PSW
  // Condition codes
  CcMemory,           ///< as the PSW has it
  CcConstant,         ///< imm
  CcSign,             ///< a against zero
  CcNonZero,          ///< 0: a is zero, 1: not
  CcCompareSigned,    ///< a, b
  CcCompareLogical,   ///< a, b
  CcAddSigned,        ///< a: the sum, b: what was added
  CcSubtractSigned,   ///< a: the difference, b: what was subtracted
  CcAddLogical,       ///< a: the sum, b: what was added
  CcSubtractLogical,  ///< a: the difference, b: what was subtracted
  CcTestMask,         ///< a under mask b: 0 all zeros, 3 all ones, 1 mixed
  CcTestMaskLeftmost, ///< the same; mixed is 2 when the leftmost selected bit is one
  // Floating point. A number is the value of its bits: I64 long, I32 short, the left half of a register.
  GetFpr, ///< imm: register
  GetFprShort,
  SetFpr, ///< imm: register, a: value
  SetFprShort,
  CheckFloating, ///< leaves by `exit`, before its instruction, when the AFP-register control is off
  // Operations that write floating-point register imm & 15, which is also the first operand of those with several, and whose
  // result is the number written. The type is the result's format. Whatever the host's arithmetic does not provably do as
  // architected is done by the row's own function, with the condition code in its place; `exit`: the row ended in an interruption.
  FloatAdd, ///< a: second operand
  FloatSubtract,
  FloatMultiply,
  FloatDivide,
  FloatSquareRoot,
  FloatMultiplyAdd, ///< a: second operand, b: third
  FloatMultiplySubtract,
  FloatTest,      ///< a, unless it is a NaN
  FloatLengthen,  ///< of the short number a
  FloatRound,     ///< of the long number a
  FloatFromFixed, ///< of the I64 a, which is a signed number; imm bit 8: the result is exact, bit 9: a is unsigned
  FloatToInteger, ///< a, rounded by method imm >> 8 & 15 as in an M3 field; imm bit 12: no inexact condition
  // Fixed point of `imm & 255` bits from the number a: method and bit 12 as above, bit 13: unsigned. Leaves by `after` when the
  // row has done it.
  FloatToFixed,
  FloatCompare, ///< a, b: for what COMPARE may recognize
  // Condition codes of numbers: 3 when there is a NaN
  CcFloatSign,    ///< a against zero
  CcFloatCompare, ///< a, b
  // Ends, and ways out on the way
  BranchIf, ///< leaves by `exit` when a `condition` b (zero when there is no b)
  BranchCc, ///< leaves by `exit` when condition code a is among the mask imm
  BranchFloat, ///< leaves by `exit` when the condition code of comparing numbers a and b (zero when there is no b) is among imm
  Leave, ///< by `exit`
};

enum class Condition : u8 {
  Equal,
  NotEqual,
  Less,
  LessOrEqual,
  Greater,
  GreaterOrEqual,
  Below,
  BelowOrEqual,
  Above,
  AboveOrEqual
};

struct Node {
  Op op = Op::Nop;
  Type type = Type::None;
  u8 base = 0;
  Condition condition{};
  Value a = kNone, b = kNone, c = kNone, d = kNone;
  ExitIndex exit = kNoExit, after = kNoExit;
  u16 instruction = 0; ///< which of the block's
  bool needed = false; ///< for passes
  u64 imm = 0;
};

/// Where control goes when it leaves the block, and what holds there.
struct Exit {
  enum class Kind : u8 {
    Next,     ///< to `target`, counted in bytes from the page's first
    Again,    ///< likewise, but whoever runs translated code looks first: the PSW may have changed
    Indirect, ///< to the address in value `address`
    Outcome,  ///< the instruction ended in something else than Completed; the PSW has the next instruction's address
  };
  Kind kind = Kind::Next;
  u8 length = 0;     ///< of the instruction that leaves
  s32 breaking = -1; ///< a taken branch: its offset in the page
  s64 target = 0;    ///< Outcome: offset of the updated instruction address
  Value address = kNone;
  Value cc = kNone;
  u16 cycles = 0;       ///< of the block so far, this instruction's own cost included
  u16 instructions = 0; ///< likewise
};

/// One guest instruction of a block, as the interpreter would execute it.
struct Instruction {
  isa::Handler handler = nullptr;
  isa::InsnText text;
  const isa::InstructionDef* def = nullptr;
  u16 offset = 0; ///< in the page
  u16 cycles = 0; ///< of the block up to and with this one
  u8 cost = 0;
  u8 charged = 0;       ///< among its cycles: what the row's function charges by itself, for the operands' length
  u64* calls = nullptr; ///< counts calls of the handler by translated code, when somebody wants to know
};

/// Text by its offsets in the page.
struct TextRange {
  u16 begin = 0, end = 0;
};

struct Block {
  std::vector<Node> nodes;
  std::vector<Exit> exits;
  std::vector<Instruction> instructions;
  bool crosses = false;           ///< its last instruction ends in the next page
  std::vector<TextRange> targets; ///< what its EXECUTE RELATIVE LONGs execute

  u16 begin() const { return instructions.front().offset; }
  /// Offset behind the last instruction.
  u16 end() const { return static_cast<u16>(instructions.back().offset + instructions.back().text.length()); }
  u16 cycles() const { return instructions.back().cycles; }
  /// Keeps the memory for the next block.
  void clear() {
    nodes.clear();
    exits.clear();
    instructions.clear();
    targets.clear();
    crosses = false;
  }
};

const char* name(Op op);
/// Operations that write floating-point register imm & 15 besides having a result.
constexpr bool writes_fpr(Op op) { return op >= Op::FloatAdd && op <= Op::FloatToInteger; }
/// Operations that call their instruction's row, always or when they cannot do it themselves.
constexpr bool calls_row(Op op) {
  return op == Op::Call || (op >= Op::LoadMultiple && op <= Op::CompareVariable) || writes_fpr(op) ||
         op == Op::FloatToFixed || op == Op::FloatCompare;
}
/// One line a node, `v3 = Add.64 v1, v2`, and after each way out where it leads; for tests and -d jit.
std::string print(const Block& block);

} // namespace siena::cpu::jit::ir
