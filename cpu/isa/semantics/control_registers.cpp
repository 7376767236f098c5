// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/isa/semantics/control_registers.h"

#include "cpu/isa/semantics/control_checks.h"

namespace siena::cpu::isa {

namespace {

/// Registers R1 to R3, wrapping from 15 to 0.
constexpr u32 count_of(u32 r1, u32 r3) { return ((r3 - r1) & 15) + 1; }

template <typename T, class View>
Outcome load_control(Cpu& cpu, View insn) {
  const LogicalAddress a = cpu.address(insn.b2(), insn.d2());
  if (misaligned(a, sizeof(T))) return cpu.recognize(ProgramInterruption::Specification);
  const u32 count = count_of(insn.r1(), insn.r3());
  u8 bytes[16 * sizeof(T)];
  if (const Outcome o = cpu.fetch_bytes(a, std::span(bytes).first(count * sizeof(T))); o != Outcome::Completed)
    return o;
  // 3, 4, 6, 12, 14 and 15 have no part in translation or PER.
  constexpr u32 kTranslation = 0x2FA7;
  u32 loaded = 0;
  for (u32 i = 0; i < count; ++i) {
    const u32 n = (insn.r1() + i) & 15;
    loaded |= 1u << n;
    u64& c = cpu.cr[n];
    const T value = load_big<T>(bytes + i * sizeof(T));
    if constexpr (sizeof(T) == 4)
      c = (c & 0xFFFF'FFFF'0000'0000) | value;
    else
      c = value;
  }
  if ((loaded & kTranslation) != 0) cpu.controls_changed();
  return Outcome::CompletedLeaveBlock;
}

template <typename T, class View>
Outcome store_control(Cpu& cpu, View insn) {
  const LogicalAddress a = cpu.address(insn.b2(), insn.d2());
  if (misaligned(a, sizeof(T))) return cpu.recognize(ProgramInterruption::Specification);
  const u32 count = count_of(insn.r1(), insn.r3());
  u8 bytes[16 * sizeof(T)];
  for (u32 i = 0; i < count; ++i) store_big(bytes + i * sizeof(T), static_cast<T>(cpu.cr[(insn.r1() + i) & 15]));
  return cpu.store_bytes(a, std::span(bytes).first(count * sizeof(T)));
}

} // namespace

Outcome load_control_32(Cpu& cpu, RS_a insn) { return load_control<u32>(cpu, insn); }
Outcome load_control_64(Cpu& cpu, RSY_a insn) { return load_control<u64>(cpu, insn); }
Outcome store_control_32(Cpu& cpu, RS_a insn) { return store_control<u32>(cpu, insn); }
Outcome store_control_64(Cpu& cpu, RSY_a insn) { return store_control<u64>(cpu, insn); }

} // namespace siena::cpu::isa
