// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/monitor/qmp_protocol.h"

#include "frontends/monitor/qmp_command.h"

#include <fmt/format.h>

#include <chrono>

namespace siena::frontends::monitor {

namespace {
Json error_answer(const QmpError& error) {
  static constexpr std::string_view kClasses[] = {"GenericError", "CommandNotFound", "DeviceNotFound"};
  return {{"error", {{"class", kClasses[static_cast<u8>(error.error_class)]}, {"desc", error.description}}}};
}

u64 microseconds_now() {
  return static_cast<u64>(std::chrono::system_clock::now().time_since_epoch() / std::chrono::microseconds{1});
}

/// What is wrong with a command's envelope, or nothing.
std::optional<QmpError> check_envelope(const Json& request) {
  if (!request.is_object()) return QmpError{"QMP input must be a JSON object"};
  for (const auto& member : request.items()) {
    const std::string& key = member.key();
    if (key == "execute") {
      if (!member.value().is_string()) return QmpError{"QMP input member 'execute' must be a string"};
    } else if (key == "arguments") {
      if (!member.value().is_object()) return QmpError{"QMP input member 'arguments' must be an object"};
    } else if (key != "id") {
      return QmpError{fmt::format("QMP input member '{}' is unexpected", key)};
    }
  }
  if (!request.contains("execute")) return QmpError{"QMP input lacks member 'execute'"};
  return std::nullopt;
}

/// qmp_capabilities, the only command there is before negotiation.
Answer negotiate(const Json& arguments) {
  static constexpr Parameter kEnable[] = {{"enable", ParameterType::Array, true}};
  if (auto error = check_members(arguments, kEnable)) return *error;
  if (!arguments.contains("enable")) return Json::object();
  for (const Json& capability : arguments["enable"]) {
    if (!capability.is_string()) return QmpError{"Invalid parameter type for 'enable', expected: string"};
    return QmpError{fmt::format("Capability '{}' is not available", capability.get<std::string>())};
  }
  return Json::object();
}

Answer execute(const Subject& subject, const std::string& name, const Json& arguments, bool& negotiated) {
  if (!negotiated) {
    if (name != "qmp_capabilities")
      return QmpError{"Expecting capabilities negotiation with 'qmp_capabilities'", ErrorClass::CommandNotFound};
    Answer answer = negotiate(arguments);
    negotiated = answer.ok();
    return answer;
  }
  if (name == "qmp_capabilities")
    return QmpError{"Capabilities negotiation is already complete, command ignored", ErrorClass::CommandNotFound};
  const QmpCommand* command = find_command(subject, name);
  if (command == nullptr)
    return QmpError{fmt::format("The command {} has not been found", name), ErrorClass::CommandNotFound};
  if (auto error = check_members(arguments, command->parameters)) return *error;
  return command->run(subject, arguments);
}
} // namespace

void QmpProtocol::greet() {
  line(as_text({{"QMP", {{"version", version(subject_)}, {"capabilities", Json::array()}}}}));
}

bool QmpProtocol::handle_next() {
  const auto item = stream_.next();
  if (!item) return false;
  if (item->problem.empty())
    handle(item->text);
  else
    line(as_text(error_answer({std::string{item->problem}})));
  return true;
}

void QmpProtocol::handle(const std::string& text) {
  const Json request = Json::parse(text, nullptr, false);
  if (request.is_discarded()) return line(as_text(error_answer({"JSON parse error, not well-formed UTF-8 JSON"})));
  Json reply;
  if (auto error = check_envelope(request)) {
    reply = error_answer(*error);
  } else {
    const Answer answer = execute(
        subject_, request["execute"].get<std::string>(), request.value("arguments", Json::object()), negotiated_);
    reply = answer ? Json{{"return", answer.value()}} : error_answer(answer.error());
  }
  if (request.is_object() && request.contains("id")) reply["id"] = request["id"];
  line(as_text(reply));
}

void QmpProtocol::announce(const Event& event) {
  if (negotiated_) line(qmp_text(event, microseconds_now()));
}

void QmpProtocol::line(std::string text) {
  text += "\r\n";
  send_(text);
}

} // namespace siena::frontends::monitor
