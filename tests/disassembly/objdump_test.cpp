// SPDX-License-Identifier: BSD-3-Clause
// Every row as Siena writes it and as Debian's s390x-linux-gnu-objdump (binutils 2.40) writes it: the two must agree.
#include "tests/disassembly/texts.h"

#include "cpu/isa/disassembler.h"
#include "cpu/isa/rows/rows.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <set>

#include <unistd.h>

namespace siena::cpu::isa {
namespace {

/// Rows that objdump does not know, so that Siena's spelling of them is the row's mnemonic and its format's operands.
const std::set<std::string> kUnknownToObjdump = {
    "CHSC",
    "CLP",
    "DQAP",
    "EQBS",
    "ESSA",
    "MPCIFC",
    "NQAP",
    "PCILG",
    "PCISTB",
    "PCISTG",
    "PQAP",
    "RPCIT",
    "SERVC",
    "SIC",
    "SQBS",
    "STPCIFC",
};

/// A file of instructions, and what objdump says of it. A text that objdump does not know shall not carry others away: it goes
/// on behind four bytes, so at most four more are read with the rest of a text of six.
class Listing {
 public:
  /// The number of the text.
  std::size_t add(InsnText text) {
    const u64 at = kBase + bytes_.size();
    for (unsigned i = 0; i < text.length(); ++i) bytes_ += static_cast<char>(text.bits >> (56 - 8 * i));
    bytes_ += std::string("\x07\x00\x07\x00", 4);
    addresses_.push_back(at);
    return addresses_.size() - 1;
  }
  u64 address(std::size_t number) const { return addresses_.at(number); }
  /// What objdump says of this text; nothing if it did not see an instruction begin there.
  std::string reading(std::size_t number) const {
    const auto at = readings_.find(addresses_.at(number));
    return at == readings_.end() ? std::string() : at->second;
  }
  /// Whether objdump ran and said something.
  bool read() {
    const std::string file = testing::TempDir() + fmt::format("siena_disassembly_{}", ::getpid());
    std::ofstream(file, std::ios::binary) << bytes_;
    const std::string command = fmt::format(
        "{} -D -z -b binary -m s390:64-bit --no-show-raw-insn --adjust-vma=0x{:x} '{}'", SIENA_OBJDUMP, kBase, file);
    const std::unique_ptr<FILE, int (*)(FILE*)> output{popen(command.c_str(), "r"), &pclose};
    if (output == nullptr) return false;
    char line[256];
    while (std::fgets(line, sizeof(line), output.get()) != nullptr) {
      char* end = nullptr;
      const u64 address = std::strtoull(line, &end, 16);
      if (end != line && *end == ':') readings_.emplace(address, normalised(end + 1));
    }
    std::remove(file.c_str());
    return !readings_.empty();
  }

 private:
  static constexpr u64 kBase = 0x4000'0000;
  std::string bytes_;
  std::vector<u64> addresses_;
  std::map<u64, std::string> readings_;
};

struct Expected {
  const InstructionDef* def;
  InsnText text;
  std::size_t number;
};

/// binutils 2.40 leaves out a base of zero behind an index in `nop`, closing parenthesis and all: "nop 0(%r1". Told with it.
std::string repaired(std::string reading) {
  if (reading.starts_with("nop ") && reading.find('(') != std::string::npos && reading.back() != ')')
    reading += ",%r0)";
  return reading;
}

bool unknown(const std::string& reading) { return reading.empty() || reading[0] == '.'; }

TEST(Objdump, ReadsEveryRowAsSienaDoes) {
  Listing listing;
  std::vector<Expected> all;
  std::mt19937_64 random{seed()};
  for (const InstructionDef* def : all_rows())
    for (const InsnText text : texts_of(*def, random)) all.push_back({def, text, listing.add(text)});
  ASSERT_TRUE(listing.read()) << SIENA_OBJDUMP;
  std::map<std::string, unsigned> differences;
  std::set<std::string> unknown_rows;
  for (const Expected& e : all) {
    const std::string theirs = repaired(listing.reading(e.number));
    if (kUnknownToObjdump.contains(e.def->mnemonic) && unknown(theirs)) {
      unknown_rows.insert(e.def->mnemonic);
      continue;
    }
    const std::string ours = normalised(disassemble(e.text, every_row(), listing.address(e.number)));
    // A row that is written wrong is so many times.
    if (ours != theirs && ++differences[e.def->mnemonic] <= 3)
      ADD_FAILURE() << fmt::format(
          "{} {:012x}: Siena \"{}\", objdump \"{}\"", e.def->mnemonic, e.text.bits >> 16, ours, theirs);
  }
  EXPECT_EQ(unknown_rows, kUnknownToObjdump) << "objdump knows more rows now: take them out of the list";
  fmt::print("{} texts of {} rows, {} rows unknown to objdump; seed {}\n",
             all.size(),
             all_rows().size(),
             unknown_rows.size(),
             seed());
}

// What we do not look at objdump does not either: it refuses the text then, or reads it as if the bits were zero.
TEST(Objdump, KnowsNoFieldThatSienaLeavesOut) {
  Listing listing;
  std::vector<Expected> all;
  std::mt19937_64 random{seed()};
  for (const InstructionDef* def : all_rows()) {
    const u64 ignored = ignored_bits(*def);
    for (u64 bit = u64{1} << 63; bit != 0; bit >>= 1)
      if ((bit & ignored) != 0) {
        const InsnText text = text_of(*def, (random() & ~ignored) | bit);
        all.push_back({def, text, listing.add(text)});
      }
  }
  ASSERT_TRUE(listing.read()) << SIENA_OBJDUMP;
  for (const Expected& e : all) {
    const std::string theirs = listing.reading(e.number);
    if (unknown(theirs)) continue;
    EXPECT_EQ(normalised(disassemble(e.text, every_row(), listing.address(e.number))), theirs)
        << fmt::format("{} {:012x}", e.def->mnemonic, e.text.bits >> 16);
  }
}

} // namespace
} // namespace siena::cpu::isa
