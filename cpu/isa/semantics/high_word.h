// SPDX-License-Identifier: BSD-3-Clause
// The one high-word instruction that no recipe says (PoP, General Instructions, ADD LOGICAL WITH SIGNED IMMEDIATE HIGH).
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"

namespace siena::cpu::isa {

/// ALSIHN: as ALSIH, but the condition code stays.
inline Outcome add_logical_signed_immediate_high_no_cc(Cpu& cpu, RIL_a insn) {
  cpu.set_gr_high(insn.r1(), cpu.gr_high(insn.r1()) + static_cast<u32>(insn.i2()));
  return Outcome::Completed;
}

} // namespace siena::cpu::isa
