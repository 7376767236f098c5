// SPDX-License-Identifier: BSD-3-Clause
// From instruction text to its row: two table look-ups, built from the rows for the facilities that a machine has.
#pragma once

#include "cpu/isa/definition.h"

#include <array>
#include <memory>
#include <span>

namespace siena::cpu::isa {

/// Where the second half of an opcode key stands, by first byte.
enum class Extension : u8 { None, SecondByte, RightNibble, SixthByte };
Extension extension_of(u8 first_byte);
/// The decoder key of a text (see InstructionDef::opcode).
u16 opcode_of(InsnText text);

class Decoder {
 public:
  /// `facilities`: STFLE doublewords. A row whose facility bit is zero is not decoded (operation exception).
  /// `collaborative_memory`: the same for rows of Facility::CollaborativeMemory.
  explicit Decoder(std::span<const u64> facilities, bool collaborative_memory = true);
  /// nullptr: operation exception.
  const InstructionDef* find(InsnText text) const {
    const auto first = static_cast<u8>(text.bits >> 56);
    const Group& g = groups_[first];
    return g.rows[(text.bits >> g.shift) & g.mask];
  }

 private:
  struct Group {
    const InstructionDef* const* rows = nullptr;
    u8 shift = 0;
    u8 mask = 0;
  };
  std::array<Group, 256> groups_{};
  std::unique_ptr<const InstructionDef*[]> table_;
};

} // namespace siena::cpu::isa
