// SPDX-License-Identifier: BSD-3-Clause
// Options about what is attached to the machine: consoles and their character devices, disks, other devices and objects.
#include "frontends/cli/draft.h"
#include "frontends/cli/drivers.h"
#include "frontends/cli/nearest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace siena::frontends::cli {

namespace {
using machine::CharacterDevice;
using machine::CharacterDeviceKind;
using machine::Properties;

/// QEMU's rule for identifiers: a letter, then letters, digits, - . and _.
bool is_identifier(std::string_view text) {
  return !text.empty() && std::isalpha(static_cast<unsigned char>(text[0])) != 0 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_';
         });
}

Problem check_identifier(std::string_view option, std::string_view id) {
  if (is_identifier(id)) return std::nullopt;
  return usage_error(option, fmt::format("id '{}' is not a letter followed by letters, digits, '-', '.' and '_'", id));
}

/// For a new object among `all`: whether its id is well-formed and free.
template <typename T>
Problem check_new_identifier(std::string_view option, std::string_view id, const std::vector<T>& all) {
  if (auto wrong = check_identifier(option, id)) return wrong;
  if (std::any_of(all.begin(), all.end(), [id](const T& other) { return other.id == id; }))
    return usage_error(option, fmt::format("id '{}' is used twice", id));
  return std::nullopt;
}

Problem is_not_json(std::string_view option, std::string_view argument) {
  if (!argument.starts_with('{')) return std::nullopt;
  return usage_error(option, "the JSON form is not supported; write NAME,key=value,...");
}

constexpr std::string_view kCharacterKinds[] = {"stdio", "file", "pty", "null"};

std::optional<CharacterDeviceKind> character_kind(std::string_view name) {
  if (name == "stdio") return CharacterDeviceKind::Stdio;
  if (name == "file") return CharacterDeviceKind::File;
  if (name == "pty") return CharacterDeviceKind::Pty;
  if (name == "null") return CharacterDeviceKind::Null;
  return std::nullopt;
}

Problem unknown_character_kind(std::string_view option, std::string_view name) {
  return usage_error(option,
                     fmt::format("unknown character device '{}' (there are {}){}",
                                 name,
                                 fmt::join(kCharacterKinds, ", "),
                                 did_you_mean(name, kCharacterKinds)));
}

Problem add_chardev(Draft& draft, std::string_view option, CharacterDevice device) {
  auto& all = draft.configuration.chardevs;
  if (auto wrong = check_new_identifier(option, device.id, all)) return wrong;
  if (auto wrong = check_new_identifier(option, device.id, draft.sockets)) return wrong;
  if (device.kind == CharacterDeviceKind::Stdio &&
      std::any_of(all.begin(), all.end(), [](const auto& other) { return other.kind == CharacterDeviceKind::Stdio; }))
    return usage_error(option, "stdio is used twice; give one character device mux=on and use it twice");
  all.push_back(std::move(device));
  return std::nullopt;
}

Problem add_drive(Draft& draft, std::string_view option, machine::Drive drive, bool with_device) {
  auto& drives = draft.configuration.drives;
  if (drive.id.empty()) drive.id = fmt::format("virtio{}", drives.size());
  if (auto wrong = check_new_identifier(option, drive.id, drives)) return wrong;
  if (with_device)
    draft.configuration.devices.push_back({.driver = "virtio-blk-ccw", .properties = {{"drive", drive.id}}});
  drives.push_back(std::move(drive));
  return std::nullopt;
}
} // namespace

