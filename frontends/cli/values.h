// SPDX-License-Identifier: BSD-3-Clause
// The syntax of option arguments: numbers, sizes, switches, and lists of key=value.
#pragma once

#include "base/result.h"
#include "base/types.h"
#include "machine/configuration.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace siena::frontends::cli {

/// Nothing when all is well.
using Problem = std::optional<ConfigurationError>;

/// A usage error (exit code 2): "OPTION: what".
ConfigurationError usage_error(std::string_view option, std::string_view what);

/// Decimal, or hexadecimal after 0x; the whole text.
std::optional<u64> parse_number(std::string_view text);
/// A number of bytes, with a fraction and a suffix b, k, M, G, T, P or E if wanted; without one, in `unit`s.
std::optional<u64> parse_size(std::string_view text, u64 unit);
using machine::parse_switch;
/// Seconds since 1970 of YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS (UTC).
std::optional<s64> parse_date(std::string_view text);
/// 8-4-4-4-12 hexadecimal digits.
bool is_uuid(std::string_view text);
/// A device number as a channel subsystem has it, fe.S.DDDD with S 0 to 3.
bool is_device_number(std::string_view text);

/// Splits at commas; two commas stand for one that belongs to the text.
std::vector<std::string> split_at_commas(std::string_view text);

/// key=value,... as QEMU reads it: the first item may leave out `implied_key`=; any other item without = is a switch that is on.
Result<machine::Properties>
parse_properties(std::string_view option, std::string_view text, std::string_view implied_key);

/// What is wrong when a key is not among `known`.
Problem check_keys(std::string_view option,
                   const machine::Properties& properties,
                   std::initializer_list<std::string_view> known);

/// Removes the last `key` and all earlier ones; nothing when there is none.
std::optional<std::string> take(machine::Properties& properties, std::string_view key);

/// Sets `target` from the switch `key` if it is there; a value that is not a switch's is a problem.
Problem read_switch(std::string_view option, const machine::Properties& properties, std::string_view key, bool& target);

} // namespace siena::frontends::cli
