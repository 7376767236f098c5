// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/dump/machine_source.h"

#include "base/check.h"

namespace siena::frontends::dump {

namespace {
constexpr unsigned kVectorFacility = 129;
}

std::vector<CpuState> MachineSource::cpus() const {
  std::vector<CpuState> states;
  for (unsigned n = 0; n < machine_.cpu_count(); ++n) {
    const cpu::Cpu& cpu = machine_.cpu(n);
    CpuState& state = states.emplace_back();
    state.address = cpu.cpu_address();
    const bool inside = cpu.interpretive();
    state.registers = inside ? machine_.interpretive().host_registers(cpu) : cpu.registers();
    state.cpu_timer = inside ? machine_.interpretive().host_cpu_timer(cpu) : cpu.cpu_timer();
  }
  return states;
}

bool MachineSource::has_vector_registers() const { return machine_.identity().has(kVectorFacility); }

std::vector<StorageRange> MachineSource::storage() const { return {{0, machine_.storage().size()}}; }

u64 MachineSource::read(u64 address, std::span<u8> to) const {
  CHECK(machine_.storage().read({address}, to), "all of main storage is one range");
  return 0;
}

} // namespace siena::frontends::dump
