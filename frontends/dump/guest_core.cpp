// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/dump/guest_core.h"

#include "frontends/dump/guest_source.h"
#include "sie/guest_view.h"

#include <fmt/format.h>

#include <algorithm>

namespace siena::frontends::dump {

Result<Written> write_guest_core(machine::Machine& machine, unsigned number, const std::string& path) {
  const sie::KnownGuest* guest = machine.interpretive().directory().find(number);
  if (guest == nullptr || guest->cpus.empty())
    return ConfigurationError{.message = fmt::format("there is no guest {}", number)};
  std::vector<CpuState> states;
  for (const sie::KnownCpu* known : guest->cpus) {
    const sie::GuestCpuView view{machine.storage(), *known};
    CpuState& state = states.emplace_back();
    state.address = view.description.icpua;
    if (known->running != 0) {
      const cpu::Cpu& cpu = machine.cpu(known->running_on);
      state.registers = cpu.registers();
      state.cpu_timer = cpu.cpu_timer();
    } else {
      state.registers = view.registers;
      state.cpu_timer = view.cpu_timer;
    }
  }
  std::sort(states.begin(), states.end(), [](const CpuState& a, const CpuState& b) { return a.address < b.address; });
  // All CPUs of a guest are in one space of the SIE host; the one that ran last knows it best.
  const sie::KnownCpu& latest = **std::max_element(
      guest->cpus.begin(), guest->cpus.end(), [](const auto* a, const auto* b) { return a->entries < b->entries; });
  sie::GuestCpuView view{machine.storage(), latest};
  const auto& extent = view.host.extent();
  auto source = GuestSource::create(
      machine.storage(), {.tables = view.host, .origin = extent.origin, .last = extent.last}, std::move(states));
  if (!source) return source.error();
  return write_core(source.value(), path);
}

} // namespace siena::frontends::dump
