// SPDX-License-Identifier: BSD-3-Clause
// The selected bytes are handled as one number of 1-4 bytes, the leftmost byte first. With a mask of zero one byte is still
// accessed, for its exceptions (for the store form that is allowed, not required).
#include "cpu/isa/semantics/under_mask.h"

#include "cpu/isa/alu.h"
#include "cpu/isa/operands.h"

#include <array>

namespace siena::cpu::isa {

namespace {

/// 0xFF in every byte that the mask selects.
constexpr std::array<u32, 16> kSelected = [] {
  std::array<u32, 16> table{};
  for (u32 mask = 0; mask < 16; ++mask)
    for (u32 i = 0; i < 4; ++i)
      if ((mask & (8u >> i)) != 0) table[mask] |= 0xFF00'0000u >> (8 * i);
  return table;
}();
static_assert(kSelected[0b1010] == 0xFF00'FF00);

/// The mask's bytes of `value`, moved together at the right.
constexpr u32 gather(u32 value, u32 mask) {
  u32 result = 0;
  for (u32 i = 0; i < 4; ++i)
    if ((mask & (8u >> i)) != 0) result = result << 8 | (value >> (24 - 8 * i) & 0xFF);
  return result;
}
/// The inverse: `bytes` (of which the mask's number count) at the selected places, zeros elsewhere.
constexpr u32 scatter(u32 bytes, u32 mask) {
  u32 result = 0;
  for (u32 i = 4; i-- > 0;)
    if ((mask & (8u >> i)) != 0) {
      result |= (bytes & 0xFF) << (24 - 8 * i);
      bytes >>= 8;
    }
  return result;
}
static_assert(gather(0x1122'3344, 0b1010) == 0x1133 && scatter(0x1133, 0b1010) == 0x1100'3300);

/// As many bytes as the mask has ones (for mask 0: one byte, value 0).
Fetched<u32> fetch_selected(Cpu& cpu, LogicalAddress a, u32 mask) {
  if (mask == 15) return cpu.fetch<u32>(a);
  const unsigned length = mask == 0 ? 1 : static_cast<unsigned>(std::popcount(mask));
  u32 value = 0;
  if (length == 1) {
    const auto byte = cpu.fetch<u8>(a);
    value = byte.value;
    if (byte.outcome != Outcome::Completed) [[unlikely]]
      return {0, byte.outcome};
  } else if (length == 2) {
    const auto halfword = cpu.fetch<u16>(a);
    value = halfword.value;
    if (halfword.outcome != Outcome::Completed) [[unlikely]]
      return {0, halfword.outcome};
  } else {
    u8 bytes[3];
    if (const Outcome o = cpu.fetch_bytes(a, bytes); o != Outcome::Completed) [[unlikely]]
      return {0, o};
    value = u32{bytes[0]} << 16 | u32{bytes[1]} << 8 | bytes[2];
  }
  return {mask == 0 ? 0 : value, Outcome::Completed};
}

template <class View>
Outcome compare(Cpu& cpu, const View& insn, u32 first) {
  const auto second = fetch_selected(cpu, second_operand(cpu, insn), insn.m3());
  if (second.outcome != Outcome::Completed) [[unlikely]]
    return second.outcome;
  cpu.psw.cc = compare_logical(gather(first, insn.m3()), second.value);
  return Outcome::Completed;
}

/// Answers the new word and sets CC: 0 all inserted bits zero or no mask bit, 1 leftmost inserted bit one, 2 otherwise.
template <class View>
Fetched<u32> insert(Cpu& cpu, const View& insn, u32 first) {
  const u32 mask = insn.m3();
  const auto second = fetch_selected(cpu, second_operand(cpu, insn), mask);
  if (second.outcome != Outcome::Completed) [[unlikely]]
    return second;
  const u32 inserted = scatter(second.value, mask);
  const u32 selected = kSelected[mask];
  const u32 leftmost = std::bit_floor(selected);
  cpu.psw.cc = inserted == 0 ? 0 : (inserted & leftmost) != 0 ? 1 : 2;
  return {(first & ~selected) | inserted, Outcome::Completed};
}

template <class View>
Outcome store(Cpu& cpu, const View& insn, u32 value) {
  const u32 mask = insn.m3();
  const LogicalAddress a = second_operand(cpu, insn);
  const u32 selected = gather(value, mask);
  switch (std::popcount(mask)) {
  case 0: return cpu.check_access(a, 1, Access::Store);
  case 1: return cpu.store(a, static_cast<u8>(selected));
  case 2: return cpu.store(a, static_cast<u16>(selected));
  case 3: {
    const u8 bytes[3] = {static_cast<u8>(selected >> 16), static_cast<u8>(selected >> 8), static_cast<u8>(selected)};
    return cpu.store_bytes(a, bytes);
  }
  default: return cpu.store(a, selected);
  }
}

template <class View>
Outcome insert_low(Cpu& cpu, const View& insn) {
  const auto word = insert(cpu, insn, cpu.gr32(insn.r1()));
  if (word.outcome == Outcome::Completed) [[likely]]
    cpu.set_gr32(insn.r1(), word.value);
  return word.outcome;
}

} // namespace

Outcome compare_logical_characters_under_mask(Cpu& cpu, RS_b insn) { return compare(cpu, insn, cpu.gr32(insn.r1())); }
Outcome compare_logical_characters_under_mask_long(Cpu& cpu, RSY_b insn) {
  return compare(cpu, insn, cpu.gr32(insn.r1()));
}
Outcome compare_logical_characters_under_mask_high(Cpu& cpu, RSY_b insn) {
  return compare(cpu, insn, cpu.gr_high(insn.r1()));
}

Outcome insert_characters_under_mask(Cpu& cpu, RS_b insn) { return insert_low(cpu, insn); }
Outcome insert_characters_under_mask_long(Cpu& cpu, RSY_b insn) { return insert_low(cpu, insn); }
Outcome insert_characters_under_mask_high(Cpu& cpu, RSY_b insn) {
  const auto word = insert(cpu, insn, cpu.gr_high(insn.r1()));
  if (word.outcome == Outcome::Completed) [[likely]]
    cpu.set_gr_high(insn.r1(), word.value);
  return word.outcome;
}

Outcome store_characters_under_mask(Cpu& cpu, RS_b insn) { return store(cpu, insn, cpu.gr32(insn.r1())); }
Outcome store_characters_under_mask_long(Cpu& cpu, RSY_b insn) { return store(cpu, insn, cpu.gr32(insn.r1())); }
Outcome store_characters_under_mask_high(Cpu& cpu, RSY_b insn) { return store(cpu, insn, cpu.gr_high(insn.r1())); }

} // namespace siena::cpu::isa
