// SPDX-License-Identifier: BSD-3-Clause
#include "machine/state_report.h"

#include "sie/guest_view.h"

#include <fmt/format.h>

namespace siena::machine {

namespace {

using cpu::Cpu;
using cpu::Psw;

constexpr unsigned kShownInterruptions = 4;

struct Report {
  const NameOfAddress& name;
  std::string text = {};

  std::string psw(unsigned guest, const Psw& psw) const {
    std::string line = fmt::format("PSW {:016x} {:016x}", psw.packed_mask(), psw.address);
    if (name)
      if (const std::string symbol = name(guest, psw.address); !symbol.empty()) line += fmt::format(" <{}>", symbol);
    const bool enabled = psw.has(Psw::kExternal | Psw::kIo | Psw::kMachineCheck);
    line += fmt::format(", {}, {}{}",
                        psw.problem_state() ? "problem state" : "supervisor state",
                        enabled ? "enabled" : "disabled",
                        psw.has(Psw::kWait) ? ", wait" : "");
    return line;
  }

  void interruptions(const Cpu& cpu, unsigned guest_now) {
    for (unsigned n = 0; n < kShownInterruptions; ++n) {
      const Cpu::TakenInterruption* const taken = cpu.taken_interruption(n);
      if (taken == nullptr) return;
      Psw old;
      old.unpack(taken->mask, taken->address);
      text += fmt::format("    {} cycles ago{}: {} {:04x}, old {}\n",
                          cpu.cycles - taken->cycles,
                          taken->interpretive ? ", under SIE" : "",
                          class_of(taken->old_psw),
                          taken->code,
                          psw(taken->interpretive ? guest_now : 1, old));
    }
  }

  static std::string_view class_of(u16 old_psw) {
    switch (old_psw) {
    case cpu::lowcore::kExternalOld: return "external";
    case cpu::lowcore::kSvcOld: return "supervisor call";
    case cpu::lowcore::kProgramOld: return "program";
    case cpu::lowcore::kMachineCheckOld: return "machine check";
    case cpu::lowcore::kIoOld: return "I/O, subchannel";
    default: return "restart";
    }
  }
};

std::string_view state_of(const Cpu& cpu) {
  switch (cpu.state) {
  case Cpu::State::Stopped: return "stopped";
  case Cpu::State::CheckStop: return "in the check-stop state";
  case Cpu::State::Operating: break;
  }
  return cpu.waiting() ? "waiting" : "operating";
}

} // namespace

std::string state_report(Machine& machine, const NameOfAddress& name) {
  Report r{.name = name};
  const sie::InterpretiveExecution& interpretive = machine.interpretive();
  for (unsigned n = 0; n < machine.cpu_count(); ++n) {
    const Cpu& cpu = machine.cpu(n);
    const sie::KnownCpu* const guest =
        cpu.interpretive() ? interpretive.directory().running_on(cpu.cpu_address()) : nullptr;
    const cpu::Registers own = guest != nullptr ? interpretive.host_registers(cpu) : cpu.registers();
    r.text += fmt::format("CPU {}: {}, {} instructions, {}\n", n, state_of(cpu), cpu.instructions, r.psw(1, own.psw));
    if (guest != nullptr)
      r.text += fmt::format("  interprets guest {} (depth {}), state description {:#x}, {}\n",
                            guest->guest->number,
                            guest->guest->depth,
                            guest->block,
                            r.psw(guest->guest->number, cpu.psw));
    r.interruptions(cpu, guest != nullptr ? guest->guest->number : 0);
  }
  for (const auto& guest : interpretive.directory().guests()) {
    for (const sie::KnownCpu* c : guest->cpus) {
      if (c->running != 0) continue;
      const sie::GuestCpuView view{machine.storage(), *c};
      r.text +=
          fmt::format("guest {} (depth {}), CPU {}: rests, state description {:#x}, last interception {:02x}, {}\n",
                      guest->number,
                      guest->depth,
                      u16{view.description.icpua},
                      c->block,
                      view.description.icptcode,
                      r.psw(guest->number, view.registers.psw));
    }
  }
  return r.text;
}

} // namespace siena::machine
