// SPDX-License-Identifier: BSD-3-Clause
#include "mmu/entry_index.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace siena::mmu {
namespace {

TEST(EntryIndex, AnEntryIsFoundOnceByWhatItWasLastFilledWith) {
  constexpr u32 kEntries = 300;
  EntryIndex index;
  index.extend(kEntries / 3);
  index.extend(kEntries - kEntries / 3);
  std::vector<u64> last(kEntries, 0);
  std::mt19937_64 random(1);
  for (int step = 0; step < 20000; ++step) {
    const auto entry = static_cast<u32>(random() % kEntries);
    last[entry] = (1 + random() % 50) * 0x1000;
    index.put(entry, last[entry]);
    const u64 what = (1 + random() % 50) * 0x1000;
    std::multiset<u32> expected, found;
    for (u32 i = 0; i < kEntries; ++i)
      if (last[i] == what) expected.insert(i);
    index.each(what, [&](u32 i) {
      if (last[i] == what) found.insert(i);
    });
    ASSERT_EQ(found, expected) << "step " << step;
  }
}

TEST(EntryIndex, AnEntryThatWasNeverFilledIsNotShown) {
  EntryIndex index;
  index.extend(10);
  int shown = 0;
  for (u64 what = 0; what < 0x100000; what += 8) index.each(what, [&](u32) { ++shown; });
  EXPECT_EQ(shown, 0);
}

} // namespace
} // namespace siena::mmu
