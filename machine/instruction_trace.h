// SPDX-License-Identifier: BSD-3-Clause
// -d in_asm and -d cpu: an event for each instruction (PSW, text, disassembly), and one with the general registers before it.
#pragma once

#include "base/trace.h"
#include "cpu/interpreter/interpreter.h"

namespace siena::machine {

class InstructionTrace final : public cpu::interpreter::InstructionHook {
 public:
  InstructionTrace(TraceSink& sink, const cpu::isa::Decoder& decoder) : sink_(sink), decoder_(decoder) {}
  bool before(cpu::Cpu& cpu) override;
  bool after(cpu::Cpu&) override { return true; }

 private:
  void instruction(cpu::Cpu& cpu, TraceEvent& event);
  void registers(const cpu::Cpu& cpu, TraceEvent& event);

  TraceSink& sink_;
  const cpu::isa::Decoder& decoder_;
};

/// A debugger's hook and a trace behind it: what is traced is executed.
class HookChain final : public cpu::interpreter::InstructionHook {
 public:
  cpu::interpreter::InstructionHook* debugger = nullptr;
  cpu::interpreter::InstructionHook* trace = nullptr;

  bool before(cpu::Cpu& cpu) override { return debugger->before(cpu) && trace->before(cpu); }
  bool after(cpu::Cpu& cpu) override { return trace->after(cpu) && debugger->after(cpu); }
};

} // namespace siena::machine
