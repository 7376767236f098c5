// SPDX-License-Identifier: BSD-3-Clause
// What interpretive execution has done so far, as text for people: entries and exits, and what shadows were made and removed
// (docs/sie.md, *Shadows*).
#pragma once

#include "sie/interpretive_execution.h"

#include <string>

namespace siena::machine {

/// Lines that end in '\n'.
std::string sie_report(const sie::InterpretiveExecution& interpretive);
/// Exits by interception code: "00:12749 04:72", or "-".
std::string exits_by_code(const sie::InterpretiveExecution::Statistics& statistics);

} // namespace siena::machine
