// SPDX-License-Identifier: BSD-3-Clause
// Siena as a program: a command line in, a machine's life, an exit status out.
#pragma once

#include <string>
#include <vector>

namespace siena::frontends::cli {

namespace exit_status {
constexpr int kPoweredOff = 0;
constexpr int kUsage = 2;
constexpr int kFailed = 125;       ///< Siena or something it needs of the host
constexpr int kDisabledWait = 126; ///< the guest's panic
} // namespace exit_status

/// `arguments` without the program's name. Prints errors on stderr, one line each.
int run(const std::vector<std::string>& arguments);

} // namespace siena::frontends::cli