Result<std::string>
chardev_of_argument(Draft& draft, std::string_view option, std::string_view argument, std::string_view id) {
  std::string_view rest = argument;
  CharacterDevice device;
  device.id = id;
  if (rest.starts_with("mon:")) {
    rest.remove_prefix(4);
    device.mux = true;
  }
  const std::string_view kind = rest.substr(0, rest.find_first_of(":,"));
  const std::string_view detail = kind.size() == rest.size() ? std::string_view{} : rest.substr(kind.size() + 1);
  if (kind == "none" && detail.empty() && !device.mux) return std::string{};
  if (kind == "chardev") {
    for (auto& known : draft.configuration.chardevs) {
      if (known.id != detail) continue;
      known.mux |= device.mux;
      return std::string{detail};
    }
    return usage_error(option, fmt::format("there is no chardev '{}'", detail));
  }
  // A virtual console in a window: there is none to show it.
  const auto known = kind == "vc" ? CharacterDeviceKind::Null : character_kind(kind);
  if (!known) return *unknown_character_kind(option, kind);
  device.kind = *known;
  if (device.kind == CharacterDeviceKind::File) {
    if (detail.empty()) return usage_error(option, "file: the file's name is missing");
    device.path = detail;
  } else if (!detail.empty() && kind != "vc") {
    return usage_error(option, fmt::format("'{}' takes no '{}'", kind, detail));
  }
  // Where the monitor can be reached, Ctrl-C is the guest's and Ctrl-A x ends the machine.
  device.signal = !device.mux;
  if (auto wrong = add_chardev(draft, option, std::move(device))) return *wrong;
  return std::string{id};
}

Problem read_display(Draft& draft, std::string_view option, std::string_view argument) {
  const auto kind = argument.substr(0, argument.find(','));
  if (kind != "none") return usage_error(option, fmt::format("'{}': there is no display but none", kind));
  draft.display_none = true;
  return std::nullopt;
}

Problem read_chardev(Draft& draft, std::string_view option, std::string_view argument) {
  if (argument == "help") {
    draft.text = fmt::format("Available chardev backend types:\n  {}\n  socket\n", fmt::join(kCharacterKinds, "\n  "));
    return std::nullopt;
  }
  if (auto wrong = is_not_json(option, argument)) return wrong;
  auto parsed = parse_properties(option, argument, "backend");
  if (!parsed) return parsed.error();
  Properties& properties = parsed.value();
  const std::string name = take(properties, "backend").value_or("");
  if (name == "socket") return read_socket(draft, option, std::move(properties));
  const auto kind = character_kind(name);
  if (!kind) return unknown_character_kind(option, name);
  CharacterDevice device;
  device.kind = *kind;
  auto wrong = *kind == CharacterDeviceKind::File    ? check_keys(option, properties, {"id", "mux", "path", "append"})
               : *kind == CharacterDeviceKind::Pty   ? check_keys(option, properties, {"id", "mux", "path"})
               : *kind == CharacterDeviceKind::Stdio ? check_keys(option, properties, {"id", "mux", "signal"})
                                                     : check_keys(option, properties, {"id", "mux"});
  if (wrong) return wrong;
  device.id = take(properties, "id").value_or("");
  device.path = take(properties, "path").value_or("");
  if ((wrong = read_switch(option, properties, "mux", device.mux))) return wrong;
  if ((wrong = read_switch(option, properties, "append", device.append))) return wrong;
  if ((wrong = read_switch(option, properties, "signal", device.signal))) return wrong;
  if (*kind == CharacterDeviceKind::File && device.path.empty()) return usage_error(option, "file: path= is missing");
  if (device.id.empty()) return usage_error(option, "id= is missing");
  return add_chardev(draft, option, std::move(device));
}

Problem read_serial(Draft& draft, std::string_view, std::string_view argument) {
  draft.serials.emplace_back(argument);
  return std::nullopt;
}

Problem read_device(Draft& draft, std::string_view option, std::string_view argument) {
  if (argument == "help" || argument == "?") {
    draft.text = describe_drivers();
    return std::nullopt;
  }
  if (auto wrong = is_not_json(option, argument)) return wrong;
  auto parsed = parse_properties(option, argument, "driver");
  if (!parsed) return parsed.error();
  Properties& properties = parsed.value();
  const std::string name = take(properties, "driver").value_or("");
  const DeviceDriver* driver = find_driver(name);
  if (driver == nullptr)
    return usage_error(option, fmt::format("unknown device driver '{}'{}", name, driver_suggestion(name)));
  if (take(properties, "help")) {
    draft.text = describe_driver(*driver);
    return std::nullopt;
  }
  if (auto wrong = check_properties(option, *driver, properties)) return wrong;
  if (const std::string* id = machine::find_property(properties, "id"))
    if (auto wrong = check_identifier(option, *id)) return wrong;
  draft.configuration.devices.push_back(
      {.driver = std::string{driver->name}, .properties = in_decimal(*driver, std::move(properties))});
  return std::nullopt;
}

