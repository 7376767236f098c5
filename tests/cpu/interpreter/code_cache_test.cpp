// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/interpreter/code_cache.h"

#include <gtest/gtest.h>

namespace siena::cpu::interpreter {
namespace {

constexpr u64 kFacilities[4] = {~u64{0}, ~u64{0}, ~u64{0}, ~u64{0}};

TEST(CodeCache, BeginsAnewWhenItHasNoRoomForAnotherPage) {
  const auto storage = std::move(mmu::AbsoluteStorage::create(64 << 20).value());
  const isa::Decoder decoder(kFacilities);
  CodeCache code(*storage, decoder);
  ASSERT_TRUE(storage->store<u16>({0x10}, 0x1812)); // LR %r1,%r2
  const auto page = [&](u64 n) -> DecodedPage& { return code.page(storage->host({n * kPageSize})); };
  ASSERT_TRUE(code.decode(page(0), 0x10));
  const isa::Handler load = page(0).slots[8].handler;
  ASSERT_NE(load, nullptr);
  u64 n = 1;
  while (storage->frames().armed({0}, mmu::FrameUse::Code) && n < storage->size() / kPageSize) {
    DecodedPage& other = page(n++);
    EXPECT_EQ(other.frame.value, (n - 1) * kPageSize);
    EXPECT_EQ(other.slots[8].handler, nullptr);
    ASSERT_TRUE(code.decode(other, 0x10)); // zeros are no instruction, and have a slot all the same
  }
  EXPECT_LT(n, storage->size() / kPageSize) << "room for all of them";
  EXPECT_GT(n, 4096u);
  EXPECT_FALSE(storage->frames().armed({kPageSize}, mmu::FrameUse::Code));
  EXPECT_EQ(page(0).frame.value, 0u);
  EXPECT_EQ(page(0).slots[8].handler, nullptr);
  ASSERT_TRUE(code.decode(page(0), 0x10));
  EXPECT_EQ(page(0).slots[8].handler, load);
}

TEST(CodeCache, DataStoredAgainAndAgainIntoAPageEmptyItAtLast) {
  const auto storage = std::move(mmu::AbsoluteStorage::create(1 << 20).value());
  const isa::Decoder decoder(kFacilities);
  CodeCache code(*storage, decoder);
  DecodedPage& page = code.page(storage->host({0}));
  ASSERT_TRUE(code.decode(page, 0x10));
  for (int stores = 0; stores < 1000 && storage->frames().armed({0}, mmu::FrameUse::Code); ++stores)
    ASSERT_TRUE(storage->store<u64>({0x800}, 1));
  EXPECT_FALSE(storage->frames().armed({0}, mmu::FrameUse::Code));
  EXPECT_EQ(page.slots[8].handler, nullptr);
}

} // namespace
} // namespace siena::cpu::interpreter
