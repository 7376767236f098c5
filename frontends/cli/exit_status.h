// SPDX-License-Identifier: BSD-3-Clause
// What the program's exit status says. A guest can choose one for its power-off.
#pragma once

namespace siena::frontends::cli::exit_status {

constexpr int kPoweredOff = 0; ///< or ended by the user
constexpr int kUsage = 2;
constexpr int kFailed = 125;       ///< Siena or something it needs of the host
constexpr int kDisabledWait = 126; ///< the guest's panic
constexpr int kSignal = 128;       ///< plus the number of the signal that ended the machine

} // namespace siena::frontends::cli::exit_status
