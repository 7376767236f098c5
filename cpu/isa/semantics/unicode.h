// SPDX-License-Identifier: BSD-3-Clause
// Conversion between UTF-8, UTF-16 and UTF-32 (PoP, General Instructions, CONVERT UTF-8 TO UTF-16 and its kin).
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"

namespace siena::cpu::isa {

Outcome convert_utf8_to_utf16(Cpu& cpu, RRF_c insn);
Outcome convert_utf8_to_utf32(Cpu& cpu, RRF_c insn);
Outcome convert_utf16_to_utf8(Cpu& cpu, RRF_c insn);
Outcome convert_utf16_to_utf32(Cpu& cpu, RRF_c insn);
Outcome convert_utf32_to_utf8(Cpu& cpu, RRF_c insn);
Outcome convert_utf32_to_utf16(Cpu& cpu, RRF_c insn);

} // namespace siena::cpu::isa
