// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/monitor/human_commands.h"

#include "frontends/monitor/expression.h"
#include "frontends/monitor/info.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace siena::frontends::monitor {

namespace {
std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}
} // namespace

struct HumanCommands::Command {
  std::string_view name, shorter, argument, help;
  std::string (*run)(HumanCommands& monitor, std::string_view argument);
};

// clang-format off
const HumanCommands::Command HumanCommands::kCommands[] = {
    {"help", "?", "[command]", "show the commands, or one of them",
     [](HumanCommands& m, std::string_view of) { return m.help(of); }},
    {"info", "", "[topic]", "show something about the machine; without a topic: what there is",
     [](HumanCommands& m, std::string_view topic) { return info(m, topic); }},
    {"x", "", "/fmt addr", "virtual storage from 'addr' on, as the current CPU sees it",
     [](HumanCommands& m, std::string_view argument) { return m.dump(argument, StorageKind::Virtual); }},
    {"xp", "", "/fmt addr", "absolute storage of guest 1 from 'addr' on",
     [](HumanCommands& m, std::string_view argument) { return m.dump(argument, StorageKind::Absolute); }},
    {"cpu", "", "index", "make this CPU the current one",
     [](HumanCommands& m, std::string_view number) { return m.select(number); }},
    {"dump-guest-memory", "", "[-g guest] file", "write storage and CPUs of guest 1, or of another, as an ELF core file",
     [](HumanCommands& m, std::string_view argument) { return m.dump_core(argument); }},
    {"stop", "s", "", "stop all CPUs",
     [](HumanCommands& m, std::string_view) { m.subject_.commands.stop(); return std::string{}; }},
    {"cont", "c", "", "let the CPUs run again",
     [](HumanCommands& m, std::string_view) { return m.resume(); }},
    {"system_reset", "", "", "reset and IPL again",
     [](HumanCommands& m, std::string_view) { m.subject_.commands.reset(); return std::string{}; }},
    {"system_powerdown", "", "", "ask the guest to shut down",
     [](HumanCommands& m, std::string_view) { m.subject_.commands.power_down(); return std::string{}; }},
    {"quit", "q", "", "end the machine",
     [](HumanCommands& m, std::string_view) { m.subject_.commands.quit(); return std::string{}; }},
};
// clang-format on

std::string HumanCommands::execute(std::string_view line) {
  line = trim(line);
  if (line.empty()) return "";
  const std::string_view name = line.substr(0, line.find_first_of(" /"));
  const std::string_view argument = trim(line.substr(name.size()));
  const auto* command = std::find_if(std::begin(kCommands), std::end(kCommands), [name](const Command& known) {
    return known.name == name || (!known.shorter.empty() && known.shorter == name);
  });
  if (command == std::end(kCommands)) return fmt::format("unknown command: '{}'\n", name);
  if (command->argument.empty() && !argument.empty())
    return fmt::format("{}: takes no argument\nTry \"help {}\" for more information\n", name, name);
  return command->run(*this, argument);
}

std::string HumanCommands::help(std::string_view of) const {
  std::string text;
  for (const Command& command : kCommands) {
    if (!of.empty() && command.name != of && (command.shorter.empty() || command.shorter != of)) continue;
    text += fmt::format("{}{}{}{}{} -- {}\n",
                        command.name,
                        command.shorter.empty() ? "" : "|",
                        command.shorter,
                        command.argument.empty() ? "" : " ",
                        command.argument,
                        command.help);
  }
  return text.empty() ? fmt::format("unknown command: '{}'\n", of) : text;
}

bool HumanCommands::select_cpu(u64 number) {
  if (number >= subject_.machine.cpu_count()) return false;
  selected_cpu_ = static_cast<unsigned>(number);
  return true;
}

std::string HumanCommands::select(std::string_view number) {
  const auto value = evaluate(number, cpu());
  if (!value) return "cpu: a CPU's number is needed\nTry \"help cpu\" for more information\n";
  return select_cpu(*value) ? "" : "invalid CPU index\n";
}

std::string HumanCommands::resume() {
  if (needs_reset(subject_.commands.run_state())) return "Error: Resetting the Virtual Machine is required\n";
  subject_.commands.resume();
  return "";
}

std::string HumanCommands::dump_core(std::string_view argument) {
  unsigned guest = 1;
  if (argument.starts_with("-g ")) {
    argument = trim(argument.substr(3));
    const std::string_view number = argument.substr(0, argument.find(' '));
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), guest);
    if (error != std::errc{} || end != number.data() + number.size())
      return fmt::format("dump-guest-memory: '{}' is not the number of a guest\n", number);
    argument = trim(argument.substr(number.size()));
  }
  if (argument.empty()) return "dump-guest-memory: the file's name is missing\n";
  if (!subject_.dump_storage) return "dump-guest-memory: cannot be done\n";
  const auto problem = subject_.dump_storage(guest, std::string{argument});
  return problem ? *problem + "\n" : "";
}

std::string HumanCommands::dump(std::string_view argument, StorageKind kind) {
  const std::string_view name = kind == StorageKind::Virtual ? "x" : "xp";
  const auto wrong = [name](std::string_view what) {
    return fmt::format("{}\nTry \"help {}\" for more information\n", what, name);
  };
  DumpFormat format = format_;
  format.count = 1;
  if (argument.starts_with('/')) {
    const std::string_view text = argument.substr(1, argument.find(' ') - 1);
    argument = trim(argument.substr(std::min(argument.size(), text.size() + 1)));
    if (const auto problem = read_format(text, format)) return wrong(*problem);
  }
  const auto address = evaluate(argument, cpu());
  if (!address) return wrong(argument.empty() ? "an address is needed" : fmt::format("'{}' is no address", argument));
  format_ = format;
  return dump_storage(cpu(), kind, *address, format);
}

std::string with_carriage_returns(std::string_view text) {
  std::string converted;
  converted.reserve(text.size() + text.size() / 32);
  for (const char c : text) {
    if (c == '\n') converted += '\r';
    converted += c;
  }
  return converted;
}

} // namespace siena::frontends::monitor
