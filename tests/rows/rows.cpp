// SPDX-License-Identifier: BSD-3-Clause
// What the row table (cpu/isa/rows) says, for people and for scripts:
//     siena_rows mnemonics        one mnemonic a line
//     siena_rows page             docs/instruction-set.md
//     siena_rows check FILE       fails when FILE is not what `page` prints
#include "cpu/isa/rows/rows.h"
#include "cpu/isa/decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string_view>

namespace siena::cpu::isa {
namespace {

struct FormatName {
  Format format;
  const char* name;
};
constexpr FormatName kFormats[] = {
    {Format::E, "E"},         {Format::I, "I"},         {Format::IE, "IE"},       {Format::MII, "MII"},
    {Format::RI_a, "RI-a"},   {Format::RI_b, "RI-b"},   {Format::RI_c, "RI-c"},   {Format::RIE_a, "RIE-a"},
    {Format::RIE_b, "RIE-b"}, {Format::RIE_c, "RIE-c"}, {Format::RIE_d, "RIE-d"}, {Format::RIE_e, "RIE-e"},
    {Format::RIE_f, "RIE-f"}, {Format::RIE_g, "RIE-g"}, {Format::RIL_a, "RIL-a"}, {Format::RIL_b, "RIL-b"},
    {Format::RIL_c, "RIL-c"}, {Format::RIS, "RIS"},     {Format::RR, "RR"},       {Format::RRD, "RRD"},
    {Format::RRE, "RRE"},     {Format::RRF_a, "RRF-a"}, {Format::RRF_b, "RRF-b"}, {Format::RRF_c, "RRF-c"},
    {Format::RRF_d, "RRF-d"}, {Format::RRF_e, "RRF-e"}, {Format::RRS, "RRS"},     {Format::RS_a, "RS-a"},
    {Format::RS_b, "RS-b"},   {Format::RSI, "RSI"},     {Format::RSL_a, "RSL-a"}, {Format::RSL_b, "RSL-b"},
    {Format::RSY_a, "RSY-a"}, {Format::RSY_b, "RSY-b"}, {Format::RX_a, "RX-a"},   {Format::RX_b, "RX-b"},
    {Format::RXE, "RXE"},     {Format::RXF, "RXF"},     {Format::RXY_a, "RXY-a"}, {Format::RXY_b, "RXY-b"},
    {Format::S, "S"},         {Format::SI, "SI"},       {Format::SIL, "SIL"},     {Format::SIY, "SIY"},
    {Format::SMI, "SMI"},     {Format::SS_a, "SS-a"},   {Format::SS_b, "SS-b"},   {Format::SS_c, "SS-c"},
    {Format::SS_d, "SS-d"},   {Format::SS_e, "SS-e"},   {Format::SS_f, "SS-f"},   {Format::SSE, "SSE"},
    {Format::SSF, "SSF"},
};

const char* name_of(Format format) {
  const auto* at =
      std::find_if(std::begin(kFormats), std::end(kFormats), [&](const auto& f) { return f.format == format; });
  return at == std::end(kFormats) ? "?" : at->name;
}

const char* name_of(CostClass cost) {
  using enum CostClass;
  switch (cost) {
  case Alu: return "ALU";
  case AluMem: return "ALU, storage";
  case Load: return "load";
  case Store: return "store";
  case LoadMultiple: return "load multiple";
  case StoreMultiple: return "store multiple";
  case Multiply: return "multiply";
  case Divide: return "divide";
  case Branch: return "branch";
  case BlockMove: return "block move";
  case BlockCompare: return "block compare";
  case Atomic: return "atomic";
  case Decimal: return "decimal";
  case Fp: return "floating point";
  case FpDivide: return "floating-point divide";
  case Control: return "control";
  case Tlb: return "TLB";
  case Io: return "I/O";
  case System: return "system";
  }
  return "?";
}

std::string sie_rule(const SieRule& rule) {
  switch (rule.kind) {
  case SieRule::Kind::Interpreted: return "";
  case SieRule::Kind::Always: return "intercepted";
  case SieRule::Kind::When: return fmt::format("intercepted with {:08X}", rule.control);
  case SieRule::Kind::Unless: return fmt::format("intercepted without {:08X}", rule.control);
  case SieRule::Kind::Custom: return "own rule";
  }
  return "?";
}

std::string opcode(u16 key) {
  // The extension is one byte, or the right nibble of the second; a first byte with neither stands alone.
  const unsigned first = key >> 8, second = key & 0xFF;
  switch (extension_of(static_cast<u8>(first))) {
  case Extension::None: return fmt::format("{:02X}", first);
  case Extension::RightNibble: return fmt::format("{:02X}.{:X}", first, second);
  case Extension::SecondByte: return fmt::format("{:02X}{:02X}", first, second);
  case Extension::SixthByte: return fmt::format("{:02X}..{:02X}", first, second);
  }
  return "?";
}

struct Family {
  const char* title;
  RowSpan (*rows)();
};
constexpr Family kFamilies[] = {
    {"Addition and subtraction", &add_rows},
    {"Logical operations and tests", &logical_rows},
    {"Comparison", &compare_rows},
    {"Loads and addresses", &load_rows},
    {"Stores", &store_rows},
    {"On condition", &on_condition_rows},
    {"Immediates and selected bits", &immediate_rows},
    {"Multiplication and division", &multiply_rows},
    {"Shifts", &shift_rows},
    {"Branches, traps, linkage, EXECUTE, hints", &branch_rows},
    {"High words", &high_word_rows},
    {"Multiple registers, access registers", &multiple_rows},
    {"Interlocked operations", &atomic_rows},
    {"Blocks of bytes", &move_rows},
    {"Strings, Unicode, translation", &string_rows},
    {"Decimal", &decimal_rows},
    {"Floating-point support", &fp_support_rows},
    {"Binary floating point, registers", &bfp_rows},
    {"Binary floating point, storage", &bfp_storage_rows},
    {"Binary floating point, conversion", &bfp_convert_rows},
    {"PSW and address spaces", &psw_rows},
    {"Control", &control_rows},
    {"Storage keys, translation, moves between spaces", &storage_control_rows},
    {"Timing", &timing_rows},
    {"Input and output", &io_rows},
    {"Only ever intercepted", &intercepted_rows},
};

std::string page() {
  std::size_t total = 0, shown = 0;
  for (const Family& family : kFamilies) total += family.rows().size();
  std::string out = fmt::format(
      "# Instruction set\n\n"
      "Printed from the rows of `cpu/isa/rows` by `siena_rows page` (tests/rows); a test fails when this page is older "
      "than they are.\n\n"
      "{} instructions. Opcode: `A7.4` has its extension in bits 12-15, `E3..04` in the sixth byte. Facility: the "
      "STFLE bit that must be\n"
      "one, none for what every machine has. P: privileged. SIE: what the row says about interpretive execution.\n",
      total);
  for (const Family& family : kFamilies) {
    out += fmt::format(
        "\n## {}\n\n| mnemonic | opcode | format | facility | P | SIE | cost class |\n|---|---|---|---|---|---|---|\n",
        family.title);
    for (const InstructionDef& def : family.rows()) {
      const auto facility = static_cast<int>(def.facility);
      out += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n",
                         def.mnemonic,
                         opcode(def.opcode),
                         name_of(def.format),
                         facility < 0 ? std::string{} : fmt::format("{}", facility),
                         def.privilege == Privilege::Supervisor ? "P" : "",
                         sie_rule(def.sie),
                         name_of(def.cost));
      ++shown;
    }
  }
  return shown == all_rows().size() ? out : "a family of rows is missing in tests/rows/rows.cpp\n";
}

int run(std::span<char*> arguments) {
  const std::string_view what = arguments.size() > 1 ? arguments[1] : "";
  if (what == "mnemonics") {
    for (const InstructionDef* def : all_rows()) fmt::print("{}\n", def->mnemonic);
    return 0;
  }
  if (what == "page") {
    fmt::print("{}", page());
    return 0;
  }
  if (what == "check" && arguments.size() == 3) {
    std::ifstream file(arguments[2]);
    const std::string committed{std::istreambuf_iterator<char>(file), {}};
    if (committed == page()) return 0;
    fmt::print("{} is not what the rows say: siena_rows page > docs/instruction-set.md\n", arguments[2]);
    return 1;
  }
  fmt::print(stderr, "usage: siena_rows mnemonics | page | check FILE\n");
  return 2;
}

} // namespace
} // namespace siena::cpu::isa

int main(int count, char** arguments) { return siena::cpu::isa::run({arguments, static_cast<std::size_t>(count)}); }
