// SPDX-License-Identifier: BSD-3-Clause
// Operands for instructions that have more of them than their fields say, or that random bytes would only ever end in an exception.
#include "tests/random/builder.h"

#include <string_view>
#include <unordered_map>

namespace siena::random_test {

namespace {

using Bytes = std::vector<u8>;

u8 random_sign(Random& r) { return static_cast<u8>(r.one_in(2) ? 0xC + r.below(2) : 0xA + r.below(6)); }

/// Packed decimal; now and then with an invalid digit or sign. `zeros` leading bytes are zero.
Bytes packed(Random& r, u64 length, u64 zeros = 0) {
  Bytes bytes(length);
  const u64 mode = r.below(6);
  for (u64 i = 0; i < length; ++i) {
    const auto digit = [&] { return mode == 0 ? u64{9} : mode == 1 ? u64{0} : r.below(10); };
    bytes[i] = i < zeros ? 0 : static_cast<u8>(digit() << 4 | digit());
  }
  bytes[length - 1] = static_cast<u8>((bytes[length - 1] & 0xF0) | random_sign(r));
  if (mode == 1 && r.one_in(2)) bytes[length - 1] = static_cast<u8>(0x10 | random_sign(r));
  if (r.one_in(20)) bytes[r.below(length)] = static_cast<u8>(r.word());
  return bytes;
}

Bytes random_bytes(Random& r, u64 length, u64 limit = 256) {
  Bytes bytes(length);
  for (u8& b : bytes) b = static_cast<u8>(r.below(limit));
  return bytes;
}

void decimal_pair(Builder& b, u64 l1, u64 l2, u64 zeros) {
  Random& r = b.random();
  b.put(8, 4, l1 - 1), b.put(12, 4, l2 - 1);
  const u64 first = b.place(l1), second = b.place(l2);
  b.poke(first, packed(r, l1, std::min(zeros, l1 - 1)));
  if (first != second || r.one_in(2)) b.poke(second, packed(r, l2));
  b.designate(16, first, false);
  b.designate(32, second, false);
}

void decimal(Builder& b) {
  decimal_pair(b, b.random().below(16) + 1, b.random().below(16) + 1, b.random().one_in(2) ? b.random().below(8) : 0);
}

void multiply_or_divide_decimal(Builder& b) {
  Random& r = b.random();
  u64 l1 = r.below(15) + 2, l2 = r.below(std::min<u64>(l1 - 1, 8)) + 1;
  if (r.one_in(25)) l1 = r.below(16) + 1, l2 = r.below(16) + 1;
  decimal_pair(b, l1, l2, l2 + (r.one_in(3) ? 0 : r.below(8)));
}

void shift_and_round_decimal(Builder& b) {
  Random& r = b.random();
  const u64 l1 = r.below(16) + 1, first = b.place(l1);
  b.poke(first, packed(r, l1, r.below(l1)));
  b.put(8, 4, l1 - 1), b.put(12, 4, r.one_in(16) ? r.below(16) : r.below(10));
  b.designate(16, first, false);
  b.put(32, 4, 0), b.put(36, 12, r.one_in(2) ? r.below(64) : (r.below(24) - 12) & 63);
}

void test_decimal(Builder& b) {
  const u64 l = b.random().below(16) + 1, first = b.place(l);
  b.poke(first, packed(b.random(), l));
  b.put(8, 4, l - 1);
  b.designate(16, first, false);
}

void edit(Builder& b) {
  Random& r = b.random();
  const u64 length = r.below(24) + 1;
  Bytes pattern(length);
  u64 digits = 0;
  for (u8& p : pattern) {
    static constexpr u8 kPattern[] = {0x20, 0x20, 0x20, 0x21, 0x22, 0x6B, 0x40};
    p = r.one_in(20) ? static_cast<u8>(r.word()) : r.of(kPattern);
    digits += p == 0x20 || p == 0x21;
  }
  if (r.percent(80)) pattern[0] = 0x40;
  Bytes source;
  for (u64 left = digits / 2 + 2; left != 0;) {
    const u64 n = std::min<u64>(left, r.below(6) + 1);
    const Bytes number = packed(r, n);
    source.insert(source.end(), number.begin(), number.end());
    left -= n;
  }
  const u64 first = b.place(length), second = b.place(source.size());
  b.poke(first, pattern), b.poke(second, source);
  b.put(8, 8, length - 1);
  b.designate(16, first, false), b.designate(32, second, false);
}

/// PKA, PKU: sixteen bytes from l2. UNPKA, UNPKU: the other way round.
void pack_text(Builder& b, u64 unit, bool unpack) {
  Random& r = b.random();
  u64 length = unit * (r.below(32) + 1);
  if (r.one_in(16)) length = r.below(70) + 1;
  // Apart: what overlapping operands leave is unpredictable.
  const u64 number = b.place(16);
  const u64 text = RANDOM_DATA + (number < RANDOM_DATA + 3900 ? 4000 + r.below(4000) : r.below(3700));
  b.put(8, 8, length - 1);
  if (unpack) {
    b.poke(number, packed(r, 16));
    b.designate(16, text, false), b.designate(32, number, false);
  } else {
    b.designate(16, number, false), b.designate(32, text, false);
  }
}

void convert_to_binary(Builder& b, u64 length, bool wide) {
  Random& r = b.random();
  const u64 at = b.place(length);
  b.poke(at, packed(r, length, r.one_in(8) ? 0 : length == 8 ? 2 + r.below(6) : 6 + r.below(10)));
  b.put(8, 4, b.any_register()), b.put(12, 4, 0);
  b.designate(16, at, wide);
}

u64 length_of(Random& r) { return r.one_in(8) ? r.below(3000) : r.one_in(8) ? 0 : r.below(80); }

/// Two operands by pairs of registers. `fields`: bit numbers of both register fields.
void pairs(Builder& b, unsigned field1, unsigned field2, bool long_lengths) {
  Random& r = b.random();
  const unsigned r1 = b.spare_pair(), r2 = b.spare_pair();
  u64 l1 = length_of(r), l2 = r.one_in(3) ? l1 : length_of(r);
  const u64 first = b.place(l1), second = r.one_in(10) ? first : b.place(l2);
  if (r.one_in(2)) {
    // Mostly equal operands, for comparisons.
    const Bytes same = random_bytes(r, std::min(l1, l2), r.one_in(2) ? 2 : 256);
    b.poke(first, same), b.poke(second, same);
    if (!same.empty() && r.one_in(2)) b.poke(second + r.below(same.size()), {static_cast<u8>(r.word())});
  }
  if (!long_lengths) l1 |= r.word() << 24, l2 |= r.word() << 24; // the rest is not length
  b.set(r1, first), b.set(r1 + 1, l1), b.set(r2, second), b.set(r2 + 1, l2);
  b.put(field1, 4, r1 | r.one_in(60)), b.put(field2, 4, r2 | r.one_in(60));
}

/// Moves whose result is unpredictable when the operands overlap.
void move_apart(Builder& b) {
  Random& r = b.random();
  const unsigned r1 = b.spare_pair(), r2 = b.spare_pair();
  const u64 l1 = r.below(3000), l2 = r.below(3000) & (r.one_in(8) ? ~u64{0} : ~u64{1});
  b.set(r1, RANDOM_DATA + r.below(1024)), b.set(r1 + 1, r.one_in(8) ? l1 : l1 & ~u64{1});
  b.set(r2, RANDOM_DATA + 4096 + r.below(1200)), b.set(r2 + 1, r.one_in(2) ? 0 : l2);
  b.put(8, 4, r1), b.put(12, 4, r2), b.put(16, 16, r.one_in(3) ? 0 : r.below(4096));
  b.until_complete();
}
void move_inverse(Builder& b) {
  Random& r = b.random();
  const u64 l = r.below(256);
  b.put(8, 8, l);
  b.designate(16, RANDOM_DATA + r.below(3500), false);
  b.designate(32, RANDOM_DATA + 4400 + r.below(RANDOM_DATA_SIZE - 4400), false);
}

void move_long(Builder& b) { pairs(b, 8, 12, false); }
void compare_long_extended(Builder& b) {
  pairs(b, 8, 12, true);
  b.put(16, 16, b.random().one_in(3) ? 0 : b.random().below(4096));
  b.until_complete();
}
void compare_string(Builder& b, bool apart) {
  Random& r = b.random();
  const unsigned r1 = b.spare(), r2 = b.spare();
  const u64 length = length_of(r);
  u64 first = b.place(length + 1), second = b.place(length + 1);
  if (apart) first = RANDOM_DATA + r.below(1000), second = RANDOM_DATA + 4090 + r.below(1000);
  const u8 end = static_cast<u8>(r.below(4));
  Bytes text(length);
  for (u8& c : text) c = static_cast<u8>(4 + r.below(250));
  text.push_back(end);
  b.poke(first, text);
  if (r.one_in(2)) text.back() = static_cast<u8>(r.word());
  if (r.one_in(3)) text[r.below(text.size())] = static_cast<u8>(r.word());
  b.poke(second, text);
  b.set(r1, first), b.set(r2, second);
  b.set(0, end | (r.one_in(40) ? 0x100 : r.word() << 32));
  b.put(24, 4, r1), b.put(28, 4, r2);
  b.until_complete();
}
void search_string(Builder& b, bool unicode) {
  Random& r = b.random();
  const unsigned r1 = b.spare(), r2 = b.spare();
  const u64 length = length_of(r), start = b.place(length);
  b.poke(start, random_bytes(r, length, 128));
  b.set(r1, start + length + (r.one_in(30) ? 1 : 0)), b.set(r2, start);
  b.set(0, (unicode ? r.below(0x8000) : r.below(256)) | (r.one_in(40) ? 0x1'0000 : 0));
  if (r.one_in(2)) b.poke(start + r.below(length + 1), {0, 0});
  if (r.one_in(2)) b.set(0, 0);
  b.put(24, 4, r1), b.put(28, 4, r2);
  b.until_complete();
}
void checksum(Builder& b) {
  Random& r = b.random();
  const unsigned r1 = b.spare(), r2 = b.spare_pair();
  const u64 length = length_of(r);
  b.set(r2, b.place(length)), b.set(r2 + 1, length);
  b.put(24, 4, r1), b.put(28, 4, r2);
  b.until_complete();
}

void append_utf(Random& r, Bytes& text, u64 unit) {
  const u64 limits[] = {0x80, 0x800, 0x1'0000, 0x11'0000};
  u64 c = r.below(limits[r.below(4)]);
  if (r.one_in(12)) c = 0xD800 + r.below(0x800);
  const auto byte = [&](u64 value) { text.push_back(static_cast<u8>(r.one_in(80) ? r.word() : value)); };
  if (unit == 4) {
    byte(c >> 24), byte(c >> 16), byte(c >> 8), byte(c);
  } else if (unit == 2) {
    if (c >= 0x1'0000) {
      const u64 high = 0xD800 | (c - 0x1'0000) >> 10, low = 0xDC00 | (c & 0x3FF);
      byte(high >> 8), byte(high), byte(low >> 8), byte(low);
    } else {
      byte(c >> 8), byte(c);
    }
  } else if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F));
  } else if (c < 0x1'0000) {
    byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F));
  } else {
    byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F)), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F));
  }
}
void convert_utf(Builder& b, u64 unit) {
  Random& r = b.random();
  const unsigned r1 = b.spare_pair(), r2 = b.spare_pair();
  Bytes text;
  for (u64 n = r.below(40); n != 0; --n) append_utf(r, text, unit);
  const u64 to = r.below(200), first = b.place(to), second = b.place(text.size());
  b.poke(second, text);
  b.set(r1, first), b.set(r1 + 1, to), b.set(r2, second), b.set(r2 + 1, text.size() - (r.one_in(10) && !text.empty()));
  b.put(24, 4, r1), b.put(28, 4, r2);
  b.put(16, 4, r.one_in(2));
  b.until_complete();
}

