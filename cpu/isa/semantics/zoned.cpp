// SPDX-License-Identifier: BSD-3-Clause
// Changes of decimal format (PoP, General Instructions; EDIT: Decimal Instructions). PACK, UNPACK and MOVE WITH OFFSET work from
// right to left and define every overlap: each result byte is stored as soon as the source bytes it needs have been fetched.
#include "cpu/isa/semantics/zoned.h"

#include "cpu/isa/semantics/decimal_number.h"
#include "cpu/isa/semantics/register_operand.h"
#include "cpu/isa/semantics/storage_operand.h"

namespace siena::cpu::isa {
namespace {

constexpr u8 swap_digits(u8 byte) { return static_cast<u8>(byte << 4 | byte >> 4); }
static_assert(swap_digits(0xC5) == 0x5C);

/// Runs `f(to, from)` once both operands of an SS_b instruction have been reached.
template <typename F>
Outcome right_to_left(Cpu& cpu, SS_b insn, F&& f) {
  OperandBytes to, from;
  if (const Outcome o = from.reach(cpu, cpu.address(insn.b2(), insn.d2()), insn.l2() + 1, Access::Fetch);
      o != Outcome::Completed)
    return o;
  if (const Outcome o = to.reach(cpu, cpu.address(insn.b1(), insn.d1()), insn.l1() + 1, Access::Store);
      o != Outcome::Completed)
    return o;
  f(to, from);
  to.stored(cpu);
  return Outcome::Completed;
}

/// The bytes of an operand from the right; zeros when they are used up.
class FromRight {
 public:
  explicit FromRight(const OperandBytes& bytes) : bytes_(bytes), left_(bytes.length) {}
  bool empty() const { return left_ == 0; }
  u8 next() { return left_ == 0 ? u8{0} : bytes_[--left_]; }

