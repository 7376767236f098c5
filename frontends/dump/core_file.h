// SPDX-License-Identifier: BSD-3-Clause
// A guest that stands still as an ELF core file for gdb and crash: ELF64, big-endian, s390, one PT_NOTE segment (notes.h) and a
// PT_LOAD segment for each range of storage, by absolute address. Pages of zeros are holes in the file.
#pragma once

#include "base/result.h"
#include "frontends/dump/source.h"

#include <string>

namespace siena::frontends::dump {

struct Written {
  u64 file_size = 0; ///< bytes, holes included
  u64 stored = 0;    ///< bytes that are not in holes
  u64 missing = 0;   ///< bytes of storage that the source could not give; they read as zeros
  std::size_t cpus = 0;
  bool kernel_note = false; ///< the guest's kernel says where it is (VMCOREINFO)
};

/// Writes `path`.part with mode 0600, which then becomes `path`, replacing an older file. After an error there is neither a part nor a new
/// file; the message names the path and the cause. What `path` names must be a regular file, if it is there.
Result<Written> write_core(const Source& source, const std::string& path);

} // namespace siena::frontends::dump
