// SPDX-License-Identifier: BSD-3-Clause
// A guest under SIE as a core file, from what is known of it (sie/guest_directory.h).
#pragma once

#include "frontends/dump/core_file.h"
#include "machine/machine.h"

namespace siena::frontends::dump {

/// Writes guest `number` (2, 3, ...) while the machine stands still: its storage as its SIE host's tables map it now, and its CPUs. Of a CPU
/// that is not running, access, floating-point and vector registers are not known and written as zeros; general registers 0-13 are those
/// of its last exit.
Result<Written> write_guest_core(machine::Machine& machine, unsigned number, const std::string& path);

} // namespace siena::frontends::dump
