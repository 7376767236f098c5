// SPDX-License-Identifier: BSD-3-Clause
// What the translation tables of a CPU's current address space map: ranges of virtual addresses, as text for people.
#pragma once

#include "cpu/cpu.h"

#include <string>

namespace siena::machine {

/// Lines that end in '\n': first, size, and what may be done there, as the tables say it (no storage keys, no low-address protection).
/// Neighbours with equal rights are one range. Long lists and endless tables are cut, and the report says so. Under SIE the tables are
/// the guest's.
std::string mapping_report(cpu::Cpu& cpu);

} // namespace siena::machine
