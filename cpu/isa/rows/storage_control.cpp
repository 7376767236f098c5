// SPDX-License-Identifier: BSD-3-Clause
// Storage keys, translation tables, and moves between spaces and under other keys (PoP, Control Instructions; MOVE PAGE).
#include "cpu/isa/rows/rows.h"
#include "cpu/isa/semantics/space_moves.h"
#include "cpu/isa/semantics/storage_attributes.h"
#include "cpu/isa/semantics/storage_keys.h"
#include "cpu/isa/semantics/tlb_control.h"
#include "cpu/isa/semantics/translation.h"

namespace siena::cpu::isa {
namespace {
using enum CostClass;
using enum Facility;
using Custom = CustomSieRule;

constexpr SieRule kKey = custom(Custom::KeyInstruction), kTable = custom(Custom::InterlockedTable);

// clang-format off
constexpr InstructionDef kRows[] = {
  // function, SIE rule                                                mnemonic  opcode  facility                 cost
  privileged<&insert_storage_key_extended, kKey>                      ("ISKE",   0xB229, Base,                    Control  ),
  privileged<&set_storage_key_extended, kKey>                         ("SSKE",   0xB22B, Base,                    Control  ),
  privileged<&reset_reference_bit_extended, kKey>                     ("RRBE",   0xB22A, Base,                    Control  ),
  privileged<&reset_reference_bits_multiple, kKey>                    ("RRBM",   0xB9AE, ResetReferenceMultiple,  Control  ),
  privileged<&insert_reference_bits_multiple, kKey>                   ("IRBM",   0xB9AC, InsertReferenceMultiple, Control  ),
  irregular< &insert_virtual_storage_key>                             ("IVSK",   0xB223, Base,                    Control  ),
  privileged<&perform_frame_management_function, custom(Custom::FrameManagement)>
                                                                      ("PFMF",   0xB9AF, EnhancedDat1,            Control  ),
  privileged<&extract_and_set_storage_attributes, custom(Custom::StorageAttributes)>
                                                                      ("ESSA",   0xB9AB, CollaborativeMemory,     Control  ),
  privileged<&test_block, kAlways>                                    ("TB",     0xB22C, Base,                    Control  ),

  privileged<&invalidate_page_table_entry, kTable>                    ("IPTE",   0xB221, Base,                    Tlb      ),
  privileged<&invalidate_dat_table_entry, kTable>                     ("IDTE",   0xB98E, DatEnhancement1,         Tlb      ),
  privileged<&compare_and_swap_and_purge_32, kTable>                  ("CSP",    0xB250, Base,                    Tlb      ),
  privileged<&compare_and_swap_and_purge_64, kTable>                  ("CSPG",   0xB98A, DatEnhancement1,         Tlb      ),
  privileged<&compare_and_replace_dat_table_entry, kTable>            ("CRDTE",  0xB98F, EnhancedDat2,            Tlb      ),
  privileged<&reset_dat_protection, kTable>                           ("RDP",    0xB98B, ResetDatProtection,      Tlb      ),
  privileged<&purge_tlb, when(0x0020'0000)>                           ("PTLB",   0xB20D, Base,                    Tlb      ),
  privileged<&purge_alb, when(0x0020'0000)>                           ("PALB",   0xB248, Base,                    Tlb      ),

  privileged<&load_real_address>                                      ("LRA",    0xB100, Base,                    Control  ),
  privileged<&load_real_address_y>                                    ("LRAY",   0xE313, LongDisplacement,        Control  ),
  privileged<&load_real_address_64>                                   ("LRAG",   0xE303, Base,                    Control  ),
  privileged<&store_real_address>                                     ("STRAG",  0xE502, Base,                    Control  ),
  privileged<&test_protection, when(0x0000'0200)>                    ("TPROT",  0xE501, Base,                    Control  ),
  privileged<&load_using_real_address_32>                             ("LURA",   0xB24B, Base,                    Control  ),
  privileged<&load_using_real_address_64>                             ("LURAG",  0xB905, Base,                    Control  ),
  privileged<&store_using_real_address_32>                            ("STURA",  0xB246, Base,                    Control  ),
  privileged<&store_using_real_address_64>                            ("STURG",  0xB925, Base,                    Control  ),

  irregular< &move_to_primary>                                        ("MVCP",   0xDA00, Base,                    BlockMove),
  irregular< &move_to_secondary>                                      ("MVCS",   0xDB00, Base,                    BlockMove),
  irregular< &move_with_key>                                          ("MVCK",   0xD900, Base,                    BlockMove),
  irregular< &move_with_source_key>                                   ("MVCSK",  0xE50E, Base,                    BlockMove),
  irregular< &move_with_destination_key>                              ("MVCDK",  0xE50F, Base,                    BlockMove),
  irregular< &move_with_optional_specifications>                      ("MVCOS",  0xC800, Mvcos,                   BlockMove),
  irregular< &move_page, custom(Custom::MovePage)>                    ("MVPG",   0xB254, Base,                    BlockMove),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan storage_control_rows() { return kRows; }

} // namespace siena::cpu::isa
