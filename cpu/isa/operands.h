// SPDX-License-Identifier: BSD-3-Clause
// Where a regular instruction's operands come from and where its result goes: one small function per operand kind, chosen at
// compile time. A recipe that asks a view for a field it does not have does not compile. They are inlined by force, since a
// handler that is one straight piece is worth more than the compiler's idea of its size.
#pragma once

#include "cpu/cpu.h"
#include "cpu/isa/formats.h"
#include "cpu/isa/recipe.h"

namespace siena::cpu::isa {

/// Second operand in storage: base, displacement and, where the format has one, index.
template <class View>
[[gnu::always_inline]] inline LogicalAddress second_operand(const Cpu& cpu, const View& insn) {
  if constexpr (requires { insn.x2(); })
    return cpu.address(insn.b2(), insn.d2(), insn.x2());
  else
    return cpu.address(insn.b2(), insn.d2());
}
template <class View>
[[gnu::always_inline]] inline LogicalAddress first_operand(const Cpu& cpu, const View& insn) {
  return cpu.address(insn.b1(), insn.d1());
}
/// `offset` bytes from the instruction in execution, or from the target of an EXECUTE.
template <class View>
u64 relative_address(const Cpu& cpu, const View&, s64 offset) {
  return (cpu.instruction_address(length_of(View::format)) + static_cast<u64>(offset)) & cpu.address_mask();
}
/// Relative operand: counts from the instruction (or from the target of an EXECUTE).
template <class View>
LogicalAddress relative_operand(const Cpu& cpu, const View& insn) {
  return {relative_address(cpu, insn, insn.ri2()), 0};
}

namespace detail {
template <typename T, typename M>
Fetched<T> widen(Fetched<M> f) {
  return {static_cast<T>(f.value), f.outcome};
}
template <typename T>
constexpr Fetched<T> have(u64 value) {
  return {static_cast<T>(value), Outcome::Completed};
}
/// The immediate of the SI and SIY formats is an unsigned byte, i2(), which SIY also has as i2s(); other formats' i2() is signed.
template <class View>
constexpr s64 signed_immediate(const View& insn) {
  if constexpr (requires { insn.i2s(); })
    return insn.i2s();
  else
    return insn.i2();
}
template <class View>
constexpr u64 unsigned_immediate(const View& insn) {
  if constexpr (requires { insn.i2u(); })
    return insn.i2u();
  else
    return insn.i2();
}
/// A relative operand is in the space that instructions come from (PoP, the instructions with
/// relative-long operands: the addressing-space mode of the instruction), which is not where other
/// operands are in the secondary-space mode. In the access-register mode, access register 0 says the same.
inline bool relative_operand_elsewhere(const Cpu& cpu) { return cpu.psw.address_space() == AddressSpace::Secondary; }
template <typename Raw>
[[gnu::always_inline]] inline Fetched<Raw> fetch_relative(Cpu& cpu, LogicalAddress a) {
  if (!relative_operand_elsewhere(cpu)) [[likely]]
    return cpu.fetch<Raw>(a);
  u8 bytes[sizeof(Raw)];
  AccessMode mode = cpu.current_mode();
  mode.space = AddressSpace::Primary;
  if (const Outcome o = cpu.fetch_bytes(a, bytes, mode); o != Outcome::Completed) return {Raw{}, o};
  return {load_big<Raw>(bytes), Outcome::Completed};
}
template <typename Raw>
Outcome store_relative(Cpu& cpu, LogicalAddress a, Raw value) {
  if (!relative_operand_elsewhere(cpu)) [[likely]]
    return cpu.store(a, value);
  u8 bytes[sizeof(Raw)];
  store_big(bytes, value);
  AccessMode mode = cpu.current_mode();
  mode.space = AddressSpace::Primary;
  return cpu.store_bytes(a, bytes, mode);
}
template <typename T, typename M>
[[gnu::always_inline]] inline Fetched<T> relative_storage_operand(Cpu& cpu, LogicalAddress a) {
  using Raw = std::make_unsigned_t<M>;
  const Fetched<Raw> f = fetch_relative<Raw>(cpu, a);
  return {static_cast<T>(static_cast<M>(f.value)), f.outcome};
}
/// Storage operand of type M (signed types extend their sign) as a T.
template <typename T, typename M>
[[gnu::always_inline]] inline Fetched<T> storage_operand(Cpu& cpu, LogicalAddress a) {
  using Raw = std::make_unsigned_t<M>;
  const Fetched<Raw> f = cpu.fetch<Raw>(a);
  return {static_cast<T>(static_cast<M>(f.value)), f.outcome};
}
} // namespace detail

template <Operand O, typename T, class View>
[[gnu::always_inline]] inline Fetched<T> read(Cpu& cpu, const View& insn) {
  using enum Operand;
  using detail::have;
  using detail::relative_storage_operand;
  using detail::storage_operand;
  if constexpr (O == NoOperand)
    return have<T>(0);
  else if constexpr (O == R1_32)
    return have<T>(cpu.gr32(insn.r1()));
  else if constexpr (O == R1_64)
    return have<T>(cpu.gr[insn.r1()]);
  else if constexpr (O == R1_High)
    return have<T>(cpu.gr_high(insn.r1()));
  else if constexpr (O == R2_32 || O == R2_u32)
    return have<T>(cpu.gr32(insn.r2()));
  else if constexpr (O == R2_64)
    return have<T>(cpu.gr[insn.r2()]);
  else if constexpr (O == R2_High)
    return have<T>(cpu.gr_high(insn.r2()));
  else if constexpr (O == R3_32)
    return have<T>(cpu.gr32(insn.r3()));
  else if constexpr (O == R3_64)
    return have<T>(cpu.gr[insn.r3()]);
  else if constexpr (O == R3_High)
    return have<T>(cpu.gr_high(insn.r3()));
  else if constexpr (O == R2_s8)
    return have<T>(static_cast<u64>(s64{static_cast<s8>(cpu.gr[insn.r2()])}));
  else if constexpr (O == R2_s16)
    return have<T>(static_cast<u64>(s64{static_cast<s16>(cpu.gr[insn.r2()])}));
  else if constexpr (O == R2_s32)
    return have<T>(static_cast<u64>(s64{static_cast<s32>(cpu.gr[insn.r2()])}));
  else if constexpr (O == R2_u8)
    return have<T>(cpu.gr[insn.r2()] & 0xFF);
  else if constexpr (O == R2_u16)
    return have<T>(cpu.gr[insn.r2()] & 0xFFFF);
  else if constexpr (O == R2_u31)
    return have<T>(cpu.gr[insn.r2()] & 0x7FFF'FFFF);
  else if constexpr (O == Imm_s)
    return have<T>(static_cast<u64>(detail::signed_immediate(insn)));
  else if constexpr (O == Imm_u || O == Imm_ll)
    return have<T>(detail::unsigned_immediate(insn));
  else if constexpr (O == Imm_High)
    return have<T>(static_cast<u64>(insn.i2u()) << 32);
  else if constexpr (O == Imm_hh)
    return have<T>(static_cast<u64>(insn.i2u()) << 48);
  else if constexpr (O == Imm_hl)
    return have<T>(static_cast<u64>(insn.i2u()) << 32);
  else if constexpr (O == Imm_lh)
    return have<T>(static_cast<u64>(insn.i2u()) << 16);
  else if constexpr (O == Mem_u8)
    return storage_operand<T, u8>(cpu, second_operand(cpu, insn));
  else if constexpr (O == Mem_s8)
    return storage_operand<T, s8>(cpu, second_operand(cpu, insn));
  else if constexpr (O == Mem_u16)
    return storage_operand<T, u16>(cpu, second_operand(cpu, insn));
  else if constexpr (O == Mem_s16)
    return storage_operand<T, s16>(cpu, second_operand(cpu, insn));
  else if constexpr (O == Mem_u32)
    return storage_operand<T, u32>(cpu, second_operand(cpu, insn));
  else if constexpr (O == Mem_s32)
    return storage_operand<T, s32>(cpu, second_operand(cpu, insn));
  else if constexpr (O == Mem_u64)
    return storage_operand<T, u64>(cpu, second_operand(cpu, insn));
  else if constexpr (O == Mem_u31) {
    const auto f = cpu.fetch<u32>(second_operand(cpu, insn));
    return {static_cast<T>(f.value & 0x7FFF'FFFF), f.outcome};
  } else if constexpr (O == Mem_r16) {
    const auto f = cpu.fetch<u16>(second_operand(cpu, insn));
    return {static_cast<T>(byte_swap(f.value)), f.outcome};
  } else if constexpr (O == Mem_r32) {
    const auto f = cpu.fetch<u32>(second_operand(cpu, insn));
    return {static_cast<T>(byte_swap(f.value)), f.outcome};
  } else if constexpr (O == Mem_r64) {
    const auto f = cpu.fetch<u64>(second_operand(cpu, insn));
    return {static_cast<T>(byte_swap(f.value)), f.outcome};
  } else if constexpr (O == Dst_u8)
    return storage_operand<T, u8>(cpu, first_operand(cpu, insn));
  else if constexpr (O == Dst_u32)
    return storage_operand<T, u32>(cpu, first_operand(cpu, insn));
  else if constexpr (O == Dst_u64)
    return storage_operand<T, u64>(cpu, first_operand(cpu, insn));
  else if constexpr (O == Dst_s16)
    return storage_operand<T, s16>(cpu, first_operand(cpu, insn));
  else if constexpr (O == Dst_s32)
    return storage_operand<T, s32>(cpu, first_operand(cpu, insn));
  else if constexpr (O == Rel_u16)
    return relative_storage_operand<T, u16>(cpu, relative_operand(cpu, insn));
  else if constexpr (O == Rel_s16)
    return relative_storage_operand<T, s16>(cpu, relative_operand(cpu, insn));
  else if constexpr (O == Rel_u32 || O == Rel_s32 || O == Rel_u64) {
    // Relative-long operands must lie on their natural boundary (PoP, *Relative-long operand*: specification exception).
    constexpr u64 kAlign = O == Rel_u64 ? 7 : 3;
    const LogicalAddress a = relative_operand(cpu, insn);
    if ((a.value & kAlign) != 0) [[unlikely]]
      return {T{}, cpu.recognize(ProgramInterruption::Specification)};
    if constexpr (O == Rel_u64)
      return relative_storage_operand<T, u64>(cpu, a);
    else if constexpr (O == Rel_u32)
      return relative_storage_operand<T, u32>(cpu, a);
    else
      return relative_storage_operand<T, s32>(cpu, a);
  } else if constexpr (O == Address)
    return have<T>(second_operand(cpu, insn).value);
  else if constexpr (O == RelAddress)
    return have<T>(relative_operand(cpu, insn).value);
  else {
    static_assert(O == Shift);
    // The shift amount is an address that is not used as one: no wrap to the addressing mode matters for its last six bits.
    return have<T>(cpu.address(insn.b2(), insn.d2()).value & 63);
  }
}

template <Target To, typename T, class View>
[[gnu::always_inline]] inline Outcome write(Cpu& cpu, const View& insn, T value) {
  using enum Target;
  if constexpr (To == NoTarget)
    return Outcome::Completed;
  else if constexpr (To == R1_32)
    cpu.set_gr32(insn.r1(), static_cast<u32>(value));
  else if constexpr (To == R1_64)
    cpu.gr[insn.r1()] = value;
  else if constexpr (To == R1_High)
    cpu.set_gr_high(insn.r1(), static_cast<u32>(value));
  else if constexpr (To == R1_u8)
    cpu.gr[insn.r1()] = (cpu.gr[insn.r1()] & ~u64{0xFF}) | (value & 0xFF);
  else if constexpr (To == Mem_8)
    return cpu.store(second_operand(cpu, insn), static_cast<u8>(value));
  else if constexpr (To == Mem_16)
    return cpu.store(second_operand(cpu, insn), static_cast<u16>(value));
  else if constexpr (To == Mem_32)
    return cpu.store(second_operand(cpu, insn), static_cast<u32>(value));
  else if constexpr (To == Mem_64)
    return cpu.store(second_operand(cpu, insn), static_cast<u64>(value));
  else if constexpr (To == Mem_r16)
    return cpu.store(second_operand(cpu, insn), byte_swap(static_cast<u16>(value)));
  else if constexpr (To == Mem_r32)
    return cpu.store(second_operand(cpu, insn), byte_swap(static_cast<u32>(value)));
  else if constexpr (To == Mem_r64)
    return cpu.store(second_operand(cpu, insn), byte_swap(static_cast<u64>(value)));
  else if constexpr (To == Dst_8)
    return cpu.store(first_operand(cpu, insn), static_cast<u8>(value));
  else if constexpr (To == Dst_16)
    return cpu.store(first_operand(cpu, insn), static_cast<u16>(value));
  else if constexpr (To == Dst_32)
    return cpu.store(first_operand(cpu, insn), static_cast<u32>(value));
  else if constexpr (To == Dst_64)
    return cpu.store(first_operand(cpu, insn), static_cast<u64>(value));
  else {
    const LogicalAddress a = relative_operand(cpu, insn);
    if constexpr (To == Rel_16)
      return detail::store_relative(cpu, a, static_cast<u16>(value));
    else {
      constexpr u64 kAlign = To == Rel_64 ? 7 : 3;
      if ((a.value & kAlign) != 0) [[unlikely]]
        return cpu.recognize(ProgramInterruption::Specification);
      if constexpr (To == Rel_32)
        return detail::store_relative(cpu, a, static_cast<u32>(value));
      else
        return detail::store_relative(cpu, a, static_cast<u64>(value));
    }
  }
  return Outcome::Completed;
}

} // namespace siena::cpu::isa
