// SPDX-License-Identifier: BSD-3-Clause
// LOAD ON CONDITION, STORE ON CONDITION, SELECT (PoP, General Instructions).
#include "cpu/isa/semantics/on_condition.h"
#include "cpu/isa/definition.h"
#include "cpu/isa/rows/rows.h"

namespace siena::cpu::isa {
namespace {
using enum CostClass;
using enum Facility;

// clang-format off
constexpr InstructionDef kRows[] = {
  // Registers and immediates
  irregular<&load_register_on_condition_32>            ("LOCR",   0xB9F2, LoadStoreOnCondition,  Alu  ),
  irregular<&load_register_on_condition_64>            ("LOCGR",  0xB9E2, LoadStoreOnCondition,  Alu  ),
  irregular<&load_high_register_on_condition>          ("LOCFHR", 0xB9E0, LoadStoreOnCondition2, Alu  ),
  irregular<&load_halfword_immediate_on_condition_32>  ("LOCHI",  0xEC42, LoadStoreOnCondition2, Alu  ),
  irregular<&load_halfword_immediate_on_condition_64>  ("LOCGHI", 0xEC46, LoadStoreOnCondition2, Alu  ),
  irregular<&load_halfword_high_immediate_on_condition>("LOCHHI", 0xEC4E, LoadStoreOnCondition2, Alu  ),
  irregular<&select_32>                                ("SELR",   0xB9F0, MiscInstruction3,      Alu  ),
  irregular<&select_64>                                ("SELGR",  0xB9E3, MiscInstruction3,      Alu  ),
  irregular<&select_high>                              ("SELFHR", 0xB9C0, MiscInstruction3,      Alu  ),
  // Storage
  irregular<&load_on_condition_32>                     ("LOC",    0xEBF2, LoadStoreOnCondition,  Load ),
  irregular<&load_on_condition_64>                     ("LOCG",   0xEBE2, LoadStoreOnCondition,  Load ),
  irregular<&load_high_on_condition>                   ("LOCFH",  0xEBE0, LoadStoreOnCondition2, Load ),
  irregular<&store_on_condition_32>                    ("STOC",   0xEBF3, LoadStoreOnCondition,  Store),
  irregular<&store_on_condition_64>                    ("STOCG",  0xEBE3, LoadStoreOnCondition,  Store),
  irregular<&store_high_on_condition>                  ("STOCFH", 0xEBE1, LoadStoreOnCondition2, Store),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan on_condition_rows() { return kRows; }

} // namespace siena::cpu::isa
