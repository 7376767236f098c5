// SPDX-License-Identifier: BSD-3-Clause
// The external-event log: the one door through which input from outside reaches a device. Every input is stamped with a virtual
// time when it is taken in, and kept, so that a run is a function of its command line, images, date, seed and this log
// (docs/architecture.md section 6).
#pragma once

#include "base/types.h"
#include "cpu/timing/event_queue.h"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace siena::machine {

/// One input: `source` is the character device or port that it came from.
struct ExternalEvent {
  cpu::timing::VirtualTime time = 0;
  std::string source;
  std::vector<u8> bytes;
};

class ExternalEvents {
 public:
  explicit ExternalEvents(cpu::timing::EventQueue& queue) : queue_(queue) {}

  /// A device that takes input from `source`: answers how many of the bytes, from the first, it took; the rest is offered again
  /// later. A source that has a receiver keeps it.
  using Receiver = std::function<std::size_t(std::span<const u8>)>;
  void connect(const std::string& source, Receiver receiver) {
    if (find(source) == nullptr) sources_.push_back(std::make_unique<Source>(Source{source, std::move(receiver)}));
  }

  /// Input from outside, now.
  void submit(const std::string& source, std::span<const u8> bytes) { submit_at(queue_.now(), source, bytes); }
  /// The same at a given time (replay of a log).
  void submit_at(cpu::timing::VirtualTime time, const std::string& source, std::span<const u8> bytes);
  /// How many of the bytes submitted have not been taken yet: a back end that looks at it can wait instead of submitting more.
  std::size_t undelivered(const std::string& source) const {
    const Source* found = find(source);
    return found == nullptr ? 0 : found->submitted - found->taken;
  }
  const std::vector<ExternalEvent>& log() const { return log_; }

 private:
  static constexpr cpu::timing::VirtualTime kFirstRetry = cpu::timing::microseconds(1000);
  static constexpr cpu::timing::VirtualTime kLastRetry = cpu::timing::microseconds(256'000);

  struct Source {
    std::string name;
    Receiver receiver;
    std::vector<u8> waiting = {}; ///< due and not taken, in order
    std::size_t submitted = 0, taken = 0;
    cpu::timing::VirtualTime retry =
        kFirstRetry; ///< doubles while nothing is taken: a guest that never reads costs little
    bool retrying = false;
  };
  Source* find(const std::string& name) const;
  void offer(Source& source);

  cpu::timing::EventQueue& queue_;
  std::vector<std::unique_ptr<Source>> sources_;
  std::vector<ExternalEvent> log_;
};

} // namespace siena::machine
