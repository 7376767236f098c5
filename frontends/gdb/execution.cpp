// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/gdb/protocol.h"
#include "frontends/gdb/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace siena::frontends::gdb {

namespace {
/// One part of a vCont packet.
struct Action {
  char what = 'c';
  u64 first = 0, behind = 0; ///< what == 'r'
};

std::optional<Action> take_action(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  Action action{.what = text[0]};
  text.remove_prefix(1);
  switch (action.what) {
  case 'c':
  case 's':
  case 't': return action;
  case 'C':
  case 'S':
    if (!take_number(text)) return std::nullopt;
    action.what = action.what == 'C' ? 'c' : 's';
    return action;
  case 'r': {
    const auto first = take_number(text);
    if (!first || !take(text, ",")) return std::nullopt;
    const auto behind = take_number(text);
    if (!behind) return std::nullopt;
    action.first = *first;
    action.behind = *behind;
    return action;
  }
  default: return std::nullopt;
  }
}
} // namespace

void Protocol::multi_letter(std::string_view packet) {
  if (packet == "vCont?") return reply("vCont;c;C;s;S;t;r");
  if (take(packet, "vCont;")) return resume_many(packet);
  if (take(packet, "vAttach;")) return attach(packet);
  if (packet == "vCtrlC") return ok(); // the machine stands
  if (take(packet, "vKill")) {
    ok();
    return end_machine();
  }
  reply("");
}

void Protocol::end_machine() {
  closing_ = true;
  execution_.quit();
}

void Protocol::resume_one(std::string_view rest, bool step) {
  if (!rest.empty()) {
    const auto address = take_number(rest);
    auto thread = ThreadView::of(machine_, stepping_);
    if (!address || !rest.empty() || !thread || !thread->set(Register::PswAddress, 0, *address)) return refuse();
  }
  const StopConditions::Step one{.thread = stepping_};
  resume({&one, step ? 1u : 0u});
}

void Protocol::resume_many(std::string_view rest) {
  // The first action that names a thread is its own. One that none names would have to stand still: all share one schedule, so it
  // goes on with them.
  const std::vector<ThreadId> all = threads();
  std::vector<bool> decided(all.size());
  std::vector<StopConditions::Step> steps;
  bool goes_on = false;
  while (true) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    std::string_view text = rest.substr(0, end);
    const auto action = take_action(text);
    if (!action) return refuse();
    ThreadSet set;
    if (take(text, ":")) {
      const auto taken = take_threads(text);
      if (!taken) return refuse();
      set = *taken;
      if (!any_of(set, stopped_)) return refuse();
    }
    if (!text.empty()) return refuse();
    goes_on = goes_on || action->what != 't';
    for (std::size_t n = 0; n < all.size(); ++n) {
      if (decided[n] || !set.contains(all[n])) continue;
      decided[n] = true;
      if (action->what == 's' || action->what == 'r') steps.push_back({all[n], action->first, action->behind});
    }
    if (end == rest.size()) break;
    rest.remove_prefix(end + 1);
  }
  if (!goes_on) return ok(); // they stand
  resume(steps);
}

void Protocol::resume(std::span<const StopConditions::Step> steps) {
  conditions_.resume(steps, stopped_);
  owes_stop_ = true;
  execution_.resume();
  if (!execution_.running()) stopped(signal_); // the guest has ended, there is nothing to resume
}

void Protocol::attach(std::string_view rest) {
  const auto process = take_number(rest);
  if (!process || !rest.empty() || *process > 0x7FFF'FFFF) return refuse();
  const auto number = static_cast<unsigned>(*process);
  const auto some = ThreadView::threads(machine_, number);
  if (some.empty() || !knows_processes_) return refuse();
  if (!attached(number)) attached_.push_back(number);
  stopped_ = selected_ = stepping_ = some.front();
  signal_ = Signal::Trap;
  stop_.reset();
  report_stop();
}

void Protocol::detach(std::string_view rest) {
  std::optional<unsigned> process;
  if (!rest.empty()) {
    if (!take(rest, ";")) return refuse();
    const auto number = take_number(rest);
    if (!number || !rest.empty() || *number > 0x7FFF'FFFF) return refuse();
    process = static_cast<unsigned>(*number);
    if (!attached(*process)) return refuse();
  }
  if (process) {
    std::erase(attached_, *process);
    conditions_.clear(*process);
  } else {
    attached_.clear();
  }
  ok();
  if (!attached_.empty()) {
    selected_ = stepping_ = stopped_ = any_of({}, selected_).value_or(ThreadId{});
    return;
  }
  conditions_.clear();
  closing_ = !extended_;
  execution_.resume();
}

void Protocol::stopped(Signal signal) {
  stop_ = conditions_.take_stop();
  signal_ = stop_ ? Signal::Trap : signal;
  ThreadId wanted = stop_ ? stop_->thread : stopped_;
  if (!attached(wanted.process)) // the CPU that interprets it
    if (const sie::KnownCpu* guest = machine_.interpretive().directory().find(wanted.process, wanted.thread);
        guest != nullptr && guest->running != 0)
      wanted = {1, guest->running_on + 1u};
  stopped_ = any_of({}, wanted).value_or(ThreadId{});
  selected_ = stepping_ = stopped_;
  if (std::exchange(owes_stop_, false)) report_stop();
}

void Protocol::report_stop() {
  std::string why;
  using Kind = StopConditions::Stop::Kind;
  if (stop_ && stop_->kind == Kind::Breakpoint && knows_swbreak_) why = "swbreak:;";
  if (stop_ && stop_->kind == Kind::Event) print(stop_->event);
  if (stop_ && stop_->kind == Kind::Watchpoint) {
    static constexpr std::string_view kNames[] = {"watch", "rwatch", "awatch"};
    why = fmt::format("{}:{:x};", kNames[static_cast<unsigned>(stop_->watch)], stop_->address);
  }
  reply(fmt::format("T{:02x}{}thread:{};", static_cast<unsigned>(signal_), why, name(stopped_)));
}

void Protocol::ended(int status) {
  if (!std::exchange(owes_stop_, false)) return;
  const unsigned process = attached_.empty() ? 1 : attached_.front();
  std::string text = fmt::format("W{:02x}", static_cast<unsigned>(status) & 0xFF);
  if (knows_processes_) text += fmt::format(";process:{:x}", process);
  reply(text);
}

} // namespace siena::frontends::gdb
