// SPDX-License-Identifier: BSD-3-Clause
// What a CPU has translated and kept for the address space that it is in, as text for people.
#pragma once

#include "cpu/cpu.h"

#include <string>

namespace siena::machine {

/// Lines that end in '\n': virtual page, absolute frame, and the accesses that need no further look (f fetch, s store, x execute; w: stores
/// that somebody watches; l: stores but to the first 512 bytes). Other address spaces' translations are kept, and not shown.
std::string tlb_report(cpu::Cpu& cpu, const mmu::AbsoluteStorage& storage);

} // namespace siena::machine
