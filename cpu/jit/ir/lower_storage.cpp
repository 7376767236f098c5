// SPDX-License-Identifier: BSD-3-Clause
// Irregular instructions whose operands are in storage, and those that choose by the condition code.
#include "cpu/isa/cost.h"
#include "cpu/jit/ir/lowering.h"

#include <bit>

namespace siena::cpu::jit::ir {

bool Lowering::on_condition(const isa::InstructionDef& def, const Fields& f) {
  struct Choice {
    Value when, otherwise;
  };
  const auto selected = [&](u32 mask, const Choice& of) {
    if ((mask & 15) == 15) return of.when;
    if ((mask & 15) == 0) return of.otherwise;
    return add({.op = Op::SelectCc,
                .type = block_.nodes[of.when].type,
                .a = of.when,
                .b = of.otherwise,
                .c = cc_,
                .imm = mask & 15});
  };
  const auto immediate = [&](Type type) { return constant(type, static_cast<u64>(f.i2)); };
  switch (def.opcode) {
  case 0xB9F2: set_gr_low(f.r1, selected(f.m3, {gr_low(f.r2), gr_low(f.r1)})); return true;         // LOCR
  case 0xB9E2: set_gr(f.r1, selected(f.m3, {gr(f.r2), gr(f.r1)})); return true;                     // LOCGR
  case 0xEC42: set_gr_low(f.r1, selected(f.m3, {immediate(Type::I32), gr_low(f.r1)})); return true; // LOCHI
  case 0xEC46: set_gr(f.r1, selected(f.m3, {immediate(Type::I64), gr(f.r1)})); return true;         // LOCGHI
  case 0xB9F0: set_gr_low(f.r1, selected(f.m4, {gr_low(f.r2), gr_low(f.r3)})); return true;         // SELR
  case 0xB9E3: set_gr(f.r1, selected(f.m4, {gr(f.r2), gr(f.r3)})); return true;                     // SELGR
  default: return false;
  }
}

// One, two or four bytes of the right half that lie side by side.
bool Lowering::under_mask(const isa::InstructionDef& def, const Fields& f) {
  const auto bytes = static_cast<u32>(std::popcount(f.m3));
  if (bytes != 1 && bytes != 2 && bytes != 4) return false;
  const auto right = static_cast<u32>(std::countr_zero(f.m3));
  if (f.m3 != ((1U << bytes) - 1) << right) return false;
  const auto shifted = [&](Op op, Value v) {
    return right != 0 ? binary(op, Type::I32, v, constant(Type::I32, u64{right} * 8)) : v;
  };
  switch (def.opcode) {
  case 0xBF00:   // ICM
  case 0xEB81: { // ICMY
    const Value inserted = load(Type::I32, address(f.b2, f.d2), bytes, f.b2);
    Value result = inserted;
    if (bytes != 4) {
      const u64 field = ((u64{1} << 8 * bytes) - 1) << 8 * right;
      const Value old = gr_low(f.r1), others = binary(Op::And, Type::I32, old, constant(Type::I32, ~field));
      result = binary(Op::Or, Type::I32, others, shifted(Op::ShiftLeft, inserted));
    }
    set_gr_low(f.r1, result);
    set_cc(cc_node(Op::CcSign, bytes == 4 ? inserted : unary(Op::SignExtend, Type::I32, inserted, 8 * bytes)));
    return true;
  }
  case 0xBE00:   // STCM
  case 0xEB2D: { // STCMY
    const Value to = address(f.b2, f.d2);
    store(to, shifted(Op::ShiftRight, gr_low(f.r1)), bytes, f.b2, cc_);
    return true;
  }
  default: return false;
  }
}

bool Lowering::characters(const isa::InstructionDef& def, const Fields& f) {
  Op op{};
  const bool same = f.b1 == f.b2 && f.d1 == f.d2;
  switch (def.opcode) {
  case 0xD200: op = Op::MoveCharacters; break;                             // MVC
  case 0xD400: op = Op::AndCharacters; break;                              // NC
  case 0xD500: op = Op::CompareCharacters; break;                          // CLC
  case 0xD600: op = Op::OrCharacters; break;                               // OC
  case 0xD700: op = same ? Op::ClearCharacters : Op::XorCharacters; break; // XC
  default: return false;
  }
  const u32 length = f.l + 1;
  Node n{.op = op, .a = address(f.b1, f.d1), .exit = fault(), .imm = length};
  if (op != Op::ClearCharacters) n.b = same ? n.a : address(f.b2, f.d2);
  if (op != Op::MoveCharacters && op != Op::ClearCharacters) n.type = Type::I32;
  Instruction& i = block_.instructions.back();
  i.charged = static_cast<u8>(length / 8);
  i.cycles = static_cast<u16>(i.cycles + i.charged);
  const Value result = add(n);
  if (op == Op::ClearCharacters)
    set_cc(cc_node(Op::CcConstant, kNone, kNone, 0));
  else if (op != Op::MoveCharacters)
    set_cc(cc_node(op == Op::CompareCharacters ? Op::CcSign : Op::CcNonZero, result));
  return true;
}

// Only what compilers make of copying, clearing and comparing a number of bytes that they do not know. The row adds the length
// to the target's own by OR.
bool Lowering::execute(const Fields& f, const ExecuteTarget& target) {
  constexpr u16 kMove = 0xD200, kCompare = 0xD500, kExclusiveOr = 0xD700;
  if (target.def == nullptr || f.r1 == 0) return false;
  const Fields t = fields_of(target.def->format, target.text);
  const bool same = t.b1 == t.b2 && t.d1 == t.d2;
  Op op{};
  switch (target.def->opcode) {
  case kMove: op = Op::MoveVariable; break;
  case kCompare: op = Op::CompareVariable; break;
  case kExclusiveOr: op = Op::ClearVariable; break;
  default: return false;
  }
  if (same != (op == Op::ClearVariable)) return false;
  block_.targets.push_back({target.offset, static_cast<u16>(target.offset + target.text.length())});
  Value length = unary(Op::ZeroExtend, Type::I64, gr_with_low(f.r1), 8);
  if (t.l != 0) length = binary(Op::Or, Type::I64, length, constant(Type::I64, t.l));
  Node n{.op = op, .a = address(t.b1, t.d1), .c = length, .exit = fault()};
  if (op != Op::ClearVariable) n.b = address(t.b2, t.d2);
  if (op == Op::CompareVariable) n.type = Type::I32;
  Instruction& i = block_.instructions.back();
  i.charged = isa::cycles_of(target.def->cost);
  i.cycles = static_cast<u16>(i.cycles + i.charged);
  const Value result = add(n);
  if (op == Op::ClearVariable) set_cc(cc_node(Op::CcConstant, kNone, kNone, 0));
  if (op == Op::CompareVariable) set_cc(cc_node(Op::CcSign, result));
  Exit late = here(Exit::Kind::Again);
  late.target = block_.end();
  add({.op = Op::CheckTime, .exit = add_exit(late)});
  return true;
}

bool Lowering::interlocked(const isa::InstructionDef& def, const Fields& f) {
  const auto node = [&](Op op, u32 bytes, Type type, Value b) {
    const Value a = address(f.b2, f.d2);
    const Value v = add({.op = op, .type = type, .a = a, .b = b, .exit = fault(), .imm = bytes | f.r1 << 8});
    registers_[f.r1] = {};
    return v;
  };
  const auto swap = [&](u32 bytes) {
    const Value unequal = node(Op::CompareAndSwap, bytes, Type::I32, bytes == 8 ? gr(f.r3) : gr_low(f.r3));
    set_cc(cc_node(Op::CcNonZero, unequal));
    return true;
  };
  const auto fetch_and = [&](Op op, bool wide, Op operation, Op cc) {
    const Type type = wide ? Type::I64 : Type::I32;
    const Value operand = wide ? gr(f.r3) : gr_low(f.r3);
    const Value old = node(op, wide ? 8 : 4, type, operand);
    set_cc(cc_node(cc, binary(operation, type, old, operand), operation == Op::Add ? operand : kNone));
    return true;
  };
  switch (def.opcode) {
  case 0xBA00:                                                                      // CS
  case 0xEB14: return swap(4);                                                      // CSY
  case 0xEB30: return swap(8);                                                      // CSG
  case 0xEBF8: return fetch_and(Op::FetchAndAdd, false, Op::Add, Op::CcAddSigned);  // LAA
  case 0xEBE8: return fetch_and(Op::FetchAndAdd, true, Op::Add, Op::CcAddSigned);   // LAAG
  case 0xEBFA: return fetch_and(Op::FetchAndAdd, false, Op::Add, Op::CcAddLogical); // LAAL
  case 0xEBEA: return fetch_and(Op::FetchAndAdd, true, Op::Add, Op::CcAddLogical);  // LAALG
  case 0xEBF4: return fetch_and(Op::FetchAndAnd, false, Op::And, Op::CcNonZero);    // LAN
  case 0xEBE4: return fetch_and(Op::FetchAndAnd, true, Op::And, Op::CcNonZero);     // LANG
  case 0xEBF6: return fetch_and(Op::FetchAndOr, false, Op::Or, Op::CcNonZero);      // LAO
  case 0xEBE6: return fetch_and(Op::FetchAndOr, true, Op::Or, Op::CcNonZero);       // LAOG
  case 0xEBF7: return fetch_and(Op::FetchAndXor, false, Op::Xor, Op::CcNonZero);    // LAX
  case 0xEBE7: return fetch_and(Op::FetchAndXor, true, Op::Xor, Op::CcNonZero);     // LAXG
  default: return false;
  }
}

} // namespace siena::cpu::jit::ir
