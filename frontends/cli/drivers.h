// SPDX-License-Identifier: BSD-3-Clause
// The device drivers that -device knows, with the properties each takes.
#pragma once

#include "frontends/cli/values.h"

#include <span>
#include <string>
#include <string_view>

namespace siena::frontends::cli {

enum class PropertyKind : u8 { Text, Switch, SwitchOrAuto, Number, Size, DeviceNumber };

struct DriverProperty {
  std::string_view name;
  PropertyKind kind;
};

struct DeviceDriver {
  std::string_view name;
  std::string_view alias; ///< as QEMU has it; or empty
  bool on_channel;        ///< attached by a subchannel, with the properties that all such devices share
  std::span<const DriverProperty> properties;
  std::string_view help;
};

/// The driver called `name`, by alias too, or nullptr.
const DeviceDriver* find_driver(std::string_view name);
/// "; did you mean ...?" for a name that is no driver's.
std::string driver_suggestion(std::string_view name);
/// Whether every property is one of the driver's and has a value of its kind.
Problem check_properties(std::string_view option, const DeviceDriver& driver, const machine::Properties& properties);
/// The same properties, checked ones, with numbers and sizes in decimal and bytes.
machine::Properties in_decimal(const DeviceDriver& driver, machine::Properties properties);
/// What `-device help` and `-device DRIVER,help` print.
std::string describe_drivers();
std::string describe_driver(const DeviceDriver& driver);

} // namespace siena::frontends::cli
