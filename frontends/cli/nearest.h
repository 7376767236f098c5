// SPDX-License-Identifier: BSD-3-Clause
// "Did you mean": the known word that a mistyped one most likely stands for.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace siena::frontends::cli {

/// Insertions, deletions, replacements and exchanges of neighbours that turn one word into the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// "; did you mean 'WORD'?" with the known word nearest to `wrong`, or nothing when none is near.
std::string did_you_mean(std::string_view wrong, std::span<const std::string_view> known, std::string_view prefix = "");

} // namespace siena::frontends::cli
