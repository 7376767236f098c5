// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/session.h"

#include "frontends/cli/exit_status.h"
#include "frontends/cli/messages.h"
#include "frontends/dump/guest_core.h"
#include "frontends/dump/machine_source.h"
#include "machine/jit_report.h"
#include "machine/state_report.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <random>

#include <unistd.h>

namespace siena::frontends::cli {

using monitor::Event;
using monitor::RunState;

namespace {
void give_inputs(machine::Configuration& configuration) {
  if (!configuration.rtc_base) configuration.rtc_base = std::time(nullptr);
  if (!configuration.seed) {
    std::random_device device;
    configuration.seed = u64{device()} << 32 | device();
  }
}

std::string repetition(const machine::Configuration& configuration) {
  const auto date = fmt::gmtime(static_cast<std::time_t>(*configuration.rtc_base));
  return fmt::format("the same run again: -seed {} -rtc base={:%Y-%m-%dT%H:%M:%S}", *configuration.seed, date);
}
} // namespace

Session::Session(machine::Configuration configuration, std::unique_ptr<host::EventLoop> loop)
    : configuration_(std::move(configuration)), loop_(std::move(loop)), signals_(*loop_) {}

Session::~Session() {
  if (terminals_) terminals_->disconnect();
  debugger_.reset();
  monitors_.clear();
  machine_.reset();
  if (wrote_pidfile_) ::unlink(configuration_.pidfile.c_str());
}

Result<std::unique_ptr<Session>> Session::create(machine::Configuration configuration) {
  auto loop = host::EventLoop::create();
  if (!loop) return loop.error();
  std::unique_ptr<Session> session{new Session{std::move(configuration), std::move(loop.value())}};
  if (auto error = session->build()) return *error;
  return session;
}

std::optional<ConfigurationError> Session::build() {
  const bool given = configuration_.rtc_base && configuration_.seed;
  give_inputs(configuration_);
  auto trace = trace::EventTrace::open(configuration_);
  if (!trace) return trace.error();
  trace_ = std::move(trace.value());
  auto terminals = Terminals::open(configuration_, *loop_);
  if (!terminals) return terminals.error();
  terminals_ = std::move(terminals.value());
  auto watching = Watching::create(configuration_);
  if (!watching) return watching.error();
  watching_ = std::move(watching.value());
  auto machine = machine::Machine::create(configuration_, *this, configuration_.trace.empty() ? nullptr : trace_.get());
  if (!machine) return machine.error();
  machine_ = std::move(machine.value());
  subject_.emplace(
      monitor::Subject{*machine_,
                       *this,
                       configuration_,
                       SIENA_VERSION,
                       [this](unsigned guest, const std::string& path) { return dump_storage(guest, path); },
                       [this](unsigned guest, u64 address) { return name_of(guest, address); }});
  monitor_commands_.emplace(*subject_);
  if (auto error = observe_translations()) return error;
  watching_->attach(*machine_);
  if (auto loaded = machine_->ipl(); !loaded) return loaded.error();
  if (configuration_.gdb) {
    auto debugger = gdb::Server::open(*configuration_.gdb, *loop_, *machine_, *this);
    if (!debugger) return debugger.error();
    debugger_ = std::move(debugger.value());
  }
  if (auto error = open_monitors()) return error;
  if (auto error = write_pidfile()) return error;
  for (const auto& line : terminals_->announcements()) std::printf("%s\n", line.c_str());
  std::fflush(stdout);
  // The built-in guest looks at neither date nor chance.
  if (!given && configuration_.built_in_guest.empty() && configuration_.time != machine::TimeMode::Wall)
    print_note(repetition(configuration_));
  if (configuration_.start_stopped) state_ = RunState::Prelaunch;
  if (!configuration_.ready_text.empty()) {
    ready_.emplace(configuration_.ready_text);
    terminals_->observe(
        [this](std::span<const u8> bytes) { ready_->watch(bytes, *machine_, machine_->host_nanoseconds()); });
  }
  terminals_->connect(machine_->external(), *subject_);
  for (std::size_t i = 0; i < monitors_.size(); ++i)
    while (configuration_.monitor_sockets[i].wait && !monitors_[i]->connected() && !loop_->quit_requested())
      loop_->run_for(std::chrono::seconds{1});
  return std::nullopt;
}

std::optional<ConfigurationError> Session::open_monitors() {
  for (const auto& where : configuration_.monitor_sockets) {
    auto server = monitor::Server::open(where, *loop_, *subject_);
    if (!server) return server.error();
    monitors_.push_back(std::move(server.value()));
  }
  return std::nullopt;
}

void Session::announce(const Event& event) {
  for (const auto& monitor : monitors_) monitor->announce(event);
}

std::optional<ConfigurationError> Session::observe_translations() {
  cpu::jit::Engine* const translator = machine_->translator();
  if (translator == nullptr) return std::nullopt; // nothing is translated, and that is what they show
  if (configuration_.trace_translations) {
    translation_trace_.emplace([this](std::string_view text) { trace_->line(text); });
    translator->observe(*translation_trace_);
  }
  if (configuration_.perf_map) {
    auto map = trace::PerfMap::create();
    if (!map) return map.error();
    perf_map_ = std::move(map.value());
    translator->observe(*perf_map_);
  }
  return std::nullopt;
}

std::optional<ConfigurationError> Session::write_pidfile() {
  if (configuration_.pidfile.empty()) return std::nullopt;
  const auto failed = [this] {
    return ConfigurationError{
        .message = fmt::format("-pidfile: '{}': {}", configuration_.pidfile, std::generic_category().message(errno))};
  };
  std::FILE* const file = std::fopen(configuration_.pidfile.c_str(), "we");
  if (file == nullptr) return failed();
  wrote_pidfile_ = true;
  const bool written = std::fprintf(file, "%ld\n", static_cast<long>(::getpid())) > 0;
  if (std::fclose(file) != 0 || !written) return failed();
  return std::nullopt;
}

int Session::run() {
  int status = exit_status::kPoweredOff;
  bool over = false;
  while (!over) {
    if (state_ == RunState::Running) {
      over = is_over(machine_->run(), status);
      if (!over) stood();
      continue;
    }
    wait(1'000'000'000);
    over = machine_->control().quitting();
    status = machine_->control().exit_code();
  }
  if (debugger_) debugger_->ended(status);
  if (ready_) std::fprintf(stderr, "%s", ready_->table().c_str());
  if (configuration_.show_sie_report) std::fprintf(stderr, "%s", machine::sie_report(machine_->interpretive()).c_str());
  if (configuration_.show_jit_report)
    std::fprintf(stderr, "%s", machine::jit_report(machine_->translator(), machine_->instructions()).c_str());
  if (configuration_.show_state_hash)
    print_line(
        fmt::format("state hash {:016x} after {} instructions", machine_->state_hash(), machine_->instructions()));
  for (const auto& line : watching_->finish()) print_note(line);
  if (const int signal = host::SignalWatch::received(); signal != 0)
    print_note(fmt::format("terminating on signal {}", signal));
  for (const auto& line : terminals_->losses()) print_note(line);
  for (const auto& line : trace_->losses()) print_note(line);
  return status;
}

bool Session::is_over(const machine::Ending& ending, int& status) {
  using Kind = machine::Ending::Kind;
  status = ending.exit_code;
  if (!ending.message.empty()) print_line(ending.message);
  switch (ending.kind) {
  case Kind::Quit: return true;
  case Kind::Stopped:
    if (!stopping_) announce({.kind = Event::Kind::Stop});
    state_ = stopping_ ? RunState::Paused : RunState::Debug;
    return false;
  case Kind::PowerOff:
    announce(shutdown_);
    if (!configuration_.no_shutdown) return true;
    announce({.kind = Event::Kind::Stop});
    state_ = RunState::ShutDown;
    return false;
  case Kind::DisabledWait:
    std::fprintf(stderr, "%s", machine::state_report(*machine_, subject_->name_of).c_str());
    switch (configuration_.panic) {
    case machine::PanicAction::Shutdown: status = exit_status::kPoweredOff; [[fallthrough]];
    case machine::PanicAction::ExitFailure:
      announce_panic(ending, "poweroff");
      announce({.kind = Event::Kind::ShutDown, .guest = true, .reason = "guest-panic"});
      return true;
    case machine::PanicAction::Pause: announce_panic(ending, "pause"); break;
    case machine::PanicAction::None: announce_panic(ending, "run"); break;
    }
    state_ = RunState::Panicked;
    return false;
  }
  return true;
}

void Session::announce_panic(const machine::Ending& ending, std::string_view action) {
  const cpu::Psw& psw = machine_->cpu(ending.cpu).psw;
  announce({.kind = Event::Kind::GuestPanicked,
            .reason = "disabled-wait",
            .action = action,
            .cpu = ending.cpu,
            .psw_mask = psw.packed_mask(),
            .psw_address = psw.address});
  announce({.kind = Event::Kind::Stop});
}

void Session::stood() {
  (void)machine_->control().take_stop(); // in case the guest ended first
  const bool resume = std::exchange(resume_at_stop_, false);
  stopping_ = false;
  if (reset_at_stop_) {
    machine_->settle_reset();
    state_ = RunState::Prelaunch;
  }
  if (debugger_) debugger_->stopped(stop_signal());
  if (resume && (state_ == RunState::Paused || state_ == RunState::Prelaunch))
    state_ = RunState::Running; // announced already
}

gdb::Signal Session::stop_signal() const {
  switch (state_) {
  case RunState::ShutDown: return gdb::Signal::Quit;
  case RunState::Panicked: return gdb::Signal::Abort;
  default: return gdb::Signal::Interrupt;
  }
}

void Session::wait(u64 nanoseconds) {
  trace_->flush();
  loop_->run_for(std::chrono::nanoseconds{std::min<u64>(nanoseconds, 3'600'000'000'000)});
  if (running()) {
    look_for_hang();
    watching_->look(host_nanoseconds());
  }
  if (!loop_->quit_requested() || machine_->control().quitting()) return;
  announce({.kind = Event::Kind::ShutDown, .guest = false, .reason = "host-signal"});
  machine_->control().quit(exit_status::kSignal + host::SignalWatch::received());
}

u64 Session::host_nanoseconds() {
  return static_cast<u64>(std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds{1});
}

void Session::quit() {
  if (machine_->control().quitting()) return;
  announce({.kind = Event::Kind::ShutDown, .guest = false, .reason = "host-qmp-quit"});
  machine_->control().quit(exit_status::kPoweredOff);
}

void Session::reset() {
  machine_->request_system_reset();
  if (state_ == RunState::Running) {
    reset_at_stop_ = stopping_;
    return;
  }
  machine_->settle_reset();
  state_ = RunState::Prelaunch;
}

std::string Session::monitor_command(std::string_view line) { return monitor_commands_->execute(line); }

std::optional<std::string> Session::dump_storage(unsigned guest, const std::string& path) {
  const auto written = guest == 1 ? dump::write_core(dump::MachineSource{*machine_}, path)
                                  : dump::write_guest_core(*machine_, guest, path);
  return written ? std::nullopt : std::optional{written.error().message};
}

std::string Session::name_of(unsigned guest, u64 address) {
  symbols::GuestSymbols& symbols = watching_->symbols();
  symbols.refresh();
  const sie::KnownGuest* const known = machine_->interpretive().directory().find(guest);
  const auto place = symbols.find(guest == 1 ? 1 : known != nullptr ? known->depth : 0, address);
  return place ? fmt::format("{}+{:#x}", place->name, place->offset) : "";
}

void Session::print_state(std::string_view why) {
  print_note(why);
  std::fprintf(stderr, "%s", machine::state_report(*machine_, subject_->name_of).c_str());
}

void Session::look_for_hang() {
  const auto what = hang_detector_.look(*machine_, host_nanoseconds());
  if (!what) return;
  print_state("this looks like a hang: " + *what);
  switch (configuration_.hang) {
  case machine::HangAction::Report: return;
  case machine::HangAction::Pause: return stop();
  case machine::HangAction::Shutdown: return machine_->control().quit(exit_status::kPoweredOff);
  case machine::HangAction::ExitFailure: return machine_->control().quit(exit_status::kDisabledWait);
  }
}

void Session::resetting(bool by_guest) {
  reset_at_stop_ = false;
  Event event = {
      .kind = Event::Kind::Reset, .guest = by_guest, .reason = by_guest ? "guest-reset" : "host-qmp-system-reset"};
  if (!configuration_.no_reboot) return announce(event);
  event.kind = Event::Kind::ShutDown; // announced when the run has ended
  shutdown_ = event;
}

void Session::power_down() {
  announce({.kind = Event::Kind::PowerDown});
  machine_->sclp().request_quiesce();
}

void Session::stop() {
  if (state_ != RunState::Running) return;
  if (stopping_ && !resume_at_stop_) return;
  announce({.kind = Event::Kind::Stop});
  resume_at_stop_ = false;
  stopping_ = true;
  machine_->control().stop();
}

void Session::resume() {
  if (run_state() == RunState::Running || monitor::needs_reset(state_)) return;
  announce({.kind = Event::Kind::Resume});
  if (stopping_)
    resume_at_stop_ = true; // when Machine::run has returned: a debugger may wait for that
  else
    state_ = RunState::Running;
}

RunState Session::run_state() const {
  if (stopping_ && !resume_at_stop_) return reset_at_stop_ ? RunState::Prelaunch : RunState::Paused;
  return state_;
}

} // namespace siena::frontends::cli
