// SPDX-License-Identifier: BSD-3-Clause
// Which spaces of guest 1 have shadows now (docs/sie.md, *Shadows*), as text for people.
#pragma once

#include "sie/shadow_gmap/gmap.h"

#include <string>

namespace siena::machine {

/// Lines that end in '\n': a space each, the one used last first, with its tables and pages by level.
std::string shadow_report(const sie::shadow_gmap::Gmap& gmap);

} // namespace siena::machine
