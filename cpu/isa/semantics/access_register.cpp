// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/isa/semantics/access_register.h"

#include "cpu/isa/operands.h"
#include "cpu/isa/semantics/load.h"

namespace siena::cpu::isa {

namespace {

/// Access registers have changed: translation looks at them in the access-register mode only.
Outcome access_registers_changed(Cpu& cpu) {
  if (cpu.psw.address_space() == AddressSpace::AccessRegister) cpu.controls_changed();
  return Outcome::Completed;
}

template <class View>
Outcome load_each_access(Cpu& cpu, const View& insn) {
  const LogicalAddress a = second_operand(cpu, insn);
  if ((a.value & 3) != 0) [[unlikely]]
    return cpu.recognize(ProgramInterruption::Specification);
  const u64 length = (((insn.r3() - insn.r1()) & 15) + 1) * sizeof(u32);
  u8 bytes[16 * sizeof(u32)];
  if (const Outcome o = cpu.fetch_bytes(a, {bytes, length}); o != Outcome::Completed) return o;
  u32 r = insn.r1();
  for (u64 at = 0; at < length; at += sizeof(u32), r = (r + 1) & 15) cpu.ar[r] = load_big<u32>(bytes + at);
  return access_registers_changed(cpu);
}

template <class View>
Outcome store_each_access(Cpu& cpu, const View& insn) {
  const LogicalAddress a = second_operand(cpu, insn);
  if ((a.value & 3) != 0) [[unlikely]]
    return cpu.recognize(ProgramInterruption::Specification);
  const u64 length = (((insn.r3() - insn.r1()) & 15) + 1) * sizeof(u32);
  u8 bytes[16 * sizeof(u32)];
  u32 r = insn.r1();
  for (u64 at = 0; at < length; at += sizeof(u32), r = (r + 1) & 15) store_big(bytes + at, cpu.ar[r]);
  return cpu.store_bytes(a, {bytes, length});
}

/// What makes the loaded address mean the same space in the access-register mode: ALET 0 (primary) or 1 (secondary), 2 for the
/// home space, or in the access-register mode itself the base register's ALET.
template <class View>
Outcome load_extended(Cpu& cpu, const View& insn) {
  const u64 address = second_operand(cpu, insn).value;
  u32 alet = 0;
  switch (cpu.psw.address_space()) {
  case AddressSpace::Primary: alet = 0; break;
  case AddressSpace::Secondary: alet = 1; break;
  case AddressSpace::Home: alet = 2; break;
  case AddressSpace::AccessRegister: alet = insn.b2() != 0 ? cpu.ar[insn.b2()] : 0; break;
  }
  cpu.ar[insn.r1()] = alet;
  if (const Outcome o = put_address(cpu, insn.r1(), address); o != Outcome::Completed) return o;
  return access_registers_changed(cpu);
}

} // namespace

Outcome load_access_multiple(Cpu& cpu, RS_a insn) { return load_each_access(cpu, insn); }
Outcome load_access_multiple_long(Cpu& cpu, RSY_a insn) { return load_each_access(cpu, insn); }
Outcome store_access_multiple(Cpu& cpu, RS_a insn) { return store_each_access(cpu, insn); }
Outcome store_access_multiple_long(Cpu& cpu, RSY_a insn) { return store_each_access(cpu, insn); }

Outcome copy_access(Cpu& cpu, RRE insn) {
  cpu.ar[insn.r1()] = cpu.ar[insn.r2()];
  return access_registers_changed(cpu);
}
Outcome set_access(Cpu& cpu, RRE insn) {
  cpu.ar[insn.r1()] = cpu.gr32(insn.r2());
  return access_registers_changed(cpu);
}
Outcome extract_access(Cpu& cpu, RRE insn) {
  cpu.set_gr32(insn.r1(), cpu.ar[insn.r2()]);
  return Outcome::Completed;
}

Outcome load_address_extended(Cpu& cpu, RX_a insn) { return load_extended(cpu, insn); }
Outcome load_address_extended_long(Cpu& cpu, RXY_a insn) { return load_extended(cpu, insn); }

} // namespace siena::cpu::isa
