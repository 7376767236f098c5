// SPDX-License-Identifier: BSD-3-Clause
// Low-address protection and the translations that are kept of the two pages it concerns (PoP, Storage, *Low-Address Protection*).
#include "tests/cpu/isa/control_program.h"

namespace siena::cpu::isa::testing {
namespace {

struct LowAddressProtection : ::testing::TestWithParam<u64> {
  ControlProgram p;
  void SetUp() override { p.cr(0, p.cpu.cr[0] | cr0::kLowAddressProtection); }
  Outcome store(u64 address) { return p.cpu.store<u64>({address, 0}, 0x1122'3344'5566'7788); }
};

TEST_P(LowAddressProtection, ForbidsTheFirst512BytesWhateverElseOfThePageHasBeenStored) {
  const u64 page = GetParam();
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(store(page + 512), Outcome::Completed);
    EXPECT_EQ(store(page + 0xFF8), Outcome::Completed);
    EXPECT_EQ(store(page + 504), Outcome::ProgramInterruption);
    EXPECT_EQ(p.cpu.pending_program.code, ProgramInterruption::Protection);
    EXPECT_EQ(store(page + 508), Outcome::ProgramInterruption) << "the first half is protected";
    EXPECT_EQ(store(page), Outcome::ProgramInterruption);
  }
  EXPECT_EQ(p.load(page + 512), 0x1122'3344'5566'7788u);
  EXPECT_EQ(p.load(page + 504), 0u);
}

TEST_P(LowAddressProtection, EndsWithItsControl) {
  const u64 page = GetParam();
  EXPECT_EQ(store(page + 512), Outcome::Completed);
  p.cr(0, p.cpu.cr[0] & ~cr0::kLowAddressProtection);
  EXPECT_EQ(store(page), Outcome::Completed);
  p.cr(0, p.cpu.cr[0] | cr0::kLowAddressProtection);
  EXPECT_EQ(store(page), Outcome::ProgramInterruption);
}

TEST_P(LowAddressProtection, LeavesStoresIntoTheNextPageToItsOwnRules) {
  const u64 page = GetParam();
  EXPECT_EQ(store(page + 512), Outcome::Completed);
  EXPECT_EQ(store(page + 0x1000), page == 0 ? Outcome::ProgramInterruption : Outcome::Completed);
  EXPECT_EQ(store(page + 0xFFC), page == 0 ? Outcome::ProgramInterruption : Outcome::Completed);
  EXPECT_EQ(p.load(page + 0xFF8), page == 0 ? 0u : 0x1122'3344u);
}

TEST_P(LowAddressProtection, StoresAreStillSeenByWhoeverWatchesTheFrame) {
  const u64 page = GetParam();
  EXPECT_EQ(store(page + 512), Outcome::Completed);
  struct Observer final : mmu::FrameObserver {
    int stores = 0;
    void stored(AbsoluteAddress, u64) override { ++stores; }
  } observer;
  p.storage().frames().set_observer(mmu::FrameUse::WatchStore, &observer);
  p.storage().frames().arm({page}, mmu::FrameUse::WatchStore);
  EXPECT_EQ(store(page + 512), Outcome::Completed);
  EXPECT_EQ(store(page + 520), Outcome::Completed);
  EXPECT_EQ(observer.stores, 2);
  p.storage().frames().set_observer(mmu::FrameUse::WatchStore, nullptr);
}

INSTANTIATE_TEST_SUITE_P(Pages, LowAddressProtection, ::testing::Values(0, 4096));

} // namespace
} // namespace siena::cpu::isa::testing
