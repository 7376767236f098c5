// SPDX-License-Identifier: BSD-3-Clause
// How a part saves and restores its architected or device state. The file format is machine/'s; a part only sees these two
// interfaces. Every part writes a section: a name and a version first, then its fields in a fixed order.
#pragma once

#include "base/types.h"

#include <span>
#include <string>
#include <string_view>

namespace siena {

class SnapshotWriter {
 public:
  virtual ~SnapshotWriter() = default;
  /// Starts a section. Sections do not nest.
  virtual void begin(std::string_view name, u32 version) = 0;
  virtual void number(u64 value) = 0;
  virtual void bytes(std::span<const u8> data) = 0;
};

class SnapshotReader {
 public:
  virtual ~SnapshotReader() = default;
  /// Enters the next section; answers its version. A section of another name makes the reader fail (ok() turns false).
  virtual u32 begin(std::string_view name) = 0;
  /// Zero once the reader has failed, so that callers need to look at ok() only at the end.
  virtual u64 number() = 0;
  /// Fills `data` with the next byte field, which must have exactly that length.
  virtual void bytes(std::span<u8> data) = 0;
  virtual bool ok() const = 0;
};

} // namespace siena
