// SPDX-License-Identifier: BSD-3-Clause
// -identify: everything that a guest of this configuration would be told about its machine, asked of the machine itself.
#pragma once

#include "machine/configuration.h"

#include <string>

namespace siena::frontends::cli {

/// Lines of text: STIDP, STFLE, STSI, the SCLP's Read SCP Information. Builds the machine but no console, and runs nothing.
Result<std::string> identification(machine::Configuration configuration);

} // namespace siena::frontends::cli
