// SPDX-License-Identifier: BSD-3-Clause
// Conversion between UTF-8, UTF-16 and UTF-32 (PoP, General Instructions, CONVERT UTF-8 TO UTF-16 and its kin). A conversion is a
// reader of one form and a writer of another, a character at a time; condition code 3 ends an execution after a bounded number
// of source bytes, or before a character that meets an access exception when others precede it.
#include "cpu/isa/semantics/unicode.h"

#include "cpu/isa/semantics/register_operand.h"

#include <type_traits>

namespace siena::cpu::isa {
namespace {

/// A character read, and from how many bytes; or why there is none.
struct Character {
  enum class Status : u8 { Read, Incomplete, Invalid, AccessException };
  u32 value = 0;
  u8 length = 0;
  Status status = Status::Read;
  Outcome outcome = Outcome::Completed;
};
constexpr Character kIncomplete{0, 0, Character::Status::Incomplete, Outcome::Completed};
constexpr Character kInvalid{0, 0, Character::Status::Invalid, Outcome::Completed};

/// Big-endian encoding of one character.
struct Encoded {
  u8 bytes[4] = {};
  u8 length = 0;
};

constexpr bool is_high_surrogate(u32 c) { return (c & 0xFFFF'FC00) == 0xD800; }
constexpr bool is_low_surrogate(u32 c) { return (c & 0xFFFF'FC00) == 0xDC00; }

struct Utf8 {
  /// `well_formed`: check continuation bytes, overlong forms, surrogates and the upper limit.
  static Character read(Cpu& cpu, LogicalAddress at, u64 available, bool well_formed) {
    const auto lead = cpu.fetch<u8>(at);
    if (lead.outcome != Outcome::Completed) return {0, 0, Character::Status::AccessException, lead.outcome};
    const u8 first = lead.value;
    if (first < 0x80) return {first, 1, Character::Status::Read, Outcome::Completed};
    const u8 length = first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF8 ? 4 : 0;
    if (length == 0) return kInvalid;
    if (well_formed && ((first & 0xFE) == 0xC0 || first > 0xF4)) return kInvalid;
    if (available < length) return kIncomplete;
    u8 bytes[4];
    if (const Outcome o = cpu.fetch_bytes(at, {bytes, length}); o != Outcome::Completed)
      return {0, 0, Character::Status::AccessException, o};
    u32 value = first & (0x7Fu >> length);
    for (unsigned i = 1; i < length; ++i) {
      if (well_formed && (bytes[i] & 0xC0) != 0x80) return kInvalid;
      value = value << 6 | (bytes[i] & 0x3Fu);
    }
    if (well_formed) {
      constexpr u32 kSmallest[] = {0, 0, 0x80, 0x800, 0x1'0000};
      if (value < kSmallest[length] || value > 0x10'FFFF || is_high_surrogate(value) || is_low_surrogate(value))
        return kInvalid;
    }
    return {value, length, Character::Status::Read, Outcome::Completed};
  }
  static Encoded write(u32 c, bool) {
    const auto tail = [c](unsigned shift) { return static_cast<u8>(0x80 | (c >> shift & 0x3F)); };
    if (c < 0x80) return {{static_cast<u8>(c)}, 1};
    if (c < 0x800) return {{static_cast<u8>(0xC0 | c >> 6), tail(0)}, 2};
    if (c < 0x1'0000) return {{static_cast<u8>(0xE0 | c >> 12), tail(6), tail(0)}, 3};
    return {{static_cast<u8>(0xF0 | c >> 18), tail(12), tail(6), tail(0)}, 4};
  }
};

struct Utf16 {
  static Character read(Cpu& cpu, LogicalAddress at, u64 available, bool well_formed) {
    if (available < 2) return kIncomplete;
    const auto first = cpu.fetch<u16>(at);
    if (first.outcome != Outcome::Completed) return {0, 0, Character::Status::AccessException, first.outcome};
    if (!is_high_surrogate(first.value)) return {first.value, 2, Character::Status::Read, Outcome::Completed};
    if (available < 4) return kIncomplete;
    const auto second = cpu.fetch<u16>(cpu.advance(at, 2));
    if (second.outcome != Outcome::Completed) return {0, 0, Character::Status::AccessException, second.outcome};
    if (well_formed && !is_low_surrogate(second.value)) return kInvalid;
    const u32 value = (((first.value & 0x3FFu) + 0x40u) << 10) | (second.value & 0x3FFu);
    return {value, 4, Character::Status::Read, Outcome::Completed};
  }
  static Encoded write(u32 c, bool pair) {
    Encoded e;
    if (!pair) {
      store_big(e.bytes, static_cast<u16>(c));
      e.length = 2;
    } else {
      // The plane number less one has four bits, whatever an unchecked source had.
      store_big(e.bytes, static_cast<u16>(0xD800 | ((c - 0x1'0000) >> 10 & 0x3FF)));
      store_big(e.bytes + 2, static_cast<u16>(0xDC00 | (c & 0x3FF)));
      e.length = 4;
    }
    return e;
  }
};

struct Utf32 {
  static Character read(Cpu& cpu, LogicalAddress at, u64 available, bool) {
    if (available < 4) return kIncomplete;
    const auto c = cpu.fetch<u32>(at);
    if (c.outcome != Outcome::Completed) return {0, 0, Character::Status::AccessException, c.outcome};
    if (is_high_surrogate(c.value) || c.value > 0x10'FFFF) return kInvalid;
    return {c.value, 4, Character::Status::Read, Outcome::Completed};
  }
  static Encoded write(u32 c, bool) {
    Encoded e;
    store_big(e.bytes, c);
    e.length = 4;
    return e;
  }
};

template <class From, class To>
Outcome convert(Cpu& cpu, RRF_c insn) {
  if (odd(insn.r1()) || odd(insn.r2())) return specification_exception(cpu);
  RegisterPairOperand to(cpu, insn.r1()), from(cpu, insn.r2());
  const bool well_formed = (insn.m3() & 1) != 0;
  u64 done = 0;
  u8 cc = 0;
  while (from.length != 0) {
    if (done >= kUnitOfOperation) {
      cc = 3;
      break;
    }
    const Character c = From::read(cpu, from.address, from.length, well_formed);
    if (c.status == Character::Status::AccessException) {
      if (done == 0) return c.outcome;
      cc = 3;
      break;
    }
    if (c.status == Character::Status::Incomplete) break;
    if (c.status == Character::Status::Invalid) {
      cc = 2;
      break;
    }
    // Four bytes of UTF-8 become a surrogate pair even if, unchecked, they stand for less than 1'0000.
    const Encoded e = To::write(c.value, std::is_same_v<From, Utf8> ? c.length == 4 : c.value >= 0x1'0000);
    if (to.length < e.length) {
      cc = 1;
      break;
    }
    if (const Outcome o = cpu.store_bytes(to.address, {e.bytes, e.length}); o != Outcome::Completed) {
      if (done == 0) return o;
      cc = 3;
      break;
    }
    from.advance(cpu, c.length);
    to.advance(cpu, e.length);
    done += c.length;
  }
  to.update(cpu);
  from.update(cpu);
  cpu.charge(done);
  cpu.psw.cc = cc;
  return Outcome::Completed;
}

} // namespace

Outcome convert_utf8_to_utf16(Cpu& cpu, RRF_c insn) { return convert<Utf8, Utf16>(cpu, insn); }
Outcome convert_utf8_to_utf32(Cpu& cpu, RRF_c insn) { return convert<Utf8, Utf32>(cpu, insn); }
Outcome convert_utf16_to_utf8(Cpu& cpu, RRF_c insn) { return convert<Utf16, Utf8>(cpu, insn); }
Outcome convert_utf16_to_utf32(Cpu& cpu, RRF_c insn) { return convert<Utf16, Utf32>(cpu, insn); }
Outcome convert_utf32_to_utf8(Cpu& cpu, RRF_c insn) { return convert<Utf32, Utf8>(cpu, insn); }
Outcome convert_utf32_to_utf16(Cpu& cpu, RRF_c insn) { return convert<Utf32, Utf16>(cpu, insn); }

} // namespace siena::cpu::isa
