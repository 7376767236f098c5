// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/gdb/registers.h"

#include "base/big_endian.h"
#include "cpu/isa/semantics/fp_support.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace siena::frontends::gdb {

namespace {
using cpu::Cpu;

/// `count` registers of one kind with consecutive numbers. `name` is followed by 0, 1, ... when there are several.
struct Bank {
  std::string_view feature;
  std::string_view name;
  unsigned first, count;
  unsigned bytes;
  std::string_view type, group;
  u64 (*read)(Cpu& cpu, unsigned n);
  bool (*write)(Cpu& cpu, unsigned n, u64 value);
};

bool set_psw_mask(Cpu& cpu, unsigned, u64 value) {
  cpu.load_psw(value, cpu.psw.address);
  return true;
}
bool set_psw_address(Cpu& cpu, unsigned, u64 value) {
  cpu.psw.address = value;
  return true;
}
bool set_access_register(Cpu& cpu, unsigned n, u64 value) {
  cpu.ar[n] = static_cast<u32>(value);
  cpu.controls_changed();
  return true;
}
bool set_control_register(Cpu& cpu, unsigned n, u64 value) {
  cpu.cr[n] = value;
  cpu.controls_changed();
  return true;
}
bool set_fpc(Cpu& cpu, unsigned, u64 value) {
  if (!cpu::isa::is_valid_fpc(static_cast<u32>(value))) return false;
  cpu.fpc = static_cast<u32>(value);
  return true;
}
bool set_prefix(Cpu& cpu, unsigned, u64 value) {
  // Under SIE the prefix is the guest's, and where its pages are is SIE's to find out.
  if (cpu.interpretive() || (value & ~u64{0x7FFF'E000}) != 0) return false;
  if (!cpu.storage().contains({value}, mmu::kPrefixAreaSize)) return false;
  cpu.set_prefix(static_cast<u32>(value));
  return true;
}

constexpr std::string_view kCore = "org.gnu.gdb.s390.core", kAccess = "org.gnu.gdb.s390.acr",
                           kFloat = "org.gnu.gdb.s390.fpr", kControl = "org.gnu.gdb.s390.cr",
                           kVirtual = "org.gnu.gdb.s390.virt";

// clang-format off
constexpr Bank kBanks[] = {
    {kCore,    "pswm",         0,  1, 8, "uint64",      "psw",     [](Cpu& c, unsigned) { return c.psw.packed_mask(); }, set_psw_mask},
    {kCore,    "pswa",         1,  1, 8, "uint64",      "psw",     [](Cpu& c, unsigned) { return c.psw.address; }, set_psw_address},
    {kCore,    "r",            2, 16, 8, "uint64",      "general", [](Cpu& c, unsigned n) { return c.gr[n]; },
                                                                   [](Cpu& c, unsigned n, u64 v) { c.gr[n] = v; return true; }},
    {kAccess,  "acr",         18, 16, 4, "uint32",      "access",  [](Cpu& c, unsigned n) { return u64{c.ar[n]}; }, set_access_register},
    {kFloat,   "fpc",         34,  1, 4, "uint32",      "float",   [](Cpu& c, unsigned) { return u64{c.fpc}; }, set_fpc},
    {kFloat,   "f",           35, 16, 8, "ieee_double", "float",   [](Cpu& c, unsigned n) { return c.fpr(n); },
                                                                   [](Cpu& c, unsigned n, u64 v) { c.fpr(n) = v; return true; }},
    {kControl, "cr",          87, 16, 8, "uint64",      "control", [](Cpu& c, unsigned n) { return c.cr[n]; }, set_control_register},
    {kVirtual, "ckc",        103,  1, 8, "uint64",      "system",  [](Cpu& c, unsigned) { return c.clock_comparator; },
                                                                   [](Cpu& c, unsigned, u64 v) { c.clock_comparator = v; return true; }},
    {kVirtual, "cputm",      104,  1, 8, "uint64",      "system",  [](Cpu& c, unsigned) { return c.cpu_timer(); },
                                                                   [](Cpu& c, unsigned, u64 v) { c.set_cpu_timer(v); return true; }},
    {kVirtual, "last_break", 105,  1, 8, "code_ptr",    "system",  [](Cpu& c, unsigned) { return c.breaking_event; },
                                                                   [](Cpu& c, unsigned, u64 v) { c.breaking_event = v; return true; }},
    {kVirtual, "prefix",     106,  1, 8, "data_ptr",    "system",  [](Cpu& c, unsigned) { return u64{c.prefix}; }, set_prefix},
    {kVirtual, "pp",         107,  1, 8, "uint64",      "system",  [](Cpu& c, unsigned) { return c.program_parameter; },
                                                                   [](Cpu& c, unsigned, u64 v) { c.program_parameter = v; return true; }},
};
// clang-format on

const Bank* find_bank(unsigned number) {
  const auto* found = std::find_if(std::begin(kBanks), std::end(kBanks), [number](const Bank& b) {
    return number >= b.first && number - b.first < b.count;
  });
  return found == std::end(kBanks) ? nullptr : found;
}
} // namespace

std::optional<std::vector<u8>> read_register(cpu::Cpu& cpu, unsigned number) {
  const Bank* bank = find_bank(number);
  if (bank == nullptr) return std::nullopt;
  std::vector<u8> bytes(8);
  store_big(bytes.data(), bank->read(cpu, number - bank->first));
  bytes.erase(bytes.begin(), bytes.end() - bank->bytes);
  return bytes;
}

bool write_register(cpu::Cpu& cpu, unsigned number, std::span<const u8> bytes) {
  const Bank* bank = find_bank(number);
  if (bank == nullptr || bytes.size() != bank->bytes) return false;
  u64 value = 0;
  for (const u8 b : bytes) value = value << 8 | b;
  return bank->write(cpu, number - bank->first, value);
}

std::string target_description() {
  std::string text = "<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n<target version=\"1.0\">\n"
                     "<architecture>s390:64-bit</architecture>\n";
  std::string_view feature;
  for (const Bank& bank : kBanks) {
    if (bank.feature != feature) {
      if (!feature.empty()) text += "</feature>\n";
      feature = bank.feature;
      text += fmt::format("<feature name=\"{}\">\n", feature);
    }
    for (unsigned n = 0; n < bank.count; ++n)
      text += fmt::format("<reg name=\"{}{}\" bitsize=\"{}\" type=\"{}\" group=\"{}\" regnum=\"{}\"/>\n",
                          bank.name,
                          bank.count > 1 ? std::to_string(n) : "",
                          bank.bytes * 8,
                          bank.type,
                          bank.group,
                          bank.first + n);
  }
  return text + "</feature>\n</target>\n";
}

} // namespace siena::frontends::gdb
