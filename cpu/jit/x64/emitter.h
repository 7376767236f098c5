// SPDX-License-Identifier: BSD-3-Clause
// Host code for one block. Values are given registers in one pass forwards: a guest register's value stays where the guest
// register is as long as that does not change, others live in four temporaries, or in EngineState::spills when they are needed
// later and room is wanted. What only a way out needs (the operands of a condition code) never keeps a register from others.
#pragma once

#include "cpu/jit/ir/block.h"
#include "cpu/jit/x64/assembler.h"

#include <array>
#include <deque>
#include <span>

namespace siena::cpu::jit::x64 {

/// A way out that can be made to go directly to the block at `target`, an offset in the same page. Places are those of 32-bit
/// fields in code, writable.
struct Link {
  u8* charge = nullptr;      ///< time that is taken off on the way: the next block's less `unused`
  u8* charge_back = nullptr; ///< the next block's, when there is no time for it
  u8* jump = nullptr;        ///< displacement to a block that does not want to know the condition code
  u8* jump_with_cc = nullptr;
  const u8* unlinked = nullptr; ///< code for when there is no link
  s32 unused = 0;               ///< time that the block before was charged for instructions behind the way out
  u16 target = 0;
};

struct EmittedBlock {
  // Writable.
  std::span<const u8> straight, cold;
  const u8* body = nullptr; ///< where a block goes that has charged the time already
  s32 charge = 0;
};

/// Makes a link go to that block; and back to where it goes by itself.
void connect(const Link& link, const u8* body, s32 charge, bool needs_cc);
void disconnect(const Link& link);

/// One is used for one block after the other, so that it need not find memory each time.
class Emitter {
 public:
  explicit Emitter(Assembler& a) : a_(a) {}
  /// Appends the block's links to `links`, which has those of all blocks by number.
  EmittedBlock emit(const ir::Block& block, std::vector<Link>& links);

 private:
  using Value = ir::Value;
  using Node = ir::Node;
  using Op = ir::Op;
  /// Where a value is, in the order of preference.
  struct Place {
    s16 reg = kNoRegister; ///< temporary
    s16 home = -1;         ///< it is what guest register `home` has
    s16 spill = -1;
    s16 fpr = -1;      ///< it is what floating-point register `fpr` has, by the width of its type
    bool high = false; ///< of the home: bits 0-31 (read only by loading)
  };
  /// What an exit needs, as it is where the exit begins.
  struct Needed {
    Place a, b, address;
  };
  /// What a vector register has besides the Cpu object: a floating-point register.
  struct Copy {
    s16 fpr = -1;
    bool is_short = false;
  };
  using Copies = std::array<Copy, 16>;
  static constexpr int kFirstCopy = 3; ///< vector registers below have nothing from one node to the next
  /// An operand in storage: `displacement` bytes from what `root` is. Those of one group lie in one page if the first of them finds
  /// that they do.
  struct Access {
    Value root = ir::kNone;
    s32 displacement = 0;
    int group = -1;
  };
  struct Group {
    s32 low, high; ///< displacements of the first byte and of the last
    bool for_store;
    int members;
    int slot;   ///< of EngineState::addends, or -1: a group of one
    bool begun; ///< the first member has been seen
  };
  /// Where the TLB has found an operand.
  struct Found {
    Xbyak::RegExp host;
    int at = kNoRegister, addend = kNoRegister;
    s32 displacement = 0;
    u32 bytes = 0;
    bool for_store = false;
    int slot = -1;
    bool first = false;  ///< of its group
    Label miss, perform; ///< the TLB has not; in a group: with the addend in its register
  };
  /// Code apart from the way straight on.
  struct Cold {
    enum class Kind : u8 { Leave, Fetch, Store, Row, Outcome, Floating, Link, Unknown } kind = Kind::Leave;
    Label begin, back; ///< Link: when there is no time; when there is no link
    ir::ExitIndex exit = ir::kNoExit, after = ir::kNoExit;
    Needed needed, needed_after;
    Place address, value; ///< of the access
    Found found;          ///< where it was looked for
    const Node* node = nullptr;
    int destination = kNoRegister;
    // Floating point: begin is where the FPC asks for more than a result.
    Copies copies;                                                      ///< as they are where the cold part comes back
    Label odd;                                                          ///< the result is not an ordinary number
    Label row;                                                          ///< the row is wanted
    Label retry;                                                        ///< behind the look at the FPC
    Label accept;                                                       ///< the result is right
    int first = kNoRegister, second = kNoRegister, third = kNoRegister; ///< vector registers of operands
    bool looks_at_fpc = false;
    int scratch = kNoRegister; ///< a temporary
    std::size_t link = 0;      ///< its number
  };

