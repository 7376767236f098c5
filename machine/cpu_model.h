// SPDX-License-Identifier: BSD-3-Clause
// What the machine says it is: STFLE list, machine type, and the switches that follow from -cpu. A bit is on exactly when what it
// promises works (docs/architecture.md section 8, contract 4); docs/facilities.md lists the values with what proves each.
#pragma once

#include "base/bits.h"
#include "base/result.h"
#include "devices/sclp/configuration.h"
#include "machine/configuration.h"

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace siena::machine {

constexpr std::size_t kFacilityDoublewords = 4;

struct CpuIdentity {
  u16 machine_type = 0x8561;
  std::array<u64, kFacilityDoublewords> facilities{};
  devices::sclp::Switches sclp;     ///< what guest 1 learns from the SCLP, and may then use
  bool collaborative_memory = true; ///< ESSA is an instruction; no facility bit says so
  bool has(unsigned bit_number) const { return (facilities[bit_number / 64] & bit(bit_number % 64)) != 0; }
  void set(unsigned bit_number, bool on);
};

/// Resolves model name and feature switches. What Siena does not have, or does not know, may be switched off.
Result<CpuIdentity> resolve_cpu_model(const CpuModel& model);

/// QEMU's names of all models, and of the features that can be switched on.
std::span<const std::string_view> cpu_model_names();
std::vector<std::string_view> cpu_feature_names();
/// Whether the feature of that name (one of cpu_feature_names) is on.
bool cpu_feature(const CpuIdentity& identity, std::string_view name);

/// A generation and what its first model is called: {13, "z13"}.
struct CpuGeneration {
  u8 number = 0;
  std::string_view name;
};
/// That of a model name, with or without -base; of max and qemu the one whose machine type they have. Nothing for an unknown name.
std::optional<CpuGeneration> cpu_generation(std::string_view model);
/// From the oldest on.
std::vector<CpuGeneration> cpu_generations();

/// All that works, in STFLE numbering.
std::span<const u16> implemented_facilities();

} // namespace siena::machine
