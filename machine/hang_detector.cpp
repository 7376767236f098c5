// SPDX-License-Identifier: BSD-3-Clause
#include "machine/hang_detector.h"

#include "sie/guest_view.h"

#include <fmt/format.h>

#include <algorithm>

namespace siena::machine {

namespace {
constexpr u64 kCircle = 256;             ///< bytes of instructions that a loop which waits for a lock fits into
constexpr unsigned kEqualRegisters = 12; ///< general registers that such a loop leaves alone, at least
constexpr u64 kStorm = 10'000;           ///< entries into SIE between two looks
} // namespace

std::optional<std::string> HangDetector::look(Machine& machine, u64 host_nanoseconds) {
  if (host_nanoseconds < next_) return std::nullopt;
  next_ = host_nanoseconds + kInterval;
  // Each looks every time: they count.
  auto standing = no_progress(machine), storm = exit_storm(machine), spin = spinning(machine);
  return standing ? standing : storm ? storm : spin;
}

std::optional<std::string> HangDetector::no_progress(Machine& machine) {
  u64 cycles = 0;
  for (unsigned n = 0; n < machine.cpu_count(); ++n) cycles += machine.cpu(n).cycles;
  const u64 instructions = machine.instructions();
  const bool stands = instructions == instructions_ && cycles != cycles_;
  instructions_ = instructions;
  cycles_ = cycles;
  if (!stands_.fires(stands)) return std::nullopt;
  return "time passes, and no CPU executes an instruction: interruptions follow each other";
}

std::optional<std::string> HangDetector::exit_storm(const Machine& machine) {
  const auto& run = machine.interpretive().statistics();
  const u64 entries = run.entries - entries_, instructions = run.instructions - under_sie_;
  entries_ = run.entries;
  under_sie_ = run.instructions;
  if (!storms_.fires(entries >= kStorm && instructions <= entries)) return std::nullopt;
  return fmt::format(
      "SIE ends again and again: {} entries, and {} instructions of guests between them", entries, instructions);
}

bool HangDetector::spins(Thread& t, const cpu::Registers& r, u64 progress) {
  using cpu::Psw;
  const bool disabled = !r.psw.problem_state() && !r.psw.has(Psw::kExternal | Psw::kIo | Psw::kWait);
  const bool moved = progress != t.progress;
  t.progress = progress;
  const u64 first = std::min(t.first, r.psw.address), last = std::max(t.last, r.psw.address);
  unsigned equal = 0;
  for (unsigned n = 0; n < 16; ++n) equal += r.gr[n] == t.gr[n];
  const bool circles = disabled && moved && last - first < kCircle && equal >= kEqualRegisters;
  t.first = circles ? first : r.psw.address;
  t.last = circles ? last : r.psw.address;
  if (!circles) std::copy(std::begin(r.gr), std::end(r.gr), std::begin(t.gr));
  return t.spins.fires(circles);
}

std::optional<std::string> HangDetector::spinning(Machine& machine) {
  std::optional<std::string> found;
  const auto tell = [&](unsigned guest, unsigned number, const cpu::Registers& r) {
    if (found) return;
    found = fmt::format("CPU {} of guest {} goes round in one small loop at {:016x}, disabled for interruptions",
                        number,
                        guest,
                        r.psw.address);
  };
  const sie::InterpretiveExecution& interpretive = machine.interpretive();
  if (threads_.size() > 2 * sie::GuestDirectory::kMostCpus) threads_.clear(); // most of these guests are gone
  for (unsigned n = 0; n < machine.cpu_count(); ++n) {
    const cpu::Cpu& cpu = machine.cpu(n);
    if (cpu.state != cpu::Cpu::State::Operating || cpu.interpretive()) continue;
    if (spins(threads_[{1, n}], cpu, cpu.instructions)) tell(1, n, cpu);
  }
  for (const auto& guest : interpretive.directory().guests()) {
    for (const sie::KnownCpu* c : guest->cpus) {
      Thread& thread = threads_[{guest->number, c->thread}];
      if (c->running != 0) {
        const cpu::Cpu& cpu = machine.cpu(c->running_on);
        if (spins(thread, cpu, c->entries + cpu.instructions)) tell(guest->number, cpu.cpu_address(), cpu);
      } else {
        const sie::GuestCpuView view{machine.storage(), *c};
        if (spins(thread, view.registers, c->entries)) tell(guest->number, u16{view.description.icpua}, view.registers);
      }
    }
  }
  return found;
}

} // namespace siena::machine
