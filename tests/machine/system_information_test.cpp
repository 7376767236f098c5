// SPDX-License-Identifier: BSD-3-Clause
#include "machine/system_information.h"

#include "base/big_endian.h"

#include <gtest/gtest.h>

namespace siena::machine {
namespace {

struct TopologyList : ::testing::Test {
  IdentityInputs inputs;
  std::array<u8, 4096> block{};
  bool store(unsigned s1, unsigned s2) { return store_system_information(inputs, 0, 15, s1, s2, block); }
  u64 load(std::size_t at) const { return load_big<u64>(&block[at]); }
  u16 length() const { return load_big<u16>(&block[2]); }
  void SetUp() override { inputs.topology = true; }
};

TEST_F(TopologyList, PutsAllCpusIntoOneSocketUnlessToldOtherwise) {
  inputs.cpus = inputs.maximum_cpus = 3;
  ASSERT_TRUE(store(1, 2));
  EXPECT_EQ(load(0) & 0xFFFF'FFFF'FFFF, 0x0028'0000'0000u);
  EXPECT_EQ(load(8), 0x0103'0002'0000'0000u) << "one socket of three CPUs, two levels";
  EXPECT_EQ(load(16), 0x0100'0000'0000'0000u) << "container of level 1";
  EXPECT_EQ(load(24), 0x0000'0000'0003'0000u) << "IFLs from address 0, horizontal";
  EXPECT_EQ(load(32), 0xE000'0000'0000'0000u);
  EXPECT_EQ(length(), 40);
}

TEST_F(TopologyList, NeedsAnEntryForEverySixtyFourCpus) {
  inputs.cpus = 65;
  ASSERT_TRUE(store(1, 2));
  EXPECT_EQ(load(32), ~u64{0});
  EXPECT_EQ(load(40), 0x0000'0000'0003'0040u);
  EXPECT_EQ(load(48), 0x8000'0000'0000'0000u);
  EXPECT_EQ(length(), 56);
}

TEST_F(TopologyList, HasDrawersBooksAndSocketsWhenAsked) {
  inputs.places = {2, 2, 2, 2};
  inputs.maximum_cpus = 16;
  inputs.cpus = 11; // the first drawer, and one socket and a half of the second
  ASSERT_TRUE(store(1, 4));
  EXPECT_EQ(load(0) & 0xFFFF, 0x0202u) << "magnitudes of drawers, books,";
  EXPECT_EQ(load(8), 0x0202'0004'0000'0000u) << "sockets and cores";
  const u64 expected[] = {0x0300'0000'0000'0000,
                          0x0200'0000'0000'0000,
                          0x0100'0000'0000'0000,
                          0x3'0000,
                          u64{3} << 62,
                          0x0100'0000'0000'0001,
                          0x3'0000,
                          u64{3} << 60,
                          0x0200'0000'0000'0001,
                          0x0100'0000'0000'0000,
                          0x3'0000,
                          u64{3} << 58,
                          0x0100'0000'0000'0001,
                          0x3'0000,
                          u64{3} << 56,
                          0x0300'0000'0000'0001,
                          0x0200'0000'0000'0000,
                          0x0100'0000'0000'0000,
                          0x3'0000,
                          u64{3} << 54,
                          0x0100'0000'0000'0001,
                          0x3'0000,
                          u64{1} << 53};
  for (std::size_t n = 0; n < std::size(expected); ++n) EXPECT_EQ(load(16 + 8 * n), expected[n]) << n;
  EXPECT_EQ(length(), 16 + sizeof expected);
}

TEST_F(TopologyList, OfFewerLevelsCountsWhatIsInTheOthers) {
  inputs.places = {2, 2, 2, 2};
  inputs.maximum_cpus = inputs.cpus = 16;
  ASSERT_TRUE(store(1, 3));
  EXPECT_EQ(load(0) & 0xFFFF, 0x0004u) << "four books";
  EXPECT_EQ(load(8), 0x0202'0003'0000'0000u);
  EXPECT_EQ(load(16), 0x0200'0000'0000'0000u);
  ASSERT_TRUE(store(1, 2));
  EXPECT_EQ(load(0) & 0xFFFF, 0u);
  EXPECT_EQ(load(8), 0x0802'0002'0000'0000u) << "eight sockets";
  EXPECT_EQ(load(16 + 24 * 7), 0x0100'0000'0000'0007u);
  EXPECT_EQ(length(), 16 + 24 * 8);
}

TEST_F(TopologyList, SocketThatEndsAmongSixtyFourCpusHasEntriesOnBothSides) {
  inputs.places = {1, 1, 2, 40};
  inputs.maximum_cpus = inputs.cpus = 80;
  ASSERT_TRUE(store(1, 2));
  EXPECT_EQ(load(32), ~u64{0} << 24);
  EXPECT_EQ(load(48), 0x3'0000u) << "the second socket begins at 40, which is still in the first 64";
  EXPECT_EQ(load(56), 0xFF'FFFFu);
  EXPECT_EQ(load(64), 0x3'0040u);
  EXPECT_EQ(load(72), ~u64{0} << 48);
}

TEST_F(TopologyList, ThatDoesNotFitIsNotThere) {
  inputs.places = {1, 1, 248, 1};
  inputs.maximum_cpus = inputs.cpus = 248;
  EXPECT_FALSE(store(1, 2));
  inputs.cpus = 170;
  EXPECT_TRUE(store(1, 2));
}

TEST_F(TopologyList, HasTwoToFourLevelsAndNoOtherForm) {
  EXPECT_FALSE(store(1, 1));
  for (const unsigned levels : {2u, 3u, 4u}) EXPECT_TRUE(store(1, levels));
  EXPECT_FALSE(store(1, 5));
  EXPECT_FALSE(store(1, 6));
  EXPECT_FALSE(store(2, 2));
  inputs.topology = false;
  EXPECT_FALSE(store(1, 2));
}

} // namespace
} // namespace siena::machine
