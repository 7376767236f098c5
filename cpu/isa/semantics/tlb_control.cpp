// SPDX-License-Identifier: BSD-3-Clause
// Purges are complete on all CPUs when the instruction ends, so local clearing (M4) needs no case of its own. At level 1 a purge
// concerns guest-level translations only. Table entries are addressed as DAT addresses them (mmu/dat_walk.h), which is what makes
// an entry's address a name for the translations that came through it.
#include "cpu/isa/semantics/tlb_control.h"

#include "cpu/isa/semantics/control_checks.h"

namespace siena::cpu::isa {

namespace {

constexpr u64 kPageInvalid = 0x400, kPageProtection = 0x200, kEntryInvalid = 0x20;
constexpr u64 kPageTableOrigin = ~u64{0x7FF}, kTableOrigin = ~u64{0xFFF};

/// Address of the entry for `address` in a region or segment table; `type` 3 is region-first, 0 segment.
constexpr u64 table_entry_address(u64 origin, u64 type, u64 address, u64 further) {
  return origin + ((((address >> (20 + 11 * type)) & 0x7FF) + further) & 0x7FF) * 8;
}
constexpr u64 page_entry_address(u64 origin, u64 address) { return origin + ((address >> 12) & 0xFF) * 8; }

template <typename T>
Outcome compare_and_swap_and_purge(Cpu& cpu, RRE insn) {
  const u32 r1 = insn.r1();
  if ((r1 & 1) != 0) return cpu.recognize(ProgramInterruption::Specification);
  const LogicalAddress designation = cpu.register_address(insn.r2());
  const LogicalAddress a{designation.value & ~u64{sizeof(T) - 1}, designation.access_register};
  // Storing must be allowed even when it does not come to a store.
  if (const Outcome o = cpu.check_access(a, sizeof(T), Access::Store); o != Outcome::Completed) return o;
  const auto current = cpu.fetch<T>(a);
  if (current.outcome != Outcome::Completed) return current.outcome;
  if (current.value != static_cast<T>(cpu.gr[r1])) {
    if constexpr (sizeof(T) == 4)
      cpu.set_gr32(r1, current.value);
    else
      cpu.gr[r1] = current.value;
    cpu.psw.cc = 1;
    return Outcome::Completed;
  }
  if (const Outcome o = cpu.store<T>(a, static_cast<T>(cpu.gr[r1 + 1])); o != Outcome::Completed) return o;
  cpu.psw.cc = 0;
  // The last two bits say what is purged: 63 the TLB, 62 the ALB (which is no cache of its own here).
  if ((designation.value & 1) != 0) cpu.system().purge_all(cpu.translation_scope());
  return Outcome::CompletedLeaveBlock;
}

} // namespace

Outcome invalidate_page_table_entry(Cpu& cpu, RRF_a insn) {
  const u64 table = cpu.gr[insn.r1()] & kPageTableOrigin;
  const bool range = insn.r3() != 0 && has_facility(cpu, Facility::IpteRange);
  const u64 further = range ? cpu.gr[insn.r3()] & 0xFF : 0;
  u64& address = cpu.gr[insn.r2()];
  const u64 first = (address >> 12) & 0xFF;
  if (first + further > 0xFF) return cpu.recognize(ProgramInterruption::Specification);
  for (u64 index = first; index <= first + further; ++index) {
    const u64 entry = table + index * 8;
    const auto old = fetch_table_entry(cpu, entry);
    if (old.outcome != Outcome::Completed) return old.outcome;
    if (const Outcome o = store_table_entry(cpu, entry, old.value | kPageInvalid); o != Outcome::Completed) return o;
    cpu.system().invalidate_leaf(entry, cpu.translation_scope());
    if (range) { // the registers show how far it has come
      address = (address & ~u64{0xF'F000}) | ((index + 1) & 0xFF) << 12;
      u64& count = cpu.gr[insn.r3()];
      count = (count & ~u64{0xFF}) | ((count - 1) & 0xFF);
    }
  }
  return Outcome::CompletedLeaveBlock;
}

Outcome invalidate_dat_table_entry(Cpu& cpu, RRF_b insn) {
  constexpr u64 kClearByAsce = 0x800, kFurtherEntries = 0x7FF, kMustBeZero = 0xF'F000;
  const u64 designation = cpu.gr[insn.r2()];
  if ((designation & kMustBeZero) != 0) return cpu.recognize(ProgramInterruption::Specification);
  if ((designation & kClearByAsce) != 0) {
    cpu.system().purge_asce(cpu.gr[insn.r3()], cpu.translation_scope());
    return Outcome::CompletedLeaveBlock;
  }
  const u64 origin = cpu.gr[insn.r1()] & kTableOrigin, type = (cpu.gr[insn.r1()] & mmu::asce::kType) >> 2;
  for (u64 i = 0; i <= (designation & kFurtherEntries); ++i) {
    const u64 entry = table_entry_address(origin, type, designation, i);
    const auto old = fetch_table_entry(cpu, entry);
    if (old.outcome != Outcome::Completed) return old.outcome;
    if (const Outcome o = store_table_entry(cpu, entry, old.value | kEntryInvalid); o != Outcome::Completed) return o;
    cpu.system().invalidate_table_entry(entry, old.value, cpu.translation_scope());
    cpu.charge(1);
  }
  return Outcome::CompletedLeaveBlock;
}

Outcome compare_and_swap_and_purge_32(Cpu& cpu, RRE insn) { return compare_and_swap_and_purge<u32>(cpu, insn); }
Outcome compare_and_swap_and_purge_64(Cpu& cpu, RRE insn) { return compare_and_swap_and_purge<u64>(cpu, insn); }

// R1, R1+1: expected and new entry. R2: table origin and designation type; R2+1: an address that the entry translates.
Outcome compare_and_replace_dat_table_entry(Cpu& cpu, RRF_b insn) {
  const u32 r1 = insn.r1(), r2 = insn.r2();
  const u64 designation = (cpu.gr[r2] >> 2) & 7; // 0 page table, 4 segment table .. 7 region-first table
  if ((r1 & 1) != 0 || (r2 & 1) != 0 || (designation != 0 && designation < 4))
    return cpu.recognize(ProgramInterruption::Specification);
  const u64 address = cpu.gr[r2 + 1];
  const u64 entry = designation == 0 ? page_entry_address(cpu.gr[r2] & kPageTableOrigin, address)
                                     : table_entry_address(cpu.gr[r2] & kTableOrigin, designation - 4, address, 0);
  const auto old = fetch_table_entry(cpu, entry);
  if (old.outcome != Outcome::Completed) return old.outcome;
  if (old.value != cpu.gr[r1]) {
    cpu.gr[r1] = old.value;
    cpu.psw.cc = 1;
    return Outcome::Completed;
  }
  if (const Outcome o = store_table_entry(cpu, entry, cpu.gr[r1 + 1]); o != Outcome::Completed) return o;
  if (designation == 0)
    cpu.system().invalidate_leaf(entry, cpu.translation_scope());
  else
    cpu.system().invalidate_table_entry(entry, old.value, cpu.translation_scope());
  cpu.psw.cc = 0;
  return Outcome::CompletedLeaveBlock;
}

Outcome reset_dat_protection(Cpu& cpu, RRF_b insn) {
  const u64 entry = page_entry_address(cpu.gr[insn.r1()] & kPageTableOrigin, cpu.gr[insn.r2()]);
  const auto old = fetch_table_entry(cpu, entry);
  if (old.outcome != Outcome::Completed) return old.outcome;
  if (const Outcome o = store_table_entry(cpu, entry, old.value & ~kPageProtection); o != Outcome::Completed) return o;
  cpu.system().invalidate_leaf(entry, cpu.translation_scope());
  return Outcome::CompletedLeaveBlock;
}

Outcome purge_tlb(Cpu& cpu, S) {
  cpu.system().purge_own(cpu, cpu.translation_scope());
  return Outcome::CompletedLeaveBlock;
}

// Access-register translation is done anew at every access; nothing of it is cached.
Outcome purge_alb(Cpu&, RRE) { return Outcome::CompletedLeaveBlock; }

} // namespace siena::cpu::isa
