// SPDX-License-Identifier: BSD-3-Clause
// Instructions that concern the CPU as a member of its configuration: prefix, identity, facilities, signals, service calls
// (PoP, Control Instructions), DIAGNOSE, and START INTERPRETIVE EXECUTION.
#pragma once

#include "cpu/isa/definition.h"

namespace siena::cpu::isa {

Outcome set_prefix(Cpu& cpu, S insn);
Outcome store_prefix(Cpu& cpu, S insn);
Outcome store_cpu_address(Cpu& cpu, S insn);
Outcome store_cpu_id(Cpu& cpu, S insn);
Outcome store_system_information(Cpu& cpu, S insn);
Outcome store_facility_list(Cpu& cpu, S insn);          // STFL
Outcome store_facility_list_extended(Cpu& cpu, S insn); // STFLE
Outcome signal_processor(Cpu& cpu, RS_a insn);
Outcome service_call(Cpu& cpu, RRE insn);
Outcome start_interpretive_execution(Cpu& cpu, S insn); // on a machine that has it
Outcome perform_topology_function(Cpu& cpu, RRE insn);
Outcome extract_cpu_attribute(Cpu& cpu, RSY_a insn);
Outcome diagnose(Cpu& cpu, RS_a insn);

} // namespace siena::cpu::isa
