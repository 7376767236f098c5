// SPDX-License-Identifier: BSD-3-Clause
// One line of tests/insn/*/*.txt: what the machine is before, the instructions, and what of it is different afterwards.
//
//     what it shows | before | assembly | after | hex
//
// before and after are words; numbers are hexadecimal, but for register numbers and `am`:
//     r3=ff       general register       f3=, a3=, fpc=    floating-point register, access register, FPC
//     [2000]=0a0b bytes of storage       cc=, pm=          condition code, program mask
//     am=31       addressing mode        pc=               address of the first, of the next instruction
//     problem     (before) in the problem state
//     program=8   (after) ended in this program interruption; then ilc= and dxc= are what was stored with it, and pc= is the old
//                 PSW's address
// What `after` does not name must be as it was before: every register, every byte of storage. The last column is written by
// tests/insn/assemble.
#pragma once

#include "base/types.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace siena::insn {

using Bytes = std::vector<u8>;

/// What a program sees of its CPU.
struct GuestRegisters {
  std::array<u64, 16> gr{}, fpr{};
  std::array<u32, 16> ar{};
  u32 fpc = 0;
  u64 psw_mask = 0; ///< without the condition code
  u64 psw_address = 0;
  u8 cc = 0;
};

struct Words {
  std::map<unsigned, u64> gr, fpr;
  std::map<unsigned, u32> ar;
  std::map<u64, Bytes> storage;
  std::optional<u32> fpc;
  std::optional<u8> cc, program_mask, ilc, dxc;
  std::optional<u16> program;
  std::optional<u64> pc;
  std::optional<unsigned> addressing;
  bool problem = false;
};

struct Case {
  std::string file; ///< below tests/insn
  int line = 0;
  std::string shows, assembly;
  Words before, after;
  Bytes text;
};

struct CaseFile {
  std::vector<Case> cases;
  std::vector<std::string> errors; ///< lines that could not be read, each with its place
};

/// Reads every *.txt below `folder`; the order is that of the names and lines.
CaseFile read_cases(const std::string& folder);
/// Reads one line into `into`; answers what is wrong with it, or an empty string.
std::string parse_case(const std::string& line, Case& into);

} // namespace siena::insn
