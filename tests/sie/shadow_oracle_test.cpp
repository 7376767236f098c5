// SPDX-License-Identifier: BSD-3-Clause
// Random edits of guest 1's tables between random accesses of four guests under SIE. What an access does is compared with a plain walk of
// both levels that keeps nothing: the same frame, the same exception with the same address, for every access. Stores to tables are tracked in one
// half of the runs; in the other, guest 1 invalidates what it changes, as the architecture demands.
//
// SIENA_SHADOW_STEPS in the environment lengthens the runs.
#include "tests/sie/sie_machine.h"

#include <cstdlib>
#include <optional>
#include <random>

namespace siena::sie::testing {
namespace {

constexpr unsigned kGuests = 4;

/// A walk as the Principles of Operation tell it, an `if` for each sentence.
struct Walk {
  u16 fault = 0;
  u64 real = 0;
  bool writable = true;
};
template <typename Read>
Walk plain_walk(u64 va, u64 asce, bool edat1, bool edat2, Read read) {
  Walk w;
  const auto fail = [&](u16 code) {
    w.fault = code;
    return w;
  };
  if ((asce & 0x20) != 0) {
    w.real = va;
    return w;
  }
  const u64 type = (asce >> 2) & 3;
  if (type == 0 && va >> 31 != 0) return fail(0x38);
  if (type == 1 && va >> 42 != 0) return fail(0x38);
  if (type == 2 && va >> 53 != 0) return fail(0x38);
  u64 table = asce & ~u64{0xFFF}, first = 0, last = asce & 3;
  for (u64 level = type;; --level) {
    const u64 index = (va >> (20 + 11 * level)) & 2047;
    const u16 missing = static_cast<u16>(level == 0 ? 0x10 : 0x3C - level);
    if (index / 512 < first || index / 512 > last) return fail(missing);
    const std::optional<u64> entry = read(table + 8 * index, w);
    if (!entry) return w;
    if ((*entry & 0x20) != 0) return fail(missing);
    if (((*entry >> 2) & 3) != level) return fail(0x12);
    if ((*entry & 0x10) != 0 && (asce & 0x100) != 0 && (level == 0 || (level == 1 && edat2))) return fail(0x12);
    if ((*entry & 0x200) != 0 && (level == 0 || edat1)) w.writable = false;
    if (level == 0 && edat1 && (*entry & 0x400) != 0) {
      w.real = (*entry & ~u64{0xF'FFFF}) | (va & 0xF'FFFF);
      return w;
    }
    if (level == 1 && edat2 && (*entry & 0x400) != 0) {
      w.real = (*entry & ~u64{0x7FFF'FFFF}) | (va & 0x7FFF'FFFF);
      return w;
    }
    if (level == 0) {
      table = *entry & ~u64{0x7FF};
      break;
    }
    table = *entry & ~u64{0xFFF};
    first = (*entry >> 6) & 3;
    last = *entry & 3;
  }
  const std::optional<u64> page = read(table + 8 * ((va >> 12) & 255), w);
  if (!page) return w;
  if ((*page & 0x400) != 0) return fail(0x11);
  if ((*page & 0x800) != 0) return fail(0x12);
  if ((*page & 0x200) != 0) w.writable = false;
  w.real = (*page & ~u64{0xFFF}) | (va & 0xFFF);
  return w;
}

constexpr u64 kIndexes[] = {0, 1, 2, 255, 511, 512, 2047};

/// Guest 1's frames and tables, four guests at level 1, and one CPU of the SIE host's that edits.
class Shadows {
 public:
  Shadows(unsigned seed, bool track) : m_(kGuests + 1, track), random_(seed), track_(track) {
    for (u64 at = kPool; at < kPoolEnd; at += 8) m_.put<u64>(at, guest_word());
    for (const Table& t : kTables)
      for (const u64 i : kIndexes)
        if (i < t.entries()) m_.put<u64>(t.at + 8 * i, entry(t));
    for (unsigned n = 0; n < kGuests; ++n) {
      m_.cpu(n).features.edat1 = m_.cpu(n).features.edat2 = true;
      place(n);
    }
    unsigned slot = 0;
    for (const char* text : {kIpte, kIdte, kIdteAsce, kCrdte, kCspg, kRdp, kPtlb, kStg})
      m_.code_at(kCode + 0x20 * slot++, std::string(text) + "B2B2F000");
    host().cr[0] |= cpu::cr0::kEnhancedDat;
  }

  void step() {
    const unsigned what = pick(64);
    if (what < 12)
      edit();
    else if (what == 12)
      place(pick(kGuests));
    else if (what == 13)
      execute(pick(2) == 0 ? kIdteAsce : kPtlb,
              {{3, 0x800}, {2, guests_[pick(kGuests)].space.parameters().space.asce}});
    else
      access(pick(kGuests));
  }
  const shadow_gmap::Statistics& statistics() { return m_.sie.gmap().statistics(); }
  u64 completed = 0, host_faults = 0, guest_faults = 0;

 private:
  static constexpr u64 kPool = 0x40'0000, kPoolEnd = 0x48'0000, kMegabyte = 0x40'0000, kCode = 0x3100;
  static constexpr const char *kIpte = "B2210043", *kIdte = "B98E0043", *kIdteAsce = "B98E2043", *kCrdte = "B98F0068",
                              *kCspg = "B98A006A", *kRdp = "B98B0043", *kPtlb = "B20D0000", *kStg = "E37050000024";
  struct Table {
    u64 at;
    unsigned level; ///< 3 region-first .. 0 segment, 4 page table
    u64 entries() const { return level == 4 ? 256 : 2048; }
  };
  static constexpr Table kTables[] = {{0x50'0000, 3},
                                      {0x50'4000, 2},
                                      {0x50'8000, 2},
                                      {0x50'C000, 1},
                                      {0x51'0000, 1},
                                      {0x51'4000, 0},
                                      {0x51'8000, 0},
                                      {0x51'C000, 0},
                                      {0x52'0000, 4},
                                      {0x52'0800, 4},
                                      {0x52'1000, 4},
                                      {0x52'1800, 4}};
  struct Guest {
    HostSpace space;
    bool dat = false;
  };

  unsigned pick(unsigned n) { return static_cast<unsigned>(random_() % n); }
  cpu::Cpu& host() { return m_.cpu(kGuests); }
  u64 table_of(unsigned level) {
    while (true) {
      const Table& t = kTables[pick(std::size(kTables))];
      if (t.level == level) return t.at;
    }
  }
  u64 address() {
    u64 va = pick(3) == 0 ? pick(4096) & ~7u : 8 * pick(512);
    const unsigned levels = 1 + pick(5);
    for (unsigned l = 0; l < levels; ++l) va |= kIndexes[pick(l == 0 ? 4 : 7)] << (l == 0 ? 12 : 20 + 11 * (l - 1));
    return va;
  }
  /// Something that could stand in such a table of guest 1's.
  u64 entry(const Table& t) {
    if (pick(200) == 0) return random_();
    const u64 protection = pick(5) == 0 ? 0x200 : 0;
    if (t.level == 4) {
      if (pick(5) == 0) return 0x400;
      return (kPool + pick(128) * kPageSize) | protection | (pick(64) == 0 ? 0x800 : 0) | pick(16);
    }
    if (pick(8) == 0) return 0x20;
    const u64 type = u64{t.level} << 2;
    if (t.level == 0) return (pick(6) == 0 ? kMegabyte | 0x400 : table_of(4)) | protection | (pick(20) == 0 ? 0x10 : 0);
    if (t.level == 1 && pick(6) == 0) return 0x400 | type | protection;
    const u64 limits = pick(4) == 0 ? (u64{pick(4)} << 6) | pick(4) : 3;
    return table_of(t.level - 1) | type | limits | protection | (pick(100) == 0 ? 4 : 0);
  }
  /// Something that could stand in a table of a guest's.
  u64 guest_word() {
    return (address() & kPageMask) | (pick(5) == 0 ? 0x200 : 0) | (pick(8) == 0 ? 0x400 : 0) |
           (pick(8) == 0 ? 0x20 : 0) | (pick(2) == 0 ? 0 : 3 | pick(4) << 2);
  }

  /// As SIE leaves a CPU that it has given to a guest.
  void place(unsigned n) {
    const unsigned level = pick(4);
    HostSpace::Parameters p;
    p.space.asce =
        pick(12) == 0 ? 0x20 : table_of(level) | level << 2 | (pick(3) == 0 ? pick(4) : 3) | (pick(4) == 0 ? 0x100 : 0);
    p.space.edat1 = pick(4) != 0;
    p.space.edat2 = p.space.edat1 && pick(4) != 0;
    p.protection_to_host = true;
    guests_[n].space.set(p);
    guests_[n].dat = n % 2 != 0;
    cpu::Cpu& c = m_.cpu(n);
    c.sie_host = &guests_[n].space;
    c.sie_host_space = p.space.host_space();
    c.sie_identity = 0x1'0000 + n;
    c.psw.mask = SieMachine::kWide | (guests_[n].dat ? cpu::Psw::kDat : 0);
    c.cr[0] = cpu::cr0::kEnhancedDat;
    c.cr[1] = (address() & kPageMask) | pick(4) << 2 | 3;
    c.controls_changed();
  }

  void execute(const char* text, std::initializer_list<std::pair<unsigned, u64>> registers) {
    const char* const all[] = {kIpte, kIdte, kIdteAsce, kCrdte, kCspg, kRdp, kPtlb, kStg};
    cpu::Cpu& c = host();
    c.psw.mask = SieMachine::kWide;
    c.psw.address = kCode + 0x20 * static_cast<u64>(std::find(std::begin(all), std::end(all), text) - std::begin(all));
    for (const auto& [r, value] : registers) c.gr[r] = value;
    c.gr[15] = SieMachine::kHostWait;
    c.controls_changed();
    m_.interpreter.run(c, c.cycles + 10'000);
    ASSERT_EQ(c.psw.address, kBehindSie) << text;
  }

  void edit() {
    const Table& t = kTables[pick(std::size(kTables))];
    u64 index = kIndexes[pick(7)];
    if (index >= t.entries()) index = 3;
    const u64 at = t.at + 8 * index, now = m_.load(at), next = entry(t);
    const bool page = t.level == 4;
    const u64 va = index << (page ? 12 : 20 + 11 * t.level);
    const u64 origin = t.at | (page ? 0 : u64{t.level} << 2), replaced = t.at | (page ? 0 : 0x10 | u64{t.level} << 2);
    const auto invalidate = [&] { execute(page ? kIpte : kIdte, {{4, origin}, {3, va}, {2, 0}}); };
    switch (pick(track_ ? 6 : 4)) {
    case 0: invalidate(); return;
    case 1: execute(kCrdte, {{6, now}, {7, next}, {8, replaced}, {9, va}}); return;
    case 2: execute(kCspg, {{6, now}, {7, next}, {10, at | 1}}); return;
    case 3:
      if (page && (now & 0x200) != 0 && pick(2) == 0) return execute(kRdp, {{4, t.at}, {3, va}, {0, 0}});
      invalidate();
      break;
    case 4: {
      u8 bytes[8];
      store_big(bytes, next);
      ASSERT_TRUE(m_.storage().write({at}, bytes)); // as a device does
      return;
    }
    default: break;
    }
    execute(kStg, {{7, next}, {5, at}});
  }

  struct Expected {
    u16 guest_code = 0, host_code = 0;
    u64 teid = 0, absolute = 0;
    bool ok() const { return guest_code == 0 && host_code == 0; }
  };
  Expected host_half(const Guest& g, u64 guest_absolute, bool store) {
    const HostSpace::Parameters& p = g.space.parameters();
    const Walk w = plain_walk(
        guest_absolute, p.space.asce, p.space.edat1, p.space.edat2, [&](u64 at, Walk& walk) -> std::optional<u64> {
          const auto value = m_.storage().load<u64>({at});
          if (!value) walk.fault = 5;
          return value;
        });
    Expected e;
    e.teid = (guest_absolute & kPageMask) | (store ? 0x400 : 0x800);
    e.absolute = w.real;
    if (w.fault == 5 || (w.fault == 0 && !m_.storage().contains({w.real & kPageMask}, kPageSize)))
      e.guest_code = 5;
    else
      e.host_code = w.fault;
    if (e.ok() && store && !w.writable) {
      e.host_code = 4;
      e.teid |= 4;
    }
    return e;
  }
  Expected both_halves(unsigned n, u64 va, bool store) {
    Guest& g = guests_[n];
    if (!g.dat) return host_half(g, va, store);
    Expected table;
    const Walk w = plain_walk(va, m_.cpu(n).cr[1], true, true, [&](u64 at, Walk& walk) -> std::optional<u64> {
      table = host_half(g, at, false);
      if (!table.ok()) {
        walk.fault = 0xFFFF;
        return {};
      }
      return m_.load(table.absolute);
    });
    if (w.fault == 0xFFFF) return table;
    Expected e;
    e.guest_code = w.fault;
    if (e.ok() && store && !w.writable) e.guest_code = 4;
    return e.ok() ? host_half(g, w.real, store) : e;
  }

  void access(unsigned n) {
    cpu::Cpu& c = m_.cpu(n);
    // A guest that stores into its own tables has to purge.
    if (guests_[n].dat) m_.system.purge_own(c, c.translation_scope());
    const LogicalAddress va{address() & ~u64{7}, 0};
    bool store = pick(3) == 0;
    Expected e = both_halves(n, va.value, store);
    if (store && e.ok() && (e.absolute < kPool || e.absolute >= kPoolEnd)) {
      store = false;
      e = both_halves(n, va.value, store);
    }
    u8 bytes[8];
    const u64 value = guest_word();
    store_big(bytes, value);
    const cpu::Outcome o =
        store ? c.store_bytes(va, bytes, c.current_mode()) : c.fetch_bytes(va, bytes, c.current_mode());
    SCOPED_TRACE(::testing::Message() << std::hex << "guest " << n << (store ? " stores at " : " fetches ")
                                      << va.value);
    ++(e.host_code != 0 ? host_faults : e.guest_code != 0 ? guest_faults : completed);
    if (e.host_code != 0) {
      ASSERT_EQ(o, cpu::Outcome::SieHostInterruption);
      ASSERT_EQ(c.sie_host_code, e.host_code);
      ASSERT_EQ(c.sie_host_teid, e.teid);
    } else if (e.guest_code != 0) {
      ASSERT_EQ(o, cpu::Outcome::ProgramInterruption);
      ASSERT_EQ(static_cast<u16>(c.pending_program.code), e.guest_code);
      c.pending_program = {};
    } else {
      ASSERT_EQ(o, cpu::Outcome::Completed);
      ASSERT_EQ(m_.load(e.absolute), load_big<u64>(bytes));
      if (store) {
        ASSERT_EQ(m_.load(e.absolute), value);
      }
    }
  }

  SieMachine m_;
  std::mt19937_64 random_;
  bool track_;
  Guest guests_[kGuests] = {{{m_.storage(), m_.sie.gmap()}},
                            {{m_.storage(), m_.sie.gmap()}},
                            {{m_.storage(), m_.sie.gmap()}},
                            {{m_.storage(), m_.sie.gmap()}}};
};

void run(bool track) {
  const char* wanted = std::getenv("SIENA_SHADOW_STEPS");
  const u64 steps = wanted == nullptr ? 100'000 : std::strtoull(wanted, nullptr, 0);
  constexpr u64 kRun = 20'000;
  const auto removal = static_cast<std::size_t>(track ? shadow_gmap::Cause::Store : shadow_gmap::Cause::Invalidation);
  u64 completed = 0, host_faults = 0, guest_faults = 0, hits = 0, pages = 0, spaces = 0, runs = 0;
  u64 tables[std::size(shadow_gmap::Statistics{}.removed_tables[0])] = {};
  for (; (runs + 1) * kRun <= steps; ++runs) {
    const auto seed = static_cast<unsigned>(runs + 1);
    Shadows shadows(seed, track);
    for (u64 n = 0; n < kRun; ++n) {
      shadows.step();
      if (::testing::Test::HasFatalFailure()) FAIL() << "seed " << seed << " step " << n;
    }
    const shadow_gmap::Statistics& count = shadows.statistics();
    completed += shadows.completed;
    host_faults += shadows.host_faults;
    guest_faults += shadows.guest_faults;
    hits += count.hits;
    pages += count.removed_pages[removal];
    spaces += count.removed_spaces[removal];
    for (std::size_t level = 0; level < std::size(tables); ++level)
      tables[level] += count.removed_tables[removal][level];
  }
  // The runs have been through everything that they are about.
  ASSERT_GT(runs, 0u);
  for (const u64 seen : {completed, host_faults, guest_faults, hits}) EXPECT_GT(seen, runs * kRun / 100);
  EXPECT_GE(pages, runs);
  for (const auto level : {mmu::TableLevel::Page, mmu::TableLevel::Segment, mmu::TableLevel::RegionThird})
    EXPECT_GE(tables[static_cast<u8>(level)], runs);
  if (track) {
    EXPECT_GE(spaces, runs);
  }
}

TEST(ShadowOracle, EveryAccessIsAsWithoutShadowsWhileStoresAreTracked) { run(true); }
TEST(ShadowOracle, EveryAccessIsAsWithoutShadowsWhenGuest1InvalidatesWhatItChanges) { run(false); }

} // namespace
} // namespace siena::sie::testing
