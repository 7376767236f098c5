// SPDX-License-Identifier: BSD-3-Clause
// Modelled cycles per cost class (docs/timing-model.md). What grows with an operand is charged by the semantics.
#pragma once

#include "cpu/isa/definition.h"

namespace siena::cpu::isa {

constexpr u8 cycles_of(CostClass cost) {
  using enum CostClass;
  switch (cost) {
  case Alu:
  case AluMem:
  case Load:
  case Store:
  case Branch: return 1;
  case LoadMultiple:
  case StoreMultiple:
  case BlockMove:
  case BlockCompare: return 3;
  case Multiply:
  case Atomic:
  case Fp: return 3;
  case Divide:
  case FpDivide:
  case Decimal: return 12;
  case Control: return 4;
  case Tlb:
  case Io:
  case System: return 50;
  }
  return 1;
}

} // namespace siena::cpu::isa
