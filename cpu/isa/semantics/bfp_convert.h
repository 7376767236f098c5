// SPDX-License-Identifier: BSD-3-Clause
// Semantics of the binary-floating-point conversions: LOAD LENGTHENED, LOAD ROUNDED, LOAD FP INTEGER, CONVERT TO and FROM
// FIXED and LOGICAL, CONVERT BFP TO HFP and HFP TO BFP. M3 is the rounding method (0: the FPC's), M4 bit 1 the
// inexact-exception control XxC; the fields belong to the floating-point-extension facility, which is always there.
#pragma once

#include "cpu/isa/bfp/convert.h"
#include "cpu/isa/semantics/fp_operands.h"

#include <optional>

namespace siena::cpu::isa {

namespace detail {

/// The FPC's controls as modified by M3 and M4; nothing if M3 is invalid.
inline std::optional<bfp::Controls> modified_controls(const Cpu& cpu, RRF_e insn) {
  auto controls = bfp::Controls::from_fpc(cpu.fpc);
  const auto method = bfp::rounding_from_modifier(insn.m3(), controls.rounding);
  if (!method) return {};
  controls.rounding = *method;
  controls.suppress_inexact = (insn.m4() & 4) != 0;
  return controls;
}

} // namespace detail

template <class View, class F, class Wider>
Outcome bfp_load_lengthened(Cpu& cpu, View insn) {
  if (!afp_registers_enabled(cpu)) [[unlikely]]
    return bfp_disabled(cpu);
  if (!holds<Wider>(insn.r1())) [[unlikely]]
    return specification(cpu);
  const auto second = second_datum<F>(cpu, insn);
  if (second.outcome != Outcome::Completed) [[unlikely]]
    return second.outcome;
  const auto result = bfp::lengthen<F, Wider>(second.value, bfp::Controls::from_fpc(cpu.fpc));
  return conclude(cpu, result, [&] { write_register<Wider>(cpu, insn.r1(), result.value); });
}

/// An enabled overflow or underflow leaves a scaled result in the source's format, so R1 must be able to hold that.
template <class F, class Shorter>
Outcome bfp_load_rounded(Cpu& cpu, RRF_e insn) {
  if (!afp_registers_enabled(cpu)) [[unlikely]]
    return bfp_disabled(cpu);
  const auto controls = detail::modified_controls(cpu, insn);
  if (!controls || !holds<F>(insn.r1()) || !holds<F>(insn.r2())) [[unlikely]]
    return specification(cpu);
  const auto rounded = bfp::load_rounded<F, Shorter>(read_register<F>(cpu, insn.r2()), *controls);
  return conclude(cpu, rounded.result, [&] {
    if (rounded.in_source_format) [[unlikely]]
      write_register<F>(cpu, insn.r1(), rounded.scaled);
    else
      write_register<Shorter>(cpu, insn.r1(), rounded.result.value);
  });
}

template <class F>
Outcome bfp_load_fp_integer(Cpu& cpu, RRF_e insn) {
  if (!afp_registers_enabled(cpu)) [[unlikely]]
    return bfp_disabled(cpu);
  const auto controls = detail::modified_controls(cpu, insn);
  if (!controls || !holds<F>(insn.r1()) || !holds<F>(insn.r2())) [[unlikely]]
    return specification(cpu);
  const auto result = bfp::load_fp_integer<F>(read_register<F>(cpu, insn.r2()), *controls);
  return conclude(cpu, result, [&] { write_register<F>(cpu, insn.r1(), result.value); });
}

/// To a general register: 32-bit results replace bits 32-63.
template <class F, class Integer>
Outcome bfp_convert_to_fixed(Cpu& cpu, RRF_e insn) {
  if (!afp_registers_enabled(cpu)) [[unlikely]]
    return bfp_disabled(cpu);
  const auto controls = detail::modified_controls(cpu, insn);
  if (!controls || !holds<F>(insn.r2())) [[unlikely]]
    return specification(cpu);
  const auto result = bfp::convert_to_fixed<F, Integer>(read_register<F>(cpu, insn.r2()), *controls);
  return conclude(cpu, result, [&] {
    if constexpr (sizeof(Integer) == 4)
      cpu.set_gr32(insn.r1(), static_cast<u32>(result.value));
    else
      cpu.gr[insn.r1()] = static_cast<u64>(result.value);
    cpu.psw.cc = result.cc;
  });
}

template <class F, class Integer>
Outcome bfp_convert_from_fixed(Cpu& cpu, RRF_e insn) {
  if (!afp_registers_enabled(cpu)) [[unlikely]]
    return bfp_disabled(cpu);
  const auto controls = detail::modified_controls(cpu, insn);
  if (!controls || !holds<F>(insn.r1())) [[unlikely]]
    return specification(cpu);
  const auto result = bfp::convert_from_fixed<F, Integer>(static_cast<Integer>(cpu.gr[insn.r2()]), *controls);
  return conclude(cpu, result, [&] { write_register<F>(cpu, insn.r1(), result.value); });
}

/// Not a BFP instruction as far as the AFP-register control goes: only the register numbers count.
template <class F>
Outcome convert_bfp_to_hfp(Cpu& cpu, RRE insn) {
  if (!registers_usable(cpu, insn.r1(), insn.r2())) [[unlikely]]
    return cpu.data_exception(kDxcAfpRegister);
  const auto hfp = bfp::convert_to_hfp<F>(read_register<F>(cpu, insn.r2()));
  cpu.fpr(insn.r1()) = hfp.value;
  cpu.psw.cc = hfp.cc;
  return Outcome::Completed;
}

/// M3 code 0 is "toward zero" here, not the FPC's mode.
template <class F>
Outcome convert_hfp_to_bfp(Cpu& cpu, RRF_e insn) {
  if (!registers_usable(cpu, insn.r1(), insn.r2())) [[unlikely]]
    return cpu.data_exception(kDxcAfpRegister);
  const auto method = bfp::rounding_from_modifier(insn.m3(), bfp::RoundingMode::TowardZero);
  if (!method) [[unlikely]]
    return specification(cpu);
  const auto result = bfp::convert_from_hfp<F>(cpu.fpr(insn.r2()), *method);
  write_register<F>(cpu, insn.r1(), result.value);
  cpu.psw.cc = result.cc;
  return Outcome::Completed;
}

} // namespace siena::cpu::isa
