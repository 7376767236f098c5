// SPDX-License-Identifier: BSD-3-Clause
// A regular instruction's body, written once: read both operands, evaluate, write, set the condition code. No regular
// instruction is privileged or has a SIE rule; those are irregular. Nothing is written unless every access has succeeded.
#pragma once

#include "cpu/isa/alu.h"
#include "cpu/isa/definition.h"
#include "cpu/isa/operands.h"

namespace siena::cpu::isa {

namespace detail {

template <Width W>
struct TypeOf;
template <>
struct TypeOf<Width::W8> {
  using Type = u8;
};
template <>
struct TypeOf<Width::W16> {
  using Type = u16;
};
template <>
struct TypeOf<Width::W32> {
  using Type = u32;
};
template <>
struct TypeOf<Width::W64> {
  using Type = u64;
};

/// Operations that leave the condition code alone.
constexpr bool sets_cc(Operation op) {
  using enum Operation;
  switch (op) {
  case Move:
  case MultiplySingle:
  case ShiftLeftLogical:
  case ShiftRightLogical:
  case RotateLeft:
  case Insert: return false;
  default: return true;
  }
}

/// Bits of the doubleword that an Imm_hh .. Imm_ll operand stands at; all of it for other operands.
constexpr u64 field_mask(Operand o) {
  using enum Operand;
  switch (o) {
  case Imm_hh: return 0xFFFF'0000'0000'0000;
  case Imm_hl: return 0x0000'FFFF'0000'0000;
  case Imm_lh: return 0x0000'0000'FFFF'0000;
  case Imm_ll: return 0x0000'0000'0000'FFFF;
  case Imm_High: return 0xFFFF'FFFF'0000'0000;
  case Imm_u: return 0x0000'0000'FFFF'FFFF;
  default: return ~u64{0};
  }
}

template <Recipe R, typename T>
constexpr AluResult<T> evaluate(T a, T b, u8 cc) {
  using enum Operation;
  constexpr Operation op = R.operation;
  if constexpr (op == Move)
    return {b, 0, false};
  else if constexpr (op == LoadAndTest)
    return {b, sign_cc(b), false};
  else if constexpr (op == LoadPositive)
    return load_positive(b);
  else if constexpr (op == LoadNegative)
    return load_negative(b);
  else if constexpr (op == LoadComplement)
    return load_complement(b);
  else if constexpr (op == AddSigned)
    return add_signed(a, b);
  else if constexpr (op == SubtractSigned)
    return subtract_signed(a, b);
  else if constexpr (op == AddLogical)
    return add_logical(a, b);
  else if constexpr (op == SubtractLogical)
    return subtract_logical(a, b);
  else if constexpr (op == AddLogicalSigned)
    return add_logical(a, b);
  else if constexpr (op == AddCarry)
    return add_logical(a, b, (cc & 2) != 0);
  else if constexpr (op == SubtractBorrow)
    return subtract_logical(a, b, (cc & 2) == 0);
  else if constexpr (op == And)
    return logical<T>(a & b);
  else if constexpr (op == Or)
    return logical<T>(a | b);
  else if constexpr (op == Xor)
    return logical<T>(a ^ b);
  else if constexpr (op == AndComplement)
    return logical<T>(static_cast<T>(a & static_cast<T>(~b)));
  else if constexpr (op == OrComplement)
    return logical<T>(static_cast<T>(a | static_cast<T>(~b)));
  else if constexpr (op == NotAnd)
    return logical<T>(static_cast<T>(~(a & b)));
  else if constexpr (op == NotOr)
    return logical<T>(static_cast<T>(~(a | b)));
  else if constexpr (op == NotXor)
    return logical<T>(static_cast<T>(~(a ^ b)));
  else if constexpr (op == CompareSigned)
    return {a, compare_signed(a, b), false};
  else if constexpr (op == CompareLogical)
    return {a, compare_logical(a, b), false};
  else if constexpr (op == TestUnderMask)
    return {a, test_under_mask(a, b, R.width != Width::W8), false};
  else if constexpr (op == MultiplySingle)
    return {static_cast<T>(a * b), 0, false};
  else if constexpr (op == MultiplySingleCc)
    return multiply_single_cc(a, b);
  else if constexpr (op == ShiftLeftLogical)
    return {shift_left_logical(a, static_cast<unsigned>(b)), 0, false};
  else if constexpr (op == ShiftRightLogical)
    return {shift_right_logical(a, static_cast<unsigned>(b)), 0, false};
  else if constexpr (op == ShiftLeftSigned)
    return shift_left_signed(a, static_cast<unsigned>(b));
  else if constexpr (op == ShiftRightSigned)
    return shift_right_signed(a, static_cast<unsigned>(b));
  else if constexpr (op == RotateLeft)
    return {std::rotl(a, static_cast<int>(b)), 0, false};
  else if constexpr (op == Insert) {
    constexpr T kField = static_cast<T>(field_mask(R.second));
    return {static_cast<T>((a & static_cast<T>(~kField)) | b), 0, false};
  } else if constexpr (op == AndField) {
    constexpr T kField = static_cast<T>(field_mask(R.second));
    const T value = a & (b | static_cast<T>(~kField));
    return {value, static_cast<u8>((value & kField) != 0), false};
  } else if constexpr (op == OrField) {
    constexpr T kField = static_cast<T>(field_mask(R.second));
    const T value = a | b;
    return {value, static_cast<u8>((value & kField) != 0), false};
  } else {
    static_assert(op == CountOnesPerByte);
    const u64 value = population_count_bytes(b);
    return {static_cast<T>(value), static_cast<u8>(value != 0), false};
  }
}

/// Only these can set `overflow`.
constexpr bool may_overflow(Operation op) {
  using enum Operation;
  switch (op) {
  case LoadPositive:
  case LoadComplement:
  case AddSigned:
  case SubtractSigned:
  case MultiplySingleCc:
  case ShiftLeftSigned: return true;
  default: return false;
  }
}

} // namespace detail

template <class View, Recipe R>
Outcome execute(Cpu& cpu, InsnText text) {
  using T = typename detail::TypeOf<R.width>::Type;
  const View insn{text};
  const auto first = read<R.first, T>(cpu, insn);
  if (first.outcome != Outcome::Completed) [[unlikely]]
    return first.outcome;
  const auto second = read<R.second, T>(cpu, insn);
  if (second.outcome != Outcome::Completed) [[unlikely]]
    return second.outcome;
  const auto result = detail::evaluate<R, T>(first.value, second.value, cpu.psw.cc);
  if (const Outcome o = write<R.target, T>(cpu, insn, result.value); o != Outcome::Completed) [[unlikely]]
    return o;
  if constexpr (detail::sets_cc(R.operation)) cpu.psw.cc = result.cc;
  if constexpr (detail::may_overflow(R.operation)) {
    if (result.overflow) [[unlikely]] {
      if (cpu.psw.has(Psw::kFixedPointOverflow)) return cpu.recognize(ProgramInterruption::FixedPointOverflow);
    }
  }
  return Outcome::Completed;
}

template <class View, Recipe R>
constexpr InstructionDef row(const char* mnemonic, u16 opcode, Facility facility, CostClass cost) {
  return {mnemonic, opcode, View::format, facility, cost, Privilege::Problem, kInterpreted, &execute<View, R>, true, R};
}

} // namespace siena::cpu::isa
