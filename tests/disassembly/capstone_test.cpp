// SPDX-License-Identifier: BSD-3-Clause
// Every row as Siena writes it, beside Capstone's reading of the same text where Capstone knows the instruction.
#include "tests/disassembly/texts.h"

#include "cpu/isa/disassembler.h"
#include "cpu/isa/rows/rows.h"

#include <gtest/gtest.h>

#include <capstone/capstone.h>
#include <fmt/format.h>

#include <array>
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
std::string without_blanks(std::string s) {
  std::erase(s, ' ');
  return s;
}

TEST(Capstone, IsPrintedBesideSiena) {
  constexpr u64 kAddress = 0x4000'0000;
  const Capstone capstone;
  ASSERT_TRUE(capstone.opened());
  std::mt19937_64 random{seed()};
  unsigned rows = 0, same = 0, named = 0, known = 0;
  for (const InstructionDef* def : all_rows()) {
    bool shown = false;
    for (const InsnText text : texts_of(*def, random)) {
      const std::string theirs = capstone.reading(text, kAddress);
      if (theirs.empty()) continue;
      const std::string ours = normalised(disassemble(text, every_row(), kAddress));
      ++known;
      if (mnemonic(ours) == mnemonic(theirs)) ++named;
      const bool agrees = without_blanks(ours) == without_blanks(theirs);
      if (agrees) ++same;
      if (!agrees) fmt::print("{:<8} {:<36} {}\n", def->mnemonic, ours, theirs);
      shown = true;
    }
    if (shown) ++rows;
  }
  fmt::print("{} rows, {} texts, {} same mnemonic, {} same\n", rows, known, named, same);
}

} // namespace
} // namespace siena::cpu::isa
