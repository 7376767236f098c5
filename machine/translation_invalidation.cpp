// SPDX-License-Identifier: BSD-3-Clause
#include "sie/translation_invalidation.h"
#include "machine/machine.h"

#include <initializer_list>

namespace siena::machine {

namespace {
using Field = TraceField;

void report(TraceSink* trace, std::string_view name, std::initializer_list<Field> fields) {
  if (TraceSink* const sink = tracing(trace, TraceCategory::Tlb))
    sink->report({.category = TraceCategory::Tlb,
                  .name = name,
                  .stamp = sink->stamp(),
                  .fields = {fields.begin(), fields.size()}});
}
} // namespace

void Machine::invalidate_leaf(u64 leaf, const mmu::TranslationScope& scope) {
  report(&trace_, "invalidate-page", {Field::hex("entry", leaf, 0)});
  sie::invalidate_leaf(interpretive_->gmap(), cpus_, leaf, scope);
}
void Machine::invalidate_table_entry(u64 entry, u64 was, const mmu::TranslationScope& scope) {
  report(&trace_, "invalidate-table", {Field::hex("entry", entry, 0), Field::hex("was", was, 0)});
  sie::invalidate_table_entry(interpretive_->gmap(), cpus_, entry, was, scope);
}
void Machine::purge_asce(u64 asce, const mmu::TranslationScope& scope) {
  report(&trace_, "purge-space", {Field::hex("asce", asce, 0)});
  sie::purge_asce(interpretive_->gmap(), cpus_, asce, scope);
}
void Machine::purge_all(const mmu::TranslationScope& scope) {
  report(&trace_, "purge-all", {});
  sie::purge_all(interpretive_->gmap(), cpus_, scope);
}
void Machine::purge_own(cpu::Cpu& cpu, const mmu::TranslationScope& scope) {
  report(&trace_, "purge", {});
  sie::purge_own(interpretive_->gmap(), cpu, scope);
}

} // namespace siena::machine
