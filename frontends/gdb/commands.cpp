// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/gdb/protocol.h"
#include "frontends/gdb/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace siena::frontends::gdb {

namespace {
constexpr std::string_view kHelp =
    "space [current|primary|secondary|home|real|absolute|asce=HEX] -- how addresses are translated\n"
    "guests -- what has run under SIE; attach to one with `attach NUMBER` (target extended-remote)\n"
    "catch [CATEGORY [NAME] [FIELD=VALUE...]] -- stop at such an event of docs/traces.md: catch sie exit code=0x20\n"
    "uncatch NUMBER -- no longer\n"
    "Everything else is a line for Siena's monitor:\n";

struct SpaceName {
  std::string_view name;
  AddressMode::Kind kind;
};
constexpr SpaceName kSpaces[] = {{"current", AddressMode::Kind::Current},
                                 {"primary", AddressMode::Kind::Primary},
                                 {"secondary", AddressMode::Kind::Secondary},
                                 {"home", AddressMode::Kind::Home},
                                 {"real", AddressMode::Kind::Real},
                                 {"absolute", AddressMode::Kind::Absolute}};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}
} // namespace

void Protocol::command(std::string_view hex) {
  const auto bytes = bytes_of_hex(hex);
  if (!bytes) return refuse();
  const std::string line{bytes->begin(), bytes->end()};
  const std::string_view text = trimmed(line);
  const std::string_view word = text.substr(0, text.find(' '));
  const std::string_view argument = trimmed(text.substr(word.size()));
  std::string output;
  if (word == "space")
    output = address_space(argument);
  else if (word == "guests")
    output = guests();
  else if (word == "catch")
    output = catch_event(argument);
  else if (word == "uncatch")
    output = forget_catch(argument);
  else if (word == "help" && argument.empty())
    output = std::string{kHelp} + execution_.monitor_command(text);
  else
    output = execution_.monitor_command(text);
  print(output);
  ok();
}

void Protocol::print(std::string_view text) {
  // Console output comes before the reply proper, in pieces that fit.
  constexpr std::size_t kPiece = kPacketSize / 2 - 1;
  for (std::size_t at = 0; at < text.size(); at += kPiece)
    reply("O" + hex_of_bytes(bytes_of(text).subspan(at, std::min(kPiece, text.size() - at))));
}

std::string Protocol::catch_event(std::string_view argument) {
  if (argument.empty()) return catches();
  const auto pattern = parse_event_pattern(argument);
  if (!pattern) return pattern.error() + "\n";
  if (!conditions_.insert_catch(pattern.value())) return "there are too many\n";
  return catches();
}

std::string Protocol::forget_catch(std::string_view argument) {
  const auto number = take_number(argument);
  if (!number || !argument.empty() || *number == 0 || *number > conditions_.catches().size())
    return "no such number; `catch` lists them\n";
  conditions_.remove_catch(*number - 1);
  return catches();
}

std::string Protocol::catches() const {
  std::string text;
  for (const EventPattern& pattern : conditions_.catches())
    text += fmt::format("{}  {}\n", text.empty() ? 1 : std::count(text.begin(), text.end(), '\n') + 1, pattern.text);
  return text.empty() ? "no event is caught\n" : text;
}

std::string Protocol::address_space(std::string_view argument) {
  if (!argument.empty()) {
    const auto* known = std::find_if(
        std::begin(kSpaces), std::end(kSpaces), [argument](const SpaceName& s) { return s.name == argument; });
    std::string_view text = argument;
    if (known != std::end(kSpaces)) {
      mode_ = {.kind = known->kind};
    } else {
      const bool named = take(text, "asce=");
      (void)take(text, "0x");
      const auto asce = take_number(text);
      if (!named || !asce || !text.empty()) return fmt::format("no such address space: '{}'\n", argument);
      mode_ = {.kind = AddressMode::Kind::Asce, .asce = *asce};
    }
    physical_ = mode_.kind == AddressMode::Kind::Absolute;
  }
  for (const SpaceName& s : kSpaces)
    if (s.kind == mode_.kind) return fmt::format("addresses are in the {} space\n", s.name);
  return fmt::format("addresses are in the space of ASCE {:#x}\n", mode_.asce);
}

std::string Protocol::guests() const {
  std::string text = fmt::format("  1  depth 1   {} CPUs\n", machine_.cpu_count());
  for (const auto& guest : machine_.interpretive().directory().guests()) {
    text += fmt::format("{:3}  depth {}{}  {} CPUs  SCA {:#x}  CR1 of its SIE host {:#x}\n",
                        guest->number,
                        guest->depth,
                        guest->depth > 2 ? "+" : " ",
                        guest->cpus.size(),
                        guest->control_area,
                        guest->asce);
    for (const sie::KnownCpu* c : guest->cpus)
      if (const auto view = ThreadView::of(machine_, {guest->number, c->thread}))
        text += fmt::format("     {}.{} state description {:#x}, PSW {:016x} {:016x}, {}\n",
                            guest->number,
                            c->thread,
                            c->block,
                            static_cast<u64>(*view->get(Register::PswMask, 0)),
                            static_cast<u64>(*view->get(Register::PswAddress, 0)),
                            view->description());
  }
  return text;
}

} // namespace siena::frontends::gdb
