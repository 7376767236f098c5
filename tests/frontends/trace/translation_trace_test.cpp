// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/trace/translation_trace.h"

#include "cpu/isa/decoder.h"
#include "frontends/trace/host_text.h"
#include "frontends/trace/perf_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include <unistd.h>

namespace siena::frontends::trace {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr u64 kFacilities[4] = {~u64{0}, ~u64{0}, ~u64{0}, ~u64{0}};

/// LGR %r1,%r2 at offset 0x10 of a page.
cpu::jit::ir::Block one_load() {
  static const cpu::isa::Decoder decoder{kFacilities};
  cpu::jit::ir::Block block;
  const cpu::isa::InsnText text{0xB904'0012'0000'0000};
  block.instructions.push_back(
      {.handler = nullptr, .text = text, .def = decoder.find(text), .offset = 0x10, .cycles = 1});
  return block;
}

TEST(TranslationTrace, ShowsTextNodesAndHostCode) {
  const cpu::jit::ir::Block block = one_load();
  const u8 code[] = {0xC3}, cold[] = {0xC3, 0xC3};
  std::string all;
  TranslationTrace([&](std::string_view line) {
    (all += line) += '\n';
  }).translated({{0x5000}, block, block, {code, code}, {cold, cold}});
  EXPECT_THAT(all, HasSubstr("block at absolute 5010: 1 instructions, 1 cycles\n"));
  EXPECT_THAT(all, HasSubstr("5010  lgr"));
  EXPECT_THAT(all, HasSubstr("after the passes:\n"));
  EXPECT_THAT(all, HasSubstr("host code: 1 bytes"));
  EXPECT_THAT(all, HasSubstr("seldom executed: 2 bytes"));
}

TEST(HostText, ShowsBytesThatAreNoInstruction) {
  const u8 none[] = {0x06, 0x07};
  EXPECT_THAT(host_text(none, 0x1000), ElementsAre("     0  06 07"));
  EXPECT_THAT(host_text({}, 0x1000), IsEmpty());
}

TEST(PerfMap, HasALineForEachBlocksStraightCodeAndOneForTheRest) {
  const cpu::jit::ir::Block block = one_load();
  const u8 code[] = {0xC3, 0xC3};
  const std::string name = "/tmp/perf-" + std::to_string(::getpid()) + ".map";
  {
    auto map = PerfMap::create();
    ASSERT_TRUE(map);
    map.value()->translated({{0x5000},
                             block,
                             block,
                             {code, reinterpret_cast<const void*>(0x1234)},
                             {code, reinterpret_cast<const void*>(0x5678)}});
  }
  std::ostringstream text;
  text << std::ifstream(name).rdbuf();
  ::unlink(name.c_str());
  EXPECT_EQ(text.str(), "1234 2 guest_5010_LGR_1\n5678 2 guest_5010_LGR_1_cold\n");
}

} // namespace
} // namespace siena::frontends::trace
