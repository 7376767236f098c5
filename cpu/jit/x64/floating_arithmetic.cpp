// SPDX-License-Identifier: BSD-3-Clause
// The host's arithmetic in the place of a row's, where the answer is provably the same to the last flag (the reasoning is
// cpu/isa/bfp/host.h's): no exception enabled, nearest-even rounding, a result well inside the range, and either the inexact flag
// is on already or the result is exact. All else is the row's. The host rounds to nearest even and has no exception enabled:
// nobody here changes that, and its own flags mean nothing.
#include "cpu/isa/bfp/controls.h"
#include "cpu/isa/bfp/format.h"
#include "cpu/jit/x64/emitter.h"

namespace siena::cpu::jit::x64 {

using ir::Type;
using isa::bfp::Long;
using isa::bfp::Short;
using Xbyak::Xmm;

namespace {

// Of the FPC.
constexpr u32 kMasks = 0xF800'0000, kRounding = 7, kInexactFlag = u32{isa::bfp::kInexact} << 16;

constexpr u64 kNoInexact = 1 << 12;

/// The host's code for a rounding method of an M3 field.
int host_rounding(u64 method) {
  switch (method) {
  case 5: return 3;
  case 6: return 2;
  case 7: return 1;
  default: return 0;
  }
}

} // namespace

Emitter::Cold& Emitter::floating_cold(const Node& n) {
  Cold& c = cold(Cold::Kind::Floating, n.exit);
  c.node = &n;
  c.after = n.after;
  c.copies = copies_;
  return c;
}

/// Goes on when the FPC's masks and rounding mode are all zeros and its inexact flag is on.
void Emitter::check_fpc(Cold& c) {
  c.looks_at_fpc = true;
  // As a rule it is the only flag.
  a_.cmp(a_.dword[a_.rbp + a_.layout.fpc], kInexactFlag);
  a_.jne(c.begin, a_.T_NEAR);
  a_.L(c.retry);
}

/// Goes on when the FPC's rounding mode is zero.
void Emitter::check_rounding(Cold& c) {
  a_.test(a_.dword[a_.rbp + a_.layout.fpc], kRounding);
  a_.jne(c.row, a_.T_NEAR);
}

namespace {

/// Branches to `otherwise` unless the number is normal and its exponent at least `least` and at most the largest but one.
void check_exponent(Assembler& a, int x, bool is_short, int scratch, u32 least, Label& otherwise) {
  // The exponent field to the left of everything; then the range begins at zero.
  const u32 shift = is_short ? 24 : 21;
  const u32 largest = static_cast<u32>(is_short ? Short::kExponentMask : Long::kExponentMask) - 2;
  is_short ? a.vmovd(r32(scratch), Xmm(x)) : a.vpextrd(r32(scratch), Xmm(x), 1);
  a.lea(r32(scratch), a.ptr[r64(scratch) * 2 - static_cast<int>(least << shift)]);
  a.cmp(r32(scratch), (largest - least + 1) << shift);
  a.jae(otherwise, a.T_NEAR);
}

} // namespace

void Emitter::floating_arithmetic(std::size_t index, const Node& n) {
  const bool s = n.type == Type::I32;
  const auto r1 = static_cast<int>(n.imm & 15);
  const int second = number(n.a, 1), third = n.b != ir::kNone ? number(n.b, 2) : kNoRegister;
  preserve_fpr(r1, index);
  const int t = temporary();
  const int d = copy_of_fpr(r1, s);
  Cold& c = floating_cold(n);
  c.first = d;
  c.second = second;
  c.third = third;
  c.scratch = t;
  check_fpc(c);
  const Xmm x(d), y(second), z(third == kNoRegister ? 0 : third);
  switch (n.op) {
  case Op::FloatAdd: s ? a_.vaddss(x, x, y) : a_.vaddsd(x, x, y); break;
  case Op::FloatSubtract: s ? a_.vsubss(x, x, y) : a_.vsubsd(x, x, y); break;
  case Op::FloatMultiply: s ? a_.vmulss(x, x, y) : a_.vmulsd(x, x, y); break;
  case Op::FloatDivide: s ? a_.vdivss(x, x, y) : a_.vdivsd(x, x, y); break;
  case Op::FloatMultiplyAdd: s ? a_.vfmadd231ss(x, y, z) : a_.vfmadd231sd(x, y, z); break;
  default: s ? a_.vfmsub231ss(x, y, z) : a_.vfmsub231sd(x, y, z); break;
  }
  check_exponent(a_, d, s, t, 2, c.odd);
  a_.L(c.accept);
  store_fpr(r1, s, d);
  a_.L(c.back);
  fpr_written(r1, s, index, d);
  c.copies = copies_;
}

// Operations with one operand.
void Emitter::floating_conversion(std::size_t index, const Node& n) {
  const bool s = n.type == Type::I32;
  const auto r1 = static_cast<int>(n.imm & 15);
  if (n.op == Op::FloatFromFixed) {
    const bool exact = (n.imm & 1 << 8) != 0;
    const int from = in_register(n.a);
    preserve_fpr(r1, index);
    const int t = exact ? kNoRegister : temporary();
    const int d = destination_copy(r1, s);
    a_.vxorps(Xmm(0), Xmm(0), Xmm(0));
    const auto convert = [&] { s ? a_.vcvtsi2ss(Xmm(d), Xmm(0), r64(from)) : a_.vcvtsi2sd(Xmm(d), Xmm(0), r64(from)); };
    if (exact) {
      convert();
      store_fpr(r1, s, d);
      return fpr_written(r1, s, index, d);
    }
    Cold& c = floating_cold(n);
    c.first = from;
    c.scratch = t;
    if ((n.imm & 1 << 9) != 0) {
      a_.test(r64(from), r64(from));
      a_.js(c.row, a_.T_NEAR);
    }
    check_fpc(c);
    convert();
    store_fpr(r1, s, d);
    a_.L(c.back);
    fpr_written(r1, s, index, d);
    c.copies = copies_;
    return;
  }

  const int from = number(n.a, 1);
  preserve_fpr(r1, index);
  const int t = temporary();
  const int d = destination_copy(r1, s);
  Cold& c = floating_cold(n);
  c.first = from;
  c.scratch = t;
  switch (n.op) {
  case Op::FloatSquareRoot:
    check_fpc(c);
    s ? a_.vsqrtss(Xmm(d), Xmm(from), Xmm(from)) : a_.vsqrtsd(Xmm(d), Xmm(from), Xmm(from));
    check_exponent(a_, d, s, t, 2, c.odd);
    break;
  case Op::FloatRound:
    check_fpc(c);
    a_.vcvtsd2ss(Xmm(d), Xmm(from), Xmm(from));
    check_exponent(a_, d, s, t, 2, c.odd);
    break;
  case Op::FloatLengthen: // always exact
    a_.vucomiss(Xmm(from), Xmm(from));
    a_.jp(c.row, a_.T_NEAR);
    a_.vcvtss2sd(Xmm(d), Xmm(from), Xmm(from));
    break;
  default: { // FloatToInteger
    const u64 method = n.imm >> 8 & 15;
    if ((n.imm & kNoInexact) == 0)
      check_fpc(c);
    else if (method == 0)
      check_rounding(c);
    s ? a_.vucomiss(Xmm(from), Xmm(from)) : a_.vucomisd(Xmm(from), Xmm(from));
    a_.jp(c.row, a_.T_NEAR);
    const auto rounding = static_cast<u8>(host_rounding(method) | 8);
    s ? a_.vroundss(Xmm(d), Xmm(from), Xmm(from), rounding) : a_.vroundsd(Xmm(d), Xmm(from), Xmm(from), rounding);
  }
  }
  a_.L(c.accept);
  store_fpr(r1, s, d);
  a_.L(c.back);
  fpr_written(r1, s, index, d);
  c.copies = copies_;
}

void Emitter::float_to_fixed(std::size_t index, const Node& n) {
  const bool s = is_short(n.a);
  const u64 method = n.imm >> 8 & 15;
  const bool is_signed = (n.imm & 1 << 13) == 0, wide = (n.imm & 0xFF) == 64;
  const int from = number(n.a, 1);
  const int d = temporary(), t = temporary();
  Cold& c = floating_cold(n);
  c.first = from;
  c.scratch = t;
  if ((n.imm & kNoInexact) == 0)
    check_fpc(c);
  else if (method == 0)
    check_rounding(c);
  int rounded = from;
  if (method != 5) {
    const auto rounding = static_cast<u8>(host_rounding(method) | 8);
    rounded = 0;
    s ? a_.vroundss(Xmm(0), Xmm(from), Xmm(from), rounding) : a_.vroundsd(Xmm(0), Xmm(from), Xmm(from), rounding);
  }
  // What cannot be converted becomes the least number.
  s ? a_.vcvttss2si(r64(d), Xmm(rounded)) : a_.vcvttsd2si(r64(d), Xmm(rounded));
  if (wide && is_signed) {
    a_.cmp(r64(d), 1);
    a_.jo(c.row, a_.T_NEAR);
  } else if (wide) {
    a_.test(r64(d), r64(d));
    a_.js(c.row, a_.T_NEAR);
  } else if (is_signed) {
    a_.movsxd(r64(t), r32(d));
    a_.cmp(r64(t), r64(d));
    a_.jne(c.row, a_.T_NEAR);
  } else {
    a_.mov(r32(t), r32(d));
    a_.cmp(r64(t), r64(d));
    a_.jne(c.row, a_.T_NEAR);
  }
  bind(index, d);
}

// The FPC has more than the inexact flag on, or that is off. Goes to `retry` when there is no mask and rounding is to nearest even
// and the flag is on or the result is exact, else on.
void Emitter::exactness_test(Cold& c) {
  const Node& n = *c.node;
  const bool s = n.type == Type::I32;
  const Xmm result(0), error(2), a(c.first), b(c.second);
  const auto same = [&](const Xmm& x, const Xmm& y, bool is_short) {
    is_short ? a_.vucomiss(x, y) : a_.vucomisd(x, y);
    a_.jp(c.row, a_.T_NEAR);
    a_.jne(c.row, a_.T_NEAR);
  };
  // Errors of products must not fall out of the range.
  const u32 least = s ? 64 : 128;
  const auto no_error = [&] {
    a_.vxorps(result, result, result);
    same(error, result, s);
  };
  a_.mov(r32(c.scratch), a_.ptr[a_.rbp + a_.layout.fpc]);
  a_.test(r32(c.scratch), kMasks | kRounding);
  a_.jne(c.row, a_.T_NEAR);
  a_.test(r32(c.scratch), kInexactFlag);
  a_.jne(c.retry, a_.T_NEAR);
  switch (n.op) {
  case Op::FloatAdd: // the operand of the larger magnitude can be taken away again without an error
    s ? a_.vaddss(result, a, b) : a_.vaddsd(result, a, b);
    s ? a_.vsubss(error, result, a) : a_.vsubsd(error, result, a);
    same(error, b, s);
    s ? a_.vsubss(error, result, b) : a_.vsubsd(error, result, b);
    same(error, a, s);
    break;
  case Op::FloatSubtract:
    s ? a_.vsubss(result, a, b) : a_.vsubsd(result, a, b);
    s ? a_.vsubss(error, a, result) : a_.vsubsd(error, a, result);
    same(error, b, s);
    s ? a_.vaddss(error, result, b) : a_.vaddsd(error, result, b);
    same(error, a, s);
    break;
  case Op::FloatMultiply:
    s ? a_.vmulss(error, a, b) : a_.vmulsd(error, a, b);
    check_exponent(a_, error.getIdx(), s, c.scratch, least, c.row);
    s ? a_.vfmsub231ss(error, a, b) : a_.vfmsub231sd(error, a, b);
    no_error();
    break;
  case Op::FloatDivide:
    check_exponent(a_, c.first, s, c.scratch, least, c.row);
    s ? a_.vdivss(error, a, b) : a_.vdivsd(error, a, b);
    check_exponent(a_, error.getIdx(), s, c.scratch, least, c.row);
    s ? a_.vfnmadd213ss(error, b, a) : a_.vfnmadd213sd(error, b, a);
    no_error();
    break;
  case Op::FloatSquareRoot:
    check_exponent(a_, c.first, s, c.scratch, least, c.row);
    s ? a_.vsqrtss(error, a, a) : a_.vsqrtsd(error, a, a);
    s ? a_.vfnmadd213ss(error, error, a) : a_.vfnmadd213sd(error, error, a);
    no_error();
    break;
  case Op::FloatRound:
    a_.vcvtsd2ss(result, a, a);
    a_.vcvtss2sd(result, result, result);
    same(result, a, false);
    break;
  case Op::FloatFromFixed: {
    a_.vxorps(result, result, result);
    s ? a_.vcvtsi2ss(result, result, r64(c.first)) : a_.vcvtsi2sd(result, result, r64(c.first));
    s ? a_.vcvttss2si(r64(c.scratch), result) : a_.vcvttsd2si(r64(c.scratch), result);
    a_.cmp(r64(c.scratch), r64(c.first));
    a_.jne(c.row, a_.T_NEAR);
    break;
  }
  case Op::FloatToInteger:
  case Op::FloatToFixed: {
    const bool source_short = is_short(n.a);
    const u8 nearest = 8;
    source_short ? a_.vroundss(result, a, a, nearest) : a_.vroundsd(result, a, a, nearest);
    same(result, a, source_short);
    break;
  }
  default: a_.jmp(c.row, a_.T_NEAR); return;
  }
  a_.jmp(c.retry, a_.T_NEAR);
}

// The result is not well inside the range: goes to `accept` when it is a zero that is exact, else on.
void Emitter::zero_test(Cold& c) {
  const Node& n = *c.node;
  const bool s = n.type == Type::I32;
  const auto r1 = static_cast<int>(n.imm & 15);
  const auto not_zero = [&](int x, bool is_short, Label& otherwise) {
    is_short ? a_.vucomiss(Xmm(x), Xmm(0)) : a_.vucomisd(Xmm(x), Xmm(0));
    a_.jp(otherwise, a_.T_NEAR);
    a_.jne(otherwise, a_.T_NEAR);
  };
  int result = kNoRegister;
  for (int x = kFirstCopy; x < 16; ++x)
    if (const Copy& copy = c.copies[static_cast<std::size_t>(x)]; copy.fpr == r1 && copy.is_short == s) result = x;
  a_.vxorps(Xmm(0), Xmm(0), Xmm(0));
  not_zero(result, s, c.row);
  switch (n.op) {
  case Op::FloatAdd:
  case Op::FloatSubtract:
  case Op::FloatSquareRoot: a_.jmp(c.accept, a_.T_NEAR); return;
  case Op::FloatRound:
    not_zero(c.first, false, c.row);
    a_.jmp(c.accept, a_.T_NEAR);
    return;
  case Op::FloatMultiply:
  case Op::FloatDivide: {
    // The first operand is still in its place.
    s ? a_.vucomiss(Xmm(0), fpr_field(r1, true)) : a_.vucomisd(Xmm(0), fpr_field(r1, false));
    Label unordered;
    a_.jp(unordered);
    a_.je(c.accept, a_.T_NEAR);
    a_.L(unordered);
    if (n.op == Op::FloatDivide || c.second == result) return;
    not_zero(c.second, s, c.row);
    a_.jmp(c.accept, a_.T_NEAR);
    return;
  }
  default: {
    // A product of zero, plus or minus zero.
    if (c.second == result || c.third == result) return;
    Label other;
    not_zero(c.second, s, other);
    a_.jmp(c.accept, a_.T_NEAR);
    a_.L(other);
    not_zero(c.third, s, c.row);
    a_.jmp(c.accept, a_.T_NEAR);
    return;
  }
  }
}

void Emitter::emit_floating_cold(Cold& c) {
  const Node& n = *c.node;
  if (n.op != Op::FloatTest && n.op != Op::FloatCompare && n.op != Op::FloatLengthen) {
    if (c.looks_at_fpc) exactness_test(c);
    if (n.op != Op::FloatFromFixed && n.op != Op::FloatToInteger && n.op != Op::FloatToFixed) {
      a_.L(c.odd);
      zero_test(c);
    }
  }
  a_.L(c.row);
  SlowRow r = slow_row(c);
  r.cc_first = true;
  r.leaves = c.after != ir::kNoExit;
  r.completed = slow_exit(c.after, {});
  for (std::size_t x = kFirstCopy; x < c.copies.size(); ++x)
    if (const Copy& copy = c.copies[x]; copy.fpr >= 0)
      r.copies[x - kFirstCopy] = static_cast<u8>(copy.fpr | (copy.is_short ? 0x80 : 0));
  to_record(a_.slow_paths.add(r), a_.slow_row);
}

} // namespace siena::cpu::jit::x64
