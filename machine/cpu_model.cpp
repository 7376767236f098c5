// SPDX-License-Identifier: BSD-3-Clause
#include "machine/cpu_model.h"

#include "base/bits.h"

#include <algorithm>

namespace siena::machine {

namespace {

// Generations, as QEMU counts them: 7 z900, 8 z990, 9 z9, 10 z10, 11 z196, 12 zEC12, 13 to 17 z13 to z17.
constexpr u8 kEver = 7, kStill = 255;
enum InBaseModels : bool { kNotInBase = false, kInBase = true };

struct Feature {
  u16 number;
  std::string_view name; ///< QEMU's; empty: it has none
  u8 since;
  InBaseModels base = kInBase; ///< has the generation's -base model it?
  u8 until = kStill;
};
// Facility 61 works but stays off until vectors come: some glibc versions take it to imply them (docs/deviations.md).
constexpr u16 kOffByDefault = 61;
// clang-format off
constexpr Feature kFacilities[] = {
    {0,   "esan3",     kEver}, {1,  "zarch",   kEver}, {2,  "",          kEver}, {3,  "dateh",   8},
    {4,   "idtes",     9},     {7,  "stfle",   9},     {8,  "edat",      10, kNotInBase},
    {9,   "srs",       9},     {10, "csske",   10, kInBase, 14},                 {11, "ctop",    10, kNotInBase},
    {13,  "ipter",     11, kNotInBase},                {14, "nonqks",    11},    {16, "etf2",    8},
    {18,  "ldisp",     8},     {19, "ldisphp", 8},     {21, "eimm",      9},     {22, "etf3",    9},
    {24,  "etf2eh",    9},     {25, "stckf",   9},     {26, "parseh",    10},    {27, "mvcos",   10},
    {28,  "tods-base", 9},     {30, "etf3eh",  9},     {31, "ectg",      10},    {32, "csst",    10},
    {33,  "csst2",     10},    {34, "ginste",  10},    {35, "exrl",      10},    {37, "fpe",     11},
    {40,  "sprogp",    11},    {41, "fpseh",   10},    {45, "stfle45",   11},    {49, "stfle49", 12},
    {51,  "ltlbc",     12},    {52, "iacc2",   11},    {53, "stfle53",   13},    {58, "minste2", 14},
    {61,  "minste3",   15},    {66, "",        14, kNotInBase},                  {75, "aefsi",   11, kNotInBase},
    {78,  "edat2",     12, kNotInBase},                {130, "iep",      14, kNotInBase},
    {131, "sea_esop2", 12, kNotInBase},                {138, "czam",     kEver},
    {139, "mepoch",    14, kNotInBase},                {140, "els",      12, kNotInBase},
    {145, "irbm",      14, kNotInBase},
    {147, "cmmnt",     14, kNotInBase},
    {193, "beareh",    16, kNotInBase},                {194, "rdp",      16, kNotInBase},
};
// clang-format on

constexpr auto kImplemented = [] {
  std::array<u16, std::size(kFacilities) - 1> numbers{};
  std::size_t n = 0;
  for (const Feature& f : kFacilities)
    if (f.number != kOffByDefault) numbers[n++] = f.number;
  return numbers;
}();

using devices::sclp::Switches;
struct NamedSwitch {
  std::string_view name;
  bool Switches::*on;
  u8 since = kEver;
};
constexpr NamedSwitch kSwitches[] = {
    {"sief2", &Switches::sief2},
    {"skey", &Switches::skey},
    {"gpereh", &Switches::gpere},
    {"siif", &Switches::siif},
    {"sigpif", &Switches::sigpif},
    {"cei", &Switches::cei},
    {"gsls", &Switches::gsls},
    {"esop", &Switches::esop},
    {"kss", &Switches::kss, 14},
    {"64bscao", &Switches::sca_64bit_origin},
    {"cmma", &Switches::cmma},
    {"pfmfi", &Switches::pfmfi},
    {"ibs", &Switches::ibs},
    {"diag318", &Switches::diag318},
    {"astfleie2", &Switches::astfleie2, 16},
};
constexpr std::string_view kCollaborativeMemory = "cmm";
constexpr u8 kCollaborativeMemorySince = 9;

/// The numbers behind a dot are QEMU's, for later deliveries of a generation; they differ in nothing that Siena has.
constexpr std::string_view kModels[] = {
    "max",     "qemu",    "z900",   "z900.2", "z900.3", "z800",   "z990",    "z990.2", "z990.3", "z890",    "z990.4",
    "z890.2",  "z990.5",  "z890.3", "z9EC",   "z9EC.2", "z9BC",   "z9EC.3",  "z9BC.2", "z10EC",  "z10EC.2", "z10BC",
    "z10EC.3", "z10BC.2", "z196",   "z196.2", "z114",   "zEC12",  "zEC12.2", "zBC12",  "z13",    "z13.2",   "z13s",
    "z14",     "z14.2",   "z14ZR1", "gen15a", "gen15b", "gen16a", "gen16b",  "gen17a", "gen17b"};

struct Generation {
  std::string_view name;
  u8 number;
  u16 machine_type;
};
constexpr Generation kGenerations[] = {
    {"z900", 7, 0x2064},    {"z800", 7, 0x2066},    {"z990", 8, 0x2084},    {"z890", 8, 0x2086},
    {"z9EC", 9, 0x2094},    {"z9BC", 9, 0x2096},    {"z10EC", 10, 0x2097},  {"z10BC", 10, 0x2098},
    {"z196", 11, 0x2817},   {"z114", 11, 0x2818},   {"zEC12", 12, 0x2827},  {"zBC12", 12, 0x2828},
    {"z13", 13, 0x2964},    {"z13s", 13, 0x2965},   {"z14", 14, 0x3906},    {"z14ZR1", 14, 0x3907},
    {"gen15a", 15, 0x8561}, {"gen15b", 15, 0x8562}, {"gen16a", 16, 0x3931}, {"gen16b", 16, 0x3932},
    {"gen17a", 17, 0x9175}, {"gen17b", 17, 0x9176},
};

/// As the model is without any feature switch.
CpuIdentity unmodified(std::string_view name, bool base) {
  CpuIdentity identity;
  const std::string_view generation_name = name.substr(0, name.find('.'));
  const auto* generation = std::find_if(
      std::begin(kGenerations), std::end(kGenerations), [&](const auto& g) { return g.name == generation_name; });
  const bool everything = generation == std::end(kGenerations); // max and qemu
  for (const Feature& f : kFacilities)
    identity.set(f.number,
                 f.number != kOffByDefault &&
                     (everything || (generation->number >= f.since && generation->number <= f.until)) &&
                     (!base || f.base == kInBase));
  if (base) identity.collaborative_memory = false;
  if (everything) return identity;
  identity.machine_type = generation->machine_type;
  for (const NamedSwitch& s : kSwitches) identity.sclp.*s.on &= generation->number >= s.since;
  identity.collaborative_memory &= generation->number >= kCollaborativeMemorySince;
  return identity;
}

} // namespace

void CpuIdentity::set(unsigned n, bool on) {
  const u64 b = bit(n % 64);
  facilities[n / 64] = on ? facilities[n / 64] | b : facilities[n / 64] & ~b;
}

std::span<const u16> implemented_facilities() { return kImplemented; }
std::span<const std::string_view> cpu_model_names() { return kModels; }

std::vector<std::string_view> cpu_feature_names() {
  std::vector<std::string_view> names;
  for (const Feature& f : kFacilities)
    if (!f.name.empty()) names.push_back(f.name);
  for (const NamedSwitch& s : kSwitches) names.push_back(s.name);
  names.push_back(kCollaborativeMemory);
  return names;
}

bool cpu_feature(const CpuIdentity& identity, std::string_view name) {
  if (name == kCollaborativeMemory) return identity.collaborative_memory;
  for (const NamedSwitch& s : kSwitches)
    if (s.name == name) return identity.sclp.*s.on;
  for (const Feature& f : kFacilities)
    if (f.name == name) return identity.has(f.number);
  return false;
}

std::vector<CpuGeneration> cpu_generations() {
  std::vector<CpuGeneration> all;
  for (const Generation& g : kGenerations)
    if (all.empty() || all.back().number != g.number) all.push_back({g.number, g.name});
  return all;
}

std::optional<CpuGeneration> cpu_generation(std::string_view model) {
  if (model.ends_with("-base")) model.remove_suffix(5);
  if (std::find(std::begin(kModels), std::end(kModels), model) == std::end(kModels)) return std::nullopt;
  model = model.substr(0, model.find('.'));
  const auto* found =
      std::find_if(std::begin(kGenerations), std::end(kGenerations), [&](const auto& g) { return g.name == model; });
  if (found == std::end(kGenerations))
    found = std::find_if(std::begin(kGenerations), std::end(kGenerations), [](const auto& g) {
      return g.machine_type == CpuIdentity{}.machine_type;
    });
  for (const CpuGeneration& generation : cpu_generations())
    if (generation.number == found->number) return generation;
  return std::nullopt;
}

Result<CpuIdentity> resolve_cpu_model(const CpuModel& model) {
  std::string_view name = model.name;
  const bool base = name.ends_with("-base");
  if (base) name.remove_suffix(5);
  if (std::find(std::begin(kModels), std::end(kModels), name) == std::end(kModels))
    return ConfigurationError{"-cpu: unknown model '" + model.name + "' (try max, qemu, z13, z14, gen15a)", 2};
  CpuIdentity identity = unmodified(name, base);
  for (const CpuFeature& feature : model.features) {
    const auto named = [&](const auto& row) { return !row.name.empty() && feature.name == row.name; };
    if (feature.name == kCollaborativeMemory) {
      identity.collaborative_memory = feature.on;
    } else if (const auto* s = std::find_if(std::begin(kSwitches), std::end(kSwitches), named);
               s != std::end(kSwitches)) {
      identity.sclp.*s->on = feature.on;
    } else if (const auto* f = std::find_if(std::begin(kFacilities), std::end(kFacilities), named);
               f != std::end(kFacilities)) {
      identity.set(f->number, feature.on);
    } else if (feature.on) {
      return ConfigurationError{"-cpu: feature '" + feature.name + "' is not available", 2};
    }
  }
  // The assist is of the instruction, the format bits of the other's designation.
  identity.sclp.cmma &= identity.collaborative_memory;
  identity.sclp.astfleie2 &= identity.has(7);
  return identity;
}

} // namespace siena::machine
