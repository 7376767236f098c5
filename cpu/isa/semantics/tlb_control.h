// SPDX-License-Identifier: BSD-3-Clause
// Changing translation tables and purging what is cached of them, on every CPU (PoP, Control Instructions; Storage,
// *Modification of translation tables*).
#pragma once

#include "cpu/isa/definition.h"

namespace siena::cpu::isa {

Outcome invalidate_page_table_entry(Cpu& cpu, RRF_a insn);
Outcome invalidate_dat_table_entry(Cpu& cpu, RRF_b insn);
Outcome compare_and_swap_and_purge_32(Cpu& cpu, RRE insn); // CSP
Outcome compare_and_swap_and_purge_64(Cpu& cpu, RRE insn); // CSPG
Outcome compare_and_replace_dat_table_entry(Cpu& cpu, RRF_b insn);
Outcome reset_dat_protection(Cpu& cpu, RRF_b insn);
Outcome purge_tlb(Cpu& cpu, S insn);
Outcome purge_alb(Cpu& cpu, RRE insn);

} // namespace siena::cpu::isa
