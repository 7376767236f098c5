// SPDX-License-Identifier: BSD-3-Clause
#include "machine/register_report.h"

#include <fmt/format.h>

namespace siena::machine {

std::string_view state_name(const cpu::Cpu& cpu) {
  switch (cpu.state) {
  case cpu::Cpu::State::Stopped: return "stopped";
  case cpu::Cpu::State::Operating: return "operating";
  case cpu::Cpu::State::CheckStop: return "check-stop";
  }
  return "";
}

std::string register_report(const cpu::Cpu& cpu) {
  std::string out = fmt::format("\nCPU#{}\nPSW=mask {:016x} addr {:016x} cc {:02x}\n",
                                cpu.cpu_address(),
                                cpu.psw.packed_mask(),
                                cpu.psw.address,
                                cpu.psw.cc);
  const auto separator = [](unsigned n, unsigned in_line) { return n % in_line == in_line - 1 ? '\n' : ' '; };
  for (unsigned n = 0; n < 16; ++n) out += fmt::format("R{:02}={:016x}{}", n, cpu.gr[n], separator(n, 4));
  for (unsigned n = 0; n < 32; ++n)
    out += fmt::format("V{:02}={:016x}{:016x}{}", n, cpu.vr[n].high, cpu.vr[n].low, separator(n, 2));
  for (unsigned n = 0; n < 16; ++n) out += fmt::format("C{:02}={:016x}{}", n, cpu.cr[n], separator(n, 4));
  for (unsigned n = 0; n < 16; ++n) out += fmt::format("A{:02}={:08x}{}", n, cpu.ar[n], separator(n, 4));
  out += fmt::format("FPC={:08x} PREFIX={:08x} TODPR={:08x} PP={:016x}\n",
                     cpu.fpc,
                     cpu.prefix,
                     cpu.tod_programmable,
                     cpu.program_parameter);
  out +=
      fmt::format("CKC={:016x} CPUTM={:016x} BEA={:016x}\n", cpu.clock_comparator, cpu.cpu_timer(), cpu.breaking_event);
  return out + fmt::format("{}{}{}\n",
                           state_name(cpu),
                           cpu.waiting() ? ", waiting" : "",
                           cpu.interpretive() ? ", interprets a guest: these are the guest's registers" : "");
}

} // namespace siena::machine
