// SPDX-License-Identifier: BSD-3-Clause
// A guest under SIE as a source of dumps: its absolute storage as the tables of its SIE host map it, and CPUs as the caller knows them
// (a state description holds no general registers 0-13, access, floating-point and vector registers; they are the CPU's while it runs).
#pragma once

#include "base/result.h"
#include "frontends/dump/source.h"
#include "mmu/storage.h"
#include "mmu/translation.h"

namespace siena::frontends::dump {

class GuestSource final : public Source {
 public:
  /// How guest-absolute addresses become absolute ones.
  struct Space {
    mmu::SieHostSpace& tables; ///< looks only: nothing changes when it is asked. Faults are those of DAT
    u64 origin = 0;     ///< where guest-absolute 0 is in the SIE host's space (main-storage origin), a multiple of 1 MB
    u64 last = ~u64{0}; ///< last guest-absolute address
  };
  /// No guest that fits into a machine has more; what looks like it are tables gone wild.
  static constexpr u64 kMostStorage = u64{1} << 40;

  /// Looks for the guest's storage by the megabyte. Nothing says how much it has, so that it ends with the last megabyte that has a page
  /// table; between, less than 2 GB without any belong to it. `storage` is the machine's; it and the tables outlive the result, and the
  /// machine does not run meanwhile.
  static Result<GuestSource>
  create(const mmu::AbsoluteStorage& storage, const Space& space, std::vector<CpuState> cpus);

  std::vector<CpuState> cpus() const override { return cpus_; }
  bool has_vector_registers() const override { return false; }
  std::vector<StorageRange> storage() const override { return ranges_; }
  u64 read(u64 address, std::span<u8> to) const override;

 private:
  GuestSource(const mmu::AbsoluteStorage& storage, const Space& space, std::vector<CpuState> cpus)
      : storage_(storage), space_(space), cpus_(std::move(cpus)) {}
  /// Addresses from `start` up to `end`, behind all that are there, are in the guest's storage.
  void add(u64 start, u64 end);
  /// The first address behind `address` that a fault says nothing about; 0 when there is none.
  u64 behind(u64 address, u16 fault) const;

  const mmu::AbsoluteStorage& storage_;
  Space space_;
  std::vector<CpuState> cpus_;
  std::vector<StorageRange> ranges_;
  u64 length_ = 0; ///< of all ranges
};

} // namespace siena::frontends::dump
