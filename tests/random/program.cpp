// SPDX-License-Identifier: BSD-3-Clause
#include "tests/random/program.h"

#include "base/check.h"
#include "cpu/isa/disassembler.h"

#include <cstdio>

namespace siena::random_test {

namespace {

constexpr u64 kJumpToExit = 0xC0F4'0000'0000'0000;

struct Field {
  unsigned first, width;
};
/// The relative field of a format (that of RIL unless it has 16 bits).
Field relative_field(cpu::isa::InsnText text) {
  return text.length() == 6 && (text.bits >> 60 == 0xC) && (text.bits >> 56) != 0xC5 && (text.bits >> 56) != 0xC7
             ? Field{16, 32}
             : Field{16, 16};
}

struct Layout {
  struct Placed {
    Piece piece;
    const Group* group;
    u64 address;
  };
  std::vector<Placed> placed;
  std::vector<u64> group_addresses;
  u64 end = 0;
};

Layout lay_out(const Case& c) {
  Layout layout;
  u64 address = RANDOM_CODE;
  const auto place = [&](const Piece& piece, const Group* group) {
    layout.placed.push_back({piece, group, address});
    address += piece.text.length();
  };
  for (const Group& group : c.groups) {
    layout.group_addresses.push_back(address);
    for (const Piece& piece : group.pieces) place(piece, &group);
  }
  layout.end = address;
  place({{kJumpToExit}, {Target::Kind::Address, RANDOM_EXIT}}, nullptr);
  for (const Group& group : c.groups)
    for (const Piece& piece : group.pool) place(piece, &group);
  return layout;
}

u64 resolve(const Case& c, const Layout& layout, const Layout::Placed& from) {
  const Target& target = from.piece.target;
  switch (target.kind) {
  case Target::Kind::Group:
    for (std::size_t i = 0; i < c.groups.size(); ++i)
      if (c.groups[i].number >= target.value) return layout.group_addresses[i];
    return layout.end;
  case Target::Kind::Piece:
  case Target::Kind::Pool: {
    // Pieces of a group stand in one run, those of its pool in another one behind the end.
    std::size_t n = target.value;
    for (const auto& placed : layout.placed)
      if (placed.group == from.group && (placed.address > layout.end) == (target.kind == Target::Kind::Pool) &&
          n-- == 0)
        return placed.address;
    CHECK(false, "the piece exists");
    return 0;
  }
  default: return target.value;
  }
}

} // namespace

std::vector<u8> assemble(const Case& c) {
  const Layout layout = lay_out(c);
  std::vector<u8> bytes;
  for (const auto& placed : layout.placed) {
    u64 bits = placed.piece.text.bits;
    if (placed.piece.target.kind != Target::Kind::None) {
      const Field field = relative_field(placed.piece.text);
      const auto halfwords = static_cast<s64>(resolve(c, layout, placed) - placed.address) >> 1;
      bits |= (static_cast<u64>(halfwords) << (64 - field.width)) >> field.first;
    }
    for (unsigned i = 0; i < placed.piece.text.length(); ++i) bytes.push_back(static_cast<u8>(bits >> (56 - 8 * i)));
  }
  CHECK(bytes.size() <= RANDOM_CODE_SIZE, "a program fits its area");
  bytes.resize(RANDOM_CODE_SIZE); // what is behind it can be operands
  return bytes;
}

std::string disassemble(const Case& c, const cpu::isa::Decoder& decoder) {
  const std::vector<u8> bytes = assemble(c);
  std::string out;
  const Layout layout = lay_out(c);
  const std::size_t size = layout.placed.back().address + layout.placed.back().piece.text.length() - RANDOM_CODE;
  for (std::size_t at = 0; at < size;) {
    u64 bits = 0;
    for (std::size_t i = 0; i < 6; ++i) bits = bits << 8 | (at + i < bytes.size() ? bytes[at + i] : 0);
    const cpu::isa::InsnText text{bits << 16};
    char line[64];
    std::snprintf(line, sizeof line, "  %8zx  ", static_cast<std::size_t>(RANDOM_CODE) + at);
    out += line;
    for (unsigned i = 0; i < 6; ++i) {
      std::snprintf(line, sizeof line, i < text.length() ? "%02x" : "  ", at + i < bytes.size() ? bytes[at + i] : 0);
      out += line;
    }
    out += "  " + cpu::isa::disassemble(text, decoder, RANDOM_CODE + at) + "\n";
    at += text.length();
  }
  return out;
}

} // namespace siena::random_test
