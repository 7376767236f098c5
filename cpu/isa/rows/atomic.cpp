// SPDX-License-Identifier: BSD-3-Clause
// Interlocked updates of storage (PoP, General Instructions).
#include "cpu/isa/semantics/atomic.h"
#include "cpu/isa/rows/rows.h"
#include "cpu/isa/semantics/locked_operation.h"

namespace siena::cpu::isa {
namespace {
using enum CostClass;
using enum Facility;

constexpr SieRule kSwap = custom(CustomSieRule::CompareAndSwap), kTest = custom(CustomSieRule::TestAndSet);

// clang-format off
constexpr InstructionDef kRows[] = {
  //                                                   mnemonic  opcode   facility           cost
  irregular<&compare_and_swap, kSwap>                ("CS",      0xBA00, Base,              Atomic),
  irregular<&compare_and_swap_y, kSwap>              ("CSY",     0xEB14, LongDisplacement,  Atomic),
  irregular<&compare_and_swap_long, kSwap>           ("CSG",     0xEB30, Base,              Atomic),
  irregular<&compare_double_and_swap, kSwap>         ("CDS",     0xBB00, Base,              Atomic),
  irregular<&compare_double_and_swap_y, kSwap>       ("CDSY",    0xEB31, LongDisplacement,  Atomic),
  irregular<&compare_double_and_swap_long, kSwap>    ("CDSG",    0xEB3E, Base,              Atomic),
  irregular<&compare_and_swap_and_store>             ("CSST",    0xC802, CompareSwapStore,  Atomic),
  irregular<&perform_locked_operation>               ("PLO",     0xEE00, Base,              Atomic),
  irregular<&test_and_set, kTest>                    ("TS",      0x9300, Base,              Atomic),
  irregular<&load_and_add>                           ("LAA",     0xEBF8, InterlockedAccess1,Atomic),
  irregular<&load_and_add_long>                      ("LAAG",    0xEBE8, InterlockedAccess1,Atomic),
  irregular<&load_and_add_logical>                   ("LAAL",    0xEBFA, InterlockedAccess1,Atomic),
  irregular<&load_and_add_logical_long>              ("LAALG",   0xEBEA, InterlockedAccess1,Atomic),
  irregular<&load_and_and>                           ("LAN",     0xEBF4, InterlockedAccess1,Atomic),
  irregular<&load_and_and_long>                      ("LANG",    0xEBE4, InterlockedAccess1,Atomic),
  irregular<&load_and_or>                            ("LAO",     0xEBF6, InterlockedAccess1,Atomic),
  irregular<&load_and_or_long>                       ("LAOG",    0xEBE6, InterlockedAccess1,Atomic),
  irregular<&load_and_exclusive_or>                  ("LAX",     0xEBF7, InterlockedAccess1,Atomic),
  irregular<&load_and_exclusive_or_long>             ("LAXG",    0xEBE7, InterlockedAccess1,Atomic),
  irregular<&load_pair_disjoint>                     ("LPD",     0xC804, InterlockedAccess1,Atomic),
  irregular<&load_pair_disjoint_long>                ("LPDG",    0xC805, InterlockedAccess1,Atomic),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan atomic_rows() { return kRows; }

} // namespace siena::cpu::isa
