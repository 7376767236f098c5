// SPDX-License-Identifier: BSD-3-Clause
// Storage-to-storage moves, comparisons, logical combinations and translation (PoP, General Instructions).
#include "cpu/isa/semantics/move.h"
#include "cpu/isa/rows/rows.h"
#include "cpu/isa/semantics/compare_storage.h"
#include "cpu/isa/semantics/move_long.h"
#include "cpu/isa/semantics/translate.h"

namespace siena::cpu::isa {
namespace {
using enum CostClass;
using enum Facility;

// clang-format off
constexpr InstructionDef kRows[] = {
  //                                             mnemonic  opcode   facility              cost
  irregular<&move_characters>                  ("MVC",     0xD200, Base,                 BlockMove),
  irregular<&move_inverse>                     ("MVCIN",   0xE800, Base,                 BlockMove),
  irregular<&move_numerics>                    ("MVN",     0xD100, Base,                 BlockMove),
  irregular<&move_zones>                       ("MVZ",     0xD300, Base,                 BlockMove),
  irregular<&move_right_to_left>               ("MVCRL",   0xE50A, MiscInstruction3,     BlockMove),
  irregular<&and_characters>                   ("NC",      0xD400, Base,                 BlockMove),
  irregular<&or_characters>                    ("OC",      0xD600, Base,                 BlockMove),
  irregular<&exclusive_or_characters>          ("XC",      0xD700, Base,                 BlockMove),
  irregular<&move_long>                        ("MVCL",    0x0E00, Base,                 BlockMove),
  irregular<&move_long_extended>               ("MVCLE",   0xA800, Base,                 BlockMove),
  irregular<&move_long_unicode>                ("MVCLU",   0xEB8E, ExtendedTranslation2, BlockMove),
  irregular<&compare_logical_characters>       ("CLC",     0xD500, Base,                 BlockCompare),
  irregular<&compare_logical_long>             ("CLCL",    0x0F00, Base,                 BlockCompare),
  irregular<&compare_logical_long_extended>    ("CLCLE",   0xA900, Base,                 BlockCompare),
  irregular<&compare_logical_long_unicode>     ("CLCLU",   0xEB8F, ExtendedTranslation2, BlockCompare),
  irregular<&translate>                        ("TR",      0xDC00, Base,                 BlockMove),
  irregular<&translate_and_test>               ("TRT",     0xDD00, Base,                 BlockCompare),
  irregular<&translate_and_test_reverse>       ("TRTR",    0xD000, ExtendedTranslation3, BlockCompare),
  irregular<&translate_extended>               ("TRE",     0xB2A5, Base,                 BlockMove),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan move_rows() { return kRows; }

} // namespace siena::cpu::isa
