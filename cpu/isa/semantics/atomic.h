// SPDX-License-Identifier: BSD-3-Clause
// Interlocked updates of storage (PoP, General Instructions): COMPARE AND SWAP, TEST AND SET, LOAD AND ADD, ADD IMMEDIATE to
// storage, LOAD PAIR DISJOINT.
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"

namespace siena::cpu::isa {

Outcome compare_and_swap(Cpu& cpu, RS_a insn);
Outcome compare_and_swap_y(Cpu& cpu, RSY_a insn);
Outcome compare_and_swap_long(Cpu& cpu, RSY_a insn);
Outcome compare_double_and_swap(Cpu& cpu, RS_a insn);
Outcome compare_double_and_swap_y(Cpu& cpu, RSY_a insn);
Outcome compare_double_and_swap_long(Cpu& cpu, RSY_a insn);
Outcome compare_and_swap_and_store(Cpu& cpu, SSF insn);
Outcome test_and_set(Cpu& cpu, SI insn);

Outcome load_and_add(Cpu& cpu, RSY_a insn);
Outcome load_and_add_long(Cpu& cpu, RSY_a insn);
Outcome load_and_add_logical(Cpu& cpu, RSY_a insn);
Outcome load_and_add_logical_long(Cpu& cpu, RSY_a insn);
Outcome load_and_and(Cpu& cpu, RSY_a insn);
Outcome load_and_and_long(Cpu& cpu, RSY_a insn);
Outcome load_and_or(Cpu& cpu, RSY_a insn);
Outcome load_and_or_long(Cpu& cpu, RSY_a insn);
Outcome load_and_exclusive_or(Cpu& cpu, RSY_a insn);
Outcome load_and_exclusive_or_long(Cpu& cpu, RSY_a insn);
Outcome load_pair_disjoint(Cpu& cpu, SSF insn);
Outcome load_pair_disjoint_long(Cpu& cpu, SSF insn);

} // namespace siena::cpu::isa
