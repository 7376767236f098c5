// SPDX-License-Identifier: BSD-3-Clause
// Instructions that change translation tables: each test first uses a translation, so that it is cached.
#include "tests/cpu/isa/control_program.h"

namespace siena::cpu::isa::testing {
namespace {

using PI = ProgramInterruption;
constexpr u64 kTables = 0x10'0000, kFrame = 0x40'0000;

struct Mapped : ControlProgram {
  TestSpace tables{*this, kTables};
  Mapped() {
    for (u64 i = 0; i < 8; ++i) {
      tables.map(0x5000 + i * kPageSize, kFrame + i * kPageSize);
      put<u64>(kFrame + i * kPageSize, i);
    }
    cr(1, tables.asce());
    psw(Psw::kDat);
    for (u64 i = 0; i < 8; ++i) EXPECT_EQ(fetch(i), i);
  }
  /// What the page says, or the program-interruption code less 0x1000.
  u64 fetch(u64 i) {
    const auto f = cpu.fetch<u64>({0x5000 + i * kPageSize, 0});
    return f.outcome == Outcome::Completed ? f.value : 0x1000 + static_cast<u64>(cpu.pending_program.code);
  }
  u64 entry(u64 i) const { return load(tables.page_entry(0x5000 + i * kPageSize)); }
};
constexpr u64 kPageFault = 0x1011, kSegmentFault = 0x1010;

TEST(InvalidatePageTableEntry, SetsTheInvalidBitAndForgetsTheTranslation) {
  Mapped p;
  p.cpu.gr[3] = p.tables.page_table(0) | 0x7FF; // the last bits are ignored
  p.cpu.gr[4] = 0x6000;
  p.run("B221 0034");
  EXPECT_EQ(p.entry(1), kFrame + 0x1000 + TestSpace::kInvalid);
  EXPECT_EQ(p.fetch(1), kPageFault);
  EXPECT_EQ(p.fetch(2), 2u);
  EXPECT_EQ(p.system.leaves, (std::vector<u64>{p.tables.page_entry(0x6000)}));
}

TEST(InvalidatePageTableEntry, GoesThroughARange) {
  Mapped p;
  p.cpu.gr[3] = p.tables.page_table(0);
  p.cpu.gr[4] = 0xABCD'0000'0000'6123;
  p.cpu.gr[5] = 0x1'0002; // two further entries
  p.run("B221 5034");
  EXPECT_EQ(p.fetch(0), 0u);
  for (const u64 i : {u64{1}, u64{2}, u64{3}}) EXPECT_EQ(p.fetch(i), kPageFault);
  EXPECT_EQ(p.fetch(4), 4u);
  EXPECT_EQ(p.cpu.gr[4], 0xABCD'0000'0000'9123u);
  EXPECT_EQ(p.cpu.gr[5], 0x1'00FFu);
}

TEST(InvalidatePageTableEntry, DoesNotLeaveTheTable) {
  Mapped p;
  p.cpu.gr[3] = p.tables.page_table(0);
  p.cpu.gr[4] = 0xFF000;
  p.cpu.gr[5] = 1;
  EXPECT_EQ(p.interruption("B221 5034"), PI::Specification);
  p.system.facility_words = {0}; // without ranges R3 means nothing
  p.run("B221 5034");
  EXPECT_EQ(p.cpu.gr[5], 1u);
}

TEST(InvalidatePageTableEntry, TakesTableAddressesAsTranslationDoes) {
  Mapped p;
  p.cpu.set_prefix(0x6000);
  p.cpu.gr[3] = 0; // a page table at absolute 0
  p.cpu.gr[4] = 0x20'0000;
  p.put<u64>(0, 0x1111'0000);
  p.run("B221 0034");
  EXPECT_EQ(p.load(0), 0x1111'0400u) << "no prefixing";
}

TEST(InvalidatePageTableEntry, IsPrivileged) {
  Mapped p;
  p.psw(Psw::kProblem);
  for (const char* text : {"B221 0034", "B98E 0034", "B250 0034", "B98A 0034", "B98F 5024", "B20D 0000"})
    EXPECT_EQ(p.interruption(text), PI::PrivilegedOperation) << text;
}

TEST(InvalidatePageTableEntry, TellsTheFramesOwnersOfTheStore) {
  struct Watcher final : mmu::FrameObserver {
    u64 first = 0, length = 0;
    void stored(AbsoluteAddress a, u64 n) override { first = a.value, length = n; }
  } watcher;
  Mapped p;
  p.storage().frames().set_observer(mmu::FrameUse::WatchStore, &watcher);
  p.storage().frames().arm({p.tables.page_table(0) & kPageMask}, mmu::FrameUse::WatchStore);
  p.cpu.gr[3] = p.tables.page_table(0);
  p.cpu.gr[4] = 0x6000;
  p.run("B221 0034");
  EXPECT_EQ(watcher.first, p.tables.page_entry(0x6000));
  EXPECT_EQ(watcher.length, 8u);
}

TEST(InvalidateDatTableEntry, InvalidatesSegmentTableEntries) {
  Mapped p;
  p.tables.map(0x10'0000, kFrame).map(0x20'0000, kFrame);
  p.cpu.gr[3] = kTables;
  p.cpu.gr[4] = 0x0000'0001; // this segment and one further
  p.run("B98E 0034");
  EXPECT_EQ(p.load(p.tables.segment_entry(0)) & 0x20, 0x20u);
  EXPECT_EQ(p.load(p.tables.segment_entry(0x10'0000)) & 0x20, 0x20u);
  EXPECT_EQ(p.load(p.tables.segment_entry(0x20'0000)) & 0x20, 0u);
  EXPECT_EQ(p.fetch(1), kSegmentFault);
}

TEST(InvalidateDatTableEntry, IndexesByTheTablesType) {
  ControlProgram p;
  const u64 address = (u64{1} << 53) | (u64{2} << 42) | (u64{3} << 31) | (u64{4} << 20);
  for (u64 type = 0; type < 4; ++type) {
    const u64 table = 0x20'0000 + type * 0x1'0000;
    p.cpu.gr[3] = table | type << 2;
    p.cpu.gr[4] = address;
    p.run("B98E 0034");
    EXPECT_EQ(p.load(table + (4 - type) * 8), 0x20u) << type;
  }
}

TEST(InvalidateDatTableEntry, ClearsByAsceWithoutTouchingTables) {
  Mapped p;
  const u64 before = p.load(p.tables.segment_entry(0));
  p.cpu.gr[4] = 0x800;
  p.cpu.gr[5] = p.tables.asce();
  p.put<u64>(p.tables.page_entry(0x6000), kFrame + 0x7000); // changed behind the translation's back
  p.run("B98E 5004");
  EXPECT_EQ(p.fetch(1), 7u);
  EXPECT_EQ(p.load(p.tables.segment_entry(0)), before);
  EXPECT_EQ(p.system.asces, (std::vector<u64>{p.tables.asce()}));
}

TEST(InvalidateDatTableEntry, WantsItsReservedBitsZero) {
  Mapped p;
  p.cpu.gr[3] = kTables;
  for (const u64 bad : {u64{0x1000}, u64{0x8'0000}, u64{0x1800}}) {
    p.cpu.gr[4] = bad;
    EXPECT_EQ(p.interruption("B98E 0034"), PI::Specification);
  }
}

TEST(CompareAndSwapAndPurge, SwapsAndPurgesWhenAskedTo) {
  Mapped p;
  p.tables.map(0x8'0000, kTables); // the tables, as seen by the program
  p.put<u64>(p.tables.page_entry(0x6000), kFrame + 0x7000);
  EXPECT_EQ(p.fetch(1), 1u) << "still cached";
  p.cpu.gr[6] = 0;
  p.cpu.gr[7] = 5;
  p.cpu.gr[8] = 0x8'0008 | 2; // ALB only
  p.put<u32>(kTables + 8, 0);
  p.run("B250 0068");
  EXPECT_EQ(p.cpu.psw.cc, 0);
  EXPECT_EQ(p.load32(kTables + 8), 5u);
  EXPECT_EQ(p.system.all_purges, 0);
  p.cpu.gr[6] = 5;
  p.cpu.gr[8] = 0x8'0008 | 1;
  p.run("B250 0068");
  EXPECT_EQ(p.system.all_purges, 1);
  EXPECT_EQ(p.fetch(1), 7u);
}

TEST(CompareAndSwapAndPurge, LoadsTheOperandWhenItDiffers) {
  ControlProgram p;
  p.put<u64>(0x2000, 0x1111'1111'2222'2222);
  p.cpu.gr[6] = ~u64{0};
  p.cpu.gr[8] = 0x2001;
  p.run("B98A 0068");
  EXPECT_EQ(p.cpu.psw.cc, 1);
  EXPECT_EQ(p.cpu.gr[6], 0x1111'1111'2222'2222u);
  EXPECT_EQ(p.system.all_purges, 0);
  p.cpu.gr[6] = ~u64{0};
  p.run("B250 0068");
  EXPECT_EQ(p.cpu.gr[6], 0xFFFF'FFFF'1111'1111u);
  EXPECT_EQ(p.interruption("B250 0078"), PI::Specification) << "odd R1";
}

TEST(CompareAndSwapAndPurge, MustBeAllowedToStoreEvenWhenItWouldNot) {
  ControlProgram p;
  p.key(0x2000, 0x20);
  p.psw_key(0x10);
  p.cpu.gr[6] = 1;
  p.cpu.gr[8] = 0x2000;
  EXPECT_EQ(p.interruption("B98A 0068"), PI::Protection);
}

TEST(CompareAndReplaceDatTableEntry, ReplacesAPageTableEntry) {
  Mapped p;
  p.cpu.gr[2] = p.tables.page_table(0); // type 0: page table
  p.cpu.gr[3] = 0x6000;
  p.cpu.gr[4] = p.entry(1);
  p.cpu.gr[5] = kFrame + 0x7000;
  p.cpu.gr[9] = p.tables.asce();
  p.run("B98F 9042");
  EXPECT_EQ(p.cpu.psw.cc, 0);
  EXPECT_EQ(p.fetch(1), 7u);
  p.run("B98F 9042"); // what was expected is no longer there
  EXPECT_EQ(p.cpu.psw.cc, 1);
  EXPECT_EQ(p.cpu.gr[4], kFrame + 0x7000);
}

TEST(CompareAndReplaceDatTableEntry, ReplacesASegmentTableEntry) {
  Mapped p;
  p.cpu.gr[2] = kTables | 0x10;
  p.cpu.gr[3] = 0x6000;
  p.cpu.gr[4] = p.load(p.tables.segment_entry(0));
  p.cpu.gr[5] = 0x20;
  p.run("B98F 0042");
  EXPECT_EQ(p.cpu.psw.cc, 0);
  EXPECT_EQ(p.fetch(1), kSegmentFault);
  p.cpu.gr[2] = kTables | 0x04;
  EXPECT_EQ(p.interruption("B98F 0042"), PI::Specification) << "no such designation type";
  EXPECT_EQ(p.interruption("B98F 0052"), PI::Specification) << "odd R1";
  EXPECT_EQ(p.interruption("B98F 0043"), PI::Specification) << "odd R2";
}

TEST(ResetDatProtection, MakesThePageWritable) {
  Mapped p;
  p.tables.map(0x6000, kFrame + 0x1000, TestSpace::kProtected);
  p.run("B20D 0000");
  EXPECT_EQ(p.cpu.store<u64>({0x6000, 0}, 9), Outcome::ProgramInterruption);
  p.cpu.gr[3] = p.tables.page_table(0);
  p.cpu.gr[4] = 0x6000;
  p.run("B98B 0034");
  EXPECT_EQ(p.cpu.store<u64>({0x6000, 0}, 9), Outcome::Completed);
}

TEST(PurgeTlb, ForgetsThisCpusTranslations) {
  Mapped p;
  p.put<u64>(p.tables.page_entry(0x6000), kFrame + 0x7000);
  EXPECT_EQ(p.fetch(1), 1u);
  p.run("B20D 0000");
  EXPECT_EQ(p.fetch(1), 7u);
  p.run("B248 0000");
}

TEST(UnderSie, PurgesConcernTheGuestLevel) {
  ControlProgram p;
  p.interpret();
  p.cpu.gr[3] = 0x20'0000;
  p.cpu.gr[4] = 0;
  p.run("B98E 0034");
  EXPECT_EQ(p.system.all_purges, 0);
  ASSERT_EQ(p.system.entries.size(), 1u);
  EXPECT_EQ(p.system.entries.back(), std::pair(u64{0x20'0000}, true));
  EXPECT_EQ(p.interpretive.released, 1);
  EXPECT_EQ(p.interpretive.asked.back(), custom(CustomSieRule::InterlockedTable));
}

TEST(UnderSie, TheInterlockIsReleasedEvenWhenTheSieHostHasNoPage) {
  ControlProgram p;
  p.interpret();
  p.sie_host.missing = 0x20'0000;
  p.cpu.gr[3] = 0x20'0000;
  EXPECT_EQ(p.execute("B221 0034"), Outcome::SieHostInterruption);
  EXPECT_EQ(p.cpu.sie_host_teid, 0x20'0000u);
  EXPECT_EQ(p.cpu.sie_host_code, mmu::fault::kPageTranslation);
  EXPECT_EQ(p.interpretive.released, 1);
}

TEST(UnderSie, NothingIsReleasedThatWasNotTaken) {
  ControlProgram p;
  p.interpret();
  p.interpretive.answer = Outcome::Interception;
  EXPECT_EQ(p.execute("B221 0034"), Outcome::Interception);
  EXPECT_EQ(p.interpretive.released, 0);
}

} // namespace
} // namespace siena::cpu::isa::testing
