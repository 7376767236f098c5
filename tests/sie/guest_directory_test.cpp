// SPDX-License-Identifier: BSD-3-Clause
#include "sie/guest_directory.h"

#include <gtest/gtest.h>

namespace siena::sie {
namespace {

constexpr u8 kKvm = 4;

struct Directory : ::testing::Test {
  /// Enters and leaves.
  const KnownCpu& visit(u64 block, u64 control_area, u64 asce, u8 program = kKvm) {
    KnownCpu& cpu = directory.entered({block, control_area, program, {asce, true, true}, 0, 0});
    directory.left(cpu, 0, registers);
    return cpu;
  }
  cpu::Registers registers;
  GuestDirectory directory;
};

TEST_F(Directory, CpusWithOneControlAreaAreOneGuest) {
  EXPECT_EQ(visit(0x1000, 0x9000, 0xA).guest->number, 2u);
  EXPECT_EQ(visit(0x2000, 0x9000, 0xA).guest->number, 2u);
  EXPECT_EQ(visit(0x3000, 0xB000, 0xC).guest->number, 3u);
  EXPECT_EQ(visit(0x1000, 0x9000, 0xA).thread, 1u);
  EXPECT_EQ(visit(0x2000, 0x9000, 0xA).thread, 2u);
  EXPECT_EQ(directory.guests().size(), 2u);
}

TEST_F(Directory, WithoutControlAreaTheSpaceOfTheSieHostTellsGuestsApart) {
  EXPECT_EQ(visit(0x1000, 0, 0xA).guest->number, 2u);
  EXPECT_EQ(visit(0x2000, 0, 0xA).guest->number, 2u);
  EXPECT_EQ(visit(0x3000, 0, 0xB).guest->number, 3u);
}

TEST_F(Directory, AGuestKeepsItsNumberWhenItsControlAreaGrows) {
  visit(0x1000, 0x9000, 0xA);
  visit(0x2000, 0x9000, 0xA);
  EXPECT_EQ(visit(0x1000, 0xD000, 0xA).guest->number, 2u);
  EXPECT_EQ(visit(0x2000, 0xD000, 0xA).guest->number, 2u);
  EXPECT_EQ(directory.find(2)->cpus.size(), 2u);
  EXPECT_EQ(directory.find(2)->control_area, 0xD000u);
}

TEST_F(Directory, ABlockUsedForAnotherGuestIsThatGuests) {
  visit(0x1000, 0x9000, 0xA);
  EXPECT_EQ(visit(0x1000, 0xB000, 0xC).guest->number, 3u);
  EXPECT_EQ(directory.find(2), nullptr) << "it had no other CPU";
}

TEST_F(Directory, GuestsOfGuestsAreDeeper) {
  EXPECT_EQ(visit(0x1000, 0x9000, 0xA).guest->depth, 2u);
  EXPECT_EQ(visit(0x2000, 0x9000, 0xA, GuestDirectory::kNestedProgram).guest->depth, 3u);
  EXPECT_EQ(directory.guests().size(), 2u);
}

TEST_F(Directory, KnowsWhoRunsNow) {
  EXPECT_EQ(directory.running_on(3), nullptr);
  KnownCpu& cpu = directory.entered({0x1000, 0x9000, kKvm, {}, 0, 3});
  EXPECT_EQ(directory.running_on(3), &cpu);
  EXPECT_EQ(cpu.running_on, 3u);
  registers.gr[5] = 55;
  directory.left(cpu, 3, registers);
  EXPECT_EQ(directory.running_on(3), nullptr);
  EXPECT_EQ(cpu.running, 0u);
  EXPECT_TRUE(cpu.has_left);
  EXPECT_EQ(cpu.gr[5], 55u);
}

TEST_F(Directory, ABlockThatTwoCpusInterpretStaysUntilBothHaveLeft) {
  KnownCpu& cpu = directory.entered({0x1000, 0x9000, kKvm, {}, 0, 0});
  directory.entered({0x1000, 0x9000, kKvm, {}, 0, 1});
  directory.left(cpu, 1, registers);
  for (u64 n = 0; n < 2 * GuestDirectory::kMostCpus; ++n) {
    KnownCpu& other = directory.entered({0x10'0000 + 0x200 * n, 0x9000, kKvm, {}, 0, 1});
    directory.left(other, 1, registers);
  }
  EXPECT_EQ(directory.running_on(0), &cpu);
  EXPECT_EQ(directory.running_on(0)->block, 0x1000u);
  directory.left(cpu, 0, registers);
}

TEST_F(Directory, ForgetsWhoHasNotRunForTheLongestTime) {
  for (u64 n = 0; n < GuestDirectory::kMostCpus + 10; ++n) visit(0x1000 + 0x200 * n, 0x9000 + 0x1000 * n, n);
  EXPECT_EQ(directory.guests().size(), GuestDirectory::kMostCpus);
  EXPECT_EQ(directory.find(2), nullptr);
  EXPECT_NE(directory.find(GuestDirectory::kMostCpus + 11), nullptr);
}

} // namespace
} // namespace siena::sie
