// SPDX-License-Identifier: BSD-3-Clause
// Storage increments are 1 MiB, so any storage size has a whole number of them; the 16-bit count is used as long as it
// suffices, then the 64-bit one with the 16-bit one zero.
#include "devices/sclp/read_information.h"

#include "devices/sclp/ebcdic.h"

#include <cstdio>
#include <cstring>

namespace siena::devices::sclp {
namespace {

constexpr u64 kIncrement = u64{1} << 20;
constexpr std::size_t kCpuEntrySize = 16;
constexpr std::size_t kCpuInformationEntries = 24;
constexpr std::size_t kStorageElementEntries = 16;

constexpr u64 kFacilityCpuInformation = 0x0800'0000'0000'0000;
constexpr u64 kFacilityStorageElementInformation = 0x0000'4000'0000'0000;

std::size_t cpu_entries_offset(const Configuration& configuration) {
  return configuration.extended_length_sccb ? 144 : 128;
}

bool offers_storage_element_information(const Configuration& configuration, u64 storage_size) {
  return configuration.storage_element_info && kStorageElementEntries + storage_size / kIncrement * 4 <= 4096;
}

u64 facilities(const Configuration& configuration, u64 storage_size) {
  u64 bits = kFacilityCpuInformation;
  if (offers_storage_element_information(configuration, storage_size)) bits |= kFacilityStorageElementInformation;
  return bits;
}

void set_switches(std::span<u8> block, SwitchRow::Block which, const Configuration& configuration) {
  for (const auto& row : switch_rows()) {
    if (row.block == which && configuration.switches.*row.on && has_place(row, configuration)) {
      block[row.byte] |= row.mask;
    }
  }
}

/// Entry: 0 address, 2-7 features, 14 type.
void store_cpu_entries(std::span<u8> entries, const Configuration& configuration) {
  for (unsigned cpu = 0; cpu < configuration.cpus; ++cpu) {
    const auto entry = entries.subspan(cpu * kCpuEntrySize, kCpuEntrySize);
    entry[0] = static_cast<u8>(cpu);
    entry[14] = static_cast<u8>(configuration.cpu_type);
    set_switches(entry, SwitchRow::Block::CpuEntry, configuration);
  }
}

/// The data area, zeroed up to `needed`; nothing when the SCCB is shorter. An extended-length SCCB then learns the length.
bool prepare(Sccb& sccb, const Configuration& configuration, std::size_t needed) {
  if (sccb.length() < needed) {
    if (configuration.extended_length_sccb && sccb.variable_length_response()) {
      store_big(sccb.bytes().data(), static_cast<u16>(needed));
    }
    return false;
  }
  std::memset(sccb.data().data(), 0, needed - Sccb::kHeaderSize);
  return true;
}

} // namespace

Response read_scp_information(Sccb& sccb, const Configuration& configuration, u64 storage_size) {
  const std::size_t entries = cpu_entries_offset(configuration);
  const std::size_t needed = entries + configuration.cpus * kCpuEntrySize;
  if (!prepare(sccb, configuration, needed)) return Response::InsufficientLength;

  const auto block = sccb.bytes();
  const u64 increments = storage_size / kIncrement;
  if (increments <= 0xFFFF)
    store_big(&block[8], static_cast<u16>(increments));
  else
    store_big(&block[104], increments);
  block[10] = 1; // increment size in MiB
  block[15] = configuration.stsi_parameter;
  store_big(&block[16], static_cast<u16>(configuration.cpus));
  store_big(&block[18], static_cast<u16>(entries));
  store_ebcdic(block.subspan(24, 8), configuration.loadparm);
  store_big(&block[48], facilities(configuration, storage_size));
  store_big(&block[76], configuration.ibc);
  block[99] = configuration.maximum_host_address_power;
  store_big(&block[120], static_cast<u16>(configuration.cpus - 1)); // highest CPU address
  store_big(&block[124], configuration.hypervisor_facility_mask);
  set_switches(block, SwitchRow::Block::ScpInfo, configuration);
  store_cpu_entries(block.subspan(entries), configuration);
  return Response::NormalRead;
}

Response read_cpu_information(Sccb& sccb, const Configuration& configuration) {
  const std::size_t end = kCpuInformationEntries + configuration.cpus * kCpuEntrySize;
  if (!prepare(sccb, configuration, end)) return Response::InsufficientLength;

  const auto block = sccb.bytes();
  store_big(&block[8], static_cast<u16>(configuration.cpus));
  store_big(&block[10], static_cast<u16>(kCpuInformationEntries));
  store_big(&block[12], u16{0}); // standby
  store_big(&block[14], static_cast<u16>(end));
  store_cpu_entries(block.subspan(kCpuInformationEntries), configuration);
  return Response::NormalRead;
}

Response
read_storage_element_information(Sccb& sccb, const Configuration& configuration, u64 storage_size, u8 element) {
  // Element 0 is all of main storage; there is no other.
  if (!offers_storage_element_information(configuration, storage_size) || element != 0) return Response::InvalidCommand;
  const u64 increments = storage_size / kIncrement;
  const std::size_t needed = kStorageElementEntries + increments * 4;
  if (sccb.length() < needed) return Response::InsufficientLength;

  const auto block = sccb.bytes();
  store_big(&block[8], u16{0}); // highest element
  store_big(&block[10], static_cast<u16>(increments));
  store_big(&block[12], u16{0}); // standby
  store_big(&block[14], u16{0});
  for (u64 i = 0; i < increments; ++i) {
    store_big(&block[kStorageElementEntries + i * 4], static_cast<u32>((i + 1) << 16));
  }
  return Response::NormalRead;
}

std::vector<std::string> describe(const Configuration& configuration, u64 storage_size) {
  std::vector<std::string> lines;
  char line[120];
  const auto add = [&](auto... arguments) {
    std::snprintf(line, sizeof line, arguments...);
    lines.emplace_back(line);
  };
  const auto number = [](u64 value) { return static_cast<unsigned long long>(value); };

  add("storage       %llu increments of 1 MiB", number(storage_size / kIncrement));
  add("cpus          %u, type %u (%s), entries at %zu",
      configuration.cpus,
      unsigned{u8(configuration.cpu_type)},
      configuration.cpu_type == CpuType::Ifl ? "IFL" : "CP",
      cpu_entries_offset(configuration));
  add("loadparm      '%-8.8s'", configuration.loadparm.c_str());
  add("facilities    %016llX", number(facilities(configuration, storage_size)));
  add("hamaxpow      %u", unsigned{configuration.maximum_host_address_power});
  add("stsi          %u", unsigned{configuration.stsi_parameter});
  add("ibc           %08X", configuration.ibc);
  add("hmfai         %08X", configuration.hypervisor_facility_mask);
  for (const auto& row : switch_rows()) {
    const bool shown = configuration.switches.*row.on && has_place(row, configuration);
    add("%-13.*s %s  %s %u bit %02X%s",
        static_cast<int>(row.name.size()),
        row.name.data(),
        shown ? "on " : "off",
        row.block == SwitchRow::Block::CpuEntry ? "CPU entry byte" : "byte",
        unsigned{row.byte},
        unsigned{row.mask},
        configuration.switches.*row.on && !shown ? " (has no place without extended-length SCCBs)" : "");
  }
  return lines;
}

} // namespace siena::devices::sclp
