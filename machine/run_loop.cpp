// SPDX-License-Identifier: BSD-3-Clause
// Who runs next, for how long, and what happens between slices.
//
// The CPU with the least time of its own runs, at most kQuantum cycles ahead of the next one, never past the next event. A waiting
// CPU's time is when it will wake: at its timer if that is enabled, at once when something it is enabled for is pending. All of it
// depends on guest state alone, so a deterministic run repeats.
#include "machine/machine.h"

#include <algorithm>
#include <cstdio>

namespace siena::machine {

namespace {
constexpr u64 kQuantum = 20'000;  ///< cycles a CPU may run ahead of the next one
constexpr u64 kSlice = 2'000'000; ///< cycles after which the host is looked at
constexpr u64 kNever = ~u64{0};

constexpr u64 kMillisecond = cpu::timing::kUnitsPerMicrosecond * 1000 / cpu::timing::kUnitsPerCycle; ///< in cycles
/// A tick: due this long after the one before, in not more instructions of each CPU.
constexpr u64 kShortestTick = 2 * kMillisecond, kLongestTick = 5 * kMillisecond, kTickInstructions = 20'000;
constexpr u64 kWithoutTicks = 20 * kMillisecond;                 ///< a guest that leaves out more has stopped ticking
constexpr u64 kTicksInARow = 64;                                 ///< after that many it is idle
constexpr u64 kTickDelay = 12 * kMillisecond + kMillisecond / 8; ///< the next three of 250 a second are due as well

u64 cycles_at(cpu::timing::VirtualTime t) {
  return t == kNever ? kNever : t / cpu::timing::kUnitsPerCycle + (t % cpu::timing::kUnitsPerCycle != 0 ? 1 : 0);
}
u64 nanoseconds(cpu::timing::VirtualTime t) {
  return t / cpu::timing::kUnitsPerMicrosecond * 1000 + t % cpu::timing::kUnitsPerMicrosecond * 1000 / 4096;
}

bool disabled_wait(const cpu::Cpu& cpu) {
  return cpu.waiting() && !cpu.psw.has(cpu::Psw::kExternal | cpu::Psw::kIo | cpu::Psw::kMachineCheck);
}

std::string hex(u64 v) {
  char text[20];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(v));
  return text;
}

/// What a disabled-wait address usually means.
std::string meaning(u64 address) {
  switch (address) {
  case 0x1B0: return "an external interruption came before the program was ready for it";
  case 0x1C0: return "a supervisor call came before the program was ready for it";
  case 0x1D0: return "a program interruption came before the program was ready for it";
  case 0x1E0: return "a machine check came before the program was ready for it";
  case 0x1F0: return "an I/O interruption came before the program was ready for it";
  default: return "the guest gave up: a Linux panic ends like this";
  }
}
} // namespace

/// Cycles at which a waiting CPU goes on. Something pending wakes it at the time it is first seen: were that time to move with the
/// others', they could keep overtaking it.
u64 Machine::wake_cycles(cpu::Cpu& cpu) {
  const auto woken = woken_.begin() + cpu.cpu_address();
  if (cpu.local.stop || cpu.local.restart || cpu.interruption_waits()) {
    if (!*woken) cpu.cycles = std::max(cpu.cycles, global_cycles_);
    *woken = true;
    return cpu.cycles;
  }
  *woken = false;
  if (!cpu.psw.has(cpu::Psw::kExternal)) return kNever;
  // The CPU's own clock stood still while it waited, but its timers did not: they are compared with the time it wakes at.
  u64 wake = kNever;
  if ((cpu.cr[0] & cpu::cr0::kClockComparator) != 0) wake = cycles_at(cpu.clock_comparator_deadline());
  if ((cpu.cr[0] & cpu::cr0::kCpuTimer) != 0) wake = std::min(wake, cycles_at(cpu.cpu_timer_deadline()));
  if (configuration_.time == TimeMode::Wall && wake <= global_cycles_) {
    // The host was late, and its time is the guest's: from here on the timer is something pending.
    cpu.cycles = std::max(cpu.cycles, global_cycles_);
    *woken = true;
    return cpu.cycles;
  }
  return wake;
}

