// SPDX-License-Identifier: BSD-3-Clause
// I/O instructions (PoP, *I/O Instructions*). All are privileged, and intercepted without exception under SIE.
#include "cpu/isa/semantics/io.h"

#include "cpu/isa/rows/rows.h"

namespace siena::cpu::isa {
namespace {
using enum CostClass;
using enum Facility;

// clang-format off
constexpr InstructionDef kRows[] = {
  // function                                                          mnemonic  opcode  facility  cost
  privileged<&clear_subchannel, kAlways>                              ("CSCH",   0xB230, Base,     Io),
  privileged<&halt_subchannel, kAlways>                               ("HSCH",   0xB231, Base,     Io),
  privileged<&modify_subchannel, kAlways>                             ("MSCH",   0xB232, Base,     Io),
  privileged<&start_subchannel, kAlways>                              ("SSCH",   0xB233, Base,     Io),
  privileged<&store_subchannel, kAlways>                              ("STSCH",  0xB234, Base,     Io),
  privileged<&test_subchannel, kAlways>                               ("TSCH",   0xB235, Base,     Io),
  privileged<&test_pending_interruption, kAlways>                     ("TPI",    0xB236, Base,     Io),
  privileged<&set_address_limit, kAlways>                             ("SAL",    0xB237, Base,     Io),
  privileged<&resume_subchannel, kAlways>                             ("RSCH",   0xB238, Base,     Io),
  privileged<&store_channel_report_word, kAlways>                     ("STCRW",  0xB239, Base,     Io),
  privileged<&store_channel_path_status, kAlways>                     ("STCPS",  0xB23A, Base,     Io),
  privileged<&reset_channel_path, kAlways>                            ("RCHP",   0xB23B, Base,     Io),
  privileged<&set_channel_monitor, kAlways>                           ("SCHM",   0xB23C, Base,     Io),
  privileged<&channel_subsystem_call, kAlways>                        ("CHSC",   0xB25F, Base,     Io),
  privileged<&signal_adapter, kAlways>                                ("SIGA",   0xB274, Base,     Io),
  privileged<&cancel_subchannel, kAlways>                             ("XSCH",   0xB276, Base,     Io),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan io_rows() { return kRows; }

} // namespace siena::cpu::isa
