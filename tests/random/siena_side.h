// SPDX-License-Identifier: BSD-3-Clause
// Siena's half of the differential test: one problem-state CPU with DAT on, mapped as the oracle's process is; with SIENA_LEVEL=1
// under SIE, as the guest of two instructions.
#pragma once

#include "tests/random/program.h"

#include "sie/interpretive_execution.h"
#include "tests/engine/from_environment.h"
#include "tests/sie/fake_system.h"

#include <memory>
#include <optional>

namespace siena::random_test {

/// How Siena's program ended, in the oracle's words and in its own.
struct SienaResult {
  FinalState result;
  cpu::ProgramInterruption interruption = cpu::ProgramInterruption::None;
  /// Of the instruction that was interrupted (the target of an EXECUTE counts as EXECUTE).
  const cpu::isa::InstructionDef* interrupted = nullptr;
};

class SienaSide {
 public:
  SienaSide();
  /// Nothing when the program does not end within the bound, or changes itself.
  std::optional<SienaResult> run(const Case& c);
  const cpu::isa::Decoder& decoder() const { return decoder_; }

 private:
  void map(u64 address, u64 frame, u64 flags);
  cpu::Cpu::Environment environment();
  /// Until the disabled wait that ends every program, as it is or as a guest; false when it does not come to that.
  bool go_on(u64 psw_mask, const State& before);
  bool interpret(u64 psw_mask, const State& before);

  std::unique_ptr<mmu::AbsoluteStorage> storage_;
  cpu::timing::TodClock clock_{0};
  cpu::FloatingPending floating_;
  cpu::isa::Decoder decoder_;
  cpu::interpreter::CodeCache code_;
  cpu::interpreter::Interpreter interpreter_{code_};
  sie::testing::FakeSystem system_;
  std::unique_ptr<sie::InterpretiveExecution> sie_; ///< when programs are guests
  cpu::Cpu cpu_;
  std::unique_ptr<cpu::jit::Engine> engine_;
};

} // namespace siena::random_test
