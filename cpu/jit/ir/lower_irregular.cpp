// SPDX-License-Identifier: BSD-3-Clause
// Hot irregular instructions: branches, addresses, several registers, selected bits. Keyed by the row's opcode.
#include "cpu/isa/semantics/selected_bits.h"
#include "cpu/jit/ir/lowering.h"

#include <bit>

namespace siena::cpu::jit::ir {

void Lowering::branch_cc(u32 mask, ExitIndex e) { add({.op = Op::BranchCc, .a = cc_, .exit = e, .imm = mask}); }

/// Mask bits 8, 4 and 2 select equal, low and high.
void Lowering::branch_compare(u32 mask, bool is_signed, Value a, Value b, ExitIndex e) {
  using enum Condition;
  Condition c{};
  switch (mask & 14) {
  case 8: c = Equal; break;
  case 6: c = NotEqual; break;
  case 4: c = is_signed ? Less : Below; break;
  case 12: c = is_signed ? LessOrEqual : BelowOrEqual; break;
  case 2: c = is_signed ? Greater : Above; break;
  case 10: c = is_signed ? GreaterOrEqual : AboveOrEqual; break;
  case 14: return leave(e);
  default: return;
  }
  add({.op = Op::BranchIf, .condition = c, .a = a, .b = b, .exit = e});
}

bool Lowering::branch(const isa::InstructionDef& def, const Fields& f) {
  const Instruction& i = block_.instructions.back();
  const s64 next = i.offset + i.text.length();
  const auto compare_registers = [&](bool wide, bool is_signed) {
    const Value a = wide ? gr(f.r1) : gr_low(f.r1), b = wide ? gr(f.r2) : gr_low(f.r2);
    if ((f.m3 & 14) != 0) branch_compare(f.m3, is_signed, a, b, taken(f.ri4));
    return true;
  };
  const auto compare_immediate = [&](bool wide, bool is_signed) {
    const Type type = wide ? Type::I64 : Type::I32;
    const Value a = wide ? gr(f.r1) : gr_low(f.r1);
    const Value b = constant(type, is_signed ? static_cast<u64>(f.i2) : f.i2u);
    if ((f.m3 & 14) != 0) branch_compare(f.m3, is_signed, a, b, taken(f.ri4));
    return true;
  };
  const auto count_down = [&](bool wide) {
    const Type type = wide ? Type::I64 : Type::I32;
    const Value one_less = constant(type, ~u64{0}), counted = wide ? gr(f.r1) : gr_low(f.r1);
    const Value count = binary(Op::Add, type, counted, one_less);
    wide ? set_gr(f.r1, count) : set_gr_low(f.r1, count);
    add({.op = Op::BranchIf, .condition = Condition::NotEqual, .a = count, .exit = taken(f.ri2)});
    return true;
  };
  const auto on_index = [&](bool wide, Condition c, s64 ri) {
    // The comparand is R3's odd register, as it was before.
    const auto get = [&](u32 r) { return wide ? gr(r) : gr_low(r); };
    const Value comparand = get(f.r3 | 1);
    const Value sum = binary(Op::Add, wide ? Type::I64 : Type::I32, get(f.r1), get(f.r3));
    wide ? set_gr(f.r1, sum) : set_gr_low(f.r1, sum);
    add({.op = Op::BranchIf, .condition = c, .a = sum, .b = comparand, .exit = taken(ri)});
    return true;
  };
  switch (def.opcode) {
  case 0x0700: // BCR
    if (f.r2 == 0 || f.m1 == 0) return true;
    if (f.m1 == 15)
      leave(taken_indirect(gr(f.r2)));
    else
      branch_cc(f.m1, taken_indirect(gr(f.r2)));
    return true;
  case 0xA704: // BRC
  case 0xC004: // BRCL
    if (f.m1 == 15)
      leave(taken(f.ri2));
    else if (f.m1 != 0)
      branch_cc(f.m1, taken(f.ri2));
    return true;
  case 0xA705: // BRAS
  case 0xC005: // BRASL
    set_gr(f.r1, page_address(next));
    leave(taken(f.ri2));
    return true;
  case 0x0D00: { // BASR
    const Value target = f.r2 != 0 ? gr(f.r2) : kNone;
    set_gr(f.r1, page_address(next));
    if (f.r2 != 0) leave(taken_indirect(target));
    return true;
  }
  case 0x4700: // BC
    if (f.m1 == 15)
      leave(taken_indirect(address(f.b2, f.d2, f.x2)));
    else if (f.m1 != 0)
      branch_cc(f.m1, taken_indirect(address(f.b2, f.d2, f.x2)));
    return true;
  case 0xA706: return count_down(false);                              // BRCT
  case 0xA707: return count_down(true);                               // BRCTG
  case 0x8400: return on_index(false, Condition::Greater, f.ri2);     // BRXH
  case 0x8500: return on_index(false, Condition::LessOrEqual, f.ri2); // BRXLE
  case 0xEC44: return on_index(true, Condition::Greater, f.ri2);      // BRXHG
  case 0xEC45: return on_index(true, Condition::LessOrEqual, f.ri2);  // BRXLG
  case 0xEC76: return compare_registers(false, true);                 // CRJ
  case 0xEC64: return compare_registers(true, true);                  // CGRJ
  case 0xEC77: return compare_registers(false, false);                // CLRJ
  case 0xEC65: return compare_registers(true, false);                 // CLGRJ
  case 0xEC7E: return compare_immediate(false, true);                 // CIJ
  case 0xEC7C: return compare_immediate(true, true);                  // CGIJ
  case 0xEC7F: return compare_immediate(false, false);                // CLIJ
  case 0xEC7D: return compare_immediate(true, false);                 // CLGIJ
  default: return false;
  }
}

bool Lowering::irregular(const isa::InstructionDef& def, const Fields& f) {
  const auto multiple = [&](Op op, u32 bytes) {
    const Value a = address(f.b2, f.d2);
    add({.op = op, .base = static_cast<u8>(f.b2), .a = a, .exit = fault(), .imm = bytes | f.r1 << 8 | f.r3 << 16});
    if (op == Op::LoadMultiple)
      for (u32 r = f.r1;; r = (r + 1) & 15) {
        registers_[r] = {};
        if (r == f.r3) break;
      }
    return true;
  };
  // The bits `selected` of R2 rotated, zeros elsewhere; by a shift where one does.
  const auto rotated = [&](u64 selected) {
    const u32 by = f.i5 & 63;
    // What comes from the right half alone does not wait for a left half that was set at another time.
    const bool right = (std::rotr(selected, static_cast<int>(by)) >> 32) == 0;
    const Value from = right ? unary(Op::ZeroExtend, Type::I64, gr_with_low(f.r2), 32) : gr(f.r2);
    const u64 wrapped = (u64{1} << by) - 1, extent = right ? 0xFFFF'FFFF : ~u64{0};
    const auto shifted = [&](Op op, u32 n) {
      return n != 0 ? binary(op, Type::I64, from, constant(Type::I64, n)) : from;
    };
    u64 there = ~u64{0}; // what the shift leaves
    Value v = kNone;
    if ((selected & wrapped) == 0) {
      v = shifted(Op::ShiftLeft, by);
      there = extent << by;
    } else if ((selected & ~wrapped) == 0) {
      v = shifted(Op::ShiftRight, 64 - by);
      there = wrapped & extent >> (64 - by);
    } else {
      v = shifted(Op::RotateLeft, by);
      there = std::rotl(extent, static_cast<int>(by));
    }
    if (selected == there) return v;
    for (const u32 bits : {8u, 16u, 32u})
      if (selected == (u64{1} << bits) - 1) return unary(Op::ZeroExtend, Type::I64, v, bits);
    return binary(Op::And, Type::I64, v, constant(Type::I64, selected));
  };
  // Bits `selected` of R1 combined with those of the rotated R2; the condition code says whether they are zero.
  const auto combine_selected = [&](Op op) {
    const u64 selected = isa::bit_range<u64>(f.i3 & 63, f.i4 & 63);
    const bool all = selected == ~u64{0};
    const Value first = gr(f.r1);
    Value second = rotated(selected);
    // Where nothing is selected AND must leave ones, the others zeros.
    if (op == Op::And && !all) second = binary(Op::Or, Type::I64, second, constant(Type::I64, ~selected));
    const Value result = binary(op, Type::I64, first, second);
    if ((f.i3 & 0x80) == 0) set_gr(f.r1, result);
    set_cc(cc_node(Op::CcNonZero, all ? result : binary(Op::And, Type::I64, result, constant(Type::I64, selected))));
    return true;
  };
  const bool pair = (f.r1 & 1) == 0;
  const auto divide = [&](Op op, Value divisor) {
    add({.op = op, .a = divisor, .exit = fault(), .imm = f.r1});
    registers_[f.r1] = registers_[f.r1 + 1] = {};
    return true;
  };
  const auto multiply = [&](Value by) {
    const Value a = gr(f.r1 + 1);
    const Value high = binary(Op::MultiplyHigh, Type::I64, a, by), low = binary(Op::Multiply, Type::I64, a, by);
    set_gr(f.r1, high);
    set_gr(f.r1 + 1, low);
    return true;
  };
  const auto word = [&](Value v) { return unary(Op::SignExtend, Type::I64, v, 32); };
  const auto storage = [&](Type type, u32 bytes) { return load(type, address(f.b2, f.d2, f.x2), bytes, f.b2); };
  switch (def.opcode) {
  case 0xB986: return pair && multiply(gr(f.r2));                                    // MLGR
  case 0xE386: return pair && multiply(storage(Type::I64, 8));                       // MLG
  case 0xB987: return pair && divide(Op::DivideUnsigned, gr(f.r2));                  // DLGR
  case 0xE387: return pair && divide(Op::DivideUnsigned, storage(Type::I64, 8));     // DLG
  case 0xB90D: return pair && divide(Op::DivideSigned, gr(f.r2));                    // DSGR
  case 0xE30D: return pair && divide(Op::DivideSigned, storage(Type::I64, 8));       // DSG
  case 0xB91D: return pair && divide(Op::DivideSigned, word(gr_low(f.r2)));          // DSGFR
  case 0xE31D: return pair && divide(Op::DivideSigned, word(storage(Type::I32, 4))); // DSGF
  case 0xEC54: return combine_selected(Op::And);                                     // RNSBG
  case 0xEC56: return combine_selected(Op::Or);                                      // ROSBG
  case 0xEC57: return combine_selected(Op::Xor);                                     // RXSBG
  case 0x4100:                                                                       // LA
  case 0xE371:                                                                       // LAY
    set_gr(f.r1, address(f.b2, f.d2, f.x2));
    return true;
  case 0xC000: // LARL
    set_gr(f.r1, page_address(block_.instructions.back().offset + f.ri2));
    return true;
  case 0xEB04: return multiple(Op::LoadMultiple, 8);  // LMG
  case 0xEB24: return multiple(Op::StoreMultiple, 8); // STMG
  case 0xEC55:                                        // RISBG
  case 0xEC59: {                                      // RISBGN
    const u64 selected = isa::bit_range<u64>(f.i3 & 63, f.i4 & 63);
    Value result = rotated(selected);
    if ((f.i4 & 0x80) == 0 && selected != ~u64{0}) {
      const Value others = constant(Type::I64, ~selected), before = gr(f.r1);
      result = binary(Op::Or, Type::I64, binary(Op::And, Type::I64, before, others), result);
    }
    set_gr(f.r1, result);
    if (def.opcode == 0xEC55) set_cc(cc_node(Op::CcSign, result));
    return true;
  }
  case 0xB24F: set_gr_low(f.r1, add({.op = Op::GetAr, .type = Type::I32, .imm = f.r2})); return true; // EAR
  case 0xB222: {                                                                                      // IPM
    const auto field = [&](Value v, u64 mask, u64 left) {
      const Value bits = mask != 0 ? binary(Op::And, Type::I32, v, constant(Type::I32, mask)) : v;
      return left != 0 ? binary(Op::ShiftLeft, Type::I32, bits, constant(Type::I32, left)) : bits;
    };
    const Value cc = add({.op = Op::CcValue, .type = Type::I32, .a = cc_});
    const Value psw = add({.op = Op::PswMask, .type = Type::I64});
    const Value mask = unary(Op::Truncate, Type::I32, binary(Op::ShiftRight, Type::I64, psw, constant(Type::I64, 40)));
    const Value both = binary(Op::Or, Type::I32, field(cc, 0, 28), field(mask, 15, 24));
    set_gr_low(f.r1, binary(Op::Or, Type::I32, field(gr_low(f.r1), 0x00FF'FFFF, 0), both));
    return true;
  }
  case 0xB90F: set_gr(f.r1, unary(Op::ByteSwap, Type::I64, gr(f.r2), 8)); return true;         // LRVGR
  case 0xB91F: set_gr_low(f.r1, unary(Op::ByteSwap, Type::I32, gr_low(f.r2), 4)); return true; // LRVR
  case 0xB983: {                                                                               // FLOGR
    if ((f.r1 & 1) != 0) return false;
    const Value of = gr(f.r2), zeros = unary(Op::LeadingZeros, Type::I64, of);
    const Value found = binary(Op::ShiftRight, Type::I64, constant(Type::I64, u64{1} << 63), zeros);
    const Value others =
        binary(Op::And, Type::I64, of, binary(Op::Xor, Type::I64, found, constant(Type::I64, ~u64{0})));
    set_cc(cc_node(Op::CcCompareLogical, of, constant(Type::I64, 0)));
    set_gr(f.r1, zeros);
    set_gr(f.r1 + 1, others);
    return true;
  }
  case 0xE336: // PFD
  case 0xC602: // PFDRL
  case 0xC700: // BPP
  case 0xC500: // BPRP
  case 0xB2FA: // NIAI
    return true;
  default: return false;
  }
}

} // namespace siena::cpu::jit::ir
