// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/console/monitor.h"

#include <fmt/format.h>

#include <algorithm>

namespace siena::frontends::console {

struct Monitor::Command {
  std::string_view name, shorter, argument, help;
  void (*run)(Monitor& monitor, std::string_view argument);
};

const Monitor::Command Monitor::kCommands[] = {
    {"help", "?", "", "show this list", [](Monitor& m, std::string_view) { m.help(); }},
    {"info",
     "",
     "status|sie",
     "show whether the machine runs, or what SIE has done",
     [](Monitor& m, std::string_view what) { m.info(what); }},
    {"quit", "q", "", "end the machine", [](Monitor& m, std::string_view) { m.machine_.quit(); }},
    {"stop", "s", "", "stop all CPUs", [](Monitor& m, std::string_view) { m.machine_.stop(); }},
    {"cont", "c", "", "let the CPUs run again", [](Monitor& m, std::string_view) { m.machine_.resume(); }},
    {"system_reset", "", "", "reset and IPL again", [](Monitor& m, std::string_view) { m.machine_.reset(); }},
    {"system_powerdown",
     "",
     "",
     "ask the guest to shut down",
     [](Monitor& m, std::string_view) { m.machine_.power_down(); }},
};

void Monitor::entered() {
  if (!greeted_) print("\r\nSiena monitor - type 'help' for more information");
  greeted_ = true;
  line_.clear();
  print("\r\n(siena) ");
}

std::size_t Monitor::receive(std::span<const u8> bytes) {
  for (const u8 byte : bytes) key(byte);
  return bytes.size();
}

void Monitor::key(u8 byte) {
  if (in_sequence_) { // ESC [ parameters letter
    if (byte >= 0x40 && byte != '[' && byte != 'O') in_sequence_ = false;
    return;
  }
  switch (byte) {
  case 0x1B: in_sequence_ = true; return;
  case '\r':
  case '\n': {
    print("\r\n");
    std::string line;
    line.swap(line_);
    execute(line);
    print("(siena) ");
    return;
  }
  case 0x08:
  case 0x7F:
    if (line_.empty()) return;
    line_.pop_back();
    print("\b \b");
    return;
  case 0x15: // Ctrl-U
    while (!line_.empty()) key(0x7F);
    return;
  default:
    if (byte < 0x20 || line_.size() >= kLongestLine) return;
    line_ += static_cast<char>(byte);
    output_({&byte, 1});
  }
}

void Monitor::execute(std::string_view line) {
  const auto blank = [](char c) { return c == ' '; };
  const auto trim = [&](std::string_view text) {
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
  };
  line = trim(line);
  if (line.empty()) return;
  const std::string_view name = line.substr(0, line.find(' '));
  const std::string_view argument = trim(line.substr(name.size()));
  const auto* command = std::find_if(std::begin(kCommands), std::end(kCommands), [name](const Command& known) {
    return known.name == name || (!known.shorter.empty() && known.shorter == name);
  });
  if (command == std::end(kCommands)) return print(fmt::format("unknown command: '{}'\r\n", name));
  if (command->argument.empty() && !argument.empty()) return print(fmt::format("{}: takes no argument\r\n", name));
  command->run(*this, argument);
}

void Monitor::help() {
  for (const Command& command : kCommands)
    print(fmt::format("{:17} {}\r\n", fmt::format("{} {}", command.name, command.argument), command.help));
}

void Monitor::info(std::string_view what) {
  if (what == "status")
    print(fmt::format("VM status: {}\r\n", machine_.status()));
  else if (what == "sie")
    for (const char c : machine_.sie_report()) print(c == '\n' ? std::string_view("\r\n") : std::string_view(&c, 1));
  else
    print("info status -- show whether the machine runs\r\ninfo sie -- show what SIE has done\r\n");
}

void Monitor::print(std::string_view text) { output_({reinterpret_cast<const u8*>(text.data()), text.size()}); }

} // namespace siena::frontends::console
