// SPDX-License-Identifier: BSD-3-Clause
// Instructions of facilities that this machine does not have (PCI, adjunct processors, QDIO assists). At level 0 they are no
// instructions. Under SIE they are intercepted all the same (facts 2.4), since a KVM host may provide the facility itself: QEMU
// emulates PCI functions for guests of machines without PCI. No facility is named, so that the rows are always decoded.
#include "cpu/isa/rows/rows.h"

namespace siena::cpu::isa {
namespace {
using enum CostClass;
using enum Facility;

template <class View>
Outcome intercepted_only(Cpu& cpu, View insn) {
  if (!cpu.interpretive()) return cpu.recognize(ProgramInterruption::Operation);
  if (cpu.psw.problem_state()) return cpu.recognize(ProgramInterruption::PrivilegedOperation);
  return cpu.environment().interpretive->intercept(cpu, insn.text.text_only());
}

// clang-format off
constexpr InstructionDef kRows[] = {
  irregular<&intercepted_only<RRE>>  ("CLP",     0xB9A0, Base, Io),
  irregular<&intercepted_only<RRE>>  ("PCISTG",  0xB9D0, Base, Io),
  irregular<&intercepted_only<RRE>>  ("PCILG",   0xB9D2, Base, Io),
  irregular<&intercepted_only<RRE>>  ("RPCIT",   0xB9D3, Base, Io),
  irregular<&intercepted_only<RXY_a>>("MPCIFC",  0xE3D0, Base, Io),
  irregular<&intercepted_only<RXY_a>>("STPCIFC", 0xE3D4, Base, Io),
  irregular<&intercepted_only<RSY_a>>("PCISTB",  0xEBD0, Base, Io),
  irregular<&intercepted_only<RSY_a>>("SIC",     0xEBD1, Base, Io),
  irregular<&intercepted_only<RRE>>  ("NQAP",    0xB2AD, Base, Io),
  irregular<&intercepted_only<RRE>>  ("DQAP",    0xB2AE, Base, Io),
  irregular<&intercepted_only<RRE>>  ("PQAP",    0xB2AF, Base, Io),
  irregular<&intercepted_only<RRE>>  ("EQBS",    0xB99C, Base, Io),
  irregular<&intercepted_only<RSY_a>>("SQBS",    0xEB8A, Base, Io),
};
// clang-format on
static_assert(opcodes_are_unique(kRows));
} // namespace

RowSpan intercepted_rows() { return kRows; }

} // namespace siena::cpu::isa
