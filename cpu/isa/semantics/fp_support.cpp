// SPDX-License-Identifier: BSD-3-Clause
// The floating-point-control register: byte 0 masks, byte 1 flags, byte 2 data-exception code, byte 3 the decimal rounding
// mode (0x70) and the binary one (0x07). Its instructions are BFP or DFP instructions for the AFP-register control.
#include "cpu/isa/semantics/fp_support.h"

namespace siena::cpu::isa {

namespace {

constexpr u32 kBfpRounding = 0x07;
constexpr u32 kDfpRounding = 0x70;
constexpr u8 kQuantum = 0x04;
/// Marks a data-exception code as simulated.
constexpr u8 kSimulated = 0x03;

Outcome replace_fpc(Cpu& cpu, u32 fpc) {
  if (!is_valid_fpc(fpc)) return specification(cpu);
  cpu.fpc = fpc;
  return Outcome::Completed;
}

/// The code of the simulated IEEE exception: the first condition in the usual order whose flag was on and whose new mask
/// is one; overflow and underflow tell by the inexact flag whether they were inexact.
u8 simulated_dxc(u8 flags, u8 masks) {
  const auto enabled = static_cast<u8>(flags & masks);
  for (const u8 condition :
       {bfp::kInvalid, bfp::kDivideByZero, bfp::kOverflow, bfp::kUnderflow, bfp::kInexact, kQuantum}) {
    if ((enabled & condition) == 0) continue;
    const bool of_range = condition == bfp::kOverflow || condition == bfp::kUnderflow;
    return static_cast<u8>(condition | (of_range ? flags & bfp::kInexact : 0) | kSimulated);
  }
  return 0;
}

/// The flags that were on stay on; if one of them is enabled now, the instruction completes with a data exception.
Outcome replace_fpc_and_signal(Cpu& cpu, u32 fpc) {
  if (!is_valid_fpc(fpc)) return specification(cpu);
  const u32 old_flags = cpu.fpc & 0x00FF'0000;
  cpu.fpc = fpc | old_flags;
  const u8 dxc = simulated_dxc(static_cast<u8>(old_flags >> 16), static_cast<u8>(fpc >> 24));
  return dxc != 0 ? cpu.data_exception(dxc) : Outcome::Completed;
}

constexpr u64 kSign = bfp::Long::kSignBit;

} // namespace

Outcome load_positive_fp(Cpu& cpu, RRE insn) {
  if (!registers_usable(cpu, insn.r1(), insn.r2())) return cpu.data_exception(kDxcAfpRegister);
  cpu.fpr(insn.r1()) = cpu.fpr(insn.r2()) & ~kSign;
  return Outcome::Completed;
}

Outcome load_negative_fp(Cpu& cpu, RRE insn) {
  if (!registers_usable(cpu, insn.r1(), insn.r2())) return cpu.data_exception(kDxcAfpRegister);
  cpu.fpr(insn.r1()) = cpu.fpr(insn.r2()) | kSign;
  return Outcome::Completed;
}

Outcome load_complement_fp(Cpu& cpu, RRE insn) {
  if (!registers_usable(cpu, insn.r1(), insn.r2())) return cpu.data_exception(kDxcAfpRegister);
  cpu.fpr(insn.r1()) = cpu.fpr(insn.r2()) ^ kSign;
  return Outcome::Completed;
}

Outcome copy_sign(Cpu& cpu, RRF_b insn) {
  if (!registers_usable(cpu, insn.r1(), insn.r2(), insn.r3())) return cpu.data_exception(kDxcAfpRegister);
  cpu.fpr(insn.r1()) = (cpu.fpr(insn.r2()) & ~kSign) | (cpu.fpr(insn.r3()) & kSign);
  return Outcome::Completed;
}

Outcome load_fpr_from_gr(Cpu& cpu, RRE insn) {
  if (!registers_usable(cpu, insn.r1())) return cpu.data_exception(kDxcAfpRegister);
  cpu.fpr(insn.r1()) = cpu.gr[insn.r2()];
  return Outcome::Completed;
}

Outcome load_gr_from_fpr(Cpu& cpu, RRE insn) {
  if (!registers_usable(cpu, insn.r2())) return cpu.data_exception(kDxcAfpRegister);
  cpu.gr[insn.r1()] = cpu.fpr(insn.r2());
  return Outcome::Completed;
}

Outcome extract_fpc(Cpu& cpu, RRE insn) {
  if (!afp_registers_enabled(cpu)) return bfp_disabled(cpu);
  cpu.set_gr32(insn.r1(), cpu.fpc);
  return Outcome::Completed;
}

Outcome set_fpc(Cpu& cpu, RRE insn) {
  if (!afp_registers_enabled(cpu)) return bfp_disabled(cpu);
  return replace_fpc(cpu, cpu.gr32(insn.r1()));
}

Outcome load_fpc(Cpu& cpu, S insn) {
  if (!afp_registers_enabled(cpu)) return bfp_disabled(cpu);
  const auto word = cpu.fetch<u32>(second_operand(cpu, insn));
  if (word.outcome != Outcome::Completed) return word.outcome;
  return replace_fpc(cpu, word.value);
}

Outcome store_fpc(Cpu& cpu, S insn) {
  if (!afp_registers_enabled(cpu)) return bfp_disabled(cpu);
  return cpu.store(second_operand(cpu, insn), cpu.fpc);
}

Outcome set_fpc_and_signal(Cpu& cpu, RRE insn) {
  if (!afp_registers_enabled(cpu)) return cpu.data_exception(kDxcDfpInstruction);
  return replace_fpc_and_signal(cpu, cpu.gr32(insn.r1()));
}

Outcome load_fpc_and_signal(Cpu& cpu, S insn) {
  if (!afp_registers_enabled(cpu)) return cpu.data_exception(kDxcDfpInstruction);
  const auto word = cpu.fetch<u32>(second_operand(cpu, insn));
  if (word.outcome != Outcome::Completed) return word.outcome;
  return replace_fpc_and_signal(cpu, word.value);
}

// The rounding-mode instructions use the second-operand address itself, and of it only the last byte.

Outcome set_bfp_rounding_mode_2_bit(Cpu& cpu, S insn) {
  if (!afp_registers_enabled(cpu)) return bfp_disabled(cpu);
  cpu.fpc = (cpu.fpc & ~kBfpRounding) | static_cast<u32>(second_operand(cpu, insn).value & 3);
  return Outcome::Completed;
}

Outcome set_bfp_rounding_mode_3_bit(Cpu& cpu, S insn) {
  if (!afp_registers_enabled(cpu)) return bfp_disabled(cpu);
  const auto mode = static_cast<u32>(second_operand(cpu, insn).value & 0xFF);
  if (mode > 7 || !is_valid_fpc(mode)) return specification(cpu);
  cpu.fpc = (cpu.fpc & ~kBfpRounding) | mode;
  return Outcome::Completed;
}

Outcome set_dfp_rounding_mode(Cpu& cpu, S insn) {
  if (!afp_registers_enabled(cpu)) return cpu.data_exception(kDxcDfpInstruction);
  cpu.fpc = (cpu.fpc & ~kDfpRounding) | static_cast<u32>(second_operand(cpu, insn).value & 7) << 4;
  return Outcome::Completed;
}

} // namespace siena::cpu::isa
