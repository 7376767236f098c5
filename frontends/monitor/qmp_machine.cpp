// SPDX-License-Identifier: BSD-3-Clause
// QMP's commands about the machine as a whole and whether it runs.
#include "frontends/monitor/human_commands.h"
#include "frontends/monitor/qmp_command.h"
#include "machine/register_report.h"

#include <fmt/format.h>

#include <unistd.h>

namespace siena::frontends::monitor {

namespace {
const Json kNothing = Json::object();

Answer query_status(const Subject& subject, const Json&) {
  const RunState state = subject.commands.run_state();
  return Json{{"status", name_of(state)}, {"singlestep", false}, {"running", state == RunState::Running}};
}

Answer query_cpus(const Subject& subject, const Json&) {
  Json cpus = Json::array();
  for (unsigned n = 0; n < subject.machine.cpu_count(); ++n)
    cpus.push_back({{"thread-id", ::getpid()},
                    {"props", {{"core-id", n}}},
                    {"cpu-state", machine::state_name(subject.machine.cpu(n))},
                    {"qom-path", fmt::format("/machine/unattached/device[{}]", n)},
                    {"cpu-index", n},
                    {"target", "s390x"}});
  return cpus;
}

Answer query_name(const Subject& subject, const Json&) {
  const auto& name = subject.configuration.name;
  return name.empty() ? kNothing : Json{{"name", name}};
}

Answer query_uuid(const Subject& subject, const Json&) {
  const auto& uuid = subject.configuration.uuid;
  return Json{{"UUID", uuid.empty() ? "00000000-0000-0000-0000-000000000000" : uuid}};
}

Answer query_machines(const Subject&, const Json&) {
  return Json::array({{{"hotpluggable-cpus", false},
                       {"name", "s390-ccw-virtio"},
                       {"numa-mem-supported", false},
                       {"default-cpu-type", "max-s390x-cpu"},
                       {"is-default", true},
                       {"cpu-max", machine::kMaximumCpuCount},
                       {"deprecated", false},
                       {"default-ram-id", "s390.ram"}}});
}

Answer query_commands(const Subject& subject, const Json&) {
  Json names = Json::array({{{"name", "qmp_capabilities"}}});
  for (const QmpCommand* command : available_commands(subject)) names.push_back({{"name", command->name}});
  return names;
}

Answer resume(const Subject& subject, const Json&) {
  if (needs_reset(subject.commands.run_state())) return QmpError{"Resetting the Virtual Machine is required"};
  subject.commands.resume();
  return kNothing;
}

Answer human_command(const Subject& subject, const Json& arguments) {
  HumanCommands commands{subject};
  if (const auto cpu = arguments.find("cpu-index"); cpu != arguments.end())
    if (!cpu->is_number_unsigned() || !commands.select_cpu(cpu->get<u64>()))
      return QmpError{"Parameter 'cpu-index' expects a CPU number"};
  return Json(with_carriage_returns(commands.execute(arguments["command-line"].get<std::string>())));
}

Answer dump_guest_memory(const Subject& subject, const Json& arguments) {
  if (arguments["paging"].get<bool>()) return QmpError{"Parameter 'paging' must be false"};
  if (const std::string format = arguments.value("format", "elf"); format != "elf")
    return QmpError{fmt::format("Parameter 'format' does not accept value '{}'", format)};
  const std::string protocol = arguments["protocol"].get<std::string>();
  if (!protocol.starts_with("file:")) return QmpError{"parameter 'protocol' must start with 'file:'"};
  const auto guest = arguments.find("guest"); // ours: of a guest under SIE
  const bool valid = guest == arguments.end() || (guest->is_number_unsigned() && guest->get<u64>() <= 0xFFFF'FFFF);
  if (!valid) return QmpError{"Parameter 'guest' expects a guest's number"};
  const unsigned number = guest == arguments.end() ? 1 : guest->get<unsigned>();
  if (auto problem = subject.dump_storage(number, protocol.substr(5))) return QmpError{*problem};
  return kNothing;
}
} // namespace

std::span<const QmpCommand> machine_commands() {
  // clang-format off
  static const QmpCommand kCommands[] = {
      {"query-commands", {}, query_commands},
      {"query-status", {}, query_status},
      {"query-cpus-fast", {}, query_cpus},
      {"query-version", {}, [](const Subject& s, const Json&) -> Answer { return version(s); }},
      {"query-name", {}, query_name},
      {"query-uuid", {}, query_uuid},
      {"query-kvm", {}, [](const Subject&, const Json&) -> Answer { return Json{{"enabled", false}, {"present", false}}; }},
      {"query-machines", {}, query_machines},
      {"query-target", {}, [](const Subject&, const Json&) -> Answer { return Json{{"arch", "s390x"}}; }},
      {"query-memory-size-summary", {}, [](const Subject& s, const Json&) -> Answer {
         return Json{{"base-memory", s.configuration.storage_size}};
       }},
      {"stop", {}, [](const Subject& s, const Json&) -> Answer { s.commands.stop(); return kNothing; }},
      {"cont", {}, resume},
      {"system_reset", {}, [](const Subject& s, const Json&) -> Answer { s.commands.reset(); return kNothing; }},
      {"system_powerdown", {}, [](const Subject& s, const Json&) -> Answer { s.commands.power_down(); return kNothing; }},
      {"quit", {}, [](const Subject& s, const Json&) -> Answer { s.commands.quit(); return kNothing; }},
      {"human-monitor-command",
       {{"command-line", ParameterType::String}, {"cpu-index", ParameterType::Integer, true}}, human_command},
      {"dump-guest-memory",
       {{"paging", ParameterType::Boolean}, {"protocol", ParameterType::String}, {"format", ParameterType::String, true},
        {"guest", ParameterType::Integer, true}},
       dump_guest_memory, [](const Subject& s) { return s.dump_storage != nullptr; }},
  };
  // clang-format on
  return kCommands;
}

} // namespace siena::frontends::monitor
