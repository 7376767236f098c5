// SPDX-License-Identifier: BSD-3-Clause
// What translated code seldom does is done by one function each for all of it, from a record that the translator leaves: accesses
// that the TLB cannot serve, rows instead of generated code, ways out that are not branches. In the code there is the record's
// number and a jump.
#pragma once

#include "cpu/cpu.h"
#include "cpu/jit/backend/host_code.h"
#include "cpu/jit/ir/block.h"

#include <array>
#include <memory>
#include <vector>

namespace siena::cpu::jit::x64 {

/// What r13 has: left of kTimeShift the cycles to the deadline, signed, in the other bits how many more cycles than instructions
/// blocks have charged since the entry. So a block charges both at once.
constexpr int kTimeShift = 19;
/// The most that a block's instructions may cost.
constexpr u32 kMostCycles = (1 << (31 - kTimeShift)) - 1;
static_assert(backend::kLongestRun + kMostCycles < 1 << kTimeShift);
constexpr s32 time_of(u32 cycles, u32 instructions) {
  return static_cast<s32>((cycles << kTimeShift) - (cycles - instructions));
}

/// Where a value is at one place of translated code.
struct Operand {
  enum class Kind : u8 { None, Constant, Register, Guest, GuestHigh, Spill, Fpr, FprShort, Page };
  Kind kind = Kind::None;
  u8 number = 0; ///< of the host's, guest's or floating-point register or the spill
  u64 constant = 0;
};

/// Out of the block to the engine.
struct SlowExit {
  backend::Left left = backend::Left::Again;
  u8 length = 0;           ///< of the instruction that leaves
  bool psw_is_set = false; ///< else its address is `target` bytes into the page
  s32 target = 0;
  s32 unused = 0; ///< time that the block was charged for instructions behind this way out
  // The condition code: as the PSW has it, or what follows by `rule` from the operands.
  ir::Op rule = ir::Op::CcMemory;
  bool wide = false;
  Operand a, b;
};

/// A fetch or, without a destination, a store.
struct SlowAccess {
  const u8* back = nullptr; ///< code that goes on
  Operand address, value;
  s32 displacement = 0; ///< is added to the address
  u8 bytes = 0, base = 0;
  int destination = -1;     ///< host register
  SlowExit failed, changed; ///< `changed`: the store was to translated code
};

/// The row's own function, completed: back to the code.
struct SlowRow {
  const u8* back = nullptr;
  isa::Handler handler = nullptr;
  isa::InsnText text;
  u64* calls = nullptr;
  u16 next = 0; ///< offset of the next instruction
  u16 rest =
      0; ///< cycles that the block was charged for what is behind the row, and for what the row charges by itself
  u8 charged = 0; ///< the latter
  ir::Op op{};    ///< what the row stands for
  bool sets_cc = false;
  u8 number = 0; ///< the guest register that has its result
  int destination = -1;
  SlowExit failed;
  // Floating point.
  bool cc_first = false; ///< the condition code that `failed` names goes to the PSW before
  bool leaves = false;   ///< by `completed` when the row has completed
  SlowExit completed;
  /// For each of xmm3-xmm15 the floating-point register that it is a copy of, bit 7: of its left half.
  static constexpr u8 kNoCopy = 0xFF;
  std::array<u8, 13> copies = kNoCopies;
  static constexpr std::array<u8, 13> kNoCopies = [] {
    std::array<u8, 13> none{};
    none.fill(kNoCopy);
    return none;
  }();
};

/// Records by number. They do not move, since copying them while they grow in number is as much work as making them.
template <typename T>
class Records {
 public:
  u32 add(const T& record) {
    if (count_ % kChunk == 0 && count_ / kChunk == chunks_.size()) chunks_.push_back(std::make_unique<T[]>(kChunk));
    chunks_[count_ / kChunk][count_ % kChunk] = record;
    return count_++;
  }
  const T& operator[](u32 number) const { return chunks_[number / kChunk][number % kChunk]; }
  /// Keeps the memory.
  void clear() { count_ = 0; }

 private:
  static constexpr u32 kChunk = 512;
  std::vector<std::unique_ptr<T[]>> chunks_;
  u32 count_ = 0;
};

/// The records of all translated code, and what it calls.
class SlowPaths {
 public:
  /// A host's registers, as the common code puts them down and takes them up again.
  struct Frame {
    u64 registers[16];
    u64 vectors[13][2]; ///< xmm3-xmm15
    u64 padding;
    u64 number; ///< of the record; on the way back where to go
  };

  u32 add(const SlowAccess& r) { return accesses_.add(r); }
  u32 add(const SlowRow& r) { return rows_.add(r); }
  u32 add(const SlowExit& r) { return exits_.add(r); }
  void clear();
  /// Executable addresses of Assembler::leave_at and leave.
  void leaves_by(const void* leave_at, const void* leave);

  // What the common code calls. They answer where to go on.
  static const void* access(Cpu* cpu, Frame* frame, const SlowPaths* paths);
  static const void* row(Cpu* cpu, Frame* frame, const SlowPaths* paths);
  static const void* exit(Cpu* cpu, Frame* frame, const SlowPaths* paths);

 private:
  static void defer_cc(Cpu& cpu, const Frame& frame, const SlowExit& exit);
  const void* leave(Cpu& cpu, Frame& frame, const SlowExit& exit) const;

  Records<SlowAccess> accesses_;
  Records<SlowRow> rows_;
  Records<SlowExit> exits_;
  const void* leave_at_ = nullptr;
  const void* leave_ = nullptr;
};

/// Has a deferred condition code in the PSW.
void settle(Cpu* cpu);

} // namespace siena::cpu::jit::x64
