// SPDX-License-Identifier: BSD-3-Clause
// Who has called what a CPU executes, as far as its registers and storage tell: the s390x ELF ABI's back chain, which Linux is
// compiled with (-mbackchain) and user programs are not.
#pragma once

#include "cpu/cpu.h"

#include <vector>

namespace siena::frontends::profile {

struct CallChain {
  /// Where general register 14 returns to, if what is in front of that is a call; else 0. In a function that has not saved it (yet),
  /// or has restored it, that is the caller, which the back chain does not know. Elsewhere it is in the function itself.
  u64 link = 0;
  /// Return addresses from the stack, the innermost first: that of the function in execution if it has a frame of its own.
  std::vector<u64> returns;
};

constexpr std::size_t kLongestChain = 48;

/// Looks at storage through the CPU's translation, without a trace in it.
CallChain call_chain(cpu::Cpu& cpu);

} // namespace siena::frontends::profile
