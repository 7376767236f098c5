// SPDX-License-Identifier: BSD-3-Clause
// Somebody who wants to know which instructions were executed, but not each time at once: he is shown whole runs of them, from one taken
// branch to the next, by the interpreter. Where a debugger or a trace looks at every instruction anyway, he looks along.
#pragma once

#include "cpu/interpreter/interpreter.h"

#include <span>

namespace siena::machine {

/// Instructions that were executed one behind the other; the last one may have ended in an interruption.
struct ExecutedRun {
  bool interpretive = false; ///< level 1
  bool problem_state = false;
  u64 address = 0;          ///< of the first one
  std::span<const u8> text; ///< from there to the end of the page
  u64 instructions = 0;     ///< not zero; all begin in `text`
};

class ExecutionObserver : public cpu::interpreter::InstructionHook {
 public:
  virtual void executed(const ExecutedRun& run) = 0;
};

/// What is executed under PER is not seen, unless by `before` (see above).
class ObservedLoop final : public cpu::interpreter::FastLoop {
 public:
  ObservedLoop(cpu::interpreter::Interpreter& interpreter, ExecutionObserver& observer)
      : interpreter_(interpreter), observer_(observer) {}
  void run(cpu::Cpu& cpu, u64 limit) override;

 private:
  cpu::interpreter::Interpreter& interpreter_;
  ExecutionObserver& observer_;
};

} // namespace siena::machine
