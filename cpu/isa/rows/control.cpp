// SPDX-License-Identifier: BSD-3-Clause
// Control registers, prefix, identity, signals, service calls, DIAGNOSE, SIE (PoP, Control Instructions).
#include "cpu/isa/rows/rows.h"
#include "cpu/isa/semantics/control_registers.h"
#include "cpu/isa/semantics/system.h"

namespace siena::cpu::isa {
namespace {
using enum CostClass;
using enum Facility;
using Custom = CustomSieRule;

/// Which CPU model has SIE no facility bit tells, so the row is always decoded. Without it there is no instruction, and that comes
/// before the check of the privilege.
Outcome sie_if_installed(Cpu& cpu, InsnText text) {
  if (cpu.environment().interpretive == nullptr) return cpu.recognize(ProgramInterruption::Operation);
  return detail::call<&start_interpretive_execution, Privilege::Supervisor, kAlways>(cpu, text);
}

constexpr InstructionDef sie_row() {
  InstructionDef row = privileged<&start_interpretive_execution, kAlways>("SIE", 0xB214, Base, System);
  row.handler = &sie_if_installed;
  return row;
}

// clang-format off
constexpr InstructionDef kRows[] = {
  // function, SIE rule                                                mnemonic  opcode  facility               cost
  privileged<&load_control_32, custom(Custom::LoadControl)>           ("LCTL",   0xB700, Base,                  Control),
  privileged<&load_control_64, custom(Custom::LoadControl)>           ("LCTLG",  0xEB2F, Base,                  Control),
  privileged<&store_control_32, when(0x0004'0000)>                    ("STCTL",  0xB600, Base,                  Control),
  privileged<&store_control_64, when(0x0004'0000)>                    ("STCTG",  0xEB25, Base,                  Control),
  privileged<&set_prefix, kAlways>                                    ("SPX",    0xB210, Base,                  Tlb    ),
  privileged<&store_prefix, kAlways>                                  ("STPX",   0xB211, Base,                  Control),
  privileged<&store_cpu_address, kAlways>                             ("STAP",   0xB212, Base,                  Control),
  privileged<&store_cpu_id, kAlways>                                  ("STIDP",  0xB202, Base,                  Control),
  privileged<&store_system_information, kAlways>                      ("STSI",   0xB27D, Base,                  System ),
  privileged<&store_facility_list, kAlways>                           ("STFL",   0xB2B1, Base,                  System ),
  irregular< &store_facility_list_extended, custom(Custom::StoreFacilityList)>
                                                                      ("STFLE",  0xB2B0, Stfle,                 System ),
  privileged<&signal_processor, custom(Custom::SignalProcessor)>      ("SIGP",   0xAE00, Base,                  System ),
  privileged<&service_call, kAlways>                                  ("SERVC",  0xB220, Base,                  System ),
  privileged<&diagnose, kAlways>                                      ("DIAG",   0x8300, Base,                  System ),
  sie_row(),
  privileged<&perform_topology_function, custom(Custom::PerformTopology)>
                                                                      ("PTF",    0xB9A2, ConfigurationTopology, System ),
  irregular< &extract_cpu_attribute>                                  ("ECAG",   0xEB4C, GeneralExtension,      Control),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan control_rows() { return kRows; }

} // namespace siena::cpu::isa