Problem read_drive(Draft& draft, std::string_view option, std::string_view argument) {
  auto parsed = parse_properties(option, argument, "");
  if (!parsed) return parsed.error();
  Properties& properties = parsed.value();
  // The keys after snapshot= are hints about the host's work that change nothing here.
  if (auto wrong = check_keys(option,
                              properties,
                              {"file",
                               "format",
                               "if",
                               "id",
                               "readonly",
                               "read-only",
                               "snapshot",
                               "index",
                               "media",
                               "cache",
                               "aio",
                               "discard",
                               "detect-zeroes",
                               "werror",
                               "rerror",
                               "auto-read-only"}))
    return wrong;
  machine::Drive drive;
  const std::string interface = take(properties, "if").value_or("virtio");
  if (interface != "virtio" && interface != "none")
    return usage_error(option, fmt::format("if={}: neither virtio nor none", interface));
  drive.format = take(properties, "format").value_or("raw");
  if (drive.format != "raw") return usage_error(option, fmt::format("format={}: only raw is supported", drive.format));
  drive.file = take(properties, "file").value_or("");
  if (drive.file.empty()) return usage_error(option, "file= is missing");
  drive.id = take(properties, "id").value_or("");
  if (const auto media = take(properties, "media")) {
    if (*media != "disk" && *media != "cdrom")
      return usage_error(option, fmt::format("media={}: neither disk nor cdrom", *media));
    drive.read_only = *media == "cdrom";
  }
  for (const auto key : {"readonly", "read-only"})
    if (auto wrong = read_switch(option, properties, key, drive.read_only)) return wrong;
  if (auto wrong = read_switch(option, properties, "snapshot", drive.snapshot)) return wrong;
  return add_drive(draft, option, std::move(drive), interface == "virtio");
}

Problem read_disk_image(Draft& draft, std::string_view option, std::string_view argument) {
  if (argument.empty()) return usage_error(option, "the file's name is empty");
  machine::Drive drive;
  drive.file = argument;
  return add_drive(draft, option, std::move(drive), true);
}

Problem read_cdrom_image(Draft& draft, std::string_view option, std::string_view argument) {
  if (argument.empty()) return usage_error(option, "the file's name is empty");
  machine::Drive drive;
  drive.file = argument;
  drive.read_only = true;
  return add_drive(draft, option, std::move(drive), true);
}

Problem read_object(Draft& draft, std::string_view option, std::string_view argument) {
  static constexpr std::string_view kTypes[] = {"rng-builtin", "rng-random", "iothread"};
  if (argument == "help") {
    draft.text = fmt::format("List of user creatable objects:\n  {}\n", fmt::join(kTypes, "\n  "));
    return std::nullopt;
  }
  if (auto wrong = is_not_json(option, argument)) return wrong;
  auto parsed = parse_properties(option, argument, "qom-type");
  if (!parsed) return parsed.error();
  machine::Object object;
  object.properties = std::move(parsed.value());
  object.type = take(object.properties, "qom-type").value_or("");
  object.id = take(object.properties, "id").value_or("");
  if (std::find(std::begin(kTypes), std::end(kTypes), object.type) == std::end(kTypes))
    return usage_error(option,
                       fmt::format("unknown object type '{}'{}", object.type, did_you_mean(object.type, kTypes)));
  auto wrong = object.type == "rng-random" ? check_keys(option, object.properties, {"filename"})
                                           : check_keys(option, object.properties, {});
  if (wrong) return wrong;
  if (object.id.empty()) return usage_error(option, "id= is missing");
  if ((wrong = check_new_identifier(option, object.id, draft.configuration.objects))) return wrong;
  draft.configuration.objects.push_back(std::move(object));
  return std::nullopt;
}

Problem read_network(Draft&, std::string_view option, std::string_view argument) {
  if (argument == "none") return std::nullopt;
  return usage_error(option, fmt::format("'{}': there is no network but none", argument));
}

} // namespace siena::frontends::cli
