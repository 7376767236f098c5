// SPDX-License-Identifier: BSD-3-Clause
// The machine's event queue, ordered by virtual time, then by order of scheduling.
#pragma once

#include "cpu/timing/event_queue.h"

#include <functional>
#include <map>
#include <utility>

namespace siena::machine {

class EventQueue final : public cpu::timing::EventQueue {
 public:
  using VirtualTime = cpu::timing::VirtualTime;

  /// `now` answers the time of what is being executed.
  explicit EventQueue(std::function<VirtualTime()> now) : now_(std::move(now)) {}

  VirtualTime now() const override { return running_ ? running_time_ : now_(); }
  cpu::timing::EventId schedule(VirtualTime at, std::function<void()> action) override {
    const cpu::timing::EventId id = ++last_id_;
    if (at < now()) at = now();
    events_.emplace(std::pair{at, id}, std::move(action));
    times_.emplace(id, at);
    changed_ = true;
    return id;
  }
  void cancel(cpu::timing::EventId id) override {
    const auto found = times_.find(id);
    if (found == times_.end()) return;
    events_.erase({found->second, id});
    times_.erase(found);
  }

  /// Time of the earliest event, ~0 when there is none.
  VirtualTime next() const { return events_.empty() ? ~VirtualTime{0} : events_.begin()->first.first; }
  /// Runs everything due at or before `time`; true when anything ran.
  bool run_due(VirtualTime time) {
    bool any = false;
    while (!events_.empty() && events_.begin()->first.first <= time) {
      const auto node = events_.extract(events_.begin());
      times_.erase(node.key().second);
      running_ = true;
      running_time_ = node.key().first;
      node.mapped()();
      running_ = false;
      any = true;
    }
    return any;
  }
  /// Has anything been scheduled since the last call? A running slice then ends early, so that the event is not taken late.
  bool take_changed() { return std::exchange(changed_, false); }
  void clear() {
    events_.clear();
    times_.clear();
  }

 private:
  std::function<VirtualTime()> now_;
  std::map<std::pair<VirtualTime, cpu::timing::EventId>, std::function<void()>> events_;
  std::map<cpu::timing::EventId, VirtualTime> times_;
  cpu::timing::EventId last_id_ = 0;
  bool running_ = false;
  VirtualTime running_time_ = 0;
  bool changed_ = false;
};

} // namespace siena::machine
