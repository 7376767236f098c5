// SPDX-License-Identifier: BSD-3-Clause
// Storage to storage, 1 to 256 bytes: in pieces of up to 32 bytes, the last of which may overlap the one before.
#include "cpu/jit/x64/emitter.h"

#include <vector>

namespace siena::cpu::jit::x64 {

using Xbyak::RegExp;
using Xbyak::Xmm;
using Xbyak::Ymm;

namespace {

struct Piece {
  u32 offset, bytes;
};

/// Covers `length` bytes by pieces of at most `largest` (a power of two) in ascending order. Where `overlap`, the last one is as large
/// as the others and begins within the one before.
std::vector<Piece> pieces_of(u32 length, u32 largest, bool overlap) {
  std::vector<Piece> pieces;
  u32 at = 0, bytes = largest;
  while (at < length) {
    while (bytes > length - at) {
      if (overlap && at >= bytes - (length - at) && bytes >= 4 && at != 0) {
        at = length - bytes;
        break;
      }
      bytes /= 2;
    }
    pieces.push_back({at, bytes});
    at += bytes;
  }
  return pieces;
}

RegExp at(const RegExp& base, u32 offset) { return base + static_cast<std::size_t>(offset); }

} // namespace

void Emitter::characters(std::size_t index, const Node& n) {
  const auto length = static_cast<u32>(n.imm);
  const bool stores = n.op != Op::CompareCharacters;
  Label miss;
  spill_temporaries(index);
  // Addresses are added up so that two registers are left.
  const auto host = [&](Value v, bool for_store) {
    const RegExp found = host_address(v, length, for_store, miss);
    const int r = temporary_of(found);
    a_.lea(r64(r), a_.ptr[found]);
    locked_ = 1u << r;
    return r;
  };
  if (n.op == Op::ClearCharacters) {
    const int to = host(n.a, true);
    Cold& c = row_instead(miss, n);
    clear_characters(r64(to), length);
    forget_temporaries();
    a_.L(c.back);
    return;
  }
  const int second = host(n.b, false);
  const u32 locked = locked_;
  const int first = host(n.a, stores);
  locked_ |= locked;
  const int t = temporary();
  if (stores && length > 1) {
    // From the left, byte by byte: where the first operand begins within the second that is something else.
    a_.lea(r64(t), a_.ptr[r64(first) - 1]);
    a_.sub(r64(t), r64(second));
    a_.cmp(r64(t), length - 1);
    a_.jb(miss, a_.T_NEAR);
  }
  const int scratch = n.op != Op::MoveCharacters ? temporary() : kNoRegister;
  Cold& c = row_instead(miss, n);
  switch (n.op) {
  case Op::MoveCharacters: move_characters(r64(first), r64(second), length, t); break;
  case Op::CompareCharacters: compare_characters(first, second, length, t, scratch); break;
  default: combine_characters(n.op, r64(first), r64(second), length, t, scratch); break;
  }
  if (n.op != Op::MoveCharacters) c.destination = t;
  forget_temporaries();
  a_.L(c.back);
  if (n.op != Op::MoveCharacters) bind(index, t);
}

void Emitter::variable_characters(std::size_t index, const Node& n) {
  using Xbyak::Operand;
  spill_temporaries(index);
  const std::pair<int, Value> operands[] = {{Operand::RAX, n.a}, {Operand::RCX, n.b}, {Operand::RDX, n.c}};
  for (const auto& [r, v] : operands)
    if (in_temporary_[r] != v) evict(r);
  evict(Operand::RSI);
  for (const auto& [r, v] : operands)
    if (v != ir::kNone && in_temporary_[r] != v) load(r, v, places_[v]);
  forget_temporaries();
  a_.call_to(n.op == Op::MoveVariable    ? a_.move_variable
             : n.op == Op::ClearVariable ? a_.clear_variable
                                         : a_.compare_variable);
  Label miss;
  a_.jc(miss, a_.T_NEAR);
  Cold& c = row_instead(miss, n);
  const bool compares = n.op == Op::CompareVariable;
  if (compares) c.destination = Operand::RDX;
  a_.L(c.back);
  if (compares) bind(index, Operand::RDX);
}

void Emitter::move_characters(const RegExp& to, const RegExp& from, u32 length, int scratch) {
  // All is read before anything is written.
  const std::vector<Piece> pieces = pieces_of(length, 32, true);
  bool wide = false;
  const auto each = [&](bool reads) {
    int number = 0;
    for (const Piece& p : pieces) {
      const Xbyak::RegExp place = at(reads ? from : to, p.offset);
      const int v = number++;
      switch (p.bytes) {
      case 32:
        wide = true;
        reads ? a_.vmovdqu(Ymm(v), a_.ptr[place]) : a_.vmovdqu(a_.ptr[place], Ymm(v));
        break;
      case 16: reads ? a_.vmovdqu(Xmm(v), a_.ptr[place]) : a_.vmovdqu(a_.ptr[place], Xmm(v)); break;
      case 8: reads ? a_.vmovq(Xmm(v), a_.ptr[place]) : a_.vmovq(a_.ptr[place], Xmm(v)); break;
      case 4: reads ? a_.vmovd(Xmm(v), a_.ptr[place]) : a_.vmovd(a_.ptr[place], Xmm(v)); break;
      default:
        // One or two bytes, and three as two and one: through a vector register as well, but for a single piece.
        if (pieces.size() == 1) {
          if (p.bytes == 2)
            reads ? a_.movzx(r32(scratch), a_.word[place]) : a_.mov(a_.ptr[place], r16(scratch));
          else
            reads ? a_.movzx(r32(scratch), a_.byte[place]) : a_.mov(a_.ptr[place], r8(scratch));
        } else if (reads) {
          p.bytes == 2 ? a_.vpinsrw(Xmm(v), Xmm(v), a_.word[place], 0) : a_.vpinsrb(Xmm(v), Xmm(v), a_.byte[place], 0);
        } else {
          p.bytes == 2 ? a_.vpextrw(a_.word[place], Xmm(v), 0) : a_.vpextrb(a_.byte[place], Xmm(v), 0);
        }
      }
    }
  };
  each(true);
  each(false);
  if (wide) a_.vzeroupper();
}

void Emitter::clear_characters(const RegExp& to, u32 length) {
  const std::vector<Piece> pieces = pieces_of(length, 32, true);
  if (pieces.front().bytes >= 16) a_.vpxor(Xmm(0), Xmm(0), Xmm(0)); // and the rest of the register
  for (const Piece& p : pieces) {
    const RegExp place = at(to, p.offset);
    switch (p.bytes) {
    case 32: a_.vmovdqu(a_.ptr[place], Ymm(0)); break;
    case 16: a_.vmovdqu(a_.ptr[place], Xmm(0)); break;
    case 8: a_.mov(a_.qword[place], 0); break;
    case 4: a_.mov(a_.dword[place], 0); break;
    case 2: a_.mov(a_.word[place], 0); break;
    default: a_.mov(a_.byte[place], 0); break;
    }
  }
}

// The result has a one somewhere when a byte of the combination is not zero.
void Emitter::combine_characters(Op op, const RegExp& to, const RegExp& from, u32 length, int result, int scratch) {
  // No piece may overlap another: it would be combined a second time.
  const std::vector<Piece> pieces = pieces_of(length, 32, false);
  const bool vectors = pieces.front().bytes >= 16;
  const auto combine_vectors = [&](const Xmm& v, const Xmm& all, const RegExp& a, const RegExp& b) {
    a_.vmovdqu(v, a_.ptr[b]);
    switch (op) {
    case Op::AndCharacters: a_.vpand(v, v, a_.ptr[a]); break;
    case Op::OrCharacters: a_.vpor(v, v, a_.ptr[a]); break;
    default: a_.vpxor(v, v, a_.ptr[a]); break;
    }
    a_.vmovdqu(a_.ptr[a], v);
    a_.vpor(all, all, v);
  };
  const auto combine = [&](const Xbyak::Reg& v, const RegExp& a) {
    switch (op) {
    case Op::AndCharacters: a_.and_(v, a_.ptr[a]); break;
    case Op::OrCharacters: a_.or_(v, a_.ptr[a]); break;
    default: a_.xor_(v, a_.ptr[a]); break;
    }
    a_.mov(a_.ptr[a], v);
    a_.or_(r64(result), r64(scratch));
  };
  a_.mov(r32(result), 0);
  if (vectors) a_.vpxor(Xmm(1), Xmm(1), Xmm(1)); // and the rest of the register
  for (const Piece& p : pieces) {
    const RegExp a = at(to, p.offset), b = at(from, p.offset);
    switch (p.bytes) {
    case 32: combine_vectors(Ymm(0), Ymm(1), a, b); break;
    case 16:
      // Of a register whose left half is in use.
      a_.vpxor(Xmm(2), Xmm(2), Xmm(2));
      combine_vectors(Xmm(0), Xmm(2), a, b);
      a_.vpor(Ymm(1), Ymm(1), Ymm(2));
      break;
    case 8:
      a_.mov(r64(scratch), a_.ptr[b]);
      combine(r64(scratch), a);
      break;
    case 4:
      a_.mov(r32(scratch), a_.ptr[b]);
      combine(r32(scratch), a);
      break;
    case 2:
      a_.movzx(r32(scratch), a_.word[b]);
      combine(r16(scratch), a);
      break;
    default:
      a_.movzx(r32(scratch), a_.byte[b]);
      combine(r8(scratch), a);
      break;
    }
  }
  // A 32-bit number, of which 64 bits may be in use so far.
  a_.test(r64(result), r64(result));
  a_.setne(r8(result));
  a_.movzx(r32(result), r8(result));
  if (!vectors) return;
  a_.vptest(Ymm(1), Ymm(1));
  a_.setne(r8(scratch));
  a_.or_(r8(result), r8(scratch));
  a_.vzeroupper();
}

// The result is negative, zero or positive. The registers of the operands are changed.
void Emitter::compare_characters(int a, int b, u32 length, int result, int scratch) {
  const std::vector<Piece> pieces = pieces_of(length, 32, true);
  Label decided, at_byte;
  std::vector<Label> differs(pieces.size());
  bool wide = false;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Piece& p = pieces[i];
    const RegExp pa = at(r64(a), p.offset), pb = at(r64(b), p.offset);
    switch (p.bytes) {
    case 32:
    case 16:
      if (p.bytes == 32) {
        wide = true;
        a_.vmovdqu(Ymm(0), a_.ptr[pa]);
        a_.vpcmpeqb(Ymm(0), Ymm(0), a_.ptr[pb]);
        a_.vpmovmskb(r32(result), Ymm(0));
        a_.xor_(r32(result), 0xFFFF'FFFF);
      } else {
        a_.vmovdqu(Xmm(0), a_.ptr[pa]);
        a_.vpcmpeqb(Xmm(0), Xmm(0), a_.ptr[pb]);
        a_.vpmovmskb(r32(result), Xmm(0));
        a_.xor_(r32(result), 0xFFFF);
      }
      a_.jnz(differs[i], a_.T_NEAR);
      continue;
    case 8:
      a_.movbe(r64(result), a_.ptr[pa]);
      a_.movbe(r64(scratch), a_.ptr[pb]);
      break;
    case 4:
      a_.movbe(r32(result), a_.ptr[pa]);
      a_.movbe(r32(scratch), a_.ptr[pb]);
      break;
    case 2:
      a_.movzx(r32(result), a_.word[pa]);
      a_.rol(r16(result), 8);
      a_.movzx(r32(scratch), a_.word[pb]);
      a_.rol(r16(scratch), 8);
      break;
    default:
      a_.movzx(r32(result), a_.byte[pa]);
      a_.movzx(r32(scratch), a_.byte[pb]);
      break;
    }
    a_.cmp(r64(result), r64(scratch));
    if (i + 1 < pieces.size()) a_.jne(decided, a_.T_NEAR);
  }
  const bool flags_at_end = pieces.back().bytes < 16;
  Label done;
  if (!flags_at_end) { // all alike
    a_.mov(r32(result), 0);
    a_.jmp(done, a_.T_NEAR);
  }
  a_.L(decided); // by the flags
  a_.seta(r8(result));
  a_.setb(r8(scratch));
  a_.movzx(r32(result), r8(result));
  a_.movzx(r32(scratch), r8(scratch));
  a_.sub(r32(result), r32(scratch));
  if (pieces.front().bytes >= 16) {
    a_.jmp(done, a_.T_NEAR);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (pieces[i].bytes < 16) continue;
      a_.L(differs[i]);
      a_.tzcnt(r32(result), r32(result));
      if (pieces[i].offset != 0) a_.add(r32(result), pieces[i].offset);
      a_.jmp(at_byte, a_.T_NEAR);
    }
    a_.L(at_byte);
    a_.movzx(r32(scratch), a_.byte[r64(b) + r64(result)]);
    a_.movzx(r32(result), a_.byte[r64(a) + r64(result)]);
    a_.sub(r32(result), r32(scratch));
  }
  a_.L(done);
  if (wide) a_.vzeroupper();
}

} // namespace siena::cpu::jit::x64
