// SPDX-License-Identifier: BSD-3-Clause
// Shadows as guests meet them: what survives, and whom an invalidation concerns. The algorithm by itself is in tests/sie/shadow_gmap.
#include "tests/sie/sie_machine.h"

namespace siena::sie::testing {
namespace {

using cpu::Psw;

/// Guests with their own DAT on, in spaces of the SIE host that map their storage one to one.
struct Shadow : ::testing::Test {
  SieMachine m{2};
  HostTables tables{m, 0x40'0000}, others{m, 0x50'0000};
  static constexpr u64 kGuest = SieMachine::kGuest, kPageTable = 0xC000;
  static constexpr const char *kFetch = "E31020000004 83020044", // LG 1,0(2); DIAG
      *kPurge = "B20D0000 E31020000004 83020044",                // PTLB and the same
          *kInvalidate = "B2210034 83020044";                    // IPTE 3,4; DIAG

  void SetUp() override {
    tables.map_guest();
    others.map_guest();
    for (u64 n = 0; n < 2048; ++n) m.guest_put<u64>(0x8000 + 8 * n, 0x20);
    m.guest_put<u64>(0x8000, kPageTable);
    for (u64 n = 0; n < 256; ++n) m.guest_put<u64>(kPageTable + 8 * n, n * kPageSize);
    m.sd.gcr[1] = 0x8000 | 3;
    m.sd.mso = 0;
    m.sd.msl = SieMachine::kGuestSize - 0x10'0000;
    m.guest_put<u64>(0x5000, 0x55);
    m.guest_put<u64>(0x6000, 0x66);
  }
  /// The guest's program on that CPU, in that space; GR2 is 0x5000. Answers its GR1.
  u64 run(std::string_view code, const HostTables& space, unsigned n = 0, u64 at = SieMachine::kGuestCode) {
    m.guest_code(code, at);
    m.cpu(n).cr[1] = space.asce();
    m.cpu(n).gr[2] = 0x5000;
    m.sd.gpsw_mask = SieMachine::kWide | Psw::kDat;
    m.sd.gpsw_address = at;
    m.sd.ihcpu = static_cast<u16>(n);
    m.write_block();
    EXPECT_EQ(m.resume(100'000, n), kBehindSie);
    EXPECT_EQ(m.sd.icptcode, 0x04);
    return m.cpu(n).gr[1];
  }
  void map_guest_page(u64 page, u64 frame) { m.guest_put<u64>(kPageTable + 8 * (page / kPageSize), frame); }
  u64 tables_space() const { return shadow_gmap::SpaceName{tables.asce(), true, true}.host_space(); }
  u64 table_reads() { return m.sie.gmap().statistics().table_reads; }
};

TEST_F(Shadow, AGuestsPurgeReadsNoTableOfGuest1Again) {
  EXPECT_EQ(run(kPurge, tables), 0x55u);
  const u64 reads = table_reads();
  EXPECT_GT(reads, 0u);
  EXPECT_EQ(run(kPurge, tables), 0x55u);
  EXPECT_EQ(table_reads(), reads);
}

TEST_F(Shadow, SieAndAnotherCpuReadNoTableAgain) {
  (void)run(kFetch, tables);
  const u64 reads = table_reads();
  m.sd.ihcpu = 0xFFFF;
  EXPECT_EQ(run(kFetch, tables, 1), 0x55u);
  EXPECT_EQ(table_reads(), reads);
}

TEST_F(Shadow, AGuestsInvalidationStaysInItsSpace) {
  (void)run(kFetch, tables, 0);
  (void)run(kFetch, others, 1, 0x2000);
  m.cpu().gr[3] = kPageTable;
  m.cpu().gr[4] = 0x5000;
  (void)run(kInvalidate, tables, 0, 0x3000);
  map_guest_page(0x5000, 0x6000);
  EXPECT_EQ(run(kFetch, tables, 0), 0x66u);
  EXPECT_EQ(run(kFetch, others, 1, 0x2000), 0x55u) << "still cached";
}

TEST_F(Shadow, AGuestsPurgeOfAllCpusStaysInItsSpace) {
  (void)run(kFetch, tables, 0);
  (void)run(kFetch, others, 1, 0x2000);
  map_guest_page(0x5000, 0x6000);
  for (auto* c : m.system.cpus) c->tlb().purge({true, tables_space()});
  EXPECT_EQ(run(kFetch, tables, 0), 0x66u);
  EXPECT_EQ(run(kFetch, others, 1, 0x2000), 0x55u) << "still cached";
}

TEST_F(Shadow, WhatGuest1ChangesReachesGuestsOnEveryCpu) {
  (void)run(kFetch, tables, 0);
  (void)run(kFetch, tables, 1);
  m.put<u64>(tables.entry(0x5000), kGuest + 0x6000); // a plain store
  EXPECT_EQ(run(kFetch, tables, 0), 0x66u);
  EXPECT_EQ(run(kFetch, tables, 1), 0x66u);
}

} // namespace
} // namespace siena::sie::testing
