// SPDX-License-Identifier: BSD-3-Clause
// Instructions that load, change or show the PSW, and the ones that interrupt on purpose (PoP, Control Instructions; General
// Instructions, *MONITOR CALL*, *SUPERVISOR CALL*).
#pragma once

#include "cpu/isa/definition.h"

namespace siena::cpu::isa {

Outcome load_psw(Cpu& cpu, S insn);              // LPSW
Outcome load_psw_extended(Cpu& cpu, S insn);     // LPSWE
Outcome load_psw_extended_y(Cpu& cpu, SIY insn); // LPSWEY
Outcome load_bear(Cpu& cpu, S insn);
Outcome store_bear(Cpu& cpu, S insn);
Outcome set_system_mask(Cpu& cpu, S insn);
Outcome store_then_and_system_mask(Cpu& cpu, SI insn);
Outcome store_then_or_system_mask(Cpu& cpu, SI insn);
Outcome set_psw_key_from_address(Cpu& cpu, S insn);
Outcome insert_psw_key(Cpu& cpu, S insn);
Outcome extract_psw(Cpu& cpu, RRE insn);
Outcome set_addressing_mode_24(Cpu& cpu, E insn);
Outcome set_addressing_mode_31(Cpu& cpu, E insn);
Outcome set_addressing_mode_64(Cpu& cpu, E insn);
Outcome test_addressing_mode(Cpu& cpu, E insn);
Outcome supervisor_call(Cpu& cpu, I insn);
Outcome monitor_call(Cpu& cpu, SI insn);
Outcome load_program_parameter(Cpu& cpu, S insn);

// Address spaces.
Outcome set_address_space_control(Cpu& cpu, S insn); // SAC and SACF: serialization is no concern of one host thread
Outcome insert_address_space_control(Cpu& cpu, RRE insn);
Outcome extract_primary_asn(Cpu& cpu, RRE insn);
Outcome extract_secondary_asn(Cpu& cpu, RRE insn);
Outcome extract_and_set_extended_authority(Cpu& cpu, RRE insn);
Outcome set_secondary_asn(Cpu& cpu, RRE insn);

} // namespace siena::cpu::isa
