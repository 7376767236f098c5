// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/drivers.h"

#include "frontends/cli/nearest.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace siena::frontends::cli {

namespace {
using enum PropertyKind;

constexpr DriverProperty kEveryDevice[] = {{"id", Text}, {"bus", Text}};
// Of these only devno has a meaning here; the others say what a virtio-ccw device of ours does or does not do anyway.
constexpr DriverProperty kEveryChannelDevice[] = {{"devno", DeviceNumber},
                                                  {"max_revision", Number},
                                                  {"iommu_platform", Switch},
                                                  {"packed", Switch},
                                                  {"indirect_desc", Switch},
                                                  {"event_idx", Switch},
                                                  {"ioeventfd", Switch},
                                                  {"any_layout", Switch},
                                                  {"notify_on_empty", Switch},
                                                  {"use-started", Switch},
                                                  {"use-disabled-flag", Switch},
                                                  {"queue_reset", Switch},
                                                  {"x-disable-legacy-check", Switch}};
constexpr DriverProperty kConsole[] = {{"chardev", Text}};
constexpr DriverProperty kLineModeConsole[] = {{"chardev", Text}, {"echo", Switch}, {"write_errors", Number}};
constexpr DriverProperty kBlock[] = {{"drive", Text},
                                     {"serial", Text},
                                     {"bootindex", Number},
                                     {"logical_block_size", Size},
                                     {"physical_block_size", Size},
                                     {"min_io_size", Size},
                                     {"opt_io_size", Size},
                                     {"discard_granularity", Size},
                                     {"num-queues", Number},
                                     {"queue-size", Number},
                                     {"config-wce", Switch},
                                     {"write-cache", SwitchOrAuto},
                                     {"discard", Switch},
                                     {"write-zeroes", Switch},
                                     {"max-discard-sectors", Number},
                                     {"max-write-zeroes-sectors", Number},
                                     {"request-merging", Switch},
                                     {"seg-max-adjust", Switch},
                                     {"share-rw", Switch},
                                     {"iothread", Text},
                                     {"rerror", Text},
                                     {"werror", Text},
                                     {"scsi", Switch},
                                     {"cyls", Number},
                                     {"heads", Number},
                                     {"secs", Number}};
constexpr DriverProperty kRandom[] = {{"rng", Text}, {"max-bytes", Number}, {"period", Number}};
constexpr DriverProperty kSerial[] = {{"max_ports", Number}, {"emergency-write", Switch}};
constexpr DriverProperty kPort[] = {{"chardev", Text}, {"name", Text}, {"nr", Number}};
constexpr DriverProperty kBalloon[] = {
    {"deflate-on-oom", Switch}, {"free-page-hint", Switch}, {"free-page-reporting", Switch}, {"page-poison", Switch}};

constexpr DeviceDriver kDrivers[] = {
    {"sclpconsole", "", false, kConsole, "console in full-screen mode (VT220) on the service-call interface"},
    {"sclplmconsole", "", false, kLineModeConsole, "console in line mode on the service-call interface"},
    {"virtio-blk-ccw", "virtio-blk", true, kBlock, "disk"},
    {"virtio-rng-ccw", "virtio-rng", true, kRandom, "source of random numbers"},
    {"virtio-serial-ccw", "virtio-serial", true, kSerial, "ports and consoles"},
    {"virtconsole", "", false, kPort, "console on a virtio-serial device"},
    {"virtserialport", "", false, kPort, "port on a virtio-serial device"},
    {"virtio-balloon-ccw", "virtio-balloon", true, kBalloon, "storage that the guest gives back"},
};

std::vector<DriverProperty> all_properties(const DeviceDriver& driver) {
  std::vector<DriverProperty> all(driver.properties.begin(), driver.properties.end());
  if (driver.on_channel) all.insert(all.end(), std::begin(kEveryChannelDevice), std::end(kEveryChannelDevice));
  all.insert(all.end(), std::begin(kEveryDevice), std::end(kEveryDevice));
  return all;
}

std::string_view describe_kind(PropertyKind kind) {
  switch (kind) {
  case Text: return "text";
  case Switch: return "on or off";
  case SwitchOrAuto: return "on, off or auto";
  case Number: return "a number";
  case Size: return "a size";
  case DeviceNumber: return "a device number such as fe.0.0001";
  }
  return "";
}

bool has_kind(const std::string& value, PropertyKind kind) {
  switch (kind) {
  case Text: return true;
  case Switch: return parse_switch(value).has_value();
  case SwitchOrAuto: return value == "auto" || parse_switch(value).has_value();
  case Number: return parse_number(value).has_value();
  case Size: return parse_size(value, 1).has_value();
  case DeviceNumber: return is_device_number(value);
  }
  return false;
}
} // namespace

const DeviceDriver* find_driver(std::string_view name) {
  const auto* found = std::find_if(std::begin(kDrivers), std::end(kDrivers), [name](const DeviceDriver& driver) {
    return driver.name == name || (!driver.alias.empty() && driver.alias == name);
  });
  return found == std::end(kDrivers) ? nullptr : found;
}

std::string driver_suggestion(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& driver : kDrivers) names.push_back(driver.name);
  return did_you_mean(name, names);
}

Problem check_properties(std::string_view option, const DeviceDriver& driver, const machine::Properties& properties) {
  const auto known = all_properties(driver);
  for (const auto& [key, value] : properties) {
    const auto found = std::find_if(known.begin(), known.end(), [&key = key](const auto& p) { return p.name == key; });
    if (found == known.end()) {
      std::vector<std::string_view> names;
      for (const auto& property : known) names.push_back(property.name);
      return usage_error(option, fmt::format("{} has no property '{}'{}", driver.name, key, did_you_mean(key, names)));
    }
    if (!has_kind(value, found->kind))
      return usage_error(option, fmt::format("{}: {}={}: not {}", driver.name, key, value, describe_kind(found->kind)));
  }
  return std::nullopt;
}

machine::Properties in_decimal(const DeviceDriver& driver, machine::Properties properties) {
  for (const auto& known : all_properties(driver)) {
    if (known.kind != Number && known.kind != Size) continue;
    for (auto& [key, value] : properties) {
      if (key != known.name) continue;
      const auto number = known.kind == Number ? parse_number(value) : parse_size(value, 1);
      if (number) value = std::to_string(*number);
    }
  }
  return properties;
}

std::string describe_drivers() {
  std::string text;
  for (const auto& driver : kDrivers) {
    text += fmt::format("name \"{}\"", driver.name);
    if (!driver.alias.empty()) text += fmt::format(", alias \"{}\"", driver.alias);
    text += fmt::format(", {}\n", driver.help);
  }
  return text;
}

std::string describe_driver(const DeviceDriver& driver) {
  std::string text = fmt::format("{} options:\n", driver.name);
  for (const auto& property : all_properties(driver))
    text += fmt::format("  {:25} {}\n", property.name, describe_kind(property.kind));
  return text;
}

} // namespace siena::frontends::cli
