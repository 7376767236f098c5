// SPDX-License-Identifier: BSD-3-Clause
// Breakpoints and single steps: looks at every instruction before it is executed, while there is anything to look for. Storage is
// never changed, so the guest cannot see a breakpoint.
//
// A breakpoint is an instruction address as the PSW has it, in whatever address space and at whatever level of SIE. The CPUs keep
// their one schedule while one of them steps: the others may go on meanwhile, and a stop does not change who runs next.
#pragma once

#include "machine/machine.h"

#include <optional>
#include <span>
#include <vector>

namespace siena::frontends::gdb {

class Breakpoints final : public cpu::interpreter::InstructionHook {
 public:
  static constexpr std::size_t kMost = 4096;
  struct Stop {
    unsigned cpu = 0;
    bool at_breakpoint = false; ///< else a step has ended
  };

  explicit Breakpoints(machine::Machine& machine) : machine_(machine), marks_(machine.cpu_count()) {}
  ~Breakpoints() override { machine_.set_debug_hook(nullptr); }
  Breakpoints(const Breakpoints&) = delete;
  Breakpoints& operator=(const Breakpoints&) = delete;

  /// False: there are too many.
  bool insert(u64 address);
  /// Harmless when there is none.
  void remove(u64 address);
  /// Removes all, and forgets steps.
  void clear();

  /// Before the machine goes on: the CPUs in `stepping` stop after their next instruction, or the interruption that comes instead. A
  /// breakpoint that CPU `from` stands at does not stop it again.
  void resume(std::span<const unsigned> stepping, unsigned from);
  /// Why the machine stopped, if it was for one of these. Steps are over then.
  std::optional<Stop> take_stop();

  bool before(cpu::Cpu& cpu) override;
  bool after(cpu::Cpu& cpu) override;

 private:
  /// Where a CPU was when the machine went on.
  struct Mark {
    bool steps = false;
    bool passes = false; ///< not stopped by a breakpoint here
    u64 mask = 0, address = 0, instructions = 0;
  };
  static bool still_at(const Mark& mark, const cpu::Cpu& cpu);
  bool stop(const cpu::Cpu& cpu, bool at_breakpoint);
  void arm();

  machine::Machine& machine_;
  std::vector<u64> addresses_; ///< sorted
  std::vector<Mark> marks_;    ///< by CPU
  bool any_steps_ = false;
  std::optional<Stop> stop_;
};

} // namespace siena::frontends::gdb
