// SPDX-License-Identifier: BSD-3-Clause
// Semantics of the floating-point-support instructions (PoP, Floating-Point Overview and Support Instructions): moves that
// know no radix, signs, transfers to and from general registers, and the floating-point-control register.
#pragma once

#include "cpu/isa/semantics/fp_operands.h"

namespace siena::cpu::isa {

/// LER, LDR, LXR.
template <class View, class F>
Outcome load_fp_register(Cpu& cpu, View insn) {
  if (!registers_usable(cpu, insn.r1(), insn.r2())) [[unlikely]]
    return cpu.data_exception(kDxcAfpRegister);
  if (!holds<F>(insn.r1()) || !holds<F>(insn.r2())) [[unlikely]]
    return specification(cpu);
  write_register<F>(cpu, insn.r1(), read_register<F>(cpu, insn.r2()));
  return Outcome::Completed;
}

/// LE, LEY, LD, LDY.
template <class View, class F>
Outcome load_fp_storage(Cpu& cpu, View insn) {
  if (!registers_usable(cpu, insn.r1())) [[unlikely]]
    return cpu.data_exception(kDxcAfpRegister);
  const auto second = second_datum<F>(cpu, insn);
  if (second.outcome != Outcome::Completed) [[unlikely]]
    return second.outcome;
  write_register<F>(cpu, insn.r1(), second.value);
  return Outcome::Completed;
}

/// STE, STEY, STD, STDY.
template <class View, class F>
Outcome store_fp(Cpu& cpu, View insn) {
  if (!registers_usable(cpu, insn.r1())) [[unlikely]]
    return cpu.data_exception(kDxcAfpRegister);
  return cpu.store(second_operand(cpu, insn), read_register<F>(cpu, insn.r1()));
}

/// LZER, LZDR, LZXR.
template <class F>
Outcome load_fp_zero(Cpu& cpu, RRE insn) {
  if (!registers_usable(cpu, insn.r1())) [[unlikely]]
    return cpu.data_exception(kDxcAfpRegister);
  if (!holds<F>(insn.r1())) [[unlikely]]
    return specification(cpu);
  write_register<F>(cpu, insn.r1(), 0);
  return Outcome::Completed;
}

Outcome load_positive_fp(Cpu& cpu, RRE insn);
Outcome load_negative_fp(Cpu& cpu, RRE insn);
Outcome load_complement_fp(Cpu& cpu, RRE insn);
Outcome copy_sign(Cpu& cpu, RRF_b insn);
Outcome load_fpr_from_gr(Cpu& cpu, RRE insn);
Outcome load_gr_from_fpr(Cpu& cpu, RRE insn);

Outcome extract_fpc(Cpu& cpu, RRE insn);
Outcome set_fpc(Cpu& cpu, RRE insn);
Outcome load_fpc(Cpu& cpu, S insn);
Outcome store_fpc(Cpu& cpu, S insn);
Outcome set_fpc_and_signal(Cpu& cpu, RRE insn);
Outcome load_fpc_and_signal(Cpu& cpu, S insn);
Outcome set_bfp_rounding_mode_2_bit(Cpu& cpu, S insn);
Outcome set_bfp_rounding_mode_3_bit(Cpu& cpu, S insn);
Outcome set_dfp_rounding_mode(Cpu& cpu, S insn);

/// What the FPC may be loaded with: no reserved bit, and a valid BFP rounding mode. LOAD FPC and its kin check it, and so
/// does whoever loads the FPC from a control block.
constexpr bool is_valid_fpc(u32 fpc) {
  const u32 mode = fpc & 7;
  return (fpc & 0x0303'0088) == 0 && (mode < 4 || mode == 7);
}

} // namespace siena::cpu::isa
