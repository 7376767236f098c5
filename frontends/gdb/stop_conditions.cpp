// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/gdb/stop_conditions.h"

#include "cpu/jit/engine.h"
#include "frontends/gdb/thread_view.h"

#include <algorithm>
#include <utility>

namespace siena::frontends::gdb {

using mmu::Access;

namespace {
bool overlap(const Watchpoint& w, u64 address, u64 length) {
  return w.address - address < length || address - w.address < w.length;
}
} // namespace

StopConditions::StopConditions(machine::Machine& machine)
    : machine_(machine), events_([this](const TraceEvent& event) { met(event); }) {}

StopConditions::~StopConditions() {
  machine_.remove_trace(events_);
  clear();
}

bool StopConditions::insert_breakpoint(unsigned process, u64 address) {
  const Breakpoint wanted{process, address};
  if (breakpoints_.contains(wanted)) return true;
  if (breakpoints_.size() >= kMostBreakpoints) return false;
  breakpoints_.insert(wanted);
  set_watch();
  return true;
}

void StopConditions::remove_breakpoint(unsigned process, u64 address) {
  if (breakpoints_.erase({process, address}) != 0) set_watch();
}

bool StopConditions::insert_watchpoint(const Watchpoint& watchpoint) {
  if (std::find(watchpoints_.begin(), watchpoints_.end(), watchpoint) != watchpoints_.end()) return true;
  if (watchpoints_.size() >= kMostWatchpoints) return false;
  watchpoints_.push_back(watchpoint);
  set_watch();
  return true;
}

void StopConditions::remove_watchpoint(const Watchpoint& watchpoint) {
  if (std::erase(watchpoints_, watchpoint) != 0) set_watch();
}

bool StopConditions::insert_catch(const EventPattern& pattern) {
  if (events_.patterns().size() >= kMostCatches) return false;
  events_.insert(pattern);
  machine_.remove_trace(events_);
  machine_.add_trace(events_);
  set_watch();
  return true;
}

void StopConditions::remove_catch(std::size_t n) {
  events_.remove(n);
  if (events_.patterns().empty()) machine_.remove_trace(events_);
  set_watch();
}

void StopConditions::met(const TraceEvent& event) {
  if (hit_) return;
  Stop stop;
  stop.kind = Stop::Kind::Event;
  stop.event = in_words(event);
  if (event.stamp.cpu < 0) {
    // A device's, between instructions.
    stop_ = stop;
    machine_.control().stop();
    return;
  }
  hit_ = stop;
  machine_.cpu(static_cast<unsigned>(event.stamp.cpu)).leave_after_instruction();
}

void StopConditions::clear(unsigned process) {
  std::erase_if(breakpoints_, [process](const Breakpoint& b) { return b.process == process; });
  std::erase_if(watchpoints_, [process](const Watchpoint& w) { return w.process == process; });
  set_watch();
}

void StopConditions::clear() {
  breakpoints_.clear();
  watchpoints_.clear();
  events_.clear();
  machine_.remove_trace(events_);
  steps_.clear();
  hit_.reset();
  stop_.reset();
  set_watch();
}

void StopConditions::set_hook() {
  const bool any = !breakpoints_.empty() || !watchpoints_.empty() || !steps_.empty() || !events_.patterns().empty();
  machine_.set_debug_hook(any ? this : nullptr);
}

void StopConditions::set_watch() {
  set_hook();
  const bool any = !breakpoints_.empty() || !watchpoints_.empty() || !events_.patterns().empty();
  for (unsigned n = 0; n < machine_.cpu_count(); ++n) machine_.cpu(n).set_watch(any ? this : nullptr);
  if (cpu::jit::Engine* translator = machine_.translator())
    translator->set_fetches_seen(std::any_of(
        watchpoints_.begin(), watchpoints_.end(), [](const Watchpoint& w) { return w.kind != WatchKind::Write; }));
}

ThreadId StopConditions::current(const cpu::Cpu& cpu) const { return ThreadView::current(machine_, cpu); }

StopConditions::Place StopConditions::place_of(const cpu::Cpu& cpu) {
  return {Place::Kind::Boundary, cpu.psw.packed_mask(), cpu.psw.address, cpu.instructions};
}

StopConditions::Place StopConditions::place_of(ThreadId thread) const {
  for (unsigned n = 0; n < machine_.cpu_count(); ++n)
    if (current(machine_.cpu(n)) == thread) return place_of(machine_.cpu(n));
  return {.kind = thread.process == 1 ? Place::Kind::InSie : Place::Kind::Resting};
}

bool StopConditions::still_at(const Place& place, ThreadId thread, const cpu::Cpu& cpu) {
  return place.kind == Place::Kind::Boundary && cpu.psw.address == place.address &&
         cpu.psw.packed_mask() == place.mask && (thread.process != 1 || cpu.instructions == place.instructions);
}

void StopConditions::resume(std::span<const Step> steps, ThreadId from) {
  stop_.reset();
  hit_.reset();
  steps_.clear();
  for (const Step& step : steps) steps_.push_back({step, place_of(step.thread)});
  passing_ = from;
  passed_ = place_of(from);
  for (unsigned n = 0; n < machine_.cpu_count(); ++n) (void)machine_.cpu(n).take_leaving();
  set_hook();
}

std::optional<StopConditions::Stop> StopConditions::take_stop() {
  steps_.clear();
  passing_.reset();
  set_hook();
  return std::exchange(stop_, std::nullopt);
}

bool StopConditions::rests_at(ThreadId thread, const Place& place) const {
  const auto view = ThreadView::of(machine_, thread);
  return view && view->get(Register::PswAddress, 0) == place.address;
}

StopConditions::Stepping* StopConditions::stepping(ThreadId thread) {
  const auto found =
      std::find_if(steps_.begin(), steps_.end(), [thread](const Stepping& s) { return s.step.thread == thread; });
  return found == steps_.end() ? nullptr : &*found;
}

bool StopConditions::breakpoint_in_page(unsigned process, u64 page) const {
  const auto first = breakpoints_.lower_bound({process, page});
  return first != breakpoints_.end() && first->process == process && first->address - page < kPageSize;
}

bool StopConditions::stop(const Stop& stop) {
  stop_ = stop;
  return false;
}

bool StopConditions::wants(const cpu::Cpu& cpu) {
  const ThreadId thread = current(cpu);
  return stepping(thread) != nullptr || breakpoint_in_page(thread.process, cpu.psw.address & kPageMask);
}

bool StopConditions::before(cpu::Cpu& cpu) {
  const ThreadId thread = current(cpu);
  if (breakpoints_.contains({thread.process, cpu.psw.address})) {
    const bool passes = passing_ == thread && still_at(passed_, thread, cpu);
    // An instruction whose page is not there is not executed, but its page fault's handler is.
    if (!passes && ThreadView::of(machine_, thread)->fetches(cpu.psw.address))
      return stop({.thread = thread, .kind = Stop::Kind::Breakpoint});
  }
  Stepping* const s = stepping(thread);
  if (s == nullptr) return true;
  if (s->from.kind == Place::Kind::Resting) s->from = place_of(cpu);
  // An interruption has been taken instead of an instruction, or SIE has ended.
  if (!still_at(s->from, thread, cpu)) return stop({.thread = thread, .kind = Stop::Kind::Step});
  return true;
}

bool StopConditions::after(cpu::Cpu& cpu) {
  if (hit_) return true; // `left` comes next
  const ThreadId thread = current(cpu);
  // An instruction that has ended interpretation may have to be executed again.
  if (passing_ && passing_->process != 1 && (passing_ == thread || !rests_at(*passing_, passed_))) passing_.reset();
  Stepping* const s = stepping(thread);
  // With another thread now, SIE has begun or has ended: the instruction has not.
  if (s == nullptr) return true;
  if (s->from.kind == Place::Kind::InSie) return true;
  if (s->step.behind > s->step.first && cpu.psw.address >= s->step.first && cpu.psw.address < s->step.behind) {
    s->from = place_of(cpu);
    return true;
  }
  return stop({.thread = thread, .kind = Stop::Kind::Step});
}

bool StopConditions::left(cpu::Cpu& cpu) {
  if (!hit_) return true;
  if (hit_->kind == Stop::Kind::Event) hit_->thread = current(cpu);
  return stop(*std::exchange(hit_, std::nullopt));
}

bool StopConditions::watches(const cpu::Cpu& cpu, u64 page, Access access) const {
  const unsigned process = current(cpu).process;
  if (access == Access::Instruction) return breakpoint_in_page(process, page);
  const WatchKind other = access == Access::Fetch ? WatchKind::Write : WatchKind::Read;
  return std::any_of(watchpoints_.begin(), watchpoints_.end(), [&](const Watchpoint& w) {
    return w.process == process && w.kind != other && overlap(w, page, kPageSize);
  });
}

void StopConditions::accessed(cpu::Cpu& cpu, u64 address, u64 length, Access access) {
  if (hit_ || watchpoints_.empty()) return;
  const ThreadId thread = current(cpu);
  const WatchKind other = access == Access::Fetch ? WatchKind::Write : WatchKind::Read;
  for (const Watchpoint& w : watchpoints_) {
    if (w.process != thread.process || w.kind == other) continue;
    if (!overlap(w, address, length)) continue;
    hit_ = Stop{.thread = thread, .kind = Stop::Kind::Watchpoint, .watch = w.kind, .address = w.address};
    cpu.leave_after_instruction();
    return;
  }
}

} // namespace siena::frontends::gdb
