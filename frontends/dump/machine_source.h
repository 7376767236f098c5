// SPDX-License-Identifier: BSD-3-Clause
// Guest 1 as a source of dumps.
#pragma once

#include "frontends/dump/source.h"
#include "machine/machine.h"

namespace siena::frontends::dump {

/// The machine's CPUs and main storage. A CPU at level 1 is shown as its SIE host: as if interpretation had been suspended, the PSW at
/// SIE. The machine must outlive this and must not run meanwhile.
class MachineSource final : public Source {
 public:
  explicit MachineSource(machine::Machine& machine) : machine_(machine) {}
  std::vector<CpuState> cpus() const override;
  bool has_vector_registers() const override;
  std::vector<StorageRange> storage() const override;
  u64 read(u64 address, std::span<u8> to) const override;

 private:
  machine::Machine& machine_;
};

} // namespace siena::frontends::dump
