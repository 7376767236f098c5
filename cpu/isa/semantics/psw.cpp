// SPDX-License-Identifier: BSD-3-Clause
// A PSW is loaded as it is; the run loop recognises an early specification exception for an invalid one (PoP, Interruptions,
// *Exceptions associated with the PSW*). Whatever may enable an interruption leaves the block, so that it is taken at once.
#include "cpu/isa/semantics/psw.h"

#include "cpu/isa/semantics/control_checks.h"

namespace siena::cpu::isa {

namespace {

constexpr u64 kSystemMask = 0xFF00'0000'0000'0000;

/// LPSW and LPSWE are breaking events; LPSWEY, made to restore the breaking-event-address register, is not.
void note_breaking_event(Cpu& cpu, u8 text_length) { cpu.breaking_event = cpu.psw.address - cpu.ilc_of(text_length); }

Outcome load_long_psw(Cpu& cpu, LogicalAddress a, bool breaking, u8 text_length) {
  if (misaligned(a, 8)) return cpu.recognize(ProgramInterruption::Specification);
  u8 bytes[16];
  if (const Outcome o = cpu.fetch_bytes(a, bytes); o != Outcome::Completed) return o;
  if (breaking) note_breaking_event(cpu, text_length);
  cpu.load_psw(load_big<u64>(bytes), load_big<u64>(bytes + 8));
  return Outcome::CompletedLeaveBlock;
}

/// Masking interruptions off changes nothing that anybody must look at again, and Linux does it all the time.
Outcome replace_system_mask(Cpu& cpu, u8 mask) {
  constexpr u64 kTranslation = Psw::kPer | Psw::kDat;
  const u64 old = cpu.psw.mask;
  cpu.psw.set_field(kSystemMask, static_cast<u64>(mask) << 56);
  const bool translates_otherwise = ((old ^ cpu.psw.mask) & kTranslation) != 0;
  if (translates_otherwise) cpu.controls_changed();
  // The early specification exception of a bad system mask has this instruction's length, unlike a loaded PSW's.
  if (!cpu.psw.valid()) return cpu.recognize(ProgramInterruption::Specification);
  const u64 turned_on = cpu.psw.mask & ~old;
  return translates_otherwise || turned_on != 0 ? Outcome::CompletedLeaveBlock : Outcome::Completed;
}

/// The instruction itself must be addressable in the mode it sets.
Outcome set_addressing_mode(Cpu& cpu, u64 mode_bits, u8 text_length) {
  Psw next = cpu.psw;
  next.set_field(Psw::kExtendedAddressing | Psw::kBasicAddressing, mode_bits);
  const u64 own = cpu.psw.address - cpu.ilc_of(text_length);
  if ((own & ~next.address_mask()) != 0) return cpu.recognize(ProgramInterruption::Specification);
  next.address &= next.address_mask();
  cpu.psw = next;
  cpu.controls_changed();
  return Outcome::CompletedLeaveBlock;
}

} // namespace

Outcome load_psw(Cpu& cpu, S insn) {
  const LogicalAddress a = cpu.address(insn.b2(), insn.d2());
  if (misaligned(a, 8)) return cpu.recognize(ProgramInterruption::Specification);
  const auto word = cpu.fetch<u64>(a);
  if (word.outcome != Outcome::Completed) return word.outcome;
  // The short format has bit 12 inverted, and 31 address bits in its second half.
  if ((word.value & bit(12)) == 0) return cpu.recognize(ProgramInterruption::Specification);
  note_breaking_event(cpu, insn.text.length());
  cpu.load_psw((word.value ^ bit(12)) & 0xFFFF'FFFF'8000'0000, word.value & 0x7FFF'FFFF);
  return Outcome::CompletedLeaveBlock;
}

Outcome load_psw_extended(Cpu& cpu, S insn) {
  return load_long_psw(cpu, cpu.address(insn.b2(), insn.d2()), true, insn.text.length());
}

Outcome load_psw_extended_y(Cpu& cpu, SIY insn) {
  return load_long_psw(cpu, cpu.address(insn.b1(), insn.d1()), false, insn.text.length());
}

Outcome load_bear(Cpu& cpu, S insn) {
  const LogicalAddress a = cpu.address(insn.b2(), insn.d2());
  if (misaligned(a, 8)) return cpu.recognize(ProgramInterruption::Specification);
  const auto value = cpu.fetch<u64>(a);
  if (value.outcome == Outcome::Completed) cpu.breaking_event = value.value;
  return value.outcome;
}

Outcome store_bear(Cpu& cpu, S insn) {
  const LogicalAddress a = cpu.address(insn.b2(), insn.d2());
  if (misaligned(a, 8)) return cpu.recognize(ProgramInterruption::Specification);
  return cpu.store<u64>(a, cpu.breaking_event);
}

Outcome set_system_mask(Cpu& cpu, S insn) {
  if ((cpu.cr[0] & cr0::kSsmSuppression) != 0) return cpu.recognize(ProgramInterruption::SpecialOperation);
  const auto mask = cpu.fetch<u8>(cpu.address(insn.b2(), insn.d2()));
  if (mask.outcome != Outcome::Completed) return mask.outcome;
  return replace_system_mask(cpu, mask.value);
}

Outcome store_then_and_system_mask(Cpu& cpu, SI insn) {
  const auto old = static_cast<u8>(cpu.psw.mask >> 56);
  if (const Outcome o = cpu.store<u8>(cpu.address(insn.b1(), insn.d1()), old); o != Outcome::Completed) return o;
  return replace_system_mask(cpu, static_cast<u8>(old & insn.i2()));
}

Outcome store_then_or_system_mask(Cpu& cpu, SI insn) {
  const auto old = static_cast<u8>(cpu.psw.mask >> 56);
  if (const Outcome o = cpu.store<u8>(cpu.address(insn.b1(), insn.d1()), old); o != Outcome::Completed) return o;
  return replace_system_mask(cpu, static_cast<u8>(old | insn.i2()));
}

Outcome set_psw_key_from_address(Cpu& cpu, S insn) {
  const auto key = static_cast<u8>(cpu.address(insn.b2(), insn.d2()).value & 0xF0);
  if (!key_authorized(cpu, key)) return cpu.recognize(ProgramInterruption::PrivilegedOperation);
  if (key != cpu.psw.key()) {
    cpu.psw.set_field(Psw::kKey, static_cast<u64>(key) << 48);
    cpu.controls_changed();
  }
  return Outcome::Completed;
}

Outcome insert_psw_key(Cpu& cpu, S) {
  if (!extraction_authorized(cpu)) return cpu.recognize(ProgramInterruption::PrivilegedOperation);
  cpu.gr[2] = (cpu.gr[2] & ~u64{0xFF}) | cpu.psw.key();
  return Outcome::Completed;
}

Outcome extract_psw(Cpu& cpu, RRE insn) {
  const u64 mask = cpu.psw.packed_mask();
  cpu.set_gr32(insn.r1(), static_cast<u32>(mask >> 32));
  if (insn.r2() != 0) cpu.set_gr32(insn.r2(), static_cast<u32>(mask));
  return Outcome::Completed;
}

Outcome set_addressing_mode_24(Cpu& cpu, E insn) { return set_addressing_mode(cpu, 0, insn.text.length()); }

Outcome set_addressing_mode_31(Cpu& cpu, E insn) {
  return set_addressing_mode(cpu, Psw::kBasicAddressing, insn.text.length());
}

Outcome set_addressing_mode_64(Cpu& cpu, E insn) {
  return set_addressing_mode(cpu, Psw::kExtendedAddressing | Psw::kBasicAddressing, insn.text.length());
}

Outcome test_addressing_mode(Cpu& cpu, E) {
  cpu.psw.cc = cpu.psw.has(Psw::kExtendedAddressing) ? 3 : cpu.psw.has(Psw::kBasicAddressing) ? 1 : 0;
  return Outcome::Completed;
}

Outcome supervisor_call(Cpu& cpu, I insn) {
  cpu.present_supervisor_call(static_cast<u8>(insn.i()), cpu.ilc_of(insn.text.length()));
  return Outcome::CompletedLeaveBlock;
}

Outcome monitor_call(Cpu& cpu, SI insn) {
  const u32 monitor_class = insn.i2();
  if (monitor_class > 15) return cpu.recognize(ProgramInterruption::Specification);
  if ((cpu.cr[8] & (u64{0x8000} >> monitor_class)) == 0) return Outcome::Completed;
  ProgramDetail detail;
  detail.code = ProgramInterruption::Monitor;
  detail.monitor_class = static_cast<u16>(monitor_class);
  detail.monitor_code = cpu.address(insn.b1(), insn.d1()).value;
  return cpu.recognize(detail);
}

Outcome load_program_parameter(Cpu& cpu, S insn) {
  const LogicalAddress a = cpu.address(insn.b2(), insn.d2());
  if (misaligned(a, 8)) return cpu.recognize(ProgramInterruption::Specification);
  const auto value = cpu.fetch<u64>(a);
  if (value.outcome == Outcome::Completed) cpu.program_parameter = value.value;
  return value.outcome;
}

} // namespace siena::cpu::isa
