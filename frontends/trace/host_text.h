// SPDX-License-Identifier: BSD-3-Clause
// Host code as text: through Capstone when Siena was built with it, else the bytes.
#pragma once

#include "base/types.h"

#include <span>
#include <string>
#include <vector>

namespace siena::frontends::trace {

/// One line an instruction, with its distance from the first byte. `address`: where the code is executed. Bytes that are no
/// instruction come out as such.
std::vector<std::string> host_text(std::span<const u8> code, u64 address);

} // namespace siena::frontends::trace
