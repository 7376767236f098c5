// SPDX-License-Identifier: BSD-3-Clause
// How far the CPUs have come, in cycles, instructions and time, as text for people.
#pragma once

#include <string>

namespace siena::machine {

class Machine;

/// Lines that end in '\n'.
std::string time_report(Machine& machine);

} // namespace siena::machine
