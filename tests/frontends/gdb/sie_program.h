// SPDX-License-Identifier: BSD-3-Clause
// A SIE host and its guest with different programs at the same addresses.
#pragma once

#include "mmu/dat_walk.h"
#include "sie/state_description.h"
#include "tests/frontends/gdb/small_machine.h"

#include <cstring>

namespace siena::frontends::gdb::testing {

constexpr u64 kBlock = 0x1'0000, kGuest = 0x10'0000;
//   2000  sie 0(14)  aghi 2,1  j 2000
constexpr std::string_view kHostCode = "B214E000 A72B0001 A7F4FFFC";
//   2000  aghi 1,1  aghi 3,1  stg 1,0xf00  diag 0,0,0x44  j 2000
constexpr std::string_view kGuestCode = "A71B0001 A73B0001 E3100F000024 83000044 A7F4FFF7";

inline void put_block(machine::Machine& machine, u64 block) {
  sie::StateDescription sd{};
  sd.cpuflags = sie::cpuflags::kZarch | sie::cpuflags::kEdat2;
  sd.mso = kGuest;
  sd.msl = kGuest + 0x10'0000;
  sd.gpsw_mask = kWide;
  sd.gpsw_address = 0x2000;
  sd.cputm = u64{1} << 62;
  sd.ckc = ~u64{0};
  sd.gcr[0] = 0xE0;
  sd.gcr[6] = 0x66;
  u8 bytes[sizeof sd];
  std::memcpy(bytes, &sd, sizeof sd);
  EXPECT_TRUE(machine.storage().write({block}, bytes));
}

/// CPU 0 is to execute SIE again and again.
inline void put_sie_program(machine::Machine& machine) {
  put_code(machine, 0x2000, kHostCode);
  put_code(machine, kGuest + 0x2000, kGuestCode);
  put_block(machine, kBlock);
  start(machine, 0, 0x2000);
  cpu::Cpu& cpu = machine.cpu(0);
  cpu.gr[14] = kBlock;
  cpu.cr[1] = mmu::asce::kRealSpace;
  cpu.cr[6] = 0x11;
  cpu.controls_changed();
}

} // namespace siena::frontends::gdb::testing
