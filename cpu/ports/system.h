// SPDX-License-Identifier: BSD-3-Clause
// What instructions ask of the machine around the CPU: other CPUs, IPL functions, identity. Implemented by machine.
#pragma once

#include "base/types.h"
#include "mmu/translation.h"

#include <optional>
#include <span>
#include <vector>

namespace siena::cpu {

class Cpu;

/// SIGNAL PROCESSOR answer: condition code, and the status word that cc 1 stores in bits 32-63 of R1.
struct SigpResult {
  u8 cc = 0;
  u32 status = 0;
};

namespace ports {

class System {
 public:
  virtual ~System() = default;

  /// SIGP (PoP, Control, *Signal-processor orders*): `parameter` is the parameter register.
  virtual SigpResult signal_processor(Cpu& from, u16 cpu_address, u8 order, u64 parameter) = 0;
  /// DIAGNOSE 0x44 and 0x9C: the rest of this CPU's quantum goes to others; `to` is the CPU address, or none.
  virtual void yield(Cpu& from, std::optional<u16> to) = 0;

  // Translation invalidation on all CPUs, complete on return. At level 0 guest 1's shadows are meant as well (sie/shadow_gmap).
  /// IPTE, RDP, CRDTE of a page-table entry: as mmu::Tlb::invalidate_leaf.
  virtual void invalidate_leaf(u64 leaf, const mmu::TranslationScope& scope) = 0;
  /// IDTE, CRDTE: the region- or segment-table entry at `entry`, addressed as a leaf is, which was `was`.
  virtual void invalidate_table_entry(u64 entry, u64 was, const mmu::TranslationScope& scope) = 0;
  virtual void purge_asce(u64 asce, const mmu::TranslationScope& scope) = 0; ///< IDTE by ASCE
  virtual void purge_all(const mmu::TranslationScope& scope) = 0;            ///< CSP, CSPG
  /// PTLB: of this CPU alone.
  virtual void purge_own(Cpu& cpu, const mmu::TranslationScope& scope) = 0;

  /// DIAGNOSE 0x308: `subcode` 0, 1, 3, 4, 7 start a reset or IPL that takes effect when the instruction ends; answers whether the
  /// subcode exists.
  virtual bool ipl_function(Cpu& from, u64 subcode) = 0;
  /// Subcode 5: the block as the guest stored it (at most 4096 bytes); answers the response code.
  virtual u16 set_ipl_block(std::span<const u8> block) = 0;
  /// Subcode 6: empty when there is none (response 0x0102).
  virtual std::vector<u8> ipl_block() const = 0;
  /// DIAGNOSE 0x288: function 0 init, 1 change, 2 cancel; false: not accepted.
  virtual bool watchdog(u32 function, u64 timeout_seconds, u64 action) = 0;
  virtual void set_control_program(u64 name_and_version) = 0; ///< DIAGNOSE 0x318

  // Identity.
  virtual u64 cpu_id(const Cpu& cpu) const = 0; ///< STIDP doubleword
  /// STSI: current level for function code 0, or a filled block; nothing when the combination is unknown (cc 3).
  virtual u8 configuration_level() const = 0;
  virtual bool system_information(const Cpu& cpu, unsigned fc, unsigned s1, unsigned s2, std::span<u8, 4096> block) = 0;
  /// STFLE doublewords, most significant bit first.
  virtual std::span<const u64> facilities() const = 0;
};

} // namespace ports
} // namespace siena::cpu
