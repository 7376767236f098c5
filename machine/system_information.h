// SPDX-License-Identifier: BSD-3-Clause
// STORE SYSTEM INFORMATION blocks and the CPU identification (PoP, Control, STSI, STIDP). All text is EBCDIC, blank-padded.
#pragma once

#include "machine/configuration.h"
#include "machine/cpu_model.h"

#include <array>
#include <span>

namespace siena::machine {

/// Levels of the longest topology list: CPUs, sockets, books, drawers.
constexpr u8 kTopologyNesting = 4;
constexpr unsigned kTopologyFacility = 11;

struct IdentityInputs {
  Identity identity = Identity::Kvm;
  u16 machine_type = 0x8561;
  unsigned cpus = 1;
  unsigned maximum_cpus = 1;
  bool topology = false; ///< configuration-topology facility: function code 15
  Topology places;
  std::string name;
  std::array<u8, 16> uuid{};
};

/// The level STSI function code 0 answers: 3 in a virtual machine, 2 in a logical partition.
u8 configuration_level(const IdentityInputs& inputs);
/// Fills the block of one combination; false: there is no such block (cc 3).
bool store_system_information(
    const IdentityInputs& inputs, u16 cpu_address, unsigned fc, unsigned s1, unsigned s2, std::span<u8, 4096> block);
/// STIDP: version, identification, machine type.
u64 cpu_identification(const IdentityInputs& inputs, u16 cpu_address);

} // namespace siena::machine
