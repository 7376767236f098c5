// SPDX-License-Identifier: BSD-3-Clause
// Moves whose lengths are in registers, with padding (PoP, General Instructions). MOVE LONG is interruptible: it updates its
// registers after every unit of operation and is executed again. The others end with condition code 3 after what lies in one
// page of each operand, so that no access exception can follow a store of the same execution.
#include "cpu/isa/semantics/move_long.h"

#include "cpu/isa/alu.h"
#include "cpu/isa/semantics/register_operand.h"
#include "cpu/isa/semantics/storage_operand.h"

namespace siena::cpu::isa {
namespace {

constexpr u64 kMoveLongLength = 0xFF'FFFF;

/// One operand of MVCL: a 24-bit length beside eight bits that belong to something else.
struct MoveLongOperand {
  unsigned r;
  LogicalAddress address;
  u64 length;

  MoveLongOperand(const Cpu& cpu, unsigned even)
      : r(even), address(cpu.register_address(even)), length(cpu.gr[even + 1] & kMoveLongLength) {}
  void advance(const Cpu& cpu, u64 n) {
    address = cpu.advance(address, n);
    length -= n;
  }
  void update(Cpu& cpu) const {
    set_register_address(cpu, r, address.value);
    cpu.gr[r + 1] = (cpu.gr[r + 1] & ~kMoveLongLength) | length;
  }
};

/// Would a byte be fetched after the move has stored into it? Operands in different spaces do not overlap.
bool destructive_overlap(const Cpu& cpu, const MoveLongOperand& to, const MoveLongOperand& from) {
  const u64 moved = std::min(to.length, from.length);
  if (moved == 0) return false;
  if (cpu.psw.has(Psw::kDat) && cpu.psw.address_space() == AddressSpace::AccessRegister) {
    const auto alet = [&](unsigned r) { return r == 0 ? 0 : cpu.ar[r]; };
    if (alet(to.r) != alet(from.r)) return false;
  }
  const u64 a = to.address.value, b = from.address.value, last = cpu.advance(from.address, moved - 1).value;
  return last >= b ? a > b && a <= last : a > b || a <= last;
}

/// The pad of `Unit`-byte characters, repeated.
template <unsigned Unit>
void fill(u8* to, u64 n, u16 pad) {
  if constexpr (Unit == 1)
    std::memset(to, static_cast<u8>(pad), n);
  else
    for (u64 i = 0; i < n; i += 2) store_big(to + i, pad);
}

/// MVCLE (Unit 1) and MVCLU (Unit 2).
template <unsigned Unit>
Outcome move_extended(Cpu& cpu, unsigned r1, unsigned r3, u16 pad) {
  if (odd(r1) || odd(r3)) return specification_exception(cpu);
  RegisterPairOperand to(cpu, r1), from(cpu, r3);
  if ((to.length | from.length) % Unit != 0) return specification_exception(cpu);
  const u8 cc = compare_logical(to.length, from.length);
  if (to.length != 0) {
    u64 moved = 0, padded = 0;
    HostSpan source;
    const HostSpan target = cpu.span(to.address, to.length, Access::Store);
    if (target.outcome != Outcome::Completed) return target.outcome;
    if (from.length != 0) {
      source = cpu.span(from.address, std::min(from.length, target.length), Access::Fetch);
      if (source.outcome != Outcome::Completed) return source.outcome;
      moved = source.length / Unit * Unit;
    }
    if (moved == from.length) padded = (target.length - moved) / Unit * Unit;
    if (moved + padded != 0) {
      if (moved != 0) move_left_to_right(target.bytes, source.bytes, moved);
      fill<Unit>(target.bytes + moved, padded, pad);
      cpu.stored(target.bytes, moved + padded);
    } else {
      // A character that crosses a page boundary.
      Fetched<u16> character{pad, Outcome::Completed};
      if (from.length != 0) {
        character = cpu.fetch<u16>(from.address);
        moved = 2;
      } else {
        padded = 2;
      }
      if (character.outcome != Outcome::Completed) return character.outcome;
      if (const Outcome o = cpu.store(to.address, character.value); o != Outcome::Completed) return o;
    }
    from.advance(cpu, moved);
    to.advance(cpu, moved + padded);
    to.update(cpu);
    from.update(cpu);
    cpu.charge((moved + padded) / 8);
  }
  cpu.psw.cc = to.length != 0 ? 3 : cc;
  return Outcome::Completed;
}

} // namespace

Outcome move_long(Cpu& cpu, RR insn) {
  if (odd(insn.r1()) || odd(insn.r2())) return specification_exception(cpu);
  MoveLongOperand to(cpu, insn.r1()), from(cpu, insn.r2());
  if (destructive_overlap(cpu, to, from)) {
    to.update(cpu);
    from.update(cpu);
    cpu.psw.cc = 3;
    return Outcome::Completed;
  }
  const auto pad = static_cast<u8>(cpu.gr[insn.r2() + 1] >> 24);
  // Both lengths shrink together, so this is the same at every re-execution that has something left to move.
  const u8 cc = compare_logical(to.length, from.length);
  Outcome outcome = Outcome::Completed;
  u64 done = 0;
  while (to.length != 0 && done < kUnitOfOperation) {
    u64 n = std::min(to.length, kUnitOfOperation - done);
    HostSpan source;
    if (from.length != 0) {
      source = cpu.span(from.address, std::min(n, from.length), Access::Fetch);
      if ((outcome = source.outcome) != Outcome::Completed) break;
      n = source.length;
    }
    const HostSpan target = cpu.span(to.address, n, Access::Store);
    if ((outcome = target.outcome) != Outcome::Completed) break;
    n = target.length;
    if (from.length != 0) {
      move_left_to_right(target.bytes, source.bytes, n);
      from.advance(cpu, n);
    } else {
      std::memset(target.bytes, pad, n);
    }
    cpu.stored(target.bytes, n);
    to.advance(cpu, n);
    done += n;
  }
  to.update(cpu);
  from.update(cpu);
  cpu.charge(done / 8);
  if (outcome != Outcome::Completed) return outcome;
  if (to.length != 0) return cpu.partial(insn.text.length());
  cpu.psw.cc = cc;
  return Outcome::Completed;
}

Outcome move_long_extended(Cpu& cpu, RS_a insn) {
  return move_extended<1>(cpu, insn.r1(), insn.r3(), static_cast<u8>(cpu.address(insn.b2(), insn.d2()).value));
}

Outcome move_long_unicode(Cpu& cpu, RSY_a insn) {
  return move_extended<2>(cpu, insn.r1(), insn.r3(), static_cast<u16>(cpu.address(insn.b2(), insn.d2()).value));
}

} // namespace siena::cpu::isa
