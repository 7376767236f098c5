// SPDX-License-Identifier: BSD-3-Clause
// How an instruction ended. Guest faults are values (docs/decisions/0002): detail of a program interruption sits in the CPU.
#pragma once

#include "base/types.h"

namespace siena::cpu {

enum class [[nodiscard]] Outcome : u8{
    Completed,           ///< go on with the next sequential instruction
    Branched,            ///< completed; the PSW's instruction address was replaced
    CompletedLeaveBlock, ///< completed; controls changed, so the run loop must look at pending interruptions and modes again
    Partial,             ///< an interruptible instruction did a unit of its work; the PSW still designates it
    ProgramInterruption, ///< Cpu::pending_program says which
    SieHostInterruption, ///< under SIE: an access failed in the SIE host's translation; the guest instruction is nullified
    Interception,        ///< under SIE: the interpretive-execution port has recorded an interception
};

} // namespace siena::cpu
