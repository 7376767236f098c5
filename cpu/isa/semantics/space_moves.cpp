// SPDX-License-Identifier: BSD-3-Clause
// The whole operand is fetched before any of it is stored, and a store happens whole or not at all: each of these instructions can
// end in an access exception with nothing changed.
#include "cpu/isa/semantics/space_moves.h"

#include "cpu/isa/semantics/control_checks.h"

#include <algorithm>

namespace siena::cpu::isa {

namespace {

constexpr u64 kMost = 4096;

Outcome move(Cpu& cpu,
             LogicalAddress to,
             const AccessMode& to_mode,
             LogicalAddress from,
             const AccessMode& from_mode,
             u64 length) {
  u8 bytes[kMost];
  const auto operand = std::span(bytes).first(length);
  if (const Outcome o = cpu.fetch_bytes(from, operand, from_mode); o != Outcome::Completed) return o;
  cpu.charge(length / 64);
  return cpu.store_bytes(to, operand, to_mode);
}

/// Length in a register: 32 bits of it in 24- and 31-bit mode.
u64 length_in(const Cpu& cpu, u32 r) { return cpu.psw.has(Psw::kExtendedAddressing) ? cpu.gr[r] : cpu.gr32(r); }

/// Moves up to `most` bytes; CC 3 says that there are more.
Outcome move_up_to(Cpu& cpu,
                   LogicalAddress to,
                   const AccessMode& to_mode,
                   LogicalAddress from,
                   const AccessMode& from_mode,
                   u64 length,
                   u64 most) {
  const u64 n = std::min(length, most);
  if (n != 0) {
    if (const Outcome o = move(cpu, to, to_mode, from, from_mode, n); o != Outcome::Completed) return o;
  }
  cpu.psw.cc = length > most ? 3 : 0;
  return Outcome::Completed;
}

/// MVCP and MVCS: the PSW's key for the primary space, the third operand's for the secondary.
Outcome move_between_spaces(Cpu& cpu, SS_d insn, bool to_primary) {
  const AddressSpace space = cpu.psw.address_space();
  if (!cpu.psw.has(Psw::kDat) || (cpu.cr[0] & cr0::kSecondarySpace) == 0 || space == AddressSpace::Home ||
      space == AddressSpace::AccessRegister)
    return cpu.recognize(ProgramInterruption::SpecialOperation);
  const auto key = static_cast<u8>(cpu.gr[insn.r3()] & 0xF0);
  if (!key_authorized(cpu, key)) return cpu.recognize(ProgramInterruption::PrivilegedOperation);
  const AccessMode primary{AddressSpace::Primary, cpu.psw.key(), true}, secondary{AddressSpace::Secondary, key, true};
  return move_up_to(cpu,
                    cpu.address(insn.b1(), insn.d1()),
                    to_primary ? primary : secondary,
                    cpu.address(insn.b2(), insn.d2()),
                    to_primary ? secondary : primary,
                    length_in(cpu, insn.r1()),
                    256);
}

/// MVCSK and MVCDK: length less one and key in general registers 0 and 1.
Outcome move_with_key_in_register_1(Cpu& cpu, SSE insn, bool for_source) {
  const auto key = static_cast<u8>(cpu.gr[1] & 0xF0);
  if (!key_authorized(cpu, key)) return cpu.recognize(ProgramInterruption::PrivilegedOperation);
  const AccessMode own = cpu.current_mode();
  AccessMode other = own;
  other.key = key;
  return move(cpu,
              cpu.address(insn.b1(), insn.d1()),
              for_source ? own : other,
              cpu.address(insn.b2(), insn.d2()),
              for_source ? other : own,
              (cpu.gr[0] & 0xFF) + 1);
}

/// One operand-access control of MVCOS: |key:4|/:4|space:2|/:4|K|A|
struct OperandAccessControl {
  u32 bits;
  bool key_given() const { return (bits & 2) != 0; }
  bool space_given() const { return (bits & 1) != 0; }
  AccessMode mode(const Cpu& cpu) const {
    AccessMode m = cpu.current_mode();
    if (key_given()) m.key = static_cast<u8>((bits >> 8) & 0xF0);
    if (space_given()) m.space = static_cast<AddressSpace>((bits >> 6) & 3);
    return m;
  }
};

} // namespace

Outcome move_to_primary(Cpu& cpu, SS_d insn) { return move_between_spaces(cpu, insn, true); }
Outcome move_to_secondary(Cpu& cpu, SS_d insn) { return move_between_spaces(cpu, insn, false); }

Outcome move_with_key(Cpu& cpu, SS_d insn) {
  const auto key = static_cast<u8>(cpu.gr[insn.r3()] & 0xF0);
  if (!key_authorized(cpu, key)) return cpu.recognize(ProgramInterruption::PrivilegedOperation);
  const AccessMode to_mode = cpu.current_mode();
  AccessMode from_mode = to_mode;
  from_mode.key = key;
  return move_up_to(cpu,
                    cpu.address(insn.b1(), insn.d1()),
                    to_mode,
                    cpu.address(insn.b2(), insn.d2()),
                    from_mode,
                    length_in(cpu, insn.r1()),
                    256);
}

Outcome move_with_source_key(Cpu& cpu, SSE insn) { return move_with_key_in_register_1(cpu, insn, true); }
Outcome move_with_destination_key(Cpu& cpu, SSE insn) { return move_with_key_in_register_1(cpu, insn, false); }

Outcome move_with_optional_specifications(Cpu& cpu, SSF insn) {
  if (!cpu.psw.has(Psw::kDat)) return cpu.recognize(ProgramInterruption::SpecialOperation);
  const OperandAccessControl to{static_cast<u32>(cpu.gr[0] >> 16) & 0xFFFF}, from{cpu.gr32(0) & 0xFFFF};
  const AccessMode to_mode = to.mode(cpu), from_mode = from.mode(cpu);
  const bool secondary = to_mode.space == AddressSpace::Secondary || from_mode.space == AddressSpace::Secondary;
  if (secondary && (cpu.cr[0] & cr0::kSecondarySpace) == 0) return cpu.recognize(ProgramInterruption::SpecialOperation);
  // The problem state may read the home space this way, but not write it.
  if (to.space_given() && to_mode.space == AddressSpace::Home && cpu.psw.problem_state())
    return cpu.recognize(ProgramInterruption::SpecialOperation);
  if ((to.key_given() && !key_authorized(cpu, to_mode.key)) ||
      (from.key_given() && !key_authorized(cpu, from_mode.key)))
    return cpu.recognize(ProgramInterruption::PrivilegedOperation);
  return move_up_to(cpu,
                    cpu.address(insn.b1(), insn.d1()),
                    to_mode,
                    cpu.address(insn.b2(), insn.d2()),
                    from_mode,
                    length_in(cpu, insn.r3()),
                    kMost);
}

// General register 0: |..|reserved:4 (48-51)|F|S|/|CCO|key:4|..|. With CCO a page that is not there is told by the condition
// code: 1 the first operand's, 2 the second operand's (or both).
Outcome move_page(Cpu& cpu, RRE insn) {
  constexpr u64 kReserved = 0xF000, kKeyForFirst = 0x800, kKeyForSecond = 0x400, kConditionCodeOption = 0x100;
  const u64 r0 = cpu.gr[0];
  if ((r0 & kReserved) != 0 || (r0 & (kKeyForFirst | kKeyForSecond)) == (kKeyForFirst | kKeyForSecond))
    return cpu.recognize(ProgramInterruption::Specification);
  const auto key = static_cast<u8>(r0 & 0xF0);
  AccessMode to_mode = cpu.current_mode(), from_mode = to_mode;
  if ((r0 & kKeyForFirst) != 0) to_mode.key = key;
  if ((r0 & kKeyForSecond) != 0) from_mode.key = key;
  if ((r0 & (kKeyForFirst | kKeyForSecond)) != 0 && !key_authorized(cpu, key))
    return cpu.recognize(ProgramInterruption::PrivilegedOperation);

  LogicalAddress to = cpu.register_address(insn.r1()), from = cpu.register_address(insn.r2());
  to.value &= kPageMask;
  from.value &= kPageMask;
  const auto not_moved = [&](Outcome o, u8 cc) {
    if (o != Outcome::ProgramInterruption) return o;
    if ((r0 & kConditionCodeOption) != 0 && cpu.pending_program.code == ProgramInterruption::PageTranslation) {
      cpu.pending_program = {};
      cpu.psw.cc = cc;
      return Outcome::Completed;
    }
    cpu.pending_program.operand_access_id = static_cast<u8>(insn.r1() << 4 | insn.r2());
    return o;
  };
  u8 page[kPageSize];
  if (const Outcome o = cpu.fetch_bytes(from, page, from_mode); o != Outcome::Completed) return not_moved(o, 2);
  if (const Outcome o = cpu.store_bytes(to, page, to_mode); o != Outcome::Completed) return not_moved(o, 1);
  cpu.charge(kPageSize / 64);
  cpu.psw.cc = 0;
  return Outcome::Completed;
}

} // namespace siena::cpu::isa
