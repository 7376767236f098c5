// SPDX-License-Identifier: BSD-3-Clause
// Nothing that the SIE host puts into a state description, and nothing that a guest does under it, may crash the machine or store
// outside the guest's storage, the block and its control area.
#include "tests/sie/sie_machine.h"

#include <random>

namespace siena::sie::testing {
namespace {

struct RandomBlock : ::testing::Test {
  SieMachine m{2};
  HostTables tables{m, 0x40'0000};
  std::mt19937_64 random{20240607};

  bool one_in(unsigned n) { return random() % n == 0; }

  void make_block() {
    auto* bytes = reinterpret_cast<u8*>(&m.sd);
    for (std::size_t i = 0; i < sizeof m.sd; ++i) bytes[i] = one_in(2) ? 0 : static_cast<u8>(random());
    if (one_in(8)) return; // everything at random: mostly not valid
    m.sd.cpuflags = cpuflags::kZarch | (static_cast<u32>(random()) & 0x0300'0291);
    if ((m.sd.cpuflags & cpuflags::kEdat2) != 0) m.sd.cpuflags = m.sd.cpuflags & ~cpuflags::kEdat1;
    m.sd.zone = 0;
    m.sd.mso = one_in(3) ? 0x10'0000 : 0;
    m.sd.msl = one_in(3) ? 0x10'0000 : 0x70'0000;
    m.sd.prefix = static_cast<u32>(random() % 0x10'0000) & 0x000F'E000;
    m.sd.scaoh = 0;
    m.sd.scaol = one_in(2) ? 0 : static_cast<u32>(SieMachine::kControlArea);
    m.sd.fac = one_in(2) ? 0 : 0x1'4000;
    m.sd.crycbd = 0;
    if (!one_in(8)) { // blocks that these need are elsewhere at random: not valid
      m.sd.eca = m.sd.eca & ~eca::kApInterpretation;
      m.sd.ecb = static_cast<u8>(m.sd.ecb & ~ecb::kGuardedStorage);
      m.sd.ecb3 = 0;
      m.sd.ecd = m.sd.ecd & ~ecd::kEntropyToken;
    }
    if (!one_in(8)) m.sd.gpsw_mask = (random() & 0x07F7'3F00'0000'0000) | SieMachine::kWide;
    m.sd.gpsw_address = random() % 0x20'0000 & ~u64{1};
    if (one_in(2)) m.sd.ictl = 0;
    if (one_in(2)) { // a guest that gets somewhere
      m.sd.cpuflags = cpuflags::kZarch;
      m.sd.gpsw_mask = SieMachine::kWide;
    }
    if (one_in(2)) m.sd.gcr[1] = (random() % 0x20'0000 & kPageMask) | 3;
  }
  void make_guest() {
    // Words that are instructions, tables and addresses all at once.
    static constexpr u32 kOpcodes[] = {0x83020044, 0xB2210012, 0xB98E1012, 0xB2540012, 0xB2B00200,
                                       0xB2290012, 0x92AA2000, 0xD2072000, 0x0A050A06, 0xB2B20200,
                                       0xEB0F0200, 0xA7F4FFF0, 0xB9A20010, 0x44003100, 0xB2500012,
                                       0xAD030200, 0xE5010200, 0x0E460F46, 0xB98D0012, 0xB2050200};
    static constexpr u32 kHarmless[] = {0x41110001, 0xA71A0001, 0x18121834, 0xA7F40004, 0x1A121B34};
    for (u64 a = 0; a < SieMachine::kGuestSize; a += 4) {
      u32 word = 0;
      switch (random() % 32) {
      case 0: word = static_cast<u32>(random()); break;
      case 1: word = static_cast<u32>(random()) & 0x001F'FE20; break;
      case 2:
      case 3: word = kOpcodes[random() % std::size(kOpcodes)]; break;
      case 4: break;
      default: word = kHarmless[random() % std::size(kHarmless)];
      }
      store_big(m.storage().host({SieMachine::kGuest + a}), word);
    }
  }
};

TEST_F(RandomBlock, NeverCrashesNorStoresElsewhere) {
  tables.map_guest();
  for (u64 a = 0x3'0000; a < 0x4'0000; a += kPageSize) tables.map(a, SieMachine::kGuest + a, HostTables::kProtected);
  for (u64 a = 0x5'0000; a < 0x6'0000; a += kPageSize) tables.map(a, 0, HostTables::kInvalid);
  make_guest();
  m.put<u64>(SieMachine::kHostWait, SieMachine::kWide | cpu::Psw::kWait);
  std::vector<u8> before(SieMachine::kStorageSize);
  const auto* storage = m.storage().host({0});
  for (int i = 0; i < 1500; ++i) {
    make_block();
    if (i % 16 == 0) std::copy(storage, storage + before.size(), before.begin());
    for (unsigned n = 0; n < 14; ++n) m.cpu().gr[n] = one_in(4) ? random() : random() % 0x22'0000;
    m.cpu().cr[1] = tables.asce();
    m.cpu().attention = false;
    m.run(3000);
    if (m.cpu().interpretive()) m.sie.suspend(m.cpu());
    ASSERT_EQ(m.cpu().cr[1], tables.asce());
    ASSERT_EQ(m.cpu().prefix, 0u);
    if (i % 16 != 15) continue;
    const auto same = [&](u64 from, u64 to) { return std::memcmp(&before[from], storage + from, to - from) == 0; };
    ASSERT_TRUE(same(0x2000, SieMachine::kBlock)) << i;
    ASSERT_TRUE(same(SieMachine::kBlock + 512, SieMachine::kControlArea)) << i;
    ASSERT_TRUE(same(SieMachine::kControlArea + 0x40, SieMachine::kGuest)) << i;
    ASSERT_TRUE(same(SieMachine::kGuest + SieMachine::kGuestSize, SieMachine::kStorageSize)) << i;
  }
  EXPECT_GT(m.sie.statistics().instructions, 10'000u);
}

} // namespace
} // namespace siena::sie::testing
