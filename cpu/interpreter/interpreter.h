// SPDX-License-Identifier: BSD-3-Clause
// The reference engine: runs one CPU instruction by instruction over decoded pages (code_cache.h). Two loops: a plain one, and an
// instrumented one for PER, tracing and the debugger, chosen whenever the first would have to look.
#pragma once

#include "cpu/interpreter/code_cache.h"

namespace siena::cpu::interpreter {

/// What a debugger or tracer wants to see of every instruction. Any hook puts the CPU on the instrumented loop.
class InstructionHook {
 public:
  virtual ~InstructionHook() = default;
  /// Before the instruction at psw.address. False: stop here (run() returns Exit::Hook).
  virtual bool before(Cpu& cpu) = 0;
  /// After it, with the interruption that it ended in taken. False: stop here. Not called when its text could not be fetched.
  virtual bool after(Cpu& cpu) = 0;
};

/// A quicker way through instructions than this engine's own loop.
class FastLoop {
 public:
  virtual ~FastLoop() = default;
  /// Runs `cpu`, which nobody watches, until the cycle limit, or until an instruction has ended in something else than completion
  /// or a branch, which then has been dealt with (Interpreter::finish). May return earlier.
  virtual void run(Cpu& cpu, u64 limit) = 0;
};

class Interpreter {
 public:
  enum class Exit : u8 {
    Limit,     ///< the cycle limit was reached
    Attention, ///< cpu.attention is set: somebody outside must look
    Wait,      ///< the PSW's wait bit is one and nothing enabled is pending
    Hook,      ///< the hook said stop
  };

  explicit Interpreter(CodeCache& code) : code_(code) {}

  /// Runs an operating CPU until one of the reasons above; at an instruction boundary on return. Interruptions that become pending
  /// are taken, at both levels.
  Exit run(Cpu& cpu, u64 limit_cycles);
  void set_hook(InstructionHook* hook) { hook_ = hook; }
  /// Whom to leave instructions to that nobody watches; nullptr: nobody.
  void set_fast_loop(FastLoop* loop) { fast_ = loop; }

  // --- For the fast loop -----------------------------------------------------------------------------------------------
  enum class Extent : u8 { Block, Unlimited };
  /// Runs up to the limit; with Extent::Block at most to the first branch that is taken. False: something else than completion and
  /// branches has been dealt with, so that interruptions must be looked at.
  template <Extent E>
  bool run_pages(Cpu& cpu, u64 limit);
  /// Ends an instruction that did not simply complete: presents what it recognised.
  void finish(Cpu& cpu, Outcome outcome, u8 length);

 private:
  bool run_instrumented(Cpu& cpu);
  /// Executes the instruction at psw.address without the cache (page-crossing text, instrumented loop).
  void execute_one(Cpu& cpu);
  void fetch_failed(Cpu& cpu, Outcome outcome, u8 length);

  CodeCache& code_;
  InstructionHook* hook_ = nullptr;
  FastLoop* fast_ = nullptr;
};

} // namespace siena::cpu::interpreter
