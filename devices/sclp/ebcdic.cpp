// SPDX-License-Identifier: BSD-3-Clause
#include "devices/sclp/ebcdic.h"

#include <array>

namespace siena::devices::sclp {
namespace {

constexpr u8 kSubstitute = 0x3F;
constexpr u8 kLineFeed = 0x25;

// clang-format off
constexpr std::array<u8, 128> kAsciiTo500 = {
  0x00, 0x01, 0x02, 0x03, 0x37, 0x2D, 0x2E, 0x2F, 0x16, 0x05, 0x15, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F, // control
  0x10, 0x11, 0x12, 0x13, 0x3C, 0x3D, 0x32, 0x26, 0x18, 0x19, 0x3F, 0x27, 0x1C, 0x1D, 0x1E, 0x1F,
  0x40, 0x4F, 0x7F, 0x7B, 0x5B, 0x6C, 0x50, 0x7D, 0x4D, 0x5D, 0x5C, 0x4E, 0x6B, 0x60, 0x4B, 0x61, // blank to /
  0xF0, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0x7A, 0x5E, 0x4C, 0x7E, 0x6E, 0x6F, // 0 to ?
  0x7C, 0xC1, 0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xD1, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, // @ to O
  0xD7, 0xD8, 0xD9, 0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0x4A, 0xE0, 0x5A, 0x5F, 0x6D, // P to _
  0x79, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, // ` to o
  0x97, 0x98, 0x99, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xC0, 0xBB, 0xD0, 0xA1, 0x07, // p to DEL
};
// clang-format on

constexpr std::array<u8, 128> ascii_to_037() {
  auto table = kAsciiTo500;
  table['!'] = 0x5A;
  table['['] = 0xBA;
  table[']'] = 0xBB;
  table['^'] = 0xB0;
  table['|'] = 0x4F;
  return table;
}

constexpr std::array<u8, 256> inverse(const std::array<u8, 128>& to_ebcdic) {
  std::array<u8, 256> table{};
  for (auto& ascii : table) ascii = '?';
  for (unsigned ascii = 0; ascii < 128; ++ascii) table[to_ebcdic[ascii]] = static_cast<u8>(ascii);
  table[kSubstitute] = '?';
  table[kLineFeed] = '\n';
  return table;
}

constexpr auto kAsciiTo037 = ascii_to_037();
constexpr auto k500ToAscii = inverse(kAsciiTo500);
constexpr auto k037ToAscii = inverse(kAsciiTo037);

} // namespace

u8 ebcdic_from_ascii(CodePage page, u8 character) {
  if (character >= 128) return kSubstitute;
  return page == CodePage::International500 ? kAsciiTo500[character] : kAsciiTo037[character];
}

u8 ascii_from_ebcdic(CodePage page, u8 character) {
  return page == CodePage::International500 ? k500ToAscii[character] : k037ToAscii[character];
}

void store_ebcdic(std::span<u8> field, std::string_view text) {
  for (std::size_t i = 0; i < field.size(); ++i) {
    const u8 character = i < text.size() ? static_cast<u8>(text[i]) : static_cast<u8>(' ');
    field[i] = ebcdic_from_ascii(CodePage::International500, character);
  }
}

std::string load_ebcdic(std::span<const u8> field) {
  std::string text;
  for (const u8 character : field) {
    const u8 ascii = ascii_from_ebcdic(CodePage::International500, character);
    text += ascii >= ' ' && ascii < 0x7F ? static_cast<char>(ascii) : '?';
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

} // namespace siena::devices::sclp
