// SPDX-License-Identifier: BSD-3-Clause
// The access registers (PoP, General Instructions, COPY ACCESS, EXTRACT ACCESS, LOAD ACCESS MULTIPLE, LOAD ADDRESS EXTENDED, SET
// ACCESS, STORE ACCESS MULTIPLE). Outside the access-register mode their contents mean nothing to translation.
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"

namespace siena::cpu::isa {

Outcome load_access_multiple(Cpu& cpu, RS_a insn);
Outcome load_access_multiple_long(Cpu& cpu, RSY_a insn);
Outcome store_access_multiple(Cpu& cpu, RS_a insn);
Outcome store_access_multiple_long(Cpu& cpu, RSY_a insn);
Outcome copy_access(Cpu& cpu, RRE insn);
Outcome set_access(Cpu& cpu, RRE insn);
Outcome extract_access(Cpu& cpu, RRE insn);
Outcome load_address_extended(Cpu& cpu, RX_a insn);
Outcome load_address_extended_long(Cpu& cpu, RXY_a insn);

} // namespace siena::cpu::isa
