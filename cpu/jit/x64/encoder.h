// SPDX-License-Identifier: BSD-3-Clause
// Xbyak with short ways for what most of a block consists of: moves, arithmetic, loads and stores of general registers, jumps. The
// bytes are Xbyak's, written at once instead of by way of operand classes; labels need no memory. All else goes to Xbyak.
#pragma once

#include "base/check.h"
#include "base/types.h"

#define XBYAK_NO_EXCEPTION
#include <xbyak/xbyak.h>

namespace siena::cpu::jit::x64 {

/// A place in the code that jumps lead to. Jumps that do not know it yet are chained through their own displacement fields. A copy
/// may be bound instead of the original when nobody jumps to that any more.
class Label {
 public:
  bool is_bound() const { return at_ != 0; }

 private:
  friend class Encoder;
  // Offsets in the code, none of which is 0.
  u32 at_ = 0;
  u32 near_ = 0;  ///< of the last 32-bit field that waits; the field has the offset of the one before
  u32 short_ = 0; ///< of the last 8-bit field; the field has the distance of the one before
};

class Encoder : public Xbyak::CodeGenerator {
 public:
  using CodeGenerator::CodeGenerator;

  using CodeGenerator::mov;
  void mov(const Xbyak::Operand& to, const Xbyak::Operand& from) {
    if (!two(0x89, to, from)) CodeGenerator::mov(to, from);
  }
  void mov(const Xbyak::Operand& to, u64 constant) {
    if (!move_constant(to, constant)) CodeGenerator::mov(to, constant);
  }
  void lea(const Xbyak::Reg& to, const Xbyak::Address& of) {
    if (!two(0x8D - 2, to, of)) CodeGenerator::lea(to, of);
  }
  void movbe(const Xbyak::Reg& to, const Xbyak::Address& from) {
    if (to.isBit(16) || !in_storage(0x0F38F0, to.isBit(64), to.getIdx(), from)) CodeGenerator::movbe(to, from);
  }
  void movbe(const Xbyak::Address& to, const Xbyak::Reg& from) {
    if (from.isBit(16) || !in_storage(0x0F38F1, from.isBit(64), from.getIdx(), to)) CodeGenerator::movbe(to, from);
  }
  void add(const Xbyak::Operand& to, const Xbyak::Operand& from) {
    if (!two(0x01, to, from)) CodeGenerator::add(to, from);
  }
  void or_(const Xbyak::Operand& to, const Xbyak::Operand& from) {
    if (!two(0x09, to, from)) CodeGenerator::or_(to, from);
  }
  void and_(const Xbyak::Operand& to, const Xbyak::Operand& from) {
    if (!two(0x21, to, from)) CodeGenerator::and_(to, from);
  }
  void sub(const Xbyak::Operand& to, const Xbyak::Operand& from) {
    if (!two(0x29, to, from)) CodeGenerator::sub(to, from);
  }
  void xor_(const Xbyak::Operand& to, const Xbyak::Operand& from) {
    if (!two(0x31, to, from)) CodeGenerator::xor_(to, from);
  }
  void cmp(const Xbyak::Operand& to, const Xbyak::Operand& from) {
    if (!two(0x39, to, from)) CodeGenerator::cmp(to, from);
  }
  void test(const Xbyak::Operand& one, const Xbyak::Reg& other) {
    if (!one.isREG() || !two(0x85, one, other)) CodeGenerator::test(one, other);
  }
  void test(const Xbyak::Operand& one, u32 constant) { CodeGenerator::test(one, constant); }
  // Constants are sign-extended.
  void add(const Xbyak::Operand& to, u32 constant) {
    if (!with_constant(0, to, constant)) CodeGenerator::add(to, constant);
  }
  void or_(const Xbyak::Operand& to, u32 constant) {
    if (!with_constant(1, to, constant)) CodeGenerator::or_(to, constant);
  }
  void and_(const Xbyak::Operand& to, u32 constant) {
    if (!with_constant(4, to, constant)) CodeGenerator::and_(to, constant);
  }
  void sub(const Xbyak::Operand& to, u32 constant) {
    if (!with_constant(5, to, constant)) CodeGenerator::sub(to, constant);
  }
  void xor_(const Xbyak::Operand& to, u32 constant) {
    if (!with_constant(6, to, constant)) CodeGenerator::xor_(to, constant);
  }
  void cmp(const Xbyak::Operand& to, u32 constant) {
    if (!with_constant(7, to, constant)) CodeGenerator::cmp(to, constant);
  }
  void rorx(const Xbyak::Reg64& to, const Xbyak::Reg64& from, u8 by) { rotate(true, to.getIdx(), from.getIdx(), by); }
  void rorx(const Xbyak::Reg32& to, const Xbyak::Reg32& from, u8 by) { rotate(false, to.getIdx(), from.getIdx(), by); }
  void shl(const Xbyak::Operand& to, int by) { shift(4, to, by); }
  void shr(const Xbyak::Operand& to, int by) { shift(5, to, by); }
  void sar(const Xbyak::Operand& to, int by) { shift(7, to, by); }

