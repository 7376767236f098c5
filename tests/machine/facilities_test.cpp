// SPDX-License-Identifier: BSD-3-Clause
// What each facility bit shown to the guest promises, and that the promise is kept (docs/facilities.md): the instructions named
// here are decoded exactly when the bit is one (tests/rows asks for a test of each of them), and what is not an instruction is
// tried out.
#include "machine/cpu_model.h"

#include "cpu/isa/rows/rows.h"
#include "tests/cpu/isa/control_program.h"

#include <algorithm>
#include <sstream>

namespace siena::machine {
namespace {

using cpu::ProgramInterruption;
using cpu::Psw;
using cpu::isa::Decoder;
using cpu::isa::InsnText;
using cpu::isa::InstructionDef;
using cpu::isa::testing::ControlProgram;
using cpu::isa::testing::TestSpace;

constexpr u64 kAt = 0x3000, kFrame = 0x5000;

// Behaviours. Each gets a machine with nothing but the default state.

void large_segments_are_translated(ControlProgram& p) {
  p.put<u64>(0x10'0000, 0x20'0000 | 0x400); // virtual megabyte 0 is absolute megabyte 2
  p.put<u64>(0x20'0000 + kAt, 42);
  p.cr(1, 0x10'0000);
  p.psw(Psw::kDat);
  p.cpu.gr[2] = kAt;
  p.run("E310 2000 0004");
  EXPECT_EQ(p.cpu.gr[1], 42u);
}

void large_regions_are_translated(ControlProgram& p) {
  p.put<u64>(0x10'0000, 0x404); // region-third-table entry of 2 GB at absolute 0
  p.put<u64>(kFrame, 42);
  p.cr(1, 0x10'0000 | 0x4);
  p.psw(Psw::kDat);
  p.cpu.gr[2] = kFrame;
  p.run("E310 2000 0004");
  EXPECT_EQ(p.cpu.gr[1], 42u);
}

void key_setting_may_be_conditional(ControlProgram& p) {
  p.key(kFrame, 0x24);
  p.cpu.gr[1] = 0x20;
  p.cpu.gr[2] = kFrame;
  p.run("B22B 4012"); // SSKE 1,2,MR: only the reference bit would change
  EXPECT_EQ(p.cpu.psw.cc, 0);
  EXPECT_EQ(p.key(kFrame), 0x24);
}

void topology_changes_are_asked_for(ControlProgram& p) {
  p.cpu.psw.cc = 3;
  p.cpu.gr[1] = 2;
  p.run("B9A2 0010"); // PTF 1: has the topology changed?
  EXPECT_EQ(p.cpu.psw.cc, 0);
  p.cpu.gr[1] = 0;
  p.run("B9A2 0010"); // horizontal, which they are
  EXPECT_EQ(p.cpu.psw.cc, 2);
  EXPECT_EQ(p.cpu.gr[1], 0x100u);
}

void several_pages_are_invalidated_at_once(ControlProgram& p) {
  TestSpace space(p, 0x10'0000);
  space.map(kAt, kFrame).map(kAt + kPageSize, kFrame + kPageSize).map(kAt + 2 * kPageSize, kFrame);
  p.cpu.gr[1] = space.page_table(kAt);
  p.cpu.gr[2] = kAt;
  p.cpu.gr[3] = 1; // one more
  while (p.execute("B221 3012") == cpu::Outcome::Partial) {
  }
  EXPECT_NE(p.load(space.page_entry(kAt)) & TestSpace::kInvalid, 0u);
  EXPECT_NE(p.load(space.page_entry(kAt + kPageSize)) & TestSpace::kInvalid, 0u);
  EXPECT_EQ(p.load(space.page_entry(kAt + 2 * kPageSize)) & TestSpace::kInvalid, 0u);
}

void key_setting_may_be_nonquiescing(ControlProgram& p) {
  p.cpu.gr[1] = 0x2'0830; // set key 3, NQ
  p.cpu.gr[2] = kFrame;
  p.run("B9AF 0012");
  EXPECT_EQ(p.key(kFrame), 0x30);
}

void translation_may_ignore_the_test_character(ControlProgram& p) {
  p.put<u16>(kAt, 0x0102);
  p.put<u16>(kFrame + 1, 0x1112); // 1 -> 11, 2 -> 12
  p.cpu.gr[0] = 0x11;
  p.cpu.gr[1] = kFrame;
  p.cpu.gr[4] = 0x6000;
  p.cpu.gr[5] = 2;
  p.cpu.gr[6] = kAt;
  p.run("B993 1046"); // TROO 4,6,1
  EXPECT_EQ(p.cpu.psw.cc, 0);
  EXPECT_EQ(p.load(0x6000) >> 48, 0x1112u);
}

void well_formedness_may_be_checked(ControlProgram& p) {
  p.put<u16>(kAt, 0xC080); // two bytes for a character that has one
  for (const bool check : {false, true}) {
    p.cpu.gr[4] = 0x6000;
    p.cpu.gr[5] = 16;
    p.cpu.gr[6] = kAt;
    p.cpu.gr[7] = 2;
    p.run(check ? "B9B0 1046" : "B9B0 0046"); // CU14 4,6
    EXPECT_EQ(p.cpu.psw.cc, check ? 2 : 0);
  }
}

void quadwords_are_compared_swapped_and_stored(ControlProgram& p) {
  for (unsigned n = 0; n < 4; ++n) p.put<u64>(0x6000 + 8 * n, 0x1000 + n); // replacement, value to store
  p.put<u64>(kFrame, 1);
  p.put<u64>(kFrame + 8, 2);
  p.cpu.gr[0] = 0x402;
  p.cpu.gr[1] = 0x6000;
  p.cpu.gr[2] = 1;
  p.cpu.gr[3] = 2;
  p.cpu.gr[8] = kFrame;
  p.run("C822 8000 8010"); // CSST 0(8),16(8),2
  EXPECT_EQ(p.cpu.psw.cc, 0);
  for (unsigned n = 0; n < 4; ++n) EXPECT_EQ(p.load(kFrame + 8 * n), 0x1000 + n);
}

/// More CPUs may be cleared than asked for, this one must be.
void this_cpus_tlb_is_cleared(ControlProgram& p) {
  TestSpace space(p, 0x10'0000);
  space.map(kAt, kFrame);
  p.cr(1, space.asce());
  p.psw(Psw::kDat);
  p.cpu.gr[1] = space.page_table(kAt);
  p.cpu.gr[2] = kAt;
  p.run("E330 2000 0004"); // LG 3,0(2)
  p.run("B221 0112");      // IPTE 1,2,0,1
  EXPECT_NE(p.load(space.page_entry(kAt)) & TestSpace::kInvalid, 0u);
  EXPECT_EQ(p.interruption("E330 2000 0004"), ProgramInterruption::PageTranslation);
}

u64 teid_of(ControlProgram& p, const char* text, u64 flags, ProgramInterruption code) {
  TestSpace space(p, 0x10'0000);
  space.map(kAt, kFrame, flags);
  p.cr(1, space.asce());
  p.psw(Psw::kDat);
  p.cpu.gr[2] = kAt;
  EXPECT_EQ(p.interruption(text), code);
  return p.cpu.pending_program.teid;
}

void the_teid_tells_fetch_from_store(ControlProgram& p) {
  EXPECT_EQ(teid_of(p, "E310 2000 0024", TestSpace::kInvalid, ProgramInterruption::PageTranslation) & 0xC00, 0x400u);
  EXPECT_EQ(teid_of(p, "E310 2000 0004", TestSpace::kInvalid, ProgramInterruption::PageTranslation) & 0xC00, 0x800u);
}

void the_teid_names_the_protection(ControlProgram& p) {
  EXPECT_EQ(teid_of(p, "E310 2000 0024", TestSpace::kProtected, ProgramInterruption::Protection) & 0x8C, 0x04u);
}

void pages_may_forbid_execution(ControlProgram& p) {
  TestSpace space(p, 0x10'0000);
  space.map(kAt, kFrame, 0x100);
  p.cr(1, space.asce());
  p.cr(0, p.cpu.cr[0] | cpu::cr0::kInstructionExecutionProtection);
  p.psw(Psw::kDat);
  EXPECT_EQ(p.cpu.fetch_instruction_halfword(kAt).outcome, cpu::Outcome::ProgramInterruption);
  EXPECT_EQ(p.cpu.pending_program.code, ProgramInterruption::Protection);
  EXPECT_EQ(p.cpu.pending_program.teid & 0x8C, 0x84u);
}

void all_64_bits_are_counted(ControlProgram& p) {
  p.cpu.gr[2] = ~u64{0};
  p.run("B9E1 8012"); // POPCNT 1,2,8
  EXPECT_EQ(p.cpu.gr[1], 64u);
}

void breaking_events_are_remembered(ControlProgram& p) {
  p.put<u64>(kFrame, 0x1234);
  p.cpu.gr[2] = kFrame;
  p.run("B200 2000"); // LBEAR
  p.run("B201 2008"); // STBEAR
  EXPECT_EQ(p.load(kFrame + 8), 0x1234u);
}

void pages_may_hold_no_translation_tables(ControlProgram& p) {
  p.cpu.gr[2] = kFrame;
  p.run("B9AB 7012"); // ESSA 1,2: stable, no translation tables
  p.run("B9AB 0012");
  EXPECT_EQ(p.cpu.gr[1], 0x20u);
}

void timing_functions_are_queried(ControlProgram& p) {
  p.cpu.gr[0] = 0; // QAF
  p.cpu.gr[1] = kAt;
  p.run("0104");
  EXPECT_EQ(p.cpu.psw.cc, 0);
  const u64 available = p.load(kAt);
  for (unsigned n = 0; n < 64; ++n) {
    p.cpu.gr[0] = n;
    p.cpu.gr[1] = kFrame;
    p.run("0104");
    EXPECT_EQ(p.cpu.psw.cc, (available & bit(n)) != 0 ? 0 : 3) << "function " << n;
  }
}

struct Promise {
  u16 bit;
  const char* name;
  const char* instructions; ///< those that are there because of this bit
  void (*behaviour)(ControlProgram&) = nullptr;
};

void epochs_are_numbered_and_comparators_may_have_a_sign(ControlProgram& p) {
  p.cpu.environment().clock = cpu::timing::TodClock(u128{1} << 64 | 0x1000'0000'0000'0000);
  p.cpu.gr[2] = kAt;
  p.run("B278 2000"); // STCKE
  EXPECT_EQ(p.load(kAt) >> 48, 0x0110u);
  p.cpu.clock_comparator = ~u64{0}; // minus one
  EXPECT_FALSE(p.cpu.clock_comparator_pending(p.cpu, p.cpu.tod_at_now()));
  p.cpu.cr[0] |= cpu::cr0::kClockComparatorSign;
  EXPECT_TRUE(p.cpu.clock_comparator_pending(p.cpu, p.cpu.tod_at_now()));
}

constexpr Promise kPromises[] = {
    {0, "Esa390Instructions", ""},
    {1, "ZArchitecture", ""},
    {2, "ZArchitectureActive", ""},
    {3, "DatEnhancement1", "IDTE CSPG"},
    {4, "IdteSegmentClearing", ""},
    {7, "Stfle", "STFLE"},
    {8, "EnhancedDat1", "PFMF", &large_segments_are_translated},
    {9, "SenseRunningStatus", ""},
    {10, "ConditionalKeySetting", "", &key_setting_may_be_conditional},
    {11, "ConfigurationTopology", "PTF", &topology_changes_are_asked_for},
    {13, "IpteRange", "", &several_pages_are_invalidated_at_once},
    {14, "NonquiescingKeySetting", "", &key_setting_may_be_nonquiescing},
    {16, "ExtendedTranslation2", "CLCLU MVCLU PKA PKU TP TROO TROT TRTO TRTT UNPKA UNPKU"},
    {18,
     "LongDisplacement",
     "AY AHY ALY NY NIY CY CHY CLY CLIY CLMY CSY CDSY CVBY CVDY XY XIY ICY ICMY LY LDY LEY LAY LB LGB LHY LMY LAMY "
     "MVIY "
     "MSY OY OIY STY STDY STEY STCY STCMY STHY STMY STAMY SY SHY SLY TMY LRAY"},
    {19, "LongDisplacementIsFast", ""},
    {21,
     "ExtendedImmediate",
     "AFI AGFI ALFI ALGFI NIHF NILF CFI CGFI CLFI CLGFI XIHF XILF FLOGR IIHF IILF LGFI LT LTG LBR LGBR LHR LGHR LLCR "
     "LLGCR LLC LLHR LLGHR LLH LLIHF LLILF OIHF OILF SLFI SLGFI"},
    {22, "ExtendedTranslation3", "CU14 CU24 CU41 CU42 SRSTU TRTR"},
    {24, "ExtendedTranslation2Enhancement", "", &translation_may_ignore_the_test_character},
    {25, "StoreClockFast", "STCKF"},
    {26, "ParsingEnhancement", "TRTE TRTRE"},
    {27, "MoveWithOptionalSpecifications", "MVCOS"},
    {28, "TodClockSteering", "PTFF", &timing_functions_are_queried},
    {30, "ExtendedTranslation3Enhancement", "", &well_formedness_may_be_checked},
    {31, "ExtractCpuTime", "ECTG"},
    {32, "CompareAndSwapAndStore", "CSST"},
    {33, "CompareAndSwapAndStore2", "", &quadwords_are_compared_swapped_and_stored},
    {34,
     "GeneralInstructionsExtension",
     "ASI AGSI ALSI ALGSI CRL CGRL CGFRL CGH CHHSI CHSI CGHSI CHRL CGHRL CLHHSI CLFHSI CLGHSI CLRL CLGRL CLGFRL CLHRL "
     "CLGHRL CRB CGRB CRJ CGRJ CIB CGIB CIJ CGIJ CLRB CLGRB CLRJ CLGRJ CLIB CLGIB CLIJ CLGIJ CRT CGRT CIT CGIT CLRT "
     "CLGRT CLFIT CLGIT ECAG LRL LGRL LGFRL LAEY LTGF LHRL LGHRL LLGFRL LLHRL LLGHRL MVHHI MVHI MVGHI MFY MHY MSFI "
     "MSGFI PFD PFDRL RISBG RNSBG ROSBG RXSBG STRL STGRL STHRL"},
    {35, "ExecuteExtension", "EXRL"},
    {37,
     "FloatingPointExtension",
     "CLFEBR CLFDBR CLFXBR CLGEBR CLGDBR CLGXBR CELFBR CDLFBR CXLFBR CELGBR CDLGBR CXLGBR SRNMB"},
    {40, "SetProgramParameter", "LPP"},
    {41, "FloatingPointSupport", "CPSDR LCDFR LNDFR LPDFR LDGR LGDR LFAS SFASR SRNMT"},
    {45,
     "DistinctOperandsHighWordAndMore",
     "ARK AGRK AHIK AGHIK ALRK ALGRK ALHSIK ALGHSIK NRK NGRK XRK XGRK ORK OGRK SLAK SLLK SRAK SRLK SRK SGRK SLRK SLGRK "
     "AHHHR AHHLR AIH ALHHHR ALHHLR ALSIH ALSIHN BRCTH CHHR CHLR CHF CIH CLHHR CLHLR CLHF CLIH LBH LHH LFH LLCH LLHH "
     "RISBHG RISBLG STCH STHH STFH SHHHR SHHLR SLHHHR SLHHLR LOCR LOCGR LOC LOCG STOC STOCG LAA LAAG LAAL LAALG LAN "
     "LANG LAX LAXG LAO LAOG LPD LPDG POPCNT"},
    {49, "ExecutionHintLoadAndTrapAndMore", "BPP BPRP NIAI CLT CLGT RISBGN LAT LGAT LFHAT LLGFAT LLGTAT PPA"},
    {51, "LocalTlbClearing", "", &this_cpus_tlb_is_cleared},
    {52, "InterlockedAccess2", ""},
    {53, "LoadStoreOnCondition2", "LOCHI LOCGHI LOCHHI LOCFHR LOCFH STOCFH LZRF LZRG LLZRGF"},
    {58, "MiscellaneousInstructions2", "AGH BIC MGRK MG MGH MSRKC MSC MSGRKC MSGC SGH"},
    {61,
     "MiscellaneousInstructions3",
     "NCRK NCGRK MVCRL NNRK NNGRK NORK NOGRK NXRK NXGRK OCRK OCGRK SELR SELGR SELFHR",
     &all_64_bits_are_counted},
    {66, "ResetReferenceBitsMultiple", "RRBM"},
    {75, "FetchStoreIndication", "", &the_teid_tells_fetch_from_store},
    {78, "EnhancedDat2", "CRDTE", &large_regions_are_translated},
    {130, "InstructionExecutionProtection", "", &pages_may_forbid_execution},
    {131, "SideEffectAccessAndEsop2", "", &the_teid_names_the_protection},
    {138, "ZArchitectureFromReset", ""},
    {139, "MultipleEpoch", "", &epochs_are_numbered_and_comparators_may_have_a_sign},
    {140, "ExtendedLengthSccb", ""}, // shown_facilities_test.cpp and tests/devices/sclp
    {145, "InsertReferenceBitsMultiple", "IRBM"},
    {147, "PagesWithoutTranslationTables", "", &pages_may_hold_no_translation_tables},
    {193, "BreakingEventAddressRegister", "LBEAR STBEAR LPSWEY", &breaking_events_are_remembered},
    {194, "ResetDatProtection", "RDP"},
};

/// Work, but the guest is told only when asked for by name (docs/facilities.md says why).
constexpr u16 kOffByDefault[] = {61};

const InstructionDef* row_of(const std::string& mnemonic) {
  for (const InstructionDef* def : cpu::isa::all_rows())
    if (def->mnemonic == mnemonic) return def;
  return nullptr;
}

/// Text with nothing but the opcode in it.
InsnText text_of(const InstructionDef& def) {
  const u64 first = u64{def.opcode} >> 8 << 56, extension = def.opcode & 0xFF;
  switch (cpu::isa::extension_of(static_cast<u8>(def.opcode >> 8))) {
  case cpu::isa::Extension::None: return {first};
  case cpu::isa::Extension::SecondByte:
  case cpu::isa::Extension::RightNibble: return {first | extension << 48};
  case cpu::isa::Extension::SixthByte: return {first | extension << 16};
  }
  return {};
}

std::vector<std::string> words(const char* text) {
  std::istringstream stream(text);
  std::vector<std::string> all;
  for (std::string word; stream >> word;) all.push_back(word);
  return all;
}

CpuIdentity everything() {
  CpuIdentity identity;
  for (const Promise& promise : kPromises) identity.set(promise.bit, true);
  return identity;
}

TEST(Facilities, NoBitIsShownThatPromisesNothingHere) {
  const auto shown = resolve_cpu_model({"max", {}});
  ASSERT_TRUE(shown.ok());
  for (unsigned n = 0; n < 64 * kFacilityDoublewords; ++n) {
    const bool promised =
        std::any_of(std::begin(kPromises), std::end(kPromises), [&](const Promise& p) { return p.bit == n; });
    const bool off = std::find(std::begin(kOffByDefault), std::end(kOffByDefault), n) != std::end(kOffByDefault);
    EXPECT_EQ(shown.value().has(n), promised && !off) << "facility " << n;
  }
}

TEST(Facilities, EveryInstructionOfARowNeedsABitThatIsPromisedHere) {
  for (const InstructionDef* def : cpu::isa::all_rows()) {
    const auto n = static_cast<int>(def->facility);
    if (n < 0) continue;
    const auto* promise =
        std::find_if(std::begin(kPromises), std::end(kPromises), [&](const Promise& p) { return p.bit == n; });
    if (promise == std::end(kPromises)) continue; // never shown: no guest sees the row
    const auto list = words(promise->instructions);
    EXPECT_NE(std::find(list.begin(), list.end(), def->mnemonic), list.end()) << def->mnemonic << ", facility " << n;
  }
}

class EveryFacility : public ::testing::TestWithParam<Promise> {};

TEST_P(EveryFacility, BringsItsInstructionsAndTakesThemAway) {
  CpuIdentity with = everything(), without = everything();
  without.set(GetParam().bit, false);
  const Decoder on(with.facilities), off(without.facilities);
  for (const std::string& mnemonic : words(GetParam().instructions)) {
    const InstructionDef* def = row_of(mnemonic);
    ASSERT_NE(def, nullptr) << mnemonic << " has no row";
    EXPECT_EQ(on.find(text_of(*def)), def) << mnemonic;
    EXPECT_EQ(off.find(text_of(*def)), nullptr) << mnemonic;
  }
}

class FacilityWithBehaviour : public ::testing::TestWithParam<Promise> {};

TEST_P(FacilityWithBehaviour, BehavesAsPromised) {
  ControlProgram p;
  const CpuIdentity identity = everything();
  p.system.facility_words.assign(identity.facilities.begin(), identity.facilities.end());
  GetParam().behaviour(p);
}

std::vector<Promise> with_behaviour() {
  std::vector<Promise> some;
  for (const Promise& promise : kPromises)
    if (promise.behaviour != nullptr) some.push_back(promise);
  return some;
}

std::string name_of(const ::testing::TestParamInfo<Promise>& promise) { return promise.param.name; }

INSTANTIATE_TEST_SUITE_P(All, EveryFacility, ::testing::ValuesIn(kPromises), &name_of);
INSTANTIATE_TEST_SUITE_P(All, FacilityWithBehaviour, ::testing::ValuesIn(with_behaviour()), &name_of);

TEST(Facilities, OneCountOfAllBitsNeedsTheThirdMiscellaneousInstructions) {
  ControlProgram p;
  p.cpu.features.miscellaneous_3 = false;
  p.cpu.gr[2] = 0xFF01;
  p.run("B9E1 8012"); // the mask is a reserved field then, and ignored
  EXPECT_EQ(p.cpu.gr[1], 0x801u);
}

} // namespace
} // namespace siena::machine
