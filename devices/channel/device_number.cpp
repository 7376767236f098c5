// SPDX-License-Identifier: BSD-3-Clause
#include "devices/channel/device_number.h"

#include <charconv>
#include <string>

namespace siena::devices::channel {
namespace {

/// Takes a hexadecimal number of up to `digits` digits and the dot behind it, if any, from the front of `text`.
bool take_part(std::string_view& text, std::size_t digits, bool last, unsigned& value) {
  const std::size_t length = last ? text.size() : text.find('.');
  if (length == std::string_view::npos || length == 0 || length > digits) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + length, value, 16);
  if (error != std::errc{} || end != text.data() + length) return false;
  text.remove_prefix(last ? length : length + 1);
  return true;
}

} // namespace

Result<DeviceNumber> parse_device_number(std::string_view text) {
  std::string_view rest = text;
  unsigned image = 0, set = 0, number = 0;
  const bool ok =
      take_part(rest, 2, false, image) && take_part(rest, 1, false, set) && take_part(rest, 4, true, number);
  if (!ok || set >= kSubchannelSets || (image != kDefaultImage && image != 0))
    return ConfigurationError{"devno=" + std::string(text) + ": expected fe.<set 0-3>.<number 0000-ffff>", 2};
  return DeviceNumber{static_cast<u8>(set), static_cast<u16>(number)};
}

} // namespace siena::devices::channel
