// SPDX-License-Identifier: BSD-3-Clause
// Which address space an operand is in, and access-register translation (PoP, Program Execution, *Access-Register
// Translation*): ALET -> access-list entry -> ASN-second-table entry -> ASCE.
#include "cpu/cpu.h"

namespace siena::cpu {

Cpu::SpaceAsce Cpu::asce_of(AddressSpace space, u8 access_register) {
  switch (space) {
  case AddressSpace::Primary: return {cr[1], ProgramInterruption::None, false, 0};
  case AddressSpace::Secondary: return {cr[7], ProgramInterruption::None, false, 2};
  case AddressSpace::Home: return {cr[13], ProgramInterruption::None, false, 3};
  case AddressSpace::AccessRegister: break;
  }
  SpaceAsce result;
  result.teid_space = 1;
  // Access register 0 designates the primary space whatever it contains.
  const u32 alet = access_register == 0 ? 0 : ar[access_register];
  if (alet == 0) return {cr[1], ProgramInterruption::None, false, 1};
  if (alet == 1) return {cr[7], ProgramInterruption::None, false, 1};
  const auto fail_with = [&](ProgramInterruption code) {
    result.code = code;
    return result;
  };
  if ((alet & 0xFE00'0000) != 0) return fail_with(ProgramInterruption::AletSpecification);

  const auto real_word = [&](u64 address) -> std::optional<u32> {
    const mmu::Translation t = resolve_absolute(mmu::apply_prefix({address}, prefix).value, Access::Fetch);
    if (!t.ok()) return std::nullopt;
    return env_.storage.load<u32>(t.page + (address & ~kPageMask));
  };
  // The P bit selects the primary-space access list (its ASTE is in CR5), else the dispatchable unit's (DUCT in CR2).
  const u64 list_holder = (alet & 0x0100'0000) != 0 ? (cr[5] & 0x7FFF'FFC0) + 16 : (cr[2] & 0x7FFF'FFC0) + 16;
  const auto list = real_word(list_holder);
  if (!list) return fail_with(ProgramInterruption::Addressing);
  const u32 number = alet & 0xFFFF;
  if (number / 8 > (*list & 0x7F)) return fail_with(ProgramInterruption::Alen);
  const u64 entry = (*list & 0x7FFF'FF80) + u64{number} * 16;
  const auto e0 = real_word(entry), e2 = real_word(entry + 8), e3 = real_word(entry + 12);
  if (!e0 || !e2 || !e3) return fail_with(ProgramInterruption::Addressing);
  if ((*e0 & 0x8000'0000) != 0) return fail_with(ProgramInterruption::Alen);
  if (((*e0 ^ alet) & 0x00FF'0000) != 0) return fail_with(ProgramInterruption::AleSequence);
  const u64 second = *e2 & 0x7FFF'FFC0;
  const auto s0 = real_word(second), s2 = real_word(second + 8), s3 = real_word(second + 12),
             s5 = real_word(second + 20);
  if (!s0 || !s2 || !s3 || !s5) return fail_with(ProgramInterruption::Addressing);
  if ((*s0 & 0x8000'0000) != 0) return fail_with(ProgramInterruption::AsteValidity);
  if (*s5 != *e3) return fail_with(ProgramInterruption::AsteSequence);
  // A private entry wants the extended authorization index of CR8 to match; the authority table is not consulted
  // (docs/deviations.md: no program without an access list of its own comes here).
  if ((*e0 & 0x0100'0000) != 0 && (*e0 & 0xFFFF) != ((cr[8] >> 16) & 0xFFFF))
    return fail_with(ProgramInterruption::ExtendedAuthority);
  result.fetch_only = (*e0 & 0x0200'0000) != 0;
  result.asce = (u64{*s2} << 32) | *s3;
  return result;
}

} // namespace siena::cpu
