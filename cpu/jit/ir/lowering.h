// SPDX-License-Identifier: BSD-3-Clause
// The state of one block's lowering, and the small words in which the rules for instructions are written.
#pragma once

#include "cpu/jit/ir/fields.h"
#include "cpu/jit/ir/lower.h"

#include <optional>

namespace siena::cpu::jit::ir {

class Lowering {
 public:
  /// Into `block`, which must live as long.
  Lowering(const LowerOptions& options, Block& block) : options_(options), block_(block) {
    block_.clear();
    for (u64 cc = 0; cc < 4; ++cc) cc_node(Op::CcConstant, kNone, kNone, cc);
    cc_ = cc_node(Op::CcMemory, kNone);
    forget_fprs();
  }

  /// What an EXECUTE executes, when that is known to be text of the same page.
  struct ExecuteTarget {
    isa::InsnText text;
    const isa::InstructionDef* def = nullptr;
    u16 offset = 0; ///< in the page
  };
  /// Appends one instruction; false when the block ends with it.
  bool instruction(const Instruction& instruction, const ExecuteTarget& target);
  /// Where the instruction to come finds its EXECUTE target, counted in bytes from the page's first; nothing: it is no EXECUTE,
  /// or where its target is will be known when it is executed.
  std::optional<s64> execute_target(const Instruction& instruction) const;
  /// Before an instruction at `offset` that ends in the next page, whose text is at `next`.
  void crosses_into(const u8* next, u16 offset);
  /// Ends a block that goes on behind its last instruction.
  void finish();

 private:
  // The rules; false when there is none for this row. A rule that has begun to append nodes must end in success.
  bool regular(const isa::InstructionDef& def, const Fields& f);
  bool branch(const isa::InstructionDef& def, const Fields& f);
  bool irregular(const isa::InstructionDef& def, const Fields& f);
  bool on_condition(const isa::InstructionDef& def, const Fields& f);
  bool under_mask(const isa::InstructionDef& def, const Fields& f);
  bool characters(const isa::InstructionDef& def, const Fields& f);
  /// `target` without a row: it is another instruction, or the target is not known.
  bool execute(const Fields& f, const ExecuteTarget& target);
  bool interlocked(const isa::InstructionDef& def, const Fields& f);
  bool floating(const isa::InstructionDef& def, const Fields& f);
  void call();

  // Nodes
  Value add(const Node& n);
  Value constant(Type type, u64 value);
  Value unary(Op op, Type type, Value a, u64 imm = 0);
  Value binary(Op op, Type type, Value a, Value b);
  Value gr(u32 n);
  Value gr_low(u32 n);
  Value gr_high(u32 n);
  /// For who wants no more than the right half: a whole register after a half of it has been stored is what a host waits for.
  Value gr_with_low(u32 n) { return registers_[n].whole != kNone ? registers_[n].whole : gr_low(n); }
  void set_gr(u32 n, Value v);
  void set_gr_low(u32 n, Value v);
  void set_gr_high(u32 n, Value v);
  /// Base, index and displacement, as the 64-bit mode adds them.
  Value address(u32 base, s64 displacement, u32 index = 0);
  Value load(Type type, Value address, u32 bytes, u32 base);
  void store(Value address, Value value, u32 bytes, u32 base, Value cc_after);
  /// Virtual address, `offset` bytes from the first byte of the page in execution.
  Value page_address(s64 offset);
  void set_cc(Value cc) { cc_ = cc; }
  /// Has the condition code in the PSW.
  void cc_to_psw();
  Value cc_node(Op op, Value a, Value b = kNone, u64 imm = 0);

  // Floating point. The first instruction of a block finds out whether there are such instructions at all.
  void check_floating();
  Value fpr(Type type, u32 n);
  void set_fpr(Type type, u32 n, Value v);
  /// An operation that writes register `n`.
  Value floating_operation(Op op, Type type, u32 n, Value a, Value b = kNone, u64 how = 0);
  void forget_fprs();

  // Exits
  Exit here(Exit::Kind kind) const;
  ExitIndex fault();
  ExitIndex add_exit(const Exit& e);
  /// Taken branches. `ri`: from the instruction, in bytes.
  ExitIndex taken(s64 ri);
  ExitIndex taken_indirect(Value address);
  void leave(ExitIndex e) {
    add({.op = Op::Leave, .exit = e});
    open_ = false;
  }
  void branch_cc(u32 mask, ExitIndex e);
  void branch_compare(u32 mask, bool is_signed, Value a, Value b, ExitIndex e);

  // Recipes
  Value read(isa::Operand operand, isa::Width width, isa::Operation operation, const Fields& f);
  /// Where the rule for the whole register is better than that for half of it, or the other way round; false: the recipe holds.
  bool other_width(const isa::Recipe& r, const Fields& f);
  bool possible(const isa::Recipe& r, const Fields& f) const;
  Value storage_operand(isa::Operand operand, Type type, bool is_signed, const Fields& f);

  /// What is known of a guest register: the nodes that hold its whole, its right half.
  struct Known {
    Value whole = kNone, low = kNone;
  };
  /// Sums and constants that there have been lately: the same again are the same values.
  struct Recent {
    static constexpr std::size_t kSize = 8;
    struct {
      Type type;
      u64 value;
      Value node = kNone;
    } constants[kSize];
    struct {
      Type type;
      Value a, b, node = kNone;
    } sums[kSize];
    std::size_t next_constant = 0, next_sum = 0;
    Value page = kNone;
  };

  LowerOptions options_;
  Block& block_;
  Recent recent_;
  Known registers_[16];
  Value long_fprs_[16], short_fprs_[16]; ///< what is known of them
  bool floating_checked_ = false;
  Value cc_ = kNone;
  Value rmw_address_ = kNone; ///< of the storage operand that an instruction fetches and stores
  bool open_ = true;
  u8 length_ = 0;
};

} // namespace siena::cpu::jit::ir
