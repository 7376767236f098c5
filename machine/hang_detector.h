// SPDX-License-Identifier: BSD-3-Clause
// Tells a machine that hangs from one that works or is idle, by looks at it from outside while it runs. A look changes nothing.
#pragma once

#include "machine/machine.h"

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace siena::machine {

class HangDetector {
 public:
  /// Host time between two looks, and looks in a row that a suspicion needs.
  static constexpr u64 kInterval = 1'000'000'000;
  static constexpr unsigned kLooks = 15;

  /// To be called every now and then with the host's time in nanoseconds; looks when it is time. One line that says what hangs, once
  /// for each time that it begins to.
  std::optional<std::string> look(Machine& machine, u64 host_nanoseconds);

 private:
  /// How often in a row something has been the case; `fires` is true when that is enough, once.
  struct Suspicion {
    unsigned looks = 0;
    bool fires(bool holds) {
      looks = holds ? looks + 1 : 0;
      return looks == kLooks;
    }
  };
  /// A CPU of some guest: does it run in a circle?
  struct Thread {
    Suspicion spins;
    u64 first = 0, last = 0; ///< of the instruction addresses seen
    u64 gr[16] = {};
    u64 progress = 0;
  };
  bool spins(Thread& thread, const cpu::Registers& registers, u64 progress);
  std::optional<std::string> no_progress(Machine& machine);
  std::optional<std::string> exit_storm(const Machine& machine);
  std::optional<std::string> spinning(Machine& machine);

  u64 next_ = 0;
  u64 instructions_ = 0, cycles_ = 0, entries_ = 0, under_sie_ = 0;
  Suspicion stands_, storms_;
  std::map<std::pair<unsigned, unsigned>, Thread> threads_; ///< guest and number of the CPU in it
};

} // namespace siena::machine
