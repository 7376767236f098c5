// SPDX-License-Identifier: BSD-3-Clause
// Instructions that show what translation and protection would do, and the ones that go around them (PoP, Control Instructions).
#pragma once

#include "cpu/isa/definition.h"

namespace siena::cpu::isa {

Outcome load_real_address(Cpu& cpu, RX_a insn);     // LRA: 32 or 64 bits by addressing mode
Outcome load_real_address_y(Cpu& cpu, RXY_a insn);  // LRAY
Outcome load_real_address_64(Cpu& cpu, RXY_a insn); // LRAG
Outcome store_real_address(Cpu& cpu, SSE insn);
Outcome test_protection(Cpu& cpu, SSE insn);
Outcome load_using_real_address_32(Cpu& cpu, RRE insn);  // LURA
Outcome load_using_real_address_64(Cpu& cpu, RRE insn);  // LURAG
Outcome store_using_real_address_32(Cpu& cpu, RRE insn); // STURA
Outcome store_using_real_address_64(Cpu& cpu, RRE insn); // STURG

} // namespace siena::cpu::isa
