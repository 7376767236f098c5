// SPDX-License-Identifier: BSD-3-Clause
#include "tests/random/overflow_mask.h"

#include <string_view>

namespace siena::random_test {

namespace {

constexpr u32 kMask = 0x0800'0000, kConditionCode3 = 0x3000'0000;

bool overflows_with_cc_3(const cpu::isa::InstructionDef& def) {
  using enum cpu::isa::Operation;
  if (!def.regular) return std::string_view{def.mnemonic} == "SLDA";
  switch (def.recipe.operation) {
  case AddSigned:
  case SubtractSigned:
  case LoadPositive:
  case LoadComplement:
  case ShiftLeftSigned:
  case MultiplySingleCc: return true;
  default: return false;
  }
}

} // namespace

std::string wrong_under_overflow_mask(SienaSide& siena, const Case& c, const SienaResult& plain) {
  if (c.groups.size() != 1 || c.groups[0].definition == nullptr || (c.before.cc & kMask) != 0) return "";
  const std::string_view mnemonic = c.groups[0].definition->mnemonic;
  // These show or set the mask.
  if (mnemonic == "IPM" || mnemonic == "SPM" || mnemonic == "BALR" || mnemonic == "BAL") return "";
  Case masked = c;
  masked.before.cc |= kMask;
  const auto ended = siena.run(masked);
  if (!ended) return "does not end";
  const State& a = plain.result.after;
  const State& b = ended->result.after;
  if (a.gr != b.gr || a.fpr != b.fpr || a.ar != b.ar || plain.result.data != ended->result.data)
    return "another result";
  if ((a.cc | kMask) != b.cc) return "another condition code";
  const bool interrupted = ended->interruption == cpu::ProgramInterruption::FixedPointOverflow;
  if (!interrupted && ended->interruption != plain.interruption) return "another interruption";
  if (interrupted && (a.cc & kConditionCode3) != kConditionCode3) return "an interruption without condition code 3";
  const bool expected = plain.interruption == cpu::ProgramInterruption::None &&
                        (a.cc & kConditionCode3) == kConditionCode3 && overflows_with_cc_3(*c.groups[0].definition);
  if (expected && !interrupted) return "no interruption";
  return "";
}

} // namespace siena::random_test
