// SPDX-License-Identifier: BSD-3-Clause
// The registers of a CPU, as text for people: QEMU's layout, then those that QEMU's does not have. Under SIE they are the guest's.
#pragma once

#include "cpu/cpu.h"

#include <string>

namespace siena::machine {

/// Lines that end in '\n'.
std::string register_report(const cpu::Cpu& cpu);

/// operating, stopped or check-stop: QEMU's words (*CpuS390State* in its QMP reference).
std::string_view state_name(const cpu::Cpu& cpu);

} // namespace siena::machine
