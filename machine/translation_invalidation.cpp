// SPDX-License-Identifier: BSD-3-Clause
// What one CPU's program invalidates is gone from every CPU before its instruction ends: the machine's CPUs take turns on one host thread, so
// nobody has to be waited for. Guest 1's shadows first, since they drop what is composed of them.
#include "machine/machine.h"

namespace siena::machine {

void Machine::invalidate_leaf(u64 leaf, const mmu::TranslationScope& scope) {
  if (!scope.interpretive) interpretive_->gmap().invalidate_entry(leaf);
  for (auto& c : cpus_) c->tlb().invalidate_leaf(leaf, scope);
}

void Machine::invalidate_table_entry(u64 entry, const mmu::TranslationScope& scope) {
  if (!scope.interpretive) interpretive_->gmap().invalidate_entry(entry);
  for (auto& c : cpus_) {
    if (scope.interpretive)
      c->tlb().purge(scope);
    else
      c->tlb().purge_uncomposed(); // contexts keep leaf entries, not what led there
  }
}

void Machine::purge_asce(u64 asce, const mmu::TranslationScope& scope) {
  if (!scope.interpretive) interpretive_->gmap().invalidate_space(asce);
  for (auto& c : cpus_) c->tlb().purge_asce(asce, scope);
}

void Machine::purge_all(const mmu::TranslationScope& scope) {
  if (!scope.interpretive) interpretive_->gmap().purge();
  for (auto& c : cpus_) c->tlb().purge(scope);
}

void Machine::purge_own(cpu::Cpu& cpu, const mmu::TranslationScope& scope) {
  if (!scope.interpretive) interpretive_->gmap().purge();
  cpu.tlb().purge(scope);
}

} // namespace siena::machine
