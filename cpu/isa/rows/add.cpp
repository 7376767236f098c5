// SPDX-License-Identifier: BSD-3-Clause
// Addition and subtraction (PoP, General Instructions, ADD .. SUBTRACT LOGICAL WITH BORROW).
#include "cpu/isa/execute.h"
#include "cpu/isa/rows/rows.h"

namespace siena::cpu::isa {
namespace {
using enum Operand;
using enum Operation;
using enum CostClass;
using enum Width;
using enum Facility;
using To = Target;

// clang-format off
constexpr InstructionDef kRows[] = {
  //   view   Recipe{first  second    operation       width target   } mnemonic  opcode   facility          cost
  row< RR,    Recipe{R1_32, R2_32,    AddSigned,      W32,  To::R1_32}>("AR",    0x1A00, Base,              Alu   ),
  row< RX_a,  Recipe{R1_32, Mem_u32,  AddSigned,      W32,  To::R1_32}>("A",     0x5A00, Base,              AluMem),
  row< RX_a,  Recipe{R1_32, Mem_s16,  AddSigned,      W32,  To::R1_32}>("AH",    0x4A00, Base,              AluMem),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan add_rows() { return kRows; }

} // namespace siena::cpu::isa
