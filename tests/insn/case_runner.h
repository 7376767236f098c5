// SPDX-License-Identifier: BSD-3-Clause
// Runs one case of tests/insn at one level and says in words what is not as the case expects.
#pragma once

#include "tests/insn/guest_program.h"

namespace siena::insn {

/// Empty when the machine did what the case says; else the first difference.
std::string first_difference(const Case& one, const Level& level);
/// The case as a failure shows it: place, sentence, assembly, disassembly of the bytes.
std::string description(const Case& one, const Level& level);

} // namespace siena::insn
