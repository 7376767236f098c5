// SPDX-License-Identifier: BSD-3-Clause
// The external-event log: the one door through which input from outside reaches a device. Every input is stamped with a virtual
// time when it is taken in, and kept, so that a run is a function of its command line, images, date, seed and this log
// (docs/architecture.md section 6).
#pragma once

#include "base/types.h"
#include "cpu/timing/event_queue.h"

#include <deque>
#include <functional>
#include <span>
#include <string>
#include <utility>
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

  /// A device that takes input from `source`: answers how many of the bytes it could take; the rest is offered again later.
  using Receiver = std::function<std::size_t(std::span<const u8>)>;
  void connect(const std::string& source, Receiver receiver) { receivers_.emplace_back(source, std::move(receiver)); }

  /// Input from outside, now.
  void submit(const std::string& source, std::span<const u8> bytes) { submit_at(queue_.now(), source, bytes); }
  /// The same at a given time (replay of a log).
  void submit_at(cpu::timing::VirtualTime time, const std::string& source, std::span<const u8> bytes) {
    log_.push_back({time, source, {bytes.begin(), bytes.end()}});
    queue_.schedule(time,
                    [this, source, data = std::vector<u8>(bytes.begin(), bytes.end())] { deliver(source, data); });
  }
  const std::vector<ExternalEvent>& log() const { return log_; }

 private:
  void deliver(const std::string& source, const std::vector<u8>& bytes) {
    for (auto& [name, receiver] : receivers_) {
      if (name != source) continue;
      const std::size_t taken = receiver(bytes);
      // What a full device did not take is offered again in a millisecond: nothing typed or piped in is lost.
      if (taken < bytes.size())
        queue_.schedule(
            queue_.now() + cpu::timing::microseconds(1000),
            [this, source, rest = std::vector<u8>(bytes.begin() + static_cast<std::ptrdiff_t>(taken), bytes.end())] {
              deliver(source, rest);
            });
      return;
    }
  }

  cpu::timing::EventQueue& queue_;
  std::vector<std::pair<std::string, Receiver>> receivers_;
  std::vector<ExternalEvent> log_;
};

} // namespace siena::machine