cpu::Cpu* Machine::choose(u64& limit) {
  cpu::Cpu* best = nullptr;
  u64 best_time = kNever, second = kNever;
  for (auto& c : cpus_) {
    if (c->state != cpu::Cpu::State::Operating) continue;
    const u64 t = c->waiting() ? wake_cycles(*c) : c->cycles;
    if (t < best_time) {
      second = best_time;
      best_time = t;
      best = c.get();
    } else {
      second = std::min(second, t);
    }
  }
  if (best == nullptr || best_time == kNever) return nullptr;
  const u64 event = cycles_at(events_.next());
  if (event <= best_time) return nullptr; // the event comes first
  limit = std::min({event, second == kNever ? kNever : std::max(second, best_time) + kQuantum, best_time + kSlice});
  return best;
}

std::optional<Ending> Machine::ended() {
  bool operating = false;
  const cpu::Cpu* dead = nullptr;
  for (const auto& c : cpus_) {
    if (c->state != cpu::Cpu::State::Operating) continue;
    if (disabled_wait(*c))
      dead = c.get();
    else
      operating = true;
  }
  if (operating) return std::nullopt;
  const int code = peripherals_.guest_exit_code().value_or(0);
  if (dead == nullptr || dead->psw.address == 0xFFF) return Ending{Ending::Kind::PowerOff, code, ""};
  return Ending{Ending::Kind::DisabledWait,
                126,
                "siena: CPU " + std::to_string(dead->cpu_address()) + " is in a disabled wait, PSW " +
                    hex(dead->psw.packed_mask()) + " " + hex(dead->psw.address) + ": " + meaning(dead->psw.address),
                dead->cpu_address()};
}

void Machine::pace(cpu::timing::VirtualTime until) {
  if (configuration_.time == TimeMode::Warp) {
    surroundings_.wait(0);
    return;
  }
  const u64 target = host_start_ + nanoseconds(until);
  const u64 host = surroundings_.host_nanoseconds();
  surroundings_.wait(target > host ? target - host : 0);
}

/// Wall mode: when the CPUs are woken for the timer that all of them wait for. A kernel with a periodic tick takes one when it has
/// nothing to do as well, a few thousand instructions each time, on a host whose caches have seen something else in between. Once
/// it has done nothing else for a while, three of four ticks come late, together with the fourth, and the kernel counts them all.
/// Whatever else wakes it (input, a timer between two ticks) is in time, and ends that.
u64 Machine::with_the_next_ticks(u64 timer) {
  const u64 since = timer - std::min(timer, ticking_.timer), executed = instructions() - ticking_.instructions;
  u64 ticks = ticking_.ticks; // kept when a tick was left out, because the host was late or on purpose
  if (since < kShortestTick || since > kWithoutTicks || executed > kTickInstructions * cpus_.size())
    ticks = 0;
  else if (since <= kLongestTick)
    ++ticks;
  ticking_ = {.timer = timer, .instructions = instructions(), .ticks = ticks};
  return ticking_.ticks > kTicksInARow ? timer + kTickDelay : timer;
}

std::optional<Ending> Machine::idle() {
  // Nobody can run before the next event or wake-up.
  const u64 event = cycles_at(events_.next());
  u64 timer = kNever;
  for (auto& c : cpus_)
    if (c->state == cpu::Cpu::State::Operating) timer = std::min(timer, c->waiting() ? wake_cycles(*c) : c->cycles);
  u64 next = std::min(event, timer);
  if (next == kNever) {
    // Only input from outside can wake the guest: virtual time stands with the host's.
    surroundings_.wait(100'000'000);
    return std::nullopt;
  }
  if (next > global_cycles_) {
    if (configuration_.time == TimeMode::Wall && timer <= event) next = std::min(event, with_the_next_ticks(timer));
    pace(next * cpu::timing::kUnitsPerCycle);
    if (control_.pending()) return std::nullopt;
    // Input may have arrived during the sleep, and is then due first.
    next = std::min(next, cycles_at(events_.next()));
    global_cycles_ = std::max(global_cycles_, next);
  }
  events_.run_due(global_cycles_ * cpu::timing::kUnitsPerCycle);
  return std::nullopt;
}

void Machine::attend(cpu::Cpu& cpu) {
  cpu.attention = false;
  // Stopping and restart are the SIE host's: its PSW designates SIE, which it will execute again.
  if (cpu.interpretive() && (cpu.local.stop || cpu.local.restart)) interpretive_->suspend(cpu);
  if (cpu.local.stop) {
    cpu.local.stop = false;
    cpu.state = cpu::Cpu::State::Stopped;
    if (std::exchange(cpu.local.stop_and_store, false))
      (void)cpu.store_status(cpu.lowcore_absolute(cpu::lowcore::kSaveArea).value);
  }
  if (cpu.local.restart && cpu.state == cpu::Cpu::State::Operating) cpu.take_restart();
}

