// SPDX-License-Identifier: BSD-3-Clause
// Translated code beside the interpreter: the same registers after the same cycles, whatever the program does to itself.
#include "tests/cpu/jit/runner.h"

#include <string_view>

namespace siena::cpu::jit {
namespace {

using testing::at_once, testing::expect_equal, testing::expect_same_on_all, testing::kCode, testing::kData,
    testing::kStorage, testing::Runner;

/// Runs the program for `cycles` on both.
void expect_same(const std::vector<u16>& program, u64 cycles, u64 address = kCode) {
  const EngineOptions options = at_once();
  Runner translated(&options), reference(nullptr);
  for (Runner* r : {&translated, &reference}) {
    for (unsigned n = 0; n < 16; ++n) r->cpu.gr[n] = kData + 0x100 * n;
    r->put(address, program);
    (void)r->go(cycles, address);
  }
  expect_equal(translated.cpu, reference.cpu);
  EXPECT_GT(translated.engine->statistics().entries, 0u);
}

TEST(Jit, StopsAtTheSameInstructionAsTheInterpreterForEveryLimit) {
  // 0: AGHI %r1,1; LG %r2,0(%r3); MVC 0(8,%r4),0(%r5); CGR %r1,%r2; JNE 0; J 0
  const std::vector<u16> program = {
      0xA71B, 1, 0xE320, 0x3000, 0x0004, 0xD207, 0x4000, 0x5000, 0xB920, 0x0012, 0xA774, 0xFFF6, 0xA7F4, 0xFFF4};
  for (u64 cycles = 2; cycles < 60; ++cycles) {
    SCOPED_TRACE(cycles);
    expect_same(program, cycles);
  }
}

TEST(Jit, SeesWhatAStoreChangesInTheSameBlock) {
  // LHI %r1,1; LARL %r3,target; MVI 3(%r3),9; target: LHI %r2,1; end: J end
  expect_same({0xA718, 1, 0xC030, 0, 5, 0x9209, 0x3003, 0xA728, 1, 0xA7F4, 0}, 40);
}

TEST(Jit, SeesWhatAMoveChangesInTheSameBlock) {
  // LARL %r3,target; LARL %r4,new; MVC 0(4,%r3),0(%r4); target: LHI %r2,1; end: J end; new: LHI %r2,7
  expect_same({0xC030, 0, 9, 0xC040, 0, 10, 0xD203, 0x3000, 0x4000, 0xA728, 1, 0xA7F4, 0, 0xA728, 7}, 40);
}

TEST(Jit, TheConditionCodeOfAnInstructionThatChangesItsOwnBlockIsThatInstructions) {
  // CR %r0,%r0; LARL %r3,target; LARL %r4,new; OC 0(4,%r3),0(%r4); target: LHI %r2,1; IPM %r5; end: J end; new: 6
  expect_same({0x1900, 0xC030, 0, 9, 0xC040, 0, 12, 0xD603, 0x3000, 0x4000, 0xA728, 1, 0xB222, 0x0050, 0xA7F4, 0, 0, 6},
              40);
}

TEST(Jit, SeesWhatStoreMultipleChangesInTheSameBlock) {
  // LARL %r3,target; LG %r6,new; STMG %r6,%r6,0(%r3); target: LHI %r2,1; LHI %r2,2; end: J end; .align 8; new: LHI %r2,7; LHI %r8,8
  expect_same({0xC030, 0,      9, 0xC468, 0, 13,     0xEB66, 0x3000, 0x0024, 0xA728,
               1,      0xA728, 2, 0xA7F4, 0, 0x0707, 0xA728, 7,      0xA788, 8},
              40);
}

TEST(Jit, CountsTheCallsOfARowsFunction) {
  EngineOptions options = at_once();
  options.count_calls = true;
  Runner r(&options);
  r.put(kCode,
        {0xDC03, 0x0500, 0x0600, 0xDC03, 0x0500, 0x0600, 0xA746, 0xFFFA, 0xA7F4, 0}); // 0: TR; TR; BRCT %r4,0; J .
  r.cpu.gr[4] = 10;
  (void)r.go(1000);
  u64 calls = 0, places = 0;
  for (const auto& f : r.engine->fallbacks())
    if (f.def != nullptr && std::string_view(f.def->mnemonic) == "TR") calls += f.calls, places += f.places;
  EXPECT_EQ(places, 2u);
  EXPECT_EQ(calls, 20u);
}

TEST(Jit, SeesWhatADeviceStores) {
  const EngineOptions options = at_once();
  Runner r(&options);
  r.put(kCode, {0xA728, 1, 0xA7F4, 0});
  (void)r.go(50);
  EXPECT_EQ(r.cpu.gr[2], 1u);
  const u8 two[] = {0, 2};
  EXPECT_TRUE(r.storage->write({kCode + 2}, two));
  (void)r.go(50);
  EXPECT_EQ(r.cpu.gr[2], 2u);
  EXPECT_GT(r.engine->statistics().dropped, 0u);
}

TEST(Jit, RunsOffAPagesEndAndAcrossIt) {
  // LGHI %r1,1; LGHI across the boundary; LGHI %r3,3; J to the first
  expect_same({0xA719, 1, 0xC021, 0, 5, 0xA739, 3, 0xA7F4, 0xFFF9}, 60, kCode + kPageSize - 6);
  expect_same({0xA719, 1, 0xA7F4, 0xFFFE}, 60, kCode + kPageSize - 4);
}

TEST(Jit, TakesBranchesBetweenPages) {
  const EngineOptions options = at_once();
  Runner translated(&options), reference(nullptr);
  for (Runner* r : {&translated, &reference}) {
    r->cpu.gr[14] = kCode;
    r->put(kCode, {0xA71B, 1, 0xC0E5, 0, 0x1000 - 2, 0xA7F4, 0xFFFB}); // AGHI; BRASL %r14,+0x2000; J
    r->put(kCode + 0x2000, {0xA72B, 2, 0x07FE});                       // AGHI; BR %r14
    (void)r->go(1000);
  }
  expect_equal(translated.cpu, reference.cpu);
  EXPECT_LT(translated.engine->statistics().entries, 20u) << "translated code finds its way by itself";
}

TEST(Jit, CountsCyclesAndInstructionsBeyondTheLongestRunAndThroughARowThatChargesByItself) {
  (void)expect_same_on_all([](Runner& r) {
    // LGFI %r2,0x20000; LGFI %r3,0x40000; LGHI %r6,0; LGHI %r7,0; MVCL %r2,%r6; XC 0(256,%r4),0(%r4); BRCTG %r8,.-6; J
    r.put(kCode, "C021 0002 0000 C031 0004 0000 A769 0000 A779 0000 0E26 D7FF 4000 4000 A787 FFFD A7F4 FFF0");
    r.cpu.gr[4] = kData;
    r.cpu.gr[8] = 9000; // times 36 cycles
    (void)r.go(4 * backend::kLongestRun);
    (void)r.on(1);
  });
}

TEST(Jit, AnExceptionInTheMiddleOfABlockIsPrecise) {
  // AGHI %r1,1; LTGR %r2,%r3; LG %r4,0(%r15) beyond storage; AGHI %r1,1
  const EngineOptions options = at_once();
  Runner translated(&options), reference(nullptr);
  for (Runner* r : {&translated, &reference}) {
    r->cpu.gr[15] = kStorage + 0x1000;
    r->put(kCode, {0xA71B, 1, 0xB902, 0x0023, 0xE340, 0xF000, 0x0004, 0xA71B, 1, 0xA7F4, 0});
    (void)r->go(100);
  }
  expect_equal(translated.cpu, reference.cpu);
  EXPECT_EQ(*translated.storage->load<u64>({0x150}), *reference.storage->load<u64>({0x150}));
  EXPECT_EQ(*translated.storage->load<u64>({0x158}), *reference.storage->load<u64>({0x158}));
  EXPECT_EQ(*translated.storage->load<u32>({0x8C}), *reference.storage->load<u32>({0x8C}));
}

TEST(Jit, BeginsAnewWhenTheCodeIsFull) {
  EngineOptions options = at_once();
  options.code_size = 512 << 10;
  Runner translated(&options), reference(nullptr);
  // Many blocks, twice: each adds one and branches to the next halfword but one.
  for (Runner* r : {&translated, &reference}) {
    r->cpu.gr[1] = 0;
    u64 at = 0x10'0000;
    for (int i = 0; i < 3000; ++i, at += 8) r->put(at, {0xA71B, 1, 0xA7F4, 2});
    r->put(at, {0xA7F4, 0});
    (void)r->go(10'000, 0x10'0000);
    (void)r->go(10'000, 0x10'0000);
  }
  expect_equal(translated.cpu, reference.cpu);
  EXPECT_EQ(translated.cpu.gr[1], 6000u);
  EXPECT_GT(translated.engine->statistics().flushes, 0u);
}

TEST(Jit, FormsRelativeAddressesUpToFourGigabytesAway) {
  // LARL %r1,.+4G-2; LARL %r2,.-4G; J .
  expect_same({0xC010, 0x7FFF, 0xFFFF, 0xC020, 0x8000, 0x0000, 0xA7F4, 0}, 20);
}

TEST(Jit, LeavesOtherModesToTheInterpreter) {
  // SAM31; AHI %r1,1; SAM64; AHI %r1,1; J .
  expect_same({0x010D, 0xA71A, 1, 0x010E, 0xA71A, 1, 0xA7F4, 0}, 40);
}

TEST(Jit, ExecutesTheTargetOfExecute) {
  // LARL %r1,mvc; LGHI %r2,7; EXRL %r2,mvc; J .; mvc: MVC 0(1,%r4),0(%r5)
  expect_same({0xC010, 0, 10, 0xA729, 7, 0xC620, 0, 5, 0xA7F4, 0, 0xD200, 0x4000, 0x5000}, 40);
}

} // namespace
} // namespace siena::cpu::jit
