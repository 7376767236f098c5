// SPDX-License-Identifier: BSD-3-Clause
// EXECUTE: one instruction at the target, with its second byte changed (PoP, General Instructions, EXECUTE).
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"

namespace siena::cpu::isa {

Outcome execute_target(Cpu& cpu, RX_a insn);
Outcome execute_target_relative_long(Cpu& cpu, RIL_b insn);

} // namespace siena::cpu::isa
