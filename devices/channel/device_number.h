// SPDX-License-Identifier: BSD-3-Clause
// Device numbers as the command line spells them: `fe.0.1234` is channel-subsystem image fe (the virtual one, which the
// program sees as image 0), subchannel set 0, device 1234.
#pragma once

#include "base/result.h"
#include "base/types.h"

#include <string_view>

namespace siena::devices::channel {

constexpr u8 kDefaultImage = 0xFE;
constexpr u8 kVirtualPathType = 0x32;
constexpr u8 kSubchannelSets = 4;

struct DeviceNumber {
  u8 set = 0;
  u16 number = 0;
  bool operator==(const DeviceNumber&) const = default;
};

/// Reads `fe.S.NNNN`; `0.S.NNNN`, as the program shows it, is accepted too.
Result<DeviceNumber> parse_device_number(std::string_view text);

} // namespace siena::devices::channel
