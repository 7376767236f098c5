// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/jit/x64/emitter.h"

#include <algorithm>
#include <cstddef>

namespace siena::cpu::jit::x64 {

using ir::Op;
using ir::Type;

namespace {
/// Does this node's code, if there is any, leave the host's flags alone?
bool keeps_flags(const ir::Node& n) {
  switch (n.op) {
  case Op::Constant:
  case Op::GetGr:
  case Op::GetGrLow:
  case Op::GetGrHigh:
  case Op::SetGr:
  case Op::BranchIf: return true;
  default: return false;
  }
}
} // namespace

void Emitter::begin(const ir::Block& block, std::vector<Link>& links) {
  block_ = &block;
  links_ = &links;
  const std::size_t nodes = block.nodes.size();
  places_.assign(nodes, {});
  last_use_.assign(nodes, -1);
  last_cold_.assign(nodes, -1);
  accesses_.assign(nodes, {});
  done_.assign(nodes, false);
  groups_.clear();
  for (auto& values : at_home_) values.clear();
  std::fill_n(in_temporary_, 16, ir::kNone);
  std::fill_n(in_home_, 16, ir::kNone);
  spills_ = 0;
  sets_flags_ = false;
  flags_of_ = ir::kNone;
  locked_ = locked_copies_ = 0;
  copies_ = {};
  has_copies_ = false;
  next_copy_ = 0;
  colds_ = 0;
}

void Emitter::count_uses() {
  const auto cold = [&](ir::ExitIndex e, s32 at) {
    if (e == ir::kNoExit) return;
    const ir::Exit& exit = block_->exits[e];
    if (exit.address != ir::kNone) last_cold_[exit.address] = at;
    if (exit.cc == ir::kNone) return;
    const Node& cc = block_->nodes[exit.cc];
    for (const Value v : {cc.a, cc.b})
      if (v != ir::kNone) last_cold_[v] = at;
  };
  for (std::size_t i = 0; i < block_->nodes.size(); ++i) {
    const Node& n = block_->nodes[i];
    const auto at = static_cast<s32>(i);
    if (n.op == Op::Nop || n.type == Type::Cc) continue;
    const Value a = accesses_[i].root != ir::kNone ? accesses_[i].root : n.a;
    for (const Value operand : {a, n.b, n.c, n.d}) {
      if (operand == ir::kNone) continue;
      last_use_[operand] = at;
      const Node& cc = block_->nodes[operand];
      if (cc.type != Type::Cc) continue;
      for (const Value v : {cc.a, cc.b})
        if (v != ir::kNone) last_use_[v] = at;
    }
    cold(n.exit, at);
    cold(n.after, at);
  }
}

bool Emitter::needed_after(Value v, std::size_t index) const {
  return std::max(last_use_[v], last_cold_[v]) > static_cast<s32>(index);
}

std::optional<u64> Emitter::constant_of(Value v) const {
  if (v != ir::kNone && block_->nodes[v].op == Op::Constant) return block_->nodes[v].imm;
  return std::nullopt;
}

bool Emitter::fits(Value v) const {
  const auto c = constant_of(v);
  if (!c) return false;
  return block_->nodes[v].type == Type::I32 || static_cast<s64>(*c) == static_cast<s32>(*c);
}

EmittedBlock Emitter::emit(const ir::Block& block, std::vector<Link>& links) {
  begin(block, links);
  plan_accesses();
  count_uses();
  EmittedBlock out;
  a_.align(16);
  const u8* const straight = a_.getCurr();

  // All instructions must find time left: when not, the interpreter knows how many do.
  CHECK(block_->cycles() <= kMostCycles, "a block's cycles have their field");
  out.charge = time_of(block_->cycles(), static_cast<u32>(block_->instructions.size()));
  Label no_time;
  a_.sub(a_.r13, static_cast<u32>(out.charge));
  a_.js(no_time, a_.T_NEAR);
  out.body = a_.getCurr();

  for (std::size_t i = 0; i < block_->nodes.size(); ++i) {
    const Node& n = block_->nodes[i];
    if (n.op == Op::Nop || n.type == Type::Cc || done_[i]) continue;
    if (n.op == Op::Add && last_use_[i] < 0 && last_cold_[i] < 0) continue; // within accesses only
    node(i);
    if (!keeps_flags(n)) flags_of_ = sets_flags_ ? static_cast<Value>(i) : ir::kNone;
    sets_flags_ = false;
    release(i);
  }
  for (std::size_t i = 0; i < colds_; ++i)
    if (is_branch(cold_[i])) emit_cold(cold_[i]);
  out.straight = {straight, a_.getCurr()};
  a_.go_cold(straight);
  const u8* const cold = a_.getCurr();
  for (std::size_t i = 0; i < colds_; ++i)
    if (!is_branch(cold_[i])) emit_cold(cold_[i]);
  a_.L(no_time);
  a_.add(a_.r13, static_cast<u32>(out.charge));
  a_.mov(a_.ecx, block_->begin());
  a_.mov(a_.eax, static_cast<u32>(Left::Again));
  a_.jump_to(a_.leave_at);
  CHECK(Xbyak::GetError() == Xbyak::ERR_NONE, "the assembler knows what it was asked for");
  CHECK(a_.waiting() == 0, "all jumps lead somewhere");
  out.cold = {cold, a_.getCurr()};
  a_.go_straight();
  return out;
}

void Emitter::node(std::size_t index) {
  const Node& n = block_->nodes[index];
  switch (n.op) {
  case Op::Nop:
  case Op::Constant:
  case Op::PageAddress: break;
  case Op::GetGr:
  case Op::GetGrLow: set_home(static_cast<Value>(index), static_cast<unsigned>(n.imm)); break;
  case Op::GetGrHigh:
    set_home(static_cast<Value>(index), static_cast<unsigned>(n.imm));
    places_[index].high = true;
    break;
  case Op::SetGr:
  case Op::SetGrLow:
  case Op::SetGrHigh: set_guest(index, n); break;
  case Op::Add:
  case Op::Subtract:
  case Op::And:
  case Op::Or:
  case Op::Xor:
  case Op::Multiply: arithmetic(index, n); break;
  case Op::ShiftLeft:
  case Op::ShiftRight:
  case Op::ShiftRightSigned:
  case Op::RotateLeft: shift(index, n); break;
  case Op::ByteSwap:
  case Op::ZeroExtend:
  case Op::SignExtend:
  case Op::Truncate: extend(index, n); break;
  case Op::Load: fetch(index, n); break;
  case Op::Store: store(index, n); break;
  case Op::LoadMultiple:
  case Op::StoreMultiple: multiple(index, n); break;
  case Op::Call: call(n); break;
  case Op::GetAr: {
    const int r = temporary();
    a_.mov(r32(r), a_.ptr[a_.rbp + a_.layout.ar + static_cast<int>(4 * n.imm)]);
    bind(index, r);
    break;
  }
  case Op::PswMask: {
    const int r = temporary();
    a_.mov(r64(r), a_.field(a_.layout.psw_mask));
    bind(index, r);
    break;
  }
  case Op::LeadingZeros: {
    const int from = in_register(n.a);
    const int d = destination(index);
    a_.lzcnt(r64(d), r64(from));
    bind(index, d);
    break;
  }
  case Op::CcValue: cc_value(index, n); break;
  case Op::AddCarry:
  case Op::SubtractBorrow: with_carry(index, n); break;
  case Op::Select: select(index, n); break;
  case Op::SelectCc: select_cc(index, n); break;
  case Op::MultiplyHigh: multiply_high(index, n); break;
  case Op::DivideUnsigned:
  case Op::DivideSigned: divide(index, n); break;
  case Op::CompareAndSwap: compare_and_swap(index, n); break;
  case Op::FetchAndAdd:
  case Op::FetchAndAnd:
  case Op::FetchAndOr:
  case Op::FetchAndXor: fetch_and(index, n); break;
  case Op::MoveCharacters:
  case Op::ClearCharacters:
  case Op::AndCharacters:
  case Op::OrCharacters:
  case Op::XorCharacters:
  case Op::CompareCharacters:
    characters(index, n);
    copies_ = {}; // their vector registers are taken
    break;
  case Op::MoveVariable:
  case Op::ClearVariable:
  case Op::CompareVariable: variable_characters(index, n); break;
  case Op::CheckNextPage: check_next_page(n); break;
  case Op::CheckTime:
    if (block_->instructions[n.instruction].cycles != block_->cycles()) leave_when_late(n.exit);
    break;
  case Op::MaterializeCc: {
    const Node& cc = block_->nodes[n.a];
    const Needed need = needed_for(cc);
    // Everything may be used: what is in temporaries and needed later is put away first.
    spill_temporaries(index);
    store_cc(cc, need);
    forget_temporaries();
    break;
  }
  case Op::BranchIf: branch_if(n); break;
  case Op::BranchCc: branch_cc(n); break;
  case Op::Leave: emit_exit(n.exit, needed(n.exit)); break;
  default: floating(index, n); break; // condition codes have no code of their own
  }
}

void Emitter::arithmetic(std::size_t index, const Node& n) {
  const bool wide = n.type == Type::I64;
  Value a = n.a, b = n.b;
  const bool commutes = n.op != Op::Subtract;
  if (commutes && constant_of(a) && !constant_of(b)) std::swap(a, b);

  const int ra = in_register(a);
  const bool immediate = fits(b);
  const int rb = immediate ? kNoRegister : in_register(b);
  const int d = destination_or(a, index);
  const auto imm = static_cast<u32>(constant_of(b).value_or(0));

  if (n.op == Op::Multiply) {
    if (immediate) {
      wide ? a_.imul(r64(d), r64(ra), static_cast<int>(imm)) : a_.imul(r32(d), r32(ra), static_cast<int>(imm));
    } else if (d == rb) {
      wide ? a_.imul(r64(d), r64(ra)) : a_.imul(r32(d), r32(ra));
    } else {
      if (d != ra) wide ? a_.mov(r64(d), r64(ra)) : a_.mov(r32(d), r32(ra));
      wide ? a_.imul(r64(d), r64(rb)) : a_.imul(r32(d), r32(rb));
    }
    return bind(index, d);
  }
  if (n.op == Op::Add && d != ra && d != rb) {
    const Xbyak::RegExp sum =
        immediate ? r64(ra) + static_cast<std::size_t>(static_cast<s64>(static_cast<s32>(imm))) : r64(ra) + r64(rb);
    wide ? a_.lea(r64(d), a_.ptr[sum]) : a_.lea(r32(d), a_.ptr[sum]);
    return bind(index, d);
  }
  int right = rb;
  int left = ra;
  if (!immediate && d == rb && d != ra) {
    if (commutes) {
      std::swap(left, right);
    } else { // d = a - d
      const int t = temporary();
      a_.mov(r64(t), r64(rb));
      right = t;
    }
  }
  if (d != left) wide ? a_.mov(r64(d), r64(left)) : a_.mov(r32(d), r32(left));
  const auto apply = [&](auto&& with_register, auto&& with_immediate) {
    immediate ? with_immediate() : with_register();
  };
#define SIENA_TWO(op)                                                                                                  \
  apply([&] { wide ? a_.op(r64(d), r64(right)) : a_.op(r32(d), r32(right)); },                                         \
        [&] { wide ? a_.op(r64(d), imm) : a_.op(r32(d), imm); })
  switch (n.op) {
  case Op::Add: SIENA_TWO(add); break;
  case Op::Subtract: SIENA_TWO(sub); break;
  case Op::And: SIENA_TWO(and_); break;
  case Op::Or: SIENA_TWO(or_); break;
  default: SIENA_TWO(xor_); break;
  }
#undef SIENA_TWO
  sets_flags_ = true;
  bind(index, d);
}

void Emitter::multiply_high(std::size_t index, const Node& n) {
  constexpr int kFirst = Xbyak::Operand::RDX; // where mulx wants it
  const int rb = in_register(n.b) == kFirst ? copy_of(n.b) : in_register(n.b);
  if (places_[n.a].reg != kFirst) {
    evict(kFirst);
    lock(kFirst);
    load(kFirst, n.a, places_[n.a]);
  }
  lock(kFirst);
  const int d = destination(index);
  a_.mulx(r64(d), r64(d), r64(rb));
  bind(index, d);
}

void Emitter::divide(std::size_t index, const Node& n) {
  const auto even = static_cast<u32>(n.imm);
  constexpr int kLow = Xbyak::Operand::RAX, kHigh = Xbyak::Operand::RDX; // where the host has them
  vacate(even, index - 1, ir::kNone);
  vacate(even + 1, index - 1, ir::kNone);
  spill_temporaries(index);
  for (const int r : {kLow, kHigh}) {
    evict(r);
    lock(r);
  }
  const int divisor = in_register(n.a);
  const auto guest = [&](int r, u32 number) {
    kHome[number] != kNoRegister ? a_.mov(r64(r), r64(kHome[number])) : a_.mov(r64(r), a_.gr_field(number));
  };
  Label miss;
  guest(kLow, even + 1);
  if (n.op == Op::DivideUnsigned) {
    guest(kHigh, even);
    a_.cmp(r64(kHigh), r64(divisor)); // else the quotient is too large
    a_.jae(miss, a_.T_NEAR);
    a_.div(r64(divisor));
  } else {
    a_.lea(r64(kHigh), a_.ptr[r64(divisor) + 1]);
    a_.cmp(r64(kHigh), 1); // by 0 or -1
    a_.jbe(miss, a_.T_NEAR);
    a_.cqo();
    a_.idiv(r64(divisor));
  }
  Cold& c = row_instead(miss, n);
  set_whole_or_low(even, kHigh, true);
  set_whole_or_low(even + 1, kLow, true);
  forget_temporaries();
  a_.L(c.back);
}

void Emitter::shift(std::size_t index, const Node& n) {
  const bool wide = n.type == Type::I64;
  const int ra = in_register(n.a);
  const auto amount = constant_of(n.b);
  if (!amount) {
    const int count = in_register(n.b);
    if (n.op == Op::RotateLeft) { // by cl
      const int d = temporary();
      a_.mov(r64(d), r64(ra));
      if (count != Xbyak::Operand::RCX) {
        if (d == Xbyak::Operand::RCX) { // the copy is in the way
          a_.xchg(r64(d), r64(count));
          wide ? a_.rol(r64(count), a_.cl) : a_.rol(r32(count), a_.cl);
          a_.xchg(r64(d), r64(count));
          return bind(index, d);
        }
        a_.xchg(a_.rcx, r64(count));
        // What was in rcx is in `count` now, also when that is a guest register: it comes back at once.
        wide ? a_.rol(r64(d), a_.cl) : a_.rol(r32(d), a_.cl);
        a_.xchg(a_.rcx, r64(count));
      } else {
        wide ? a_.rol(r64(d), a_.cl) : a_.rol(r32(d), a_.cl);
      }
      return bind(index, d);
    }
    const int d = destination(index);
    switch (n.op) {
    case Op::ShiftLeft: a_.shlx(r64(d), r64(ra), r64(count)); break;
    case Op::ShiftRight: a_.shrx(r64(d), r64(ra), r64(count)); break;
    default: a_.sarx(r64(d), r64(ra), r64(count)); break;
    }
    return bind(index, d);
  }
  const int d = n.op == Op::RotateLeft ? destination(index) : destination_or(n.a, index);
  const auto by = static_cast<int>(*amount & (wide ? 63 : 31));
  if (n.op == Op::RotateLeft) {
    wide ? a_.rorx(r64(d), r64(ra), static_cast<u8>((64 - by) & 63))
         : a_.rorx(r32(d), r32(ra), static_cast<u8>((32 - by) & 31));
    return bind(index, d);
  }
  if (d != ra) a_.mov(r64(d), r64(ra));
  switch (n.op) {
  case Op::ShiftLeft: wide ? a_.shl(r64(d), by) : a_.shl(r32(d), by); break;
  case Op::ShiftRight: wide ? a_.shr(r64(d), by) : a_.shr(r32(d), by); break;
  default: wide ? a_.sar(r64(d), by) : a_.sar(r32(d), by); break;
  }
  bind(index, d);
}

void Emitter::extend(std::size_t index, const Node& n) {
  const int from = in_register(n.a);
  if (n.op == Op::Truncate) {
    const int d = temporary();
    a_.mov(r32(d), r32(from));
    return bind(index, d);
  }
  const bool wide = n.type == Type::I64;
  const int d = destination(index);
  const auto zero_extend = [&] {
    switch (n.imm) {
    case 8: a_.movzx(r32(d), r8(from)); break;
    case 16: a_.movzx(r32(d), r16(from)); break;
    default: a_.mov(r32(d), r32(from)); break;
    }
  };
  if (n.op == Op::ZeroExtend) {
    zero_extend();
  } else if (n.op == Op::SignExtend) {
    switch (n.imm) {
    case 8: wide ? a_.movsx(r64(d), r8(from)) : a_.movsx(r32(d), r8(from)); break;
    case 16: wide ? a_.movsx(r64(d), r16(from)) : a_.movsx(r32(d), r16(from)); break;
    default: a_.movsxd(r64(d), r32(from)); break;
    }
  } else { // ByteSwap
    if (d != from) a_.mov(r64(d), r64(from));
    switch (n.imm) {
    case 2:
      a_.rol(r16(d), 8);
      a_.movzx(r32(d), r16(d));
      break;
    case 4: a_.bswap(r32(d)); break;
    default: a_.bswap(r64(d)); break;
    }
  }
  bind(index, d);
}

void Emitter::set_guest(std::size_t index, const Node& n) {
  const auto number = static_cast<unsigned>(n.imm);
  const int home = kHome[number];
  if (n.op == Op::SetGr) {
    if (places_[n.a].home == static_cast<int>(number) && !places_[n.a].high && block_->nodes[n.a].type == Type::I64) {
      return; // it has it
    }
    if (home != kNoRegister) {
      vacate(number, index, n.a);
      load(home, n.a, places_[n.a]);
    } else if (fits(n.a)) {
      vacate(number, index, n.a);
      a_.mov(a_.qword[a_.rbp + a_.layout.gr + static_cast<int>(8 * number)], *constant_of(n.a));
    } else {
      const int r = in_register(n.a);
      vacate(number, index, n.a);
      a_.mov(a_.gr_field(number), r64(r));
    }
    if (!constant_of(n.a)) {
      Place& p = places_[n.a];
      if (p.home < 0) set_home(n.a, number), p.high = false;
      in_home_[number] = n.a;
    } else {
      in_home_[number] = ir::kNone;
    }
    return;
  }
  const bool low = n.op == Op::SetGrLow;
  if (low && places_[n.a].home == static_cast<int>(number) && !places_[n.a].high) return; // it has it
  if (home == kNoRegister) {
    const s32 at = a_.layout.gr + static_cast<s32>(8 * number) + (low ? 0 : 4);
    if (const auto c = constant_of(n.a)) {
      vacate(number, index, ir::kNone);
      a_.mov(a_.dword[a_.rbp + at], static_cast<u32>(*c));
    } else {
      const int r = in_register(n.a);
      vacate(number, index, ir::kNone);
      a_.mov(a_.dword[a_.rbp + at], r32(r));
    }
  } else if (const auto c = constant_of(n.a); low && c && *c <= 0x7FFF'FFFF) {
    vacate(number, index, ir::kNone);
    a_.and_(r64(home), a_.engine_field(offsetof(EngineState, left_half)));
    if (*c != 0) a_.or_(r64(home), static_cast<u32>(*c));
  } else {
    const int r = low && is_zero_extended(n.a) ? in_register(n.a) : in_register_zero_extended(n.a);
    vacate(number, index, ir::kNone);
    if (low) {
      a_.and_(r64(home), a_.engine_field(offsetof(EngineState, left_half)));
      a_.or_(r64(home), r64(r));
    } else {
      a_.mov(r32(home), r32(home));
      a_.shl(r64(r), 32);
      a_.or_(r64(home), r64(r));
    }
  }
  in_home_[number] = ir::kNone;
  if (low && !constant_of(n.a)) {
    Place& p = places_[n.a];
    if (p.home < 0) set_home(n.a, number), p.high = false;
  }
}

void Emitter::count_call(const ir::Instruction& i) {
  if (i.calls == nullptr) return;
  a_.mov(a_.rax, reinterpret_cast<u64>(i.calls));
  a_.inc(a_.qword[a_.rax]);
}

void Emitter::call(const Node& n) {
  const ir::Instruction& i = block_->instructions[n.instruction];
  const auto rest = static_cast<u32>(block_->cycles() - i.cycles);
  Cold& c = cold(Cold::Kind::Outcome, n.exit);
  count_call(i);
  a_.mov(a_.rax, reinterpret_cast<u64>(i.handler));
  a_.mov(a_.rdx, i.text.bits);
  a_.mov(a_.ecx, (i.offset + i.text.length()) | rest << 16);
  a_.call_to(a_.call_handler);
  a_.jne(c.begin, a_.T_NEAR);
  std::fill_n(in_home_, 16, ir::kNone);
  copies_ = {};
  if (rest != 0) leave_when_late(n.after); // the row may have charged more
}

void Emitter::check_next_page(const Node& n) {
  const int next = temporary(), entry = temporary();
  Cold& c = cold(Cold::Kind::Leave, n.exit);
  a_.mov(r64(next), a_.engine_field(offsetof(EngineState, page)));
  a_.add(r64(next), static_cast<u32>(kPageSize));
  a_.mov(r64(entry), r64(next));
  a_.shr(r64(entry), kTlbShift);
  a_.and_(r32(entry), kTlbIndexMask);
  a_.add(r64(entry), a_.field(a_.layout.instruction_context));
  a_.cmp(r64(next), a_.ptr[r64(entry) + offsetof(mmu::TlbEntry, execute_tag)]);
  a_.jne(c.begin, a_.T_NEAR);
  a_.add(r64(next), a_.ptr[r64(entry) + offsetof(mmu::TlbEntry, addend)]);
  a_.mov(r64(entry), n.imm);
  a_.cmp(r64(next), r64(entry));
  a_.jne(c.begin, a_.T_NEAR);
}

void Emitter::leave_when_late(ir::ExitIndex e) {
  Cold& late = cold(Cold::Kind::Leave, e);
  a_.test(a_.r13, a_.r13);
  a_.js(late.begin, a_.T_NEAR);
}

} // namespace siena::cpu::jit::x64
