// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/isa/semantics/translation.h"

#include "cpu/isa/semantics/control_checks.h"

namespace siena::cpu::isa {

namespace {

bool is_translation_exception(ProgramInterruption code) {
  switch (code) {
  case ProgramInterruption::SegmentTranslation:
  case ProgramInterruption::PageTranslation:
  case ProgramInterruption::AsceType:
  case ProgramInterruption::RegionFirstTranslation:
  case ProgramInterruption::RegionSecondTranslation:
  case ProgramInterruption::RegionThirdTranslation:
  case ProgramInterruption::AletSpecification:
  case ProgramInterruption::Alen:
  case ProgramInterruption::AleSequence:
  case ProgramInterruption::AsteValidity:
  case ProgramInterruption::AsteSequence:
  case ProgramInterruption::ExtendedAuthority: return true;
  default: return false;
  }
}

/// Translates by the PSW's space whether or not DAT is on, without protection. `arrived`: there is a real address, even if
/// nothing in main storage has it.
struct RealOf {
  Cpu::Resolved resolved;
  bool arrived = false;
};
RealOf real_of(Cpu& cpu, LogicalAddress a) {
  const AddressSpace space = cpu.psw.address_space();
  RealOf result{cpu.resolve(a, Access::Fetch, {space, 0, true}), false};
  const mmu::Translation& t = result.resolved.translation;
  const bool at_the_end = t.leaf != 0 || (cpu.asce_of(space, a.access_register).asce & mmu::asce::kRealSpace) != 0;
  const bool not_in_storage = t.owner == mmu::Owner::SieHost || t.fault == mmu::fault::kAddressing;
  result.arrived = t.ok() || (not_in_storage && at_the_end);
  return result;
}

/// CC: 0 real address; 1 segment-table entry invalid, 2 page-table entry invalid (address of the entry); 3 anything else (the
/// exception's code).
Outcome load_real(Cpu& cpu, u32 r1, LogicalAddress a, bool wide) {
  const RealOf r = real_of(cpu, a);
  const auto put = [&](u64 value) {
    if (wide)
      cpu.gr[r1] = value;
    else
      cpu.set_gr32(r1, static_cast<u32>(value));
  };
  const auto fits = [&](u64 value) { return wide || value <= 0x7FFF'FFFF; };
  if (r.arrived) {
    if (!fits(r.resolved.real.value)) return cpu.recognize(ProgramInterruption::SpecialOperation);
    put(r.resolved.real.value);
    cpu.psw.cc = 0;
    return Outcome::Completed;
  }
  const ProgramInterruption code = r.resolved.detail.code;
  const mmu::Translation& t = r.resolved.translation;
  if (t.owner == mmu::Owner::SieHost || !is_translation_exception(code)) return cpu.fail(r.resolved);
  const bool segment = code == ProgramInterruption::SegmentTranslation,
             page = code == ProgramInterruption::PageTranslation;
  if ((segment || page) && t.leaf != 0 && fits(t.leaf)) {
    put(t.leaf);
    cpu.psw.cc = segment ? 1 : 2;
  } else {
    cpu.set_gr32(r1, 0x8000'0000 | static_cast<u32>(code));
    cpu.psw.cc = 3;
  }
  return Outcome::Completed;
}

constexpr AccessMode real_mode(u8 key) { return {AddressSpace::Primary, key, false}; }

} // namespace

Outcome load_real_address(Cpu& cpu, RX_a insn) {
  return load_real(cpu, insn.r1(), cpu.address(insn.b2(), insn.d2(), insn.x2()), cpu.psw.has(Psw::kExtendedAddressing));
}
Outcome load_real_address_y(Cpu& cpu, RXY_a insn) {
  return load_real(cpu, insn.r1(), cpu.address(insn.b2(), insn.d2(), insn.x2()), cpu.psw.has(Psw::kExtendedAddressing));
}
Outcome load_real_address_64(Cpu& cpu, RXY_a insn) {
  return load_real(cpu, insn.r1(), cpu.address(insn.b2(), insn.d2(), insn.x2()), true);
}

Outcome store_real_address(Cpu& cpu, SSE insn) {
  const LogicalAddress to = cpu.address(insn.b1(), insn.d1());
  if (misaligned(to, 8)) return cpu.recognize(ProgramInterruption::Specification);
  const RealOf r = real_of(cpu, cpu.address(insn.b2(), insn.d2()));
  if (!r.arrived) return cpu.fail(r.resolved);
  return cpu.store<u64>(to, r.resolved.real.value);
}

// CC: 0 fetching and storing permitted, 1 fetching only, 2 neither, 3 no translation.
Outcome test_protection(Cpu& cpu, SSE insn) {
  const LogicalAddress a = cpu.address(insn.b1(), insn.d1());
  AccessMode mode = cpu.current_mode();
  mode.key = static_cast<u8>(cpu.address(insn.b2(), insn.d2()).value & 0xF0);
  u8 cc = 2;
  for (const Access access : {Access::Fetch, Access::Store}) {
    const auto r = cpu.resolve(a, access, mode);
    if (r.translation.ok()) {
      cc = access == Access::Fetch ? 1 : 0;
      continue;
    }
    // What the SIE host's tables do not provide is for the SIE host's program to find out.
    if (r.translation.owner == mmu::Owner::SieHost)
      return cpu.environment().interpretive->intercept(cpu, insn.text.text_only());
    if (is_translation_exception(r.detail.code))
      cc = 3;
    else if (r.detail.code != ProgramInterruption::Protection)
      return cpu.fail(r);
    break;
  }
  cpu.psw.cc = cc;
  return Outcome::Completed;
}

namespace {

template <typename T>
Outcome load_using_real_address(Cpu& cpu, RRE insn) {
  const LogicalAddress a = cpu.register_address(insn.r2());
  if (misaligned(a, sizeof(T))) return cpu.recognize(ProgramInterruption::Specification);
  u8 bytes[sizeof(T)];
  if (const Outcome o = cpu.fetch_bytes(a, bytes, real_mode(cpu.psw.key())); o != Outcome::Completed) return o;
  if constexpr (sizeof(T) == 4)
    cpu.set_gr32(insn.r1(), load_big<u32>(bytes));
  else
    cpu.gr[insn.r1()] = load_big<u64>(bytes);
  return Outcome::Completed;
}

template <typename T>
Outcome store_using_real_address(Cpu& cpu, RRE insn) {
  constexpr u64 kStoreUsingRealAddressEvent = 0x0800'0000; // CR9
  const LogicalAddress a = cpu.register_address(insn.r2());
  if (misaligned(a, sizeof(T))) return cpu.recognize(ProgramInterruption::Specification);
  u8 bytes[sizeof(T)];
  store_big(bytes, static_cast<T>(cpu.gr[insn.r1()]));
  const Outcome o = cpu.store_bytes(a, bytes, real_mode(cpu.psw.key()));
  if (o == Outcome::Completed && cpu.per_active() && (cpu.cr[9] & kStoreUsingRealAddressEvent) != 0)
    cpu.pending_per.code |= 0x08;
  return o;
}

} // namespace

Outcome load_using_real_address_32(Cpu& cpu, RRE insn) { return load_using_real_address<u32>(cpu, insn); }
Outcome load_using_real_address_64(Cpu& cpu, RRE insn) { return load_using_real_address<u64>(cpu, insn); }
Outcome store_using_real_address_32(Cpu& cpu, RRE insn) { return store_using_real_address<u32>(cpu, insn); }
Outcome store_using_real_address_64(Cpu& cpu, RRE insn) { return store_using_real_address<u64>(cpu, insn); }

} // namespace siena::cpu::isa
