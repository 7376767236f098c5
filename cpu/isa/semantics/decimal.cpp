// SPDX-License-Identifier: BSD-3-Clause
// Decimal arithmetic (PoP, Decimal Instructions; CONVERT TO BINARY and TO DECIMAL: General Instructions). Both operands are fetched
// and checked before the first is stored, so operands may overlap wherever the architecture defines the result.
#include "cpu/isa/semantics/decimal.h"

#include "cpu/isa/semantics/decimal_number.h"
#include "cpu/isa/semantics/register_operand.h"
#include "cpu/isa/semantics/storage_operand.h"

namespace siena::cpu::isa {
namespace {

constexpr u8 kDecimalOperandData = 0; ///< data-exception code

Outcome data_exception(Cpu& cpu) { return cpu.data_exception(kDecimalOperandData); }

/// A packed operand in storage.
struct PackedOperand {
  OperandBytes place;
  u8 bytes[16] = {};

  Outcome reach(Cpu& cpu, LogicalAddress a, u64 length, Access access) {
    const Outcome o = place.reach(cpu, a, length, access);
    if (o == Outcome::Completed) place.read(bytes);
    return o;
  }
  std::optional<Decimal> value() const { return unpack({bytes, place.length}); }
  unsigned digits() const { return static_cast<unsigned>(2 * place.length - 1); }
  void store(Cpu& cpu, Decimal result) {
    pack(result, {bytes, place.length});
    place.write(bytes);
    place.stored(cpu);
  }
};

/// Reaches both operands of an SS_b instruction, the first one for storing.
Outcome
reach_both(Cpu& cpu, SS_b insn, PackedOperand& first, PackedOperand& second, Access first_access = Access::Store) {
  const LogicalAddress a = cpu.address(insn.b1(), insn.d1()), b = cpu.address(insn.b2(), insn.d2());
  if (const Outcome o = second.reach(cpu, b, insn.l2() + 1, Access::Fetch); o != Outcome::Completed) return o;
  return first.reach(cpu, a, insn.l1() + 1, first_access);
}

u8 sign_of(Decimal d) { return d.magnitude == 0 ? 0 : d.negative ? 1 : 2; }

/// Stores a result, sets the condition code and recognises decimal overflow. A zero is positive unless digits were lost.
Outcome store_with_cc(Cpu& cpu, PackedOperand& to, Decimal result, bool overflow) {
  const u128 limit = power_of_ten(to.digits());
  overflow |= result.magnitude >= limit;
  if (result.magnitude == 0 && !overflow) result.negative = false;
  to.store(cpu, result);
  cpu.psw.cc = overflow ? 3 : sign_of(result);
  if (overflow && cpu.psw.has(Psw::kDecimalOverflow)) return cpu.recognize(ProgramInterruption::DecimalOverflow);
  return Outcome::Completed;
}

Decimal sum(Decimal a, Decimal b) {
  if (a.negative == b.negative) return {a.magnitude + b.magnitude, a.negative};
  if (a.magnitude >= b.magnitude) return {a.magnitude - b.magnitude, a.negative};
  return {b.magnitude - a.magnitude, b.negative};
}

Outcome add_or_subtract(Cpu& cpu, SS_b insn, bool subtract) {
  PackedOperand first, second;
  if (const Outcome o = reach_both(cpu, insn, first, second); o != Outcome::Completed) return o;
  const auto a = first.value();
  auto b = second.value();
  if (!a || !b) return data_exception(cpu);
  b->negative ^= subtract;
  return store_with_cc(cpu, first, sum(*a, *b), false);
}

/// Product and quotient need room: the second operand has at most eight bytes, and fewer than the first.
bool lengths_allowed(SS_b insn) { return insn.l2() <= 7 && insn.l2() < insn.l1(); }

template <class View>
LogicalAddress indexed(const Cpu& cpu, View insn) {
  return cpu.address(insn.b2(), insn.d2(), insn.x2());
}

template <class View>
Outcome to_binary(Cpu& cpu, View insn) {
  PackedOperand operand;
  if (const Outcome o = operand.reach(cpu, indexed(cpu, insn), 8, Access::Fetch); o != Outcome::Completed) return o;
  const auto value = operand.value();
  if (!value) return data_exception(cpu);
  // Completed even when the number does not fit: its rightmost 32 bits are the result.
  const auto magnitude = static_cast<s64>(value->magnitude);
  const s64 number = value->negative ? -magnitude : magnitude;
  cpu.set_gr32(insn.r1(), static_cast<u32>(number));
  return number == static_cast<s32>(number) ? Outcome::Completed : cpu.recognize(ProgramInterruption::FixedPointDivide);
}

template <class View>
Outcome to_decimal(Cpu& cpu, View insn) {
  const s64 number = static_cast<s32>(cpu.gr32(insn.r1()));
  u8 bytes[8];
  pack({static_cast<u64>(number < 0 ? -number : number), number < 0}, bytes);
  return cpu.store_bytes(indexed(cpu, insn), bytes);
}

} // namespace

Outcome add_decimal(Cpu& cpu, SS_b insn) { return add_or_subtract(cpu, insn, false); }
Outcome subtract_decimal(Cpu& cpu, SS_b insn) { return add_or_subtract(cpu, insn, true); }

Outcome zero_and_add(Cpu& cpu, SS_b insn) {
  PackedOperand first, second;
  if (const Outcome o = reach_both(cpu, insn, first, second); o != Outcome::Completed) return o;
  const auto b = second.value();
  if (!b) return data_exception(cpu);
  return store_with_cc(cpu, first, *b, false);
}

Outcome compare_decimal(Cpu& cpu, SS_b insn) {
  PackedOperand first, second;
  if (const Outcome o = reach_both(cpu, insn, first, second, Access::Fetch); o != Outcome::Completed) return o;
  const auto a = first.value();
  auto b = second.value();
  if (!a || !b) return data_exception(cpu);
  b->negative ^= true;
  cpu.psw.cc = sign_of(sum(*a, *b));
  return Outcome::Completed;
}

Outcome multiply_decimal(Cpu& cpu, SS_b insn) {
  if (!lengths_allowed(insn)) return specification_exception(cpu);
  PackedOperand first, second;
  if (const Outcome o = reach_both(cpu, insn, first, second); o != Outcome::Completed) return o;
  const auto a = first.value(), b = second.value();
  if (!a || !b) return data_exception(cpu);
  // The multiplicand must have as many bytes of zeros on the left as the multiplier has bytes; then no product overflows.
  if (a->magnitude >= power_of_ten(2 * (insn.l1() - insn.l2()) - 1)) return data_exception(cpu);
  cpu.charge(second.place.length);
  // The sign follows the rules of algebra even for a product of zero.
  first.store(cpu, {a->magnitude * b->magnitude, a->negative != b->negative});
  return Outcome::Completed;
}

Outcome divide_decimal(Cpu& cpu, SS_b insn) {
  if (!lengths_allowed(insn)) return specification_exception(cpu);
  PackedOperand first, second;
  if (const Outcome o = reach_both(cpu, insn, first, second); o != Outcome::Completed) return o;
  const auto a = first.value(), b = second.value();
  if (!a || !b) return data_exception(cpu);
  const u64 quotient_bytes = insn.l1() - insn.l2(), remainder_bytes = insn.l2() + 1;
  if (b->magnitude == 0) return cpu.recognize(ProgramInterruption::DecimalDivide);
  const Decimal quotient{a->magnitude / b->magnitude, a->negative != b->negative};
  if (quotient.magnitude >= power_of_ten(static_cast<unsigned>(2 * quotient_bytes - 1)))
    return cpu.recognize(ProgramInterruption::DecimalDivide);
  cpu.charge(first.place.length);
  pack(quotient, {first.bytes, quotient_bytes});
  pack({a->magnitude % b->magnitude, a->negative}, {first.bytes + quotient_bytes, remainder_bytes});
  first.place.write(first.bytes);
  first.place.stored(cpu);
  return Outcome::Completed;
}

Outcome shift_and_round_decimal(Cpu& cpu, SS_c insn) {
  // The second-operand address is not one: its last six bits are a signed number of digits, positive to the left.
  const auto shift = static_cast<int>(sign_extend<6>(cpu.address(insn.b2(), insn.d2()).value));
  PackedOperand first;
  if (const Outcome o = first.reach(cpu, cpu.address(insn.b1(), insn.d1()), insn.l1() + 1, Access::Store);
      o != Outcome::Completed)
    return o;
  auto value = first.value();
  if (!value || insn.i3() > 9) return data_exception(cpu);
  bool overflow = false;
  if (shift < 0) {
    const auto places = static_cast<unsigned>(-shift);
    value->magnitude = (value->magnitude + insn.i3() * power_of_ten(places - 1)) / power_of_ten(places);
  } else {
    const auto places = static_cast<unsigned>(shift);
    const u128 room = places < first.digits() ? power_of_ten(first.digits() - places) : 1;
    overflow = value->magnitude >= room;
    value->magnitude = places < first.digits() ? value->magnitude % room * power_of_ten(places) : 0;
  }
  return store_with_cc(cpu, first, *value, overflow);
}

Outcome test_decimal(Cpu& cpu, RSL_a insn) {
  PackedOperand operand;
  if (const Outcome o = operand.reach(cpu, cpu.address(insn.b1(), insn.d1()), insn.l1() + 1, Access::Fetch);
      o != Outcome::Completed)
    return o;
  const Validity v = validity({operand.bytes, operand.place.length});
  cpu.psw.cc = static_cast<u8>((v.digits ? 0 : 2) | (v.sign ? 0 : 1));
  return Outcome::Completed;
}

Outcome convert_to_binary(Cpu& cpu, RX_a insn) { return to_binary(cpu, insn); }
Outcome convert_to_binary_y(Cpu& cpu, RXY_a insn) { return to_binary(cpu, insn); }

Outcome convert_to_binary_long(Cpu& cpu, RXY_a insn) {
  PackedOperand operand;
  if (const Outcome o = operand.reach(cpu, indexed(cpu, insn), 16, Access::Fetch); o != Outcome::Completed) return o;
  const auto value = operand.value();
  if (!value) return data_exception(cpu);
  // Unlike the word forms this one is suppressed when the number does not fit.
  const u128 limit = (u128{1} << 63) - (value->negative ? 0 : 1);
  if (value->magnitude > limit) return cpu.recognize(ProgramInterruption::FixedPointDivide);
  const auto magnitude = static_cast<u64>(value->magnitude);
  cpu.gr[insn.r1()] = value->negative ? u64{0} - magnitude : magnitude;
  return Outcome::Completed;
}

Outcome convert_to_decimal(Cpu& cpu, RX_a insn) { return to_decimal(cpu, insn); }
Outcome convert_to_decimal_y(Cpu& cpu, RXY_a insn) { return to_decimal(cpu, insn); }

Outcome convert_to_decimal_long(Cpu& cpu, RXY_a insn) {
  const u64 number = cpu.gr[insn.r1()];
  const bool negative = static_cast<s64>(number) < 0;
  u8 bytes[16];
  pack({negative ? u64{0} - number : number, negative}, bytes);
  return cpu.store_bytes(indexed(cpu, insn), bytes);
}

} // namespace siena::cpu::isa
