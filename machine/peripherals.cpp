// SPDX-License-Identifier: BSD-3-Clause
#include "machine/peripherals.h"

#include "machine/machine.h"

namespace siena::machine {

Peripherals::Peripherals(const Configuration& configuration,
                         devices::sclp::Sclp& sclp,
                         devices::channel::ChannelSubsystem& channels,
                         ExternalEvents& external,
                         Surroundings& surroundings)
    : configuration_(configuration), sclp_(sclp), channels_(channels), external_(external),
      surroundings_(surroundings) {}

std::optional<ConfigurationError> Peripherals::add_console(const Device& device) {
  const std::string* chardev = find_property(device.properties, "chardev");
  if (chardev == nullptr) return ConfigurationError{"-device " + device.driver + ": needs chardev=", 2};
  devices::ByteSink& output = surroundings_.output(*chardev);
  if (device.driver == "sclpconsole") {
    auto& console = sclp_.add_ascii_console(output);
    external_.connect(*chardev, [&console](std::span<const u8> bytes) { return console.receive(bytes); });
  } else {
    auto& console = sclp_.add_operator_console(output, {});
    external_.connect(*chardev, [&console](std::span<const u8> bytes) { return console.receive(bytes); });
  }
  return std::nullopt;
}

std::optional<ConfigurationError> Peripherals::build() {
  for (const Device& device : configuration_.devices) {
    if (device.driver == "sclpconsole" || device.driver == "sclplmconsole") {
      if (auto error = add_console(device)) return error;
    }
  }
  return std::nullopt;
}

} // namespace siena::machine
