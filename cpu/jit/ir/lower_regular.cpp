// SPDX-License-Identifier: BSD-3-Clause
// Regular instructions, from their recipes (cpu/isa/recipe.h): what execute<> does in C++, said once more in nodes.
#include "cpu/jit/ir/lowering.h"

namespace siena::cpu::jit::ir {

using isa::Operand;
using isa::Operation;
using isa::Target;
using isa::Width;

namespace {

struct StorageOperand {
  u32 bytes = 0;
  bool is_signed = false;
  bool reversed = false;
  u64 mask = 0; ///< applied to what was fetched; 0: none
  enum class Where : u8 { Second, First, Relative } where = Where::Second;
};

std::optional<StorageOperand> storage_operand_of(Operand o) {
  using enum Operand;
  using Where = StorageOperand::Where;
  switch (o) {
  case Mem_u8: return StorageOperand{.bytes = 1};
  case Mem_s8: return StorageOperand{.bytes = 1, .is_signed = true};
  case Mem_u16: return StorageOperand{.bytes = 2};
  case Mem_s16: return StorageOperand{.bytes = 2, .is_signed = true};
  case Mem_u32: return StorageOperand{.bytes = 4};
  case Mem_s32: return StorageOperand{.bytes = 4, .is_signed = true};
  case Mem_u31: return StorageOperand{.bytes = 4, .mask = 0x7FFF'FFFF};
  case Mem_u64: return StorageOperand{.bytes = 8};
  case Mem_r16: return StorageOperand{.bytes = 2, .reversed = true};
  case Mem_r32: return StorageOperand{.bytes = 4, .reversed = true};
  case Mem_r64: return StorageOperand{.bytes = 8, .reversed = true};
  case Dst_u8: return StorageOperand{.bytes = 1, .where = Where::First};
  case Dst_s16: return StorageOperand{.bytes = 2, .is_signed = true, .where = Where::First};
  case Dst_u32: return StorageOperand{.bytes = 4, .where = Where::First};
  case Dst_s32: return StorageOperand{.bytes = 4, .is_signed = true, .where = Where::First};
  case Dst_u64: return StorageOperand{.bytes = 8, .where = Where::First};
  case Rel_u16: return StorageOperand{.bytes = 2, .where = Where::Relative};
  case Rel_s16: return StorageOperand{.bytes = 2, .is_signed = true, .where = Where::Relative};
  case Rel_u32: return StorageOperand{.bytes = 4, .where = Where::Relative};
  case Rel_s32: return StorageOperand{.bytes = 4, .is_signed = true, .where = Where::Relative};
  case Rel_u64: return StorageOperand{.bytes = 8, .where = Where::Relative};
  default: return std::nullopt;
  }
}

struct StorageTarget {
  u32 bytes = 0;
  bool reversed = false;
  StorageOperand::Where where = StorageOperand::Where::Second;
};

std::optional<StorageTarget> storage_target_of(Target t) {
  using enum Target;
  using Where = StorageOperand::Where;
  switch (t) {
  case Mem_8: return StorageTarget{1};
  case Mem_16: return StorageTarget{2};
  case Mem_32: return StorageTarget{4};
  case Mem_64: return StorageTarget{8};
  case Mem_r16: return StorageTarget{2, true};
  case Mem_r32: return StorageTarget{4, true};
  case Mem_r64: return StorageTarget{8, true};
  case Dst_8: return StorageTarget{1, false, Where::First};
  case Dst_16: return StorageTarget{2, false, Where::First};
  case Dst_32: return StorageTarget{4, false, Where::First};
  case Dst_64: return StorageTarget{8, false, Where::First};
  case Rel_16: return StorageTarget{2, false, Where::Relative};
  case Rel_32: return StorageTarget{4, false, Where::Relative};
  case Rel_64: return StorageTarget{8, false, Where::Relative};
  default: return std::nullopt;
  }
}

bool has_rule(Operation op) {
  using enum Operation;
  switch (op) {
  case ShiftLeftSigned:
  case MultiplySingleCc:
  case CountOnesPerByte: return false;
  default: return true;
  }
}

u64 field_of(Operand o) {
  using enum Operand;
  switch (o) {
  case Imm_hh: return 0xFFFF'0000'0000'0000;
  case Imm_hl: return 0x0000'FFFF'0000'0000;
  case Imm_lh: return 0x0000'0000'FFFF'0000;
  default: return 0x0000'0000'0000'FFFF;
  }
}

} // namespace

bool Lowering::possible(const isa::Recipe& r, const Fields& f) const {
  if (!has_rule(r.operation)) return false;
  // A relative operand off its boundary is a specification exception.
  const s64 relative = block_.instructions.back().offset + f.ri2;
  for (const Operand o : {r.first, r.second})
    if (const auto s = storage_operand_of(o);
        s && s->where == StorageOperand::Where::Relative && s->bytes > 2 && relative % s->bytes != 0)
      return false;
  if (const auto t = storage_target_of(r.target);
      t && t->where == StorageOperand::Where::Relative && t->bytes > 2 && relative % t->bytes != 0)
    return false;
  return true;
}

Value Lowering::storage_operand(Operand operand, Type type, bool is_signed, const Fields& f) {
  const StorageOperand s = *storage_operand_of(operand);
  u32 base = 0;
  switch (s.where) {
  case StorageOperand::Where::Second:
    rmw_address_ = address(f.b2, f.d2, f.x2);
    base = f.b2;
    break;
  case StorageOperand::Where::First:
    rmw_address_ = address(f.b1, f.d1);
    base = f.b1;
    break;
  case StorageOperand::Where::Relative: rmw_address_ = page_address(block_.instructions.back().offset + f.ri2); break;
  }
  Value v = load(type, rmw_address_, s.bytes, base);
  if (s.reversed) v = unary(Op::ByteSwap, type, v, s.bytes);
  if (s.mask != 0) v = binary(Op::And, type, v, constant(type, s.mask));
  if (is_signed && s.bytes * 8 < (type == Type::I64 ? 64 : 32)) v = unary(Op::SignExtend, type, v, s.bytes * 8);
  return v;
}

Value Lowering::read(Operand operand, Width width, Operation operation, const Fields& f) {
  using enum Operand;
  const Type type = width == Width::W64 ? Type::I64 : Type::I32;
  const auto extended = [&](u32 r, u32 bits, bool is_signed) {
    return unary(
        is_signed ? Op::SignExtend : Op::ZeroExtend, type, type == Type::I64 ? gr_with_low(r) : gr_low(r), bits);
  };
  if (const auto s = storage_operand_of(operand)) {
    // Halfwords in storage are compared as what the operation says they are.
    const bool is_signed = s->is_signed && operation != Operation::CompareLogical;
    return storage_operand(operand, type, is_signed || (s->is_signed && width != Width::W16), f);
  }
  switch (operand) {
  case NoOperand: return kNone;
  case R1_32: return gr_low(f.r1);
  case R1_64: return gr(f.r1);
  case R1_High: return gr_high(f.r1);
  case R2_32: return gr_low(f.r2);
  case R2_64: return gr(f.r2);
  case R2_High: return gr_high(f.r2);
  case R3_32: return gr_low(f.r3);
  case R3_64: return gr(f.r3);
  case R3_High: return gr_high(f.r3);
  case R2_s8: return extended(f.r2, 8, true);
  case R2_s16: return extended(f.r2, 16, true);
  case R2_s32: return unary(Op::SignExtend, Type::I64, gr_low(f.r2), 32);
  case R2_u8: return extended(f.r2, 8, false);
  case R2_u16: return extended(f.r2, 16, false);
  case R2_u32: return unary(Op::ZeroExtend, Type::I64, gr_low(f.r2), 32);
  case R2_u31: return binary(Op::And, type, extended(f.r2, 32, false), constant(type, 0x7FFF'FFFF));
  case Imm_s:
    // A halfword that is stored, or compared with one, is its sixteen bits with the sign that it has there.
    return constant(type, static_cast<u64>(f.i2));
  case Imm_u:
  case Imm_ll: return constant(type, f.i2u);
  case Imm_High:
  case Imm_hl: return constant(type, f.i2u << 32);
  case Imm_hh: return constant(type, f.i2u << 48);
  case Imm_lh: return constant(type, f.i2u << 16);
  case Address: return address(f.b2, f.d2, f.x2);
  case RelAddress: return page_address(block_.instructions.back().offset + f.ri2);
  case Shift: {
    const Value distance = constant(Type::I64, static_cast<u64>(f.d2) & 63);
    if (f.b2 == 0) return distance;
    const Value base = unary(Op::ZeroExtend, Type::I64, gr_with_low(f.b2), 32);
    const Value sum = f.d2 % 64 != 0 ? binary(Op::Add, Type::I64, base, distance) : base;
    return binary(Op::And, Type::I64, sum, constant(Type::I64, 63));
  }
  default: return kNone;
  }
}

bool Lowering::other_width(const isa::Recipe& r, const Fields& f) {
  // A left half with an immediate operand: the whole register with that and what leaves the other half.
  if (r.first == Operand::R1_High && r.second == Operand::Imm_u && r.target == Target::R1_High) {
    constexpr u64 kRight = 0xFFFF'FFFF;
    const u64 left = f.i2u << 32;
    Op op{};
    switch (r.operation) {
    case Operation::And: op = Op::And; break;
    case Operation::Or: op = Op::Or; break;
    case Operation::Xor: op = Op::Xor; break;
    default: return false;
    }
    Value result = kNone;
    if (op == Op::And && left == 0) {
      result = unary(Op::ZeroExtend, Type::I64, gr_with_low(f.r1), 32);
    } else {
      const Value first = gr(f.r1);
      result = binary(op, Type::I64, first, constant(Type::I64, op == Op::And ? left | kRight : left));
    }
    set_gr(f.r1, result);
    set_cc(cc_node(Op::CcNonZero, binary(Op::And, Type::I64, result, constant(Type::I64, ~kRight))));
    return true;
  }
  // A mask of the right half: no more than that is read.
  if (r.operation == Operation::TestUnderMask && r.first == Operand::R1_64 &&
      (r.second == Operand::Imm_ll || r.second == Operand::Imm_lh)) {
    const u64 mask = r.second == Operand::Imm_ll ? f.i2u : f.i2u << 16;
    if (mask == 0) return false;
    const Value under = constant(Type::I32, mask);
    set_cc(cc_node(Op::CcTestMaskLeftmost, binary(Op::And, Type::I32, gr_low(f.r1), under), under));
    return true;
  }
  return false;
}

bool Lowering::regular(const isa::InstructionDef& def, const Fields& f) {
  using enum Operation;
  const isa::Recipe& r = def.recipe;
  if (other_width(r, f)) return true;
  const Type type = r.width == Width::W64 ? Type::I64 : Type::I32;
  const Value a = r.first == Operand::NoOperand ? kNone : read(r.first, r.width, r.operation, f);
  const Value b = read(r.second, r.width, r.operation, f);

  Value result = b, cc = kNone;
  const auto logical = [&](Op op, Value x, Value y) {
    result = binary(op, type, x, y);
    cc = cc_node(Op::CcNonZero, result);
  };
  const auto sum = [&](Op op, Op cc_op) {
    result = binary(op, type, a, b);
    cc = cc_node(cc_op, result, b);
  };
  const auto with_carry = [&](Op op) {
    switch (block_.nodes[cc_].op) {
    case Op::CcAddLogical:
    case Op::CcSubtractLogical:
    case Op::CcCompareLogical:
    case Op::CcConstant: break;
    default: cc_to_psw(); break;
    }
    result = add({.op = op, .type = type, .a = a, .b = b, .c = cc_});
    cc = cc_node(Op::CcMemory, kNone);
    block_.nodes[result].d = cc;
  };
  const auto inverted = [&](Value x) { return binary(Op::Xor, type, x, constant(type, ~u64{0})); };
  // Shifts by 32 to 63 leave nothing of a word, which 64-bit shifts of the extended word do by themselves.
  const auto shifted = [&](Op op, bool is_signed) {
    if (type == Type::I64) return binary(op, type, a, b);
    const Value wide = unary(is_signed ? Op::SignExtend : Op::ZeroExtend, Type::I64, a, 32);
    return unary(Op::Truncate, Type::I32, binary(op, Type::I64, wide, b));
  };
  switch (r.operation) {
  case Move: break;
  case LoadAndTest: cc = cc_node(Op::CcSign, b); break;
  case LoadComplement:
    result = binary(Op::Subtract, type, constant(type, 0), b);
    cc = cc_node(Op::CcSubtractSigned, result, b);
    break;
  case LoadPositive: // x ^ sign - sign; only of the smallest number it overflows
  case LoadNegative: {
    const Value sign = binary(Op::ShiftRightSigned, type, b, constant(type, type == Type::I64 ? 63 : 31));
    const Value flipped = binary(Op::Xor, type, b, sign);
    if (r.operation == LoadPositive) {
      result = binary(Op::Subtract, type, flipped, sign);
      cc = cc_node(Op::CcSubtractSigned, result, sign);
    } else {
      result = binary(Op::Subtract, type, sign, flipped);
      cc = cc_node(Op::CcSign, result);
    }
    break;
  }
  case AddCarry: with_carry(Op::AddCarry); break;
  case SubtractBorrow: with_carry(Op::SubtractBorrow); break;
  case AddSigned: sum(Op::Add, Op::CcAddSigned); break;
  case SubtractSigned: sum(Op::Subtract, Op::CcSubtractSigned); break;
  case AddLogical:
  case AddLogicalSigned: sum(Op::Add, Op::CcAddLogical); break;
  case SubtractLogical: sum(Op::Subtract, Op::CcSubtractLogical); break;
  case And: logical(Op::And, a, b); break;
  case Or: logical(Op::Or, a, b); break;
  case Xor: logical(Op::Xor, a, b); break;
  case AndComplement: logical(Op::And, a, inverted(b)); break;
  case OrComplement: logical(Op::Or, a, inverted(b)); break;
  case NotAnd: logical(Op::Xor, binary(Op::And, type, a, b), constant(type, ~u64{0})); break;
  case NotOr: logical(Op::Xor, binary(Op::Or, type, a, b), constant(type, ~u64{0})); break;
  case NotXor: logical(Op::Xor, binary(Op::Xor, type, a, b), constant(type, ~u64{0})); break;
  case CompareSigned: cc = cc_node(Op::CcCompareSigned, a, b); break;
  case CompareLogical: cc = cc_node(Op::CcCompareLogical, a, b); break;
  case TestUnderMask: {
    const u64 mask = block_.nodes[b].imm;
    if (mask == 0) {
      cc = cc_node(Op::CcConstant, kNone, kNone, 0);
    } else {
      const Value selected = binary(Op::And, type, a, b);
      cc = cc_node(r.width == Width::W8 ? Op::CcTestMask : Op::CcTestMaskLeftmost, selected, b);
    }
    break;
  }
  case MultiplySingle: result = binary(Op::Multiply, type, a, b); break;
  case ShiftLeftLogical: result = shifted(Op::ShiftLeft, false); break;
  case ShiftRightLogical: result = shifted(Op::ShiftRight, false); break;
  case ShiftRightSigned:
    result = shifted(Op::ShiftRightSigned, true);
    cc = cc_node(Op::CcSign, result);
    break;
  case RotateLeft: result = binary(Op::RotateLeft, type, a, b); break;
  case Insert: result = binary(Op::Or, type, binary(Op::And, type, a, constant(type, ~field_of(r.second))), b); break;
  case AndField: {
    const u64 field = field_of(r.second);
    result = binary(Op::And, type, a, constant(type, block_.nodes[b].imm | ~field));
    cc = cc_node(Op::CcNonZero, binary(Op::And, type, result, constant(type, field)));
    break;
  }
  case OrField: {
    result = binary(Op::Or, type, a, b);
    cc = cc_node(Op::CcNonZero, binary(Op::And, type, result, constant(type, field_of(r.second))));
    break;
  }
  default: return false;
  }

  if (const auto t = storage_target_of(r.target)) {
    const bool again = storage_operand_of(r.first).has_value();
    Value to = rmw_address_;
    u32 base = f.b1;
    switch (t->where) {
    case StorageOperand::Where::Second:
      if (!again) to = address(f.b2, f.d2, f.x2);
      base = f.b2;
      break;
    case StorageOperand::Where::First:
      if (!again) to = address(f.b1, f.d1);
      break;
    case StorageOperand::Where::Relative:
      to = page_address(block_.instructions.back().offset + f.ri2);
      base = 0;
      break;
    }
    if (t->reversed) result = unary(Op::ByteSwap, type, result, t->bytes);
    store(to, result, t->bytes, base, cc != kNone ? cc : cc_);
  } else {
    switch (r.target) {
    case Target::R1_32: set_gr_low(f.r1, result); break;
    case Target::R1_64: set_gr(f.r1, result); break;
    case Target::R1_High: set_gr_high(f.r1, result); break;
    case Target::R1_u8: {
      const Value others = constant(Type::I64, ~u64{0xFF}), before = gr(f.r1);
      set_gr(f.r1, binary(Op::Or, Type::I64, binary(Op::And, Type::I64, before, others), result));
      break;
    }
    default: break;
    }
  }
  if (cc != kNone) set_cc(cc);
  return true;
}

} // namespace siena::cpu::jit::ir
