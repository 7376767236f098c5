// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/session.h"

#include "frontends/cli/exit_status.h"
#include "frontends/cli/messages.h"
#include "frontends/console/monitor.h"
#include "frontends/dump/machine_source.h"
#include "machine/jit_report.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <random>

#include <unistd.h>

namespace siena::frontends::cli {

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
  if (auto error = observe_translations()) return error;
  watching_->attach(*machine_);
  if (auto loaded = machine_->ipl(); !loaded) return loaded.error();
  if (configuration_.gdb) {
    auto debugger = gdb::Server::open(*configuration_.gdb, *loop_, *machine_, *this);
    if (!debugger) return debugger.error();
    debugger_ = std::move(debugger.value());
  }
  if (auto error = write_pidfile()) return error;
  for (const auto& line : terminals_->announcements()) std::printf("%s\n", line.c_str());
  std::fflush(stdout);
  // The built-in guest looks at neither date nor chance.
  if (!given && configuration_.built_in_guest.empty() && configuration_.time != machine::TimeMode::Wall)
    print_note(repetition(configuration_));
  if (configuration_.start_stopped) state_ = State::Paused;
  if (!configuration_.ready_text.empty()) {
    ready_.emplace(configuration_.ready_text);
    terminals_->observe(
        [this](std::span<const u8> bytes) { ready_->watch(bytes, *machine_, machine_->host_nanoseconds()); });
  }
  terminals_->connect(machine_->external(), *this);
  return std::nullopt;
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
    if (state_ == State::Running) {
      over = is_over(machine_->run(), status);
      if (!over && debugger_) debugger_->stopped(stop_signal());
      continue;
    }
    wait(1'000'000'000);
    over = machine_->control().quitting();
    status = machine_->control().exit_code();
  }
  if (debugger_) debugger_->ended(status);
  if (ready_) std::fprintf(stderr, "%s", ready_->table().c_str());
  if (configuration_.show_sie_report) std::fprintf(stderr, "%s", sie_report().c_str());
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
  case Kind::Stopped: state_ = State::Paused; return false;
  case Kind::PowerOff:
    if (!configuration_.no_shutdown) return true;
    state_ = State::ShutDown;
    return false;
  case Kind::DisabledWait:
    switch (configuration_.panic) {
    case machine::PanicAction::ExitFailure: return true;
    case machine::PanicAction::Shutdown: status = exit_status::kPoweredOff; return true;
    case machine::PanicAction::Pause:
    case machine::PanicAction::None: state_ = State::Panicked; return false;
    }
  }
  return true;
}

gdb::Signal Session::stop_signal() const {
  switch (state_) {
  case State::ShutDown: return gdb::Signal::Quit;
  case State::Panicked: return gdb::Signal::Abort;
  case State::Running:
  case State::Paused: break;
  }
  return gdb::Signal::Interrupt;
}

void Session::wait(u64 nanoseconds) {
  trace_->flush();
  loop_->run_for(std::chrono::nanoseconds{std::min<u64>(nanoseconds, 3'600'000'000'000)});
  if (!loop_->quit_requested()) return;
  machine_->control().quit(exit_status::kSignal + host::SignalWatch::received());
}

u64 Session::host_nanoseconds() {
  return static_cast<u64>(std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds{1});
}

void Session::quit() { machine_->control().quit(exit_status::kPoweredOff); }

void Session::reset() {
  machine_->request_system_reset();
  if (state_ == State::ShutDown || state_ == State::Panicked) state_ = State::Running;
}

std::string Session::monitor_command(std::string_view line) {
  std::string text;
  console::Monitor monitor{*this, [&](std::span<const u8> bytes) {
                             text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
                           }};
  monitor.execute(line);
  std::erase(text, '\r');
  return text;
}

Result<dump::Written> Session::dump_guest_memory(const std::string& path) {
  return dump::write_core(dump::MachineSource{*machine_}, path);
}

void Session::power_down() { machine_->sclp().request_quiesce(); }

void Session::stop() {
  if (state_ == State::Running) machine_->control().stop();
}

void Session::resume() {
  // What has ended runs again only after a reset.
  if (state_ == State::Paused) state_ = State::Running;
}

std::string Session::status() const {
  switch (state_) {
  case State::Running: return "running";
  case State::Paused: return "paused";
  case State::ShutDown: return "paused (shutdown)";
  case State::Panicked: return "paused (guest-panicked)";
  }
  return "";
}

} // namespace siena::frontends::cli
