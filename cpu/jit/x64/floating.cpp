// SPDX-License-Identifier: BSD-3-Clause
// Floating-point registers and numbers. A floating-point register is always what the Cpu object says; vector registers 3-15 have
// copies that save loads within a block, 0-2 are for one node.
#include "cpu/jit/x64/emitter.h"

namespace siena::cpu::jit::x64 {

using ir::Type;
using Xbyak::Xmm;

Xbyak::Address Emitter::fpr_field(int n, bool is_short) const {
  static_assert(sizeof(VectorRegister) == 16 && offsetof(VectorRegister, high) == 0);
  return a_.ptr[a_.rbp + a_.layout.fpr + 16 * n + (is_short ? 4 : 0)]; // the left half is the host's second word
}

int Emitter::free_copy() {
  has_copies_ = true;
  int x = kNoRegister;
  for (int candidate = kFirstCopy; candidate < 16; ++candidate)
    if (copies_[static_cast<std::size_t>(candidate)].fpr < 0 && (locked_copies_ & 1u << candidate) == 0) {
      x = candidate;
      break;
    }
  while (x == kNoRegister) { // none of them is the only place of anything
    const int candidate = kFirstCopy + next_copy_++ % (16 - kFirstCopy);
    if ((locked_copies_ & 1u << candidate) == 0) x = candidate;
  }
  locked_copies_ |= 1u << x;
  copies_[static_cast<std::size_t>(x)] = {};
  return x;
}

int Emitter::copy_of_fpr(int n, bool is_short) {
  for (int x = kFirstCopy; x < 16; ++x)
    if (const Copy& c = copies_[static_cast<std::size_t>(x)]; c.fpr == n && c.is_short == is_short) {
      locked_copies_ |= 1u << x;
      return x;
    }
  const int x = free_copy();
  copies_[static_cast<std::size_t>(x)] = {static_cast<s16>(n), is_short};
  for (const int r : kTemporaries) {
    const Value v = in_temporary_[r];
    if (v == ir::kNone || places_[v].fpr != n || this->is_short(v) != is_short) continue;
    is_short ? a_.vmovd(Xmm(x), r32(r)) : a_.vmovq(Xmm(x), r64(r));
    return x;
  }
  is_short ? a_.vmovss(Xmm(x), fpr_field(n, true)) : a_.vmovsd(Xmm(x), fpr_field(n, false));
  return x;
}

int Emitter::destination_copy(int n, bool is_short) {
  for (int x = kFirstCopy; x < 16; ++x)
    if (const Copy& c = copies_[static_cast<std::size_t>(x)]; c.fpr == n && c.is_short == is_short) {
      locked_copies_ |= 1u << x;
      return x;
    }
  return free_copy();
}

void Emitter::load_number(int x, Value v, const Place& p, int general) {
  const bool s = is_short(v);
  const Xmm to(x);
  if (p.reg != kNoRegister) {
    s ? a_.vmovd(to, r32(p.reg)) : a_.vmovq(to, r64(p.reg));
  } else if (constant_of(v) == u64{0}) {
    a_.vxorps(to, to, to);
  } else if (p.fpr >= 0) {
    s ? a_.vmovss(to, fpr_field(p.fpr, true)) : a_.vmovsd(to, fpr_field(p.fpr, false));
  } else {
    load(general, v, p);
    s ? a_.vmovd(to, r32(general)) : a_.vmovq(to, r64(general));
  }
}

int Emitter::number(Value v, int scratch) {
  const Place& p = places_[v];
  if (p.fpr >= 0) return copy_of_fpr(p.fpr, is_short(v));
  load_number(scratch, v, p, p.reg == kNoRegister ? temporary() : kNoRegister);
  return scratch;
}

void Emitter::preserve_fpr(int n, std::size_t index) {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const auto v = static_cast<Value>(i);
    if (places_[i].fpr != n || !needed_after(v, index)) continue;
    if (const Place& p = places_[i]; p.reg == kNoRegister && p.home < 0 && p.spill < 0) {
      const int r = temporary();
      load(r, v, p);
      places_[i].reg = static_cast<s16>(r);
      in_temporary_[r] = v;
      locked_ &= ~(1u << r);
    }
    places_[i].fpr = -1;
  }
}

void Emitter::fpr_written(int n, bool is_short, std::size_t index, int x) {
  for (Place& p : places_)
    if (p.fpr == n) p.fpr = -1;
  for (Copy& c : copies_)
    if (c.fpr == n) c = {};
  places_[index].fpr = static_cast<s16>(n);
  if (x != kNoRegister) copies_[static_cast<std::size_t>(x)] = {static_cast<s16>(n), is_short};
}

void Emitter::store_fpr(int n, bool is_short, int x) {
  is_short ? a_.vmovss(fpr_field(n, true), Xmm(x)) : a_.vmovsd(fpr_field(n, false), Xmm(x));
}

void Emitter::set_fpr(std::size_t index, const Node& n) {
  const auto number = static_cast<int>(n.imm);
  const bool s = n.op == Op::SetFprShort;
  const auto constant = constant_of(n.a);
  const Place& p = places_[n.a];
  if (!constant && p.fpr == number) return; // it has it
  preserve_fpr(number, index);
  int x = kNoRegister;
  if (constant && fits(n.a)) {
    const Xbyak::RegExp at = a_.rbp + a_.layout.fpr + 16 * number + (s ? 4 : 0);
    s ? a_.mov(a_.dword[at], static_cast<u32>(*constant)) : a_.mov(a_.qword[at], *constant);
  } else if (!constant && p.reg == kNoRegister && p.fpr >= 0) {
    const int from = copy_of_fpr(p.fpr, s);
    x = destination_copy(number, s);
    a_.vmovaps(Xmm(x), Xmm(from));
    store_fpr(number, s, x);
  } else {
    const int r = in_register(n.a);
    s ? a_.mov(fpr_field(number, true), r32(r)) : a_.mov(fpr_field(number, false), r64(r));
  }
  fpr_written(number, s, index, x);
  places_[index].fpr = -1; // the node itself is no value
  if (!constant && places_[n.a].fpr < 0) places_[n.a].fpr = static_cast<s16>(number);
}

