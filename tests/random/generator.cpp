// SPDX-License-Identifier: BSD-3-Clause
#include "tests/random/generator.h"

#include "cpu/isa/rows/rows.h"
#include "tests/random/builder.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>

namespace siena::random_test {

using cpu::isa::InstructionDef;

namespace {

u64 general_value(Random& r) {
  static constexpr u64 kSpecial[] = {0,
                                     1,
                                     2,
                                     ~u64{0},
                                     0x7FFF'FFFF,
                                     0x8000'0000,
                                     0xFFFF'FFFF,
                                     0x7FFF'FFFF'FFFF'FFFF,
                                     0x8000'0000'0000'0000,
                                     0xFFFF'FFFF'8000'0000,
                                     0x0000'0001'0000'0000,
                                     0x7FFF'FFFF'8000'0000,
                                     0x8000'0000'7FFF'FFFF};
  switch (r.below(6)) {
  case 0: return r.of(kSpecial);
  case 1: return r.below(256);
  case 2: return static_cast<u64>(static_cast<s64>(r.word()) >> r.below(64));
  case 3: return r.word() & 0xFFFF'FFFF;
  case 4: return r.of(kSpecial) + r.below(5) - 2;
  default: return r.word();
  }
}

/// A register's worth of a binary floating-point number: short, long, or half of an extended one.
u64 floating_value(Random& r) {
  static constexpr u64 kSpecial[] = {0x0000'0000'0000'0000,
                                     0x8000'0000'0000'0000,
                                     0x7FF0'0000'0000'0000,
                                     0xFFF0'0000'0000'0000,
                                     0x7FF8'0000'0000'0000,
                                     0x7FF0'0000'0000'0001,
                                     0xFFF4'0000'0000'1234,
                                     0x3FF0'0000'0000'0000,
                                     0xBFF0'0000'0000'0000,
                                     0x0010'0000'0000'0000,
                                     0x000F'FFFF'FFFF'FFFF,
                                     0x0000'0000'0000'0001,
                                     0x7FEF'FFFF'FFFF'FFFF,
                                     0x41E0'0000'0000'0000,
                                     0x43E0'0000'0000'0000,
                                     0x41DF'FFFF'FFC0'0000,
                                     0x4330'0000'0000'0001,
                                     0x3FE0'0000'0000'0000};
  static constexpr u64 kShort[] = {0x7F80'0000,
                                   0xFF80'0000,
                                   0x7FC0'0000,
                                   0x7F80'0001,
                                   0x3F80'0000,
                                   0xBF80'0000,
                                   0x0080'0000,
                                   0x007F'FFFF,
                                   0x0000'0001,
                                   0x7F7F'FFFF,
                                   0x4F00'0000,
                                   0x5F00'0000,
                                   0x4B00'0001,
                                   0x3F00'0000};
  static constexpr u64 kExtended[] = {0x3FFF'0000'0000'0000,
                                      0x7FFF'0000'0000'0000,
                                      0x7FFF'8000'0000'0000,
                                      0x7FFF'0000'0000'0001,
                                      0x0001'0000'0000'0000,
                                      0x7FFE'FFFF'FFFF'FFFF,
                                      0x403E'0000'0000'0000,
                                      0x401E'0000'0000'0000,
                                      0x0000'0000'0000'0001};
  switch (r.below(10)) {
  case 0: return r.of(kSpecial);
  case 1: return r.of(kShort) << 32 | (r.word() & 0xFFFF'FFFF);
  case 2: return r.of(kExtended);
  case 3: return (0x3F0 + r.below(0x20)) << 52 | r.word() >> 12;                     // long, near one
  case 4: return (0x78 + r.below(0x10)) << 55 | r.word() >> 9 | r.below(2) << 63;    // short, near one
  case 5: return (0x3FF0 + r.below(0x20)) << 48 | r.word() >> 16 | r.below(2) << 63; // extended
  case 6:
    return (0x3FE + r.below(0x45)) << 52 | (r.word() & 0x000F'FFFF'0000'0000) | r.below(2) << 63; // about an integer
  case 7: return r.below(2) << 63 | r.below(0x30) << 52 | r.word() >> 12;                         // small
  default: return r.word();
  }
}

void fill_data(Random& r, std::vector<u8>& data) {
  for (std::size_t at = 0; at < data.size(); at += 64) {
    const u64 kind = r.below(6);
    for (std::size_t i = at; i < at + 64; i += 8) {
      u64 word = r.word();
      if (kind == 0) word = 0;
      if (kind == 1) word = floating_value(r);
      if (kind == 2) word = general_value(r);
      if (kind == 3) { // packed digits with a sign at the end
        for (unsigned d = 4; d < 64; d += 4) word = (word & ~(u64{15} << d)) | (r.below(10) << d);
        word = (word & ~u64{15}) | (0xC + r.below(2));
      }
      if (kind == 4) word = (word & 0x0F0F'0F0F'0F0F'0F0F) % 10 | 0xF0F0'F0F0'F0F0'F0F0;
      for (std::size_t j = 0; j < 8; ++j) data[i + j] = static_cast<u8>(word >> (56 - 8 * j));
    }
  }
}

/// Not for comparison: their result is the machine's, or they change what the oracle's process needs.
bool excluded(const InstructionDef& def) {
  static const std::unordered_set<std::string_view> kExcluded = {
      "SVC",   "EPSW", "SAM24", "SAM31", "SPKA",   "IPK",    "STCK", "STCKF", "STCKE", "PTFF", "ECTG",  "STFLE",
      "ECAG",  "SAC",  "SACF",  "IAC",   "EPAR",   "ESAR",   "SSAR", "MVCP",  "MVCS",  "MVCK", "MVCSK", "MVCDK",
      "MVCOS", "MVPG", "IVSK",  "LBEAR", "STBEAR", "LPSWEY", "SQBS", "MC",    "ESEA",  "PR",   "PC",    "PT"};
  return kExcluded.contains(def.mnemonic);
}

/// In the 31-bit mode the oracle clears bits 0-31 of the result, which are to stay.
bool loads_an_address(const InstructionDef& def) {
  const std::string_view m = def.mnemonic;
  return m == "LA" || m == "LAY" || m == "LARL" || m == "LAE" || m == "LAEY";
}

/// What a modified length or register number would make overlap, unpredictably; and: an interlocked update that is not aligned makes the oracle start again outside its translation, and forget that it was EXECUTE.
bool unfit_for_execute(std::string_view mnemonic) {
  for (const auto* family : {"MVCLE",
                             "MVCLU",
                             "LAA",
                             "LAN",
                             "LAO",
                             "LAX",
                             "CS",
                             "CDS",
                             "LPQ",
                             "STPQ",
                             "ASI",
                             "AGSI",
                             "ALSI",
                             "ALGSI",
                             "NI",
                             "OI",
                             "XI",
                             "TS"})
    if (mnemonic.starts_with(family)) return true;
  return false;
}

} // namespace

Generator::Generator(const KnownDifferences& differences, const std::vector<std::string>& only) {
  const auto among = [](cpu::isa::RowSpan rows, const InstructionDef* def) {
    return def >= rows.data() && def < rows.data() + rows.size();
  };
  for (const InstructionDef* def : cpu::isa::all_rows()) {
    const std::string_view mnemonic = def->mnemonic;
    if (!only.empty() && std::find(only.begin(), only.end(), mnemonic) == only.end()) continue;
    if (excluded(*def) || differences.left_out(mnemonic)) continue;
    if (among(cpu::isa::io_rows(), def) || among(cpu::isa::intercepted_rows(), def)) continue;
    if (mnemonic == "EX" || mnemonic == "EXRL") {
      execute_.push_back(def);
      continue;
    }
    alone_.push_back(def);
    const bool branch = among(cpu::isa::branch_rows(), def);
    if (def->privilege == cpu::isa::Privilege::Supervisor || differences.only_alone(mnemonic)) continue;
    together_.push_back(def);
    if (!branch && !unfit_for_execute(mnemonic)) executable_.push_back(def);
  }
  // all_rows has no order of its own; a seed's case must not depend on it.
  for (auto* rows : {&alone_, &together_, &executable_, &execute_})
    std::sort(rows->begin(), rows->end(), [](const auto* a, const auto* b) { return a->opcode < b->opcode; });
}

Case Generator::draw(u64 seed) const {
  Random r{seed};
  Case c;
  c.seed = seed;
  c.data.resize(RANDOM_DATA_SIZE);
  fill_data(r, c.data);
  for (unsigned i = 0; i < 16; ++i) {
    c.before.gr[i] = general_value(r);
    c.before.fpr[i] = floating_value(r);
    c.before.ar[i] = static_cast<u32>(r.word());
  }
  c.before.gr[kLoopRegister] = 1 + r.below(4);
  c.before.gr[kIndexRegister] = r.below(256);
  for (unsigned i = kFirstPointer; i <= kLastPointer; ++i)
    c.before.gr[i] = RANDOM_DATA + (r.one_in(2) ? r.below(RANDOM_DATA_SIZE) : 4096 * r.below(3) - 64 + r.below(128));
  c.before.cc = static_cast<u32>(r.below(4)) << 28;
  if (r.one_in(3)) c.before.fpc = static_cast<u32>(r.word()) & (r.one_in(2) ? 0xF8F8'0003 : 0x00F8'0007);
  if ((c.before.fpc & 7) == 4 || (c.before.fpc & 7) == 5 || (c.before.fpc & 7) == 6) c.before.fpc &= ~u32{7};

  c.addressing_31 = r.one_in(5);

  const bool alone = r.one_in(2) || together_.empty();
  const u64 count = alone ? 1 : 2 + r.below(r.one_in(4) ? 24 : 10);
  u64 loop_start = ~u64{0};
  for (unsigned n = 0; c.groups.size() < count; n = static_cast<unsigned>(c.groups.size())) {
    Builder b{r, c, n, alone};
    if (!alone && loop_start == ~u64{0} && r.one_in(12)) {
      loop_start = n;
      Group g{
          n, nullptr, {{{0xA708'0000'0000'0000 | u64{kLoopRegister} << 52 | (1 + r.below(4)) << 32}, {}}}, {}}; // LHI
      c.groups.push_back(std::move(g));
    } else if (loop_start != ~u64{0} && n - loop_start > 2 && r.one_in(4)) {
      Group g{n,
              nullptr,
              {{{0xA706'0000'0000'0000 | u64{kLoopRegister} << 52}, {Target::Kind::Group, loop_start + 1}}},
              {}}; // BRCT
      c.groups.push_back(std::move(g));
      loop_start = ~u64{0};
    } else if (!execute_.empty() && !executable_.empty() && r.one_in(16)) {
      const InstructionDef& target = *executable_[r.below(executable_.size())];
      if (c.addressing_31 && loads_an_address(target)) continue;
      c.groups.push_back(b.build_executed(*execute_[r.below(execute_.size())], target));
    } else {
      const auto& rows = alone ? alone_ : together_;
      const InstructionDef& def = *rows[r.below(rows.size())];
      if (c.addressing_31 && loads_an_address(def)) continue;
      c.groups.push_back(b.build(def));
    }
  }
  return c;
}

} // namespace siena::random_test
