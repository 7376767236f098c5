// SPDX-License-Identifier: BSD-3-Clause
// Binary floating point of the short and long formats. Keyed by the row's opcode.
#include "cpu/isa/bfp/format.h"
#include "cpu/jit/ir/lowering.h"

#include <algorithm>

namespace siena::cpu::jit::ir {

namespace {

constexpr u64 kSign64 = isa::bfp::Long::kSignBit, kSign32 = isa::bfp::Short::kSignBit;
constexpr u64 kExact = 1 << 8, kUnsignedSource = 1 << 9;
constexpr u64 kNoInexact = 1 << 12, kUnsignedResult = 1 << 13;

/// Rounding methods that the host has, and 0, which is the current one.
bool host_rounds_by(u32 m3) { return m3 == 0 || (m3 >= 4 && m3 <= 7); }
bool is_rounding_method(u32 m3) { return m3 <= 1 || (m3 >= 3 && m3 <= 7); }

} // namespace

void Lowering::forget_fprs() {
  std::fill_n(long_fprs_, 16, kNone);
  std::fill_n(short_fprs_, 16, kNone);
  floating_checked_ = false;
}

void Lowering::check_floating() {
  if (floating_checked_) return;
  floating_checked_ = true;
  const Instruction& i = block_.instructions.back();
  Exit before = here(Exit::Kind::Again);
  before.target = i.offset;
  before.cycles = static_cast<u16>(before.cycles - i.cost);
  --before.instructions;
  add({.op = Op::CheckFloating, .exit = add_exit(before)});
}

Value Lowering::fpr(Type type, u32 n) {
  const bool is_long = type == Type::I64;
  Value& known = (is_long ? long_fprs_ : short_fprs_)[n];
  if (known == kNone) known = add({.op = is_long ? Op::GetFpr : Op::GetFprShort, .type = type, .imm = n});
  return known;
}

void Lowering::set_fpr(Type type, u32 n, Value v) {
  const bool is_long = type == Type::I64;
  add({.op = is_long ? Op::SetFpr : Op::SetFprShort, .a = v, .imm = n});
  long_fprs_[n] = is_long ? v : kNone;
  short_fprs_[n] = is_long ? kNone : v;
}

Value Lowering::floating_operation(Op op, Type type, u32 n, Value a, Value b, u64 how) {
  const Value v = add({.op = op, .type = type, .a = a, .b = b, .exit = fault(), .imm = n | how});
  long_fprs_[n] = type == Type::I64 ? v : kNone;
  short_fprs_[n] = type == Type::I64 ? kNone : v;
  return v;
}

bool Lowering::floating(const isa::InstructionDef& def, const Fields& f) {
  const Type L = Type::I64, S = Type::I32;
  const auto in_storage = [&](Type type) {
    return load(type, address(f.b2, f.d2, f.x2), type == Type::I64 ? 8 : 4, f.b2);
  };
  const auto second = [&](Type type, bool storage) { return storage ? in_storage(type) : fpr(type, f.r2); };

  const auto load_from_storage = [&](Type type) {
    check_floating();
    set_fpr(type, f.r1, in_storage(type));
    return true;
  };
  const auto store_to_storage = [&](Type type) {
    check_floating();
    const Value a = address(f.b2, f.d2, f.x2);
    store(a, fpr(type, f.r1), type == Type::I64 ? 8 : 4, f.b2, cc_);
    return true;
  };
  const auto move = [&](Type type) {
    check_floating();
    set_fpr(type, f.r1, fpr(type, f.r2));
    return true;
  };
  const auto zero = [&](Type type) {
    check_floating();
    set_fpr(type, f.r1, constant(type, 0));
    return true;
  };
  const auto change_sign = [&](Type type, Op op, bool sets_cc) {
    check_floating();
    const u64 sign = type == Type::I64 ? kSign64 : kSign32;
    const Value v = binary(op, type, fpr(type, f.r2), constant(type, op == Op::And ? ~sign : sign));
    set_fpr(type, f.r1, v);
    if (sets_cc) set_cc(cc_node(Op::CcFloatSign, v));
    return true;
  };
  const auto arithmetic = [&](Op op, Type type, bool storage) {
    check_floating();
    const Value v = floating_operation(op, type, f.r1, second(type, storage));
    if (op == Op::FloatAdd || op == Op::FloatSubtract || op == Op::FloatTest) set_cc(cc_node(Op::CcFloatSign, v));
    return true;
  };
  const auto multiply_and_add = [&](Op op, Type type, bool storage) {
    check_floating();
    const Value b = second(type, storage);
    floating_operation(op, type, f.r1, b, fpr(type, f.r3));
    return true;
  };
  const auto compare = [&](Type type, bool storage) {
    check_floating();
    const Value b = second(type, storage), a = fpr(type, f.r1);
    add({.op = Op::FloatCompare, .a = a, .b = b, .exit = fault()});
    set_cc(cc_node(Op::CcFloatCompare, a, b));
    return true;
  };
  const auto lengthen = [&](bool storage) {
    check_floating();
    floating_operation(Op::FloatLengthen, L, f.r1, second(S, storage));
    return true;
  };
  const auto round = [&] {
    if (f.m3 != 0 && f.m3 != 4) return false;
    check_floating();
    floating_operation(Op::FloatRound, S, f.r1, fpr(L, f.r2));
    return true;
  };
  const auto from_fixed = [&](Type type, u32 bits, bool is_signed) {
    const bool exact = type == Type::I64 && bits == 32;
    if (!(exact ? is_rounding_method(f.m3) : f.m3 == 0 || f.m3 == 4)) return false;
    check_floating();
    const Value a =
        bits == 64 ? gr(f.r2) : unary(is_signed ? Op::SignExtend : Op::ZeroExtend, Type::I64, gr_low(f.r2), 32);
    const u64 how = (exact ? kExact : 0) | (bits == 64 && !is_signed ? kUnsignedSource : 0);
    floating_operation(Op::FloatFromFixed, type, f.r1, a, kNone, how);
    return true;
  };
  const auto how_rounded = [&] { return u64{f.m3} << 8 | ((f.m4 & 4) != 0 ? kNoInexact : 0); };
  const auto to_integer = [&](Type type) {
    if (!host_rounds_by(f.m3)) return false;
    check_floating();
    floating_operation(Op::FloatToInteger, type, f.r1, fpr(type, f.r2), kNone, how_rounded());
    return true;
  };
  const auto to_fixed = [&](Type type, u32 bits, bool is_signed) {
    if (!host_rounds_by(f.m3)) return false;
    check_floating();
    const Value a = fpr(type, f.r2);
    const ExitIndex failed = fault();
    Exit done = here(Exit::Kind::Again);
    done.target = block_.end();
    done.cc = kNone; // the row has set it
    const Value v = add({.op = Op::FloatToFixed,
                         .type = bits == 64 ? Type::I64 : Type::I32,
                         .a = a,
                         .exit = failed,
                         .after = add_exit(done),
                         .imm = bits | how_rounded() | (is_signed ? 0 : kUnsignedResult)});
    if (bits == 64)
      set_gr(f.r1, v);
    else
      set_gr_low(f.r1, v);
    set_cc(cc_node(Op::CcFloatSign, a));
    return true;
  };

  switch (def.opcode) {
  case 0x7800: // LE
  case 0xED64: // LEY
    return load_from_storage(S);
  case 0x6800: // LD
  case 0xED65: // LDY
    return load_from_storage(L);
  case 0x7000: // STE
  case 0xED66: // STEY
    return store_to_storage(S);
  case 0x6000: // STD
  case 0xED67: // STDY
    return store_to_storage(L);
  case 0x3800: return move(S);                                               // LER
  case 0x2800: return move(L);                                               // LDR
  case 0xB374: return zero(S);                                               // LZER
  case 0xB375: return zero(L);                                               // LZDR
  case 0xB370: return change_sign(L, Op::And, false);                        // LPDFR
  case 0xB371: return change_sign(L, Op::Or, false);                         // LNDFR
  case 0xB373: return change_sign(L, Op::Xor, false);                        // LCDFR
  case 0xB300: return change_sign(S, Op::And, true);                         // LPEBR
  case 0xB301: return change_sign(S, Op::Or, true);                          // LNEBR
  case 0xB303: return change_sign(S, Op::Xor, true);                         // LCEBR
  case 0xB310: return change_sign(L, Op::And, true);                         // LPDBR
  case 0xB311: return change_sign(L, Op::Or, true);                          // LNDBR
  case 0xB313: return change_sign(L, Op::Xor, true);                         // LCDBR
  case 0xB302: return arithmetic(Op::FloatTest, S, false);                   // LTEBR
  case 0xB312: return arithmetic(Op::FloatTest, L, false);                   // LTDBR
  case 0xB30A: return arithmetic(Op::FloatAdd, S, false);                    // AEBR
  case 0xED0A: return arithmetic(Op::FloatAdd, S, true);                     // AEB
  case 0xB31A: return arithmetic(Op::FloatAdd, L, false);                    // ADBR
  case 0xED1A: return arithmetic(Op::FloatAdd, L, true);                     // ADB
  case 0xB30B: return arithmetic(Op::FloatSubtract, S, false);               // SEBR
  case 0xED0B: return arithmetic(Op::FloatSubtract, S, true);                // SEB
  case 0xB31B: return arithmetic(Op::FloatSubtract, L, false);               // SDBR
  case 0xED1B: return arithmetic(Op::FloatSubtract, L, true);                // SDB
  case 0xB317: return arithmetic(Op::FloatMultiply, S, false);               // MEEBR
  case 0xED17: return arithmetic(Op::FloatMultiply, S, true);                // MEEB
  case 0xB31C: return arithmetic(Op::FloatMultiply, L, false);               // MDBR
  case 0xED1C: return arithmetic(Op::FloatMultiply, L, true);                // MDB
  case 0xB30D: return arithmetic(Op::FloatDivide, S, false);                 // DEBR
  case 0xED0D: return arithmetic(Op::FloatDivide, S, true);                  // DEB
  case 0xB31D: return arithmetic(Op::FloatDivide, L, false);                 // DDBR
  case 0xED1D: return arithmetic(Op::FloatDivide, L, true);                  // DDB
  case 0xB314: return arithmetic(Op::FloatSquareRoot, S, false);             // SQEBR
  case 0xED14: return arithmetic(Op::FloatSquareRoot, S, true);              // SQEB
  case 0xB315: return arithmetic(Op::FloatSquareRoot, L, false);             // SQDBR
  case 0xED15: return arithmetic(Op::FloatSquareRoot, L, true);              // SQDB
  case 0xB30E: return multiply_and_add(Op::FloatMultiplyAdd, S, false);      // MAEBR
  case 0xED0E: return multiply_and_add(Op::FloatMultiplyAdd, S, true);       // MAEB
  case 0xB31E: return multiply_and_add(Op::FloatMultiplyAdd, L, false);      // MADBR
  case 0xED1E: return multiply_and_add(Op::FloatMultiplyAdd, L, true);       // MADB
  case 0xB30F: return multiply_and_add(Op::FloatMultiplySubtract, S, false); // MSEBR
  case 0xED0F: return multiply_and_add(Op::FloatMultiplySubtract, S, true);  // MSEB
  case 0xB31F: return multiply_and_add(Op::FloatMultiplySubtract, L, false); // MSDBR
  case 0xED1F: return multiply_and_add(Op::FloatMultiplySubtract, L, true);  // MSDB
  case 0xB308:                                                               // KEBR
  case 0xB309:                                                               // CEBR
    return compare(S, false);
  case 0xED08: // KEB
  case 0xED09: // CEB
    return compare(S, true);
  case 0xB318: // KDBR
  case 0xB319: // CDBR
    return compare(L, false);
  case 0xED18: // KDB
  case 0xED19: // CDB
    return compare(L, true);
  case 0xB304: return lengthen(false);          // LDEBR
  case 0xED04: return lengthen(true);           // LDEB
  case 0xB344: return round();                  // LEDBR
  case 0xB390: return from_fixed(S, 32, false); // CELFBR
  case 0xB391: return from_fixed(L, 32, false); // CDLFBR
  case 0xB394: return from_fixed(S, 32, true);  // CEFBR
  case 0xB395: return from_fixed(L, 32, true);  // CDFBR
  case 0xB3A0: return from_fixed(S, 64, false); // CELGBR
  case 0xB3A1: return from_fixed(L, 64, false); // CDLGBR
  case 0xB3A4: return from_fixed(S, 64, true);  // CEGBR
  case 0xB3A5: return from_fixed(L, 64, true);  // CDGBR
  case 0xB357: return to_integer(S);            // FIEBR
  case 0xB35F: return to_integer(L);            // FIDBR
  case 0xB398: return to_fixed(S, 32, true);    // CFEBR
  case 0xB399: return to_fixed(L, 32, true);    // CFDBR
  case 0xB39C: return to_fixed(S, 32, false);   // CLFEBR
  case 0xB39D: return to_fixed(L, 32, false);   // CLFDBR
  case 0xB3A8: return to_fixed(S, 64, true);    // CGEBR
  case 0xB3A9: return to_fixed(L, 64, true);    // CGDBR
  case 0xB3AC: return to_fixed(S, 64, false);   // CLGEBR
  case 0xB3AD: return to_fixed(L, 64, false);   // CLGDBR
  case 0xB372: {                                // CPSDR
    check_floating();
    const Value magnitude = binary(Op::And, L, fpr(L, f.r2), constant(L, ~kSign64));
    const Value sign = binary(Op::And, L, fpr(L, f.r3), constant(L, kSign64));
    set_fpr(L, f.r1, binary(Op::Or, L, magnitude, sign));
    return true;
  }
  case 0xB3C1: // LDGR
    check_floating();
    set_fpr(L, f.r1, gr(f.r2));
    return true;
  case 0xB3CD: // LGDR
    check_floating();
    set_gr(f.r1, fpr(L, f.r2));
    return true;
  default: return false;
  }
}

} // namespace siena::cpu::jit::ir
