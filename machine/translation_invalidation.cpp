// SPDX-License-Identifier: BSD-3-Clause
#include "sie/translation_invalidation.h"
#include "machine/machine.h"

namespace siena::machine {

void Machine::invalidate_leaf(u64 leaf, const mmu::TranslationScope& scope) {
  sie::invalidate_leaf(interpretive_->gmap(), cpus_, leaf, scope);
}
void Machine::invalidate_table_entry(u64 entry, u64 was, const mmu::TranslationScope& scope) {
  sie::invalidate_table_entry(interpretive_->gmap(), cpus_, entry, was, scope);
}
void Machine::purge_asce(u64 asce, const mmu::TranslationScope& scope) {
  sie::purge_asce(interpretive_->gmap(), cpus_, asce, scope);
}
void Machine::purge_all(const mmu::TranslationScope& scope) { sie::purge_all(interpretive_->gmap(), cpus_, scope); }
void Machine::purge_own(cpu::Cpu& cpu, const mmu::TranslationScope& scope) {
  sie::purge_own(interpretive_->gmap(), cpu, scope);
}

} // namespace siena::machine
