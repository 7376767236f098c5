// SPDX-License-Identifier: BSD-3-Clause
// Storage as a debugger sees it: through a CPU's translation as it is now, without protection, and without leaving a trace in
// reference bits or translation buffers.
#pragma once

#include "cpu/cpu.h"

#include <span>

namespace siena::frontends::gdb {

/// Copies bytes out until one cannot be had; answers how many. Addresses wrap as the CPU's do.
std::size_t read_storage(cpu::Cpu& cpu, u64 address, std::span<u8> to);
/// Copies bytes in, all of them or none: false when one cannot be had. Decoded instructions and whoever else watches the frames
/// are told.
bool write_storage(cpu::Cpu& cpu, u64 address, std::span<const u8> from);

} // namespace siena::frontends::gdb
