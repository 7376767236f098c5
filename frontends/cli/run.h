// SPDX-License-Identifier: BSD-3-Clause
// Siena as a program: a command line in, a machine's life, an exit status out (exit_status.h).
#pragma once

#include <string>
#include <vector>

namespace siena::frontends::cli {

/// `arguments` without the program's name. Prints errors on stderr, one line each.
int run(const std::vector<std::string>& arguments);

} // namespace siena::frontends::cli
