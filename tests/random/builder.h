// SPDX-License-Identifier: BSD-3-Clause
// Builds one group: the instruction with its fields drawn, preceded by what makes its operands sensible most of the time.
#pragma once

#include "tests/random/program.h"

namespace siena::random_test {

/// The roles of general registers at a case's start, which generated instructions mostly leave alone.
constexpr unsigned kLoopRegister = 10, kIndexRegister = 11, kFirstPointer = 12, kLastPointer = 14;

class Builder {
 public:
  /// `alone`: the group is the whole program, so it may end in an interruption as often as it likes.
  Builder(Random& random, Case& c, unsigned number, bool alone) : random_(random), case_(c), alone_(alone) {
    group_.number = number;
  }

  Group build(const cpu::isa::InstructionDef& def);
  /// EXECUTE (RELATIVE LONG) of an instruction.
  Group build_executed(const cpu::isa::InstructionDef& execute, const cpu::isa::InstructionDef& target);

  // What setups (setups.cpp) are made of. Bit numbers count from the left of the text.
  void put(unsigned first, unsigned width, u64 value) {
    const u64 mask = ((u64{1} << width) - 1) << (64 - first - width);
    main_.text.bits = (main_.text.bits & ~mask) | ((value << (64 - first - width)) & mask);
  }
  u64 get(unsigned first, unsigned width) const {
    return (main_.text.bits >> (64 - first - width)) & ((u64{1} << width) - 1);
  }
  Random& random() { return random_; }
  /// A register that the group has not given a meaning to yet.
  unsigned spare();
  /// The first of an even-odd pair of such registers.
  unsigned spare_pair();
  void set(unsigned gr, u64 value);
  void set_target(unsigned gr, Target target);
  /// Data address of an operand of so many bytes: inside, over page ends, up to the last byte there is, or past it.
  u64 place(u64 length, u64 alignment = 1);
  void poke(u64 address, std::initializer_list<u8> bytes);
  void poke(u64 address, const std::vector<u8>& bytes);
  /// Makes base and displacement (12 bits, or 20 with `wide`) at `first` designate `address`.
  void designate(unsigned first, u64 address, bool wide);
  /// Some storage operand: the pointers, or a base of its own.
  void storage(unsigned first, bool wide, u64 length, u64 alignment, bool indexed);
  /// Goes back to the instruction while the condition code is 3.
  void until_complete() { until_complete_ = true; }
  unsigned any_register();
  /// Puts an instruction before the one that is built.
  void before(u64 bits, Target target = {}) { group_.pieces.push_back({{bits}, target}); }
  void target(Target target) { main_.target = target; }
  Target forward() { return {Target::Kind::Group, group_.number + 1 + random_.below(4)}; }
  bool alone() const { return alone_; }

 private:
  void fields(const cpu::isa::InstructionDef& def);
  void start(const cpu::isa::InstructionDef& def);

  Random& random_;
  Case& case_;
  bool alone_;
  Group group_;
  Piece main_;
  u32 used_ = 1 << kLoopRegister;
  u64 last_place_ = RANDOM_DATA;
  bool until_complete_ = false;
};

/// Operands for an instruction that random fields do not suit; false when there is nothing special about it. (setups.cpp)
bool special_setup(Builder& b, const cpu::isa::InstructionDef& def);
/// The same for branches (flow.cpp).
bool branch_setup(Builder& b, const cpu::isa::InstructionDef& def);

} // namespace siena::random_test
