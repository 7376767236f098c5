// SPDX-License-Identifier: BSD-3-Clause
// Where generated code finds things: all of a CPU's fields lie at fixed distances from one base register. The distances are
// measured once, since the Cpu class promises no layout.
#pragma once

#include "cpu/cpu.h"

namespace siena::cpu::jit::x64 {

struct Layout {
  explicit Layout(const Cpu& cpu);

  s32 base; ///< from the Cpu object to where the base register points; all others count from there
  s32 gr;
  s32 psw_address, psw_mask, psw_cc;
  s32 ar;
  s32 fpr; ///< the first one; each is the left half of a vector register
  s32 fpc, cr0;
  s32 breaking_event, cycles;
  s32 data_context, instruction_context; ///< pointers to mmu::TlbContext
  s32 engine;                            ///< the EngineState
};

} // namespace siena::cpu::jit::x64
