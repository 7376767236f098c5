// SPDX-License-Identifier: BSD-3-Clause
// How much host code each row becomes, as tests/cpu/jit/golden has it: a change of the translator shows there what it costs. With
// SIENA_UPDATE_GOLDEN=1 in the environment the test writes the file anew.
#include "cpu/isa/rows/rows.h"
#include "cpu/jit/backend/host_code.h"
#include "cpu/jit/ir/passes.h"
#include "tests/cpu/jit/runner.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>

namespace siena::cpu::jit {
namespace {

/// The row with operands: registers 4 and 6, bases 8 and 9, displacements that are not zero. Nothing when that is another row.
std::optional<isa::InsnText> example(const isa::Decoder& decoder, const isa::InstructionDef& def) {
  constexpr u64 kOperands = 0x0046'8048'9010'0000;
  const u64 first = def.opcode >> 8, second = def.opcode & 0xFF;
  for (const u64 bits : {kOperands | first << 56,                                              // one byte
                         (kOperands & ~(u64{0xFF} << 48)) | first << 56 | second << 48,        // two
                         (kOperands & ~(u64{0x0F} << 48)) | first << 56 | (second & 15) << 48, // one and a half
                         (kOperands & ~(u64{0xFF} << 16)) | first << 56 | second << 16}) {     // the first and the last
    isa::InsnText text{bits};
    text.bits &= ~u64{0} << (64 - 8 * text.length());
    if (decoder.find(text) == &def) return text;
  }
  return std::nullopt;
}

/// Lines "mnemonic straight all", in the order of the alphabet: host bytes before the parts that are seldom executed, and in all.
std::string counted() {
  testing::Runner machine(nullptr);
  const auto host = backend::make_host_code(1 << 20, machine.cpu);
  constexpr u64 kPage = testing::kCode;
  constexpr u16 kOffset = 0x100;
  std::map<std::string, std::string> lines;
  for (const isa::InstructionDef* def : isa::all_rows()) {
    const auto text = example(machine.decoder, *def);
    if (!text) continue;
    for (u64 at = 0; at < text->length(); at += 2)
      machine.store(kPage + kOffset + at, static_cast<u16>(text->bits >> (48 - 8 * at)));
    ir::LowerOptions one;
    one.instructions = 1;
    ir::Block block;
    if (!ir::lower(machine.code, {machine.storage->host({kPage})}, kOffset, one, block)) continue;
    ir::run_passes(block);
    const bool calls =
        std::any_of(block.nodes.begin(), block.nodes.end(), [](const ir::Node& n) { return n.op == ir::Op::Call; });
    if (calls) continue; // no code of its own
    host->clear();
    std::vector<u16> targets;
    const backend::HostBlock made = host->translate(block, targets);
    const std::size_t straight = made.straight.bytes.size();
    lines[def->mnemonic] = std::to_string(straight) + ' ' + std::to_string(straight + made.cold.bytes.size());
  }
  std::string all;
  for (const auto& [mnemonic, counts] : lines) all += mnemonic + ' ' + counts + '\n';
  return all;
}

TEST(JitGolden, EachRowBecomesAsMuchHostCodeAsTheFileSays) {
  const std::string path = SIENA_SOURCE_DIR "/tests/cpu/jit/golden";
  const std::string now = counted();
  if (std::getenv("SIENA_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << now;
  std::ifstream file(path);
  const std::string committed(std::istreambuf_iterator<char>{file}, {});
  EXPECT_EQ(now, committed) << "SIENA_UPDATE_GOLDEN=1 writes the file anew";
}

// The code memory keeps 64 KiB of each half free for one block.
TEST(JitGolden, TheLargestBlocksAreFarFromFillingWhatIsKeptFreeForThem) {
  testing::Runner machine(nullptr);
  const auto host = backend::make_host_code(1 << 20, machine.cpu);
  // CLC, XC and NC of 256 bytes; LMG and STMG of all registers; MDB; AR and BRC; CSG. Each fills a block.
  for (const char* listing : {"D5FF 8010 9020",
                              "D7FF 8010 9020",
                              "D4FF 8010 9020",
                              "EB0F 8010 0004",
                              "EB0F 8010 0024",
                              "ED40 8010 001C",
                              "1A46 A754 0400",
                              "EB46 8010 0030"}) {
    SCOPED_TRACE(listing);
    std::string program;
    for (unsigned n = 0; n < 64; ++n) program += std::string(listing) + ' ';
    machine.put(testing::kCode, program);
    ir::Block block;
    ASSERT_TRUE(ir::lower(machine.code, {machine.storage->host({testing::kCode})}, 0, {}, block));
    EXPECT_EQ(block.instructions.size(), 64u);
    ir::run_passes(block);
    host->clear();
    std::vector<u16> targets;
    const backend::HostBlock made = host->translate(block, targets);
    EXPECT_LT(made.straight.bytes.size(), std::size_t{32} << 10);
    EXPECT_LT(made.cold.bytes.size(), std::size_t{32} << 10);
  }
}

} // namespace
} // namespace siena::cpu::jit