void Emitter::float_compare(const Node& n) {
  const int a = number(n.a, 1), b = number(n.b, 2);
  Cold& c = floating_cold(n);
  is_short(n.a) ? a_.vucomiss(Xmm(a), Xmm(b)) : a_.vucomisd(Xmm(a), Xmm(b));
  a_.jp(c.begin, a_.T_NEAR);
  a_.L(c.back);
}

void Emitter::float_test(std::size_t index, const Node& n) {
  const bool s = n.type == Type::I32;
  const auto r1 = static_cast<int>(n.imm & 15);
  const bool same = places_[n.a].fpr == r1;
  const int a = number(n.a, 1);
  preserve_fpr(r1, index);
  const int d = same ? a : destination_copy(r1, s);
  Cold& c = floating_cold(n);
  s ? a_.vucomiss(Xmm(a), Xmm(a)) : a_.vucomisd(Xmm(a), Xmm(a));
  a_.jp(c.begin, a_.T_NEAR);
  if (!same) {
    if (d != a) a_.vmovaps(Xmm(d), Xmm(a));
    store_fpr(r1, s, d);
  }
  a_.L(c.back);
  fpr_written(r1, s, index, d);
  c.copies = copies_;
}

// By the flags of an unordered comparison: equal is zero, low is carry, and with a NaN zero, carry and parity are all on.
void Emitter::branch_float(const Node& n) {
  const int a = number(n.a, 1);
  int b = 2;
  if (n.b != ir::kNone)
    b = number(n.b, 2);
  else
    a_.vxorps(Xmm(2), Xmm(2), Xmm(2));
  Cold& c = cold(Cold::Kind::Leave, n.exit);
  const auto compare = [&](int x, int y) { is_short(n.a) ? a_.vucomiss(Xmm(x), Xmm(y)) : a_.vucomisd(Xmm(x), Xmm(y)); };
  const bool swapped = n.imm == 4 || n.imm == 12 || n.imm == 3 || n.imm == 11;
  swapped ? compare(b, a) : compare(a, b);
  switch (n.imm) {
  case 1: return a_.jp(c.begin, a_.T_NEAR);
  case 14: return a_.jnp(c.begin, a_.T_NEAR);
  case 8: {
    Label unordered;
    a_.jp(unordered);
    a_.je(c.begin, a_.T_NEAR);
    a_.L(unordered);
    return;
  }
  case 7: a_.jp(c.begin, a_.T_NEAR); return a_.jne(c.begin, a_.T_NEAR);
  case 9: return a_.je(c.begin, a_.T_NEAR);
  case 6: return a_.jne(c.begin, a_.T_NEAR);
  case 2:
  case 4: return a_.ja(c.begin, a_.T_NEAR);
  case 10:
  case 12: return a_.jae(c.begin, a_.T_NEAR);
  case 5:
  case 3: return a_.jb(c.begin, a_.T_NEAR);
  case 13:
  case 11: return a_.jbe(c.begin, a_.T_NEAR);
  default: CHECK(false, "a branch that is taken sometimes");
  }
}

void Emitter::compute_float_cc(int to, int other, const Node& cc, const Needed& n) {
  load_number(0, cc.a, n.a, to);
  if (cc.op == Op::CcFloatCompare)
    load_number(1, cc.b, n.b, to);
  else
    a_.vxorps(Xmm(1), Xmm(1), Xmm(1));
  is_short(cc.a) ? a_.vucomiss(Xmm(0), Xmm(1)) : a_.vucomisd(Xmm(0), Xmm(1));
  Label done;
  a_.mov(r32(to), 3);
  a_.jp(done);
  a_.setb(r8(to));
  a_.movzx(r32(to), r8(to));
  a_.seta(r8(other));
  a_.movzx(r32(other), r8(other));
  a_.lea(r32(to), a_.ptr[r64(to) + r64(other) * 2]);
  a_.L(done);
}

void Emitter::floating(std::size_t index, const Node& n) {
  switch (n.op) {
  case Op::GetFpr:
  case Op::GetFprShort: places_[index].fpr = static_cast<s16>(n.imm); break;
  case Op::SetFpr:
  case Op::SetFprShort: set_fpr(index, n); break;
  case Op::CheckFloating: {
    static_assert(cr0::kAfpRegisters == 1u << 18);
    Cold& c = cold(Cold::Kind::Leave, n.exit);
    a_.test(a_.byte[a_.rbp + a_.layout.cr0 + 2], 1u << 2);
    a_.je(c.begin, a_.T_NEAR);
    break;
  }
  case Op::FloatAdd:
  case Op::FloatSubtract:
  case Op::FloatMultiply:
  case Op::FloatDivide:
  case Op::FloatMultiplyAdd:
  case Op::FloatMultiplySubtract: floating_arithmetic(index, n); break;
  case Op::FloatSquareRoot:
  case Op::FloatLengthen:
  case Op::FloatRound:
  case Op::FloatFromFixed:
  case Op::FloatToInteger: floating_conversion(index, n); break;
  case Op::FloatTest: float_test(index, n); break;
  case Op::FloatToFixed: float_to_fixed(index, n); break;
  case Op::FloatCompare: float_compare(n); break;
  case Op::BranchFloat: branch_float(n); break;
  default: break; // condition codes have no code of their own
  }
}

} // namespace siena::cpu::jit::x64
