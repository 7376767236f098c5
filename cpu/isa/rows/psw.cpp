// SPDX-License-Identifier: BSD-3-Clause
// The PSW and what is in it (PoP, Control Instructions; General Instructions, MONITOR CALL .. SUPERVISOR CALL). PROGRAM CALL,
// PROGRAM RETURN, PROGRAM TRANSFER, BRANCH AND STACK and their like are not offered.
#include "cpu/isa/semantics/psw.h"

#include "cpu/isa/rows/rows.h"

namespace siena::cpu::isa {
namespace {
using enum CostClass;
using enum Facility;
using Custom = CustomSieRule;

constexpr SieRule kLpsw = custom(Custom::LoadPsw);

// clang-format off
constexpr InstructionDef kRows[] = {
  // function, SIE rule                                                mnemonic  opcode  facility             cost
  irregular< &supervisor_call, custom(Custom::SupervisorCall)>        ("SVC",    0x0A00, Base,                Control),
  irregular< &monitor_call>                                           ("MC",     0xAF00, Base,                Control),
  privileged<&load_psw, kLpsw>                                        ("LPSW",   0x8200, Base,                Control),
  privileged<&load_psw_extended, kLpsw>                               ("LPSWE",  0xB2B2, Base,                Control),
  privileged<&load_psw_extended_y, kLpsw>                             ("LPSWEY", 0xEB71, Bear,                Control),
  privileged<&load_bear>                                              ("LBEAR",  0xB200, Bear,                Control),
  privileged<&store_bear>                                             ("STBEAR", 0xB201, Bear,                Control),
  privileged<&set_system_mask, when(0x0010'0000)>                     ("SSM",    0x8000, Base,                Control),
  privileged<&store_then_and_system_mask, when(0x0002'0000)>          ("STNSM",  0xAC00, Base,                Control),
  privileged<&store_then_or_system_mask, when(0x0001'0000)>           ("STOSM",  0xAD00, Base,                Control),
  irregular< &extract_psw, when(0x0040'0000)>                         ("EPSW",   0xB98D, Base,                Control),
  irregular< &set_psw_key_from_address, custom(Custom::SetAddressSpaceKey)>
                                                                      ("SPKA",   0xB20A, Base,                Control),
  irregular< &insert_psw_key>                                         ("IPK",    0xB20B, Base,                Control),
  irregular< &set_addressing_mode_24>                                 ("SAM24",  0x010C, Base,                Control),
  irregular< &set_addressing_mode_31>                                 ("SAM31",  0x010D, Base,                Control),
  irregular< &set_addressing_mode_64>                                 ("SAM64",  0x010E, Base,                Control),
  irregular< &test_addressing_mode>                                   ("TAM",    0x010B, Base,                Control),
  irregular< &set_address_space_control>                              ("SAC",    0xB219, Base,                Control),
  irregular< &set_address_space_control>                              ("SACF",   0xB279, Base,                Control),
  irregular< &insert_address_space_control>                           ("IAC",    0xB224, Base,                Control),
  irregular< &extract_primary_asn>                                    ("EPAR",   0xB226, Base,                Control),
  irregular< &extract_secondary_asn>                                  ("ESAR",   0xB227, Base,                Control),
  privileged<&extract_and_set_extended_authority>                     ("ESEA",   0xB99D, Base,                Control),
  irregular< &set_secondary_asn>                                      ("SSAR",   0xB225, Base,                Control),
  privileged<&load_program_parameter>                                 ("LPP",    0xB280, SetProgramParameter, Control),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan psw_rows() { return kRows; }

} // namespace siena::cpu::isa
