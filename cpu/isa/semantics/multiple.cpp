// SPDX-License-Identifier: BSD-3-Clause
// These are hot (every function's prologue and epilogue), so an operand that lies in one page, as nearly all do, is moved
// straight between host storage and the registers.
#include "cpu/isa/semantics/multiple.h"

#include "cpu/isa/operands.h"

namespace siena::cpu::isa {

namespace {

constexpr u32 kRegisters = 16;

constexpr u32 count_of(u32 r1, u32 r3) { return ((r3 - r1) & 15) + 1; }
static_assert(count_of(14, 1) == 4 && count_of(3, 3) == 1);

/// Calls `put(register, value)` for each register in turn, once all of the operand could be fetched.
template <typename T, class Put>
Outcome load_each(Cpu& cpu, LogicalAddress a, u32 r1, u32 r3, Put put) {
  const u64 length = count_of(r1, r3) * sizeof(T);
  u8 crossing[kRegisters * sizeof(T)];
  const HostSpan span = cpu.span(a, length, Access::Fetch);
  if (span.outcome != Outcome::Completed) [[unlikely]]
    return span.outcome;
  const u8* from = span.bytes;
  if (span.length < length) [[unlikely]] {
    if (const Outcome o = cpu.fetch_bytes(a, {crossing, length}); o != Outcome::Completed) return o;
    from = crossing;
  }
  for (u32 r = r1;; r = (r + 1) & 15, from += sizeof(T)) {
    put(r, load_big<T>(from));
    if (r == r3) return Outcome::Completed;
  }
}

/// Stores `get(register)` for each register in turn.
template <typename T, class Get>
Outcome store_each(Cpu& cpu, LogicalAddress a, u32 r1, u32 r3, Get get) {
  const u64 length = count_of(r1, r3) * sizeof(T);
  u8 crossing[kRegisters * sizeof(T)];
  u8* to = crossing;
  // Within a page the span is the whole operand. Across pages nothing may be stored before the second page is known to be fine.
  const bool one_page = (a.value & ~kPageMask) + length <= kPageSize;
  if (one_page) [[likely]] {
    const HostSpan span = cpu.span(a, length, Access::Store);
    if (span.outcome != Outcome::Completed) [[unlikely]]
      return span.outcome;
    to = span.bytes;
  }
  const u8* const first = to;
  for (u32 r = r1;; r = (r + 1) & 15, to += sizeof(T)) {
    store_big<T>(to, get(r));
    if (r == r3) break;
  }
  if (!one_page) [[unlikely]]
    return cpu.store_bytes(a, {crossing, length});
  cpu.stored(first, length);
  return Outcome::Completed;
}

template <class View>
Outcome load_low_words(Cpu& cpu, const View& insn) {
  return load_each<u32>(
      cpu, second_operand(cpu, insn), insn.r1(), insn.r3(), [&](u32 r, u32 v) { cpu.set_gr32(r, v); });
}
template <class View>
Outcome store_low_words(Cpu& cpu, const View& insn) {
  return store_each<u32>(cpu, second_operand(cpu, insn), insn.r1(), insn.r3(), [&](u32 r) { return cpu.gr32(r); });
}

} // namespace

Outcome load_multiple_32(Cpu& cpu, RS_a insn) { return load_low_words(cpu, insn); }
Outcome load_multiple_32_long(Cpu& cpu, RSY_a insn) { return load_low_words(cpu, insn); }
Outcome load_multiple_64(Cpu& cpu, RSY_a insn) {
  return load_each<u64>(cpu, second_operand(cpu, insn), insn.r1(), insn.r3(), [&](u32 r, u64 v) { cpu.gr[r] = v; });
}
Outcome load_multiple_high(Cpu& cpu, RSY_a insn) {
  return load_each<u32>(
      cpu, second_operand(cpu, insn), insn.r1(), insn.r3(), [&](u32 r, u32 v) { cpu.set_gr_high(r, v); });
}

Outcome load_multiple_disjoint(Cpu& cpu, SS_e insn) {
  const u64 length = count_of(insn.r1(), insn.r3()) * sizeof(u32);
  // Both base registers may be among those loaded: fetch everything first.
  u8 high[kRegisters * sizeof(u32)];
  u8 low[kRegisters * sizeof(u32)];
  const LogicalAddress second = cpu.address(insn.b2(), insn.d2());
  const LogicalAddress fourth = cpu.address(insn.b4(), insn.d4());
  if (const Outcome o = cpu.fetch_bytes(second, {high, length}); o != Outcome::Completed) return o;
  if (const Outcome o = cpu.fetch_bytes(fourth, {low, length}); o != Outcome::Completed) return o;
  u32 r = insn.r1();
  for (u64 at = 0; at < length; at += sizeof(u32), r = (r + 1) & 15)
    cpu.gr[r] = static_cast<u64>(load_big<u32>(high + at)) << 32 | load_big<u32>(low + at);
  return Outcome::Completed;
}

Outcome store_multiple_32(Cpu& cpu, RS_a insn) { return store_low_words(cpu, insn); }
Outcome store_multiple_32_long(Cpu& cpu, RSY_a insn) { return store_low_words(cpu, insn); }
Outcome store_multiple_64(Cpu& cpu, RSY_a insn) {
  return store_each<u64>(cpu, second_operand(cpu, insn), insn.r1(), insn.r3(), [&](u32 r) { return cpu.gr[r]; });
}
Outcome store_multiple_high(Cpu& cpu, RSY_a insn) {
  return store_each<u32>(cpu, second_operand(cpu, insn), insn.r1(), insn.r3(), [&](u32 r) { return cpu.gr_high(r); });
}

} // namespace siena::cpu::isa
