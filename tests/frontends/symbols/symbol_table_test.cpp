// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/symbols/symbol_table.h"

#include <gtest/gtest.h>

#include <random>

namespace siena::frontends::symbols {
namespace {

std::string place(const SymbolTable& table, u64 address) {
  const auto found = table.find(address);
  return found ? text_of(*found) : "none";
}

SymbolTable small_table() {
  SymbolTable table;
  table.add(0x2000, 0x10, SymbolRank::GlobalFunction, "second");
  table.add(0x1000, 0, SymbolRank::LocalFunction, "first");
  table.add(0x3000, 0, SymbolRank::GlobalOther, "last");
  table.sort();
  return table;
}

TEST(SymbolTable, FindsTheSymbolThatAnAddressIsIn) {
  const SymbolTable table = small_table();
  EXPECT_EQ(place(table, 0x0FFF), "none");
  EXPECT_EQ(place(table, 0x1000), "first");
  EXPECT_EQ(place(table, 0x1004), "first+0x4");
  EXPECT_EQ(place(table, 0x200F), "second+0xf");
}

TEST(SymbolTable, KnowsWhereASymbolWithASizeEnds) { EXPECT_EQ(place(small_table(), 0x2010), "none"); }

TEST(SymbolTable, LetsASymbolWithoutASizeReachToTheNextOne) { EXPECT_EQ(place(small_table(), 0x1FFF), "first+0xfff"); }

TEST(SymbolTable, DoesNotLetTheLastSymbolReachFurtherThanItMay) {
  EXPECT_EQ(place(small_table(), 0x3000 + SymbolTable::kLongestWithoutSize - 1), "last+0xffff");
  EXPECT_EQ(place(small_table(), 0x3000 + SymbolTable::kLongestWithoutSize), "none");
}

TEST(SymbolTable, HasSymbolsUpToTheEndOfTheAddressSpace) {
  SymbolTable table;
  table.add(~u64{0} - 7, 0, SymbolRank::GlobalFunction, "end");
  table.sort();
  EXPECT_EQ(place(table, ~u64{0}), "end+0x7");
  EXPECT_EQ(place(table, 0), "none");
}

TEST(SymbolTable, ShowsTheFunctionOfSeveralNamesOfAnAddress) {
  SymbolTable table;
  table.add(0x1000, 0, SymbolRank::LocalOther, "label");
  table.add(0x1000, 8, SymbolRank::WeakFunction, "weak");
  table.add(0x1000, 8, SymbolRank::GlobalFunction, "function");
  table.sort();
  EXPECT_EQ(place(table, 0x1004), "function+0x4");
  // A size of its own decides before the rank.
  EXPECT_EQ(place(table, 0x1008), "label+0x8");
}

TEST(SymbolTable, FindsAddressesByName) {
  const SymbolTable table = small_table();
  EXPECT_EQ(table.address_of("last"), 0x3000u);
  EXPECT_EQ(table.address_of("secon"), std::nullopt);
  EXPECT_EQ(table.address_of(""), std::nullopt);
}

TEST(SymbolTable, PrefersFunctionsOfTheSameName) {
  SymbolTable table;
  table.add(0x1000, 0, SymbolRank::LocalFunction, "twice");
  table.add(0x2000, 0, SymbolRank::GlobalFunction, "twice");
  table.sort();
  EXPECT_EQ(table.address_of("twice"), 0x2000u);
}

TEST(SymbolTable, MovesAroundTheEndOfTheAddressSpace) {
  SymbolTable table = small_table();
  table.move(u64{0} - 0x2000);
  EXPECT_EQ(place(table, u64{0} - 0x1000 + 4), "first+0x4");
  EXPECT_EQ(place(table, 0x5), "second+0x5");
  EXPECT_EQ(table.address_of("last"), 0x1000u);
}

TEST(SymbolTable, AnswersAsASearchThroughAllWould) {
  std::mt19937_64 random{1};
  SymbolTable table;
  struct Known {
    u64 address, size;
    std::string name;
  };
  std::vector<Known> known;
  for (u64 n = 0, address = 0x10000; n < 5000; ++n) {
    address += 17 + random() % 64;
    known.push_back({address, 1 + random() % 16, "symbol_" + std::to_string(random())});
  }
  auto shuffled = known;
  std::shuffle(shuffled.begin(), shuffled.end(), random);
  for (const auto& k : shuffled) table.add(k.address, k.size, SymbolRank::GlobalFunction, k.name);
  table.sort();
  for (const auto& k : known) {
    EXPECT_EQ(place(table, k.address), k.name);
    EXPECT_EQ(place(table, k.address + k.size), "none");
    EXPECT_EQ(table.address_of(k.name), k.address);
  }
}

} // namespace
} // namespace siena::frontends::symbols
