// SPDX-License-Identifier: BSD-3-Clause
// Stores to frames that somebody watches (mmu/frames.h): they are kept as translations of their own, and each is reported.
#include "tests/cpu/isa/control_program.h"

namespace siena::cpu::isa::testing {
namespace {

constexpr u64 kPage = 0x5000, kValue = 0x1122'3344'5566'7788;

struct WatchedFrame : ::testing::Test, mmu::FrameObserver {
  ControlProgram p;
  std::vector<std::pair<u64, u64>> seen;
  void stored(AbsoluteAddress first, u64 length) override { seen.push_back({first.value, length}); }
  void SetUp() override {
    p.storage().frames().set_observer(mmu::FrameUse::WatchStore, this);
    p.storage().frames().arm({kPage}, mmu::FrameUse::WatchStore);
  }
  void TearDown() override { p.storage().frames().set_observer(mmu::FrameUse::WatchStore, nullptr); }
  Outcome store(u64 address) { return p.cpu.store<u64>({address, 0}, kValue); }
  u64 store_tag() { return (*p.cpu.data_context())->entry(kPage).store_tag; }
};

TEST_F(WatchedFrame, ReportsEachStoreAlsoWhenItsTranslationIsKept) {
  for (const u64 address : {kPage, kPage + 8, kPage + 0xFF8}) EXPECT_EQ(store(address), Outcome::Completed);
  EXPECT_EQ(store_tag(), kPage | mmu::TlbEntry::kWatched);
  EXPECT_EQ(seen, (std::vector<std::pair<u64, u64>>{{kPage, 8}, {kPage + 8, 8}, {kPage + 0xFF8, 8}}));
  EXPECT_EQ(p.load(kPage + 8), kValue);
}

TEST_F(WatchedFrame, ReportsItsPartOfAStoreThatCrossesIntoItOrOutOfIt) {
  EXPECT_EQ(store(kPage), Outcome::Completed);
  seen.clear();
  EXPECT_EQ(store(kPage - 3), Outcome::Completed);
  EXPECT_EQ(store(kPage + 0xFFD), Outcome::Completed);
  EXPECT_EQ(seen, (std::vector<std::pair<u64, u64>>{{kPage, 5}, {kPage + 0xFFD, 3}}));
  EXPECT_EQ(p.load(kPage - 3), kValue);
  EXPECT_EQ(p.load(kPage + 0xFFD), kValue);
}

TEST_F(WatchedFrame, IsAFrameLikeOthersWhenNobodyWatchesItAnyMore) {
  EXPECT_EQ(store(kPage), Outcome::Completed);
  p.storage().frames().disarm({kPage}, mmu::FrameUse::WatchStore);
  seen.clear();
  EXPECT_EQ(store(kPage), Outcome::Completed);
  EXPECT_EQ(store_tag(), kPage);
  EXPECT_TRUE(seen.empty());
  p.storage().frames().arm({kPage}, mmu::FrameUse::WatchStore);
  EXPECT_EQ(store(kPage), Outcome::Completed);
  EXPECT_EQ(seen.size(), 1u);
}

TEST_F(WatchedFrame, IsStillProtectedByItsKey) {
  EXPECT_EQ(store(kPage), Outcome::Completed);
  p.storage().frames().set_key({kPage}, 0x20);
  p.cpu.psw.set_field(Psw::kKey, u64{0x10} << 48);
  p.cpu.controls_changed();
  EXPECT_EQ(store(kPage), Outcome::ProgramInterruption);
  EXPECT_EQ(seen.size(), 1u);
}

} // namespace
} // namespace siena::cpu::isa::testing
