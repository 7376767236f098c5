// SPDX-License-Identifier: BSD-3-Clause
// A CPU model without interpretive execution (sief2=off). The run's list in programs.py names it.
#include "tests/sie_programs/runtime/host.h"

static void expect_no_instruction(void) {
  expect("program interruptions", record()->program_count, 1);
  expect("program interruption code", record()->program_code, kOperationException);
  expect("instruction length", record()->program_ilc, 4);
  expect("old PSW", record()->program_old[1], (u64)probed_sie + 4);
}

static void probe(u64 operand) {
  record()->program_count = 0;
  probe_sie(operand);
  expect_no_instruction();
}

void run_cases(void) {
  static struct StateDescription before;
  new_guest(kSmallPages);
  before = *block;
  begin("05 without the facility SIE is an operation exception");
  probe((u64)block);
  for (unsigned i = 0; i < 64; i++) expect("state description", ((const u64*)block)[i], ((const u64*)&before)[i]);

  begin("05 without the facility nothing is said of SIE's operand");
  probe((u64)block + 8);
  probe(0);
  probe(0x100000000000);

  begin("05 without the facility SIE is an operation exception in the problem state, too");
  record()->program_count = 0;
  probe_sie_in_problem_state((u64)block);
  expect_no_instruction();
}
