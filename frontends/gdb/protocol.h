// SPDX-License-Identifier: BSD-3-Clause
// The commands of GDB's remote serial protocol, on a machine that stands still (GDB manual, *Remote Protocol*, *Packets*). Knows
// no socket: payloads in, payloads out. Processes and threads are those of thread_id.h; the debugger is attached to process 1 when it
// connects, and to a guest when it says so (vAttach). It is told only of processes that it is attached to.
//
//   protocol.cpp   dispatch, registers, storage, break- and watchpoints
//   queries.cpp    what is asked about the machine
//   execution.cpp  going on, stopping, attaching, detaching
//   commands.cpp   the debugger's `monitor` command
#pragma once

#include "frontends/gdb/packet.h"
#include "frontends/gdb/registers.h"
#include "frontends/gdb/stop_conditions.h"
#include "machine/machine.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace siena::frontends::gdb {

/// Who runs the machine.
class Execution {
 public:
  virtual ~Execution() = default;
  virtual bool running() const = 0;
  virtual void resume() = 0; ///< nothing happens when the guest has ended
  virtual void stop() = 0;   ///< Server::stopped follows, if the machine ran
  virtual void quit() = 0;
  /// What a line at the monitor prints.
  virtual std::string monitor_command(std::string_view line) = 0;
};

/// Signals by GDB's numbers, which say why the machine stopped.
enum class Signal : u8 { Interrupt = 2, Quit = 3, Trap = 5, Abort = 6 };

class Protocol {
 public:
  Protocol(machine::Machine& machine, Execution& execution, std::function<void(std::string_view)> send);

  /// Carries out one packet's command. The machine must not be running.
  void handle(std::string_view packet);
  /// What the machine stopped for, unless it was a breakpoint or the end of a step. Answers the command that let it run.
  void stopped(Signal signal);
  /// The run is over.
  void ended(int status);

  /// Whether the last reply ended acknowledgements.
  bool without_acknowledgements() const { return without_acknowledgements_; }
  /// Whether the peer has said that it goes.
  bool closing() const { return closing_; }

 private:
  /// What a thread id of the protocol means; 0: all, or any.
  struct ThreadSet {
    unsigned process = 0, thread = 0;
    bool contains(ThreadId id) const {
      return (process == 0 || process == id.process) && (thread == 0 || thread == id.thread);
    }
  };

  void reply(std::string_view payload) { send_(payload); }
  void ok() { reply("OK"); }
  /// The command makes no sense.
  void refuse() { reply("E22"); }
  /// Takes a thread id off the text; nothing when it is none.
  std::optional<ThreadSet> take_threads(std::string_view& text) const;
  /// Takes one off that must name a thread of an attached process.
  std::optional<ThreadId> take_thread(std::string_view& text) const;
  std::string name(ThreadId id) const;
  bool attached(unsigned process) const;
  /// Of attached processes.
  std::vector<ThreadId> threads() const;
  /// A thread of the set: `preferred` if it is one, else the first; nothing when there is none.
  std::optional<ThreadId> any_of(const ThreadSet& set, ThreadId preferred) const;
  std::optional<ThreadView> selected() { return ThreadView::of(machine_, selected_); }

  void read_all();
  void write_all(std::string_view rest);
  void read_one(std::string_view rest);
  void write_one(std::string_view rest);
  void read_storage(std::string_view rest);
  void write_storage(std::string_view rest);
  void write_binary(std::string_view rest);
  void write_storage(u64 address, std::span<const u8> bytes);
  void breakpoint(std::string_view rest, bool insert);

  // queries.cpp
  void query(std::string_view packet);
  void supported(std::string_view rest);
  void transfer(std::string_view rest);
  void list_threads();
  void describe_thread(std::string_view rest);
  void select_thread(std::string_view rest);
  void is_alive(std::string_view rest);
  void set_physical(std::string_view rest);
  std::string thread_list() const;
  std::string process_list() const;

  // execution.cpp
  void multi_letter(std::string_view packet);
  void resume_one(std::string_view rest, bool step);
  void resume_many(std::string_view rest);
  void resume(std::span<const StopConditions::Step> steps);
  void attach(std::string_view rest);
  void detach(std::string_view rest);
  void end_machine();
  void report_stop();

  // commands.cpp
  void command(std::string_view hex);
  std::string address_space(std::string_view argument);
  std::string guests() const;
  std::string catch_event(std::string_view argument);
  std::string forget_catch(std::string_view argument);
  std::string catches() const;
  void print(std::string_view text);

  machine::Machine& machine_;
  Execution& execution_;
  std::function<void(std::string_view)> send_;
  StopConditions conditions_;
  RegisterSet registers_;
  std::vector<unsigned> attached_{1};
  ThreadId selected_; ///< that registers and storage are looked at through
  ThreadId stepping_; ///< that `s` and `c` are for
  ThreadId stopped_;  ///< that the last stop is reported for
  AddressMode mode_;
  bool physical_ = false; ///< Qqemu.PhyMemMode
  Signal signal_ = Signal::Trap;
  std::optional<StopConditions::Stop> stop_; ///< the last, if it was one of these
  bool knows_swbreak_ = false;
  bool knows_processes_ = false;
  bool extended_ = false;
  bool owes_stop_ = false; ///< the peer waits to hear of the next stop
  bool without_acknowledgements_ = false;
  bool closing_ = false;
};

} // namespace siena::frontends::gdb
