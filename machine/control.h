// SPDX-License-Identifier: BSD-3-Clause
// Commands to a running machine from any thread (monitor, debugger, signals). A command takes effect at the next boundary
// between slices of execution.
#pragma once

#include "base/types.h"

#include <atomic>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace siena::machine {

class Control {
 public:
  /// Runs `command` on the machine's thread between two slices.
  void post(std::function<void()> command) {
    const std::lock_guard lock(mutex_);
    commands_.push_back(std::move(command));
    pending_ = true;
  }
  /// Ends the run with this exit code.
  void quit(int exit_code) {
    exit_code_ = exit_code;
    quit_ = true;
    pending_ = true;
  }
  /// Machine::run returns with Ending::Kind::Stopped as soon as it can.
  void stop() {
    stop_ = true;
    pending_ = true;
  }

  // Machine's side.
  bool pending() const { return pending_; }
  bool quitting() const { return quit_; }
  int exit_code() const { return exit_code_; }
  bool take_stop() { return stop_.exchange(false); }
  void run_commands() {
    std::vector<std::function<void()>> commands;
    {
      const std::lock_guard lock(mutex_);
      commands.swap(commands_);
      pending_ = quit_ || stop_;
    }
    for (auto& c : commands) c();
  }

 private:
  std::mutex mutex_;
  std::vector<std::function<void()>> commands_;
  std::atomic<bool> pending_ = false, quit_ = false, stop_ = false;
  std::atomic<int> exit_code_ = 0;
};

} // namespace siena::machine
