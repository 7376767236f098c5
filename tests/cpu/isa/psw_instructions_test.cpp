// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/isa/semantics/psw.h"

#include "tests/cpu/isa/control_program.h"

namespace siena::cpu::isa::testing {
namespace {

using PI = ProgramInterruption;

TEST(LoadPsw, InvertsBit12OfTheShortFormatAndSplitsTheAddress) {
  ControlProgram p;
  p.cpu.gr[2] = 0x2000;
  p.put<u64>(0x2000, 0x0408'1000'8000'1234); // DAT on, bit 12, CC 1, basic addressing
  EXPECT_EQ(p.execute("8200 2000"), Outcome::CompletedLeaveBlock);
  EXPECT_EQ(p.cpu.psw.packed_mask(), 0x0400'1000'8000'0000u);
  EXPECT_EQ(p.cpu.psw.address, 0x1234u);
  EXPECT_EQ(p.cpu.psw.cc, 1);
}

TEST(LoadPsw, IsABreakingEvent) {
  ControlProgram p;
  p.cpu.gr[2] = 0x2000;
  p.put<u64>(0x2000, 0x0008'0000'8000'1234);
  p.run("8200 2000");
  EXPECT_EQ(p.cpu.breaking_event, ControlProgram::kCode);
}

TEST(LoadPsw, WantsBit12AndADoubleword) {
  ControlProgram p;
  p.cpu.gr[2] = 0x2000;
  EXPECT_EQ(p.interruption("8200 2000"), PI::Specification);
  p.put<u64>(0x2004, 0x0008'0000'8000'1234);
  EXPECT_EQ(p.interruption("8200 2004"), PI::Specification);
}

TEST(LoadPswExtended, LoadsAnInvalidPswAsItIs) {
  ControlProgram p;
  p.cpu.gr[2] = 0x2000;
  p.put<u64>(0x2000, 0x8000'0000'0000'0001);
  p.put<u64>(0x2008, 0x1'0000'0001);
  p.run("B2B2 2000");
  EXPECT_EQ(p.cpu.psw.packed_mask(), 0x8000'0000'0000'0001u);
  EXPECT_EQ(p.cpu.psw.address, 0x1'0000'0001u);
  EXPECT_FALSE(p.cpu.psw.valid());
}

TEST(LoadPswExtended, ChangesNothingWhenItsOperandCannotBeFetched) {
  ControlProgram p;
  p.cpu.gr[2] = ControlProgram::kStorageSize - 8; // the second half is outside
  const u64 mask = p.cpu.psw.mask;
  EXPECT_EQ(p.interruption("B2B2 2000"), PI::Addressing);
  EXPECT_EQ(p.cpu.psw.mask, mask);
  EXPECT_EQ(p.cpu.breaking_event, 1u);
}

TEST(LoadPswExtendedY, IsNotABreakingEvent) {
  ControlProgram p;
  p.cpu.gr[2] = 0x3000;
  p.put<u64>(0x2FF0, 0x0000'0001'8000'0000);
  p.put<u64>(0x2FF8, 0x4000);
  p.run("EB00 2FF0 FF71"); // displacement -16
  EXPECT_EQ(p.cpu.psw.address, 0x4000u);
  EXPECT_EQ(p.cpu.breaking_event, 1u);
}

TEST(LoadPsw, IsPrivileged) {
  ControlProgram p;
  p.psw(Psw::kProblem);
  for (const char* text : {"8200 2001", "B2B2 2001", "EB00 2001 0071", "8000 2000", "AC00 2000", "AD00 2000"})
    EXPECT_EQ(p.interruption(text), PI::PrivilegedOperation) << text;
}

TEST(BreakingEventAddressRegister, IsLoadedAndStored) {
  ControlProgram p;
  p.cpu.gr[2] = 0x2000;
  p.put<u64>(0x2000, 0xABCD);
  p.run("B200 2000");
  p.run("B201 2008");
  EXPECT_EQ(p.load(0x2008), 0xABCDu);
}

TEST(SetSystemMask, ReplacesPswBits0To7) {
  ControlProgram p;
  p.cpu.gr[2] = 0x2000;
  p.put<u8>(0x2000, 0x07);
  EXPECT_EQ(p.execute("8000 2000"), Outcome::CompletedLeaveBlock);
  EXPECT_EQ(p.cpu.psw.mask >> 56, 0x07u);
}

TEST(SetSystemMask, IsSuppressedByItsControlBit) {
  ControlProgram p;
  p.cpu.gr[2] = 0x2000;
  p.put<u8>(0x2000, 0x07);
  p.cr(0, p.cpu.cr[0] | cr0::kSsmSuppression);
  EXPECT_EQ(p.interruption("8000 2000"), PI::SpecialOperation);
  EXPECT_EQ(p.cpu.psw.mask >> 56, 0u);
}

TEST(SetSystemMask, ThatMakesThePswInvalidEndsInASpecificationExceptionOfItsOwn) {
  for (const char* text : {"8000 2000", "AD80 2008"}) {
    ControlProgram p;
    p.cpu.gr[2] = 0x2000;
    p.put<u8>(0x2000, 0x80);
    EXPECT_EQ(p.interruption(text), PI::Specification) << text;
    EXPECT_EQ(p.cpu.psw.mask >> 56, 0x80u) << text;
  }
}

TEST(StoreThenAndSystemMask, StoresTheOldMask) {
  ControlProgram p;
  p.cpu.gr[2] = 0x2000;
  p.psw(Psw::kIo | Psw::kExternal);
  p.run("ACFC 2000");
  EXPECT_EQ(p.load8(0x2000), 0x03);
  EXPECT_EQ(p.cpu.psw.mask >> 56, 0u);
}

TEST(StoreThenOrSystemMask, ChangesNothingWhenTheStoreFails) {
  ControlProgram p;
  p.cpu.gr[2] = ControlProgram::kStorageSize;
  EXPECT_EQ(p.interruption("AD03 2000"), PI::Addressing);
  EXPECT_EQ(p.cpu.psw.mask >> 56, 0u);
  p.cpu.gr[2] = 0x2000;
  EXPECT_EQ(p.execute("AD03 2000"), Outcome::CompletedLeaveBlock);
  EXPECT_EQ(p.cpu.psw.mask >> 56, 3u);
}

TEST(SetPswKeyFromAddress, TakesTheKeyFromAddressBits56To59) {
  ControlProgram p;
  p.run("B20A 00B7");
  EXPECT_EQ(p.cpu.psw.key(), 0xB0);
}

TEST(SetPswKeyFromAddress, NeedsThePswKeyMaskInTheProblemState) {
  ControlProgram p;
  p.psw(Psw::kProblem);
  p.cr(3, 0x0040'0000); // key 9
  EXPECT_EQ(p.interruption("B20A 0080"), PI::PrivilegedOperation);
  p.run("B20A 0090");
  EXPECT_EQ(p.cpu.psw.key(), 0x90);
}

TEST(InsertPswKey, LeavesTheRestOfTheRegister) {
  ControlProgram p;
  p.psw_key(0x70);
  p.cpu.gr[2] = 0x1122'3344'5566'77FF;
  p.run("B20B 0000");
  EXPECT_EQ(p.cpu.gr[2], 0x1122'3344'5566'7770u);
  p.psw(Psw::kProblem);
  EXPECT_EQ(p.interruption("B20B 0000"), PI::PrivilegedOperation);
  p.cr(0, p.cpu.cr[0] | cr0::kExtractionAuthority);
  p.run("B20B 0000");
}

TEST(ExtractPsw, ShowsTheCurrentConditionCode) {
  ControlProgram p;
  p.cpu.psw.cc = 2;
  p.cpu.gr[3] = p.cpu.gr[4] = ~u64{0};
  p.run("B98D 0034");
  EXPECT_EQ(p.cpu.gr[3], 0xFFFF'FFFF'0000'2001u);
  EXPECT_EQ(p.cpu.gr[4], 0xFFFF'FFFF'8000'0000u);
  p.cpu.gr[0] = 7;
  p.run("B98D 0030");
  EXPECT_EQ(p.cpu.gr[0], 7u) << "an R2 field of 0 stores nothing";
}

TEST(SetAddressingMode, ChangesTheModeAndItsAddresses) {
  ControlProgram p;
  p.run("010D");
  EXPECT_EQ(p.cpu.psw.address_mask(), 0x7FFF'FFFFu);
  EXPECT_EQ(p.cpu.address_mask(), 0x7FFF'FFFFu);
  p.run("010B");
  EXPECT_EQ(p.cpu.psw.cc, 1);
  p.run("010C");
  p.run("010B");
  EXPECT_EQ(p.cpu.psw.cc, 0);
  p.run("010E");
  p.run("010B");
  EXPECT_EQ(p.cpu.psw.cc, 3);
}

TEST(SetAddressingMode, RefusesToLeaveItselfOutside) {
  ControlProgram p;
  InsnText sam24{0x010C'0000'0000'0000};
  p.cpu.psw.address = 0x100'0002;
  EXPECT_EQ(set_addressing_mode_24(p.cpu, E{sam24}), Outcome::ProgramInterruption);
  EXPECT_EQ(p.cpu.pending_program.code, PI::Specification);
}

TEST(SupervisorCall, StoresNumberAndLengthAndSwapsThePsw) {
  ControlProgram p;
  p.put<u64>(0x1C0, 0x0000'0001'8000'0000);
  p.put<u64>(0x1C8, 0x5000);
  EXPECT_EQ(p.execute("0A2A"), Outcome::CompletedLeaveBlock);
  EXPECT_EQ(p.load32(0x88), 0x0002'002Au);
  EXPECT_EQ(p.load(0x148), ControlProgram::kCode + 2);
  EXPECT_EQ(p.cpu.psw.address, 0x5000u);
}

TEST(MonitorCall, InterruptsWhenItsClassIsEnabled) {
  ControlProgram p;
  p.cpu.gr[2] = 0x1234'5678'9ABC'DEF0;
  p.run("AF03 2001");
  p.cr(8, 0x8000 >> 3);
  EXPECT_EQ(p.interruption("AF03 2001"), PI::Monitor);
  EXPECT_EQ(p.cpu.pending_program.monitor_class, 3);
  EXPECT_EQ(p.cpu.pending_program.monitor_code, 0x1234'5678'9ABC'DEF1u);
  EXPECT_EQ(p.interruption("AF13 2001"), PI::Specification);
}

TEST(SetAddressSpaceControl, CountsTheSpacesItsOwnWay) {
  ControlProgram p;
  TestSpace space(p, 0x10'0000);
  p.cr(1, space.asce());
  p.psw(Psw::kDat);
  const AddressSpace expected[] = {
      AddressSpace::Primary, AddressSpace::Secondary, AddressSpace::AccessRegister, AddressSpace::Home};
  const char* texts[] = {"B279 0000", "B279 0100", "B279 0200", "B279 0300"};
  for (unsigned code = 0; code < 4; ++code) {
    EXPECT_EQ(p.execute(texts[code]), Outcome::CompletedLeaveBlock);
    EXPECT_EQ(p.cpu.psw.address_space(), expected[code]);
    p.run("B224 0050");
    EXPECT_EQ(p.cpu.psw.cc, code);
    EXPECT_EQ(p.cpu.gr[5], u64{code} << 8);
  }
  EXPECT_EQ(p.interruption("B279 0400"), PI::Specification);
}

TEST(SetAddressSpaceControl, NeedsDatAndTheSecondarySpaceControl) {
  ControlProgram p;
  EXPECT_EQ(p.interruption("B219 0000"), PI::SpecialOperation);
  p.psw(Psw::kDat);
  p.run("B219 0000");
  p.cr(0, p.cpu.cr[0] & ~cr0::kSecondarySpace);
  EXPECT_EQ(p.interruption("B219 0000"), PI::SpecialOperation);
}

TEST(SetAddressSpaceControl, KeepsTheProblemStateOutOfTheHomeSpace) {
  ControlProgram p;
  p.psw(Psw::kDat | Psw::kProblem);
  EXPECT_EQ(p.interruption("B219 0300"), PI::PrivilegedOperation);
  p.run("B219 0100");
}

TEST(SetAddressSpaceControl, CompletesBeforeASpaceSwitchEvent) {
  ControlProgram p;
  p.psw(Psw::kDat);
  p.cr(1, mmu::asce::kSpaceSwitch);
  p.cr(4, 0x1234);
  p.run("B219 0100");
  EXPECT_EQ(p.interruption("B219 0300"), PI::SpaceSwitch);
  EXPECT_EQ(p.cpu.psw.address_space(), AddressSpace::Home);
  EXPECT_EQ(p.cpu.pending_program.teid, 0x8000'1234u);
}

TEST(ExtractAsn, ShowsControlRegisters3And4) {
  ControlProgram p;
  p.psw(Psw::kDat);
  p.cr(3, 0xAAAA'BBBB);
  p.cr(4, 0xCCCC'DDDD);
  p.cpu.gr[5] = ~u64{0};
  p.run("B226 0050");
  EXPECT_EQ(p.cpu.gr[5], 0xFFFF'FFFF'0000'DDDDu);
  p.run("B227 0050");
  EXPECT_EQ(p.cpu.gr[5], 0xFFFF'FFFF'0000'BBBBu);
  p.psw(Psw::kProblem);
  EXPECT_EQ(p.interruption("B226 0050"), PI::PrivilegedOperation);
}

TEST(ExtractAndSetExtendedAuthority, ExchangesTheIndexInControlRegister8) {
  ControlProgram p;
  p.cpu.cr[8] = 0x1111'1111'AAAA'2222;
  p.cpu.gr[5] = 0x3333'3333'4444'BBBB;
  p.run("B99D 0050");
  EXPECT_EQ(p.cpu.cr[8], 0x1111'1111'BBBB'2222u);
  EXPECT_EQ(p.cpu.gr[5], 0x3333'3333'AAAA'BBBBu);
  p.psw(Psw::kProblem);
  EXPECT_EQ(p.interruption("B99D 0050"), PI::PrivilegedOperation);
}

TEST(SetSecondaryAsn, ToThePrimarySpaceTakesItsTableToo) {
  ControlProgram p;
  EXPECT_EQ(p.interruption("B225 0050"), PI::SpecialOperation) << "DAT is off";
  p.psw(Psw::kDat);
  EXPECT_EQ(p.interruption("B225 0050"), PI::SpecialOperation) << "ASN translation is off";
  p.cpu.cr[14] |= bit(44);
  p.cpu.cr[1] = 0x7'0000;
  p.cpu.cr[4] = 0x0123;
  p.cpu.cr[3] = 0xFFFF'4567;
  p.cpu.gr[5] = 0x0123;
  p.run("B225 0050");
  EXPECT_EQ(p.cpu.cr[3], 0xFFFF'0123u);
  EXPECT_EQ(p.cpu.cr[7], p.cpu.cr[1]);
}

class OnlyEverIntercepted : public ::testing::TestWithParam<const char*> {};

TEST_P(OnlyEverIntercepted, IsNoInstructionForGuest1) {
  ControlProgram p;
  EXPECT_EQ(p.interruption(GetParam()), PI::Operation);
}

TEST_P(OnlyEverIntercepted, IsInterceptedUnderSieInTheSupervisorState) {
  ControlProgram p;
  p.interpret();
  EXPECT_EQ(p.execute(GetParam()), Outcome::Interception);
  p.psw(Psw::kProblem);
  EXPECT_EQ(p.interruption(GetParam()), PI::PrivilegedOperation);
}

INSTANTIATE_TEST_SUITE_P(Instructions,
                         OnlyEverIntercepted,
                         ::testing::Values("B9A0 0012",      // CLP
                                           "B9D0 0024",      // PCISTG
                                           "B9D2 0024",      // PCILG
                                           "B9D3 0024",      // RPCIT
                                           "E310 2000 00D0", // MPCIFC
                                           "E310 2000 00D4", // STPCIFC
                                           "EB13 2000 00D0", // PCISTB
                                           "EB13 2000 00D1", // SIC
                                           "B2AD 0024",      // NQAP
                                           "B2AE 0024",      // DQAP
                                           "B2AF 0000",      // PQAP
                                           "B99C 0000",      // EQBS
                                           "EB13 2000 008A"  // SQBS
                                           ));

TEST(LoadProgramParameter, WantsADoublewordAndTheSupervisorState) {
  ControlProgram p;
  p.cpu.gr[2] = 0x2000;
  p.put<u64>(0x2000, 0x1111'2222'3333'4444);
  p.run("B280 2000");
  EXPECT_EQ(p.cpu.program_parameter, 0x1111'2222'3333'4444u);
  EXPECT_EQ(p.interruption("B280 2004"), PI::Specification);
}

TEST(SieRules, ComeAfterThePrivilegeCheckAndBeforeTheOperand) {
  ControlProgram p;
  p.interpret();
  p.interpretive.answer = Outcome::Interception;
  p.psw(Psw::kProblem);
  EXPECT_EQ(p.interruption("B2B2 2001"), PI::PrivilegedOperation);
  EXPECT_TRUE(p.interpretive.asked.empty());
  p.cpu.psw.set(Psw::kProblem, false);
  EXPECT_EQ(p.execute("B2B2 2001"), Outcome::Interception) << "although the operand is not on a doubleword";
  EXPECT_EQ(p.interpretive.asked.back(), custom(CustomSieRule::LoadPsw));
}

TEST(SieRules, EndAnInstructionThatThePortHasExecutedWithoutExecutingItAgain) {
  ControlProgram p;
  p.interpret();
  p.cpu.gr[1] = 0x99;
  p.interpretive.answer = Outcome::Completed;
  EXPECT_EQ(p.execute("B9AB 0012"), Outcome::Completed) << "ESSA changes nothing that the run loop must look at";
  EXPECT_EQ(p.cpu.gr[1], 0x99u);
  p.interpretive.answer = std::nullopt;
  EXPECT_EQ(p.execute("B9AB 0012"), Outcome::Completed);
  EXPECT_EQ(p.cpu.gr[1], 0u);
}

TEST(SieRules, AskAboutConditionCode1OnlyWhereItMayBeIntercepted) {
  ControlProgram p;
  p.interpret();
  p.put<u64>(0x2000, 1); // the comparison value is 0
  p.cpu.gr[3] = 0x2000;
  EXPECT_EQ(p.execute("EB12 3000 0030"), Outcome::Completed);
  EXPECT_EQ(p.interpretive.conditions_1, 0);
  p.cpu.condition_1_intercepted = true;
  p.cpu.gr[1] = 0;
  EXPECT_EQ(p.execute("EB12 3000 0030"), Outcome::Interception);
  p.cpu.gr[1] = 1;
  EXPECT_EQ(p.execute("EB12 3000 0030"), Outcome::Completed) << "equal";
  EXPECT_EQ(p.interpretive.conditions_1, 1);
}

} // namespace
} // namespace siena::cpu::isa::testing
