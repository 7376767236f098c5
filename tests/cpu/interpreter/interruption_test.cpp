// SPDX-License-Identifier: BSD-3-Clause
// What the interpreter stores in the prefix area when an instruction ends in a program interruption.
#include "cpu/interpreter/interpreter.h"
#include "tests/cpu/isa/control_program.h"

namespace siena::cpu::interpreter {
namespace {
using isa::testing::ControlProgram;

constexpr u64 kEnd = 0x3000; ///< address of the disabled wait that the program-new PSW loads

/// Runs the program at ControlProgram::kCode until a disabled wait.
class RunningProgram : public ControlProgram {
 public:
  explicit RunningProgram(std::initializer_list<u64> halfwords) {
    u64 at = kCode;
    for (const u64 halfword : halfwords) put<u16>(at, static_cast<u16>(halfword)), at += 2;
    put<u64>(0x1D0, Psw::kExtendedAddressing | Psw::kBasicAddressing | Psw::kWait);
    put<u64>(0x1D8, kEnd);
    cpu.state = Cpu::State::Operating;
    cpu.decoder = &decoder_;
    cpu.attention = false;
  }
  void go() {
    CodeCache code{storage(), decoder_};
    Interpreter interpreter{code};
    EXPECT_EQ(interpreter.run(cpu, 10'000), Interpreter::Exit::Wait);
    EXPECT_EQ(cpu.psw.address, kEnd);
  }
  u16 interruption_code() const { return static_cast<u16>(load32(0x8C)); }
  u8 length() const { return load8(0x8D); }
  u8 per_code() const { return load8(0x96); }
  u64 per_address() const { return load(0x98); }
  u64 old_address() const { return load(0x158); }

 private:
  static constexpr u64 kFacilities[4] = {~u64{0}, ~u64{0}, ~u64{0}, ~u64{0}};
  isa::Decoder decoder_{kFacilities};
};

TEST(EarlySpecificationException, OfALoadedPswHasNoLength) {
  RunningProgram p{0xB2B2, 0x2000}; // LPSWE 0(%r2)
  p.cpu.gr[2] = 0x2000;
  p.put<u64>(0x2000, Psw::kExtendedAddressing); // 64-bit mode without bit 32
  p.put<u64>(0x2008, 0x4444);
  p.go();
  EXPECT_EQ(p.interruption_code(), 6u);
  EXPECT_EQ(p.length(), 0u);
  EXPECT_EQ(p.old_address(), 0x4444u);
}

TEST(EarlySpecificationException, OfASystemMaskHasTheLengthOfItsInstruction) {
  RunningProgram p{0x8000, 0x2000}; // SSM 0(%r2)
  p.cpu.gr[2] = 0x2000;
  p.put<u8>(0x2000, 0x80);
  p.go();
  EXPECT_EQ(p.interruption_code(), 6u);
  EXPECT_EQ(p.length(), 4u);
  EXPECT_EQ(p.old_address(), ControlProgram::kCode + 4);
  EXPECT_EQ(p.load8(0x150), 0x80u);
}

TEST(EarlySpecificationException, OfAnExecutedSystemMaskHasTheLengthOfExecute) {
  RunningProgram p{0xC600, 0x0000, 0x0008, 0, 0, 0, 0, 0, 0x8000, 0x2000}; // EXRL of the SSM 16 bytes on
  p.cpu.gr[2] = 0x2000;
  p.put<u8>(0x2000, 0x80);
  p.go();
  EXPECT_EQ(p.interruption_code(), 6u);
  EXPECT_EQ(p.length(), 6u);
}

TEST(ProgramEventRecording, OfBranchesCountsABranchTaken) {
  RunningProgram p{0x07F2}; // BR %r2
  p.cpu.gr[2] = 0x2000;
  p.cr(9, 0x8000'0000);
  p.psw(Psw::kPer);
  p.go();
  EXPECT_EQ(p.interruption_code(), 0x80u);
  EXPECT_EQ(p.per_code(), 0x80u);
  EXPECT_EQ(p.per_address(), u64{ControlProgram::kCode});
  EXPECT_EQ(p.old_address(), 0x2000u);
}

TEST(ProgramEventRecording, OfBranchesCountsABranchIntoAnotherModeAlsoWhenItIsExecuted) {
  for (const bool executed : {false, true}) {
    // BSM 0,%r2 into the 31-bit mode; or EXRL of the one 16 bytes on
    RunningProgram p =
        executed ? RunningProgram{0xC600, 0x0000, 0x0008, 0, 0, 0, 0, 0, 0x0B02} : RunningProgram{0x0B02};
    p.cpu.gr[2] = 0x8000'2000;
    p.cr(9, 0x8000'0000);
    p.psw(Psw::kPer);
    p.go();
    EXPECT_EQ(p.per_code(), 0x80u) << executed;
    EXPECT_EQ(p.old_address(), 0x2000u) << executed;
  }
}

TEST(ProgramEventRecording, OfBranchesDoesNotCountALoadedPsw) {
  RunningProgram p{0xB2B2, 0x2000}; // LPSWE 0(%r2), to a BR %r0 that does not branch and an invalid text
  p.cpu.gr[2] = 0x2000;
  p.put<u64>(0x2000, Psw::kExtendedAddressing | Psw::kBasicAddressing | Psw::kPer);
  p.put<u64>(0x2008, 0x4000);
  p.put<u32>(0x4000, 0x07F0'0000);
  p.cr(9, 0x8000'0000);
  p.psw(Psw::kPer);
  p.go();
  EXPECT_EQ(p.interruption_code(), 1u);
  EXPECT_EQ(p.old_address(), 0x4004u);
}

} // namespace
} // namespace siena::cpu::interpreter
