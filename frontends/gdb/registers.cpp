// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/gdb/registers.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace siena::frontends::gdb {

namespace {

/// A part of the description, with a file of its own.
struct Feature {
  std::string_view file, name;
};
constexpr Feature kCore{"s390x-core64.xml", "org.gnu.gdb.s390.core"}, kAccess{"s390-acr.xml", "org.gnu.gdb.s390.acr"},
    kFloat{"s390-fpr.xml", "org.gnu.gdb.s390.fpr"}, kVector{"s390-vx.xml", "org.gnu.gdb.s390.vx"},
    kControl{"s390-cr.xml", "org.gnu.gdb.s390.cr"}, kVirtual{"s390-virt.xml", "org.gnu.gdb.s390.virt"},
    kSie{"siena-sie.xml", "org.siena.gdb.s390.sie"};
constexpr const Feature* kFeatures[] = {&kCore, &kAccess, &kFloat, &kVector, &kControl, &kVirtual, &kSie};

/// `count` registers of one kind with consecutive numbers. A '#' in `name` stands for 0, 1, ...
struct Bank {
  const Feature* feature;
  std::string_view name;
  unsigned first, count;
  unsigned bytes;
  std::string_view type, group;
  Register kind;
  unsigned base = 0; ///< of the numbers within the kind
};

constexpr unsigned sie(SieField field) { return static_cast<unsigned>(field); }

// clang-format off
constexpr Bank kBanks[] = {
    {&kCore,    "pswm",            0,  1,  8, "uint64",      "psw",     Register::PswMask},
    {&kCore,    "pswa",            1,  1,  8, "uint64",      "psw",     Register::PswAddress},
    {&kCore,    "r#",              2, 16,  8, "uint64",      "general", Register::General},
    {&kAccess,  "acr#",           18, 16,  4, "uint32",      "access",  Register::Access},
    {&kFloat,   "fpc",            34,  1,  4, "uint32",      "float",   Register::Fpc},
    {&kFloat,   "f#",             35, 16,  8, "ieee_double", "float",   Register::Float},
    {&kVector,  "v#l",            51, 16,  8, "uint64",      "float",   Register::VectorLow},
    {&kVector,  "v#",             67, 16, 16, "vec128",      "vector",  Register::Vector},
    {&kControl, "cr#",            87, 16,  8, "uint64",      "control", Register::Control},
    {&kVirtual, "ckc",           103,  1,  8, "uint64",      "system",  Register::ClockComparator},
    {&kVirtual, "cputm",         104,  1,  8, "uint64",      "system",  Register::CpuTimer},
    {&kVirtual, "last_break",    105,  1,  8, "code_ptr",    "system",  Register::BreakingEvent},
    {&kVirtual, "prefix",        106,  1,  8, "data_ptr",    "system",  Register::Prefix},
    {&kVirtual, "pp",            107,  1,  8, "uint64",      "system",  Register::ProgramParameter},
    {&kSie,     "sie_level",     128,  1,  4, "uint32",      "sie",     Register::Sie, sie(SieField::Level)},
    {&kSie,     "sie_guest",     129,  1,  4, "uint32",      "sie",     Register::Sie, sie(SieField::Guest)},
    {&kSie,     "sie_depth",     130,  1,  4, "uint32",      "sie",     Register::Sie, sie(SieField::Depth)},
    {&kSie,     "sie_block",     131,  1,  8, "uint64",      "sie",     Register::Sie, sie(SieField::Block)},
    {&kSie,     "sie_pswm",      132,  1,  8, "uint64",      "sie",     Register::Sie, sie(SieField::PswMask)},
    {&kSie,     "sie_pswa",      133,  1,  8, "uint64",      "sie",     Register::Sie, sie(SieField::PswAddress)},
    {&kSie,     "sie_icptcode",  134,  1,  4, "uint32",      "sie",     Register::Sie, sie(SieField::InterceptionCode)},
    {&kSie,     "sie_icptstatus",135,  1,  4, "uint32",      "sie",     Register::Sie, sie(SieField::InterceptionStatus)},
    {&kSie,     "sie_ipa",       136,  1,  4, "uint32",      "sie",     Register::Sie, sie(SieField::Ipa)},
    {&kSie,     "sie_ipb",       137,  1,  4, "uint32",      "sie",     Register::Sie, sie(SieField::Ipb)},
    {&kSie,     "sie_sca",       138,  1,  8, "uint64",      "sie",     Register::Sie, sie(SieField::ControlArea)},
    {&kSie,     "sie_parameter#",139,  6,  8, "uint64",      "sie",     Register::Sie, sie(SieField::Parameters0)},
};
// clang-format on

/// GDB finds vector registers 16-31 by these names, and 0-15 by their halves (GDB manual, *S/390 and System z Features*).
unsigned first_name(const Bank& bank) { return bank.kind == Register::Vector ? 16 : 0; }

bool described(const RegisterSet& set, const Feature& feature) { return &feature != &kVector || set.vectors; }

const Bank* find_bank(const RegisterSet& set, unsigned number) {
  const auto* found = std::find_if(std::begin(kBanks), std::end(kBanks), [number](const Bank& b) {
    return number >= b.first && number - b.first < b.count;
  });
  return found == std::end(kBanks) || !described(set, *found->feature) ? nullptr : found;
}

std::string register_name(const Bank& bank, unsigned n) {
  std::string name{bank.name};
  if (const auto mark = name.find('#'); mark != std::string::npos)
    name.replace(mark, 1, std::to_string(first_name(bank) + n));
  return name;
}

constexpr std::string_view kVectorTypes =
    "<vector id=\"v4f\" type=\"ieee_single\" count=\"4\"/>\n<vector id=\"v2d\" type=\"ieee_double\" count=\"2\"/>\n"
    "<vector id=\"v16i8\" type=\"int8\" count=\"16\"/>\n<vector id=\"v8i16\" type=\"int16\" count=\"8\"/>\n"
    "<vector id=\"v4i32\" type=\"int32\" count=\"4\"/>\n<vector id=\"v2i64\" type=\"int64\" count=\"2\"/>\n"
    "<union id=\"vec128\">\n"
    "<field name=\"v4_float\" type=\"v4f\"/>\n<field name=\"v2_double\" type=\"v2d\"/>\n"
    "<field name=\"v16_int8\" type=\"v16i8\"/>\n<field name=\"v8_int16\" type=\"v8i16\"/>\n"
    "<field name=\"v4_int32\" type=\"v4i32\"/>\n<field name=\"v2_int64\" type=\"v2i64\"/>\n"
    "<field name=\"uint128\" type=\"uint128\"/>\n</union>\n";

std::string feature_file(const Feature& feature) {
  std::string text = "<?xml version=\"1.0\"?>\n<!DOCTYPE feature SYSTEM \"gdb-target.dtd\">\n";
  text += fmt::format("<feature name=\"{}\">\n", feature.name);
  if (&feature == &kVector) text += kVectorTypes;
  for (const Bank& bank : kBanks) {
    if (bank.feature != &feature) continue;
    for (unsigned n = 0; n < bank.count; ++n)
      text += fmt::format("<reg name=\"{}\" bitsize=\"{}\" type=\"{}\" group=\"{}\" regnum=\"{}\"/>\n",
                          register_name(bank, n),
                          bank.bytes * 8,
                          bank.type,
                          bank.group,
                          bank.first + n);
  }
  return text + "</feature>\n";
}

} // namespace

