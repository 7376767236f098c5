// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/jit/x64/encoder.h"

#include <cstring>

namespace siena::cpu::jit::x64 {

namespace {

constexpr int kGeneral = 32 | 64;

template <typename T>
u8* put(u8* at, T value) {
  std::memcpy(at, &value, sizeof value);
  return at + sizeof value;
}

/// `reg` and `other` (or base) from 8 on need the prefix, as does a width of 64 bits.
u8* put_prefix(u8* at, bool wide, int reg, int index, int base) {
  const auto bits = static_cast<u8>((wide ? 8 : 0) | (reg >> 3 & 1) << 2 | (index >> 3 & 1) << 1 | (base >> 3 & 1));
  if (bits != 0) *at++ = static_cast<u8>(0x40 | bits);
  return at;
}

u8* put_opcode(u8* at, u32 opcode) {
  if (opcode > 0xFFFF) *at++ = static_cast<u8>(opcode >> 16);
  if (opcode > 0xFF) *at++ = static_cast<u8>(opcode >> 8);
  *at++ = static_cast<u8>(opcode);
  return at;
}

constexpr u8 modrm(unsigned mode, int reg, int other) {
  return static_cast<u8>(mode << 6 | (static_cast<unsigned>(reg) & 7) << 3 | (static_cast<unsigned>(other) & 7));
}

constexpr bool is_small(s64 n) { return n == static_cast<s8>(n); }

/// The common shape of addresses: a base, perhaps an index.
struct Parts {
  int base, index; ///< index -1: none
  int scale;       ///< binary logarithm
  s32 displacement;
};

bool parts_of(const Xbyak::Address& address, Parts& parts) {
  if (address.getMode() != Xbyak::Address::M_ModRM) return false;
  const Xbyak::RegExp e = address.getRegExp(false);
  if (e.getBase().getBit() != 64) return false;
  parts.base = e.getBase().getIdx();
  parts.index = e.getIndex().getBit() == 64 ? e.getIndex().getIdx() : -1;
  if (parts.index < 0 && e.getIndex().getBit() != 0) return false;
  parts.scale = e.getScale() == 8 ? 3 : e.getScale() >> 1;
  parts.displacement = static_cast<s32>(e.getDisp());
  return true;
}

u8* put_address(u8* at, int reg, const Parts& p) {
  constexpr int kStack = 4, kFrame = 5; // rsp and r12 need a SIB byte, rbp and r13 a displacement
  const bool sib = p.index >= 0 || (p.base & 7) == kStack;
  const unsigned mode = p.displacement == 0 && (p.base & 7) != kFrame ? 0 : is_small(p.displacement) ? 1 : 2;
  *at++ = modrm(mode, reg, sib ? kStack : p.base);
  if (sib) *at++ = modrm(static_cast<unsigned>(p.index >= 0 ? p.scale : 0), p.index >= 0 ? p.index : kStack, p.base);
  if (mode == 1) *at++ = static_cast<u8>(p.displacement);
  if (mode == 2) at = put(at, p.displacement);
  return at;
}

} // namespace

void Encoder::in_register(u8 opcode, bool wide, int reg, int other) {
  u8* at = put_prefix(here(), wide, reg, 0, other);
  *at++ = opcode;
  *at++ = modrm(3, reg, other);
  wrote(at);
}

bool Encoder::in_storage(u32 opcode, bool wide, int reg, const Xbyak::Address& address) {
  Parts p;
  if (!parts_of(address, p)) return false;
  u8* at = put_opcode(put_prefix(here(), wide, reg, p.index < 0 ? 0 : p.index, p.base), opcode);
  wrote(put_address(at, reg, p));
  return true;
}

bool Encoder::two(u8 opcode, const Xbyak::Operand& left, const Xbyak::Operand& right) {
  if (right.isREG(kGeneral)) {
    const bool wide = right.isBit(64);
    if (left.isMEM()) return in_storage(opcode, wide, right.getIdx(), static_cast<const Xbyak::Address&>(left));
    if (!left.isREG(right.getBit())) return false;
    in_register(opcode, wide, right.getIdx(), left.getIdx());
    return true;
  }
  return left.isREG(kGeneral) && right.isMEM() &&
         in_storage(opcode + 2u, left.isBit(64), left.getIdx(), static_cast<const Xbyak::Address&>(right));
}

bool Encoder::with_constant(int operation, const Xbyak::Operand& to, u32 constant) {
  if (!to.isBit(kGeneral)) return false;
  const bool small = is_small(static_cast<s32>(constant));
  if (to.isREG(kGeneral)) {
    if (to.getIdx() == 0 && !small) return false; // has a form of its own
    in_register(small ? 0x83 : 0x81, to.isBit(64), operation, to.getIdx());
  } else if (!to.isMEM() ||
             !in_storage(small ? 0x83 : 0x81, to.isBit(64), operation, static_cast<const Xbyak::Address&>(to))) {
    return false;
  }
  wrote(small ? put(here(), static_cast<u8>(constant)) : put(here(), constant));
  return true;
}

bool Encoder::move_constant(const Xbyak::Operand& to, u64 constant) {
  const bool is_signed = static_cast<s64>(constant) == static_cast<s32>(constant);
  if (to.isMEM()) {
    if (!to.isBit(kGeneral) || (to.isBit(64) && !is_signed) ||
        !in_storage(0xC7, to.isBit(64), 0, static_cast<const Xbyak::Address&>(to)))
      return false;
    wrote(put(here(), static_cast<u32>(constant)));
    return true;
  }
  if (!to.isREG(kGeneral)) return false;
  const int reg = to.getIdx();
  if (to.isBit(64) && constant > 0xFFFF'FFFF) {
    if (!is_signed) return false;
    in_register(0xC7, true, 0, reg);
    wrote(put(here(), static_cast<u32>(constant)));
    return true;
  }
  u8* at = put_prefix(here(), false, 0, 0, reg);
  *at++ = static_cast<u8>(0xB8 + (reg & 7));
  wrote(put(at, static_cast<u32>(constant)));
  return true;
}

void Encoder::rotate(bool wide, int to, int from, u8 by) {
  u8* at = here();
  *at++ = 0xC4;
  *at++ = static_cast<u8>((to < 8 ? 0x80 : 0) | 0x40 | (from < 8 ? 0x20 : 0) | 3); // 0F 3A
  *at++ = static_cast<u8>((wide ? 0x80 : 0) | 0x78 | 3);                           // no second source; F2
  *at++ = 0xF0;
  *at++ = modrm(3, to, from);
  *at++ = by;
  wrote(at);
}

void Encoder::shift(int operation, const Xbyak::Operand& to, int by) {
  CHECK(to.isREG(kGeneral), "shifts are of 32 and 64 bits");
  in_register(by == 1 ? 0xD1 : 0xC1, to.isBit(64), operation, to.getIdx());
  if (by != 1) wrote(put(here(), static_cast<u8>(by)));
}

void Encoder::jump(u8 short_opcode, u8 near_opcode, Label& to, LabelType type, bool conditional) {
  u8* at = here();
  if (to.is_bound() && type != T_NEAR) {
    const s64 distance = static_cast<s64>(to.at_) - static_cast<s64>(size_) - 2;
    if (is_small(distance)) {
      *at++ = short_opcode;
      *at++ = static_cast<u8>(distance);
      return wrote(at);
    }
  }
  const auto field_at = [&] { return static_cast<u32>(at - top_); };
  if (type == T_NEAR || to.is_bound()) {
    if (conditional) *at++ = 0x0F;
    *at++ = near_opcode;
    const u32 field = field_at();
    if (to.is_bound()) return wrote(put(at, to.at_ - (field + 4)));
    wrote(put(at, to.near_));
    to.near_ = field;
  } else {
    *at++ = short_opcode;
    const u32 field = field_at();
    CHECK(to.short_ == 0 || field - to.short_ < 128, "short jumps to one place are near one another");
    *at++ = static_cast<u8>(to.short_ == 0 ? 0 : field - to.short_);
    wrote(at);
    to.short_ = field;
  }
  ++waiting_;
}

void Encoder::L(Label& label) {
  label.at_ = static_cast<u32>(size_);
  while (label.near_ != 0) {
    const u32 field = label.near_;
    std::memcpy(&label.near_, top_ + field, sizeof label.near_);
    (void)put(top_ + field, label.at_ - (field + 4));
    --waiting_;
  }
  while (label.short_ != 0) {
    const u32 field = label.short_;
    const u8 before = top_[field];
    CHECK(label.at_ - field - 1 < 128, "a short jump reaches its label");
    top_[field] = static_cast<u8>(label.at_ - field - 1);
    label.short_ = before == 0 ? 0 : field - before;
    --waiting_;
  }
}

void Encoder::to_known(u8 opcode, const u8* to) {
  u8* at = here();
  *at++ = opcode;
  wrote(put(at, static_cast<u32>(to - at - 4)));
}

} // namespace siena::cpu::jit::x64
