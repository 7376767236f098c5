// SPDX-License-Identifier: BSD-3-Clause
// A machine and the process around it: terminals, signals, host time, the monitor's commands, and what happens when a run
// of the machine ends.
#pragma once

#include "frontends/cli/ready_report.h"
#include "frontends/cli/terminals.h"
#include "frontends/cli/watching.h"
#include "frontends/dump/core_file.h"
#include "frontends/gdb/server.h"
#include "frontends/monitor/human_commands.h"
#include "frontends/monitor/server.h"
#include "frontends/trace/event_trace.h"
#include "frontends/trace/perf_map.h"
#include "frontends/trace/translation_trace.h"
#include "host/event_loop.h"
#include "host/signals.h"
#include "machine/hang_detector.h"
#include "machine/machine.h"
#include "machine/sie_report.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace siena::frontends::cli {

class Session final : public machine::Surroundings, public monitor::MachineCommands, public gdb::Execution {
 public:
  /// `configuration` gets the date and the seed that the machine starts with, if it has none.
  static Result<std::unique_ptr<Session>> create(machine::Configuration configuration);
  ~Session() override;

  /// Runs until the guest has ended for good or somebody wants it to; gives the exit status.
  int run();

  // machine::Surroundings
  devices::ByteSink& output(const std::string& chardev) override { return terminals_->output(chardev); }
  void wait(u64 nanoseconds) override;
  u64 host_nanoseconds() override;
  void resetting(bool by_guest) override;

  // monitor::MachineCommands and gdb::Execution
  void quit() override;
  void reset() override;
  void power_down() override;
  void stop() override;
  void resume() override;
  monitor::RunState run_state() const override;
  bool running() const override { return state_ == monitor::RunState::Running; }
  std::string monitor_command(std::string_view line) override;

 private:
  Session(machine::Configuration configuration, std::unique_ptr<host::EventLoop> loop);
  std::optional<ConfigurationError> build();
  std::optional<ConfigurationError> write_pidfile();
  /// Writes a guest into an ELF core file; what went wrong. A machine that runs goes on afterwards.
  std::optional<std::string> dump_storage(unsigned guest, const std::string& path);
  /// Of the symbols that were asked for.
  std::string name_of(unsigned guest, u64 address);
  void print_state(std::string_view why);
  void look_for_hang();
  std::optional<ConfigurationError> observe_translations();
  std::optional<ConfigurationError> open_monitors();
  void announce(const monitor::Event& event);
  void announce_panic(const machine::Ending& ending, std::string_view action);
  /// The machine's run has returned, and is not over.
  void stood();
  /// Why the machine stands still, in GDB's terms.
  gdb::Signal stop_signal() const;
  /// Whether the run is over; if so, `status` is the exit status.
  bool is_over(const machine::Ending& ending, int& status);

  machine::Configuration configuration_;
  std::unique_ptr<host::EventLoop> loop_;
  host::SignalWatch signals_;
  bool wrote_pidfile_ = false;
  std::unique_ptr<Terminals> terminals_;
  std::unique_ptr<trace::EventTrace> trace_;
  std::unique_ptr<trace::PerfMap> perf_map_;
  std::optional<trace::TranslationTrace> translation_trace_;
  std::unique_ptr<Watching> watching_;
  std::unique_ptr<machine::Machine> machine_; // what it writes to and who watches it outlive it
  std::unique_ptr<gdb::Server> debugger_;
  std::vector<std::unique_ptr<monitor::Server>> monitors_;
  std::optional<ReadyReport> ready_;
  std::optional<monitor::Subject> subject_;
  std::optional<monitor::HumanCommands> monitor_commands_; ///< the debugger's
  monitor::RunState state_ = monitor::RunState::Running;   ///< Running: inside Machine::run, or about to be
  machine::HangDetector hang_detector_;
  bool stopping_ = false;       ///< a stop has been asked for, and Machine::run will return for it
  bool resume_at_stop_ = false; ///< and nobody wants it any more
  bool reset_at_stop_ = false;  ///< and the machine is to be reset then
  monitor::Event shutdown_ = {.kind = monitor::Event::Kind::ShutDown, .guest = true, .reason = "guest-shutdown"};
};

} // namespace siena::frontends::cli
