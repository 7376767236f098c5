// SPDX-License-Identifier: BSD-3-Clause
// What translated code keeps beside a CPU's registers, at a fixed distance from them. Nothing in it is state of the machine: it
// means something only between the entry to translated code and the exit from it.
#pragma once

#include "base/types.h"

namespace siena::cpu {

struct EngineState {
  static constexpr unsigned kSpills = 32, kAddends = 8;
  static constexpr s32 kNoBreaking = -1;

  u64 page = 0;     ///< virtual address of the first byte of the page in execution
  u64 deadline = 0; ///< Cpu::cycles up to which instructions may begin
  s64 left = 0;     ///< at the exit: cycles to the deadline, negative when the last instruction went beyond it
  /// At the exit: cycles since the entry that are more than the instructions since then. Before, those that rows charged by themselves.
  u64 excess = 0;
  s32 breaking =
      kNoBreaking; ///< offset in `page` of the last taken branch, when Cpu::breaking_event does not have it yet

  // A condition code that is not in the PSW yet: how it follows from operands, by code that the translator numbers. 0: it is there.
  u32 cc_rule = 0;
  u64 cc_a = 0, cc_b = 0;

  u64 value = 0;        ///< room for one operand
  u64 outcome = 0;      ///< of the instruction that ended the block: cpu::Outcome
  u64 code_changed = 0; ///< counts invalidations of translated code

  u64 exit_length = 0; ///< of the instruction that ended the block
  u64 exit_link = 0;

  u64 left_half = 0xFFFF'FFFF'0000'0000; ///< a constant for generated code
  u64 spills[kSpills] = {};
  u64 addends[kAddends] = {}; ///< of pages that a block uses several times; zero: to be looked up
};

} // namespace siena::cpu
