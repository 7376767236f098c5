// SPDX-License-Identifier: BSD-3-Clause
// Comparison of storage with storage (PoP, General Instructions, COMPARE LOGICAL). The forms with lengths in registers stop at
// the first unequal character and leave its addresses and the remaining lengths in the registers. COMPARE LOGICAL LONG is
// interruptible; the others end with condition code 3 after a part that lies in one page of each operand.
#include "cpu/isa/semantics/compare_storage.h"

#include "cpu/isa/alu.h"
#include "cpu/isa/semantics/register_operand.h"
#include "cpu/isa/semantics/storage_operand.h"

namespace siena::cpu::isa {
namespace {

constexpr u64 kCompareLongLength = 0xFF'FFFF;

u8 order_cc(int order) { return order == 0 ? 0 : order < 0 ? 1 : 2; }

u64 equal_bytes(const u8* a, const u8* b, u64 n) {
  if (std::memcmp(a, b, n) == 0) return n;
  return static_cast<u64>(std::mismatch(a, a + n, b).first - a);
}

/// Bytes at `a` that continue the repeated pad; `pad` has as many bytes as a character.
template <unsigned Unit>
u64 equal_to_pad(const u8* a, u64 n, const u8* pad) {
  u64 i = 0;
  while (i < n && a[i] == pad[i % Unit]) ++i;
  return i;
}

/// What one step of a comparison found: so many equal bytes, then either the end of the step or an unequal character.
struct Step {
  u64 equal = 0;
  u8 cc = 0;
  Outcome outcome = Outcome::Completed;
};

/// Compares what lies in one page of each operand, at most `limit` bytes; the shorter operand continues with the pad. Not both
/// lengths are zero. A step that finds no difference has at least one character equal.
template <unsigned Unit>
Step compare_step(Cpu& cpu, LogicalAddress a, u64 a_length, LogicalAddress b, u64 b_length, u16 pad, u64 limit) {
  u8 pad_bytes[2];
  if constexpr (Unit == 1)
    pad_bytes[0] = static_cast<u8>(pad);
  else
    store_big(pad_bytes, pad);

  HostSpan x, y;
  if (a_length != 0) {
    x = cpu.span(a, std::min(a_length, limit), Access::Fetch);
    if (x.outcome != Outcome::Completed) return {0, 0, x.outcome};
  }
  if (b_length != 0) {
    y = cpu.span(b, std::min(b_length, limit), Access::Fetch);
    if (y.outcome != Outcome::Completed) return {0, 0, y.outcome};
  }
  u64 n = a_length == 0 ? y.length : b_length == 0 ? x.length : std::min(x.length, y.length);
  n = n / Unit * Unit;
  if (Unit == 2 && n == 0) {
    // A character that crosses a page boundary.
    Fetched<u16> c{pad, Outcome::Completed}, d{pad, Outcome::Completed};
    if (a_length != 0) c = cpu.fetch<u16>(a);
    if (c.outcome != Outcome::Completed) return {0, 0, c.outcome};
    if (b_length != 0) d = cpu.fetch<u16>(b);
    if (d.outcome != Outcome::Completed) return {0, 0, d.outcome};
    return {c.value == d.value ? u64{2} : u64{0}, compare_logical(c.value, d.value), Outcome::Completed};
  }
  u64 equal = 0;
  if (a_length == 0)
    equal = equal_to_pad<Unit>(y.bytes, n, pad_bytes);
  else if (b_length == 0)
    equal = equal_to_pad<Unit>(x.bytes, n, pad_bytes);
  else
    equal = equal_bytes(x.bytes, y.bytes, n);
  if (equal == n) return {n, 0, Outcome::Completed};
  // Characters are numbers of big-endian bytes: the first unequal byte decides.
  const u8 left = a_length == 0 ? pad_bytes[equal % Unit] : x.bytes[equal];
  const u8 right = b_length == 0 ? pad_bytes[equal % Unit] : y.bytes[equal];
  return {equal / Unit * Unit, compare_logical(left, right), Outcome::Completed};
}

/// CLCLE (Unit 1) and CLCLU (Unit 2).
template <unsigned Unit>
Outcome compare_extended(Cpu& cpu, unsigned r1, unsigned r3, u16 pad) {
  if (odd(r1) || odd(r3)) return specification_exception(cpu);
  RegisterPairOperand a(cpu, r1), b(cpu, r3);
  if ((a.length | b.length) % Unit != 0) return specification_exception(cpu);
  u8 cc = 0;
  if ((a.length | b.length) != 0) {
    const Step step = compare_step<Unit>(cpu, a.address, a.length, b.address, b.length, pad, kUnitOfOperation);
    if (step.outcome != Outcome::Completed) return step.outcome;
    a.advance(cpu, std::min(step.equal, a.length));
    b.advance(cpu, std::min(step.equal, b.length));
    cc = step.cc != 0 ? step.cc : (a.length | b.length) != 0 ? 3 : 0;
    cpu.charge(step.equal / 8);
  }
  a.update(cpu);
  b.update(cpu);
  cpu.psw.cc = cc;
  return Outcome::Completed;
}

} // namespace

Outcome compare_logical_characters(Cpu& cpu, SS_a insn) {
  LogicalAddress a = cpu.address(insn.b1(), insn.d1());
  LogicalAddress b = cpu.address(insn.b2(), insn.d2());
  u64 length = insn.l() + 1;
  cpu.charge(length / 8);
  while (true) {
    const HostSpan x = cpu.span(a, length, Access::Fetch);
    if (x.outcome != Outcome::Completed) [[unlikely]]
      return x.outcome;
    const HostSpan y = cpu.span(b, length, Access::Fetch);
    if (y.outcome != Outcome::Completed) [[unlikely]]
      return y.outcome;
    const u64 n = std::min(x.length, y.length);
    const u8 cc = n == 1 ? compare_logical(*x.bytes, *y.bytes) : order_cc(std::memcmp(x.bytes, y.bytes, n));
    if (cc != 0 || n == length) [[likely]] {
      cpu.psw.cc = cc;
      return Outcome::Completed;
    }
    a = cpu.advance(a, n);
    b = cpu.advance(b, n);
    length -= n;
  }
}

Outcome compare_logical_long(Cpu& cpu, RR insn) {
  const unsigned r1 = insn.r1(), r2 = insn.r2();
  if (odd(r1) || odd(r2)) return specification_exception(cpu);
  const auto pad = static_cast<u8>(cpu.gr[r2 + 1] >> 24);
  LogicalAddress a = cpu.register_address(r1), b = cpu.register_address(r2);
  u64 a_length = cpu.gr[r1 + 1] & kCompareLongLength, b_length = cpu.gr[r2 + 1] & kCompareLongLength;
  u64 done = 0;
  Step step;
  while ((a_length | b_length) != 0 && done < kUnitOfOperation) {
    step = compare_step<1>(cpu, a, a_length, b, b_length, pad, kUnitOfOperation - done);
    if (step.outcome != Outcome::Completed) break;
    const u64 from_a = std::min(step.equal, a_length), from_b = std::min(step.equal, b_length);
    a = cpu.advance(a, from_a);
    b = cpu.advance(b, from_b);
    a_length -= from_a;
    b_length -= from_b;
    done += step.equal;
    if (step.cc != 0) break;
  }
  set_register_address(cpu, r1, a.value);
  set_register_address(cpu, r2, b.value);
  cpu.gr[r1 + 1] = (cpu.gr[r1 + 1] & ~kCompareLongLength) | a_length;
  cpu.gr[r2 + 1] = (cpu.gr[r2 + 1] & ~kCompareLongLength) | b_length;
  cpu.charge(done / 8);
  if (step.outcome != Outcome::Completed) return step.outcome;
  if (step.cc == 0 && (a_length | b_length) != 0) return cpu.partial(insn.text.length());
  cpu.psw.cc = step.cc;
  return Outcome::Completed;
}

Outcome compare_logical_long_extended(Cpu& cpu, RS_a insn) {
  return compare_extended<1>(cpu, insn.r1(), insn.r3(), static_cast<u8>(cpu.address(insn.b2(), insn.d2()).value));
}

Outcome compare_logical_long_unicode(Cpu& cpu, RSY_a insn) {
  return compare_extended<2>(cpu, insn.r1(), insn.r3(), static_cast<u16>(cpu.address(insn.b2(), insn.d2()).value));
}

Outcome compare_logical_string(Cpu& cpu, RRE insn) {
  if ((cpu.gr[0] & 0xFFFF'FF00) != 0) return specification_exception(cpu);
  const auto end = static_cast<u8>(cpu.gr[0]);
  LogicalAddress a = cpu.register_address(insn.r1()), b = cpu.register_address(insn.r2());
  u64 done = 0;
  u8 cc = 3;
  while (cc == 3 && done < kUnitOfOperation) {
    const HostSpan x = cpu.span(a, kUnitOfOperation, Access::Fetch);
    const HostSpan y = x.outcome == Outcome::Completed ? cpu.span(b, kUnitOfOperation, Access::Fetch) : x;
    if (y.outcome != Outcome::Completed) {
      if (done == 0) return y.outcome;
      break;
    }
    const u64 n = std::min(x.length, y.length);
    u64 i = 0;
    while (i < n && x.bytes[i] == y.bytes[i] && x.bytes[i] != end) ++i;
    if (i < n) {
      // The ending character is lower than any other.
      const u8 c = x.bytes[i], d = y.bytes[i];
      cc = c == d ? 0 : c == end ? 1 : d == end ? 2 : compare_logical(c, d);
    }
    a = cpu.advance(a, i);
    b = cpu.advance(b, i);
    done += i;
  }
  // The registers of equal strings stay as they are.
  if (cc != 0) {
    set_register_address(cpu, insn.r1(), a.value);
    set_register_address(cpu, insn.r2(), b.value);
  }
  cpu.charge(done / 8);
  cpu.psw.cc = cc;
  return Outcome::Completed;
}

} // namespace siena::cpu::isa
