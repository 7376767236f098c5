// SPDX-License-Identifier: BSD-3-Clause
// A machine's answers to its CPUs, without a machine: invalidations reach the CPUs and the shadows, everything else is refused.
#pragma once

#include "cpu/cpu.h"
#include "sie/translation_invalidation.h"

namespace siena::sie::testing {

class FakeSystem final : public cpu::ports::System {
 public:
  std::vector<cpu::Cpu*> cpus;
  std::vector<u64> words = {~u64{0}, ~bit(73 - 64), ~u64{0}, ~u64{0}}; ///< without transactional execution

  cpu::SigpResult signal_processor(cpu::Cpu&, u16, u8, u64) override { return {}; }
  void yield(cpu::Cpu&, std::optional<u16>) override {}
  shadow_gmap::Gmap* gmap = nullptr;

  void invalidate_leaf(u64 leaf, const mmu::TranslationScope& scope) override {
    sie::invalidate_leaf(*gmap, cpus, leaf, scope);
  }
  void invalidate_table_entry(u64 entry, u64 was, const mmu::TranslationScope& scope) override {
    sie::invalidate_table_entry(*gmap, cpus, entry, was, scope);
  }
  void purge_asce(u64 asce, const mmu::TranslationScope& scope) override { sie::purge_asce(*gmap, cpus, asce, scope); }
  void purge_all(const mmu::TranslationScope& scope) override { sie::purge_all(*gmap, cpus, scope); }
  void purge_own(cpu::Cpu& cpu, const mmu::TranslationScope& scope) override { sie::purge_own(*gmap, cpu, scope); }
  bool ipl_function(cpu::Cpu&, u64) override { return false; }
  u16 set_ipl_block(std::span<const u8>) override { return 0; }
  std::vector<u8> ipl_block() const override { return {}; }
  bool watchdog(u32, u64, u64) override { return false; }
  void set_control_program(u64) override {}
  u64 cpu_id(const cpu::Cpu&) const override { return 0; }
  u8 configuration_level() const override { return 3; }
  bool system_information(const cpu::Cpu&, unsigned, unsigned, unsigned, std::span<u8, 4096>) override { return false; }
  std::span<const u64> facilities() const override { return words; }
};

} // namespace siena::sie::testing
