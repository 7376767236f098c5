// SPDX-License-Identifier: BSD-3-Clause
// Options about whoever watches a guest.
#include "frontends/cli/draft.h"
#include "frontends/profile/profiler.h"

#include <fmt/format.h>

#include <algorithm>

namespace siena::frontends::cli {

Problem read_symbols(Draft& draft, std::string_view option, std::string_view argument) {
  machine::SymbolSource source;
  bool from_storage = false;
  for (const auto& part : split_at_commas(argument)) {
    const std::string_view item = part;
    if (item.starts_with("depth=")) {
      const auto depth = parse_number(item.substr(6));
      if (!depth || *depth == 0 || *depth > machine::kDeepestSymbols)
        return usage_error(option, fmt::format("'{}' is no depth: 1 to {}", item, machine::kDeepestSymbols));
      source.depth = static_cast<unsigned>(*depth);
    } else if (item.starts_with("save=")) {
      source.save = item.substr(5);
      if (source.save.empty()) return usage_error(option, "the name behind save= is empty");
    } else if (from_storage || !source.file.empty() || item.empty()) {
      return usage_error(option, fmt::format("'{}' is not [depth=N,]FILE|auto[,save=FILE]", argument));
    } else if (item == "auto") {
      from_storage = true;
    } else {
      source.file = item;
    }
  }
  if (!from_storage && source.file.empty()) return usage_error(option, "FILE or auto is missing");
  auto& all = draft.configuration.symbols;
  if (std::any_of(all.begin(), all.end(), [&](const auto& s) { return s.depth == source.depth; }))
    return usage_error(option, fmt::format("depth {} has symbols already", source.depth));
  all.push_back(std::move(source));
  return std::nullopt;
}

Problem read_profile(Draft& draft, std::string_view option, std::string_view argument) {
  machine::Profile profile{.file = {}, .interval = profile::kDefaultInterval};
  for (const auto& part : split_at_commas(argument)) {
    const std::string_view item = part;
    if (item.starts_with("interval=")) {
      const auto interval = parse_number(item.substr(9));
      if (!interval || *interval < profile::kShortestInterval)
        return usage_error(option,
                           fmt::format("'{}' is no number of cycles from {} on", item, profile::kShortestInterval));
      profile.interval = *interval;
    } else if (!profile.file.empty() || item.empty()) {
      return usage_error(option, fmt::format("'{}' is not FILE[,interval=CYCLES]", argument));
    } else {
      profile.file = item;
    }
  }
  if (profile.file.empty()) return usage_error(option, "FILE is missing");
  draft.configuration.profile = std::move(profile);
  return std::nullopt;
}

} // namespace siena::frontends::cli
