// SPDX-License-Identifier: BSD-3-Clause
// Several operands at distances from one register: translated code looks their page up once.
#include "tests/cpu/jit/runner.h"

namespace siena::cpu::jit {
namespace {

using testing::expect_same_on_all, testing::kCode, testing::kData, testing::kWide, testing::Runner;

constexpr u64 kDatOn = kWide | Psw::kDat;

// AGHI %r2,1; STG %r2,0(%r15); LG %r3,0x40(%r15); STG %r3,0x80(%r15); LMG %r4,%r5,0x60(%r15); STMG %r2,%r5,0x30(%r15);
// AG %r2,0x38(%r15); L %r6,0x44(%r15); STG %r6,0x48(%r15); BRCTG %r1,0; J .
constexpr std::string_view kFrame =
    "A72B 0001 E320 F000 0024 E330 F040 0004 E330 F080 0024 EB45 F060 0004 EB25 F030 0024 E320 F038 0008 5860 F044 "
    "E360 F048 0024 A717 FFE7 A7F4 0000";

void prepare(Runner& run, u64 frame) {
  run.put(kCode, kFrame);
  run.cpu.gr[1] = 20;
  run.cpu.gr[15] = frame;
}

TEST(JitStorage, OperandsOfOneRegisterInOnePageAndInTwo) {
  for (u64 offset = 0xF60; offset <= 0x1008; offset += 8) {
    SCOPED_TRACE(offset);
    expect_same_on_all([&](Runner& run) {
      prepare(run, kData + offset);
      for (u64 i = 0; i < 0x200; i += 8) run.store(kData + offset + i, i * 0x0101'0101'0101);
      (void)run.go(1000);
    });
  }
}

TEST(JitStorage, ALaterOperandInAnAbsentPageInterruptsAtItsInstruction) {
  for (u64 offset = 0xF60; offset <= 0x1008; offset += 8) {
    SCOPED_TRACE(offset);
    expect_same_on_all([&](Runner& run) {
      const u64 space = run.space();
      for (u64 page = 0; page <= kData; page += kPageSize) run.map(space, page, page);
      run.use(space);
      prepare(run, kData + offset);
      (void)run.go(1000, kCode, kDatOn);
    });
  }
}

TEST(JitStorage, APageThatMayNotBeStoredToIsFetchedFromBeforeTheStoreInterrupts) {
  const auto r = expect_same_on_all([](Runner& run) {
    constexpr u64 kProtected = 0x200;
    const u64 space = run.space();
    for (u64 page = 0; page < kData; page += kPageSize) run.map(space, page, page);
    run.map(space, kData, kData | kProtected);
    run.use(space);
    // LG %r3,8(%r15); LG %r2,0(%r15); STG %r2,16(%r15); AGSI 8(%r15),1
    run.put(kCode, "E330 F008 0004 E320 F000 0004 E320 F010 0024 EB01 F008 007A");
    run.store<u64>(kData, 0x1234);
    run.store<u64>(kData + 8, 0x5678);
    run.cpu.gr[15] = kData;
    for (const u64 begin : {u64{0}, u64{18}, u64{0}}) (void)run.go(100, kCode + begin, kDatOn);
  });
  EXPECT_EQ(r->cpu.gr[2], 0x1234u);
  EXPECT_EQ(r->cpu.gr[3], 0x5678u);
  EXPECT_EQ(*r->storage->load<u16>({0x8E}), 4u) << "protection";
  EXPECT_EQ(*r->storage->load<u64>({0x158}), kCode + 18);
}

TEST(JitStorage, AStoreBetweenTwoOthersMayBeToTheBlockItself) {
  // The frame begins so that STG %r3,0x80(%r15) changes the AGHI.
  for (u64 before = 0x78; before <= 0x88; before += 2)
    expect_same_on_all([&](Runner& run) {
      prepare(run, kCode - before);
      (void)run.go(200);
    });
}

TEST(JitStorage, ACallBetweenTwoOperandsMayTakeThePageAway) {
  const auto r = expect_same_on_all([](Runner& run) {
    const u64 space = run.space();
    for (u64 page = 0; page <= 0x2'0000; page += kPageSize) run.map(space, page, page);
    const u64 entry = run.map(space, 0x3'0000, 0x3'0000);
    for (u64 page = 0; page < 4 * kPageSize; page += kPageSize)
      run.map(space, testing::kTables + page, testing::kTables + page);
    run.use(space);
    // LG %r2,0(%r15); LG %r3,8(%r15); STG %r7,0(%r4); PTLB; LG %r5,0(%r15); LG %r6,8(%r15); J .
    run.put(kCode, "E320 F000 0004 E330 F008 0004 E370 4000 0024 B20D 0000 E350 F000 0004 E360 F008 0004 A7F4 0000");
    run.cpu.gr[4] = entry;
    run.cpu.gr[7] = 0x3'0400; // invalid
    run.cpu.gr[15] = 0x3'0000;
    run.store<u64>(0x1D0, kWide | Psw::kWait);
    for (unsigned round = 0; round < 3; ++round) { // translated when the page goes
      run.store<u64>(entry, 0x3'0000);
      (void)run.go(100, kCode, kDatOn);
    }
  });
  EXPECT_EQ(*r->storage->load<u16>({0x8E}), 0x11) << "page translation";
}

} // namespace
} // namespace siena::cpu::jit
