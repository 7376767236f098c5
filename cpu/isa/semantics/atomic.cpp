// SPDX-License-Identifier: BSD-3-Clause
// Interlocked updates of storage (PoP, General Instructions). The storage operand is reached for a store even when nothing will be
// stored: protection is recognised whatever the comparison says. Operands are aligned, hence in one page.
#include "cpu/isa/semantics/atomic.h"

#include "cpu/isa/alu.h"
#include "cpu/isa/semantics/interlocked.h"
#include "cpu/isa/semantics/register_operand.h"
#include "cpu/isa/semantics/storage_operand.h"

namespace siena::cpu::isa {
namespace {

bool aligned(LogicalAddress a, u64 size) { return (a.value & (size - 1)) == 0; }

/// Compares the number at `a` with `expected`. Equal: stores `desired`, CC 0. Unequal: `expected` becomes that number, CC 1.
template <typename T>
Outcome swap_if_equal(Cpu& cpu, LogicalAddress a, T& expected, T desired) {
  if (!aligned(a, sizeof(T))) return specification_exception(cpu);
  const HostSpan s = cpu.span(a, sizeof(T), Access::Store);
  if (s.outcome != Outcome::Completed) [[unlikely]]
    return s.outcome;
  const bool stored = compare_exchange(s.bytes, expected, desired);
  if (stored) cpu.stored(s.bytes, sizeof(T));
  cpu.psw.cc = stored ? 0 : 1;
  return Outcome::Completed;
}

template <class View>
Outcome compare_and_swap_word(Cpu& cpu, View insn) {
  u32 expected = cpu.gr32(insn.r1());
  const Outcome o = swap_if_equal(cpu, cpu.address(insn.b2(), insn.d2()), expected, cpu.gr32(insn.r3()));
  if (o == Outcome::Completed && cpu.psw.cc != 0) cpu.set_gr32(insn.r1(), expected);
  return o;
}

u64 word_pair(const Cpu& cpu, unsigned r) { return u64{cpu.gr32(r)} << 32 | cpu.gr32(r + 1); }
void set_word_pair(Cpu& cpu, unsigned r, u64 value) {
  cpu.set_gr32(r, static_cast<u32>(value >> 32));
  cpu.set_gr32(r + 1, static_cast<u32>(value));
}
u128 doubleword_pair(const Cpu& cpu, unsigned r) { return u128{cpu.gr[r]} << 64 | cpu.gr[r + 1]; }
void set_doubleword_pair(Cpu& cpu, unsigned r, u128 value) {
  cpu.gr[r] = static_cast<u64>(value >> 64);
  cpu.gr[r + 1] = static_cast<u64>(value);
}

template <class View>
Outcome compare_double_and_swap_words(Cpu& cpu, View insn) {
  if (odd(insn.r1()) || odd(insn.r3())) return specification_exception(cpu);
  u64 expected = word_pair(cpu, insn.r1());
  const Outcome o = swap_if_equal(cpu, cpu.address(insn.b2(), insn.d2()), expected, word_pair(cpu, insn.r3()));
  if (o == Outcome::Completed && cpu.psw.cc != 0) set_word_pair(cpu, insn.r1(), expected);
  return o;
}

template <typename T>
T general_register(const Cpu& cpu, unsigned r) {
  return static_cast<T>(cpu.gr[r]);
}
template <typename T>
void set_general_register(Cpu& cpu, unsigned r, T value) {
  if constexpr (sizeof(T) == 4)
    cpu.set_gr32(r, value);
  else
    cpu.gr[r] = value;
}

/// LOAD AND ADD and its kin: R1 receives the old second operand, storage the result; `operation` is pure (alu.h).
template <typename T, typename F>
Outcome load_and(Cpu& cpu, RSY_a insn, F&& operation) {
  const LogicalAddress a = cpu.address(insn.b2(), insn.d2());
  if (!aligned(a, sizeof(T))) return specification_exception(cpu);
  const HostSpan s = cpu.span(a, sizeof(T), Access::Store);
  if (s.outcome != Outcome::Completed) [[unlikely]]
    return s.outcome;
  const T third = general_register<T>(cpu, insn.r3());
  AluResult<T> result;
  const T old = exchange<T>(s.bytes, [&](T value) { return (result = operation(value, third)).value; });
  cpu.stored(s.bytes, sizeof(T));
  set_general_register(cpu, insn.r1(), old);
  cpu.psw.cc = result.cc;
  if (result.overflow && cpu.psw.has(Psw::kFixedPointOverflow)) [[unlikely]]
    return cpu.recognize(ProgramInterruption::FixedPointOverflow);
  return Outcome::Completed;
}

/// CC 3 would say that another CPU may have stored between the two fetches; CPUs do not run between them here.
template <typename T>
Outcome load_pair(Cpu& cpu, SSF insn) {
  if (odd(insn.r3())) return specification_exception(cpu);
  const LogicalAddress a = cpu.address(insn.b1(), insn.d1()), b = cpu.address(insn.b2(), insn.d2());
  if (!aligned(a, sizeof(T)) || !aligned(b, sizeof(T))) return specification_exception(cpu);
  const auto first = cpu.fetch<T>(a);
  if (first.outcome != Outcome::Completed) return first.outcome;
  const auto second = cpu.fetch<T>(b);
  if (second.outcome != Outcome::Completed) return second.outcome;
  set_general_register(cpu, insn.r3(), first.value);
  set_general_register(cpu, insn.r3() + 1, second.value);
  cpu.psw.cc = 0;
  return Outcome::Completed;
}

} // namespace

Outcome compare_and_swap(Cpu& cpu, RS_a insn) { return compare_and_swap_word(cpu, insn); }
Outcome compare_and_swap_y(Cpu& cpu, RSY_a insn) { return compare_and_swap_word(cpu, insn); }

Outcome compare_and_swap_long(Cpu& cpu, RSY_a insn) {
  u64 expected = cpu.gr[insn.r1()];
  const Outcome o = swap_if_equal(cpu, cpu.address(insn.b2(), insn.d2()), expected, cpu.gr[insn.r3()]);
  if (o == Outcome::Completed && cpu.psw.cc != 0) cpu.gr[insn.r1()] = expected;
  return o;
}

Outcome compare_double_and_swap(Cpu& cpu, RS_a insn) { return compare_double_and_swap_words(cpu, insn); }
Outcome compare_double_and_swap_y(Cpu& cpu, RSY_a insn) { return compare_double_and_swap_words(cpu, insn); }

Outcome compare_double_and_swap_long(Cpu& cpu, RSY_a insn) {
  if (odd(insn.r1()) || odd(insn.r3())) return specification_exception(cpu);
  u128 expected = doubleword_pair(cpu, insn.r1());
  const Outcome o = swap_if_equal(cpu, cpu.address(insn.b2(), insn.d2()), expected, doubleword_pair(cpu, insn.r3()));
  if (o == Outcome::Completed && cpu.psw.cc != 0) set_doubleword_pair(cpu, insn.r1(), expected);
  return o;
}

Outcome compare_and_swap_and_store(Cpu& cpu, SSF insn) {
  // General register 0: function code (word, doubleword, quadword to compare) and store characteristic (bytes as a power of two).
  const u64 function = cpu.gr[0] & 0xFF, characteristic = cpu.gr[0] >> 8 & 0xFF;
  if (function > 2 || characteristic > 4 || (function == 2 && odd(insn.r3()))) return specification_exception(cpu);
  const u64 compared = u64{4} << function, stored = u64{1} << characteristic;
  const LogicalAddress first = cpu.address(insn.b1(), insn.d1()), second = cpu.address(insn.b2(), insn.d2());
  const LogicalAddress parameters{cpu.register_address(1).value & ~u64{15}, 1};
  if (!aligned(first, compared) || !aligned(second, stored)) return specification_exception(cpu);

  u8 list[32];
  if (const Outcome o = cpu.fetch_bytes(parameters, list); o != Outcome::Completed) return o;
  const HostSpan store = cpu.span(second, stored, Access::Store);
  if (store.outcome != Outcome::Completed) return store.outcome;
  Outcome o = Outcome::Completed;
  if (function == 0) {
    u32 expected = cpu.gr32(insn.r3());
    o = swap_if_equal(cpu, first, expected, load_big<u32>(list));
    if (o == Outcome::Completed) cpu.set_gr32(insn.r3(), expected);
  } else if (function == 1) {
    u64 expected = cpu.gr[insn.r3()];
    o = swap_if_equal(cpu, first, expected, load_big<u64>(list));
    if (o == Outcome::Completed) cpu.gr[insn.r3()] = expected;
  } else {
    u128 expected = doubleword_pair(cpu, insn.r3());
    o = swap_if_equal(cpu, first, expected, load_big<u128>(list));
    if (o == Outcome::Completed) set_doubleword_pair(cpu, insn.r3(), expected);
  }
  if (o == Outcome::Completed && cpu.psw.cc == 0) {
    std::memcpy(store.bytes, list + 16, stored);
    cpu.stored(store.bytes, stored);
  }
  return o;
}

Outcome test_and_set(Cpu& cpu, SI insn) {
  const HostSpan s = cpu.span(cpu.address(insn.b1(), insn.d1()), 1, Access::Store);
  if (s.outcome != Outcome::Completed) return s.outcome;
  const u8 old = exchange<u8>(s.bytes, [](u8) { return u8{0xFF}; });
  cpu.stored(s.bytes, 1);
  cpu.psw.cc = old >> 7;
  return Outcome::Completed;
}

Outcome load_and_add(Cpu& cpu, RSY_a insn) { return load_and<u32>(cpu, insn, add_signed<u32>); }
Outcome load_and_add_long(Cpu& cpu, RSY_a insn) { return load_and<u64>(cpu, insn, add_signed<u64>); }
Outcome load_and_add_logical(Cpu& cpu, RSY_a insn) {
  return load_and<u32>(cpu, insn, [](u32 a, u32 b) { return add_logical(a, b); });
}
Outcome load_and_add_logical_long(Cpu& cpu, RSY_a insn) {
  return load_and<u64>(cpu, insn, [](u64 a, u64 b) { return add_logical(a, b); });
}
Outcome load_and_and(Cpu& cpu, RSY_a insn) {
  return load_and<u32>(cpu, insn, [](u32 a, u32 b) { return logical(a & b); });
}
Outcome load_and_and_long(Cpu& cpu, RSY_a insn) {
  return load_and<u64>(cpu, insn, [](u64 a, u64 b) { return logical(a & b); });
}
Outcome load_and_or(Cpu& cpu, RSY_a insn) {
  return load_and<u32>(cpu, insn, [](u32 a, u32 b) { return logical(a | b); });
}
Outcome load_and_or_long(Cpu& cpu, RSY_a insn) {
  return load_and<u64>(cpu, insn, [](u64 a, u64 b) { return logical(a | b); });
}
Outcome load_and_exclusive_or(Cpu& cpu, RSY_a insn) {
  return load_and<u32>(cpu, insn, [](u32 a, u32 b) { return logical(a ^ b); });
}
Outcome load_and_exclusive_or_long(Cpu& cpu, RSY_a insn) {
  return load_and<u64>(cpu, insn, [](u64 a, u64 b) { return logical(a ^ b); });
}

Outcome load_pair_disjoint(Cpu& cpu, SSF insn) { return load_pair<u32>(cpu, insn); }
Outcome load_pair_disjoint_long(Cpu& cpu, SSF insn) { return load_pair<u64>(cpu, insn); }

} // namespace siena::cpu::isa
