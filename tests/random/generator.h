// SPDX-License-Identifier: BSD-3-Clause
// Draws whole cases: which instructions, in which shape of program, on which registers and data.
#pragma once

#include "tests/random/known_differences.h"
#include "tests/random/program.h"

namespace siena::random_test {

class Generator {
 public:
  /// Rows that `differences` leaves out are never drawn, and those whose difference is not an ending's only alone. `only`: just
  /// these mnemonics, unless empty.
  Generator(const KnownDifferences& differences, const std::vector<std::string>& only);

  /// The same case for the same seed, always.
  Case draw(u64 seed) const;
  std::size_t instruction_count() const { return alone_.size(); }

 private:
  std::vector<const cpu::isa::InstructionDef*> alone_, together_, executable_, execute_;
};

} // namespace siena::random_test
