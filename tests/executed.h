// SPDX-License-Identifier: BSD-3-Clause
// Which instructions the tests execute. A test program that runs guest instructions notes their mnemonics here; when the variable
// SIENA_EXECUTED names a file, it is written as the program ends, one mnemonic a line. tests/rows/row_has_test.py reads these files
// and asks for each row of cpu/isa/rows whether any test ever executed it.
#pragma once

#include "cpu/isa/definition.h"

#include <cstdlib>
#include <fstream>
#include <set>
#include <string>

namespace siena::tests {

class ExecutedInstructions {
 public:
  ~ExecutedInstructions() {
    if (const char* path = std::getenv("SIENA_EXECUTED"); path != nullptr) {
      std::ofstream file(path);
      for (const std::string& mnemonic : mnemonics_) file << mnemonic << '\n';
    }
  }
  void note(const char* mnemonic) { mnemonics_.insert(mnemonic); }

 private:
  std::set<std::string> mnemonics_;
};

inline void note_executed(const char* mnemonic) {
  static ExecutedInstructions executed;
  executed.note(mnemonic);
}

/// Executes and notes it. An instruction that was refused as no instruction, or for want of privilege, was not executed.
inline cpu::Outcome execute_noted(cpu::Cpu& cpu, const cpu::isa::InstructionDef& def, cpu::isa::InsnText text) {
  const cpu::Outcome outcome = def.handler(cpu, text);
  const cpu::ProgramInterruption code = cpu.pending_program.code;
  if (outcome != cpu::Outcome::ProgramInterruption ||
      (code != cpu::ProgramInterruption::Operation && code != cpu::ProgramInterruption::PrivilegedOperation))
    note_executed(def.mnemonic);
  return outcome;
}

} // namespace siena::tests
