// SPDX-License-Identifier: BSD-3-Clause
// What a translator gets wrong first: text that changes while it runs, text at the edge of what is mapped, instructions that execute
// others, full code memory, addresses that wrap, tracing that comes and goes, signals. Each on every engine beside the interpreter.
#include "tests/cpu/jit/runner.h"

#include <atomic>
#include <csignal>
#include <thread>

#include <pthread.h>

namespace siena::cpu::jit {
namespace {

using testing::expect_same_on_all, testing::kCode, testing::kStorage, testing::kWide, testing::Runner;

constexpr u64 kDatOn = kWide | Psw::kDat;
constexpr u64 kHandler = 0x1000;

/// The program new PSW leads to `listing` at kHandler; DAT is off there.
void handle_program_interruptions(Runner& r, std::string_view listing) {
  r.store<u64>(0x1D0, kWide);
  r.store<u64>(0x1D8, kHandler);
  r.put(kHandler, listing);
}
/// The pages that every space needs: the prefix area, the handler's, those of code and data, at their own addresses.
u64 usual_space(Runner& r) {
  const u64 space = r.space();
  for (u64 page = 0; page < 0x2'0000; page += kPageSize) r.map(space, page, page);
  return space;
}
u16 program_code(const Runner& r) { return *r.storage->load<u16>({0x8E}); }

// --- Text that changes ---

TEST(JitBadInput, AStoreIntoAnotherBlockOfThePageIsSeenAtItsNextExecution) {
  const auto r = expect_same_on_all([](Runner& run) {
    // LGHI %r1,40; LARL %r3,target; loop: J target; target: LHI %r2,1; AR %r5,%r2; J change; change: IC %r4,3(%r3); AHI %r4,1;
    // STC %r4,3(%r3); BRCTG %r1,loop; J .
    run.put(kCode,
            "A719 0028 C030 0000 0005 A7F4 0002 A728 0001 1A52 A7F4 0002 4340 3003 A74A 0001 4240 3003 A717 FFF3 A7F4 "
            "0000");
    run.cpu.gr[5] = 0;
    (void)run.go(500);
  });
  EXPECT_EQ(r->cpu.gr[5], 40u * 41 / 2);
}

// LHI %r2,1; AR %r5,%r2; BRCTG %r1,0; J .
constexpr std::string_view kAdding = "A728 0001 1A52 A717 FFFD A7F4 0000";
// IC %r4,3(%r3); AHI %r4,1; STC %r4,3(%r3); J 0
constexpr std::string_view kIncrementing = "4340 3003 A74A 0001 4240 3003 A7F4 FFFA";

TEST(JitBadInput, AStoreOfAnotherCpuIsSeen) {
  const auto r = expect_same_on_all(
      [](Runner& run) {
        run.put(kCode, kAdding);
        run.put(kCode + 0x2000, kIncrementing);
        run.cpu.gr[1] = 1000;
        run.cpu.gr[5] = 0;
        run.cpus[1]->gr[3] = kCode;
        run.cpu.load_psw(kWide, kCode);
        run.cpus[1]->load_psw(kWide, kCode + 0x2000);
        for (unsigned slice = 0; slice < 50; ++slice) {
          (void)run.on(17 + slice % 5, 0);
          (void)run.on(9 + slice % 7, 1);
        }
      },
      2);
  EXPECT_GT(r->cpu.gr[2], 50u) << "the second CPU has been there often";
}

TEST(JitBadInput, ADeviceMayReplaceAPageIntoWhichCodeJumps) {
  expect_same_on_all([](Runner& run) {
    run.put(kCode, "C0E5 0000 0800 1A52 A717 FFFC A7F4 0000");     // BRASL %r14,.+0x1000; AR %r5,%r2; BRCTG %r1,0; J .
    run.put(kCode + 0x1000, "A728 0001 A7F4 0004 0707 0707 07FE"); // LHI %r2,1; J .+8; two halfwords; BR %r14
    run.cpu.gr[1] = 10'000;
    run.cpu.load_psw(kWide, kCode);
    for (u8 value = 2; value < 30; ++value) {
      (void)run.on(61);
      std::vector<u8> page(kPageSize);
      const u8 text[] = {0xA7, 0x28, 0, value, 0x07, 0xFE}; // LHI %r2,value; BR %r14
      std::copy(std::begin(text), std::end(text), page.begin());
      // The jump's old target and what is in between are no instructions any more.
      EXPECT_TRUE(run.storage->write({kCode + 0x1000}, page));
    }
    (void)run.on(100);
  });
}

TEST(JitBadInput, AStoreThroughAnotherVirtualAddressIsSeenInTheSameBlock) {
  const auto r = expect_same_on_all([](Runner& run) {
    const u64 space = usual_space(run);
    run.map(space, 0x123'4000, kCode);
    run.use(space);
    // IC %r4,13(%r3); AHI %r4,1; STC %r4,13(%r3); LHI %r2,1 (its last byte is at 15); AR %r5,%r2; BRCTG %r1,0; J .
    run.put(kCode, "4340 300F A74A 0001 4240 300F A728 0001 1A52 A717 FFF7 A7F4 0000");
    run.cpu.gr[1] = 40;
    run.cpu.gr[3] = 0x123'4000;
    run.cpu.gr[5] = 0;
    (void)run.go(1000, kCode, kDatOn);
  });
  EXPECT_EQ(r->cpu.gr[5], 40u * 43 / 2);
}

TEST(JitBadInput, OneFrameExecutedAtTwoAddressesFormsItsAddressesAtEach) {
  expect_same_on_all([](Runner& run) {
    const u64 space = usual_space(run);
    run.map(space, 0x123'4000, kCode);
    run.use(space);
    // LARL %r2,0; BRAS %r6,.+4; AGR %r5,%r2; XGR %r5,%r6; BRCTG %r1,.+6; J .; BR %r7
    run.put(kCode, "C020 0000 0000 A765 0002 B908 0052 B982 0056 A717 0004 A7F4 0000 07F7");
    for (unsigned n = 0; n < 6; ++n) {
      run.cpu.gr[1] = 3;
      const u64 here = n % 2 == 0 ? kCode : 0x123'4000, there = n % 2 == 0 ? 0x123'4000 : kCode;
      run.cpu.gr[7] = there;
      (void)run.go(50, here, kDatOn);
    }
  });
}

TEST(JitBadInput, AnIndirectBranchFollowsAPageToItsNewFrame) {
  // Neither frame is translated before it has been executed a few times: meanwhile nobody may go to the other's translations.
  EngineOptions options = testing::at_once();
  options.threshold = 4;
  Runner translated(&options), reference(nullptr);
  constexpr u64 kPage = 0x50'0000, kOne = 0x4'0000, kOther = 0x5'0000;
  for (Runner* run : {&translated, &reference}) {
    const u64 space = usual_space(*run);
    const u64 entry = run->map(space, kPage, kOne);
    run->use(space);
    run->put(kOne, "A75B 0001 07FE");       // AGHI %r5,1; BR %r14
    run->put(kOther, "A75B 0064 07FE");     // AGHI %r5,100; BR %r14
    run->put(kCode, "0DE7 0DE7 A7F4 0000"); // BASR %r14,%r7, twice; J .
    run->cpu.gr[5] = 0;
    run->cpu.gr[7] = kPage;
    for (unsigned n = 0; n < 20; ++n) {
      (void)run->go(20, kCode, kDatOn);
      run->store<u64>(entry, n / 5 % 2 == 0 ? kOther : kOne);
      run->cpu.tlb().purge();
    }
  }
  testing::expect_equal(translated.cpu, reference.cpu);
  EXPECT_GT(translated.engine->statistics().blocks, 2u) << "both frames";
}

// --- The edge of what is mapped ---

// AGHI %r6,1; LGFI %r2,0x11223344; AGR %r5,%r2; BRCTG %r1,0; J .
constexpr std::string_view kCrossing = "A76B 0001 C021 1122 3344 B908 0052 A717 FFF9 A7F4 0000";
constexpr u64 kVirtual = 0x50'0000, kFirst = 0x4'0000, kSecond = 0x5'0000, kThird = 0x6'0000;

TEST(JitBadInput, AnInstructionThatReachesIntoAnAbsentPageIsNotExecuted) {
  for (const u64 before : {4u, 6u, 8u, 10u}) {
    SCOPED_TRACE(before);
    const auto r = expect_same_on_all([before](Runner& run) {
      const u64 space = usual_space(run);
      run.map(space, kVirtual, kFirst);
      run.use(space);
      run.put(kFirst + kPageSize - before, kCrossing.substr(0, before / 2 * 5));
      (void)run.go(100, kVirtual + kPageSize - before, kDatOn);
    });
    EXPECT_EQ(program_code(*r), 0x11u);
    EXPECT_EQ(*r->storage->load<u64>({0xA8}) & kPageMask, kVirtual + kPageSize);
    // AGHI is whole when four bytes are left, with ten LGFI as well.
    const u64 left = before == 4 || before == 10 ? 0 : before - 4;
    EXPECT_EQ(*r->storage->load<u64>({0x158}), kVirtual + kPageSize - left);
  }
}

TEST(JitBadInput, AnInstructionIsExecutedOnceItsSecondPageIsThere) {
  const auto r = expect_same_on_all([](Runner& run) {
    const u64 space = usual_space(run);
    run.map(space, kVirtual, kFirst);
    run.cpu.gr[9] = run.map(space, kVirtual + kPageSize, 0x400);
    run.use(space);
    run.store<u64>(0x310, kSecond);
    // STG %r0,0x300; LG %r0,0x310; STG %r0,0(%r9); LG %r0,0x300; AGSI 0x308,1; LPSWE 0x150
    handle_program_interruptions(
        run, "E300 0300 0024 E300 0310 0004 E300 9000 0024 E300 0300 0004 EB01 0308 007A B2B2 0150");
    run.put(kFirst + kPageSize - 8, kCrossing.substr(0, 20));
    run.put(kSecond, kCrossing.substr(20));
    run.cpu.gr[1] = 10;
    run.cpu.gr[5] = 0;
    (void)run.go(200, kVirtual + kPageSize - 8, kDatOn);
  });
  EXPECT_EQ(*r->storage->load<u64>({0x308}), 1u);
  EXPECT_EQ(r->cpu.gr[5], u64{10} * 0x1122'3344);
}

TEST(JitBadInput, AnInstructionThatCrossesIsWhatBothPagesSayInThisSpace) {
  const auto r = expect_same_on_all([](Runner& run) {
    const u64 one = usual_space(run), other = usual_space(run);
    for (const u64 space : {one, other}) {
      run.map(space, kVirtual, kFirst);
      run.map(space, kVirtual + kPageSize, space == one ? kSecond : kThird);
    }
    run.put(kFirst + kPageSize - 8, kCrossing.substr(0, 20));
    run.put(kSecond, kCrossing.substr(20));
    run.put(kThird, "0099 B908 0052 A717 FFF9 A7F4 0000");
    run.cpu.gr[5] = 0;
    for (unsigned n = 0; n < 6; ++n) {
      run.use(n % 2 == 0 ? one : other);
      run.cpu.gr[1] = 7;
      (void)run.go(100, kVirtual + kPageSize - 8, kDatOn);
    }
  });
  EXPECT_EQ(r->cpu.gr[5], u64{21} * 0x1122'3344 + u64{21} * 0x1122'0099);
}

TEST(JitBadInput, AStoreIntoTheSecondPageOfAnInstructionIsSeen) {
  const auto r = expect_same_on_all([](Runner& run) {
    // IC %r4,1(%r3); AHI %r4,1; STC %r4,1(%r3) in front of the same loop
    const u64 begin = kFirst + kPageSize - 20;
    run.put(begin, "4340 3001 A74A 0001 4240 3001");
    run.put(begin + 12, kCrossing.substr(0, 35));
    run.put(begin + 26, "A717 FFF3 A7F4 0000");
    run.cpu.gr[1] = 10;
    run.cpu.gr[3] = kFirst + kPageSize;
    run.cpu.gr[5] = 0;
    (void)run.go(200, begin);
  });
  EXPECT_EQ(r->cpu.gr[5], u64{10} * 0x1122'3344 + 55);
}

TEST(JitBadInput, CodeRunsOffTheEndOfStorage) {
  const auto r = expect_same_on_all([](Runner& run) {
    run.put(kStorage - 8, "A76B 0001 A76B 0001"); // AGHI %r6,1 twice
    (void)run.go(100, kStorage - 8);
  });
  EXPECT_EQ(program_code(*r), 5u);
}

TEST(JitBadInput, ABranchToAnOddAddressIsASpecificationException) {
  const auto r = expect_same_on_all([](Runner& run) {
    run.put(kCode, "A76B 0001 07F7"); // AGHI %r6,1; BR %r7
    run.cpu.gr[7] = kCode + 0x101;
    (void)run.go(100);
  });
  EXPECT_EQ(program_code(*r), 6u);
}

// --- Execute ---

struct ExecuteCase {
  const char* name;
  std::string_view listing;
  u16 code; ///< of the program interruption
};
constexpr ExecuteCase kExecuteCases[] = {
    {"EXRL of EXRL", "C610 0000 0005 A7F4 0000 C610 0000 0003 D200 4000 5000", 3},
    {"EX of EX", "C030 0000 0007 4410 3000 A7F4 0000 4410 3000", 3},
    {"EXRL of EX", "C030 0000 0008 C610 0000 0005 A7F4 0000 4410 3000", 3},
    {"EX of an odd address", "C030 0000 0007 4410 3001 A7F4 0000 D200 4000 5000", 6},
    {"EX of an invalid operation", "C030 0000 0007 4410 3000 A7F4 0000 0000 0000", 1},
    {"EXRL of a page beyond storage", "C610 0040 0000 A7F4 0000", 5},
};

TEST(JitBadInput, WhatCannotBeExecutedInterruptsAtTheExecute) {
  for (const ExecuteCase& c : kExecuteCases) {
    SCOPED_TRACE(c.name);
    const auto r = expect_same_on_all([&c](Runner& run) {
      run.cpu.gr[1] = 0;
      run.put(kCode, "A76B 0001"); // AGHI %r6,1: the interruption is in the middle of a block
      run.put(kCode + 4, c.listing);
      (void)run.go(100);
    });
    EXPECT_EQ(program_code(*r), c.code);
  }
}

TEST(JitBadInput, AnExecutedTargetThatChangesIsExecutedAsItIs) {
  expect_same_on_all([](Runner& run) {
    // LGHI %r1,20; LARL %r3,target; 0: EXRL %r1,target; IC %r6,5(%r3); AHI %r6,1; STC %r6,5(%r3); BRCTG %r1,0; J .;
    // target: MVC 0(1,%r4),0(%r5)
    run.put(kCode,
            "A719 0014 C030 0000 0010 C610 0000 000D 4360 3005 A76A 0001 4260 3005 A717 FFF7 A7F4 0000 D200 4000 5000");
    for (u64 i = 0; i < 256; ++i) run.store(run.cpu.gr[5] + i, static_cast<u8>(i * 3));
    (void)run.go(500);
  });
}

TEST(JitBadInput, AnExecutedBranchGoesFromItsOwnAddress) {
  const auto r = expect_same_on_all([](Runner& run) {
    // LGHI %r1,20; 0: AGHI %r2,1; EXRL %r0,target; J .; target: BRCT %r1,0
    run.put(kCode, "A719 0014 A72B 0001 C600 0000 0005 A7F4 0000 A716 FFF9");
    run.cpu.gr[0] = run.cpu.gr[2] = 0;
    (void)run.go(500);
  });
  EXPECT_EQ(r->cpu.gr[1], 0u);
  EXPECT_EQ(r->cpu.gr[2], 20u);
}

TEST(JitBadInput, AnExecutedStoreMayChangeWhatFollowsTheExecute) {
  const auto r = expect_same_on_all([](Runner& run) {
    // LGHI %r1,20; LGHI %r8,1; LARL %r3,next; 0: EXRL %r0,target; next: LHI %r2,1; AR %r5,%r2; BRCTG %r1,0; J .;
    // target: ASI 0(%r3),1
    run.put(kCode,
            "A719 0014 A789 0001 C030 0000 0006 C600 0000 000A A728 0001 1A52 A717 FFFA A7F4 0000 EB01 3000 006A");
    run.cpu.gr[0] = run.cpu.gr[5] = 0;
    (void)run.go(500);
  });
  EXPECT_EQ(r->cpu.gr[5], 20u * 23 / 2);
}

// --- Full code memory ---

TEST(JitBadInput, CodeMemoryFillsUpUnderTwoCpusThatCallEachOthersPages) {
  EngineOptions options = testing::at_once();
  options.code_size = 512 << 10;
  Runner translated(&options, 2), reference(nullptr, 2);
  for (Runner* r : {&translated, &reference}) {
    // 201 pages of functions: AGHI %r2,1; BRASL %r14 to the next page's; the last one begins again. Each has 16 of them.
    constexpr u64 kPages = 201, kBegin = 0x10'0000;
    for (u64 page = 0; page < kPages; ++page)
      for (u64 n = 0; n < 16; ++n) {
        const u64 at = kBegin + page * kPageSize + n * 64;
        const u64 to = kBegin + (page + 1) % kPages * kPageSize + (n * 5 + 3) % 16 * 64;
        const auto distance = static_cast<u32>((to - (at + 4)) >> 1);
        r->put(at, {0xA72B, 1, 0xC0E5, static_cast<u16>(distance >> 16), static_cast<u16>(distance)});
      }
    for (unsigned n = 0; n < 2; ++n) r->cpus[n]->load_psw(kWide, kBegin + n * 10 * kPageSize);
    for (unsigned slice = 0; slice < 400; ++slice)
      for (unsigned n = 0; n < 2; ++n) (void)r->on(211, n);
  }
  testing::expect_equal(translated, reference);
  EXPECT_GT(translated.engine->statistics().flushes, 1u);
}

// --- Addresses that wrap ---

TEST(JitBadInput, OperandsWrapAtTheTopOfTheAddressSpace) {
  expect_same_on_all([](Runner& run) {
    // LGHI %r1,10; 0: LG %r6,0x408(%r4); AGR %r6,%r1; STG %r6,0x408(%r4); LAY %r7,-8(%r6,%r4); LA %r8,0x700(%r4);
    // L %r9,8(%r8); BRCTG %r1,0; LG %r10,4(%r4) beyond storage
    run.put(kCode,
            "A719 000A E360 4408 0004 B908 0061 E360 4408 0024 E376 4FF8 FF71 4180 4700 5890 8008 A717 FFF1 E3A0 4004 "
            "0004");
    run.cpu.gr[4] = ~u64{0} - 7;
    (void)run.go(500);
  });
}

struct Wrap {
  u64 top, mask;
  std::string_view switching; ///< SAM31 or SAM24
};
constexpr Wrap kWraps[] = {{0x8000'0000, Psw::kBasicAddressing, "010D"}, {0x100'0000, 0, "010C"}};

TEST(JitBadInput, OperandsWrapWhereTheAddressingModeEnds) {
  for (const Wrap& wrap : kWraps) {
    const auto r = expect_same_on_all([&wrap](Runner& run) {
      const u64 space = usual_space(run);
      run.map(space, wrap.top - kPageSize, kSecond);
      run.use(space);
      // LGHI %r1,10; 0: AGHI %r2,1; SAM31; LG %r6,0(%r4); AR %r6,%r2; STG %r6,0(%r4); SAM64; BRCTG %r1,0; J .
      run.put(kCode, "A719 000A A72B 0001 010D E360 4000 0004 1A62 E360 4000 0024 010E A717 FFF5 A7F4 0000");
      run.put(kCode + 8, wrap.switching);
      run.cpu.gr[2] = 0;
      run.cpu.gr[4] = 0xFFFF'FFFF'0000'0000 | (wrap.top - 4);
      (void)run.go(500, kCode, kDatOn);
    });
    EXPECT_EQ(*r->storage->load<u32>({0}), 55u) << "the second half of the doubleword";
  }
}

TEST(JitBadInput, TextWrapsWhereTheAddressingModeEnds) {
  for (const Wrap& wrap : kWraps)
    for (const u64 before : {8u, 6u}) { // 6: LA crosses
      Runner reference(nullptr);
      const EngineOptions options = testing::at_once();
      Runner translated(&options);
      for (Runner* r : {&translated, &reference}) {
        const u64 space = usual_space(*r);
        r->map(space, wrap.top - kPageSize, kSecond);
        r->use(space);
        const std::string text =
            "A72A 0001 4130 3004 A72A 0002 A716 0004 A7F4 0000 07FE"; // AHI; LA; AHI; BRCT %r1,.+8; J .; BR %r14
        r->put(kSecond + kPageSize - before, text.substr(0, before / 2 * 5));
        r->put(0, text.substr(before / 2 * 5));
        r->cpu.gr[1] = 20;
        r->cpu.gr[14] = wrap.top - before;
        (void)r->go(500, wrap.top - before, wrap.mask | Psw::kDat);
      }
      testing::expect_equal(translated, reference);
      EXPECT_EQ(reference.cpu.gr[1], 0u);
    }
}

// --- Tracing that comes and goes ---

constexpr u64 kEvents[] = {0x4000'0000, 0x8000'0000, 0x2000'0000, 0xE000'0000}; // fetching, branching, storing, all

TEST(JitBadInput, PerIsSwitchedOnAndOffInsideALoop) {
  for (const u64 events : kEvents) {
    SCOPED_TRACE(events);
    const auto r = expect_same_on_all([events](Runner& run) {
      // LGHI %r1,40; 0: AGHI %r2,1; STG %r2,0(%r4); TMLL %r1,3; JE on; TMLL %r1,1; JE off; J next;
      // on: STOSM 0x320,0x40; J next; off: STNSM 0x320,0xBF; next: BRCTG %r1,0; J .
      run.put(
          kCode,
          "A719 0028 A72B 0001 E320 4000 0024 A711 0003 A784 0008 A711 0001 A784 0008 A7F4 0008 AD40 0320 A7F4 0004 "
          "ACBF 0320 A717 FFEB A7F4 0000");
      handle_program_interruptions(run, "EB01 0308 007A B2B2 0150"); // AGSI 0x308,1; LPSWE 0x150
      run.cpu.cr[9] = events;
      run.cpu.cr[10] = 0;
      run.cpu.cr[11] = ~u64{0};
      run.cpu.controls_changed();
      (void)run.go(20'000);
    });
    EXPECT_EQ(r->cpu.gr[1], 0u);
    EXPECT_GE(*r->storage->load<u64>({0x308}), 10u) << "events";
  }
}

TEST(JitBadInput, PerEventsAreChosenAnewInsideALoop) {
  for (const u64 events : kEvents) {
    SCOPED_TRACE(events);
    const auto r = expect_same_on_all([events](Runner& run) {
      // LGHI %r1,40; 0: AGHI %r2,1; STG %r2,0(%r4); TMLL %r1,1; JE off; LCTLG %c9,%c11,0x330; J next;
      // off: LCTLG %c9,%c11,0x348; next: BRCTG %r1,0; J .
      run.put(kCode,
              "A719 0028 A72B 0001 E320 4000 0024 A711 0001 A784 0007 EB9B 0330 002F A7F4 0005 EB9B 0348 002F A717 "
              "FFEF A7F4 "
              "0000");
      handle_program_interruptions(run, "EB01 0308 007A B2B2 0150");
      run.store<u64>(0x330, events);
      run.store<u64>(0x340, ~u64{0}); // to there, from 0; the other three are zero
      (void)run.go(20'000, kCode, kWide | Psw::kPer);
    });
    EXPECT_EQ(r->cpu.gr[1], 0u);
    EXPECT_GE(*r->storage->load<u64>({0x308}), 19u) << "events";
  }
}

// --- Signals ---

volatile std::sig_atomic_t signals = 0;
void count_signal(int) { signals = signals + 1; }

TEST(JitBadInput, ASignalWhileTranslatedCodeRunsDoesNoHarm) {
  const EngineOptions options = testing::at_once();
  struct sigaction action {
  }, before{};
  action.sa_handler = count_signal;
  ASSERT_EQ(sigaction(SIGUSR1, &action, &before), 0);
  const auto run = [](Runner& r) {
    // AGHI %r2,1; LGR %r3,%r2; NILL %r3,0x7F8; LG %r4,0(%r3,%r5); AGR %r4,%r2; STG %r4,0(%r3,%r5);
    // MVC 0x800(8,%r5),0(%r5); BRCTG %r1,0; J .
    r.put(kCode,
          "A72B 0001 B904 0032 A537 07F8 E343 5000 0004 B908 0042 E343 5000 0024 D207 5800 5000 A717 FFEF A7F4 0000");
    r.cpu.gr[1] = 400'000;
    r.cpu.gr[3] = 0;
    (void)r.go(4'000'000);
  };
  Runner reference(nullptr);
  run(reference);
  while (signals < 20) {
    Runner translated(&options);
    std::atomic<bool> running = true;
    std::thread sender([&running, receiver = pthread_self()] {
      while (running) pthread_kill(receiver, SIGUSR1);
    });
    run(translated);
    running = false;
    sender.join();
    testing::expect_equal(translated, reference);
  }
  ASSERT_EQ(sigaction(SIGUSR1, &before, nullptr), 0);
}

} // namespace
} // namespace siena::cpu::jit
