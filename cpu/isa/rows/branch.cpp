// SPDX-License-Identifier: BSD-3-Clause
// Branches, traps, linkage, EXECUTE, hints, and the condition code and program mask (PoP, General Instructions, BRANCH ..,
// COMPARE AND BRANCH .., COMPARE AND TRAP .., EXECUTE ..).
#include "cpu/isa/semantics/branch.h"
#include "cpu/isa/definition.h"
#include "cpu/isa/rows/rows.h"
#include "cpu/isa/semantics/compare_and_branch.h"
#include "cpu/isa/semantics/execute_target.h"
#include "cpu/isa/semantics/hint.h"
#include "cpu/isa/semantics/linkage.h"
#include "cpu/isa/semantics/program_mask.h"
#include "cpu/isa/semantics/trap.h"

namespace siena::cpu::isa {
namespace {
using enum CostClass;
using enum Facility;

// clang-format off
constexpr InstructionDef kRows[] = {
  // On condition
  irregular<&branch_on_condition_register>                    ("BCR",   0x0700, Base,             Branch),
  irregular<&branch_on_condition>                             ("BC",    0x4700, Base,             Branch),
  irregular<&branch_relative_on_condition>                    ("BRC",   0xA704, Base,             Branch),
  irregular<&branch_relative_on_condition_long>               ("BRCL",  0xC004, Base,             Branch),
  irregular<&branch_indirect_on_condition>                    ("BIC",   0xE347, MiscInstruction2, Branch),
  // On count and index
  irregular<&branch_on_count_register_32>                     ("BCTR",  0x0600, Base,             Branch),
  irregular<&branch_on_count_32>                              ("BCT",   0x4600, Base,             Branch),
  irregular<&branch_on_count_register_64>                     ("BCTGR", 0xB946, Base,             Branch),
  irregular<&branch_on_count_64>                              ("BCTG",  0xE346, Base,             Branch),
  irregular<&branch_relative_on_count_32>                     ("BRCT",  0xA706, Base,             Branch),
  irregular<&branch_relative_on_count_64>                     ("BRCTG", 0xA707, Base,             Branch),
  irregular<&branch_relative_on_count_high>                   ("BRCTH", 0xCC06, HighWord,         Branch),
  irregular<&branch_on_index_high_32>                         ("BXH",   0x8600, Base,             Branch),
  irregular<&branch_on_index_low_or_equal_32>                 ("BXLE",  0x8700, Base,             Branch),
  irregular<&branch_on_index_high_64>                         ("BXHG",  0xEB44, Base,             Branch),
  irregular<&branch_on_index_low_or_equal_64>                 ("BXLEG", 0xEB45, Base,             Branch),
  irregular<&branch_relative_on_index_high_32>                ("BRXH",  0x8400, Base,             Branch),
  irregular<&branch_relative_on_index_low_or_equal_32>        ("BRXLE", 0x8500, Base,             Branch),
  irregular<&branch_relative_on_index_high_64>                ("BRXHG", 0xEC44, Base,             Branch),
  irregular<&branch_relative_on_index_low_or_equal_64>        ("BRXLG", 0xEC45, Base,             Branch),
  // Compare and branch
  irregular<&compare_and_branch_relative_32>                  ("CRJ",   0xEC76, GeneralExtension, Branch),
  irregular<&compare_and_branch_relative_64>                  ("CGRJ",  0xEC64, GeneralExtension, Branch),
  irregular<&compare_logical_and_branch_relative_32>          ("CLRJ",  0xEC77, GeneralExtension, Branch),
  irregular<&compare_logical_and_branch_relative_64>          ("CLGRJ", 0xEC65, GeneralExtension, Branch),
  irregular<&compare_and_branch_32>                           ("CRB",   0xECF6, GeneralExtension, Branch),
  irregular<&compare_and_branch_64>                           ("CGRB",  0xECE4, GeneralExtension, Branch),
  irregular<&compare_logical_and_branch_32>                   ("CLRB",  0xECF7, GeneralExtension, Branch),
  irregular<&compare_logical_and_branch_64>                   ("CLGRB", 0xECE5, GeneralExtension, Branch),
  irregular<&compare_immediate_and_branch_relative_32>        ("CIJ",   0xEC7E, GeneralExtension, Branch),
  irregular<&compare_immediate_and_branch_relative_64>        ("CGIJ",  0xEC7C, GeneralExtension, Branch),
  irregular<&compare_logical_immediate_and_branch_relative_32>("CLIJ",  0xEC7F, GeneralExtension, Branch),
  irregular<&compare_logical_immediate_and_branch_relative_64>("CLGIJ", 0xEC7D, GeneralExtension, Branch),
  irregular<&compare_immediate_and_branch_32>                 ("CIB",   0xECFE, GeneralExtension, Branch),
  irregular<&compare_immediate_and_branch_64>                 ("CGIB",  0xECFC, GeneralExtension, Branch),
  irregular<&compare_logical_immediate_and_branch_32>         ("CLIB",  0xECFF, GeneralExtension, Branch),
  irregular<&compare_logical_immediate_and_branch_64>         ("CLGIB", 0xECFD, GeneralExtension, Branch),
  // Compare and trap
  irregular<&compare_and_trap_32>                             ("CRT",   0xB972, GeneralExtension, Alu   ),
  irregular<&compare_and_trap_64>                             ("CGRT",  0xB960, GeneralExtension, Alu   ),
  irregular<&compare_logical_and_trap_32>                     ("CLRT",  0xB973, GeneralExtension, Alu   ),
  irregular<&compare_logical_and_trap_64>                     ("CLGRT", 0xB961, GeneralExtension, Alu   ),
  irregular<&compare_immediate_and_trap_32>                   ("CIT",   0xEC72, GeneralExtension, Alu   ),
  irregular<&compare_immediate_and_trap_64>                   ("CGIT",  0xEC70, GeneralExtension, Alu   ),
  irregular<&compare_logical_immediate_and_trap_32>           ("CLFIT", 0xEC73, GeneralExtension, Alu   ),
  irregular<&compare_logical_immediate_and_trap_64>           ("CLGIT", 0xEC71, GeneralExtension, Alu   ),
  irregular<&compare_logical_storage_and_trap_32>             ("CLT",   0xEB23, MiscInstruction1, AluMem),
  irregular<&compare_logical_storage_and_trap_64>             ("CLGT",  0xEB2B, MiscInstruction1, AluMem),
  // Linkage
  irregular<&branch_and_link_register>                        ("BALR",  0x0500, Base,             Branch),
  irregular<&branch_and_link>                                 ("BAL",   0x4500, Base,             Branch),
  irregular<&branch_and_save_register>                        ("BASR",  0x0D00, Base,             Branch),
  irregular<&branch_and_save>                                 ("BAS",   0x4D00, Base,             Branch),
  irregular<&branch_relative_and_save>                        ("BRAS",  0xA705, Base,             Branch),
  irregular<&branch_relative_and_save_long>                   ("BRASL", 0xC005, Base,             Branch),
  irregular<&branch_and_set_mode>                             ("BSM",   0x0B00, Base,             Branch),
  irregular<&branch_and_save_and_set_mode>                    ("BASSM", 0x0C00, Base,             Branch),
  // EXECUTE
  irregular<&execute_target>                                  ("EX",    0x4400, Base,             Branch),
  irregular<&execute_target_relative_long>                    ("EXRL",  0xC600, ExecuteExtension, Branch),
  // Hints: no operation here
  irregular<&prefetch_data>                                   ("PFD",   0xE336, GeneralExtension, Alu   ),
  irregular<&prefetch_data_relative_long>                     ("PFDRL", 0xC602, GeneralExtension, Alu   ),
  irregular<&branch_prediction_preload>                       ("BPP",   0xC700, ExecutionHint,    Alu   ),
  irregular<&branch_prediction_relative_preload>              ("BPRP",  0xC500, ExecutionHint,    Alu   ),
  irregular<&next_instruction_access_intent>                  ("NIAI",  0xB2FA, ExecutionHint,    Alu   ),
  irregular<&perform_processor_assist>                        ("PPA",   0xB2E8, ProcessorAssist,  Alu   ),
  // Condition code and program mask
  irregular<&set_program_mask>                                ("SPM",   0x0400, Base,             Alu   ),
  irregular<&insert_program_mask>                             ("IPM",   0xB222, Base,             Alu   ),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan branch_rows() { return kRows; }

} // namespace siena::cpu::isa
