// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/isa/spelling.h"

#include "base/check.h"
#include "cpu/isa/rows/rows.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace siena::cpu::isa {

namespace {

using enum When;

/// Forms of rows that are not written as their format says.
struct FormOfRows {
  When when;
  std::string_view mnemonic;
  std::string_view operands;
  /// Mnemonics of the rows, a blank between two.
  std::string_view rows;
};

// clang-format off
constexpr FormOfRows kForms[] = {
  // Conditions
  {MaskZero,      "nop",   "d2(x2,b2)",       "BC"},
  {MaskNotZero,   "b?",    "d2(x2,b2)",       "BC"},
  {MaskZero,      "nopr",  "[r2]",            "BCR"},
  {MaskNotZero,   "b?r",   "r2",              "BCR"},
  {MaskZero,      "jnop",  "j2",              "BRC"},
  {MaskNotZero,   "j?",    "j2",              "BRC"},
  {MaskZero,      "jgnop", "j2",              "BRCL"},
  {MaskNotZero,   "jg?",   "j2",              "BRCL"},
  {MaskNotZero,   "bi?",   "d2(x2,b2)",       "BIC"},
  {Condition,     "*?",    "r1,d2(b2)",       "LOC LOCG LOCFH STOC STOCG STOCFH"},
  {Always,        "*",     "r1,d2(b2),m3",    "LOC LOCG LOCFH STOC STOCG STOCFH"},
  {Condition,     "*?",    "r1,r2",           "LOCR LOCGR LOCFHR"},
  {Condition,     "*?",    "r1,i2",           "LOCHI LOCGHI LOCHHI"},
  {Condition,     "*?",    "r1,r2,r3",        "SELR SELGR SELFHR"},
  {Always,        "*",     "r1,r2,r3,m4",     "SELR SELGR SELFHR"},
  // Comparisons
  {Comparison,    "*?",    "r1,r2,j4",        "CRJ CGRJ CLRJ CLGRJ"},
  {Comparison,    "*?",    "r1,i2,j4",        "CIJ CGIJ CLIJ CLGIJ"},
  {Comparison,    "*?",    "r1,r2,d4(b4)",    "CRB CGRB CLRB CLGRB"},
  {Comparison,    "*?",    "r1,i2,d4(b4)",    "CIB CGIB CLIB CLGIB"},
  {Comparison,    "*?",    "r1,r2",           "CRT CGRT CLRT CLGRT"},
  {Comparison,    "*?",    "r1,i2",           "CIT CGIT CLFIT CLGIT"},
  {Comparison,    "*?",    "r1,d2(b2)",       "CLT CLGT"},
  // Later forms of an instruction, named when they are used
  {M3AndM4Zero,   "*",     "f1,f2",           "LEDBR LDXBR LEXBR"},
  {Always,        "*a",    "f1,m3,f2,m4",     "LEDBR LDXBR LEXBR"},
  {M3AndM4Zero,   "*",     "f1,r2",           "CEFBR CDFBR CXFBR CEGBR CDGBR CXGBR"},
  {Always,        "*a",    "f1,m3,r2,m4",     "CEFBR CDFBR CXFBR CEGBR CDGBR CXGBR"},
  {M4Zero,        "*",     "f1,m3,f2",        "FIEBR FIDBR FIXBR"},
  {Always,        "*a",    "f1,m3,f2,m4",     "FIEBR FIDBR FIXBR"},
  {M4Zero,        "*",     "r1,m3,f2",        "CFEBR CFDBR CFXBR CGEBR CGDBR CGXBR"},
  {Always,        "*a",    "r1,m3,f2,m4",     "CFEBR CFDBR CFXBR CGEBR CGDBR CGXBR"},
  {M3Zero,        "cuutf", "r1,r2",           "CU21"},
  {M3Zero,        "cutfu", "r1,r2",           "CU12"},
  {ZeroRemaining, "*z",    "r1,r2,i3,z4,i5",  "RISBG RISBGN"},
  // Masks and registers that may be left out
  {Always,        "*",     "r1,r2,[m3]",      "SSKE POPCNT CU12 CU14 CU21 CU24 TROO TROT TRTO TRTT TRTE TRTRE"},
  {Always,        "*",     "r1,r2,[r3],[m4]", "IPTE"},
  {Always,        "*",     "r1,r3,r2,[m4]",   "IDTE CRDTE RDP"},
  {Always,        "*",     "r1,[r2]",         "EFPC SFPC"}, // has no R2, but the tools write one
  // Fewer operands than the format has
  {Always,        "*",     "",                "IPK PTLB PALB CSCH HSCH RSCH XSCH SAL RCHP SCHM"},
  {Always,        "*",     "r1",              "SPM IPM IAC SSAR EPAR ESAR ESEA PTF SFASR"},
  {Always,        "*",     "f1",              "LZER LZDR LZXR"},
  {Always,        "*",     "r1,r2",           "CU41 CU42"},
  {Always,        "*",     "f1,m3,f2",        "TBEDR TBDR"},
  {Always,        "*",     "f1,f3,f2",        "CPSDR"},
  {Always,        "*",     "r1,d2(b2)",       "SLL SRL SLA SRA SLDL SRDL SLDA SRDA"},
  {Always,        "*",     "d1(b1)",          "TS LPSWEY"},
  // Another order
  {Always,        "*",     "r1,d2(b2),r3,d4(b4)", "PLO"},
  {Always,        "*",     "r3,d1(b1),d2(b2)",    "LPD LPDG"},
  // Registers of several kinds
  {Always,        "*",     "a1,a3,d2(b2)",    "LAM LAMY STAM STAMY"},
  {Always,        "*",     "c1,c3,d2(b2)",    "LCTL LCTLG STCTL STCTG"},
  {Always,        "*",     "a1,a2",           "CPYA"},
  {Always,        "*",     "a1,r2",           "SAR"},
  {Always,        "*",     "r1,a2",           "EAR"},
  {Always,        "*",     "f1,r2",           "LDGR"},
  {Always,        "*",     "r1,f2",           "LGDR"},
  {Always,        "*",     "f1,m3,r2,m4",     "CELFBR CDLFBR CXLFBR CELGBR CDLGBR CXLGBR"},
  {Always,        "*",     "r1,m3,f2,m4",     "CLFEBR CLFDBR CLFXBR CLGEBR CLGDBR CLGXBR"},
};
// clang-format on

/// No default: a new format is written down here before it compiles.
constexpr std::string_view operands_of(Format format) {
  switch (format) {
  case Format::E: return "";
  case Format::I: return "i1";
  case Format::IE: return "i1,i2";
  case Format::MII: return "m1,j2,j3";
  case Format::RI_a: return "r1,i2";
  case Format::RI_b: return "r1,j2";
  case Format::RI_c: return "m1,j2";
  case Format::RIE_a: return "r1,i2,m3";
  case Format::RIE_b: return "r1,r2,m3,j4";
  case Format::RIE_c: return "r1,i2,m3,j4";
  case Format::RIE_d: return "r1,r3,i2";
  case Format::RIE_e: return "r1,r3,j2";
  case Format::RIE_f: return "r1,r2,i3,i4,i5";
  case Format::RIE_g: return "r1,i2,m3";
  case Format::RIL_a: return "r1,i2";
  case Format::RIL_b: return "r1,j2";
  case Format::RIL_c: return "m1,j2";
  case Format::RIS: return "r1,i2,m3,d4(b4)";
  case Format::RR: return "R1,R2";
  case Format::RRD: return "R1,R3,R2";
  case Format::RRE: return "R1,R2";
  case Format::RRF_a: return "R1,R2,R3";
  case Format::RRF_b: return "R1,R3,R2,m4";
  case Format::RRF_c: return "R1,R2,m3";
  case Format::RRF_d: return "R1,R2,m4";
  case Format::RRF_e: return "R1,m3,R2,m4";
  case Format::RRS: return "r1,r2,m3,d4(b4)";
  case Format::RS_a: return "r1,r3,d2(b2)";
  case Format::RS_b: return "r1,m3,d2(b2)";
  case Format::RSI: return "r1,r3,j2";
  case Format::RSL_a: return "d1(l1,b1)";
  case Format::RSL_b: return "R1,d2(l2,b2),m3";
  case Format::RSY_a: return "r1,r3,d2(b2)";
  case Format::RSY_b: return "r1,m3,d2(b2)";
  case Format::RX_a: return "R1,d2(x2,b2)";
  case Format::RX_b: return "m1,d2(x2,b2)";
  case Format::RXE: return "R1,d2(x2,b2)";
  case Format::RXF: return "R1,R3,d2(x2,b2)";
  case Format::RXY_a: return "R1,d2(x2,b2)";
  case Format::RXY_b: return "m1,d2(x2,b2)";
  case Format::S: return "d2(b2)";
  case Format::SI: return "d1(b1),i2";
  case Format::SIL: return "d1(b1),i2";
  case Format::SIY: return "d1(b1),i2";
  case Format::SMI: return "m1,j2,d3(b3)";
  case Format::SS_a: return "d1(l1,b1),d2(b2)";
  case Format::SS_b: return "d1(l1,b1),d2(l2,b2)";
  case Format::SS_c: return "d1(l1,b1),d2(b2),i3";
  case Format::SS_d: return "d1(r1,b1),d2(b2),r3";
  case Format::SS_e: return "r1,r3,d2(b2),d4(b4)";
  case Format::SS_f: return "d1(b1),d2(l2,b2)";
  case Format::SSE: return "d1(b1),d2(b2)";
  case Format::SSF: return "d1(b1),d2(b2),r3";
  }
  return "";
}

/// Calls `visitor` with each of the names in `list`.
template <class Visitor>
void for_each_name(std::string_view list, Visitor&& visitor) {
  for (std::size_t begin = 0; begin < list.size();) {
    const auto end = std::min(list.find(' ', begin), list.size());
    visitor(list.substr(begin, end - begin));
    begin = end + 1;
  }
}

using FormsByOpcode = std::map<u16, std::vector<Form>>;

FormsByOpcode all_forms() {
  std::map<std::string_view, std::vector<Form>> own;
  for (const FormOfRows& f : kForms)
    for_each_name(f.rows, [&](std::string_view name) { own[name].push_back({f.when, f.mnemonic, f.operands}); });
  FormsByOpcode all;
  for (const InstructionDef* def : all_rows()) {
    std::vector<Form> forms;
    if (auto named = own.extract(def->mnemonic)) forms = std::move(named.mapped());
    if (forms.empty() || forms.back().when != Always) forms.push_back({Always, "*", operands_of(def->format)});
    all.emplace(def->opcode, std::move(forms));
  }
  CHECK(own.empty(), "kForms names an instruction that no row has");
  return all;
}

} // namespace

