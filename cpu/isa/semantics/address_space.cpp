// SPDX-License-Identifier: BSD-3-Clause
// Address-space control and authority (PoP, Control Instructions, *SET ADDRESS SPACE CONTROL* ..). ASN translation and the
// linkage stack are not offered: SET SECONDARY ASN only knows the current primary space, and PROGRAM CALL, PROGRAM RETURN,
// PROGRAM TRANSFER, BRANCH AND STACK and their like have no row (docs/deviations.md).
#include "cpu/isa/semantics/control_checks.h"
#include "cpu/isa/semantics/psw.h"

namespace siena::cpu::isa {

namespace {

constexpr u64 kAsnTranslationControl = bit(44); // CR14

/// The instructions count the spaces otherwise than the PSW does: 0 primary, 1 secondary, 2 access register, 3 home.
constexpr AddressSpace kSpaceByCode[4] = {
    AddressSpace::Primary, AddressSpace::Secondary, AddressSpace::AccessRegister, AddressSpace::Home};

/// A space-switch event: the operation is completed, then interrupts (PoP, *Space-switch event*).
Outcome space_switch_event(Cpu& cpu) {
  ProgramDetail detail;
  detail.code = ProgramInterruption::SpaceSwitch;
  detail.teid = (cpu.cr[4] & 0xFFFF) | ((cpu.cr[1] & mmu::asce::kSpaceSwitch) != 0 ? 0x8000'0000 : 0);
  return cpu.recognize(detail);
}

} // namespace

Outcome set_address_space_control(Cpu& cpu, S insn) {
  const u64 code = (cpu.address(insn.b2(), insn.d2()).value >> 8) & 0xF;
  if (!cpu.psw.has(Psw::kDat) || (cpu.cr[0] & cr0::kSecondarySpace) == 0)
    return cpu.recognize(ProgramInterruption::SpecialOperation);
  if (code > 3) return cpu.recognize(ProgramInterruption::Specification);
  const AddressSpace from = cpu.psw.address_space(), to = kSpaceByCode[code];
  if (to == AddressSpace::Home && cpu.psw.problem_state())
    return cpu.recognize(ProgramInterruption::PrivilegedOperation);
  cpu.psw.set_field(Psw::kAddressSpace, static_cast<u64>(to) << 46);
  cpu.controls_changed();
  const bool crosses_home = (from == AddressSpace::Home) != (to == AddressSpace::Home);
  if (crosses_home && ((cpu.cr[1] | cpu.cr[13]) & mmu::asce::kSpaceSwitch) != 0) return space_switch_event(cpu);
  return Outcome::CompletedLeaveBlock;
}

Outcome insert_address_space_control(Cpu& cpu, RRE insn) {
  if (!cpu.psw.has(Psw::kDat)) return cpu.recognize(ProgramInterruption::SpecialOperation);
  if (!extraction_authorized(cpu)) return cpu.recognize(ProgramInterruption::PrivilegedOperation);
  u8 code = 0;
  while (kSpaceByCode[code] != cpu.psw.address_space()) ++code;
  u64& r1 = cpu.gr[insn.r1()];
  r1 = (r1 & ~u64{0xFF00}) | u64{code} << 8;
  cpu.psw.cc = code;
  return Outcome::Completed;
}

Outcome extract_primary_asn(Cpu& cpu, RRE insn) {
  if (!cpu.psw.has(Psw::kDat)) return cpu.recognize(ProgramInterruption::SpecialOperation);
  if (!extraction_authorized(cpu)) return cpu.recognize(ProgramInterruption::PrivilegedOperation);
  cpu.set_gr32(insn.r1(), static_cast<u32>(cpu.cr[4] & 0xFFFF));
  return Outcome::Completed;
}

Outcome extract_secondary_asn(Cpu& cpu, RRE insn) {
  if (!cpu.psw.has(Psw::kDat)) return cpu.recognize(ProgramInterruption::SpecialOperation);
  if (!extraction_authorized(cpu)) return cpu.recognize(ProgramInterruption::PrivilegedOperation);
  cpu.set_gr32(insn.r1(), static_cast<u32>(cpu.cr[3] & 0xFFFF));
  return Outcome::Completed;
}

Outcome extract_and_set_extended_authority(Cpu& cpu, RRE insn) {
  const u64 r1 = cpu.gr[insn.r1()], field = 0xFFFF'0000;
  const u64 old = cpu.cr[8] & field;
  cpu.cr[8] = (cpu.cr[8] & ~field) | (r1 & 0xFFFF) << 16;
  cpu.gr[insn.r1()] = (r1 & ~field) | old;
  cpu.controls_changed();
  return Outcome::CompletedLeaveBlock;
}

Outcome set_secondary_asn(Cpu& cpu, RRE insn) {
  if (!cpu.psw.has(Psw::kDat) || (cpu.cr[14] & kAsnTranslationControl) == 0)
    return cpu.recognize(ProgramInterruption::SpecialOperation);
  // DEVIATION: another space than the current primary one would need ASN translation.
  if ((cpu.gr[insn.r1()] & 0xFFFF) != (cpu.cr[4] & 0xFFFF)) return cpu.recognize(ProgramInterruption::SpecialOperation);
  cpu.cr[3] = (cpu.cr[3] & ~u64{0xFFFF}) | (cpu.cr[4] & 0xFFFF);
  cpu.cr[7] = cpu.cr[1];
  cpu.controls_changed();
  return Outcome::CompletedLeaveBlock;
}

} // namespace siena::cpu::isa
