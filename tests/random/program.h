// SPDX-License-Identifier: BSD-3-Clause
// A random program before it has addresses: groups of instructions that stay together (what sets an instruction up, then the
// instruction), so that a failing program can be cut down group by group and assembled again.
#pragma once

#include "tests/random/record.h"

#include "base/types.h"
#include "cpu/isa/decoder.h"

#include <array>
#include <string>
#include <vector>

namespace siena::random_test {

/// Small, fast and the same everywhere (SplitMix64).
class Random {
 public:
  explicit Random(u64 seed) : state_(seed) {}
  u64 word() {
    u64 z = state_ += 0x9E37'79B9'7F4A'7C15;
    z = (z ^ (z >> 30)) * 0xBF58'476D'1CE4'E5B9;
    z = (z ^ (z >> 27)) * 0x94D0'49BB'1331'11EB;
    return z ^ (z >> 31);
  }
  u64 below(u64 n) { return word() % n; }
  bool one_in(u64 n) { return below(n) == 0; }
  bool percent(u64 n) { return below(100) < n; }
  template <typename T, std::size_t N>
  const T& of(const T (&values)[N]) {
    return values[below(N)];
  }

 private:
  u64 state_;
};

/// What a relative field designates.
struct Target {
  enum class Kind : u8 {
    None,
    Group,   ///< the first group that is left with this or a later number; the program's end when there is none
    Piece,   ///< a piece of the same group
    Pool,    ///< a piece of the same group's pool
    Address, ///< an address
  };
  Kind kind = Kind::None;
  u64 value = 0;
};

/// One instruction, left-aligned, and its relative field if that is still to be filled in.
struct Piece {
  cpu::isa::InsnText text;
  Target target;
};

struct Group {
  unsigned number = 0;
  const cpu::isa::InstructionDef* definition = nullptr; ///< of the instruction that the group is about
  std::vector<Piece> pieces;
  std::vector<Piece> pool; ///< behind the end of the program: what EXECUTE executes
};

struct State {
  std::array<u64, 16> gr{}, fpr{};
  std::array<u32, 16> ar{};
  u32 fpc = 0;
  u32 cc = 0; ///< as in random_state
  u64 address = 0;
  u32 signal = 0, signal_code = 0;
};

struct Case {
  u64 seed = 0;
  std::vector<Group> groups;
  bool addressing_31 = false; ///< else the 64-bit mode
  State before;
  std::vector<u8> data;
};

struct FinalState {
  State after;
  std::vector<u8> data;
};

/// The bytes to be put at RANDOM_CODE: the groups, a jump to RANDOM_EXIT, the pools.
std::vector<u8> assemble(const Case& c);
/// What was assembled, as text.
std::string disassemble(const Case& c, const cpu::isa::Decoder& decoder);

} // namespace siena::random_test
