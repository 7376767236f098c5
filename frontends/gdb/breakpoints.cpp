// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/gdb/breakpoints.h"

#include <algorithm>
#include <utility>

namespace siena::frontends::gdb {

bool Breakpoints::insert(u64 address) {
  const auto at = std::lower_bound(addresses_.begin(), addresses_.end(), address);
  if (at != addresses_.end() && *at == address) return true;
  if (addresses_.size() >= kMost) return false;
  addresses_.insert(at, address);
  arm();
  return true;
}

void Breakpoints::remove(u64 address) {
  const auto [first, last] = std::equal_range(addresses_.begin(), addresses_.end(), address);
  addresses_.erase(first, last);
  arm();
}

void Breakpoints::clear() {
  addresses_.clear();
  std::fill(marks_.begin(), marks_.end(), Mark{});
  any_steps_ = false;
  stop_.reset();
  arm();
}

void Breakpoints::arm() { machine_.set_debug_hook(addresses_.empty() && !any_steps_ ? nullptr : this); }

void Breakpoints::resume(std::span<const unsigned> stepping, unsigned from) {
  stop_.reset();
  any_steps_ = !stepping.empty();
  for (unsigned n = 0; n < marks_.size(); ++n) {
    const cpu::Cpu& cpu = machine_.cpu(n);
    const bool steps = std::find(stepping.begin(), stepping.end(), n) != stepping.end();
    marks_[n] = {steps, steps || n == from, cpu.psw.packed_mask(), cpu.psw.address, cpu.instructions};
  }
  arm();
}

std::optional<Breakpoints::Stop> Breakpoints::take_stop() {
  std::fill(marks_.begin(), marks_.end(), Mark{});
  any_steps_ = false;
  arm();
  return std::exchange(stop_, std::nullopt);
}

bool Breakpoints::still_at(const Mark& mark, const cpu::Cpu& cpu) {
  return cpu.psw.address == mark.address && cpu.instructions == mark.instructions && cpu.psw.packed_mask() == mark.mask;
}

bool Breakpoints::stop(const cpu::Cpu& cpu, bool at_breakpoint) {
  stop_ = Stop{cpu.cpu_address(), at_breakpoint};
  return false;
}

bool Breakpoints::before(cpu::Cpu& cpu) {
  const Mark& mark = marks_[cpu.cpu_address()];
  const bool unmoved = still_at(mark, cpu);
  if (!(mark.passes && unmoved) && std::binary_search(addresses_.begin(), addresses_.end(), cpu.psw.address))
    return stop(cpu, true);
  // An interruption has been taken instead of an instruction.
  if (mark.steps && !unmoved) return stop(cpu, false);
  return true;
}

bool Breakpoints::after(cpu::Cpu& cpu) { return !marks_[cpu.cpu_address()].steps || stop(cpu, false); }

} // namespace siena::frontends::gdb
