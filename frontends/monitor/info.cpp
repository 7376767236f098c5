// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/monitor/info.h"

#include "frontends/monitor/expression.h"
#include "frontends/monitor/human_commands.h"
#include "machine/facility_report.h"
#include "machine/jit_report.h"
#include "machine/mapping_report.h"
#include "machine/register_report.h"
#include "machine/shadow_report.h"
#include "machine/sie_report.h"
#include "machine/state_report.h"
#include "machine/subchannel_report.h"
#include "machine/time_report.h"
#include "machine/tlb_report.h"

#include <fmt/format.h>

#include <algorithm>

#include <unistd.h>

namespace siena::frontends::monitor {

namespace {
using machine::Machine;

std::string block_devices(const machine::Configuration& configuration) {
  std::string text;
  for (const auto& drive : configuration.drives) {
    text += fmt::format("{}: {} ({}{}{})\n",
                        drive.id,
                        drive.file,
                        drive.format,
                        drive.read_only ? ", read-only" : "",
                        drive.snapshot ? ", snapshot" : "");
    for (const auto& device : configuration.devices)
      if (const auto* id = machine::find_property(device.properties, "drive"); id != nullptr && *id == drive.id)
        text += fmt::format("    Attached to:      {}\n", device.driver);
  }
  return text;
}

std::string status(RunState state) {
  if (state == RunState::Running || state == RunState::Paused) return fmt::format("VM status: {}\n", name_of(state));
  return fmt::format("VM status: paused ({})\n", name_of(state));
}

std::string cpus(const HumanCommands& monitor) {
  std::string text;
  Machine& machine = monitor.subject().machine;
  for (unsigned n = 0; n < machine.cpu_count(); ++n) {
    const cpu::Cpu& cpu = machine.cpu(n);
    text += fmt::format("{} CPU #{}: thread_id={} {}{}{} PSW {:016x} {:016x}\n",
                        n == monitor.selected_cpu() ? '*' : ' ',
                        n,
                        ::getpid(),
                        machine::state_name(cpu),
                        cpu.waiting() ? ", waiting" : "",
                        cpu.interpretive() ? ", interprets a guest" : "",
                        cpu.psw.packed_mask(),
                        cpu.psw.address);
  }
  return text;
}

std::string registers(HumanCommands& monitor, std::string_view of) {
  Machine& machine = monitor.subject().machine;
  if (of.empty()) return machine::register_report(monitor.cpu());
  if (of == "-a") {
    std::string text;
    for (unsigned n = 0; n < machine.cpu_count(); ++n) text += machine::register_report(machine.cpu(n));
    return text;
  }
  const auto number = evaluate(of, monitor.cpu());
  if (!number || *number >= machine.cpu_count()) return fmt::format("CPU#{} not available\n", of);
  return machine::register_report(machine.cpu(static_cast<unsigned>(*number)));
}

struct Topic {
  std::string_view name, argument, help;
  std::string (*show)(HumanCommands& monitor, std::string_view argument);
};

// clang-format off
constexpr Topic kTopics[] = {
    {"block", "", "disks and what they are attached to",
     [](HumanCommands& m, std::string_view) { return block_devices(m.subject().configuration); }},
    {"cpus", "", "the CPUs; '*' is the current one",
     [](HumanCommands& m, std::string_view) { return cpus(m); }},
    {"cycles", "", "cycles and instructions of each CPU, virtual and host time",
     [](HumanCommands& m, std::string_view) { return machine::time_report(m.subject().machine); }},
    {"facilities", "", "what the machine tells guest 1 that it can do",
     [](HumanCommands& m, std::string_view) { return machine::facility_report(m.subject().machine.identity()); }},
    {"jit", "", "what has been translated, and what is left to the instructions' functions",
     [](HumanCommands& m, std::string_view) {
       return machine::jit_report(m.subject().machine.translator(), m.subject().machine.instructions());
     }},
    {"mem", "", "what the current CPU's address space maps",
     [](HumanCommands& m, std::string_view) { return machine::mapping_report(m.cpu()); }},
    {"name", "", "the guest's name",
     [](HumanCommands& m, std::string_view) {
       const auto& name = m.subject().configuration.name;
       return name.empty() ? name : name + '\n';
     }},
    {"registers", "[-a|cpu]", "the registers of the current CPU, of all (-a), or of another one",
     registers},
    {"shadow", "", "the shadows of guest 1's address spaces that there are now",
     [](HumanCommands& m, std::string_view) { return machine::shadow_report(m.subject().machine.interpretive().gmap()); }},
    {"report", "", "where all CPUs and guests are, and how they came there",
     [](HumanCommands& m, std::string_view) { return machine::state_report(m.subject().machine, m.subject().name_of); }},
    {"sie", "", "what SIE has done, and which shadows were made and removed",
     [](HumanCommands& m, std::string_view) { return machine::sie_report(m.subject().machine.interpretive()); }},
    {"status", "", "whether the machine runs",
     [](HumanCommands& m, std::string_view) { return status(m.subject().commands.run_state()); }},
    {"subchannels", "", "the subchannels, their devices and their state",
     [](HumanCommands& m, std::string_view) { return machine::subchannel_report(m.subject().machine.channels()); }},
    {"tlb", "", "what the current CPU has translated and kept for its address space",
     [](HumanCommands& m, std::string_view) { return machine::tlb_report(m.cpu(), m.subject().machine.storage()); }},
    {"uuid", "", "the guest's UUID",
     [](HumanCommands& m, std::string_view) {
       const auto& uuid = m.subject().configuration.uuid;
       return (uuid.empty() ? "00000000-0000-0000-0000-000000000000" : uuid) + '\n';
     }},
    {"version", "", "the version of Siena",
     [](HumanCommands& m, std::string_view) { return "Siena " + m.subject().version + '\n'; }},
};
// clang-format on
} // namespace

std::string info(HumanCommands& monitor, std::string_view topic) {
  const std::string_view name = topic.substr(0, topic.find(' '));
  std::string_view argument = topic.substr(name.size());
  while (argument.starts_with(' ')) argument.remove_prefix(1);
  if (name.empty()) {
    std::string text;
    for (const Topic& known : kTopics)
      text +=
          fmt::format("info {}{}{} -- {}\n", known.name, known.argument.empty() ? "" : " ", known.argument, known.help);
    return text;
  }
  const auto* known =
      std::find_if(std::begin(kTopics), std::end(kTopics), [name](const Topic& t) { return t.name == name; });
  if (known == std::end(kTopics)) return fmt::format("unknown command: 'info {}'\n", name);
  if (known->argument.empty() && !argument.empty())
    return fmt::format("info {}: takes no argument\nTry \"help info\" for more information\n", name);
  return known->show(monitor, argument);
}

} // namespace siena::frontends::monitor
