// SPDX-License-Identifier: BSD-3-Clause
// Siena's half of the differential test: one problem-state CPU with DAT on, mapped as the oracle's process is.
#pragma once

#include "tests/random/program.h"

#include "tests/engine/from_environment.h"

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

  std::unique_ptr<mmu::AbsoluteStorage> storage_;
  cpu::timing::TodClock clock_{0};
  cpu::FloatingPending floating_;
  cpu::isa::Decoder decoder_;
  cpu::interpreter::CodeCache code_;
  cpu::interpreter::Interpreter interpreter_{code_};
  cpu::Cpu cpu_;
  std::unique_ptr<cpu::jit::Engine> engine_;
};

} // namespace siena::random_test
