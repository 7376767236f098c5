// SPDX-License-Identifier: BSD-3-Clause
// LOAD MULTIPLE, STORE MULTIPLE, and the access registers (PoP, General Instructions).
#include "cpu/isa/semantics/multiple.h"
#include "cpu/isa/definition.h"
#include "cpu/isa/rows/rows.h"
#include "cpu/isa/semantics/access_register.h"

namespace siena::cpu::isa {
namespace {
using enum CostClass;
using enum Facility;

// clang-format off
constexpr InstructionDef kRows[] = {
  // General registers
  irregular<&load_multiple_32>          ("LM",    0x9800, Base,             LoadMultiple ),
  irregular<&load_multiple_32_long>     ("LMY",   0xEB98, LongDisplacement, LoadMultiple ),
  irregular<&load_multiple_64>          ("LMG",   0xEB04, Base,             LoadMultiple ),
  irregular<&load_multiple_high>        ("LMH",   0xEB96, Base,             LoadMultiple ),
  irregular<&load_multiple_disjoint>    ("LMD",   0xEF00, Base,             LoadMultiple ),
  irregular<&store_multiple_32>         ("STM",   0x9000, Base,             StoreMultiple),
  irregular<&store_multiple_32_long>    ("STMY",  0xEB90, LongDisplacement, StoreMultiple),
  irregular<&store_multiple_64>         ("STMG",  0xEB24, Base,             StoreMultiple),
  irregular<&store_multiple_high>       ("STMH",  0xEB26, Base,             StoreMultiple),
  // Access registers
  irregular<&load_access_multiple>      ("LAM",   0x9A00, Base,             LoadMultiple ),
  irregular<&load_access_multiple_long> ("LAMY",  0xEB9A, LongDisplacement, LoadMultiple ),
  irregular<&store_access_multiple>     ("STAM",  0x9B00, Base,             StoreMultiple),
  irregular<&store_access_multiple_long>("STAMY", 0xEB9B, LongDisplacement, StoreMultiple),
  irregular<&copy_access>               ("CPYA",  0xB24D, Base,             Alu          ),
  irregular<&set_access>                ("SAR",   0xB24E, Base,             Alu          ),
  irregular<&extract_access>            ("EAR",   0xB24F, Base,             Alu          ),
  irregular<&load_address_extended>     ("LAE",   0x5100, Base,             Alu          ),
  irregular<&load_address_extended_long>("LAEY",  0xE375, GeneralExtension, Alu          ),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan multiple_rows() { return kRows; }

} // namespace siena::cpu::isa
