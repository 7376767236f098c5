// SPDX-License-Identifier: BSD-3-Clause
// Packed and zoned decimal (PoP, Decimal Instructions; PACK, UNPACK and conversions: General Instructions).
#include "cpu/isa/semantics/decimal.h"
#include "cpu/isa/rows/rows.h"
#include "cpu/isa/semantics/zoned.h"

namespace siena::cpu::isa {
namespace {
using enum CostClass;
using enum Facility;

// clang-format off
constexpr InstructionDef kRows[] = {
  //                                    mnemonic  opcode   facility              cost
  irregular<&add_decimal>             ("AP",      0xFA00, Base,                 Decimal),
  irregular<&subtract_decimal>        ("SP",      0xFB00, Base,                 Decimal),
  irregular<&zero_and_add>            ("ZAP",     0xF800, Base,                 Decimal),
  irregular<&compare_decimal>         ("CP",      0xF900, Base,                 Decimal),
  irregular<&multiply_decimal>        ("MP",      0xFC00, Base,                 Decimal),
  irregular<&divide_decimal>          ("DP",      0xFD00, Base,                 Decimal),
  irregular<&shift_and_round_decimal> ("SRP",     0xF000, Base,                 Decimal),
  irregular<&test_decimal>            ("TP",      0xEBC0, ExtendedTranslation2, Decimal),
  irregular<&edit>                    ("ED",      0xDE00, Base,                 Decimal),
  irregular<&edit_and_mark>           ("EDMK",    0xDF00, Base,                 Decimal),
  irregular<&pack_zoned>              ("PACK",    0xF200, Base,                 BlockMove),
  irregular<&unpack_to_zoned>         ("UNPK",    0xF300, Base,                 BlockMove),
  irregular<&move_with_offset>        ("MVO",     0xF100, Base,                 BlockMove),
  irregular<&pack_ascii>              ("PKA",     0xE900, ExtendedTranslation2, BlockMove),
  irregular<&pack_unicode>            ("PKU",     0xE100, ExtendedTranslation2, BlockMove),
  irregular<&unpack_ascii>            ("UNPKA",   0xEA00, ExtendedTranslation2, BlockMove),
  irregular<&unpack_unicode>          ("UNPKU",   0xE200, ExtendedTranslation2, BlockMove),
  irregular<&convert_to_binary>       ("CVB",     0x4F00, Base,                 Decimal),
  irregular<&convert_to_binary_y>     ("CVBY",    0xE306, LongDisplacement,     Decimal),
  irregular<&convert_to_binary_long>  ("CVBG",    0xE30E, Base,                 Decimal),
  irregular<&convert_to_decimal>      ("CVD",     0x4E00, Base,                 Decimal),
  irregular<&convert_to_decimal_y>    ("CVDY",    0xE326, LongDisplacement,     Decimal),
  irregular<&convert_to_decimal_long> ("CVDG",    0xE32E, Base,                 Decimal),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan decimal_rows() { return kRows; }

} // namespace siena::cpu::isa
