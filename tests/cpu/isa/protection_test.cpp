// SPDX-License-Identifier: BSD-3-Clause
#include "tests/cpu/isa/storage_program.h"

namespace siena::cpu::isa::testing {
namespace {
using PI = ProgramInterruption;

TEST(FetchProtectionOverride, LetsAnotherKeyReadTheFirst2048BytesAndStoreNothing) {
  StorageProgram p;
  p.protect(0, true);
  // The change bit is on: nothing else keeps stores from being granted with the fetch.
  p.storage->frames().set_key({0},
                              StorageProgram::kForeignKey | mmu::storage_key::kFetchProtection |
                                  mmu::storage_key::kReference | mmu::storage_key::kChange);
  p.cpu.cr[0] |= cr0::kFetchProtectionOverride;
  p.cpu.controls_changed();
  p.put(0x700, "5A");
  p.run("E310 0700 0090"); // LLGC %r1,0x700
  EXPECT_EQ(p.gr(1), 0x5Au);
  EXPECT_EQ(p.interruption("9201 0700"), PI::Protection); // MVI 0x700,1
  EXPECT_EQ(p.interruption("E310 0800 0090"), PI::Protection);
  EXPECT_EQ(p.get(0x700, 1), hex("5A"));
}

} // namespace
} // namespace siena::cpu::isa::testing
