// SPDX-License-Identifier: BSD-3-Clause
// A SIE host whose tables, control areas and state descriptions are wrong in every way that it can think of, while guests run on
// them: the machine neither fails nor stands still, and no guest stores where its SIE host's tables do not say so.
//
// SIENA_HOSTILE_STEPS in the environment lengthens the runs.
#include "tests/sie/sie_machine.h"

#include <cstdlib>
#include <random>

namespace siena::sie::testing {
namespace {

/// Absolute storage: the prefix areas and programs of the SIE host, its blocks and control area, guests' frames from 1 MB to 3 MB, the
/// SIE host's tables from 4 MB, and from 6 MB what no table maps.
struct HostileHost : ::testing::Test {
  static constexpr u64 kGuest = SieMachine::kGuest, kGuestSize = SieMachine::kGuestSize, kTables = 0x40'0000,
                       kForbidden = 0x60'0000, kStorageSize = SieMachine::kStorageSize, kBlocks = 0x1'4000,
                       kControlArea = 0x2'0000;
  static constexpr unsigned kCpus = 4, kRunning = 3;

  SieMachine m{kCpus};
  HostTables tables{m, kTables};
  std::mt19937_64 random{20261122};
  std::vector<u8> before;
  const u8* storage = m.storage().host({0});

  static u64 steps(u64 usual) {
    const char* wanted = std::getenv("SIENA_HOSTILE_STEPS");
    return wanted == nullptr ? usual : std::strtoull(wanted, nullptr, 0);
  }
  bool one_in(unsigned n) { return random() % n == 0; }
  template <typename T, std::size_t N>
  T any_of(const T (&values)[N]) {
    return values[random() % N];
  }

