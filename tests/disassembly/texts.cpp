// SPDX-License-Identifier: BSD-3-Clause
#include "tests/disassembly/texts.h"

#include "cpu/isa/disassembler.h"

#include <cstdlib>
#include <set>

namespace siena::cpu::isa {

namespace {

constexpr u64 kAllFacilities[4] = {~u64{0}, ~u64{0}, ~u64{0}, ~u64{0}};

u64 opcode_bits(const InstructionDef& def) {
  constexpr u64 kFirst = u64{0xFF} << 56;
  switch (extension_of(static_cast<u8>(def.opcode >> 8))) {
  case Extension::None: return kFirst;
  case Extension::SecondByte: return kFirst | u64{0xFF} << 48;
  case Extension::RightNibble: return kFirst | u64{0x0F} << 48;
  case Extension::SixthByte: return kFirst | u64{0xFF} << 16;
  }
  return kFirst;
}

u64 free_bits(const InstructionDef& def) { return ~u64{0} << (64 - 8 * length_of(def.format)) & ~opcode_bits(def); }

} // namespace

const Decoder& every_row() {
  static const Decoder kDecoder{kAllFacilities};
  return kDecoder;
}

InsnText text_of(const InstructionDef& def, u64 bits) {
  const u64 extension = def.opcode & 0xFF;
  const u64 opcode = u64{static_cast<u64>(def.opcode >> 8)} << 56 | extension << 48 | extension << 16;
  return {(opcode & opcode_bits(def)) | (bits & free_bits(def))};
}

u64 operand_bits(const InstructionDef& def) {
  std::mt19937_64 random{def.opcode};
  constexpr int kTexts = 32;
  u64 used = 0;
  for (int i = 0; i < kTexts; ++i) {
    // The first has nothing that an operand's zero would leave out, and no mask that has a name.
    const InsnText text = text_of(def, i == 0 ? ~u64{0} : random());
    const std::string whole = disassemble(text, every_row(), 0);
    for (u64 bit = u64{1} << 63; bit != 0; bit >>= 1)
      if ((bit & free_bits(def)) != 0 && disassemble({text.bits ^ bit}, every_row(), 0) != whole) used |= bit;
  }
  return used;
}

u64 ignored_bits(const InstructionDef& def) { return free_bits(def) & ~operand_bits(def); }

std::vector<InsnText> texts_of(const InstructionDef& def, std::mt19937_64& random) {
  const u64 used = operand_bits(def);
  std::set<u64> texts;
  const auto add = [&](u64 bits) { texts.insert(text_of(def, bits & used).bits); };
  for (u64 digit = 0; digit < 16; ++digit) {
    add(digit * 0x1111'1111'1111'1111);
    for (unsigned at = 0; at < 64; at += 4)
      for (const u64 others : {u64{0}, u64{random()}}) add((others & ~(u64{0xF} << at)) | digit << at);
    add(random());
  }
  std::vector<InsnText> out;
  for (const u64 bits : texts) out.push_back({bits});
  return out;
}

u64 seed() {
  const char* text = std::getenv("SIENA_SEED");
  return text == nullptr ? 1 : std::strtoull(text, nullptr, 0);
}

std::string normalised(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\n';
    if (!blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

} // namespace siena::cpu::isa
