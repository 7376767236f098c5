// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/isa/disassembler.h"

#include "base/check.h"
#include "cpu/isa/spelling.h"
#include "cpu/isa/views.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

namespace siena::cpu::isa {

namespace {

/// The fields of an instruction by letter and number: r[1] is its R1. What a format has no field for is zero.
struct Fields {
  std::array<u32, 4> r{}, x{}, l{};
  std::array<u32, 5> m{}, b{};
  std::array<s64, 5> d{}, ri{};
  std::array<s64, 6> i{};
  u32 mask = 0; ///< see When
};

template <class View>
Fields fields_of(const View& v, bool unsigned_immediate) {
  Fields f;
  if constexpr (requires { v.r1(); }) f.r[1] = v.r1();
  if constexpr (requires { v.r2(); }) f.r[2] = v.r2();
  if constexpr (requires { v.r3(); }) f.r[3] = v.r3();
  if constexpr (requires { v.x2(); }) f.x[2] = v.x2();
  if constexpr (requires { v.l(); }) f.l[1] = v.l();
  if constexpr (requires { v.l1(); }) f.l[1] = v.l1();
  if constexpr (requires { v.l2(); }) f.l[2] = v.l2();
  if constexpr (requires { v.b1(); }) f.b[1] = v.b1(), f.d[1] = v.d1();
  if constexpr (requires { v.b2(); }) f.b[2] = v.b2(), f.d[2] = v.d2();
  if constexpr (requires { v.b3(); }) f.b[3] = v.b3(), f.d[3] = v.d3();
  if constexpr (requires { v.b4(); }) f.b[4] = v.b4(), f.d[4] = v.d4();
  if constexpr (requires { v.ri2(); }) f.ri[2] = v.ri2();
  if constexpr (requires { v.ri3(); }) f.ri[3] = v.ri3();
  if constexpr (requires { v.ri4(); }) f.ri[4] = v.ri4();
  if constexpr (requires { v.i(); }) f.i[1] = v.i();
  if constexpr (requires { v.i1(); }) f.i[1] = v.i1();
  if constexpr (requires { v.i2(); }) f.i[2] = v.i2();
  if constexpr (requires { v.i2u(); }) f.i[2] = unsigned_immediate ? s64{v.i2u()} : f.i[2];
  if constexpr (requires { v.i2s(); }) f.i[2] = unsigned_immediate ? f.i[2] : v.i2s();
  if constexpr (requires { v.i3(); }) f.i[3] = v.i3();
  if constexpr (requires { v.i4(); }) f.i[4] = v.i4();
  if constexpr (requires { v.i5(); }) f.i[5] = v.i5();
  if constexpr (requires { v.m4(); }) f.mask = f.m[4] = v.m4();
  if constexpr (requires { v.m3(); }) f.mask = f.m[3] = v.m3();
  if constexpr (requires { v.m1(); }) f.mask = f.m[1] = v.m1();
  return f;
}

bool holds(When when, const Fields& f) {
  switch (when) {
  case When::Always: return true;
  case When::MaskZero: return f.mask == 0;
  case When::MaskNotZero: return f.mask != 0;
  case When::Condition: return f.mask != 0 && f.mask != 15;
  case When::Comparison: return !comparison_name(f.mask).empty();
  case When::M3Zero: return f.m[3] == 0;
  case When::M4Zero: return f.m[4] == 0;
  case When::M3AndM4Zero: return f.m[3] == 0 && f.m[4] == 0;
  case When::ZeroRemaining: return f.i[4] >> 6 == 0b10;
  }
  return false;
}

/// Writes the operands of one instruction.
class Writer {
 public:
  Writer(const Fields& fields, char file, u64 address) : f_(fields), file_(file), address_(address) {}

