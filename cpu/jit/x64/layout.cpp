// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/jit/x64/layout.h"

namespace siena::cpu::jit::x64 {

Layout::Layout(const Cpu& cpu) {
  const auto* const origin = reinterpret_cast<const char*>(&cpu);
  // Eight-bit distances then reach all general registers.
  const auto* const base_at = reinterpret_cast<const char*>(&cpu.gr[8]);
  const auto distance = [&](const void* field) {
    return static_cast<s32>(reinterpret_cast<const char*>(field) - base_at);
  };
  base = static_cast<s32>(base_at - origin);
  gr = distance(&cpu.gr[0]);
  psw_address = distance(&cpu.psw.address);
  psw_mask = distance(&cpu.psw.mask);
  ar = distance(&cpu.ar[0]);
  psw_cc = distance(&cpu.psw.cc);
  fpr = distance(&cpu.vr[0].high);
  fpc = distance(&cpu.fpc);
  cr0 = distance(&cpu.cr[0]);
  breaking_event = distance(&cpu.breaking_event);
  cycles = distance(&cpu.cycles);
  data_context = distance(cpu.data_context());
  instruction_context = distance(cpu.instruction_context());
  engine = distance(&cpu.engine);
}

} // namespace siena::cpu::jit::x64
