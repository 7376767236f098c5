// SPDX-License-Identifier: BSD-3-Clause
// -d in_asm and -d cpu: an event for each instruction (PSW, text, disassembly), and one with the general registers before it.
#pragma once

#include "base/trace.h"
#include "cpu/interpreter/interpreter.h"

#include <vector>

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

/// A debugger's hook, if there is one, and behind it watchers, whose answers do not count: what they see is executed.
class HookChain final : public cpu::interpreter::InstructionHook {
 public:
  cpu::interpreter::InstructionHook* debugger = nullptr;
  std::vector<cpu::interpreter::InstructionHook*> watchers;

  bool wants(const cpu::Cpu& cpu) override {
    return !watchers.empty() || (debugger != nullptr && debugger->wants(cpu));
  }
  bool left(cpu::Cpu& cpu) override { return debugger == nullptr || debugger->left(cpu); }
  bool before(cpu::Cpu& cpu) override {
    if (debugger != nullptr && !debugger->before(cpu)) return false;
    for (auto* watcher : watchers) (void)watcher->before(cpu);
    return true;
  }
  bool after(cpu::Cpu& cpu) override {
    for (auto* watcher : watchers) (void)watcher->after(cpu);
    return debugger == nullptr || debugger->after(cpu);
  }
};

} // namespace siena::machine