/// TROO, TROT, TRTO, TRTT: bytes of a source and of a destination character. Characters are few, so that the table is.
void translate_characters(Builder& b, u64 from, u64 to) {
  Random& r = b.random();
  const unsigned r1 = b.spare_pair(), r2 = b.spare();
  const u64 count = r.below(40), first = b.place(count * to), second = b.place(count * from);
  Bytes text(count * from);
  for (u64 i = 0; i < text.size(); ++i) text[i] = static_cast<u8>(from == 2 && i % 2 == 0 ? r.below(2) : r.word());
  b.poke(second, text);
  b.set(1, RANDOM_DATA + 8 * r.below(64) + (r.one_in(4) ? r.below(8) : 0));
  b.set(0, r.word() & 0xFFFF);
  b.set(r1, first), b.set(r1 + 1, count * from + (from == 2 && r.one_in(20))), b.set(r2, second);
  b.put(24, 4, r1), b.put(28, 4, r2), b.put(16, 4, r.one_in(2));
  b.until_complete();
}
void translate_and_test_extended(Builder& b, bool reverse) {
  Random& r = b.random();
  const unsigned r1 = b.spare_pair(), r2 = b.spare();
  const u64 length = 2 * r.below(60), start = b.place(length), table = RANDOM_DATA + r.below(4096);
  b.poke(start, random_bytes(r, length, r.one_in(2) ? 2 : 256));
  b.poke(table, Bytes(512, 0));
  for (u64 n = r.below(4); n != 0; --n) b.poke(table + r.below(512), {static_cast<u8>(r.word())});
  b.set(1, table);
  b.set(r1, reverse && length != 0 ? start + length - 1 : start), b.set(r1 + 1, length);
  b.put(24, 4, r1), b.put(28, 4, r2), b.put(16, 4, r.one_in(2) ? 0 : 2 * r.below(8));
  b.until_complete();
}
void translate_extended(Builder& b) {
  Random& r = b.random();
  const unsigned r1 = b.spare_pair(), r2 = b.spare();
  const u64 length = length_of(r);
  b.set(r1, b.place(length)), b.set(r1 + 1, length), b.set(r2, b.place(256));
  b.set(0, r.word() & 0xFF);
  b.put(24, 4, r1), b.put(28, 4, r2);
  b.until_complete();
}
void translate_and_test(Builder& b) {
  Random& r = b.random();
  const u64 length = r.below(100) + 1, table = b.place(256);
  if (r.percent(80)) {
    b.poke(table, Bytes(256, 0));
    for (u64 n = r.below(4); n != 0; --n) b.poke(table + r.below(256), {static_cast<u8>(r.word())});
  }
  b.put(8, 8, length - 1);
  b.designate(16, b.place(length), false), b.designate(32, table, false);
}