  void begin(const ir::Block& block, std::vector<Link>& links);
  void count_uses();
  void node(std::size_t index);
  void release(std::size_t index);

  // Registers
  bool is_locked(int r) const { return (locked_ & (1u << r)) != 0; }
  void lock(int r) { locked_ |= 1u << r; }
  int temporary();
  void evict(int r);
  /// All that is needed after node `index`, or by its ways out, is in another place than a temporary: before the branches of a node that wants all of them.
  void spill_temporaries(std::size_t index);
  /// After that, where the node's cold part comes back: what was put into a temporary on the way straight on only is not there.
  void forget_temporaries();
  /// A register that holds `v`: temporary or home. Locked until the node ends when it is a temporary.
  int in_register(Value v);
  /// The same, and the bits left of its 32 are zeros.
  int in_register_zero_extended(Value v);
  bool is_zero_extended(Value v) const;
  /// A temporary with a copy that may be changed.
  int copy_of(Value v);
  void load(int r, Value v, const Place& p);
  std::optional<u64> constant_of(Value v) const;
  /// In EngineState::page, wherever else it is.
  bool is_page(Value v) const { return block_->nodes[v].op == Op::PageAddress; }
  bool fits(Value v) const; ///< constant, as a sign-extended 32-bit immediate of its type
  /// Where node `index`'s result should go: the guest register that it is about to be put in, or a temporary.
  int destination(std::size_t index);
  /// The same; may be the register of `operand` when nobody needs that any more.
  int destination_or(Value operand, std::size_t index);
  /// The host register of that guest register, when nobody needs its old value there any more; else kNoRegister. The node must
  /// then put its result there.
  int home_destination(std::size_t index);
  void bind(std::size_t index, int r);
  /// Value `v` is what guest register `n` has.
  void set_home(Value v, unsigned n);
  /// Guest register `n` is about to change: values that are only there move.
  void vacate(unsigned n, std::size_t index, Value except);
  bool needed_after(Value v, std::size_t index) const;

  // Nodes
  void arithmetic(std::size_t index, const Node& n);
  void multiply_high(std::size_t index, const Node& n);
  void divide(std::size_t index, const Node& n);
  void shift(std::size_t index, const Node& n);
  void extend(std::size_t index, const Node& n);
  void set_guest(std::size_t index, const Node& n);
  void fetch(std::size_t index, const Node& n);
  void store(std::size_t index, const Node& n);
  void multiple(std::size_t index, const Node& n);
  void call(const Node& n);
  void check_next_page(const Node& n);
  void leave_when_late(ir::ExitIndex e);
  void count_call(const ir::Instruction& i);
  void branch_if(const Node& n);
  void branch_cc(const Node& n);
  bool branch_by_flags(const Node& n);
  void cc_value(std::size_t index, const Node& n);
  void select(std::size_t index, const Node& n);
  void select_cc(std::size_t index, const Node& n);
  void carry_of(Value cc, bool borrow);
  void with_carry(std::size_t index, const Node& n);
  Needed needed_for(const Node& cc) const;
  void lock_operands(const Needed& n);
  /// A locked temporary with the condition code's number.
  int cc_number(Value cc);
  void is_selected(Value cc, u64 mask);
  int otherwise(std::size_t index, const Node& n);
  void compare_and_swap(std::size_t index, const Node& n);
  void fetch_and(std::size_t index, const Node& n);
  void characters(std::size_t index, const Node& n);
  void variable_characters(std::size_t index, const Node& n);
  void move_characters(const Xbyak::RegExp& to, const Xbyak::RegExp& from, u32 length, int scratch);
  void
  combine_characters(Op op, const Xbyak::RegExp& to, const Xbyak::RegExp& from, u32 length, int result, int scratch);
  void compare_characters(int a, int b, u32 length, int result, int scratch);
  void clear_characters(const Xbyak::RegExp& to, u32 length);
  /// The way out of an access that the row's own function serves when it cannot be had at once.
  Cold& row_instead(const Label& miss, const Node& n);
  void set_whole_or_low(u32 number, int r, bool wide);
  // Floating point (floating.cpp)
  void floating(std::size_t index, const Node& n);
  void floating_arithmetic(std::size_t index, const Node& n);
  void floating_conversion(std::size_t index, const Node& n);
  void float_to_fixed(std::size_t index, const Node& n);
  void float_test(std::size_t index, const Node& n);
  void float_compare(const Node& n);
  void set_fpr(std::size_t index, const Node& n);
  void branch_float(const Node& n);
  /// The vector register that has a copy of floating-point register `n`; until the node ends nothing else.
  int copy_of_fpr(int n, bool is_short);
  int free_copy();
  /// The same for what is about to be put into floating-point register `n`.
  int destination_copy(int n, bool is_short);
  /// A vector register that has `v`: a copy or `scratch`.
  int number(Value v, int scratch);
  void load_number(int x, Value v, const Place& p, int general);
  /// Floating-point register `n` is about to change: values that are only there move.
  void preserve_fpr(int n, std::size_t index);
  /// It has changed; vector register `x`, if any, has what is there now, the result of node `index`.
  void fpr_written(int n, bool is_short, std::size_t index, int x);
  void store_fpr(int n, bool is_short, int x);
  void check_fpc(Cold& c);
  void check_rounding(Cold& c);
  Cold& floating_cold(const Node& n);
  void emit_floating_cold(Cold& c);
  void exactness_test(Cold& c);
  void zero_test(Cold& c);
  void compute_float_cc(int to, int other, const Node& cc, const Needed& n);
  Xbyak::Address fpr_field(int n, bool is_short) const;
  bool is_short(Value v) const { return block_->nodes[v].type == ir::Type::I32; }
  /// The operand's address on the host; goes to `miss` when the TLB does not have it. One temporary of it is locked.
  Xbyak::RegExp host_address(Value root, s32 displacement, u32 bytes, bool for_store, Label& miss);
  Xbyak::RegExp host_address(Value address, u32 bytes, bool for_store, Label& miss) {
    return host_address(address, 0, bytes, for_store, miss);
  }
  /// The same for a node's operand, which may belong to a group.
  Found find(std::size_t index);
  /// Equal: the TLB has the page of both bytes, and `tag` is its addend.
  void look_up(int at, s32 first, s32 last, bool for_store, int entry, int tag);
  void emit_single_lookup(Cold& c);
  void plan_accesses();

