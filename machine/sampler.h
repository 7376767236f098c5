// SPDX-License-Identifier: BSD-3-Clause
// Somebody who looks at a CPU every so many of its cycles, for a profile. Sample times are multiples of the interval in each CPU's own
// time, so that a deterministic run has the same samples whenever it is repeated; looking changes nothing in it.
#pragma once

#include "cpu/cpu.h"

namespace siena::machine {

class Sampler {
 public:
  virtual ~Sampler() = default;
  /// `cpu` is at the first instruction boundary behind `times` sample times, of which all but the last fell into one instruction.
  virtual void sample(cpu::Cpu& cpu, u64 times) = 0;
  /// `times` sample times have passed while `cpu` executed nothing: it waited for an interruption.
  virtual void waited(cpu::Cpu& cpu, u64 times) = 0;
};

} // namespace siena::machine
