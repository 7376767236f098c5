// SPDX-License-Identifier: BSD-3-Clause
// Every row as Siena writes it, beside Capstone's reading of the same text where Capstone knows the instruction. How it spells
// operands is Capstone's affair and only counted; that both mean the same instruction is expected.
#include "tests/disassembly/texts.h"

#include "cpu/isa/disassembler.h"
#include "cpu/isa/rows/rows.h"

#include <gtest/gtest.h>

#include <capstone/capstone.h>
#include <fmt/format.h>

#include <array>
#include <cctype>
#include <memory>

namespace siena::cpu::isa {
namespace {

class Capstone {
 public:
  Capstone() { opened_ = cs_open(CS_ARCH_SYSZ, CS_MODE_BIG_ENDIAN, &handle_) == CS_ERR_OK; }
  ~Capstone() {
    if (opened_) cs_close(&handle_);
  }
  Capstone(const Capstone&) = delete;
  Capstone& operator=(const Capstone&) = delete;

  bool opened() const { return opened_; }
  /// Nothing where Capstone does not know the instruction.
  std::string reading(InsnText text, u64 address) const {
    std::array<u8, 6> bytes{};
    for (unsigned i = 0; i < text.length(); ++i) bytes[i] = static_cast<u8>(text.bits >> (56 - 8 * i));
    cs_insn* read = nullptr;
    const std::size_t count = cs_disasm(handle_, bytes.data(), text.length(), address, 1, &read);
    if (count == 0) return {};
    std::string out = normalised(fmt::format("{} {}", read->mnemonic, read->op_str));
    cs_free(read, count);
    return out;
  }

 private:
  csh handle_{};
  bool opened_ = false;
};

std::string mnemonic(const std::string& reading) { return reading.substr(0, reading.find(' ')); }

/// Capstone's conditions of comparisons are named by what holds, objdump's by what does not: "crjlh" is "crjne". And it has the
/// row's own mnemonic for branches that never branch, and for RISBG whatever its flag says.
bool means_the_same(const InstructionDef& def, const std::string& ours, const std::string& theirs) {
  if (ours == theirs) return true;
  constexpr std::array<std::array<std::string_view, 2>, 3> kNames = {{{"ne", "lh"}, {"nl", "he"}, {"nh", "le"}}};
  for (const auto& [not_so, so] : kNames)
    if (ours.ends_with(not_so) && theirs.ends_with(so) &&
        std::string_view(ours).substr(0, ours.size() - 2) == std::string_view(theirs).substr(0, theirs.size() - 2))
      return true;
  std::string plain = def.mnemonic;
  for (char& c : plain) c = static_cast<char>(std::tolower(c));
  return theirs == plain && (plain.starts_with('b') || plain == "risbg");
}

/// Operands without blanks, all numbers in decimal (Capstone has small ones in decimal and others in hexadecimal), and without
/// a base of zero behind an index or a length, which objdump writes.
std::string operands(const std::string& reading) {
  std::string out;
  for (std::size_t i = mnemonic(reading).size(); i < reading.size(); ++i) {
    if (reading.compare(i, 2, "0x") == 0) {
      std::size_t used = 0;
      out += fmt::format("{}", std::stoull(reading.substr(i), &used, 16));
      i += used - 1;
    } else if (reading[i] != ' ') {
      out += reading[i];
    }
    if (out.ends_with(",%r0)")) out.replace(out.size() - 5, 5, ")");
  }
  return out;
}

TEST(Capstone, IsPrintedBesideSienaAndMeansTheSameInstruction) {
  // No relative operand wraps: Capstone writes addresses from 2^63 as negative numbers.
  constexpr u64 kAddress = 0x7F'4000'0000;
  const Capstone capstone;
  ASSERT_TRUE(capstone.opened());
  std::mt19937_64 random{seed()};
  std::size_t rows = 0, texts = 0, alike = 0;
  for (const InstructionDef* def : all_rows()) {
    std::size_t known = 0, same = 0;
    std::string shown;
    const auto all = texts_of(*def, random);
    for (const InsnText text : all) {
      const std::string theirs = capstone.reading(text, kAddress);
      if (theirs.empty()) continue;
      const std::string ours = normalised(disassemble(text, every_row(), kAddress));
      const bool agrees = operands(ours) == operands(theirs) && mnemonic(ours) == mnemonic(theirs);
      EXPECT_TRUE(means_the_same(*def, mnemonic(ours), mnemonic(theirs)))
          << fmt::format("{:012x}: Siena \"{}\", Capstone \"{}\"", text.bits >> 16, ours, theirs);
      ++known;
      same += agrees ? 1 : 0;
      // The first half has operands that say more; one that differs tells most.
      if (!agrees || (known == same && known < all.size() / 2)) shown = fmt::format("{:<42} {}", ours, theirs);
    }
    if (known == 0) continue;
    fmt::print("{:<8} {:3} of {:3}  {}\n", def->mnemonic, same, known, shown);
    rows += 1, texts += known, alike += same;
  }
  fmt::print("Capstone knows {} of {} rows; {} of {} texts alike but for the base of numbers; seed {}\n",
             rows,
             all_rows().size(),
             alike,
             texts,
             seed());
  EXPECT_GT(alike, std::size_t{0});
}

} // namespace
} // namespace siena::cpu::isa
