// SPDX-License-Identifier: BSD-3-Clause
// Storage to storage of up to 256 bytes whose number only the execution knows: shared routines, which translated code calls.
// Operands are done in pieces of one width, the last of which may overlap the one before.
#include "cpu/jit/x64/assembler.h"

#include <cstddef>

namespace siena::cpu::jit::x64 {

namespace {
const Xbyak::Xmm kX0(0), kX1(1);
const Xbyak::Ymm kY0(0), kY2(2);

/// Its rightmost bytes.
Xbyak::Reg part(const Reg64& r, u32 bytes) {
  switch (bytes) {
  case 1: return r8(r.getIdx());
  case 2: return r16(r.getIdx());
  case 4: return r32(r.getIdx());
  default: return r;
  }
}
} // namespace

// `address` becomes the host's; rsi and rdi are changed. rdx: bytes less one.
void Assembler::find_operand(const Reg64& address, bool for_store, Label& miss) {
  const auto tag =
      static_cast<int>(for_store ? offsetof(mmu::TlbEntry, store_tag) : offsetof(mmu::TlbEntry, fetch_tag));
  mov(rsi, address);
  lea(rdi, ptr[address + rdx]);
  shr(rsi, kTlbShift);
  and_(esi, kTlbIndexMask);
  and_(rdi, static_cast<u32>(kPageMask));
  cmp(rdi, ptr[r12 + rsi + tag]);
  jne(miss, T_NEAR);
  add(address, ptr[r12 + rsi + static_cast<int>(offsetof(mmu::TlbEntry, addend))]);
}

// A cycle for eight bytes, as the rows charge it.
void Assembler::charge_for_length() {
  lea(esi, ptr[rdx + 1]);
  shr(esi, 3);
  imul(esi, esi, time_of(1, 0));
  sub(r13, rsi);
}

/// `body` goes to its label when nothing was done.
template <typename F>
const u8* Assembler::routine(F&& body) {
  Label miss;
  align(16);
  const u8* const at = getCurr();
  push(rdi);
  body(miss);
  pop(rdi);
  clc();
  ret();
  L(miss);
  pop(rdi);
  stc();
  ret();
  return at;
}

/// `many`: more than 32 bytes, `sixteen`: two pieces of 16 bytes, `narrow(n)`: two of n bytes, a power of two.
template <typename Many, typename Sixteen, typename Narrow>
void Assembler::by_length(Many&& many, Sixteen&& sixteen, Narrow&& narrow) {
  Label done, next;
  cmp(edx, 31);
  jbe(next, T_NEAR);
  many();
  vzeroupper();
  jmp(done, T_NEAR);
  L(next);
  for (u32 bytes = 16; bytes != 0; bytes /= 2) {
    Label shorter;
    if (bytes != 1) {
      cmp(edx, bytes - 1);
      jb(shorter, T_NEAR);
    }
    bytes == 16 ? sixteen() : narrow(bytes);
    if (bytes != 1) jmp(done, T_NEAR);
    L(shorter);
  }
  L(done);
}

void Assembler::make_variable_characters() {
  move_variable = routine([&](Label& miss) {
    find_operand(rcx, false, miss);
    find_operand(rax, true, miss);
    // From the left, byte by byte: where the first operand begins within the second that is something else.
    lea(rsi, ptr[rax - 1]);
    sub(rsi, rcx);
    cmp(rsi, rdx);
    jb(miss, T_NEAR);
    charge_for_length();
    by_length(
        [&] {
          // The last piece is read first: the one before it may be written over its place.
          Label again;
          vmovdqu(kY2, ptr[rcx + rdx - 31]);
          mov(esi, 0);
          L(again);
          vmovdqu(kY0, ptr[rcx + rsi]);
          vmovdqu(ptr[rax + rsi], kY0);
          add(esi, 32);
          lea(edi, ptr[rsi + 31]);
          cmp(edi, edx);
          jb(again);
          vmovdqu(ptr[rax + rdx - 31], kY2);
        },
        [&] {
          vmovdqu(kX0, ptr[rcx]);
          vmovdqu(kX1, ptr[rcx + rdx - 15]);
          vmovdqu(ptr[rax], kX0);
          vmovdqu(ptr[rax + rdx - 15], kX1);
        },
        [&](u32 bytes) {
          const Xbyak::Reg first = part(rsi, bytes), last = part(rdi, bytes);
          mov(first, ptr[rcx]);
          mov(last, ptr[rcx + rdx - (bytes - 1)]);
          mov(ptr[rax], first);
          mov(ptr[rax + rdx - (bytes - 1)], last);
        });
  });

  clear_variable = routine([&](Label& miss) {
    find_operand(rax, true, miss);
    charge_for_length();
    vpxor(kX0, kX0, kX0); // and the rest of the register
    mov(ecx, 0);
    by_length(
        [&] {
          Label again;
          vmovdqu(ptr[rax + rdx - 31], kY0);
          lea(rdx, ptr[rax + rdx - 31]);
          L(again);
          vmovdqu(ptr[rax], kY0);
          add(rax, 32);
          cmp(rax, rdx);
          jb(again);
        },
        [&] {
          vmovdqu(ptr[rax], kX0);
          vmovdqu(ptr[rax + rdx - 15], kX0);
        },
        [&](u32 bytes) {
          const Xbyak::Reg zero = part(rcx, bytes);
          mov(ptr[rax], zero);
          mov(ptr[rax + rdx - (bytes - 1)], zero);
        });
  });

  compare_variable = routine([&](Label& miss) {
    find_operand(rcx, false, miss);
    find_operand(rax, false, miss);
    charge_for_length();
    Label by_flags, at_difference, compared;
    // rsi: offset of a piece; its first difference is the operands'.
    const auto piece = [&](const Xbyak::Xmm& v, u32 all) {
      vmovdqu(v, ptr[rax + rsi]);
      vpcmpeqb(v, v, ptr[rcx + rsi]);
      vpmovmskb(edi, v);
      xor_(edi, all);
      jnz(at_difference, T_NEAR);
    };
    by_length(
        [&] {
          Label again;
          mov(esi, 0);
          L(again);
          piece(kY0, 0xFFFF'FFFF);
          add(esi, 32);
          lea(edi, ptr[rsi + 31]);
          cmp(edi, edx);
          jb(again);
          lea(esi, ptr[rdx - 31]);
          piece(kY0, 0xFFFF'FFFF);
          mov(edx, 0);
          vzeroupper();
          jmp(compared, T_NEAR);
        },
        [&] {
          mov(esi, 0);
          piece(kX0, 0xFFFF);
          lea(esi, ptr[rdx - 15]);
          piece(kX0, 0xFFFF);
          mov(edx, 0);
          jmp(compared, T_NEAR);
        },
        [&](u32 bytes) {
          const Xbyak::Reg a = part(rsi, bytes), b = part(rdi, bytes);
          const auto piece_at = [&](const Xbyak::Address& in_a, const Xbyak::Address& in_b) {
            bytes == 1 ? mov(a, in_a) : movbe(a, in_a);
            bytes == 1 ? mov(b, in_b) : movbe(b, in_b);
            cmp(a, b);
          };
          piece_at(ptr[rax], ptr[rcx]);
          jne(by_flags, T_NEAR);
          piece_at(ptr[rax + rdx - (bytes - 1)], ptr[rcx + rdx - (bytes - 1)]);
        });
    L(by_flags);
    seta(dl);
    setb(cl);
    movzx(edx, dl);
    movzx(ecx, cl);
    sub(edx, ecx);
    jmp(compared, T_NEAR);
    L(at_difference);
    vzeroupper();
    tzcnt(edi, edi);
    add(rsi, rdi);
    movzx(edx, byte[rax + rsi]);
    movzx(ecx, byte[rcx + rsi]);
    sub(edx, ecx);
    L(compared);
  });
}

} // namespace siena::cpu::jit::x64
