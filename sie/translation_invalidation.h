// SPDX-License-Identifier: BSD-3-Clause
// What one CPU's program invalidates is gone from every CPU before its instruction ends: the machine's CPUs take turns on one host thread, so
// nobody has to be waited for. Guest 1's shadows first, since they drop what is composed of them. `Cpus` is a range of pointers to all CPUs;
// the functions are those of cpu::ports::System.
#pragma once

#include "cpu/cpu.h"
#include "sie/shadow_gmap/gmap.h"

namespace siena::sie {

template <typename Cpus>
void invalidate_leaf(shadow_gmap::Gmap& gmap, const Cpus& cpus, u64 leaf, const mmu::TranslationScope& scope) {
  if (!scope.interpretive) gmap.invalidate_entry(leaf);
  for (const auto& c : cpus) c->tlb().invalidate_leaf(leaf, scope);
}

template <typename Cpus>
void invalidate_table_entry(
    shadow_gmap::Gmap& gmap, const Cpus& cpus, u64 entry, u64 was, const mmu::TranslationScope& scope) {
  if (!scope.interpretive) gmap.invalidate_entry(entry);
  for (const auto& c : cpus) c->tlb().invalidate_table_entry(entry, was, scope);
}

template <typename Cpus>
void purge_asce(shadow_gmap::Gmap& gmap, const Cpus& cpus, u64 asce, const mmu::TranslationScope& scope) {
  if (!scope.interpretive) gmap.invalidate_space(asce);
  for (const auto& c : cpus) c->tlb().purge_asce(asce, scope);
}

template <typename Cpus>
void purge_all(shadow_gmap::Gmap& gmap, const Cpus& cpus, const mmu::TranslationScope& scope) {
  if (!scope.interpretive) gmap.purge();
  for (const auto& c : cpus) c->tlb().purge(scope);
}

inline void purge_own(shadow_gmap::Gmap& gmap, cpu::Cpu& cpu, const mmu::TranslationScope& scope) {
  if (!scope.interpretive) gmap.purge();
  cpu.tlb().purge(scope);
}

} // namespace siena::sie