std::span<const Form> forms_of(const InstructionDef& def) {
  static const FormsByOpcode kAll = all_forms();
  return kAll.at(def.opcode);
}

bool has_floating_point_registers(const InstructionDef& def) {
  const unsigned first = def.opcode >> 8;
  constexpr unsigned kMultiplySingle = 0x71;
  return (first >= 0x20 && first <= 0x3F) || (first >= 0x60 && first <= 0x7F && first != kMultiplySingle) ||
         first == 0xB3 || first == 0xED;
}

bool has_unsigned_immediate(const InstructionDef& def) {
  if (def.regular) return def.recipe.second != Operand::Imm_s;
  // Of the rows without a recipe those that compare have CL for "compare logical" in their names.
  return def.format == Format::SI || def.format == Format::SIY || std::string_view(def.mnemonic).starts_with("CL");
}

std::string_view condition_name(u32 mask) {
  constexpr std::string_view kNames[16] = {
      "", "o", "h", "nle", "l", "nhe", "lh", "ne", "e", "nlh", "he", "nl", "le", "nh", "no", ""};
  return kNames[mask & 15];
}

std::string_view comparison_name(u32 mask) {
  switch (mask) {
  case 2: return "h";
  case 4: return "l";
  case 6: return "ne";
  case 8: return "e";
  case 10: return "nl";
  case 12: return "nh";
  default: return "";
  }
}

} // namespace siena::cpu::isa
