// SPDX-License-Identifier: BSD-3-Clause
// What the debugger wants the machine to stop for: breakpoints, watchpoints, the ends of steps. Storage is never changed, so no guest can
// see a breakpoint. Pages with a breakpoint or a watched operand are kept off the fast paths (cpu::ports::AccessWatch); everything else
// runs as without a debugger, and a run comes to the same end with stops as without.
//
// Addresses are logical, as the PSW or an operand has them, in whatever address space, of one process: breakpoints of guest 1 are not hit
// by a guest under SIE. The CPUs keep their one schedule while a thread steps: the others may go on meanwhile.
#pragma once

#include "frontends/gdb/event_catch.h"
#include "frontends/gdb/thread_id.h"
#include "machine/machine.h"

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace siena::frontends::gdb {

/// Accesses to bytes of storage that a watchpoint is hit by.
enum class WatchKind : u8 { Write, Read, Access };

struct Watchpoint {
  unsigned process = 1;
  WatchKind kind = WatchKind::Write;
  u64 address = 0, length = 0; ///< length is not 0, and the range does not wrap
  bool operator==(const Watchpoint&) const = default;
};

class StopConditions final : public cpu::interpreter::InstructionHook, public cpu::ports::AccessWatch {
 public:
  static constexpr std::size_t kMostBreakpoints = 4096, kMostWatchpoints = 256, kMostCatches = 64;

  struct Stop {
    enum class Kind : u8 { Step, Breakpoint, Watchpoint, Event };
    ThreadId thread;
    Kind kind = Kind::Step;
    WatchKind watch = WatchKind::Write; ///< Watchpoint
    u64 address = 0;                    ///< Watchpoint: its own address
    std::string event = {};             ///< Event: in words
  };

  explicit StopConditions(machine::Machine& machine);
  ~StopConditions() override;
  StopConditions(const StopConditions&) = delete;
  StopConditions& operator=(const StopConditions&) = delete;

  /// False: there are too many.
  bool insert_breakpoint(unsigned process, u64 address);
  bool insert_watchpoint(const Watchpoint& watchpoint);
  // Harmless when there is none.
  void remove_breakpoint(unsigned process, u64 address);
  void remove_watchpoint(const Watchpoint& watchpoint);
  /// Stops at such events. False: there are too many.
  bool insert_catch(const EventPattern& pattern);
  void remove_catch(std::size_t n);
  const std::vector<EventPattern>& catches() const { return events_.patterns(); }
  /// Removes all of that process.
  void clear(unsigned process);
  /// Removes all, and forgets steps.
  void clear();

  struct Step {
    ThreadId thread;
    /// The thread goes on stepping while its instruction address is in [first, behind).
    u64 first = 0, behind = 0;
  };
  /// Before the machine goes on: these threads stop after their next instruction, or the interruption that comes instead. A breakpoint that
  /// thread `from` stands at does not stop it again.
  void resume(std::span<const Step> steps, ThreadId from);
  /// Why the machine stopped, if it was for one of these. Steps are over then.
  std::optional<Stop> take_stop();

  // InstructionHook
  bool wants(const cpu::Cpu& cpu) override;
  bool before(cpu::Cpu& cpu) override;
  bool after(cpu::Cpu& cpu) override;
  bool left(cpu::Cpu& cpu) override;

  // AccessWatch
  bool watches(const cpu::Cpu& cpu, u64 page, mmu::Access access) const override;
  void accessed(cpu::Cpu& cpu, u64 address, u64 length, mmu::Access access) override;

 private:
  struct Breakpoint {
    unsigned process;
    u64 address;
    auto operator<=>(const Breakpoint&) const = default;
  };
  /// Where a thread was when the machine went on.
  struct Place {
    enum class Kind : u8 {
      Boundary, ///< at an instruction, as follows
      InSie,    ///< executing SIE
      Resting,  ///< a guest's that no CPU interprets
    };
    Kind kind = Kind::Resting;
    u64 mask = 0, address = 0;
    u64 instructions = 0; ///< of the CPU; counts in process 1 only, where no other thread uses them up
  };
  struct Stepping {
    Step step;
    Place from;
  };

  ThreadId current(const cpu::Cpu& cpu) const;
  static Place place_of(const cpu::Cpu& cpu);
  Place place_of(ThreadId thread) const;
  static bool still_at(const Place& place, ThreadId thread, const cpu::Cpu& cpu);
  bool rests_at(ThreadId thread, const Place& place) const;
  Stepping* stepping(ThreadId thread);
  bool breakpoint_in_page(unsigned process, u64 page) const;
  /// Always false: what hooks answer to end the run.
  bool stop(const Stop& stop);
  void set_hook();
  void set_watch();
  void met(const TraceEvent& event);

  machine::Machine& machine_;
  std::set<Breakpoint> breakpoints_;
  std::vector<Watchpoint> watchpoints_;
  std::vector<Stepping> steps_;
  std::optional<ThreadId> passing_; ///< is not stopped by a breakpoint at `passed_`
  Place passed_;
  std::optional<Stop> hit_; ///< a watchpoint or an event, by the instruction in execution
  EventCatch events_;
  std::optional<Stop> stop_;
};

} // namespace siena::frontends::gdb
