// SPDX-License-Identifier: BSD-3-Clause
// A thread's registers as the debugger numbers them. Names and their grouping into features are GDB's for s390x (QEMU's for control
// registers and what it calls virt); the numbers up to 107 are those of qemu-system-s390x 7.2. Feature org.siena.gdb.s390.sie is ours.
#pragma once

#include "frontends/gdb/thread_view.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace siena::frontends::gdb {

/// Registers that the packets `g` and `G` carry: PSW mask, PSW address, general registers. All have eight bytes.
constexpr unsigned kCoreRegisters = 18;

/// What a machine's debugger is told of: vector registers only where the vector facility is installed.
struct RegisterSet {
  bool vectors = false;
};

/// How many bytes the register has; 0 when there is no such register.
unsigned register_size(const RegisterSet& set, unsigned number);
/// The register's bytes as it would be in storage; empty when it cannot be had now.
std::vector<u8> read_register(const RegisterSet& set, const ThreadView& thread, unsigned number);
/// False, and nothing changed: no such register, another length, or a value that the register cannot hold.
bool write_register(const RegisterSet& set, ThreadView& thread, unsigned number, std::span<const u8> bytes);

/// The file of that name, "target.xml" first (GDB manual, *Target Descriptions*); nothing when there is none.
std::optional<std::string> target_description(const RegisterSet& set, std::string_view annex);

} // namespace siena::frontends::gdb
