// SPDX-License-Identifier: BSD-3-Clause
// Semantics of the binary-floating-point instructions that stay in one format (PoP, Binary-Floating-Point Instructions):
// each function is one instruction for a format F and a view, RRE or RRD for register operands, RXE or RXF for a second
// operand in storage. What the operation means is in cpu/isa/bfp; here are operands, checks and results.
#pragma once

#include "cpu/isa/bfp/arithmetic.h"
#include "cpu/isa/bfp/compare.h"
#include "cpu/isa/bfp/divide_to_integer.h"
#include "cpu/isa/semantics/fp_operands.h"

namespace siena::cpu::isa {

enum class BfpOperation : u8 {
  Add,
  Subtract,
  Multiply,
  Divide,
  SquareRoot,
  Compare,
  CompareAndSignal,
  LoadAndTest,
  LoadPositive,
  LoadNegative,
  LoadComplement,
  MultiplyAdd,
  MultiplySubtract,
};

namespace detail {

constexpr bool bfp_sets_cc(BfpOperation op) {
  using enum BfpOperation;
  return op == Add || op == Subtract || op == LoadAndTest || op == LoadPositive || op == LoadNegative ||
         op == LoadComplement;
}

/// Operations on the first and second operand, or on the second alone.
template <class F, BfpOperation Op>
bfp::Result<typename F::Bits> bfp_evaluate(typename F::Bits a, typename F::Bits b, const bfp::Controls& controls) {
  using enum BfpOperation;
  const auto sign_only = [](typename F::Bits v) {
    return bfp::Result<typename F::Bits>{
        .value = v, .flags = 0, .dxc = 0, .cc = bfp::condition_code<F>(v), .completed = true};
  };
  if constexpr (Op == Add)
    return bfp::add<F>(a, b, controls);
  else if constexpr (Op == Subtract)
    return bfp::subtract<F>(a, b, controls);
  else if constexpr (Op == Multiply)
    return bfp::multiply<F>(a, b, controls);
  else if constexpr (Op == Divide)
    return bfp::divide<F>(a, b, controls);
  else if constexpr (Op == SquareRoot)
    return bfp::square_root<F>(b, controls);
  else if constexpr (Op == LoadAndTest)
    return bfp::load_and_test<F>(b, controls);
  else if constexpr (Op == LoadPositive)
    return sign_only(bfp::load_positive<F>(b));
  else if constexpr (Op == LoadNegative)
    return sign_only(bfp::load_negative<F>(b));
  else {
    static_assert(Op == LoadComplement);
    return sign_only(bfp::load_complement<F>(b));
  }
}

} // namespace detail

/// ADD .. LOAD COMPLEMENT: the result replaces the first operand.
template <class View, class F, BfpOperation Op>
Outcome bfp_arithmetic(Cpu& cpu, View insn) {
  if (!afp_registers_enabled(cpu)) [[unlikely]]
    return bfp_disabled(cpu);
  if (!holds<F>(insn.r1()) || !second_holds<F>(insn)) [[unlikely]]
    return specification(cpu);
  const auto second = second_datum<F>(cpu, insn);
  if (second.outcome != Outcome::Completed) [[unlikely]]
    return second.outcome;
  const auto result =
      detail::bfp_evaluate<F, Op>(read_register<F>(cpu, insn.r1()), second.value, bfp::Controls::from_fpc(cpu.fpc));
  return conclude(cpu, result, [&] {
    write_register<F>(cpu, insn.r1(), result.value);
    if constexpr (detail::bfp_sets_cc(Op)) cpu.psw.cc = result.cc;
  });
}

/// COMPARE, COMPARE AND SIGNAL.
template <class View, class F, BfpOperation Op>
Outcome bfp_compare(Cpu& cpu, View insn) {
  if (!afp_registers_enabled(cpu)) [[unlikely]]
    return bfp_disabled(cpu);
  if (!holds<F>(insn.r1()) || !second_holds<F>(insn)) [[unlikely]]
    return specification(cpu);
  const auto second = second_datum<F>(cpu, insn);
  if (second.outcome != Outcome::Completed) [[unlikely]]
    return second.outcome;
  const auto first = read_register<F>(cpu, insn.r1());
  const auto controls = bfp::Controls::from_fpc(cpu.fpc);
  const auto result = Op == BfpOperation::Compare ? bfp::compare<F>(first, second.value, controls)
                                                  : bfp::compare_and_signal<F>(first, second.value, controls);
  return conclude(cpu, result, [&] { cpu.psw.cc = result.cc; });
}

/// MULTIPLY AND ADD, MULTIPLY AND SUBTRACT: third operand times second, plus or minus the first.
template <class View, class F, BfpOperation Op>
Outcome bfp_multiply_and_add(Cpu& cpu, View insn) {
  if (!afp_registers_enabled(cpu)) [[unlikely]]
    return bfp_disabled(cpu);
  const auto second = second_datum<F>(cpu, insn);
  if (second.outcome != Outcome::Completed) [[unlikely]]
    return second.outcome;
  const auto first = read_register<F>(cpu, insn.r1());
  const auto third = read_register<F>(cpu, insn.r3());
  const auto controls = bfp::Controls::from_fpc(cpu.fpc);
  const auto result = Op == BfpOperation::MultiplyAdd ? bfp::multiply_add<F>(third, second.value, first, controls)
                                                      : bfp::multiply_subtract<F>(third, second.value, first, controls);
  return conclude(cpu, result, [&] { write_register<F>(cpu, insn.r1(), result.value); });
}

/// MULTIPLY with the product in the next wider format (MDEB, MXDB).
template <class View, class F, class Wider>
Outcome bfp_multiply_lengthened(Cpu& cpu, View insn) {
  if (!afp_registers_enabled(cpu)) [[unlikely]]
    return bfp_disabled(cpu);
  if (!holds<Wider>(insn.r1())) [[unlikely]]
    return specification(cpu);
  const auto second = second_datum<F>(cpu, insn);
  if (second.outcome != Outcome::Completed) [[unlikely]]
    return second.outcome;
  const auto result =
      bfp::multiply_lengthened(read_register<F>(cpu, insn.r1()), second.value, bfp::Controls::from_fpc(cpu.fpc));
  return conclude(cpu, result, [&] { write_register<Wider>(cpu, insn.r1(), result.value); });
}

/// TEST DATA CLASS: the second-operand address is the mask.
template <class F>
Outcome bfp_test_data_class(Cpu& cpu, RXE insn) {
  if (!afp_registers_enabled(cpu)) [[unlikely]]
    return bfp_disabled(cpu);
  if (!holds<F>(insn.r1())) [[unlikely]]
    return specification(cpu);
  const u64 mask = second_operand(cpu, insn).value;
  cpu.psw.cc = (bfp::data_class<F>(read_register<F>(cpu, insn.r1())) & mask) != 0 ? 1 : 0;
  return Outcome::Completed;
}

/// DIVIDE TO INTEGER: quotient to R3, remainder to R1; the three registers must differ.
template <class F>
Outcome bfp_divide_to_integer(Cpu& cpu, RRF_b insn) {
  if (!afp_registers_enabled(cpu)) [[unlikely]]
    return bfp_disabled(cpu);
  const auto controls = bfp::Controls::from_fpc(cpu.fpc);
  const auto method = bfp::rounding_from_modifier(insn.m4(), controls.rounding);
  if (!method || insn.r1() == insn.r2() || insn.r1() == insn.r3() || insn.r2() == insn.r3()) [[unlikely]]
    return specification(cpu);
  const auto out =
      bfp::divide_to_integer<F>(read_register<F>(cpu, insn.r1()), read_register<F>(cpu, insn.r2()), *method, controls);
  const bfp::Result<u8> end{.value = 0, .flags = out.flags, .dxc = out.dxc, .cc = out.cc, .completed = out.completed};
  return conclude(cpu, end, [&] {
    write_register<F>(cpu, insn.r1(), out.remainder);
    write_register<F>(cpu, insn.r3(), out.quotient);
    cpu.psw.cc = out.cc;
  });
}

} // namespace siena::cpu::isa
