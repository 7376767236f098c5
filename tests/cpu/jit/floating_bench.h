// SPDX-License-Identifier: BSD-3-Clause
// A CPU that runs a few floating-point instructions again and again, as translated code or by the interpreter.
#pragma once

#include "cpu/jit/engine.h"

#include <string>
#include <vector>

namespace siena::cpu::jit {

class FloatingBench {
 public:
  static constexpr u64 kCode = 0x2000, kData = 0x8000, kElsewhere = 0x10'0000;

  explicit FloatingBench(bool translated);
  /// The program; a branch to itself follows.
  void put(const std::vector<u16>& program);
  /// f1, f2, f3; %r1 and %r2 have the first two's bits, storage at %r3 has the second's twice, and %r5 and %r6 point to pages that
  /// no other run has touched.
  void set(u32 fpc, u64 f1, u64 f2, u64 f3, u8 cc);
  void go();
  /// Blocks left to the interpreter behind the first two runs.
  u64 left_to_interpreter() const;
  u64 interpreted_since() const;

  Cpu& cpu_of() { return cpu; }
  u64 stored(u64 address) const { return *storage_->load<u64>({address}); }

 private:
  static constexpr u64 kFacilities[4] = {~u64{0}, ~u64{0}, ~u64{0}, ~u64{0}};
  std::unique_ptr<mmu::AbsoluteStorage> storage_;
  isa::Decoder decoder_{kFacilities};
  timing::TodClock clock_{0};
  FloatingPending floating_;
  interpreter::CodeCache code_;
  interpreter::Interpreter interpreter_;

 public:
  Cpu cpu;

 private:
  std::unique_ptr<Engine> engine_;
  u64 runs_ = 0, interpreted_ = 0, page_ = 0;
};

/// Empty, or the first thing that two benches disagree about.
std::string difference(FloatingBench& a, FloatingBench& b);

} // namespace siena::cpu::jit
