// SPDX-License-Identifier: BSD-3-Clause
// The commands x and xp: storage as numbers, characters or instructions, laid out as QEMU's monitor does. Looking changes
// nothing: no storage key, no reference bit, no exception.
#pragma once

#include "cpu/cpu.h"

#include <optional>
#include <string>
#include <string_view>

namespace siena::frontends::monitor {

enum class StorageKind : u8 {
  Virtual, ///< as the CPU's program sees it now: DAT, prefixing, SIE; no storage keys
  Absolute ///< of guest 1
};

/// /COUNT FORMAT SIZE: x hexadecimal, d signed, u unsigned, o octal, c characters, i instructions; b, h, w, g: 1, 2, 4, 8 bytes.
struct DumpFormat {
  u64 count = 1;
  char format = 'x';
  unsigned size = 4; ///< bytes of a number
};

/// Changes `format` as the text says, which may say anything from nothing on; answers what is wrong with it.
std::optional<std::string> read_format(std::string_view text, DumpFormat& format);

/// Lines that end in '\n'. What cannot be accessed ends the dump with a line that says so.
std::string dump_storage(cpu::Cpu& cpu, StorageKind kind, u64 address, const DumpFormat& format);

} // namespace siena::frontends::monitor
