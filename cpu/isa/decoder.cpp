// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/isa/decoder.h"

#include "cpu/isa/rows/rows.h"

namespace siena::cpu::isa {

Extension extension_of(u8 first_byte) {
  switch (first_byte) {
  case 0x01:
  case 0xB2:
  case 0xB3:
  case 0xB9:
  case 0xE5: return Extension::SecondByte;
  case 0xA5:
  case 0xA7:
  case 0xAA:
  case 0xC0:
  case 0xC2:
  case 0xC4:
  case 0xC6:
  case 0xC8:
  case 0xCC: return Extension::RightNibble;
  case 0xE3:
  case 0xE6:
  case 0xE7:
  case 0xEB:
  case 0xEC:
  case 0xED: return Extension::SixthByte;
  default: return Extension::None;
  }
}

u16 opcode_of(InsnText text) {
  const auto first = static_cast<u8>(text.bits >> 56);
  u64 extension = 0;
  switch (extension_of(first)) {
  case Extension::None: break;
  case Extension::SecondByte: extension = (text.bits >> 48) & 0xFF; break;
  case Extension::RightNibble: extension = (text.bits >> 48) & 0x0F; break;
  case Extension::SixthByte: extension = (text.bits >> 16) & 0xFF; break;
  }
  return static_cast<u16>(first << 8 | static_cast<unsigned>(extension));
}

Decoder::Decoder(std::span<const u64> facilities, bool collaborative_memory) {
  std::size_t size = 0;
  std::array<std::size_t, 256> start{};
  for (unsigned first = 0; first < 256; ++first) {
    start[first] = size;
    switch (extension_of(static_cast<u8>(first))) {
    case Extension::None:
      groups_[first] = {nullptr, 0, 0};
      size += 1;
      break;
    case Extension::SecondByte:
      groups_[first] = {nullptr, 48, 0xFF};
      size += 256;
      break;
    case Extension::RightNibble:
      groups_[first] = {nullptr, 48, 0x0F};
      size += 16;
      break;
    case Extension::SixthByte:
      groups_[first] = {nullptr, 16, 0xFF};
      size += 256;
      break;
    }
  }
  table_ = std::make_unique<const InstructionDef*[]>(size);
  for (unsigned first = 0; first < 256; ++first) groups_[first].rows = &table_[start[first]];
  for (const InstructionDef* def : all_rows()) {
    const auto n = static_cast<int>(def->facility);
    const bool installed =
        n < 0 || (static_cast<std::size_t>(n / 64) < facilities.size() &&
                  (facilities[static_cast<std::size_t>(n / 64)] & bit(static_cast<unsigned>(n % 64))) != 0);
    if (def->facility == Facility::CollaborativeMemory && !collaborative_memory) continue;
    if (installed) table_[start[def->opcode >> 8] + (def->opcode & groups_[def->opcode >> 8].mask)] = def;
  }
}

} // namespace siena::cpu::isa
