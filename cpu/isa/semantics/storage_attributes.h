// SPDX-License-Identifier: BSD-3-Clause
// EXTRACT AND SET STORAGE ATTRIBUTES: a program tells whoever runs it which pages it can do without (collaborative memory
// management), and learns what has become of them.
#pragma once

#include "cpu/isa/definition.h"

namespace siena::cpu::isa {

/// Operation-request codes. Setting volatile states is a permission to discard the contents.
enum class PageRequest : u8 {
  GetState,
  SetStable,
  SetUnused,
  SetVolatile,
  SetPotentiallyVolatile, ///< volatile once it has been stored elsewhere
  SetStableMakeResident,
  SetStableIfResident,
  SetStableNoTranslate, ///< and there are no translation tables in it; facility 147
};
constexpr Facility kNoTranslateFacility{147}; // of a request, no row has it
/// Whether this CPU knows the request code.
bool valid_page_request(Cpu& cpu, u32 code);

/// Usage states as the first operand shows them, in bits 60-61; bits 62-63 are what has become of the contents, and bit 58 is one
/// while the page has been declared to hold no translation tables.
namespace page_usage {
constexpr u8 kStable = 0, kUnused = 1, kPotentiallyVolatile = 2, kVolatile = 3, kNoTranslate = 8;
constexpr unsigned kShift = 2;
} // namespace page_usage
namespace page_contents {
constexpr u64 kResident = 0, kPreserved = 2, kZero = 3;
} // namespace page_contents

/// The operation on a resident page without any table: its state is the frame's. Answers the first operand.
u64 exchange_page_state(mmu::FrameTable& frames, AbsoluteAddress frame, PageRequest request);

Outcome extract_and_set_storage_attributes(Cpu& cpu, RRF_c insn);

} // namespace siena::cpu::isa