  std::string operands(std::string_view pattern) {
    std::size_t needed = 0;
    while (!pattern.empty()) {
      const bool optional = pattern.front() == '[';
      if (optional) pattern.remove_prefix(1);
      if (!out_.empty()) out_ += ',';
      const bool zero = operand(pattern);
      if (optional) pattern.remove_prefix(1);
      if (!pattern.empty()) pattern.remove_prefix(1);
      if (!optional || !zero) needed = out_.size();
    }
    out_.resize(needed);
    return std::move(out_);
  }

 private:
  /// Writes the operand at the beginning of `pattern` and removes that; whether the field is zero.
  bool operand(std::string_view& pattern) {
    const char kind = pattern[0];
    const auto n = static_cast<std::size_t>(pattern[1] - '0');
    pattern.remove_prefix(2);
    const auto number = [&](s64 value) {
      append("{}", value);
      return value == 0;
    };
    switch (kind) {
    case 'r':
    case 'f':
    case 'a':
    case 'c':
    case 'R': append("%{}{}", kind == 'R' ? file_ : kind, f_.r[n]); return f_.r[n] == 0;
    case 'm': return number(f_.m[n]);
    case 'i': return number(f_.i[n]);
    case 'z': return number(f_.i[n] & 0x3F);
    case 'j': append("0x{:x}", address_ + static_cast<u64>(f_.ri[n])); return false;
    case 'd': storage(n, pattern); return false;
    default: CHECK(false, "a pattern of cpu/isa/spelling.cpp has a letter that means nothing");
    }
    return false;
  }

  /// `pattern` begins behind the displacement: (b2), (x2,b2), (l1,b1) or (r1,b1). What stands before a base is written even
  /// when it designates register 0, and then the base is too; an index is not.
  void storage(std::size_t n, std::string_view& pattern) {
    append("{}", f_.d[n]);
    const char first = pattern[1];
    const auto m = static_cast<std::size_t>(pattern[2] - '0');
    pattern.remove_prefix(first == 'b' ? 4 : 7);
    const u32 base = f_.b[n];
    if (first == 'l')
      append("({},%r{})", f_.l[m] + 1, base);
    else if (first == 'r' || (first == 'x' && f_.x[m] != 0))
      append("(%r{},%r{})", first == 'r' ? f_.r[m] : f_.x[m], base);
    else if (base != 0)
      append("(%r{})", base);
  }

  template <class... Values>
  void append(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Values>(values)...);
  }

  const Fields& f_;
  const char file_;
  const u64 address_;
  std::string out_;
};

std::string mnemonic_of(const Form& form, const char* name, u32 mask) {
  std::string out;
  for (const char c : form.mnemonic) {
    if (c == '*')
      for (const char* p = name; *p != '\0'; ++p) out += static_cast<char>(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
    else if (c == '?')
      out += form.when == When::Comparison ? comparison_name(mask) : condition_name(mask);
    else
      out += c;
  }
  return out;
}

} // namespace

std::string disassemble(InsnText text, const Decoder& decoder, u64 address) {
  const InstructionDef* def = decoder.find(text);
  if (def == nullptr) {
    std::string out = ".short ";
    for (unsigned i = 0; i < text.length(); i += 2)
      out += fmt::format("{}0x{:04x}", i == 0 ? "" : ",", static_cast<u16>(text.bits >> (48 - 8 * i)));
    return out;
  }
  Fields fields;
  const bool unsigned_immediate = has_unsigned_immediate(*def);
  visit_view(def->format, text, [&](const auto& view) { fields = fields_of(view, unsigned_immediate); });
  const auto forms = forms_of(*def);
  const Form& form = *std::find_if(forms.begin(), forms.end(), [&](const Form& f) { return holds(f.when, fields); });
  const std::string mnemonic = mnemonic_of(form, def->mnemonic, fields.mask);
  const std::string operands =
      Writer(fields, has_floating_point_registers(*def) ? 'f' : 'r', address).operands(form.operands);
  return operands.empty() ? mnemonic : fmt::format("{:<7} {}", mnemonic, operands);
}

} // namespace siena::cpu::isa
