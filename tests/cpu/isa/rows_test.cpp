// SPDX-License-Identifier: BSD-3-Clause
// Properties of all rows together; each family's own opcodes are proved unique at compile time.
#include "cpu/isa/decoder.h"
#include "cpu/isa/rows/rows.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace siena::cpu::isa {
namespace {

TEST(Rows, NoTwoRowsShareAnOpcode) {
  std::map<u16, std::string> seen;
  for (const InstructionDef* def : all_rows()) {
    const auto [it, added] = seen.emplace(def->opcode, def->mnemonic);
    EXPECT_TRUE(added) << def->mnemonic << " and " << it->second << " both have opcode " << std::hex << def->opcode;
  }
}

TEST(Rows, NoTwoRowsShareAMnemonic) {
  std::set<std::string> seen;
  for (const InstructionDef* def : all_rows()) EXPECT_TRUE(seen.insert(def->mnemonic).second) << def->mnemonic;
}

TEST(Rows, TheFormatsLengthIsTheOneThatTheOpcodeSays) {
  for (const InstructionDef* def : all_rows()) {
    const InsnText text{static_cast<u64>(def->opcode >> 8) << 56};
    EXPECT_EQ(length_of(def->format), text.length()) << def->mnemonic;
  }
}

TEST(Rows, TheOpcodesExtensionFitsItsFirstByte) {
  for (const InstructionDef* def : all_rows()) {
    const auto extension = def->opcode & 0xFF;
    switch (extension_of(static_cast<u8>(def->opcode >> 8))) {
    case Extension::None: EXPECT_EQ(extension, 0) << def->mnemonic; break;
    case Extension::RightNibble: EXPECT_LT(extension, 16) << def->mnemonic; break;
    default: break;
    }
  }
}

} // namespace
} // namespace siena::cpu::isa
