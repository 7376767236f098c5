// SPDX-License-Identifier: BSD-3-Clause
// The notes of an s390x core file: per CPU what QEMU and Linux write there, in QEMU's order, and the kernel's own note.
#pragma once

#include "frontends/dump/source.h"

namespace siena::frontends::dump {

/// All notes of a CPU, one behind the other as in a PT_NOTE segment. Threads are numbered by CPU address from 1 on.
std::vector<u8> cpu_notes(const CpuState& cpu, bool vector_registers);

/// The note VMCOREINFO (text: where the kernel is and how its structures look), which Linux keeps in its storage and publishes the
/// address of in absolute location 0xE0C (arch/s390/include/asm/lowcore.h, `vmcore_info`). Empty when there is none.
std::vector<u8> kernel_note(const Source& source);

} // namespace siena::frontends::dump
