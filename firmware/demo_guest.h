// SPDX-License-Identifier: BSD-3-Clause
// The built-in guest: an image that begins with an IPL PSW, made by firmware/build from the programs in firmware/demo, which
// run inside the machine.
#pragma once

#include "base/types.h"

#include <span>

namespace siena::firmware {

/// Lives as long as the process.
std::span<const u8> demo_guest();

} // namespace siena::firmware
