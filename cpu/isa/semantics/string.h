// SPDX-License-Identifier: BSD-3-Clause
// Strings with an ending character, and CHECKSUM (PoP, General Instructions).
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"

namespace siena::cpu::isa {

Outcome move_string(Cpu& cpu, RRE insn);
Outcome search_string(Cpu& cpu, RRE insn);
Outcome search_string_unicode(Cpu& cpu, RRE insn);
Outcome checksum(Cpu& cpu, RRE insn);

} // namespace siena::cpu::isa
