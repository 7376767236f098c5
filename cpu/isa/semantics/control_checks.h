// SPDX-License-Identifier: BSD-3-Clause
// Checks that many control instructions share: operand boundaries, authority of the problem state, and guest-absolute storage
// for translation tables and frames (PoP, Control Instructions).
#pragma once

#include "cpu/isa/definition.h"

namespace siena::cpu::isa {

/// The operand is not on a boundary of `alignment` bytes (a power of two).
constexpr bool misaligned(LogicalAddress a, u64 alignment) { return (a.value & (alignment - 1)) != 0; }

/// The problem state may use an access key only when the PSW-key mask (CR3 bits 32-47) has its bit; the supervisor state any.
/// `key` is in the high nibble.
inline bool key_authorized(const Cpu& cpu, u8 key) {
  return !cpu.psw.problem_state() || ((cpu.cr[3] >> (31 - (key >> 4))) & 1) != 0;
}

/// IAC, IPK, IVSK, EPAR, ESAR: the problem state needs the extraction-authority control.
inline bool extraction_authorized(const Cpu& cpu) {
  return !cpu.psw.problem_state() || (cpu.cr[0] & cr0::kExtractionAuthority) != 0;
}

bool has_facility(Cpu& cpu, Facility facility);

/// Ends the instruction for a translation that failed, whoever owns the failure.
Outcome translation_failed(Cpu& cpu, const mmu::Translation& t);

/// Absolute address in the machine's storage of the frame that holds this guest-absolute address.
Fetched<AbsoluteAddress> frame_at_absolute(Cpu& cpu, u64 guest_absolute, Access access);
inline Fetched<AbsoluteAddress> frame_at_real(Cpu& cpu, RealAddress real, Access access) {
  return frame_at_absolute(cpu, mmu::apply_prefix(real, cpu.prefix).value, access);
}

// Translation-table entries. Their addresses are taken as absolute, as DAT does (mmu/dat_walk.h).
Fetched<u64> fetch_table_entry(Cpu& cpu, u64 guest_absolute);
Outcome store_table_entry(Cpu& cpu, u64 guest_absolute, u64 value);

} // namespace siena::cpu::isa
