// SPDX-License-Identifier: BSD-3-Clause
// QMP's commands: a name, parameters that are checked before, a function from them to the answer. For the files of this folder only:
// nobody else sees the JSON library.
#pragma once

#include "base/result.h"
#include "frontends/monitor/machine_commands.h"

#include <nlohmann/json.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace siena::frontends::monitor {

using Json = nlohmann::ordered_json;

/// In one line, with blanks where QEMU has them, since scripts search for `"return": {}`. Whatever is no UTF-8 in it is replaced.
std::string as_text(const Json& value);

/// QEMU's *QapiErrorClass*.
enum class ErrorClass : u8 { GenericError, CommandNotFound, DeviceNotFound };

struct QmpError {
  std::string description;
  ErrorClass error_class = ErrorClass::GenericError;
};
using Answer = Result<Json, QmpError>;

enum class ParameterType : u8 { String, Integer, Boolean, Object, Array };
struct Parameter {
  std::string_view name;
  ParameterType type = ParameterType::String;
  bool optional = false;
};

struct QmpCommand {
  std::string_view name;
  std::vector<Parameter> parameters;
  Answer (*run)(const Subject& subject, const Json& arguments);
  bool (*is_available)(const Subject& subject) = nullptr; ///< nullptr: always
};

/// What is wrong with an object's members, or nothing.
std::optional<QmpError> check_members(const Json& object, std::span<const Parameter> parameters);

// One for each file: commands about the machine and its run state, about CPU models, about devices.
std::span<const QmpCommand> machine_commands();
std::span<const QmpCommand> cpu_model_commands();
std::span<const QmpCommand> device_commands();

/// Of all that can be carried out now; nullptr: there is none of that name.
const QmpCommand* find_command(const Subject& subject, std::string_view name);
std::vector<const QmpCommand*> available_commands(const Subject& subject);

/// The version that QMP's clients are told: of QEMU, whose QMP this is, since they take it as what they may use. `package` says who
/// it is.
Json version(const Subject& subject);

} // namespace siena::frontends::monitor