  /// Address of guest CPU n's block.
  static u64 block(unsigned n) { return kBlocks + u64{n} * kPageSize; }
  void write(unsigned n, const StateDescription& sd) {
    u8 bytes[sizeof sd];
    std::memcpy(bytes, &sd, sizeof sd);
    ASSERT_TRUE(m.storage().write({block(n)}, bytes));
  }
  StateDescription good_block() {
    StateDescription sd = m.sd;
    sd.mso = 0;
    sd.msl = kGuestSize - 0x10'0000;
    sd.gpsw_mask = SieMachine::kWide | (one_in(4) ? cpu::Psw::kDat : 0) | (one_in(2) ? cpu::Psw::kExternal : 0);
    sd.gpsw_address = random() % 0x1'0000 & ~u64{1};
    sd.ecb = static_cast<u8>(sd.ecb | ecb::kSpecification);
    sd.gcr[0] = sd.gcr[0] | cpu::cr0::kExternalCall;
    sd.gcr[1] = 0x10'0000 | 3; // a segment table of the guest
    return sd;
  }
  /// CPU n goes on for a while; first with the block that it is given if it is not in one.
  void run(unsigned n, u64 address, u64 cycles) {
    for (unsigned r = 0; r < 14; ++r)
      if (one_in(4)) m.cpu(n).gr[r] = one_in(16) ? random() : random() % (kGuestSize + (one_in(8) ? kGuestSize : 0));
    m.cpu(n).cr[1] = tables.asce();
    m.cpu(n).attention = false;
    m.cpu(n).state = cpu::Cpu::State::Operating;
    if (!m.cpu(n).interpretive()) {
      m.restart_host(n);
      m.cpu(n).gr[14] = address;
    }
    const u64 end = m.cpu(n).cycles + cycles;
    (void)m.interpreter.run(m.cpu(n), end);
    ASSERT_LT(m.cpu(n).cycles, end + 2'000'000) << "one instruction without end";
  }
  void end_all() {
    for (unsigned n = 0; n < kCpus; ++n)
      if (m.cpu(n).interpretive()) m.sie.suspend(m.cpu(n));
  }
  /// Words that are instructions, table entries and addresses all at once.
  void make_guest() {
    static constexpr u32 kWords[] = {0xB2210012, 0xB98E1012, 0xB98A0024, 0xB2500024, 0xB20D0000, 0xAE130002, 0xAE130015,
                                     0x92AA2000, 0xD2072000, 0x50102000, 0xE3102000, 0x00240000, 0x50103000, 0xB2290012,
                                     0xB22B0012, 0xB9AB1012, 0xB9AF0012, 0xB2540012, 0xB2B02000, 0x44002000, 0x0A050A06,
                                     0xBA122000, 0xB9A20010, 0x41220FFF, 0x41330FFF, 0xA72A1000, 0xA73A1000};
    for (u64 a = 0x1000; a < kGuestSize; a += 4) {
      static constexpr u32 kHarmless[] = {0x41110001, 0xA71A0001, 0x18121834, 0xA7F40002, 0x1A121B34, 0x41220FF8};
      const u32 word = one_in(6)    ? any_of(kWords)
                       : one_in(16) ? static_cast<u32>(random()) & 0x001F'FE20
                       : one_in(40) ? static_cast<u32>(random())
                                    : any_of(kHarmless);
      store_big(m.storage().host({kGuest + a}), word);
    }
    for (u64 psw = 0x1A0; psw < 0x200; psw += 0x10) { // its interruptions lead on
      m.put<u64>(kGuest + psw, SieMachine::kWide);
      m.put<u64>(kGuest + psw + 8, 0x1000 + random() % 0x1'0000 / 8 * 8);
    }
  }
  void remember() { before.assign(m.storage().host({0}), m.storage().host({0}) + kStorageSize); }
  bool same(u64 from, u64 to) const { return std::memcmp(&before[from], storage + from, to - from) == 0; }
};

// Guests' frames may be stored to, whatever lies elsewhere is mapped for fetching only. So nothing but the guests' frames, blocks and
// page-status-table entries can change, wherever the tables point.
TEST_F(HostileHost, TablesThatPointAnywhereLetNoGuestStoreWhereTheyForbidIt) {
  make_guest();
  for (u64 a = 0; a < kGuestSize; a += kPageSize) {
    static constexpr u64 kFrames[] = {0,
                                      0x1000,
                                      0x1'0000,
                                      kBlocks,
                                      kControlArea,
                                      kTables,
                                      kTables + 0x4000,
                                      kTables + 0x5000,
                                      kForbidden,
                                      kStorageSize,
                                      ~u64{0xFFF}};
    if (a >= 0x2000 && one_in(4))
      tables.map(a, any_of(kFrames), one_in(4) ? HostTables::kInvalid : HostTables::kProtected);
    else
      tables.map(a, kGuest + a);
  }
  // Whole segments: tables that are the segment table itself, the prefix area, a block, or outside storage; large frames of all this.
  for (u64 a = 0x20'0000; a < 0x80'0000; a += 0x10'0000) {
    static constexpr u64 kPlaces[] = {
        kTables, 0, 0x1'0000, kBlocks, kForbidden, kStorageSize, 0x7FFF'F000, ~u64{0xF'FFFF}};
    const u64 place = any_of(kPlaces);
    m.put<u64>(tables.segment_entry(a), place | HostTables::kProtected | (one_in(3) ? 0x400 : 0));
  }
  m.sd.msl = 0x70'0000;
  remember();
  const u64 count = steps(400);
  for (u64 i = 0; i < count; ++i) {
    for (unsigned n = 0; n < kRunning; ++n) {
      StateDescription sd = good_block();
      sd.msl = 0x70'0000;
      if (one_in(4)) sd.gcr[1] = (random() % 0x80'0000 & kPageMask) | 3;
      if (one_in(4)) sd.gpsw_address = random() % 0x80'0000 & ~u64{1};
      if (one_in(4)) sd.prefix = static_cast<u32>(random() % 0x80'0000) & 0x7FFF'E000;
      sd.ecb2 = ecb2::kStorageAttributes | ecb2::kFrameManagement;
      sd.cbrlo = one_in(2) ? u64{0x2'8000} : random();
      if ((sd.cbrlo & kPageMask) != 0x2'8000 && (sd.cbrlo & kPageMask) < kStorageSize) sd.cbrlo = ~u64{0xFFF};
      write(n, sd);
      run(n, block(n), 2000);
    }
    end_all();
    if (i % 16 != 15) continue;
    // Behind what is taken for a page table are its status entries.
    ASSERT_TRUE(same(0x2000, 0x1'0800)) << i;
    ASSERT_TRUE(same(0x1'1000, kBlocks)) << i;
    ASSERT_TRUE(same(kControlArea, 0x2'8000)) << i;
    ASSERT_TRUE(same(0x2'9000, kGuest)) << i;
    ASSERT_TRUE(same(kGuest + kGuestSize, kTables)) << i;
    ASSERT_TRUE(same(kTables + 0x1000, kTables + 0x4000)) << i;
    for (const u64 table : {kTables, kTables + 0x4000, kTables + 0x5000}) ASSERT_TRUE(same(table, table + 0x800)) << i;
    ASSERT_TRUE(same(kForbidden + 0x1000, kStorageSize)) << i;
  }
  EXPECT_GT(m.sie.statistics().instructions, count);
}

// The same without protection: a guest may then store into its SIE host's tables, blocks and prefix area. What happens next is up to
// them, but it happens to the guests.
TEST_F(HostileHost, TablesThatAGuestMayStoreToHarmNobodyButItsSieHost) {
  const u64 count = steps(4000) / 100;
  for (u64 i = 0; i < count; ++i) {
    make_guest();
    for (u64 n = 0; n < 2048; ++n) m.put<u64>(kTables + 8 * n, 0x20);
    HostTables fresh(m, kTables);
    for (u64 a = 0; a < kGuestSize; a += kPageSize) {
      const u64 frames[] = {0, 0x1'0000, kBlocks, kTables, kTables + 0x4000, kStorageSize, random() & 0xFFF'F000};
      fresh.map(a, a >= 0x2000 && one_in(4) ? any_of(frames) : kGuest + a, one_in(16) ? HostTables::kProtected : 0);
    }
    m.put<u64>(fresh.segment_entry(0x30'0000), kTables);
    m.put<u64>(fresh.segment_entry(0x40'0000), 0x400);
    m.put<u64>(fresh.segment_entry(0x50'0000), kStorageSize);
    sie::purge_all(m.sie.gmap(), m.system.cpus, {});
    for (unsigned k = 0; k < 30; ++k)
      for (unsigned n = 0; n < kRunning; ++n) {
        StateDescription sd = good_block();
        sd.msl = 0x70'0000;
        sd.ihcpu = 0xFFFF;
        write(n, sd);
        run(n, block(n), 2000);
      }
    end_all();
  }
  EXPECT_GT(m.sie.statistics().instructions, 100 * count);
}

// Guest 1 changes entries under running guests, gives their blocks to other CPUs, to two at once, and says of them what is not true.
TEST_F(HostileHost, TablesAndBlocksThatChangeUnderThreeCpusLeadNowhereElse) {
  make_guest();
  tables.map_guest();
  for (unsigned n = 0; n < kRunning; ++n) write(n, good_block());
  remember();
  const u64 count = steps(20'000);
  for (u64 i = 0; i < count; ++i) {
    const auto n = static_cast<unsigned>(random() % kRunning), of = static_cast<unsigned>(random() % kRunning);
    if (one_in(2)) {
      const u64 page = 0x2000 + (random() % (kGuestSize - 0x2000) & kPageMask),
                frame = kGuest + (random() % kGuestSize & kPageMask);
      static constexpr u64 kFlags[] = {0, 0, HostTables::kProtected, HostTables::kInvalid, 0x800};
      m.put<u64>(tables.entry(page), (one_in(16) ? kStorageSize : frame) | any_of(kFlags));
    }
    if (one_in(64)) { // a whole megabyte: gone, back, as one large frame
      const u64 segment = tables.segment_entry(random() % kGuestSize), was = m.load(segment);
      static constexpr u64 kOthers[] = {0x20, kGuest | 0x400, kGuest | 0x600, kStorageSize};
      m.put<u64>(segment, any_of(kOthers));
      run(n, block(of), 500);
      m.put<u64>(segment, was);
    }
    if (one_in(4)) {
      static constexpr u16 kCpuNumbers[] = {0, 1, 2, 3, 4, 0x7FFF, 0xFFFF};
      m.put<u16>(block(of) + offsetof(StateDescription, ihcpu), any_of(kCpuNumbers));
    }
    if (one_in(32)) m.put<u8>(block(of), static_cast<u8>(random() & 0x1F)); // requests
    if (one_in(2)) write(of, good_block());
    run(n, block(of), 200 + random() % 1500);
    if (i % 64 != 63) continue;
    ASSERT_TRUE(same(0x2000, kBlocks)) << i;
    ASSERT_TRUE(same(kBlocks + 0x3000, kGuest)) << i;
    ASSERT_TRUE(same(kGuest + kGuestSize, kTables)) << i;
    ASSERT_TRUE(same(kForbidden, kStorageSize)) << i;
  }
  end_all();
  EXPECT_GT(m.sie.statistics().instructions, 4 * count);
}

// System control areas with any contents: whom a CPU's entry designates may be nobody, itself, the area, or outside storage.
TEST_F(HostileHost, ControlAreasWithAnyContentsAreOnlyWrittenToWhereTheySay) {
  make_guest();
  tables.map_guest();
  remember();
  const u64 count = steps(1500);
  u64 others = 0;
  for (u64 i = 0; i < count; ++i) {
    const bool extended = one_in(2);
    const u64 origin = kControlArea + (extended ? 0 : random() % 0x70 * 16);
    for (u64 a = kControlArea; a < kControlArea + 0x4000; a += 8) m.put<u64>(a, one_in(2) ? 0 : random());
    for (unsigned n = 0; n < 64; ++n) {
      const u64 targets[] = {block(0),
                             block(1),
                             block(2),
                             kControlArea,
                             origin & ~u64{0x1FF},
                             kStorageSize,
                             ~u64{0x1FF},
                             0,
                             0x200,
                             0x1E00,
                             block(0) + 8,
                             block(1) + 256,
                             0x8000'0000,
                             kControlArea + 0x200,
                             random()};
      u64 target = any_of(targets);
      if (target % 512 == 0 && target >= 0x2000 && target < kStorageSize && (target < kBlocks || target >= 0x2'4000))
        target = 0;
      m.put<u64>(origin + (extended ? 0x100 + n * 64 : 0x40 + n * 32) + 8, target);
    }
    for (unsigned n = 0; n < kRunning; ++n) {
      StateDescription sd = good_block();
      sd.eca = sd.eca | eca::kSignalProcessor | (one_in(2) ? eca::kSharedInterlock : 0);
      sd.ecb = static_cast<u8>(sd.ecb | ecb::kSenseRunning | ecb::kTopology);
      sd.ecb2 = extended != one_in(8) ? ecb2::kExtendedSca : u8{0};
      sd.scaol = static_cast<u32>(one_in(16) ? random() : origin);
      if (sd.scaol % 0x10000 != origin % 0x10000 && sd.scaol < kStorageSize) sd.scaol = 0;
      sd.icpua = static_cast<u16>(one_in(4) ? random() : random() % 64);
      write(n, sd);
      if (one_in(2)) m.put<u8>(block(n), u8(cpuflags::kExternalCallPending >> 24));
    }
    // Orders of their own, to addresses of all sizes.
    for (unsigned n = 0; n < kRunning; ++n) {
      for (u64 a = 0x1000; a < 0x1100; a += 8)
        m.guest_put<u64>(a, one_in(2) ? 0xAE13'0002'AE43'0015 : 0xB221'0012'AE53'0002);
      m.put<u64>(block(n) + offsetof(StateDescription, gpsw_address), 0x1000 + random() % 64 * 4);
      m.put<u64>(block(n) + offsetof(StateDescription, gpsw_mask), SieMachine::kWide);
      m.cpu(n).gr[3] = one_in(4) ? random() : random() % 64;
      run(n, block(n), 1000);
      others += m.sie.statistics().external_calls;
    }
    end_all();
    if (i % 16 != 15) continue;
    ASSERT_TRUE(same(0x2000, kBlocks)) << i;
    ASSERT_TRUE(same(kBlocks + 0x3000, kControlArea)) << i;
    ASSERT_TRUE(same(kControlArea + 0x4000, kGuest)) << i;
    ASSERT_TRUE(same(kGuest + kGuestSize, kTables)) << i;
    ASSERT_TRUE(same(kTables, kTables + 0x4000)) << i;
    ASSERT_TRUE(same(kForbidden, kStorageSize)) << i;
  }
  EXPECT_GT(others, 0u);
}

} // namespace
} // namespace siena::sie::testing
