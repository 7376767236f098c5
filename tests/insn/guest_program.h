// SPDX-License-Identifier: BSD-3-Clause
// A program of a few instructions on a machine that a test may choose: guest 1 itself or a guest under SIE, each with and without
// dynamic address translation. Whichever it is, the program sees one megabyte of main storage, prefix 0, all facilities, and is
// run by the interpreter's own loop; so one expectation serves all of them, and a difference between them is a hole in SIE.
#pragma once

#include "tests/insn/case_file.h"

#include <memory>
#include <span>

namespace siena::insn {

struct Level {
  const char* name;
  bool interpretive;   ///< under SIE
  bool sie_host_paged; ///< the SIE host's tables map the guest's storage page by page; else it is one contiguous block
  bool dat;            ///< the program's own DAT is on, virtual equals real
};

inline constexpr Level kLevels[] = {
    {"guest_1", false, false, false},
    {"guest_1_dat", false, false, true},
    {"guest_2", true, false, false},
    {"guest_2_paged_dat", true, true, true},
};

class GuestProgram {
 public:
  static constexpr u64 kStorageSize = 1 << 20;
  static constexpr u64 kStart = 0x1000;
  /// Where the tables are when DAT is on; programs leave this page alone.
  static constexpr u64 kTables = 0xF'0000;

  explicit GuestProgram(const Level& level);
  ~GuestProgram();

  /// 64-bit mode, supervisor state, and in each register a value of its own.
  static GuestRegisters initial_registers();

  void put(u64 address, std::span<const u8> bytes);
  /// All of the program's main storage.
  std::span<const u8> storage() const;

  struct End {
    GuestRegisters registers;             ///< after the interruption, those of its old PSW
    std::optional<u16> program;           ///< program-interruption code, when there was an interruption
    u16 ilc = 0;                          ///< stored with it
    u32 data_exception_code = 0;          ///< stored with it
    std::optional<unsigned> interception; ///< SIE ended, which no program of ours should cause
  };
  /// Executes `instructions` instructions from the PSW's address, or up to the first program interruption.
  End run(const GuestRegisters& registers, unsigned instructions);

 private:
  class Machine;
  class FirstLevel;
  class SecondLevel;
  Level level_;
  std::unique_ptr<Machine> machine_;
};

} // namespace siena::insn
