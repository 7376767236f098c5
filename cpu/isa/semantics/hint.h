// SPDX-License-Identifier: BSD-3-Clause
// Hints about caches and branches to come. There is nothing to warm up here, so they complete; no access exception is
// recognised for what they name (PoP, General Instructions, PREFETCH DATA, BRANCH PREDICTION PRELOAD, NEXT INSTRUCTION ACCESS
// INTENT, PERFORM PROCESSOR ASSIST).
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"

namespace siena::cpu::isa {

inline Outcome prefetch_data(Cpu&, RXY_b) { return Outcome::Completed; }
inline Outcome prefetch_data_relative_long(Cpu&, RIL_c) { return Outcome::Completed; }
inline Outcome branch_prediction_preload(Cpu&, SMI) { return Outcome::Completed; }
inline Outcome branch_prediction_relative_preload(Cpu&, MII) { return Outcome::Completed; }
inline Outcome next_instruction_access_intent(Cpu&, IE) { return Outcome::Completed; }
/// Function code 1 helps after aborted transactions, which there are none of; a code that is not known means no operation.
inline Outcome perform_processor_assist(Cpu&, RRF_c) { return Outcome::Completed; }

} // namespace siena::cpu::isa
