// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/monitor/qmp_command.h"

#include <fmt/format.h>

#include <algorithm>

namespace siena::frontends::monitor {

namespace {
bool has_type(const Json& value, ParameterType type) {
  switch (type) {
  case ParameterType::String: return value.is_string();
  case ParameterType::Integer: return value.is_number_integer();
  case ParameterType::Boolean: return value.is_boolean();
  case ParameterType::Object: return value.is_object();
  case ParameterType::Array: return value.is_array();
  }
  return false;
}
} // namespace

std::string as_text(const Json& value) {
  const std::string compact = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string text;
  bool in_string = false;
  for (std::size_t i = 0; i < compact.size(); ++i) {
    const char c = compact[i];
    text += c;
    if (c == '\\') text += compact[++i]; // only strings have it, and something follows
    if (c == '"') in_string = !in_string;
    if (!in_string && (c == ':' || c == ',')) text += ' ';
  }
  return text;
}

std::optional<QmpError> check_members(const Json& object, std::span<const Parameter> parameters) {
  static constexpr std::string_view kTypes[] = {"string", "integer", "boolean", "object", "array"};
  for (const auto& parameter : parameters) {
    const auto found = object.find(std::string{parameter.name});
    if (found == object.end()) {
      if (parameter.optional) continue;
      return QmpError{fmt::format("Parameter '{}' is missing", parameter.name)};
    }
    if (!has_type(*found, parameter.type))
      return QmpError{fmt::format(
          "Invalid parameter type for '{}', expected: {}", parameter.name, kTypes[static_cast<u8>(parameter.type)])};
  }
  for (const auto& member : object.items())
    if (std::none_of(parameters.begin(), parameters.end(), [&](const auto& p) { return p.name == member.key(); }))
      return QmpError{fmt::format("Parameter '{}' is unexpected", member.key())};
  return std::nullopt;
}

std::vector<const QmpCommand*> available_commands(const Subject& subject) {
  std::vector<const QmpCommand*> all;
  for (const auto commands : {machine_commands(), cpu_model_commands(), device_commands()})
    for (const QmpCommand& command : commands)
      if (command.is_available == nullptr || command.is_available(subject)) all.push_back(&command);
  return all;
}

const QmpCommand* find_command(const Subject& subject, std::string_view name) {
  for (const QmpCommand* command : available_commands(subject))
    if (command->name == name) return command;
  return nullptr;
}

Json version(const Subject& subject) {
  return {{"qemu", {{"micro", 0}, {"minor", 2}, {"major", 7}}}, {"package", "Siena " + subject.version}};
}

} // namespace siena::frontends::monitor