  /// host_address's own register in what it returned.
  static int temporary_of(const Xbyak::RegExp& host);

  // Ways out (exits.cpp)
  Needed needed(ir::ExitIndex e) const;
  Cold& cold(Cold::Kind kind, ir::ExitIndex e);
  void emit_cold(Cold& c);
  /// A branch's way out, which may be taken often.
  bool is_branch(const Cold& c) const;
  void emit_exit(ir::ExitIndex index, const Needed& n);
  void emit_indirect();
  Operand operand(Value v, const Place& p) const;
  SlowExit slow_exit(ir::ExitIndex e, const Needed& n) const;
  SlowRow slow_row(const Cold& c) const;
  const u8* back_of(const Cold& c) const;
  void to_record(u32 number, const u8* routine);
  void to_record(u32 number, const Assembler::SlowPath& path) {
    to_record(number, has_copies_ ? path.with_copies : path.plain);
  }
  void compute_cc(int to, int other, const Node& cc, const Needed& n);
  void store_cc(const Node& cc, const Needed& n);
  /// Leaves what the condition code follows from: most are never asked for.
  void defer_cc(const Node& cc, const Needed& n, int avoid);
  void settle_if_at_entry(Value cc);
  void compare(const Node& cc, const Needed& n, int scratch);
  int other_than(std::initializer_list<int> avoid) const;
  /// What the block was charged for instructions behind exit `e`.
  s32 unused(const ir::Exit& e) const;
  void emit_link(ir::ExitIndex index, const Needed& n);
  void emit_link_cold(Cold& c);
  /// The 32-bit field that the last instruction ends with.
  u8* field() const;
  /// Adds to or subtracts from r13 (0xC5, 0xED) by such a field.
  u8* change_time(u8 operation);

  Assembler& a_;
  const ir::Block* block_ = nullptr;
  std::vector<Link>* links_ = nullptr;
  std::vector<Place> places_;
  std::vector<s32> last_use_, last_cold_;
  std::vector<Access> accesses_; ///< by node
  std::vector<Group> groups_;
  std::vector<Value> at_home_[16]; ///< all whose home is that guest register, and others
  Value in_temporary_[16];
  Value in_home_[16]; ///< value that a guest register is known to be
  std::array<Value, EngineState::kSpills> spilt_;
  unsigned spills_ = 0; ///< of them only the first so many are in use
  std::vector<bool> done_;
  bool sets_flags_ = false;    ///< the node at work has left the host's flags as its result has them
  Value flags_of_ = ir::kNone; ///< what the host's flags were set by, as its arithmetic sets them
  u32 locked_ = 0;
  Copies copies_;
  bool has_copies_ = false; ///< the block has had one
  u32 locked_copies_ = 0;
  int next_copy_ = 0;
  std::deque<Cold> cold_; ///< the first colds_ of them
  std::size_t colds_ = 0;
};

} // namespace siena::cpu::jit::x64
