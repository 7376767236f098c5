// SPDX-License-Identifier: BSD-3-Clause
// Storage keys, and what is done to whole frames (PoP, Storage, *Storage key*; Control Instructions).
#pragma once

#include "cpu/isa/definition.h"

namespace siena::cpu::isa {

/// The operation on a frame's own key, which it answers as it was.
u8 operate_on_frame(mmu::FrameTable& frames, AbsoluteAddress frame, KeyOperation operation);

Outcome insert_storage_key_extended(Cpu& cpu, RRE insn);
Outcome insert_virtual_storage_key(Cpu& cpu, RRE insn);
Outcome set_storage_key_extended(Cpu& cpu, RRF_c insn);
Outcome reset_reference_bit_extended(Cpu& cpu, RRE insn);
Outcome insert_reference_bits_multiple(Cpu& cpu, RRE insn);
Outcome reset_reference_bits_multiple(Cpu& cpu, RRE insn);
Outcome perform_frame_management_function(Cpu& cpu, RRE insn);
Outcome test_block(Cpu& cpu, RRE insn);

} // namespace siena::cpu::isa
