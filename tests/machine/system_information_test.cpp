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

TEST_F(TopologyList, PutsAllCpusIntoOneSocket) {
  inputs.cpus = 3;
  ASSERT_TRUE(store(1, 2));
  EXPECT_EQ(load(0) & 0xFFFF'FFFF'FFFF, 0x0028'0000'0000u);
  EXPECT_EQ(load(8), 0x0103'0002'0000'0000u) << "one socket of three CPUs, two levels";
  EXPECT_EQ(load(16), 0x0100'0000'0000'0001u) << "container of level 1";
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

TEST_F(TopologyList, HasTwoLevelsAndNoOtherForm) {
  EXPECT_FALSE(store(1, 1));
  EXPECT_FALSE(store(1, 3));
  EXPECT_FALSE(store(2, 2));
  inputs.topology = false;
  EXPECT_FALSE(store(1, 2));
}

} // namespace
} // namespace siena::machine