void compare_and_swap_and_store(Builder& b) {
  Random& r = b.random();
  const u64 code = r.one_in(12) ? r.below(256) : r.below(3), store = r.one_in(12) ? r.below(256) : r.below(5);
  const unsigned r3 = b.spare_pair();
  const u64 first = b.place(16, 16), second = b.place(16, 16), list = b.place(32, 16);
  if (r.one_in(2)) {
    const Bytes same = random_bytes(r, 16);
    b.poke(first, same);
    u64 high = 0, low = 0;
    for (u64 i = 0; i < 8; ++i) high = high << 8 | same[i], low = low << 8 | same[i + 8];
    if (code == 0) high >>= 32;
    b.set(r3, high), b.set(r3 + 1, low);
  }
  b.set(0, store << 8 | code), b.set(1, list);
  b.put(8, 4, r3);
  b.designate(16, first, false), b.designate(32, second, false);
}
void move_right_to_left(Builder& b) {
  // The oracle takes all of general register 0 for the length, of which bits 56-63 count.
  const u64 length = b.random().below(64);
  b.set(0, length);
  b.designate(16, b.place(length + 1), false), b.designate(32, b.place(length + 1), false);
}
void load_controls(Builder& b) {
  // Few bits, so that most values are valid and traps are enabled often.
  Random& r = b.random();
  const u64 value =
      (r.word() & (r.one_in(3) ? 0xF8F8'FF07 : 0x00F8'FF03)) | (r.one_in(40) ? r.word() & 0xFFFF'FFFF : 0);
  const u64 at = b.place(4);
  b.poke(at,
         {static_cast<u8>(value >> 24),
          static_cast<u8>(value >> 16),
          static_cast<u8>(value >> 8),
          static_cast<u8>(value)});
  b.designate(16, at, false);
}
void set_controls(Builder& b) {
  Random& r = b.random();
  const unsigned r1 = b.spare();
  b.set(r1, (r.word() & (r.one_in(3) ? 0xF8F8'FF07 : 0x00F8'FF03)) | r.word() << 32);
  b.put(24, 4, r1);
}
void set_rounding(Builder& b) {
  b.put(16, 4, 0), b.put(20, 12, b.random().one_in(20) ? b.random().below(4096) : b.random().below(4));
}
void set_program_mask(Builder& b) {
  // The oracle knows no fixed-point overflow exception (see known_differences).
  const unsigned r1 = b.spare();
  b.set(r1, b.random().word() & ~u64{0x0F00'0000});
  b.put(8, 4, r1);
}

/// The oracle aborts at the test form (bit 0 of I3).
void rotate_then_select(Builder& b) {
  Random& r = b.random();
  b.put(8, 4, b.any_register()), b.put(12, 4, b.any_register());
  b.put(16, 8, r.below(128)), b.put(24, 8, r.below(64)), b.put(32, 8, r.below(256));
}
/// The oracle knows TEST AND SET only with zeros in bits 8-15, which are no operand.
void test_and_set(Builder& b) { b.designate(16, b.place(1), false); }

using Setup = void (*)(Builder&);
const std::unordered_map<std::string_view, Setup>& setups() {
  static const std::unordered_map<std::string_view, Setup> map = {
      {"AP", decimal},
      {"SP", decimal},
      {"ZAP", decimal},
      {"CP", decimal},
      {"MP", multiply_or_divide_decimal},
      {"DP", multiply_or_divide_decimal},
      {"SRP", shift_and_round_decimal},
      {"TP", test_decimal},
      {"ED", edit},
      {"EDMK", edit},
      {"PKA", [](Builder& b) { pack_text(b, 1, false); }},
      {"PKU", [](Builder& b) { pack_text(b, 2, false); }},
      {"UNPKA", [](Builder& b) { pack_text(b, 1, true); }},
      {"UNPKU", [](Builder& b) { pack_text(b, 2, true); }},
      {"CVB", [](Builder& b) { convert_to_binary(b, 8, false); }},
      {"CVBY", [](Builder& b) { convert_to_binary(b, 8, true); }},
      {"CVBG", [](Builder& b) { convert_to_binary(b, 16, true); }},
      {"MVCL", move_long},
      {"CLCL", move_long},
      {"MVCLE", move_apart},
      {"MVCIN", move_inverse},
      {"CLCLE", compare_long_extended},
      {"MVCLU", move_apart},
      {"CLCLU", compare_long_extended},
      {"CLST", [](Builder& b) { compare_string(b, false); }},
      {"MVST", [](Builder& b) { compare_string(b, true); }},
      {"SRST", [](Builder& b) { search_string(b, false); }},
      {"SRSTU", [](Builder& b) { search_string(b, true); }},
      {"CKSM", checksum},
      {"CU12", [](Builder& b) { convert_utf(b, 1); }},
      {"CU14", [](Builder& b) { convert_utf(b, 1); }},
      {"CU21", [](Builder& b) { convert_utf(b, 2); }},
      {"CU24", [](Builder& b) { convert_utf(b, 2); }},
      {"CU41", [](Builder& b) { convert_utf(b, 4); }},
      {"CU42", [](Builder& b) { convert_utf(b, 4); }},
      {"TROO", [](Builder& b) { translate_characters(b, 1, 1); }},
      {"TROT", [](Builder& b) { translate_characters(b, 1, 2); }},
      {"TRTO", [](Builder& b) { translate_characters(b, 2, 1); }},
      {"TRTT", [](Builder& b) { translate_characters(b, 2, 2); }},
      {"TRTE", [](Builder& b) { translate_and_test_extended(b, false); }},
      {"TRTRE", [](Builder& b) { translate_and_test_extended(b, true); }},
      {"TRE", translate_extended},
      {"TR", translate_and_test},
      {"TRT", translate_and_test},
      {"TRTR", translate_and_test},
      {"CSST", compare_and_swap_and_store},
      {"RNSBG", rotate_then_select},
      {"ROSBG", rotate_then_select},
      {"RXSBG", rotate_then_select},
      {"TS", test_and_set},
      {"MVCRL", move_right_to_left},
      {"LFPC", load_controls},
      {"LFAS", load_controls},
      {"SFPC", set_controls},
      {"SFASR", set_controls},
      {"SRNM", set_rounding},
      {"SRNMB", set_rounding},
      {"SPM", set_program_mask},
  };
  return map;
}

} // namespace

bool special_setup(Builder& b, const cpu::isa::InstructionDef& def) {
  const auto found = setups().find(def.mnemonic);
  if (found == setups().end()) return false;
  found->second(b);
  return true;
}

} // namespace siena::random_test
