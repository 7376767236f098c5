// SPDX-License-Identifier: BSD-3-Clause
// What the CPU and its run loop ask of interpretive execution (START INTERPRETIVE EXECUTION, B214). Implemented by sie.
#pragma once

#include "base/types.h"
#include "cpu/ports/outcome.h"

#include <optional>

namespace siena::cpu {

class Cpu;

/// When an instruction is not simply executed at level 1 (docs/sie.md; facts 2.4). Part of the instruction's row.
struct SieRule {
  enum class Kind : u8 { Interpreted, Always, When, Unless, Custom };
  Kind kind = Kind::Interpreted;
  u32 control = 0; ///< When, Unless: mask in the interception controls (ictl); Custom: a CustomSieRule
  bool operator==(const SieRule&) const = default;
};

/// Custom rules by name; the port knows what each looks at.
enum class CustomSieRule : u32 {
  SupervisorCall,     ///< svcc
  LoadControl,        ///< lctl, register range in the text
  SignalProcessor,    ///< SIGPI, SRSI
  LoadPsw,            ///< ictl, keyless subset, wait
  KeyInstruction,     ///< ISKE, SSKE, RRBE, IRBM, RRBM: keyless subset, ictl, SKEY
  FrameManagement,    ///< PFMF
  SetAddressSpaceKey, ///< SPKA under the keyless subset
  StoreFacilityList,  ///< STFLE: facility-list designation
  TimingFacility,     ///< PTFF: queries interpreted, controls intercepted
  MovePage,           ///< MVPG
  StorageAttributes,  ///< ESSA
  PerformTopology,    ///< PTF
  AdjunctProcessor,   ///< PQAP, NQAP, DQAP
  InterlockedTable,   ///< IPTE, IDTE, CSP, CSPG, CRDTE: SCA interlock, ictl
  CompareAndSwap,     ///< CS, CDS families: interception after CC 1 (after_condition_1; `before` is not asked)
  TestAndSet,         ///< likewise
  OperationException, ///< not a row's rule: a text that is no instruction (Cpu::operation_exception)
};

/// One operation on the storage key of a page, as key instructions want it.
struct KeyOperation {
  enum class Kind : u8 { Insert, Set, ResetReference };
  Kind kind = Kind::Insert;
  u8 key = 0;      ///< Set: the new key
  u8 compared = 0; ///< Set: the key stays as it is when it agrees in these bits; 0: it is set whatever it was
  constexpr bool sets(u8 old) const { return compared == 0 || ((old ^ key) & compared) != 0; }
};

namespace ports {

class InterpretiveExecution {
 public:
  virtual ~InterpretiveExecution() = default;

  /// SIE itself, executed at level 0: privilege has been checked. CompletedLeaveBlock: the CPU is now at level 1, or an
  /// interception at entry has already ended it and the PSW designates the next instruction.
  virtual Outcome start(Cpu& cpu, u64 operand) = 0;

  // The rest is called only while the CPU is at level 1.

  /// Before any operand is accessed, after the privilege check. `text` is the left-aligned instruction text. How the instruction has
  /// ended: the port has executed it, or something is in its way. Nothing: execute it.
  virtual std::optional<Outcome> before(Cpu& cpu, u64 text, SieRule rule) = 0;
  /// Records an instruction interception; what it answers ends the instruction.
  virtual Outcome intercept(Cpu& cpu, u64 text) = 0;
  /// Does `operation` on the guest's key of the page at `guest_absolute`, for the instruction `text`; `old` is the key as it
  /// was. An outcome other than Completed ends the instruction, nothing has been done then.
  virtual Outcome storage_key(Cpu& cpu, u64 text, u64 guest_absolute, KeyOperation operation, u8& old) = 0;
  /// After an instruction with an InterlockedTable rule has been executed, however it ended: releases the interlock.
  virtual void after_interlocked(Cpu& cpu) = 0;
  /// After an instruction with rule CompareAndSwap or TestAndSet has set condition code 1: Completed, or Interception.
  virtual Outcome after_condition_1(Cpu& cpu, u64 text) = 0;
  /// The CPU has recognised a program interruption of the guest (`ilc` 0: an early specification exception): presents it, or
  /// ends interpretation. Always leaves a consistent CPU.
  virtual void program_interruption(Cpu& cpu, u8 ilc) = 0;
  /// An instruction ended with Outcome::Interception or SieHostInterruption: back to level 0.
  virtual void leave(Cpu& cpu, Outcome why, u8 ilc) = 0;
  /// Looks at interventions, timers and pending interruptions of host and guest, in that order (facts 3.1), at an instruction
  /// boundary. False: something happened (back at level 0, or an interruption was presented), look at everything again.
  virtual bool checkpoint(Cpu& cpu) = 0;
  /// Virtual time at which the SIE host's clock comparator or CPU timer could become pending; ~0 when never. (The guest's
  /// own are Cpu::timer_deadline.)
  virtual u64 deadline(const Cpu& cpu) const = 0;
  /// Ends interpretation at an instruction boundary as a SIE-host interruption does: the state description is stored, the PSW
  /// designates SIE again, nothing is presented. For whatever needs the CPU at level 0: stop, restart, store status, snapshots.
  virtual void suspend(Cpu& cpu) = 0;
  /// A reset: level 0 without storing anything; the registers of the SIE host are lost.
  virtual void abandon(Cpu& cpu) = 0;
};

} // namespace ports
} // namespace siena::cpu
