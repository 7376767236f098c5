// SPDX-License-Identifier: BSD-3-Clause
// -d in_asm and -d cpu: one line per instruction executed (level, PSW, text, disassembly), and the general registers before it.
#pragma once

#include "base/trace.h"
#include "cpu/interpreter/interpreter.h"

namespace siena::machine {

class InstructionTrace final : public cpu::interpreter::InstructionHook {
 public:
  InstructionTrace(TraceSink& sink, const cpu::isa::Decoder& decoder) : sink_(sink), decoder_(decoder) {}
  bool before(cpu::Cpu& cpu) override;
  void after(cpu::Cpu&) override {}

 private:
  TraceSink& sink_;
  const cpu::isa::Decoder& decoder_;
};

} // namespace siena::machine
