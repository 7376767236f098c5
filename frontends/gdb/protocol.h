// SPDX-License-Identifier: BSD-3-Clause
// The commands of GDB's remote serial protocol, on a machine that stands still (GDB manual, *Remote Protocol*, *Packets*). Knows
// no socket: payloads in, payloads out. Thread n is the CPU with address n - 1.
#pragma once

#include "frontends/gdb/breakpoints.h"
#include "frontends/gdb/packet.h"
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
};

/// Signals by GDB's numbers, which say why the machine stopped.
enum class Signal : u8 { Interrupt = 2, Quit = 3, Trap = 5, Abort = 6 };

class Protocol {
 public:
  Protocol(machine::Machine& machine, Execution& execution, std::function<void(std::string_view)> send)
      : machine_(machine), execution_(execution), send_(std::move(send)), breakpoints_(machine) {}

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
  /// A thread id: a CPU, or all or any of them (`-1`, `0`).
  struct Thread {
    std::optional<unsigned> cpu;
  };

  void reply(std::string_view payload) { send_(payload); }
  void ok() { reply("OK"); }
  /// The command makes no sense.
  void refuse() { reply("E22"); }
  /// Takes a thread id off the text; nothing when it is none or names no CPU.
  std::optional<Thread> take_thread(std::string_view& text) const;

  void query(std::string_view packet);
  void multi_letter(std::string_view packet);
  void supported(std::string_view rest);
  void transfer_features(std::string_view rest);
  void list_threads();
  void describe_thread(std::string_view rest);
  void select_thread(std::string_view rest);
  void is_alive(std::string_view rest);
  void read_all();
  void write_all(std::string_view rest);
  void read_one(std::string_view rest);
  void write_one(std::string_view rest);
  void read_storage(std::string_view rest);
  void write_storage(std::string_view rest);
  void breakpoint(std::string_view rest, bool insert);
  void resume_one(std::string_view rest, bool step);
  void resume_many(std::string_view rest);
  void resume(const std::vector<unsigned>& stepping);
  void detach(std::string_view rest);
  void report_stop();

  cpu::Cpu& selected() { return machine_.cpu(selected_); }

  machine::Machine& machine_;
  Execution& execution_;
  std::function<void(std::string_view)> send_;
  Breakpoints breakpoints_;
  unsigned selected_ = 0; ///< CPU that registers and storage are looked at through
  unsigned stepping_ = 0; ///< CPU that `s` and `c` are for
  unsigned stopped_ = 0;  ///< CPU that the last stop is reported for
  Signal signal_ = Signal::Trap;
  bool at_breakpoint_ = false;
  bool knows_swbreak_ = false;
  bool owes_stop_ = false; ///< the peer waits to hear of the next stop
  bool without_acknowledgements_ = false;
  bool closing_ = false;
};

} // namespace siena::frontends::gdb