Ending Machine::stopped() {
  host_stop_ = surroundings_.host_nanoseconds();
  return {Ending::Kind::Stopped, 0, ""};
}

/// Wall mode: nobody's time is behind the host's. The running CPUs keep their distances, or the one that is always chosen among
/// equals would be the only one to run on a host that is slower than the machine.
void Machine::follow_host() {
  const u64 host = (surroundings_.host_nanoseconds() - host_start_) * 4096 / 1000 / cpu::timing::kUnitsPerCycle;
  global_cycles_ = std::max(global_cycles_, host);
  const auto runs = [](const cpu::Cpu& c) { return c.state == cpu::Cpu::State::Operating && !c.waiting(); };
  u64 last = kNever;
  for (const auto& c : cpus_)
    if (runs(*c)) last = std::min(last, c->cycles);
  if (last >= host) return;
  for (auto& c : cpus_)
    if (runs(*c)) c->cycles += host - last;
}

/// Runs a slice in parts that end at sample times. Where an engine is made to return does not change what it does.
cpu::interpreter::Interpreter::Exit Machine::run_sampled(cpu::Cpu& cpu, u64 limit) {
  u64& next = next_sample_[cpu.cpu_address()];
  const auto pass = [&] {
    const u64 times = cpu.cycles < next ? 0 : (cpu.cycles - next) / sample_interval_ + 1;
    next += times * sample_interval_;
    return times;
  };
  if (const u64 times = pass(); times != 0) sampler_->waited(cpu, times);
  while (true) {
    const auto exit = interpreter_.run(cpu, std::min(limit, next));
    if (const u64 times = pass(); times != 0) sampler_->sample(cpu, times);
    if (exit != cpu::interpreter::Interpreter::Exit::Limit || cpu.cycles >= limit) return exit;
  }
}

void Machine::set_sampler(Sampler* sampler, u64 interval) {
  sampler_ = sampler;
  sample_interval_ = interval;
  next_sample_.clear();
  for (const auto& c : cpus_) next_sample_.push_back(sampler != nullptr ? (c->cycles / interval + 1) * interval : 0);
}

void Machine::settle_reset() {
  if (reset_ == Reset::None) return;
  perform_reset();
  cut_slice_.reset();
}

Ending Machine::run() {
  if (host_start_ == 0) host_start_ = surroundings_.host_nanoseconds();
  if (host_stop_ != 0) host_start_ += surroundings_.host_nanoseconds() - std::exchange(host_stop_, 0);
  u64 host_look = 0;
  while (true) {
    if (control_.pending()) {
      control_.run_commands();
      if (control_.quitting()) return {Ending::Kind::Quit, control_.exit_code(), ""};
      if (control_.take_stop()) return stopped();
    }
    settle_reset();
    u64 limit = 0;
    cpu::Cpu* cpu = nullptr;
    if (cut_slice_) {
      cpu = cut_slice_->cpu;
      limit = cut_slice_->limit;
      cut_slice_.reset();
    } else {
      if (auto ending = ended()) return *ending;
      if (configuration_.time == TimeMode::Wall) follow_host();
      cpu = choose(limit);
      if (cpu == nullptr || (cpu->waiting() && wake_cycles(*cpu) > global_cycles_)) {
        if (auto ending = idle()) return *ending;
        host_look = std::max(host_look, global_cycles_); // it has looked
        continue;
      }
      if (cpu->waiting()) cpu->cycles = std::max(cpu->cycles, wake_cycles(*cpu));
      woken_[cpu->cpu_address()] = false;
    }
    running_ = cpu;
    attend(*cpu);
    if (cpu->state == cpu::Cpu::State::Operating) {
      const auto exit = sampler_ != nullptr ? run_sampled(*cpu, limit) : interpreter_.run(*cpu, limit);
      if (exit == cpu::interpreter::Interpreter::Exit::Hook) {
        running_ = nullptr;
        cut_slice_ = Slice{cpu, limit};
        (void)control_.take_stop(); // this is it
        return stopped();
      }
      attend(*cpu);
    }
    global_cycles_ = std::max(global_cycles_, std::min(cpu->cycles, limit));
    running_ = nullptr;
    if (cpu->cycles > host_look + kSlice) {
      host_look = cpu->cycles;
      surroundings_.wait(0);
    }
    events_.run_due(global_cycles_ * cpu::timing::kUnitsPerCycle);
  }
}

} // namespace siena::machine
