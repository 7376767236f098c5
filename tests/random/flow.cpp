// SPDX-License-Identifier: BSD-3-Clause
// Branches: always forward, to one of the next groups; loops are made by the generator with a counter of its own.
#include "tests/random/builder.h"

#include "cpu/isa/rows/rows.h"

#include <string_view>
#include <unordered_set>

namespace siena::random_test {

using cpu::isa::Format;

bool branch_setup(Builder& b, const cpu::isa::InstructionDef& def) {
  static const std::unordered_set<std::string_view> kNoBranch = {"CRT",
                                                                 "CGRT",
                                                                 "CLRT",
                                                                 "CLGRT",
                                                                 "CIT",
                                                                 "CGIT",
                                                                 "CLFIT",
                                                                 "CLGIT",
                                                                 "CLT",
                                                                 "CLGT",
                                                                 "IPM",
                                                                 "SPM",
                                                                 "PFD",
                                                                 "PFDRL",
                                                                 "BPP",
                                                                 "BPRP",
                                                                 "NIAI",
                                                                 "EX",
                                                                 "EXRL"};
  static const std::unordered_set<u16> kRows = [] {
    std::unordered_set<u16> rows;
    for (const auto& row : cpu::isa::branch_rows())
      if (!kNoBranch.contains(row.mnemonic)) rows.insert(row.opcode);
    return rows;
  }();
  if (!kRows.contains(def.opcode)) return false;
  Random& r = b.random();
  const std::string_view mnemonic = def.mnemonic;
  const auto reg = [&](unsigned first) { b.put(first, 4, b.any_register()); };
  const auto through_base = [&](unsigned first) {
    const unsigned base = b.spare();
    b.set_target(base, b.forward());
    b.put(first, 4, base);
  };
  switch (def.format) {
  case Format::RI_b:
  case Format::RI_c:
  case Format::RIL_b:
  case Format::RIL_c: reg(8), b.target(b.forward()); break;
  case Format::RIE_b: reg(8), reg(12), b.put(32, 4, r.word()), b.target(b.forward()); break;
  case Format::RIE_c:
    reg(8), b.put(12, 4, r.word()), b.put(32, 8, r.one_in(2) ? r.below(3) : r.word()), b.target(b.forward());
    break;
  case Format::RIE_e:
  case Format::RSI: reg(8), reg(12), b.target(b.forward()); break;
  case Format::RR:
  case Format::RRE: {
    const unsigned r1 = def.format == Format::RR ? 8 : 24, r2 = r1 + 4;
    const bool sets_mode = mnemonic == "BSM" || mnemonic == "BASSM";
    if (r.percent(75)) {
      const unsigned base = b.spare();
      b.set_target(base, b.forward());
      if (sets_mode) b.before(0xA50B'0001'0000'0000 | u64{base} << 52); // OILL 1: on in the 64-bit mode
      b.put(r2, 4, base);
    }
    reg(r1);
    break;
  }
  case Format::RX_a:
  case Format::RX_b: reg(8), through_base(16); break;
  case Format::RXY_b: { // BIC: the branch address is in storage
    const unsigned holder = b.spare(), base = b.spare();
    const u64 at = b.place(8);
    b.set_target(holder, b.forward());
    b.set(base, at);
    b.before(0xE300'0000'0024'0000 | u64{holder} << 52 | u64{base} << 44); // STG
    reg(8), b.put(16, 4, base);
    break;
  }
  case Format::RXY_a:
  case Format::RS_a:
  case Format::RSY_a:
    reg(8);
    if (def.format != Format::RXY_a) reg(12);
    through_base(16);
    break;
  case Format::RRS: reg(8), reg(12), b.put(32, 4, r.word()), through_base(16); break;
  case Format::RIS:
    reg(8), b.put(12, 4, r.word()), b.put(32, 8, r.one_in(2) ? r.below(3) : r.word()), through_base(16);
    break;
  default: return false;
  }
  return true;
}

} // namespace siena::random_test
