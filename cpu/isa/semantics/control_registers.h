// SPDX-License-Identifier: BSD-3-Clause
// Loading and storing control registers (PoP, Control Instructions, *LOAD CONTROL*, *STORE CONTROL*).
#pragma once

#include "cpu/isa/definition.h"

namespace siena::cpu::isa {

Outcome load_control_32(Cpu& cpu, RS_a insn);   // LCTL
Outcome load_control_64(Cpu& cpu, RSY_a insn);  // LCTLG
Outcome store_control_32(Cpu& cpu, RS_a insn);  // STCTL
Outcome store_control_64(Cpu& cpu, RSY_a insn); // STCTG

} // namespace siena::cpu::isa
