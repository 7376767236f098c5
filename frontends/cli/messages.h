// SPDX-License-Identifier: BSD-3-Clause
// Lines for the user on stderr.
#pragma once

#include <string_view>

namespace siena::frontends::cli {

/// One line, whatever the names in it hold: control characters become question marks.
void print_line(std::string_view text);
/// The same after "siena: ".
void print_note(std::string_view text);

} // namespace siena::frontends::cli
