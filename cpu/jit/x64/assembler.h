// SPDX-License-Identifier: BSD-3-Clause
// The host code's conventions, and what all blocks share: entry, exit, calls.
//
//   rbp       base of the CPU's fields (layout.h)         r12  entries of the data context's TLB
//   r13       time (kTimeShift)                            rsp  16-byte aligned
//   rax rcx rdx rsi                                        values within a block
//   the rest  guest registers, in every block the same (kHome)
//
// Code is written through one mapping and executed through another: no page is ever writable and executable.
#pragma once

#include "cpu/jit/backend/host_code.h"
#include "cpu/jit/x64/encoder.h"
#include "cpu/jit/x64/layout.h"
#include "cpu/jit/x64/slow_path.h"

#include <memory>

namespace siena::cpu::jit::x64 {

using Xbyak::Reg32;
using Xbyak::Reg64;

constexpr int kNoRegister = -1;
/// Host register that holds each guest register, or kNoRegister: its place in the Cpu object.
constexpr int kHome[16] = {kNoRegister,
                           Xbyak::Operand::R8,
                           Xbyak::Operand::RDI,
                           Xbyak::Operand::R9,
                           Xbyak::Operand::R10,
                           Xbyak::Operand::R11,
                           kNoRegister,
                           kNoRegister,
                           kNoRegister,
                           kNoRegister,
                           kNoRegister,
                           Xbyak::Operand::RBX,
                           kNoRegister,
                           kNoRegister,
                           Xbyak::Operand::R14,
                           Xbyak::Operand::R15};
constexpr int kTemporaries[] = {Xbyak::Operand::RAX, Xbyak::Operand::RCX, Xbyak::Operand::RDX, Xbyak::Operand::RSI};

inline Reg64 r64(int r) { return Reg64(r); }
inline Reg32 r32(int r) { return Reg32(r); }
inline Xbyak::Reg16 r16(int r) { return Xbyak::Reg16(r); }
/// Its rightmost byte, also of rsi and rdi.
inline Xbyak::Reg8 r8(int r) { return Xbyak::Reg8(r, r >= 4 && r < 8); }

using backend::Left;

/// A virtual address shifted right by kTlbShift and masked is the distance of its entry in a translation context.
constexpr u32 kTlbShift = 7, kTlbIndexMask = (mmu::TlbContext::kEntries - 1) * sizeof(mmu::TlbEntry);
static_assert(kPageSize >> kTlbShift == sizeof(mmu::TlbEntry));

/// EngineState::cc_rule for a condition code of that kind.
constexpr u32 cc_rule(ir::Op op, bool wide) { return static_cast<u32>(op) | (wide ? 0x100u : 0u); }

/// Memory for code, seen twice.
class CodeMemory {
 public:
  explicit CodeMemory(std::size_t size);
  ~CodeMemory();
  CodeMemory(const CodeMemory&) = delete;
  CodeMemory& operator=(const CodeMemory&) = delete;
  u8* writable() const { return writable_; }
  std::size_t size() const { return size_; }
  /// Executable address of what is written at `p`.
  void* executable(const u8* p) const { return executable_ + (p - writable_); }

 private:
  std::size_t size_;
  u8* writable_ = nullptr;
  u8* executable_ = nullptr;
};

class Assembler : public Encoder {
 public:
  Assembler(const CodeMemory& memory, const Layout& layout);

  /// Enters translated code; returns Left.
  using Enter = u32 (*)(Cpu*, void* code);
  Enter enter() const { return enter_; }
  void* not_translated() const { return not_translated_; }

  /// Forgets all but what the constructor made.
  void clear();
  bool room_for_block() const;
  /// What is seldom executed has the memory's second half, so that the rest lies close together. `begun`: where the block begins.
  void go_cold(const u8* begun);
  /// Back to where the code goes on that is executed often.
  void go_straight();

  Xbyak::Address field(s32 offset) const { return ptr[rbp + offset]; }
  Xbyak::Address engine_field(std::size_t offset) const { return ptr[rbp + layout.engine + static_cast<int>(offset)]; }
  Xbyak::Address engine_dword(std::size_t offset) const {
    return dword[rbp + layout.engine + static_cast<int>(offset)];
  }
  Xbyak::Address engine_qword(std::size_t offset) const {
    return qword[rbp + layout.engine + static_cast<int>(offset)];
  }
  Xbyak::Address gr_field(unsigned n) const { return ptr[rbp + layout.gr + static_cast<int>(8 * n)]; }

  const CodeMemory& memory() const { return memory_; }
  SlowPaths slow_paths;
  const Layout layout;

  // Common code, by address in the writable mapping.
  const u8* leave_at; ///< eax: Left; ecx: offset in the page (signed) of the instruction to go on with
  const u8* leave;    ///< eax: Left; psw.address is set
  const u8*
      call_handler; ///< rax: handler, rdx: text, ecx: offset of the next instruction | rest << 16; eax: outcome, flags by it
  // Where a cold part goes that has pushed its record's number. The way back is `with_copies` when xmm3-xmm15 have something.
  struct SlowPath {
    const u8 *plain, *with_copies;
  };
  SlowPath slow_access, slow_row;
  const u8* slow_exit;
  const u8* settle_cc; ///< has the condition code in the PSW; keeps all registers
  // Operands of EXECUTE, at rax and (but for the clearing) rcx, virtual; rdx: bytes less one. Carry: nothing was done. Else
  // the cycles for the length are taken off; compare_variable: edx is negative, zero, positive. All change the four registers.
  const u8 *move_variable, *clear_variable, *compare_variable;
  /// Takes the last taken branch of `page` over into the CPU's breaking-event address, when that lacks it.
  void settle_breaking_event(const Reg64& scratch);

 private:
  static constexpr std::size_t kLargestBlock = 64 * 1024; ///< in each half
  void make_enter();
  void make_leave();
  void make_call();
  const u8* make_slow_path(const void* (*function)(Cpu*, SlowPaths::Frame*, const SlowPaths*), bool with_copies);
  void make_settle_cc();
  // variable_characters.cpp
  void make_variable_characters();
  void find_operand(const Reg64& address, bool for_store, Label& miss);
  void charge_for_length();
  template <typename F>
  const u8* routine(F&& body);
  template <typename Many, typename Sixteen, typename Narrow>
  void by_length(Many&& many, Sixteen&& sixteen, Narrow&& narrow);
  void save_homes(bool only_volatile);
  void load_homes(bool only_volatile);

  const CodeMemory& memory_;
  Enter enter_ = nullptr;
  void* not_translated_ = nullptr;
  std::size_t common_size_ = 0;
  // Of what is not written at the moment: where it goes on.
  std::size_t cold_ = 0, straight_ = 0;
};

} // namespace siena::cpu::jit::x64
