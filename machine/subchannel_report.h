// SPDX-License-Identifier: BSD-3-Clause
// The subchannels and their state, as text for people.
#pragma once

#include "devices/channel/channel_subsystem.h"

#include <string>

namespace siena::machine {

/// Lines that end in '\n', a subchannel each in the order of their numbers: where it is, its device's number and identity, whether it is
/// enabled, the subclass of its interruptions, what it is doing, and its status as far as the program has not taken it.
std::string subchannel_report(const devices::channel::ChannelSubsystem& channels);

} // namespace siena::machine
