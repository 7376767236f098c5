// SPDX-License-Identifier: BSD-3-Clause
// Branches, selections and carries: what depends on the condition code or on a comparison.
#include "cpu/jit/x64/emitter.h"

namespace siena::cpu::jit::x64 {

using ir::Type;

void Emitter::branch_if(const Node& n) {
  using enum ir::Condition;
  const bool wide = block_->nodes[n.a].type == Type::I64;
  const bool flags_are_there =
      n.b == ir::kNone && flags_of_ == n.a && (n.condition == Equal || n.condition == NotEqual);
  const int ra = flags_are_there ? kNoRegister : in_register(n.a);
  if (flags_are_there) {
  } else if (n.b == ir::kNone) {
    wide ? a_.test(r64(ra), r64(ra)) : a_.test(r32(ra), r32(ra));
  } else if (fits(n.b)) {
    const auto imm = static_cast<u32>(*constant_of(n.b));
    wide ? a_.cmp(r64(ra), imm) : a_.cmp(r32(ra), imm);
  } else {
    const int rb = in_register(n.b);
    wide ? a_.cmp(r64(ra), r64(rb)) : a_.cmp(r32(ra), r32(rb));
  }
  if (!flags_are_there) flags_of_ = ir::kNone;
  Cold& c = cold(Cold::Kind::Leave, n.exit);
  switch (n.condition) {
  case Equal: a_.je(c.begin, a_.T_NEAR); break;
  case NotEqual: a_.jne(c.begin, a_.T_NEAR); break;
  case Less: a_.jl(c.begin, a_.T_NEAR); break;
  case LessOrEqual: a_.jle(c.begin, a_.T_NEAR); break;
  case Greater: a_.jg(c.begin, a_.T_NEAR); break;
  case GreaterOrEqual: a_.jge(c.begin, a_.T_NEAR); break;
  case Below: a_.jb(c.begin, a_.T_NEAR); break;
  case BelowOrEqual: a_.jbe(c.begin, a_.T_NEAR); break;
  case Above: a_.ja(c.begin, a_.T_NEAR); break;
  case AboveOrEqual: a_.jae(c.begin, a_.T_NEAR); break;
  }
}

// Takes the branch when the condition code is among the mask, by the host's flags as after the operation that set it.
bool Emitter::branch_by_flags(const Node& n) {
  const Node& cc = block_->nodes[n.a];
  const bool is_signed = cc.op == Op::CcAddSigned || cc.op == Op::CcSubtractSigned;
  if (!is_signed && (cc.op != Op::CcSubtractLogical || (n.imm & 7) == 0 || (n.imm & 7) == 7)) return false;
  if (flags_of_ != cc.a) {
    const Needed need = needed_for(cc);
    lock_operands(need);
    compare(cc, need, temporary());
  }
  Cold& c = cold(Cold::Kind::Leave, n.exit);
  if (!is_signed) { // 1: not zero, borrow; 2: zero, no borrow; 3: not zero, no borrow
    switch (n.imm & 7) {
    case 1: a_.ja(c.begin, a_.T_NEAR); break;
    case 2: a_.je(c.begin, a_.T_NEAR); break;
    case 3: a_.jae(c.begin, a_.T_NEAR); break;
    case 4: a_.jb(c.begin, a_.T_NEAR); break;
    case 5: a_.jne(c.begin, a_.T_NEAR); break;
    default: a_.jbe(c.begin, a_.T_NEAR); break;
    }
    return true;
  }
  Label not_taken;
  if ((n.imm & 1) != 0)
    a_.jo(c.begin, a_.T_NEAR);
  else
    a_.jo(not_taken);
  switch (n.imm & 14) {
  case 0: break;
  case 2: a_.jg(c.begin, a_.T_NEAR); break;
  case 4: a_.jl(c.begin, a_.T_NEAR); break;
  case 6: a_.jne(c.begin, a_.T_NEAR); break;
  case 8: a_.je(c.begin, a_.T_NEAR); break;
  case 10: a_.jge(c.begin, a_.T_NEAR); break;
  case 12: a_.jle(c.begin, a_.T_NEAR); break;
  default: a_.jmp(c.begin, a_.T_NEAR); break;
  }
  a_.L(not_taken);
  return true;
}

void Emitter::branch_cc(const Node& n) {
  if (branch_by_flags(n)) return;
  is_selected(n.a, n.imm);
  Cold& c = cold(Cold::Kind::Leave, n.exit);
  a_.jc(c.begin, a_.T_NEAR);
}

Emitter::Needed Emitter::needed_for(const Node& cc) const {
  Needed n;
  if (cc.a != ir::kNone) n.a = places_[cc.a];
  if (cc.b != ir::kNone) n.b = places_[cc.b];
  return n;
}

void Emitter::lock_operands(const Needed& n) {
  for (const Place* p : {&n.a, &n.b})
    if (p->reg != kNoRegister) lock(p->reg);
}

int Emitter::cc_number(Value cc) {
  settle_if_at_entry(cc);
  const Needed need = needed_for(block_->nodes[cc]);
  const u32 locked = locked_;
  lock_operands(need);
  const int t = temporary(), u = temporary();
  compute_cc(t, u, block_->nodes[cc], need);
  locked_ = locked | 1u << t;
  return t;
}

// Leaves it in the carry flag.
void Emitter::is_selected(Value cc, u64 mask) {
  const int t = cc_number(cc), u = temporary();
  u32 selected = 0; // bit n: condition code n
  for (u32 code = 0; code < 4; ++code)
    if ((mask << code & 8) != 0) selected |= 1u << code;
  a_.mov(r32(u), selected);
  a_.bt(r32(u), r32(t));
  locked_ &= ~(1u << t | 1u << u);
}

void Emitter::cc_value(std::size_t index, const Node& n) { bind(index, cc_number(n.a)); }

// What both selections have in common: the register that the choice is made in, with what it is otherwise. Flags stay.
int Emitter::otherwise(std::size_t index, const Node& n) {
  const int home = home_destination(index);
  const Place& p = places_[n.b];
  if (home != kNoRegister && p.home >= 0 && !p.high && kHome[p.home] == home) return home;
  const int d = temporary();
  load(d, n.b, p);
  return d;
}

void Emitter::select(std::size_t index, const Node& n) {
  using enum ir::Condition;
  const bool wide = n.type == Type::I64;
  const bool wide_test = block_->nodes[n.c].type == Type::I64;
  const bool flags_are_there =
      n.d == ir::kNone && flags_of_ == n.c && (n.condition == Equal || n.condition == NotEqual);
  const int ra = in_register(n.a);
  const int d = otherwise(index, n);
  if (!flags_are_there) {
    const int rc = in_register(n.c);
    if (n.d == ir::kNone) {
      wide_test ? a_.test(r64(rc), r64(rc)) : a_.test(r32(rc), r32(rc));
    } else if (fits(n.d)) {
      const auto imm = static_cast<u32>(*constant_of(n.d));
      wide_test ? a_.cmp(r64(rc), imm) : a_.cmp(r32(rc), imm);
    } else {
      const int rd = in_register(n.d);
      wide_test ? a_.cmp(r64(rc), r64(rd)) : a_.cmp(r32(rc), r32(rd));
    }
  }
  const auto move = [&](auto&& wide_move, auto&& narrow_move) { wide ? wide_move() : narrow_move(); };
#define SIENA_MOVE(op) move([&] { a_.op(r64(d), r64(ra)); }, [&] { a_.op(r32(d), r32(ra)); })
  switch (n.condition) {
  case Equal: SIENA_MOVE(cmove); break;
  case NotEqual: SIENA_MOVE(cmovne); break;
  case Less: SIENA_MOVE(cmovl); break;
  case LessOrEqual: SIENA_MOVE(cmovle); break;
  case Greater: SIENA_MOVE(cmovg); break;
  case GreaterOrEqual: SIENA_MOVE(cmovge); break;
  case Below: SIENA_MOVE(cmovb); break;
  case BelowOrEqual: SIENA_MOVE(cmovbe); break;
  case Above: SIENA_MOVE(cmova); break;
  case AboveOrEqual: SIENA_MOVE(cmovae); break;
  }
#undef SIENA_MOVE
  bind(index, d);
}

void Emitter::select_cc(std::size_t index, const Node& n) {
  is_selected(n.c, n.imm);
  const int ra = in_register(n.a);
  const int d = otherwise(index, n);
  n.type == Type::I64 ? a_.cmovc(r64(d), r64(ra)) : a_.cmovc(r32(d), r32(ra));
  bind(index, d);
}

// The host's carry becomes that of condition code `cc`, or with `borrow` its opposite.
void Emitter::carry_of(Value index, bool borrow) {
  const Node& cc = block_->nodes[index];
  bool opposite = borrow;
  switch (cc.op) {
  case Op::CcConstant: (cc.imm & 2) != 0 ? a_.stc() : a_.clc(); break;
  case Op::CcAddLogical:
  case Op::CcCompareLogical: {
    // A sum that is less than what was added; the second operand less than the first.
    const bool wide = block_->nodes[cc.a].type == Type::I64;
    const int first = in_register(cc.a), second = in_register(cc.b);
    const int left = cc.op == Op::CcAddLogical ? first : second, right = cc.op == Op::CcAddLogical ? second : first;
    wide ? a_.cmp(r64(left), r64(right)) : a_.cmp(r32(left), r32(right));
    break;
  }
  case Op::CcSubtractLogical: { // carry: no borrow; the difference and what was subtracted overflow when there was one
    const bool wide = block_->nodes[cc.a].type == Type::I64;
    const int t = copy_of(cc.a), b = in_register(cc.b);
    wide ? a_.add(r64(t), r64(b)) : a_.add(r32(t), r32(b));
    opposite = !borrow;
    break;
  }
  default: {
    settle_if_at_entry(index);
    const int t = temporary();
    a_.movzx(r32(t), a_.byte[a_.rbp + a_.layout.psw_cc]); // a wider read would wait for the store of the byte
    a_.bt(r32(t), 1);
    break;
  }
  }
  if (opposite) a_.cmc();
  locked_ = 0;
}

void Emitter::with_carry(std::size_t index, const Node& n) {
  const bool wide = n.type == Type::I64, adds = n.op == Op::AddCarry;
  carry_of(n.c, !adds);
  // From here on only moves, up to the operation.
  int ra = in_register(n.a), rb = in_register(n.b);
  const int d = adds ? destination(index) : temporary();
  if (d == rb) std::swap(ra, rb);
  if (d != ra) a_.mov(r64(d), r64(ra));
  if (adds)
    wide ? a_.adc(r64(d), r64(rb)) : a_.adc(r32(d), r32(rb));
  else
    wide ? a_.sbb(r64(d), r64(rb)) : a_.sbb(r32(d), r32(rb));
  if (block_->nodes[n.d].op != Op::Nop) { // the condition code is wanted
    const int cc = temporary();
    adds ? a_.setc(r8(cc)) : a_.setnc(r8(cc));
    a_.movzx(r32(cc), r8(cc));
    a_.lea(r32(cc), a_.ptr[r64(cc) * 2 + 1]);
    wide ? a_.cmp(r64(d), 1) : a_.cmp(r32(d), 1); // borrows when it is zero
    a_.sbb(r32(cc), 0);
    a_.mov(a_.byte[a_.rbp + a_.layout.psw_cc], r8(cc));
    a_.mov(a_.engine_dword(offsetof(EngineState, cc_rule)), 0);
  }
  bind(index, d);
}

} // namespace siena::cpu::jit::x64
