// SPDX-License-Identifier: BSD-3-Clause
// Options about monitors: -monitor, -mon, -qmp, and the sockets that some of them are on.
#include "frontends/cli/draft.h"

#include <fmt/format.h>

#include <algorithm>

namespace siena::frontends::cli {

namespace {
using machine::MonitorSocket;

bool is_socket(std::string_view argument) {
  return argument.starts_with("unix:") || argument.starts_with("tcp:") || argument.starts_with("telnet:");
}

/// server= and wait=, which are on unless a script says otherwise; Siena never connects, it is connected to.
Problem read_server(std::string_view option, machine::Properties& properties, MonitorSocket& socket) {
  bool server = false, no_wait = false;
  socket.wait = true;
  if (auto wrong = read_switch(option, properties, "server", server)) return wrong;
  if (auto wrong = read_switch(option, properties, "wait", socket.wait)) return wrong;
  if (auto wrong = read_switch(option, properties, "nowait", no_wait)) return wrong;
  if (no_wait) socket.wait = false;
  if (!server) return usage_error(option, "a monitor's socket can only be connected to: server=on is missing");
  return std::nullopt;
}

Problem read_port(std::string_view option, std::string_view text, u16& port) {
  const auto number = parse_number(text);
  if (!number || *number == 0 || *number > 65535)
    return usage_error(option, fmt::format("'{}' is not a port from 1 to 65535", text));
  port = static_cast<u16>(*number);
  return std::nullopt;
}

/// unix:PATH or tcp:[ADDRESS]:PORT, with ,server=on,wait=off or the like behind it.
Result<MonitorSocket> parse_socket(std::string_view option, std::string_view argument, std::string id) {
  auto parsed = parse_properties(option, argument, "where");
  if (!parsed) return parsed.error();
  machine::Properties& properties = parsed.value();
  if (auto wrong = check_keys(option, properties, {"where", "server", "wait", "nowait", "nodelay", "id"}))
    return *wrong;
  const std::string where = take(properties, "where").value_or("");
  MonitorSocket socket{.option = std::string{option}, .id = std::move(id)};
  if (auto wrong = read_server(option, properties, socket)) return *wrong;
  std::string_view rest = where;
  rest.remove_prefix(std::min(rest.size(), rest.find(':') + 1));
  if (where.starts_with("unix:")) {
    socket.path = rest;
    if (socket.path.empty()) return usage_error(option, "unix: the socket's name is missing");
    return socket;
  }
  const auto colon = rest.rfind(':');
  if (colon == std::string_view::npos) return usage_error(option, fmt::format("'{}': a port is missing", where));
  if (auto wrong = read_port(option, rest.substr(colon + 1), socket.port)) return *wrong;
  std::string_view address = rest.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  if (!address.empty()) socket.address = address;
  return socket;
}

/// The socket that -chardev has defined under this id, or nullptr.
const MonitorSocket* find_socket(const Draft& draft, std::string_view id) {
  const auto found =
      std::find_if(draft.sockets.begin(), draft.sockets.end(), [id](const auto& socket) { return socket.id == id; });
  return found == draft.sockets.end() ? nullptr : &*found;
}

Problem add_socket(Draft& draft, MonitorSocket socket, bool control) {
  auto& all = draft.configuration.monitor_sockets;
  if (std::any_of(all.begin(), all.end(), [&](const auto& other) { return other.id == socket.id; }))
    return usage_error("-mon", fmt::format("the socket '{}' is used twice", socket.id));
  socket.control = control;
  all.push_back(std::move(socket));
  return std::nullopt;
}

Problem add_human_monitor(Draft& draft, const std::string& argument, const std::string& id) {
  if (is_socket(argument)) {
    auto socket = parse_socket("-monitor", argument, id);
    if (!socket) return socket.error();
    return add_socket(draft, std::move(socket.value()), false);
  }
  if (argument.starts_with("chardev:"))
    if (const auto* socket = find_socket(draft, std::string_view{argument}.substr(8)))
      return add_socket(draft, *socket, false);
  const auto chardev = chardev_of_argument(draft, "-monitor", argument, id);
  if (!chardev) return chardev.error();
  if (!chardev.value().empty()) draft.configuration.monitors.push_back({chardev.value()});
  return std::nullopt;
}

Problem add_qmp(Draft& draft, const std::string& argument, const std::string& id) {
  if (argument == "none") return std::nullopt;
  if (argument.starts_with("chardev:")) {
    const auto* socket = find_socket(draft, std::string_view{argument}.substr(8));
    if (socket != nullptr) return add_socket(draft, *socket, true);
    return usage_error("-mon",
                       fmt::format("mode=control: there is no chardev '{}' that is a socket", argument.substr(8)));
  }
  if (!is_socket(argument))
    return usage_error("-qmp", fmt::format("'{}' is neither unix:PATH nor tcp:[ADDRESS]:PORT", argument));
  auto socket = parse_socket("-qmp", argument, id);
  if (!socket) return socket.error();
  return add_socket(draft, std::move(socket.value()), true);
}
} // namespace

Problem read_monitor(Draft& draft, std::string_view, std::string_view argument) {
  draft.monitors.emplace_back(argument);
  return std::nullopt;
}

Problem read_qmp(Draft& draft, std::string_view, std::string_view argument) {
  draft.qmp.emplace_back(argument);
  return std::nullopt;
}

Problem read_mon(Draft& draft, std::string_view option, std::string_view argument) {
  auto properties = parse_properties(option, argument, "chardev");
  if (!properties) return properties.error();
  if (auto wrong = check_keys(option, properties.value(), {"chardev", "mode", "pretty", "id"})) return wrong;
  const auto chardev = take(properties.value(), "chardev");
  if (!chardev) return usage_error(option, "chardev= is missing");
  const std::string mode = take(properties.value(), "mode").value_or("readline");
  if (mode != "readline" && mode != "control")
    return usage_error(option, fmt::format("mode={}: neither readline nor control", mode));
  (mode == "control" ? draft.qmp : draft.monitors).push_back("chardev:" + *chardev);
  return std::nullopt;
}

Problem read_socket(Draft& draft, std::string_view option, machine::Properties properties) {
  if (auto wrong = check_keys(
          option, properties, {"id", "path", "host", "port", "server", "wait", "nowait", "nodelay", "ipv4", "ipv6"}))
    return wrong;
  MonitorSocket socket{.option = std::string{option}, .id = take(properties, "id").value_or("")};
  if (socket.id.empty()) return usage_error(option, "id= is missing");
  const auto& chardevs = draft.configuration.chardevs;
  if (find_socket(draft, socket.id) != nullptr ||
      std::any_of(chardevs.begin(), chardevs.end(), [&](const auto& other) { return other.id == socket.id; }))
    return usage_error(option, fmt::format("id '{}' is used twice", socket.id));
  if (auto wrong = read_server(option, properties, socket)) return wrong;
  socket.path = take(properties, "path").value_or("");
  const auto port = take(properties, "port");
  if (socket.path.empty() == !port) return usage_error(option, "socket: one of path= and port= is needed");
  if (port)
    if (auto wrong = read_port(option, *port, socket.port)) return wrong;
  if (const auto host = take(properties, "host"); host && !host->empty()) socket.address = *host;
  draft.sockets.push_back(std::move(socket));
  return std::nullopt;
}

Problem add_monitors(Draft& draft) {
  for (std::size_t i = 0; i < draft.monitors.size(); ++i)
    if (auto wrong = add_human_monitor(draft, draft.monitors[i], fmt::format("monitor{}", i))) return wrong;
  for (std::size_t i = 0; i < draft.qmp.size(); ++i)
    if (auto wrong = add_qmp(draft, draft.qmp[i], fmt::format("compat_monitor{}", i))) return wrong;
  return std::nullopt;
}

} // namespace siena::frontends::cli
