// SPDX-License-Identifier: BSD-3-Clause
#include "machine/system_information.h"

#include "base/big_endian.h"
#include "devices/sclp/configuration.h"
#include "devices/sclp/ebcdic.h"

#include <algorithm>

namespace siena::machine {

namespace {

void text(std::span<u8, 4096> block, std::size_t at, std::size_t width, std::string_view value) {
  devices::sclp::store_ebcdic(block.subspan(at, width), value.substr(0, width));
}

std::string type_digits(u16 machine_type) {
  std::string s;
  for (int shift = 12; shift >= 0; shift -= 4) s += static_cast<char>('0' + ((machine_type >> shift) & 0xF));
  return s;
}

constexpr std::string_view kSequence = "0000000000000001", kPlant = "QEMU"; // as other virtual machines show them

void capacity(std::span<u8, 4096> block, std::size_t at, unsigned total, unsigned configured) {
  store_big<u16>(&block[at], static_cast<u16>(total));
  store_big<u16>(&block[at + 2], static_cast<u16>(configured));
  store_big<u16>(&block[at + 4], 0);
  store_big<u16>(&block[at + 6], static_cast<u16>(total - configured));
}

/// Containers that are not empty with the CPUs in them, none dedicated, polarization horizontal: 64 to an entry. With fewer levels than
/// the machine has, the outermost shown ones hold what is in all the others. False: more than a block can hold.
bool topology(const IdentityInputs& in, unsigned levels, std::span<u8, 4096> b) {
  constexpr std::size_t kMagnitudes = 10, kNesting = 11, kContainer = 8, kCpus = 16;
  constexpr auto kIfl = static_cast<u8>(devices::sclp::CpuType::Ifl);
  const Topology& places = in.places;
  const unsigned cores = places.cores != 0 ? places.cores : std::max(in.cpus, in.maximum_cpus);
  const unsigned most[] = {cores, places.sockets, places.books, places.drawers};
  unsigned inside[kTopologyNesting + 1] = {1}; // CPUs in a container of level n
  for (unsigned n = 0; n < kTopologyNesting; ++n) inside[n + 1] = inside[n] * most[n];
  for (unsigned n = 0; n < levels; ++n) {
    const unsigned magnitude = n + 1 < levels ? most[n] : inside[kTopologyNesting] / inside[n];
    b[kMagnitudes - 1 - n] = static_cast<u8>(std::min(magnitude, 255u));
  }
  b[kNesting] = static_cast<u8>(levels);

  std::size_t at = 16;
  unsigned identification[kTopologyNesting] = {};
  for (unsigned first = 0; first < in.cpus;) {
    for (unsigned level = levels - 1; level > 0; --level) {
      if (first % inside[level] != 0) continue;
      if (at + kContainer > b.size()) return false;
      b[at] = static_cast<u8>(level);
      b[at + 7] = static_cast<u8>(identification[level]++);
      identification[level - 1] = 0;
      at += kContainer;
    }
    const unsigned end = std::min({in.cpus, first - first % cores + cores, first - first % 64 + 64});
    if (at + kCpus > b.size()) return false;
    b[at + 5] = kIfl;
    store_big<u16>(&b[at + 6], static_cast<u16>(first - first % 64));
    store_big<u64>(&b[at + 8], (~u64{0} << (64 - (end - first))) >> (first % 64));
    at += kCpus;
    first = end;
  }
  store_big<u16>(&b[2], static_cast<u16>(at));
  return true;
}

} // namespace

u8 configuration_level(const IdentityInputs& inputs) { return inputs.identity == Identity::Kvm ? 3 : 2; }

u64 cpu_identification(const IdentityInputs& inputs, u16 cpu_address) {
  (void)cpu_address;
  // Version 0, identification 1, machine type, format 1 (all CPUs of a partition or machine show the same number).
  return (u64{1} << 32) | (u64{inputs.machine_type} << 16) | 0x8000;
}

bool store_system_information(
    const IdentityInputs& in, u16 cpu_address, unsigned fc, unsigned s1, unsigned s2, std::span<u8, 4096> b) {
  std::fill(b.begin(), b.end(), u8{0});
  const std::string type = type_digits(in.machine_type);
  if (fc == 15) return s1 == 1 && s2 >= 2 && s2 <= kTopologyNesting && in.topology && topology(in, s2, b);
  if (fc > configuration_level(in)) return false;
  if (fc == 1 && s1 == 1 && s2 == 1) {
    text(b, 32, 16, "IBM");
    text(b, 48, 4, type);
    text(b, 64, 16, "T01");
    text(b, 80, 16, kSequence);
    text(b, 96, 4, kPlant);
    text(b, 100, 16, "T01");
    return true;
  }
  if (fc == 1 && s1 == 2 && s2 == 1) {
    text(b, 80, 16, kSequence);
    text(b, 96, 4, kPlant);
    store_big<u16>(&b[102], cpu_address);
    return true;
  }
  if (fc == 1 && s1 == 2 && s2 == 2) {
    store_big<u32>(&b[32], 0x0000'0400);
    capacity(b, 36, in.maximum_cpus, in.cpus);
    return true;
  }
  if (fc == 2 && s1 == 2 && s2 == 1) {
    text(b, 80, 16, kSequence);
    text(b, 96, 4, kPlant);
    store_big<u16>(&b[100], cpu_address);
    store_big<u16>(&b[102], cpu_address);
    return true;
  }
  if (fc == 2 && s1 == 2 && s2 == 2) {
    store_big<u16>(&b[32], 1);
    b[35] = 0x80;
    capacity(b, 36, in.maximum_cpus, in.cpus);
    text(b, 44, 8, "SIENA");
    store_big<u32>(&b[52], 1000);
    store_big<u16>(&b[72], static_cast<u16>(in.cpus));
    return true;
  }
  if (fc == 3 && s1 == 2 && s2 == 2) {
    b[31] = 1;
    capacity(b, 32 + 4, in.maximum_cpus, in.cpus);
    const std::string name = in.name.empty() ? "KVMguest" : in.name;
    text(b, 32 + 12, 8, name);
    store_big<u32>(&b[32 + 20], 1000);
    text(b, 32 + 24, 16, "KVM/Linux");
    // Extended name in UTF-8 (encoding 2).
    b[32 + 43] = 2;
    std::copy(in.uuid.begin(), in.uuid.end(), b.begin() + 32 + 48);
    const std::size_t length = std::min<std::size_t>(name.size(), 255);
    std::copy_n(name.begin(), length, b.begin() + 2048);
    return true;
  }
  return false;
}

} // namespace siena::machine
