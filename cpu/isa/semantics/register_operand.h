// SPDX-License-Identifier: BSD-3-Clause
// Operands whose address and length are in general registers (PoP, General Instructions; MOVE LONG EXTENDED and its kin): which
// bits of the registers take part depends on the addressing mode.
#pragma once

#include "cpu/cpu.h"

namespace siena::cpu::isa {

/// Bytes that a long-running instruction processes before it offers an interruption: the rest is left to its re-execution.
constexpr u64 kUnitOfOperation = 4096;

inline Outcome specification_exception(Cpu& cpu) { return cpu.recognize(ProgramInterruption::Specification); }

inline bool long_addressing(const Cpu& cpu) { return cpu.psw.has(Psw::kExtendedAddressing); }

/// Bits 0-31 stay in the 24- and 31-bit modes; bits 32-39 or 32 become zeros there.
inline void set_register_address(Cpu& cpu, unsigned r, u64 address) {
  if (long_addressing(cpu))
    cpu.gr[r] = address;
  else
    cpu.set_gr32(r, static_cast<u32>(address & cpu.address_mask()));
}

/// A result that has the width of an address or a length but is neither wrapped.
inline void set_register_by_mode(Cpu& cpu, unsigned r, u64 value) {
  if (long_addressing(cpu))
    cpu.gr[r] = value;
  else
    cpu.set_gr32(r, static_cast<u32>(value));
}
inline u64 register_by_mode(const Cpu& cpu, unsigned r) { return long_addressing(cpu) ? cpu.gr[r] : cpu.gr32(r); }

/// An operand described by an even-odd register pair: address in the even register, length in the odd one.
struct RegisterPairOperand {
  unsigned r = 0;
  LogicalAddress address;
  u64 length = 0;

  RegisterPairOperand(const Cpu& cpu, unsigned even)
      : r(even), address(cpu.register_address(even)), length(register_by_mode(cpu, even + 1)) {}
  void advance(const Cpu& cpu, u64 n) {
    address = cpu.advance(address, n);
    length -= n;
  }
  /// Writes address and remaining length back.
  void update(Cpu& cpu) const {
    set_register_address(cpu, r, address.value);
    set_register_by_mode(cpu, r + 1, length);
  }
};

inline bool odd(unsigned r) { return (r & 1) != 0; }

/// Condition code 3: a part has been processed, the program branches back to the instruction.
inline Outcome cpu_determined(Cpu& cpu) {
  cpu.psw.cc = 3;
  return Outcome::Completed;
}

} // namespace siena::cpu::isa
