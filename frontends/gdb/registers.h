// SPDX-License-Identifier: BSD-3-Clause
// A CPU's registers as the debugger numbers them. The names and their grouping into features are GDB's for s390x; the numbers are
// those of qemu-system-s390x 7.2, whose vector (51-82) and guarded-storage (83-86) registers are left out.
#pragma once

#include "cpu/cpu.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace siena::frontends::gdb {

/// Registers that the packets `g` and `G` carry: PSW mask, PSW address, general registers. All have eight bytes.
constexpr unsigned kCoreRegisters = 18;

/// The register's bytes as it would be in storage; nothing when there is no such register.
std::optional<std::vector<u8>> read_register(cpu::Cpu& cpu, unsigned number);
/// False, and nothing changed: no such register, another length, or a value that the register cannot hold.
bool write_register(cpu::Cpu& cpu, unsigned number, std::span<const u8> bytes);

/// The target description (GDB manual, *Target Descriptions*).
std::string target_description();

} // namespace siena::frontends::gdb
