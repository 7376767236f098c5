// SPDX-License-Identifier: BSD-3-Clause
#include "machine/cpu_model.h"

#include "base/bits.h"

#include <algorithm>
#include <charconv>

namespace siena::machine {

namespace {

// Facility 61 works but stays off until vectors come: some glibc versions take it to imply them (docs/deviations.md).
constexpr u16 kImplemented[] = {0,  1,  2,  3,  4,  7,  8,  9,  10,  11,  13,  14,  16,  18,  19, 21,
                                22, 24, 25, 26, 27, 28, 30, 31, 32,  33,  34,  35,  37,  40,  41, 45,
                                49, 51, 52, 53, 58, 66, 75, 78, 130, 131, 138, 139, 145, 193, 194};

struct NamedFacility {
  const char* name;
  u16 number;
};
// QEMU's names for what can be switched here.
constexpr NamedFacility kNamed[] = {
    {"zarch", 1},      {"dateh", 3},   {"stfle", 7},      {"edat", 8},     {"srs", 9},      {"csske", 10},
    {"ctop", 11},      {"ipter", 13},  {"nonqks", 14},    {"etf2", 16},    {"ldisp", 18},   {"ldisphp", 19},
    {"eimm", 21},      {"etf3", 22},   {"etf2eh", 24},    {"stckf", 25},   {"parseh", 26},  {"mvcos", 27},
    {"tods-base", 28}, {"etf3eh", 30}, {"ectg", 31},      {"csst", 32},    {"csst2", 33},   {"ginste", 34},
    {"exrl", 35},      {"fpe", 37},    {"sprogp", 40},    {"fpseh", 41},   {"locsc", 45},   {"eec", 49},
    {"ltlbc", 51},     {"iacc2", 52},  {"lsoc2", 53},     {"minste2", 58}, {"minste3", 61}, {"asi", 75},
    {"edat2", 78},     {"iep", 130},   {"seaccess", 131}, {"czam", 138},   {"mepoch", 139}, {"irbm", 145},
    {"beareh", 193},   {"rdp", 194},
};

using devices::sclp::Switches;
struct NamedSwitch {
  const char* name;
  bool Switches::*on;
};
constexpr NamedSwitch kNamedSwitches[] = {
    {"sief2", &Switches::sief2},
    {"gpereh", &Switches::gpere},
    {"siif", &Switches::siif},
    {"sigpif", &Switches::sigpif},
    {"cei", &Switches::cei},
    {"gsls", &Switches::gsls},
    {"esop", &Switches::esop},
    {"kss", &Switches::kss},
    {"64bscao", &Switches::sca_64bit_origin},
    {"ibs", &Switches::ibs},
};

constexpr const char* kModels[] = {"max",
                                   "qemu",
                                   "z10EC",
                                   "z10BC",
                                   "z196",
                                   "z114",
                                   "zEC12",
                                   "zBC12",
                                   "z13",
                                   "z13s",
                                   "z14",
                                   "z14ZR1",
                                   "gen15a",
                                   "gen15b",
                                   "gen16a",
                                   "gen16b"};

} // namespace

void CpuIdentity::set(unsigned n, bool on) {
  const u64 b = bit(n % 64);
  facilities[n / 64] = on ? facilities[n / 64] | b : facilities[n / 64] & ~b;
}

std::span<const u16> implemented_facilities() { return kImplemented; }

Result<CpuIdentity> resolve_cpu_model(const CpuModel& model) {
  std::string name = model.name;
  if (name.ends_with("-base")) name.resize(name.size() - 5);
  if (std::none_of(std::begin(kModels), std::end(kModels), [&](const char* m) { return name == m; }))
    return ConfigurationError{"-cpu: unknown model '" + model.name + "' (try max, qemu, z13, z14, gen15a)", 2};
  CpuIdentity identity;
  for (const u16 n : kImplemented) identity.set(n, true);
  // A generation's model leaves out what came later; the machine type follows the name.
  if (name.starts_with("z10")) identity.machine_type = 0x2097;
  if (name == "z196" || name == "z114") identity.machine_type = 0x2817;
  if (name == "zEC12" || name == "zBC12") identity.machine_type = 0x2827;
  if (name.starts_with("z13")) identity.machine_type = 0x2964;
  if (name.starts_with("z14")) identity.machine_type = 0x3906;
  if (name.starts_with("gen16")) identity.machine_type = 0x3931;
  const bool named = name != "max" && name != "qemu"; // those two have all there is
  const auto without = [&](std::initializer_list<unsigned> later) {
    for (unsigned n : later) identity.set(n, false);
  };
  if (name.starts_with("z10")) without({13, 14, 37, 40, 45, 52, 75});
  if (identity.machine_type <= 0x2817) without({49, 51, 78, 131});
  if (identity.machine_type <= 0x2827) without({53});
  if (identity.machine_type <= 0x2964) without({58, 66, 130, 139, 145});
  if (identity.machine_type <= 0x2964) identity.sclp.kss = false;
  if (named && identity.machine_type != 0x3931) without({193, 194});
  for (const CpuFeature& feature : model.features) {
    const auto named_switch = std::find_if(
        std::begin(kNamedSwitches), std::end(kNamedSwitches), [&](const auto& s) { return feature.name == s.name; });
    if (named_switch != std::end(kNamedSwitches)) {
      identity.sclp.*named_switch->on = feature.on;
      continue;
    }
    const auto known =
        std::find_if(std::begin(kNamed), std::end(kNamed), [&](const auto& f) { return feature.name == f.name; });
    if (known == std::end(kNamed)) {
      // Features that Siena does not have may be switched off, as scripts for QEMU do.
      if (!feature.on) continue;
      return ConfigurationError{"-cpu: feature '" + feature.name + "' is not available", 2};
    }
    identity.set(known->number, feature.on);
  }
  return identity;
}

} // namespace siena::machine
