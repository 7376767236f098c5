// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/isa/disassembler.h"

#include "cpu/isa/views.h"

#include <fmt/format.h>

namespace siena::cpu::isa {

namespace {

/// Register file of the operands named r1, r2, r3, by the opcode's place in the map.
struct Files {
  char r1 = 'r', r2 = 'r', r3 = 'r';
};

Files files_of(u16 opcode) {
  const unsigned first = opcode >> 8, second = opcode & 0xFF;
  switch (first) {
  case 0x28:
  case 0x38:
  case 0x60:
  case 0x68:
  case 0x70:
  case 0x78:
  case 0xED: return {'f', 'f', 'f'};
  case 0x9A:
  case 0x9B: return {'a', 'r', 'a'};
  case 0xB6:
  case 0xB7: return {'c', 'r', 'c'};
  case 0xB2:
    if (second == 0x4D) return {'a', 'a', 'r'};
    if (second == 0x4E) return {'a', 'r', 'r'};
    if (second == 0x4F) return {'r', 'a', 'r'};
    return {};
  case 0xEB:
    if (second == 0x25 || second == 0x2F) return {'c', 'r', 'c'};
    if (second == 0x9A || second == 0x9B) return {'a', 'r', 'a'};
    return {};
  case 0xE3: return {};
  case 0xB3:
    if (second >= 0x90 && second <= 0xA6 && (second & 7) <= 6 && (second & 0xF) < 7)
      return {'f', 'r', 'f'};                                     // from fixed
    if (second >= 0x98 && second <= 0xAE) return {'r', 'f', 'f'}; // to fixed
    if (second == 0x84 || second == 0x85 || second == 0x8C) return {};
    if (second == 0xC1) return {'f', 'r', 'f'};
    if (second == 0xCD) return {'r', 'f', 'f'};
    return {'f', 'f', 'f'};
  default: return {};
  }
}

std::string base_displacement(s64 d, u32 b) { return b == 0 ? fmt::format("{}", d) : fmt::format("{}(%r{})", d, b); }
std::string indexed(s64 d, u32 x, u32 b) {
  if (x == 0) return base_displacement(d, b);
  return b == 0 ? fmt::format("{}(%r{})", d, x) : fmt::format("{}(%r{},%r{})", d, x, b);
}
std::string with_length(s64 d, u32 l, u32 b) {
  return b == 0 ? fmt::format("{}({})", d, l) : fmt::format("{}({},%r{})", d, l, b);
}

/// Operands of one view, in the order an assembler wants them. What a view has decides; the few exceptions come first.
template <class View>
std::string operands(const View& v, const Files& f, u64 address) {
  std::string out;
  const auto add = [&](std::string s) { out += out.empty() ? std::move(s) : "," + s; };
  const auto reg = [](char file, u32 n) { return fmt::format("%{}{}", file, n); };
  constexpr Format F = View::format;
  if constexpr (F == Format::SS_a)
    return with_length(v.d1(), v.l() + 1, v.b1()) + "," + base_displacement(v.d2(), v.b2());
  else if constexpr (F == Format::SS_b)
    return with_length(v.d1(), v.l1() + 1, v.b1()) + "," + with_length(v.d2(), v.l2() + 1, v.b2());
  else if constexpr (F == Format::SS_c)
    return with_length(v.d1(), v.l1() + 1, v.b1()) + "," + base_displacement(v.d2(), v.b2()) +
           fmt::format(",{}", v.i3());
  else if constexpr (F == Format::SS_d)
    return fmt::format("{}(%r{},%r{}),{},%r{}", v.d1(), v.r1(), v.b1(), base_displacement(v.d2(), v.b2()), v.r3());
  else if constexpr (F == Format::SS_f)
    return base_displacement(v.d1(), v.b1()) + "," + with_length(v.d2(), v.l2() + 1, v.b2());
  else if constexpr (F == Format::RSL_a)
    return with_length(v.d1(), v.l1() + 1, v.b1());
  else if constexpr (F == Format::RRF_a)
    return fmt::format("%{}{},%{}{},%{}{}", f.r1, v.r1(), f.r2, v.r2(), f.r3, v.r3());
  else {
    if constexpr (F == Format::RR) return reg(f.r1, v.r1()) + "," + reg(f.r2, v.r2());
    if constexpr (
        requires { v.m1(); } && !requires { v.r1(); })
      add(fmt::format("{}", v.m1()));
    if constexpr (requires { v.r1(); }) add(reg(f.r1, v.r1()));
    if constexpr (F == Format::RXF)
      add(reg(f.r3, v.r3()));
    else if constexpr (F == Format::RRD)
      add(reg(f.r3, v.r3()));
    else if constexpr (requires { v.r3(); })
      add(reg(f.r3, v.r3()));
    if constexpr (
        requires { v.m3(); } && (F == Format::RRF_c || F == Format::RRF_e) == false && requires { v.b2(); }) {
    }
    if constexpr (F == Format::RRF_e) add(fmt::format("{}", v.m3()));
    if constexpr (requires { v.b1(); }) add(base_displacement(v.d1(), v.b1()));
    if constexpr (requires { v.x2(); })
      add(indexed(v.d2(), v.x2(), v.b2()));
    else if constexpr (requires { v.b2(); })
      add(base_displacement(v.d2(), v.b2()));
    if constexpr (requires { v.r2(); }) add(reg(f.r2, v.r2()));
    if constexpr (F == Format::RRF_e || F == Format::RRF_d) add(fmt::format("{}", v.m4()));
    if constexpr (requires { v.i2(); }) add(fmt::format("{}", v.i2()));
    if constexpr (requires { v.i3(); }) add(fmt::format("{},{},{}", v.i3(), v.i4(), v.i5()));
    if constexpr (F == Format::RRF_c || F == Format::RS_b || F == Format::RSY_b || F == Format::RIE_a ||
                  F == Format::RIE_b || F == Format::RIE_c || F == Format::RIE_g || F == Format::RIS ||
                  F == Format::RRS)
      add(fmt::format("{}", v.m3()));
    if constexpr (requires { v.b4(); }) add(base_displacement(v.d4(), v.b4()));
    if constexpr (requires { v.ri2(); }) add(fmt::format("0x{:x}", address + static_cast<u64>(v.ri2())));
    if constexpr (requires { v.ri4(); }) add(fmt::format("0x{:x}", address + static_cast<u64>(v.ri4())));
    if constexpr (F == Format::I) return fmt::format("{}", v.i());
    if constexpr (F == Format::IE) return fmt::format("{},{}", v.i1(), v.i2());
    return out;
  }
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
  std::string mnemonic = def->mnemonic;
  for (char& c : mnemonic) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  std::string ops;
  visit_view(def->format, text, [&](const auto& view) { ops = operands(view, files_of(def->opcode), address); });
  return ops.empty() ? mnemonic : fmt::format("{:<8}{}", mnemonic, ops);
}

} // namespace siena::cpu::isa
