// SPDX-License-Identifier: BSD-3-Clause
// What the floating-point instructions share: operands in registers and storage by format, the checks that come before
// anything else, and the end of an operation that may recognize IEEE exceptions. Checks come in the order of the manual's
// priorities: data exception for a control bit or register, then specification exception, then access to storage.
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/bfp/controls.h"
#include "cpu/isa/bfp/format.h"
#include "cpu/isa/formats.h"
#include "cpu/isa/operands.h"

#include <type_traits>

namespace siena::cpu::isa {

/// Data-exception codes that are not IEEE conditions.
constexpr u8 kDxcAfpRegister = 0x01;
constexpr u8 kDxcBfpInstruction = 0x02;
constexpr u8 kDxcDfpInstruction = 0x03;

inline bool afp_registers_enabled(const Cpu& cpu) { return (cpu.cr[0] & cr0::kAfpRegisters) != 0; }

/// Without the AFP-register control only registers 0, 2, 4 and 6 are there.
template <class... Registers>
bool registers_usable(const Cpu& cpu, Registers... registers) {
  return afp_registers_enabled(cpu) || (((registers & 9) == 0) && ...);
}

/// The numbers 0, 1, 4, 5, 8, 9, 12 and 13 name pairs (n, n+2).
constexpr bool is_register_pair(u32 r) { return (r & 2) == 0; }
/// True for a register number that can hold a datum of format F.
template <class F>
constexpr bool holds(u32 r) {
  return !std::is_same_v<F, bfp::Extended> || is_register_pair(r);
}

template <class F>
typename F::Bits read_register(const Cpu& cpu, u32 r) {
  if constexpr (std::is_same_v<F, bfp::Short>)
    return static_cast<u32>(cpu.fpr(r) >> 32);
  else if constexpr (std::is_same_v<F, bfp::Long>)
    return cpu.fpr(r);
  else
    return (u128{cpu.fpr(r)} << 64) | cpu.fpr(r + 2);
}

/// A short datum leaves the register's right half as it was.
template <class F>
void write_register(Cpu& cpu, u32 r, typename F::Bits value) {
  if constexpr (std::is_same_v<F, bfp::Short>) {
    cpu.fpr(r) = (u64{value} << 32) | (cpu.fpr(r) & 0xFFFF'FFFF);
  } else if constexpr (std::is_same_v<F, bfp::Long>) {
    cpu.fpr(r) = value;
  } else {
    cpu.fpr(r) = static_cast<u64>(value >> 64);
    cpu.fpr(r + 2) = static_cast<u64>(value);
  }
}

template <class View>
constexpr bool kInStorage = !requires(const View& v) {
  v.r2();
};

/// The second operand: register R2, or storage where the format has no R2 (never extended).
template <class F, class View>
Fetched<typename F::Bits> second_datum(Cpu& cpu, const View& insn) {
  if constexpr (kInStorage<View>)
    return cpu.fetch<typename F::Bits>(second_operand(cpu, insn));
  else
    return {read_register<F>(cpu, insn.r2()), Outcome::Completed};
}
/// True if R2 is not a register operand or can hold an F.
template <class F, class View>
constexpr bool second_holds(const View& insn) {
  if constexpr (kInStorage<View>)
    return true;
  else
    return holds<F>(insn.r2());
}

inline Outcome specification(Cpu& cpu) { return cpu.recognize(ProgramInterruption::Specification); }
inline Outcome bfp_disabled(Cpu& cpu) { return cpu.data_exception(kDxcBfpInstruction); }

/// Ends a BFP operation: `deliver` stores a completed result; then come the flags, and last the data exception.
template <class T, class Deliver>
Outcome conclude(Cpu& cpu, const bfp::Result<T>& result, const Deliver& deliver) {
  if (result.completed) [[likely]] {
    deliver();
    cpu.fpc |= u32{result.flags} << 16;
  }
  if (result.dxc != 0) [[unlikely]]
    return cpu.data_exception(result.dxc);
  return Outcome::Completed;
}

} // namespace siena::cpu::isa
