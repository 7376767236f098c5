// SPDX-License-Identifier: BSD-3-Clause
#include "machine/execution_observer.h"

namespace siena::machine {

void ObservedLoop::run(cpu::Cpu& cpu, u64 limit) {
  using cpu::interpreter::Interpreter;
  while (cpu.cycles < limit) {
    ExecutedRun run{.interpretive = cpu.interpretive(),
                    .problem_state = cpu.psw.problem_state(),
                    .address = cpu.psw.address,
                    .text = {},
                    .instructions = 0};
    // Text that cannot be had, the interpreter finds once more, and says so.
    if ((run.address & 1) == 0)
      if (const cpu::HostSpan host = cpu.instruction_page(run.address); host.outcome == cpu::Outcome::Completed)
        run.text = std::span{host.bytes, kPageSize}.subspan(run.address & ~kPageMask);
    const u64 before = cpu.instructions;
    const bool on = interpreter_.run_pages<Interpreter::Extent::Block>(cpu, limit);
    run.instructions = cpu.instructions - before;
    if (run.instructions != 0 && !run.text.empty()) observer_.executed(run);
    if (!on) return;
  }
}

} // namespace siena::machine
