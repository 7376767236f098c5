// SPDX-License-Identifier: BSD-3-Clause
// The reference engine: runs one CPU instruction by instruction over decoded pages (code_cache.h). Two loops: a plain one, and an
// instrumented one for PER, tracing and the debugger, chosen whenever the first would have to look.
#pragma once

#include "cpu/interpreter/code_cache.h"

namespace siena::cpu::interpreter {

/// What a debugger or tracer wants to see of instructions. Those that it wants are executed by the instrumented loop.
class InstructionHook {
 public:
  virtual ~InstructionHook() = default;
  /// Is it to be shown the next instruction, at psw.address? Asked whenever a run loop begins, and so for each instruction of a page
  /// whose instructions are watched (ports::AccessWatch), and when the level changes.
  virtual bool wants(const Cpu&) { return true; }
  /// Something else has ended the instruction before (Cpu::leave_after_instruction). False: stop here.
  virtual bool left(Cpu&) { return true; }
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
  bool run_pages(Cpu& cpu, u64 limit) {
    return cpu.watched() ? run_decoded<E, true>(cpu, limit) : run_decoded<E, false>(cpu, limit);
  }
  /// Ends an instruction that did not simply complete: presents what it recognised.
  void finish(Cpu& cpu, Outcome outcome, u8 length);

 private:
  /// Watched: somebody may want it to return after any instruction.
  template <Extent E, bool Watched>
  bool run_decoded(Cpu& cpu, u64 limit);
  bool run_instrumented(Cpu& cpu);
  /// Executes the instruction at psw.address without the cache (page-crossing text, instrumented loop).
  void execute_one(Cpu& cpu);
  void fetch_failed(Cpu& cpu, Outcome outcome, u8 length);

  CodeCache& code_;
  InstructionHook* hook_ = nullptr;
  FastLoop* fast_ = nullptr;
};

} // namespace siena::cpu::interpreter
