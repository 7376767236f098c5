// SPDX-License-Identifier: BSD-3-Clause
// I/O instructions (PoP, *I/O Instructions*): privilege is the row's, operand boundaries and access are here, everything else is
// the channel subsystem's (cpu/ports/channel_subsystem.h). General register 1 names the subchannel.
#pragma once

#include "cpu/isa/definition.h"

namespace siena::cpu::isa {

Outcome clear_subchannel(Cpu& cpu, S insn);
Outcome halt_subchannel(Cpu& cpu, S insn);
Outcome resume_subchannel(Cpu& cpu, S insn);
Outcome cancel_subchannel(Cpu& cpu, S insn);
Outcome modify_subchannel(Cpu& cpu, S insn);
Outcome start_subchannel(Cpu& cpu, S insn);
Outcome store_subchannel(Cpu& cpu, S insn);
Outcome test_subchannel(Cpu& cpu, S insn);
Outcome test_pending_interruption(Cpu& cpu, S insn);
Outcome store_channel_report_word(Cpu& cpu, S insn);
Outcome store_channel_path_status(Cpu& cpu, S insn);
Outcome reset_channel_path(Cpu& cpu, S insn);
Outcome set_channel_monitor(Cpu& cpu, S insn);
Outcome set_address_limit(Cpu& cpu, S insn);
Outcome signal_adapter(Cpu& cpu, S insn);
Outcome channel_subsystem_call(Cpu& cpu, RRE insn);

} // namespace siena::cpu::isa
