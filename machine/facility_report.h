// SPDX-License-Identifier: BSD-3-Clause
// What the machine tells guest 1 that it can do, as text for people (docs/facilities.md).
#pragma once

#include "machine/cpu_model.h"

#include <string>

namespace siena::machine {

/// Lines that end in '\n': the machine type, the list that STFLE stores with the numbers in it, and QEMU's names of all features that are on.
std::string facility_report(const CpuIdentity& identity);

} // namespace siena::machine
