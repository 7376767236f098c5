// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/nearest.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace siena::frontends::cli {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Row i of the table holds the distances between a's first i characters and every beginning of b.
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); j++) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); i++) {
    before.swap(above);
    above.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); j++) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::string did_you_mean(std::string_view wrong, std::span<const std::string_view> known, std::string_view prefix) {
  if (wrong.size() > 64) return {}; // nobody mistypes that much, and the table is quadratic
  std::string_view nearest;
  std::size_t least = std::max<std::size_t>(2, wrong.size() / 2) + 1;
  for (const std::string_view word : known) {
    // A word that merely goes on is nearer than any that differs.
    const std::size_t distance = !wrong.empty() && word.starts_with(wrong) ? 1 : edit_distance(wrong, word);
    if (distance < least && distance < std::max(word.size(), wrong.size())) {
      least = distance;
      nearest = word;
    }
  }
  return nearest.empty() ? std::string{} : fmt::format("; did you mean '{}{}'?", prefix, nearest);
}

} // namespace siena::frontends::cli
