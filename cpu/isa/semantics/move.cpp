// SPDX-License-Identifier: BSD-3-Clause
// Moves and logical combinations of storage with storage, up to 256 bytes (PoP, General Instructions). These are the hottest
// storage-to-storage instructions: when both operands lie in one page each, two look-ups and one host copy are all there is.
#include "cpu/isa/semantics/move.h"

#include "cpu/isa/semantics/storage_operand.h"

namespace siena::cpu::isa {
namespace {

constexpr u64 kNumerics = 0x0F0F'0F0F'0F0F'0F0F;

/// Runs `f(to, from, n)` over the two operands of an SS_a instruction from the left. The second operand is looked at first: a
/// fetch exception leaves the first operand's change bit alone.
template <typename F>
Outcome process(Cpu& cpu, SS_a insn, F&& f) {
  const LogicalAddress first = cpu.address(insn.b1(), insn.d1());
  const LogicalAddress second = cpu.address(insn.b2(), insn.d2());
  const u64 length = insn.l() + 1;
  OperandBytes from, to;
  if (const Outcome o = from.reach(cpu, second, length, Access::Fetch); o != Outcome::Completed) [[unlikely]]
    return o;
  if (const Outcome o = to.reach(cpu, first, length, Access::Store); o != Outcome::Completed) [[unlikely]]
    return o;
  if (from.contiguous() && to.contiguous()) [[likely]]
    f(to.first, from.first, length);
  else
    for_each_run(to, from, f);
  to.stored(cpu);
  cpu.charge(length / 8);
  return Outcome::Completed;
}

template <typename F>
Outcome combine(Cpu& cpu, SS_a insn, F&& operation) {
  u64 any = 0;
  const Outcome o =
      process(cpu, insn, [&](u8* to, const u8* from, u64 n) { any |= combine_left_to_right(to, from, n, operation); });
  if (o == Outcome::Completed) cpu.psw.cc = any != 0;
  return o;
}

} // namespace

Outcome move_characters(Cpu& cpu, SS_a insn) {
  return process(cpu, insn, [](u8* to, const u8* from, u64 n) { move_left_to_right(to, from, n); });
}

Outcome move_inverse(Cpu& cpu, SS_a insn) {
  // The second-operand address is that of its rightmost byte.
  const u64 length = insn.l() + 1;
  const LogicalAddress leftmost = cpu.advance(cpu.address(insn.b2(), insn.d2()), u64{0} - (length - 1));
  OperandBytes from, to;
  if (const Outcome o = from.reach(cpu, leftmost, length, Access::Fetch); o != Outcome::Completed) return o;
  if (const Outcome o = to.reach(cpu, cpu.address(insn.b1(), insn.d1()), length, Access::Store);
      o != Outcome::Completed)
    return o;
  u8 bytes[256];
  from.read(bytes);
  std::reverse(bytes, bytes + length);
  to.write(bytes);
  to.stored(cpu);
  cpu.charge(length / 8);
  return Outcome::Completed;
}

Outcome move_numerics(Cpu& cpu, SS_a insn) {
  return process(cpu, insn, [](u8* to, const u8* from, u64 n) {
    combine_left_to_right(to, from, n, [](u64 a, u64 b) { return (a & ~kNumerics) | (b & kNumerics); });
  });
}

Outcome move_zones(Cpu& cpu, SS_a insn) {
  return process(cpu, insn, [](u8* to, const u8* from, u64 n) {
    combine_left_to_right(to, from, n, [](u64 a, u64 b) { return (a & kNumerics) | (b & ~kNumerics); });
  });
}

Outcome move_right_to_left(Cpu& cpu, SSE insn) {
  const u64 length = (cpu.gr[0] & 0xFF) + 1;
  OperandBytes from, to;
  if (const Outcome o = from.reach(cpu, cpu.address(insn.b2(), insn.d2()), length, Access::Fetch);
      o != Outcome::Completed)
    return o;
  if (const Outcome o = to.reach(cpu, cpu.address(insn.b1(), insn.d1()), length, Access::Store);
      o != Outcome::Completed)
    return o;
  if (const auto distance = static_cast<u64>(from.first - to.first);
      from.contiguous() && to.contiguous() && (distance == 0 || distance >= length)) {
    std::memmove(to.first, from.first, length);
  } else {
    for (u64 i = length; i-- != 0;) to[i] = from[i];
  }
  to.stored(cpu);
  cpu.charge(length / 8);
  return Outcome::Completed;
}

Outcome and_characters(Cpu& cpu, SS_a insn) {
  return combine(cpu, insn, [](u64 a, u64 b) { return a & b; });
}

Outcome or_characters(Cpu& cpu, SS_a insn) {
  return combine(cpu, insn, [](u64 a, u64 b) { return a | b; });
}

Outcome exclusive_or_characters(Cpu& cpu, SS_a insn) {
  // XC of an operand with itself is how storage is cleared.
  u64 any = 0;
  const Outcome o = process(cpu, insn, [&](u8* to, const u8* from, u64 n) {
    if (to == from)
      std::memset(to, 0, n);
    else
      any |= combine_left_to_right(to, from, n, [](u64 a, u64 b) { return a ^ b; });
  });
  if (o == Outcome::Completed) cpu.psw.cc = any != 0;
  return o;
}

} // namespace siena::cpu::isa
