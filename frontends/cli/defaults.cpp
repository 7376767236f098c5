// SPDX-License-Identifier: BSD-3-Clause
// What follows once all options are known: the consoles that -serial and -monitor stand for, the ones that are there by
// default, and whether everything that is referred to exists and is used by no more than it can serve.
//
// As in QEMU, without -nodefaults there is a console and a monitor. A terminal shows both (Ctrl-A c switches), since there
// is no window for them: with and without -nographic. -display none alone, where QEMU has consoles that nobody sees, gives
// a console on a null character device.
#include "firmware/demo_guest.h"
#include "frontends/cli/draft.h"
#include "frontends/cli/nearest.h"

#include <fmt/format.h>

#include <algorithm>

namespace siena::frontends::cli {

namespace {
using machine::CharacterDeviceKind;
using machine::Configuration;

bool is_console(const machine::Device& device) {
  return device.driver == "sclpconsole" || device.driver == "sclplmconsole";
}

Problem check_accelerators(const Draft& draft) {
  const auto& names = draft.accelerators;
  if (names.empty() || std::find(names.begin(), names.end(), "tcg") != names.end()) return std::nullopt;
  static constexpr std::string_view kKnown[] = {"tcg"};
  return usage_error("-accel",
                     fmt::format("'{}' is not available{}", names.front(), did_you_mean(names.front(), kKnown)));
}

Problem add_serials(Draft& draft) {
  static constexpr std::string_view kDrivers[] = {"sclpconsole", "sclplmconsole"};
  auto& devices = draft.configuration.devices;
  std::size_t added = 0;
  for (std::size_t i = 0; i < draft.serials.size(); i++) {
    const std::string& argument = draft.serials[i];
    auto id = chardev_of_argument(draft, "-serial", argument, fmt::format("serial{}", i));
    if (!id) return id.error();
    if (argument.starts_with("mon:")) draft.configuration.monitors.push_back({id.value()});
    if (id.value().empty()) continue;
    if (i >= std::size(kDrivers)) return usage_error("-serial", "a machine has no more than two serial consoles");
    devices.insert(devices.begin() + static_cast<std::ptrdiff_t>(added++),
                   {.driver = std::string{kDrivers[i]}, .properties = {{"chardev", id.value()}}});
  }
  return std::nullopt;
}

/// Says what is there by default in the words of the options for it.
void choose_default_consoles(Draft& draft) {
  if (draft.no_defaults) return;
  const auto& configuration = draft.configuration;
  const auto& devices = configuration.devices;
  const auto& chardevs = configuration.chardevs;
  const bool console = draft.serials.empty() && std::none_of(devices.begin(), devices.end(), is_console);
  const bool monitor = draft.monitors.empty() && draft.qmp.empty();
  const auto on_stdio = [](const std::string& argument) { return argument == "stdio" || argument == "mon:stdio"; };
  const bool stdio_is_free = std::none_of(chardevs.begin(),
                                          chardevs.end(),
                                          [](const auto& c) { return c.kind == CharacterDeviceKind::Stdio; }) &&
                             std::none_of(draft.serials.begin(), draft.serials.end(), on_stdio) &&
                             std::none_of(draft.monitors.begin(), draft.monitors.end(), on_stdio);
  const bool visible = stdio_is_free && (draft.no_graphic || !draft.display_none);
  if (console)
    draft.serials.emplace_back(!visible ? "null" : monitor ? "mon:stdio" : "stdio");
  else if (monitor && visible)
    draft.monitors.emplace_back("stdio");
}

/// A device's reference `key` to something with an id.
template <typename T>
Problem check_reference(const machine::Device& device, std::string_view key, const std::vector<T>& all) {
  const std::string* id = machine::find_property(device.properties, key);
  if (id == nullptr) return std::nullopt;
  std::vector<std::string_view> ids;
  for (const T& one : all) ids.push_back(one.id);
  if (std::find(ids.begin(), ids.end(), *id) != ids.end()) return std::nullopt;
  return usage_error("-device",
                     fmt::format("{}: there is no {} '{}'{}", device.driver, key, *id, did_you_mean(*id, ids)));
}

Problem check_devices(const Configuration& configuration) {
  std::vector<std::string> ids, numbers, drives;
  const auto once = [](std::vector<std::string>& seen, const machine::Device& device, std::string_view key) -> Problem {
    const std::string* value = machine::find_property(device.properties, key);
    if (value == nullptr) return std::nullopt;
    if (std::find(seen.begin(), seen.end(), *value) != seen.end())
      return usage_error("-device", fmt::format("{}: {}={} is used twice", device.driver, key, *value));
    seen.push_back(*value);
    return std::nullopt;
  };
  for (const auto& device : configuration.devices) {
    if (auto wrong = check_reference(device, "chardev", configuration.chardevs)) return wrong;
    if (auto wrong = check_reference(device, "drive", configuration.drives)) return wrong;
    if (auto wrong = check_reference(device, "rng", configuration.objects)) return wrong;
    if (auto wrong = once(ids, device, "id")) return wrong;
    if (auto wrong = once(numbers, device, "devno")) return wrong;
    if (auto wrong = once(drives, device, "drive")) return wrong;
    for (const auto& [driver, key] : {std::pair{"virtio-blk-ccw", "drive"},
                                      std::pair{"sclpconsole", "chardev"},
                                      std::pair{"sclplmconsole", "chardev"},
                                      std::pair{"virtconsole", "chardev"},
                                      std::pair{"virtserialport", "chardev"}})
      if (device.driver == driver && machine::find_property(device.properties, key) == nullptr)
        return usage_error("-device", fmt::format("{}: {}= is missing", driver, key));
  }
  return std::nullopt;
}

Problem check_chardev_users(const Configuration& configuration) {
  for (const auto& chardev : configuration.chardevs) {
    if (chardev.mux) continue;
    const auto users = std::count_if(configuration.devices.begin(),
                                     configuration.devices.end(),
                                     [&](const machine::Device& device) {
                                       const auto* id = machine::find_property(device.properties, "chardev");
                                       return id != nullptr && *id == chardev.id;
                                     }) +
                       std::count_if(configuration.monitors.begin(), configuration.monitors.end(), [&](const auto& m) {
                         return m.chardev == chardev.id;
                       });
    if (users > 1)
      return usage_error("-chardev", fmt::format("'{}' is used {} times; that takes mux=on", chardev.id, users));
  }
  return std::nullopt;
}

Problem check_ipl(const Configuration& configuration) {
  if (!configuration.firmware.empty()) return usage_error("-bios", "firmware cannot be run yet; give a kernel");
  if (!configuration.kernel.empty()) return std::nullopt;
  if (!configuration.initrd.empty()) return usage_error("-initrd", "only with -kernel");
  if (!configuration.append.empty()) return usage_error("-append", "only with -kernel");
  return std::nullopt;
}
} // namespace

Problem finish(Draft& draft) {
  auto& configuration = draft.configuration;
  if (auto wrong = check_accelerators(draft)) return wrong;
  choose_default_consoles(draft);
  choose_default_trace(configuration);
  if (auto wrong = add_serials(draft)) return wrong;
  if (auto wrong = add_monitors(draft)) return wrong;
  if (draft.snapshot)
    for (auto& drive : configuration.drives) drive.snapshot = true;
  if (auto wrong = check_devices(configuration)) return wrong;
  if (auto wrong = check_chardev_users(configuration)) return wrong;
  if (auto wrong = check_ipl(configuration)) return wrong;
  // Whoever gives a disk means to IPL it.
  if (configuration.kernel.empty() && configuration.drives.empty())
    configuration.built_in_guest = firmware::demo_guest();
  return std::nullopt;
}

} // namespace siena::frontends::cli
