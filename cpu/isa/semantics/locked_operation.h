// SPDX-License-Identifier: BSD-3-Clause
// PERFORM LOCKED OPERATION (PoP, General Instructions).
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"

namespace siena::cpu::isa {

Outcome perform_locked_operation(Cpu& cpu, SS_e insn);

} // namespace siena::cpu::isa