 private:
  const OperandBytes& bytes_;
  u64 left_;
};

constexpr u64 kPackedBytes = 16;

/// PKA and PKU: digits in the last byte of characters of `Unit` bytes become a positive packed number of 31 digits.
template <unsigned Unit>
Outcome pack_characters(Cpu& cpu, SS_f insn) {
  const u64 length = insn.l2() + 1;
  if (length > 32 * Unit || length % Unit != 0) return specification_exception(cpu);
  OperandBytes to, from;
  if (const Outcome o = from.reach(cpu, cpu.address(insn.b2(), insn.d2()), length, Access::Fetch);
      o != Outcome::Completed)
    return o;
  if (const Outcome o = to.reach(cpu, cpu.address(insn.b1(), insn.d1()), kPackedBytes, Access::Store);
      o != Outcome::Completed)
    return o;
  u8 packed[kPackedBytes] = {};
  packed[kPackedBytes - 1] = 0x0C;
  for (u64 digit = 0; digit < 31 && (digit + 1) * Unit <= length; ++digit) {
    const unsigned code = from[length - 1 - digit * Unit] & 0xF;
    const u64 position = digit + 1; // in half bytes from the right, the sign being at 0
    packed[kPackedBytes - 1 - position / 2] |= static_cast<u8>(position % 2 == 0 ? code : code << 4);
  }
  to.write(packed);
  to.stored(cpu);
  return Outcome::Completed;
}

/// UNPKA and UNPKU. CC: 0 plus, 1 minus, 3 invalid sign.
template <unsigned Unit>
Outcome unpack_characters(Cpu& cpu, SS_a insn) {
  const u64 length = insn.l() + 1;
  if (length > 32 * Unit || length % Unit != 0) return specification_exception(cpu);
  OperandBytes to, from;
  if (const Outcome o = from.reach(cpu, cpu.address(insn.b2(), insn.d2()), kPackedBytes, Access::Fetch);
      o != Outcome::Completed)
    return o;
  if (const Outcome o = to.reach(cpu, cpu.address(insn.b1(), insn.d1()), length, Access::Store);
      o != Outcome::Completed)
    return o;
  u8 packed[kPackedBytes], characters[32 * Unit] = {};
  from.read(packed);
  for (u64 digit = 0; digit < length / Unit; ++digit) {
    const u64 position = digit + 1;
    const unsigned byte = position < 2 * kPackedBytes ? packed[kPackedBytes - 1 - position / 2] : 0u;
    characters[length - 1 - digit * Unit] = static_cast<u8>(0x30 | (position % 2 == 0 ? byte & 0xF : byte >> 4));
  }
  to.write(characters);
  to.stored(cpu);
  const unsigned sign = packed[kPackedBytes - 1] & 0xF;
  cpu.psw.cc = !is_sign(sign) ? 3 : is_minus(sign) ? 1 : 0;
  return Outcome::Completed;
}

constexpr u8 kDigitSelector = 0x20, kSignificanceStarter = 0x21, kFieldSeparator = 0x22, kZone = 0xF0;

Outcome edit_pattern(Cpu& cpu, SS_a insn, bool mark) {
  const LogicalAddress pattern_at = cpu.address(insn.b1(), insn.d1());
  LogicalAddress source_at = cpu.address(insn.b2(), insn.d2());
  const u64 length = insn.l() + 1;
  OperandBytes place;
  if (const Outcome o = place.reach(cpu, pattern_at, length, Access::Store); o != Outcome::Completed) return o;
  u8 text[256];
  place.read(text);

  const u8 fill = text[0];
  bool significant = false, nonzero = false, half_left = false, marked = false;
  u8 source = 0;
  u64 mark_at = 0;
  for (u64 i = 0; i < length; ++i) {
    const u8 pattern = text[i];
    if (pattern == kDigitSelector || pattern == kSignificanceStarter) {
      bool plus = false;
      unsigned digit = source & 0xFu;
      if (half_left) {
        half_left = false;
      } else {
        const auto next = cpu.fetch<u8>(source_at);
        if (next.outcome != Outcome::Completed) return next.outcome;
        source_at = cpu.advance(source_at, 1);
        source = next.value;
        digit = source >> 4;
        if (digit > 9) return cpu.data_exception(0);
        // A sign in the right half is looked at with the left digit and is no digit itself.
        half_left = !is_sign(source & 0xF);
        plus = !half_left && !is_minus(source & 0xF);
      }
      if (digit != 0 || significant) {
        if (digit != 0 && !significant) {
          marked = true;
          mark_at = i;
        }
        text[i] = static_cast<u8>(kZone | digit);
      } else {
        text[i] = fill;
      }
      nonzero |= digit != 0;
      significant = (significant || digit != 0 || pattern == kSignificanceStarter) && !plus;
    } else if (pattern == kFieldSeparator) {
      text[i] = fill;
      significant = nonzero = false;
    } else if (!significant) {
      text[i] = fill;
    }
  }
  place.write(text);
  place.stored(cpu);
  cpu.charge(length);
  if (mark && marked) {
    const u64 at = cpu.advance(pattern_at, mark_at).value;
    if (long_addressing(cpu) || cpu.psw.has(Psw::kBasicAddressing))
      set_register_address(cpu, 1, at);
    else
      cpu.gr[1] = (cpu.gr[1] & ~u64{0xFF'FFFF}) | at;
  }
  cpu.psw.cc = !nonzero ? 0 : significant ? 1 : 2;
  return Outcome::Completed;
}

} // namespace

Outcome pack_zoned(Cpu& cpu, SS_b insn) {
  return right_to_left(cpu, insn, [](const OperandBytes& to, const OperandBytes& from) {
    FromRight source(from);
    u64 i = to.length - 1;
    to[i] = swap_digits(source.next());
    while (i-- != 0) {
      const unsigned low = source.next() & 0xFu;
      to[i] = static_cast<u8>(low | source.next() << 4);
    }
  });
}

Outcome unpack_to_zoned(Cpu& cpu, SS_b insn) {
  return right_to_left(cpu, insn, [](const OperandBytes& to, const OperandBytes& from) {
    FromRight source(from);
    u64 i = to.length - 1;
    to[i] = swap_digits(source.next());
    while (i != 0) {
      const u8 byte = source.next();
      to[--i] = static_cast<u8>(kZone | (byte & 0xF));
      if (i != 0) to[--i] = static_cast<u8>(kZone | byte >> 4);
    }
  });
}

Outcome move_with_offset(Cpu& cpu, SS_b insn) {
  return right_to_left(cpu, insn, [](const OperandBytes& to, const OperandBytes& from) {
    FromRight source(from);
    u64 i = to.length - 1;
    u8 byte = source.next();
    to[i] = static_cast<u8>(byte << 4 | (to[i] & 0xF));
    while (i-- != 0) {
      const auto carried = static_cast<u8>(byte >> 4);
      byte = source.next();
      to[i] = static_cast<u8>(byte << 4 | carried);
    }
  });
}

Outcome pack_ascii(Cpu& cpu, SS_f insn) { return pack_characters<1>(cpu, insn); }
Outcome pack_unicode(Cpu& cpu, SS_f insn) { return pack_characters<2>(cpu, insn); }
Outcome unpack_ascii(Cpu& cpu, SS_a insn) { return unpack_characters<1>(cpu, insn); }
Outcome unpack_unicode(Cpu& cpu, SS_a insn) { return unpack_characters<2>(cpu, insn); }

Outcome edit(Cpu& cpu, SS_a insn) { return edit_pattern(cpu, insn, false); }
Outcome edit_and_mark(Cpu& cpu, SS_a insn) { return edit_pattern(cpu, insn, true); }

} // namespace siena::cpu::isa
