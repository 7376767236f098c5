// SPDX-License-Identifier: BSD-3-Clause
// One CPU on one megabyte of real storage, for tests of single instructions: set registers, run a text given in hexadecimal,
// look at what changed. All facilities are on; the PSW is 64-bit, supervisor state, DAT off.
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/decoder.h"
#include "tests/executed.h"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace siena::cpu::isa::testing {

class InstructionBench {
 public:
  static constexpr u64 kStart = 0x1000;

  InstructionBench() {
    cpu.reset_clear();
    cpu.load_psw(Psw::kExtendedAddressing | Psw::kBasicAddressing, kStart);
    cpu.cr[0] |= cr0::kAfpRegisters | cr0::kVector;
    cpu.controls_changed();
    cpu.decoder = &decoder;
  }

  /// Executes one instruction as if it stood at kStart. Hexadecimal digits, spaces allowed.
  Outcome run(std::string_view text) {
    InsnText insn;
    int shift = 60;
    for (const char c : text) {
      if (c == ' ') continue;
      const auto digit = static_cast<u64>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
      insn.bits |= digit << shift;
      shift -= 4;
    }
    const InstructionDef* def = decoder.find(insn);
    EXPECT_NE(def, nullptr) << text;
    if (def == nullptr) return cpu.recognize(ProgramInterruption::Operation);
    mnemonic = def->mnemonic;
    insn.bits |= insn.length();
    cpu.psw.address = kStart + insn.length();
    return tests::execute_noted(cpu, *def, insn);
  }
  /// Runs an instruction that must end in this program interruption.
  void expect_interruption(std::string_view text, ProgramInterruption code) {
    EXPECT_EQ(run(text), Outcome::ProgramInterruption) << text;
    EXPECT_EQ(static_cast<unsigned>(cpu.pending_program.code), static_cast<unsigned>(code)) << text;
  }
  void expect_data_exception(std::string_view text, u32 dxc) {
    expect_interruption(text, ProgramInterruption::Data);
    EXPECT_EQ(cpu.pending_program.data_exception_code, dxc) << text;
  }
  void expect_completed(std::string_view text) { EXPECT_EQ(run(text), Outcome::Completed) << text; }

  template <typename T>
  void store(u64 address, T value) {
    EXPECT_TRUE(storage->store(AbsoluteAddress{address}, value));
  }
  template <typename T>
  T load(u64 address) {
    return storage->load<T>(AbsoluteAddress{address}).value();
  }

  std::unique_ptr<mmu::AbsoluteStorage> storage = [] {
    auto created = mmu::AbsoluteStorage::create(1 << 20);
    return std::move(created.value());
  }();
  timing::TodClock clock{0};
  FloatingPending floating;
  Cpu cpu{0, Cpu::Environment{.storage = *storage, .clock = clock, .floating = floating, .features = {}}};
  std::array<u64, 4> facilities{~u64{0}, ~u64{0}, ~u64{0}, ~u64{0}};
  Decoder decoder{facilities};
  std::string_view mnemonic; ///< of the last instruction
};

} // namespace siena::cpu::isa::testing
