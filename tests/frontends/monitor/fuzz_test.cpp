// SPDX-License-Identifier: BSD-3-Clause
// The fuzz target of the QMP parser over inputs that are the same each time: good commands, damaged ones, and noise.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

namespace {

const std::vector<std::string> kSeeds = {
    R"({"execute":"query-status","id":1})",
    R"({"execute":"query-cpus-fast"}{"execute":"query-block"})",
    R"({"execute":"human-monitor-command","arguments":{"command-line":"x /20xb $r1+0x10","cpu-index":1}})",
    R"({"execute":"human-monitor-command","arguments":{"command-line":"xp /3i 0"}})",
    R"({"execute":"human-monitor-command","arguments":{"command-line":"info registers -a"}})",
    R"({"execute":"query-cpu-model-expansion","arguments":{"type":"static","model":{"name":"z13","props":{"edat":false}}}})",
    R"({"execute":"query-cpu-model-comparison","arguments":{"modela":{"name":"z13"},"modelb":{"name":"z14"}}})",
    R"({"execute":"query-cpu-model-baseline","arguments":{"modela":{"name":"max"},"modelb":{"name":"z900-base"}}})",
    R"({'execute':'stop'} {"execute":"cont","id":{"a":[1,2.5e3,null,true,"\u00e9\"\\"]}})",
    "[[[[{\"a\":[{}]}]]]] \xC3\xA9 \xFF \"\xED\xA0\x80\" -12e+5 nul"};

std::string mutated(std::mt19937& random) {
  const auto below = [&](std::size_t n) { return random() % n; };
  std::string text = kSeeds[below(kSeeds.size())];
  for (std::size_t changes = below(6); changes != 0; --changes) {
    const std::size_t at = below(text.size() + 1);
    switch (below(6)) {
    case 0: text.insert(at, 1, static_cast<char>(random())); break;
    case 1: text.erase(at, below(8)); break;
    case 2: text.insert(at, kSeeds[below(kSeeds.size())]); break;
    case 3: text.insert(at, std::string(below(2000), "[{\"'\\"[below(5)])); break;
    case 4: text.insert(at, 1, "{}[],:\"'\\\n\0\x7f"[below(12)]); break;
    default:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
    }
  }
  return text;
}

TEST(QmpFuzz, AnswersWhateverComesWithOneJsonObjectALine) {
  std::mt19937 random{20240229};
  for (int i = 0; i < 3000; ++i) {
    const std::string text = mutated(random);
    EXPECT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const unsigned char*>(text.data()), text.size()), 0);
  }
  for (int i = 0; i < 500; ++i) {
    std::string noise(random() % 300, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    EXPECT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const unsigned char*>(noise.data()), noise.size()), 0);
  }
}

} // namespace
