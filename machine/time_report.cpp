// SPDX-License-Identifier: BSD-3-Clause
#include "machine/time_report.h"

#include "machine/machine.h"

#include <fmt/format.h>

namespace siena::machine {

std::string time_report(Machine& machine) {
  const double virtual_seconds =
      static_cast<double>(machine.now()) / static_cast<double>(cpu::timing::microseconds(1'000'000));
  const double host_seconds = static_cast<double>(machine.host_nanoseconds()) / 1e9;
  std::string out = fmt::format("virtual time {:.6f} s, host time {:.6f} s\n", virtual_seconds, host_seconds);
  out += fmt::format("{:<4} {:>20} {:>20} {:>8}\n", "CPU", "cycles", "instructions", "c/i");
  u64 cycles = 0;
  const auto ratio = [](u64 a, u64 b) { return b == 0 ? 0 : static_cast<double>(a) / static_cast<double>(b); };
  for (unsigned n = 0; n < machine.cpu_count(); ++n) {
    const cpu::Cpu& cpu = machine.cpu(n);
    cycles += cpu.cycles;
    out += fmt::format(
        "{:<4} {:>20} {:>20} {:>8.2f}\n", n, cpu.cycles, cpu.instructions, ratio(cpu.cycles, cpu.instructions));
  }
  return out + fmt::format("{:<4} {:>20} {:>20}\n", "all", cycles, machine.instructions());
}

} // namespace siena::machine
