// SPDX-License-Identifier: BSD-3-Clause
// Where everybody is: the CPUs, the guests that they interpret and those that rest, and how they came there. For somebody who finds a
// machine that has stopped making sense.
#pragma once

#include "machine/machine.h"

#include <functional>
#include <string>

namespace siena::machine {

/// "start_kernel+0x22" for an instruction address of guest `guest` (1: guest 1; else sie::KnownGuest::number), or an empty text.
using NameOfAddress = std::function<std::string(unsigned guest, u64 address)>;

/// Lines that end in '\n'. Looking changes nothing.
std::string state_report(Machine& machine, const NameOfAddress& name = {});

} // namespace siena::machine