unsigned register_size(const RegisterSet& set, unsigned number) {
  const Bank* bank = find_bank(set, number);
  return bank != nullptr ? bank->bytes : 0;
}

std::vector<u8> read_register(const RegisterSet& set, const ThreadView& thread, unsigned number) {
  const Bank* bank = find_bank(set, number);
  if (bank == nullptr) return {};
  const auto value = thread.get(bank->kind, bank->base + number - bank->first);
  if (!value) return {};
  std::vector<u8> bytes(bank->bytes);
  for (unsigned i = 0; i < bank->bytes; ++i) bytes[i] = static_cast<u8>(*value >> (8 * (bank->bytes - 1 - i)));
  return bytes;
}

bool write_register(const RegisterSet& set, ThreadView& thread, unsigned number, std::span<const u8> bytes) {
  const Bank* bank = find_bank(set, number);
  if (bank == nullptr || bytes.size() != bank->bytes) return false;
  u128 value = 0;
  for (const u8 b : bytes) value = value << 8 | b;
  return thread.set(bank->kind, bank->base + number - bank->first, value);
}

std::optional<std::string> target_description(const RegisterSet& set, std::string_view annex) {
  for (const Feature* feature : kFeatures)
    if (feature->file == annex && described(set, *feature)) return feature_file(*feature);
  if (annex != "target.xml") return std::nullopt;
  std::string text = "<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n<target version=\"1.0\">\n"
                     "<architecture>s390:64-bit</architecture>\n";
  for (const Feature* feature : kFeatures)
    if (described(set, *feature)) text += fmt::format("<xi:include href=\"{}\"/>\n", feature->file);
  return text + "</target>\n";
}

} // namespace siena::frontends::gdb
