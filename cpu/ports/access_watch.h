// SPDX-License-Identifier: BSD-3-Clause
// Somebody outside the guest who wants to see what a CPU does at certain logical addresses (a debugger). Pages without such an
// address cost nothing: of the others no translation is kept that a fast path could use.
#pragma once

#include "base/types.h"
#include "mmu/translation.h"

namespace siena::cpu {

class Cpu;

namespace ports {

class AccessWatch {
 public:
  virtual ~AccessWatch() = default;

  /// Is something of interest in the page at logical address `page`, as this CPU accesses it now (level, guest)? With
  /// Access::Instruction, who runs the CPU is handed every instruction that begins there (interpreter::InstructionHook); otherwise
  /// `accessed` is called for all operands there. Its answer may change only together with Cpu::set_watch.
  virtual bool watches(const Cpu& cpu, u64 page, mmu::Access access) const = 0;
  /// The instruction in execution fetches or stores `length` bytes at logical address `address`, which do not cross a page. Called
  /// for other addresses than those of interest as well. Instructions that search may be said to fetch more than they need.
  virtual void accessed(Cpu& cpu, u64 address, u64 length, mmu::Access access) = 0;
};

} // namespace ports
} // namespace siena::cpu
