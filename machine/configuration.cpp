// SPDX-License-Identifier: BSD-3-Clause
#include "machine/configuration.h"

#include <fmt/format.h>

#include <algorithm>

namespace siena::machine {

namespace {
template <typename T>
const T* find_id(const std::vector<T>& all, std::string_view id) {
  const auto it = std::find_if(all.begin(), all.end(), [id](const T& one) { return one.id == id; });
  return it == all.end() ? nullptr : &*it;
}

ConfigurationError usage(std::string message) { return {.message = std::move(message), .exit_code = 2}; }
} // namespace

const std::string* find_property(const Properties& properties, std::string_view key) {
  const auto it = std::find_if(properties.rbegin(), properties.rend(), [key](const auto& p) { return p.first == key; });
  return it == properties.rend() ? nullptr : &it->second;
}

std::optional<bool> parse_switch(std::string_view text) {
  if (text == "on" || text == "yes" || text == "true" || text == "y") return true;
  if (text == "off" || text == "no" || text == "false" || text == "n") return false;
  return std::nullopt;
}

bool property_is_on(const Properties& properties, std::string_view key, bool otherwise) {
  const std::string* value = find_property(properties, key);
  return value == nullptr ? otherwise : parse_switch(*value).value_or(otherwise);
}

std::string input_source(const std::string& chardev, unsigned user) {
  // No id has a '#' in it.
  return user == 1 ? chardev : fmt::format("{}#{}", chardev, user);
}

std::optional<ConfigurationError> check_storage_size(u64 size, std::string_view option) {
  if (size == 0) return usage(fmt::format("{}: a machine needs at least 1 MiB of storage", option));
  if (size > kMaximumStorageSize)
    return usage(fmt::format("{}: {} MiB is more than the {} MiB a machine can have",
                             option,
                             size / kMebibyte,
                             kMaximumStorageSize / kMebibyte));
  if (size % kMebibyte != 0)
    return usage(fmt::format(
        "{}: {} bytes is not a multiple of 1 MiB; the next one is {} MiB", option, size, size / kMebibyte + 1));
  return std::nullopt;
}

std::optional<ConfigurationError> check_cpu_count(u64 count, std::string_view option) {
  if (count == 0) return usage(fmt::format("{}: a machine needs at least one CPU", option));
  if (count > kMaximumCpuCount)
    return usage(fmt::format("{}: {} CPUs are more than the {} a machine can have", option, count, kMaximumCpuCount));
  return std::nullopt;
}

const CharacterDevice* find_chardev(const Configuration& configuration, std::string_view id) {
  return find_id(configuration.chardevs, id);
}

const Drive* find_drive(const Configuration& configuration, std::string_view id) {
  return find_id(configuration.drives, id);
}

} // namespace siena::machine