  // Jumps: near with T_NEAR, else short, unless the label is bound and farther away.
  void L(Label& label);
  const u8* address(const Label& label) const { return label.is_bound() ? top_ + label.at_ : nullptr; }
  using CodeGenerator::jmp;
  void jmp(Label& to, LabelType type = T_SHORT) { jump(0xEB, 0xE9, to, type); }
  void jo(Label& to, LabelType type = T_SHORT) { jump_if(0, to, type); }
  void jc(Label& to, LabelType type = T_SHORT) { jump_if(2, to, type); }
  void jb(Label& to, LabelType type = T_SHORT) { jump_if(2, to, type); }
  void jnc(Label& to, LabelType type = T_SHORT) { jump_if(3, to, type); }
  void jae(Label& to, LabelType type = T_SHORT) { jump_if(3, to, type); }
  void je(Label& to, LabelType type = T_SHORT) { jump_if(4, to, type); }
  void jz(Label& to, LabelType type = T_SHORT) { jump_if(4, to, type); }
  void jne(Label& to, LabelType type = T_SHORT) { jump_if(5, to, type); }
  void jnz(Label& to, LabelType type = T_SHORT) { jump_if(5, to, type); }
  void jbe(Label& to, LabelType type = T_SHORT) { jump_if(6, to, type); }
  void ja(Label& to, LabelType type = T_SHORT) { jump_if(7, to, type); }
  void js(Label& to, LabelType type = T_SHORT) { jump_if(8, to, type); }
  void jns(Label& to, LabelType type = T_SHORT) { jump_if(9, to, type); }
  void jp(Label& to, LabelType type = T_SHORT) { jump_if(10, to, type); }
  void jnp(Label& to, LabelType type = T_SHORT) { jump_if(11, to, type); }
  void jl(Label& to, LabelType type = T_SHORT) { jump_if(12, to, type); }
  void jge(Label& to, LabelType type = T_SHORT) { jump_if(13, to, type); }
  void jle(Label& to, LabelType type = T_SHORT) { jump_if(14, to, type); }
  void jg(Label& to, LabelType type = T_SHORT) { jump_if(15, to, type); }
  /// To an address in the same buffer.
  void jump_to(const u8* to) { to_known(0xE9, to); }
  void call_to(const u8* to) { to_known(0xE8, to); }

  /// Jumps whose label is not bound yet.
  unsigned waiting() const { return waiting_; }

 private:
  /// `opcode`: of the form with a register on the right; the one with a register on the left is two more. False: not such operands.
  bool two(u8 opcode, const Xbyak::Operand& left, const Xbyak::Operand& right);
  bool with_constant(int operation, const Xbyak::Operand& to, u32 constant);
  bool move_constant(const Xbyak::Operand& to, u64 constant);
  bool in_storage(u32 opcode, bool wide, int reg, const Xbyak::Address& address);
  void in_register(u8 opcode, bool wide, int reg, int other);
  void rotate(bool wide, int to, int from, u8 by);
  void shift(int operation, const Xbyak::Operand& to, int by);
  void jump(u8 short_opcode, u8 near_opcode, Label& to, LabelType type, bool conditional = false);
  void jump_if(int condition, Label& to, LabelType type) {
    jump(static_cast<u8>(0x70 + condition), static_cast<u8>(0x80 + condition), to, type, true);
  }
  void to_known(u8 opcode, const u8* to);
  u8* here() { return top_ + size_; }
  void wrote(const u8* end) { size_ = static_cast<std::size_t>(end - top_); }

  unsigned waiting_ = 0;
};

} // namespace siena::cpu::jit::x64
