// SPDX-License-Identifier: BSD-3-Clause
// Changes of decimal format: packed, zoned, ASCII, Unicode, edited (PoP, General Instructions; EDIT: Decimal Instructions).
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"

namespace siena::cpu::isa {

// These do not check digits and signs; operands may overlap in any way.
Outcome pack_zoned(Cpu& cpu, SS_b insn);
Outcome unpack_to_zoned(Cpu& cpu, SS_b insn);
Outcome move_with_offset(Cpu& cpu, SS_b insn);

Outcome pack_ascii(Cpu& cpu, SS_f insn);
Outcome pack_unicode(Cpu& cpu, SS_f insn);
Outcome unpack_ascii(Cpu& cpu, SS_a insn);
Outcome unpack_unicode(Cpu& cpu, SS_a insn);

Outcome edit(Cpu& cpu, SS_a insn);
Outcome edit_and_mark(Cpu& cpu, SS_a insn);

} // namespace siena::cpu::isa
