// SPDX-License-Identifier: BSD-3-Clause
// The devices that a Configuration names: built, attached to the SCLP or the channel subsystem, and connected to their character
// devices, images and generators.
#pragma once

#include "devices/channel/channel_subsystem.h"
#include "devices/sclp/sclp.h"
#include "machine/configuration.h"
#include "machine/external_events.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace siena::machine {

class Surroundings;

class Peripherals {
 public:
  Peripherals(const Configuration& configuration,
              devices::sclp::Sclp& sclp,
              devices::channel::ChannelSubsystem& channels,
              ExternalEvents& external,
              Surroundings& surroundings);

  /// Builds everything; the first thing that cannot be built is the error.
  std::optional<ConfigurationError> build();
  /// What the guest wrote to the port named siena.exit, when it is a decimal status.
  std::optional<int> guest_exit_code() const { return std::nullopt; }

 private:
  std::optional<ConfigurationError> add_console(const Device& device);

  const Configuration& configuration_;
  devices::sclp::Sclp& sclp_;
  devices::channel::ChannelSubsystem& channels_;
  ExternalEvents& external_;
  Surroundings& surroundings_;
};

} // namespace siena::machine
