// SPDX-License-Identifier: BSD-3-Clause
// One machine run by the command line: opens the character devices, connects consoles, monitor and signals, and drives
// Machine::run to its end. Everything happens on one thread; the machine looks at the host through `wait`.
#pragma once

#include "frontends/cli/ready_report.h"
#include "frontends/console/monitor.h"
#include "frontends/console/mux.h"
#include "host/character_device.h"
#include "host/signals.h"
#include "machine/machine.h"

#include <cstdio>
#include <map>
#include <memory>
#include <optional>

namespace siena::frontends::cli {

/// -d and -D: categories to a file or stderr, one line each: "cpu: text".
class TraceFile final : public TraceSink {
 public:
  static Result<std::unique_ptr<TraceFile>> open(const machine::Configuration& configuration);
  ~TraceFile() override;
  TraceFile(const TraceFile&) = delete;
  TraceFile& operator=(const TraceFile&) = delete;
  bool wants(TraceCategory category) const override { return (wanted_ >> static_cast<unsigned>(category) & 1) != 0; }
  void line(TraceCategory category, int cpu, std::string_view text) override;

 private:
  explicit TraceFile(std::FILE* file) : file_(file) {}
  std::FILE* file_;
  u32 wanted_ = 0;
};

class Session final : public machine::Surroundings, public console::MachineCommands {
 public:
  explicit Session(const machine::Configuration& configuration) : configuration_(configuration) {}
  ~Session() override;

  /// Builds the machine and runs it; the process's exit status.
  Result<int> run();

  // machine::Surroundings
  devices::ByteSink& output(const std::string& chardev) override;
  void wait(u64 nanoseconds) override;
  u64 host_nanoseconds() override;

  // console::MachineCommands
  void quit() override;
  void reset() override;
  void power_down() override;
  void stop() override;
  void resume() override { paused_ = false; }
  std::string status() const override { return paused_ ? "paused" : "running"; }

 private:
  /// One -chardev: its device, what the machine writes to, and who gets its input.
  struct Channel final : public devices::ByteSink, public console::TerminalUser {
    void write(std::span<const u8> bytes) override;
    std::size_t receive(std::span<const u8> bytes) override;
    Session* session = nullptr;
    std::string id;
    std::unique_ptr<host::CharacterDevice> device;
    std::unique_ptr<console::Mux> mux;
  };

  std::optional<ConfigurationError> open_channels();
  std::optional<ConfigurationError> add_monitors();
  std::optional<ConfigurationError> write_pidfile();
  int finish(const machine::Ending& ending);

  const machine::Configuration& configuration_;
  std::unique_ptr<host::EventLoop> loop_;
  std::optional<host::SignalWatch> signals_;
  std::unique_ptr<TraceFile> trace_;
  std::map<std::string, std::unique_ptr<Channel>> channels_;
  std::vector<std::unique_ptr<console::Monitor>> monitors_;
  std::unique_ptr<machine::Machine> machine_;
  std::optional<ReadyReport> ready_;
  bool paused_ = false;
  bool quit_ = false;
};

} // namespace siena::frontends::cli
