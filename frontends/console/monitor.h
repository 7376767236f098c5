// SPDX-License-Identifier: BSD-3-Clause
// The monitor: a line of text is a command to the machine, in QEMU's words.
#pragma once

#include "frontends/console/mux.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace siena::frontends::console {

/// What the monitor can ask of a machine.
class MachineCommands {
 public:
  virtual ~MachineCommands() = default;
  virtual void quit() = 0;
  virtual void reset() = 0;
  virtual void power_down() = 0; ///< asks the guest to shut down
  virtual void stop() = 0;
  virtual void resume() = 0;
  /// One line: running, paused, ...
  virtual std::string status() const = 0;
  /// Lines that end in '\n': what SIE has done and which shadows there are.
  virtual std::string sie_report() const = 0;
};

class Monitor final : public TerminalUser {
 public:
  Monitor(MachineCommands& machine, std::function<void(std::span<const u8>)> output)
      : machine_(machine), output_(std::move(output)) {}

  /// Shows the prompt.
  void entered() override;
  std::size_t receive(std::span<const u8> bytes) override;
  /// Carries out one line and prints what it has to say, in lines that end in "\r\n".
  void execute(std::string_view line);

 private:
  struct Command;
  static const Command kCommands[];
  static constexpr std::size_t kLongestLine = 1024;

  void key(u8 byte);
  void help();
  void info(std::string_view what);
  void print(std::string_view text);

  MachineCommands& machine_;
  std::function<void(std::span<const u8>)> output_;
  std::string line_;
  bool greeted_ = false;
  bool in_sequence_ = false; ///< inside an escape sequence, such as a cursor key's
};

} // namespace siena::frontends::console
