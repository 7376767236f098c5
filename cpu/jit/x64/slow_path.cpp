// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/jit/x64/slow_path.h"

#include "cpu/isa/bfp/compare.h"
#include "cpu/jit/x64/assembler.h"

#include <algorithm>
#include <bit>
#include <type_traits>

namespace siena::cpu::jit::x64 {

using backend::Left;
using Frame = SlowPaths::Frame;
using ir::Op;

namespace {

template <typename T>
u8 condition_code(ir::Op op, T a, T b) {
  using enum ir::Op;
  using Signed = std::make_signed_t<T>;
  using Format = std::conditional_t<sizeof(T) == 8, isa::bfp::Long, isa::bfp::Short>;
  const bool negative = static_cast<Signed>(a) < 0;
  const u8 sign = a == 0 ? 0 : negative ? 1 : 2;
  switch (op) {
  case CcSign: return sign;
  case CcNonZero: return a != 0;
  case CcCompareSigned: return a == b ? 0 : static_cast<Signed>(a) < static_cast<Signed>(b) ? 1 : 2;
  case CcCompareLogical: return a == b ? 0 : a < b ? 1 : 2;
  case CcAddSigned: { // a: the sum
    const T other = a - b;
    return static_cast<Signed>((other ^ a) & (b ^ a)) < 0 ? 3 : sign;
  }
  case CcSubtractSigned: { // a: the difference
    const T from = a + b;
    return static_cast<Signed>((from ^ b) & (from ^ a)) < 0 ? 3 : sign;
  }
  case CcAddLogical: return static_cast<u8>((a != 0) + (a < b ? 2 : 0));
  case CcSubtractLogical: return static_cast<u8>((a != 0) + (static_cast<T>(a + b) >= b ? 2 : 0));
  case CcTestMask: return a == 0 ? 0 : a == b ? 3 : 1;
  case CcTestMaskLeftmost: return a == 0 ? 0 : a == b ? 3 : a >= std::bit_floor(b) ? 2 : 1;
  case CcFloatSign: return isa::bfp::condition_code<Format>(a);
  case CcFloatCompare: return isa::bfp::compare<Format>(a, b, {}).value;
  default: CHECK(false, "only condition codes with a rule are deferred"); return 0;
  }
}

} // namespace

void settle(Cpu* cpu) {
  EngineState& e = cpu->engine;
  const auto op = static_cast<ir::Op>(e.cc_rule & 0xFF);
  cpu->psw.cc = (e.cc_rule & 0x100) != 0 ? condition_code<u64>(op, e.cc_a, e.cc_b)
                                         : condition_code<u32>(op, static_cast<u32>(e.cc_a), static_cast<u32>(e.cc_b));
  e.cc_rule = 0;
}

namespace {

u64 value_of(const Cpu& cpu, const Frame& frame, const Operand& o) {
  const auto guest = [&] {
    const int home = kHome[o.number];
    return home != kNoRegister ? frame.registers[home] : cpu.gr[o.number];
  };
  switch (o.kind) {
  case Operand::Kind::None: return 0;
  case Operand::Kind::Constant: return o.constant;
  case Operand::Kind::Register: return frame.registers[o.number];
  case Operand::Kind::Guest: return guest();
  case Operand::Kind::GuestHigh: return guest() >> 32;
  case Operand::Kind::Spill: return cpu.engine.spills[o.number];
  case Operand::Kind::Fpr: return cpu.vr[o.number].high;
  case Operand::Kind::FprShort: return cpu.vr[o.number].high >> 32;
  case Operand::Kind::Page: return cpu.engine.page;
  }
  return 0;
}

Outcome fetch(Cpu& cpu, LogicalAddress a, unsigned bytes, u64& value) {
  const auto take = [&](auto fetched) {
    value = fetched.value;
    return fetched.outcome;
  };
  switch (bytes) {
  case 1: return take(cpu.fetch<u8>(a));
  case 2: return take(cpu.fetch<u16>(a));
  case 4: return take(cpu.fetch<u32>(a));
  default: return take(cpu.fetch<u64>(a));
  }
}

Outcome store(Cpu& cpu, LogicalAddress a, unsigned bytes, u64 value) {
  switch (bytes) {
  case 1: return cpu.store(a, static_cast<u8>(value));
  case 2: return cpu.store(a, static_cast<u16>(value));
  case 4: return cpu.store(a, static_cast<u32>(value));
  default: return cpu.store(a, value);
  }
}

/// What the nodes of that kind have as their result, from what the row has left.
u64 result_of(const Cpu& cpu, const SlowRow& r) {
  switch (r.op) {
  case Op::FetchAndAdd:
  case Op::FetchAndAnd:
  case Op::FetchAndOr:
  case Op::FetchAndXor: return cpu.gr[r.number];
  case Op::CompareCharacters:
  case Op::CompareVariable: return cpu.psw.cc == 0 ? 0 : cpu.psw.cc == 1 ? 0xFFFF'FFFF : 1;
  default: return cpu.psw.cc;
  }
}

/// Whatever changes what the TLB has does so in a slow path or in a call.
void forget_pages(EngineState& e) { std::fill(std::begin(e.addends), std::end(e.addends), u64{0}); }

constexpr int kTime = Xbyak::Operand::R13, kContext = Xbyak::Operand::R12;

} // namespace

void SlowPaths::clear() {
  accesses_.clear();
  rows_.clear();
  exits_.clear();
}

void SlowPaths::leaves_by(const void* leave_at, const void* leave) {
  leave_at_ = leave_at;
  leave_ = leave;
}

void SlowPaths::defer_cc(Cpu& cpu, const Frame& frame, const SlowExit& exit) {
  EngineState& e = cpu.engine;
  if (exit.rule == Op::CcConstant) {
    cpu.psw.cc = static_cast<u8>(exit.a.constant);
    e.cc_rule = 0;
  } else if (exit.rule != Op::CcMemory) {
    e.cc_a = value_of(cpu, frame, exit.a);
    e.cc_b = value_of(cpu, frame, exit.b);
    e.cc_rule = cc_rule(exit.rule, exit.wide);
  }
}

const void* SlowPaths::leave(Cpu& cpu, Frame& frame, const SlowExit& exit) const {
  EngineState& e = cpu.engine;
  defer_cc(cpu, frame, exit);
  e.exit_length = exit.length;
  frame.registers[kTime] += static_cast<u64>(s64{exit.unused});
  frame.registers[Xbyak::Operand::RAX] = static_cast<u64>(exit.left);
  frame.registers[Xbyak::Operand::RCX] = static_cast<u64>(exit.target);
  return exit.psw_is_set ? leave_ : leave_at_;
}

const void* SlowPaths::access(Cpu* cpu, Frame* frame, const SlowPaths* paths) {
  const SlowAccess& r = paths->accesses_[static_cast<u32>(frame->number)];
  EngineState& e = cpu->engine;
  const LogicalAddress address{value_of(*cpu, *frame, r.address) + static_cast<u64>(s64{r.displacement}), r.base};
  const u64 code_before = e.code_changed;
  u64 value = 0;
  const Outcome outcome = r.destination >= 0 ? fetch(*cpu, address, r.bytes, value)
                                             : store(*cpu, address, r.bytes, value_of(*cpu, *frame, r.value));
  frame->registers[kContext] = reinterpret_cast<u64>(*cpu->data_context());
  forget_pages(e);
  if (outcome != Outcome::Completed) {
    e.outcome = static_cast<u64>(outcome);
    return paths->leave(*cpu, *frame, r.failed);
  }
  if (r.destination >= 0)
    frame->registers[r.destination] = value;
  else if (e.code_changed != code_before)
    return paths->leave(*cpu, *frame, r.changed);
  return r.back;
}

const void* SlowPaths::row(Cpu* cpu, Frame* frame, const SlowPaths* paths) {
  const SlowRow& r = paths->rows_[static_cast<u32>(frame->number)];
  EngineState& e = cpu->engine;
  for (unsigned n = 0; n < 16; ++n)
    if (kHome[n] != kNoRegister) cpu->gr[n] = frame->registers[kHome[n]];
  if (e.breaking != EngineState::kNoBreaking)
    cpu->breaking_event = e.page + static_cast<u64>(std::exchange(e.breaking, EngineState::kNoBreaking));
  if (r.cc_first) defer_cc(*cpu, *frame, r.failed);
  if (e.cc_rule != 0) settle(cpu);
  cpu->psw.address = e.page + r.next;
  u64& time = frame->registers[kTime];
  const u64 before = e.deadline - static_cast<u64>(static_cast<s64>(time) >> kTimeShift) - r.rest;
  cpu->cycles = before;
  const u64 code_before = e.code_changed;
  if (r.calls != nullptr) ++*r.calls;
  Outcome outcome = r.handler(*cpu, r.text);
  // It may have been this block.
  if (outcome == Outcome::Completed && e.code_changed != code_before) outcome = Outcome::CompletedLeaveBlock;
  const u64 by_itself = cpu->cycles - before;
  time -= by_itself << kTimeShift;
  e.excess += by_itself;
  for (unsigned n = 0; n < 16; ++n)
    if (kHome[n] != kNoRegister) frame->registers[kHome[n]] = cpu->gr[n];
  frame->registers[kContext] = reinterpret_cast<u64>(*cpu->data_context());
  forget_pages(e);
  if (outcome == Outcome::Completed) {
    time += u64{r.charged} << kTimeShift; // the block has it already
    e.excess -= r.charged;
    if (r.leaves) return paths->leave(*cpu, *frame, r.completed);
    if (r.destination >= 0) frame->registers[r.destination] = result_of(*cpu, r);
    for (std::size_t x = 0; x < r.copies.size(); ++x) {
      if (r.copies[x] == SlowRow::kNoCopy) continue;
      const u64 number = cpu->vr[r.copies[x] & 0xF].high;
      frame->vectors[x][0] = (r.copies[x] & 0x80) != 0 ? number >> 32 : number;
    }
    return r.back;
  }
  e.outcome = static_cast<u64>(outcome);
  SlowExit failed = r.failed;
  failed.psw_is_set = r.cc_first;
  // Completed, by a store to text: the condition code is its own.
  if (r.cc_first || (r.sets_cc && outcome == Outcome::CompletedLeaveBlock)) failed.rule = Op::CcMemory;
  return paths->leave(*cpu, *frame, failed);
}

const void* SlowPaths::exit(Cpu* cpu, Frame* frame, const SlowPaths* paths) {
  const SlowExit& exit = paths->exits_[static_cast<u32>(frame->number)];
  if (exit.left == Left::Outcome) cpu->engine.outcome = frame->registers[Xbyak::Operand::RAX];
  return paths->leave(*cpu, *frame, exit);
}

} // namespace siena::cpu::jit::x64
