// SPDX-License-Identifier: BSD-3-Clause
// What a dump is made of: the CPUs and the storage of one guest, which stand still while it is written. A machine is such a source
// (machine_source.h); a guest under SIE can be another.
#pragma once

#include "cpu/state/registers.h"

#include <span>
#include <vector>

namespace siena::frontends::dump {

/// One CPU of the guest.
struct CpuState {
  u16 address = 0; ///< CPU address
  cpu::Registers registers;
  u64 cpu_timer = 0; ///< CPU-timer units
};

/// A range of the guest's absolute addresses; both are multiples of 4 KB.
struct StorageRange {
  u64 start = 0;
  u64 length = 0;
  u64 end() const { return start + length; }
};

class Source {
 public:
  virtual ~Source() = default;
  /// In the order in which they are written.
  virtual std::vector<CpuState> cpus() const = 0;
  /// The vector registers count, not only their floating-point halves.
  virtual bool has_vector_registers() const = 0;
  /// Main storage, ascending, without overlaps.
  virtual std::vector<StorageRange> storage() const = 0;
  /// Copies from the guest's absolute storage; the bytes lie in one of the ranges. Pages that are not to be had read as zeros; answers how
  /// many bytes that are. Changes nothing in the guest, nor in its reference bits.
  virtual u64 read(u64 address, std::span<u8> to) const = 0;
};

} // namespace siena::frontends::dump
