// SPDX-License-Identifier: BSD-3-Clause
// The ways out of a block, and what was put aside for them: slow accesses, condition codes.
#include "cpu/jit/x64/emitter.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace siena::cpu::jit::x64 {

using ir::Type;

namespace {
void set_field(u8* field, s64 value) {
  const auto v = static_cast<s32>(value);
  std::memcpy(field, &v, sizeof v);
}
} // namespace

void connect(const Link& link, const u8* body, s32 charge, bool needs_cc) {
  set_field(link.charge, charge - link.unused);
  set_field(link.charge_back, charge);
  u8* const jump = needs_cc ? link.jump_with_cc : link.jump;
  set_field(jump, body - (jump + 4));
}

void disconnect(const Link& link) {
  set_field(link.charge, -link.unused);
  set_field(link.charge_back, 0);
  set_field(link.jump, 5); // over a jump
  set_field(link.jump_with_cc, link.unlinked - (link.jump_with_cc + 4));
}

Emitter::Needed Emitter::needed(ir::ExitIndex e) const {
  Needed n;
  if (e == ir::kNoExit) return n;
  const ir::Exit& exit = block_->exits[e];
  if (exit.address != ir::kNone) n.address = places_[exit.address];
  if (exit.cc == ir::kNone) return n;
  const Node& cc = block_->nodes[exit.cc];
  if (cc.a != ir::kNone) n.a = places_[cc.a];
  if (cc.b != ir::kNone) n.b = places_[cc.b];
  return n;
}

Emitter::Cold& Emitter::cold(Cold::Kind kind, ir::ExitIndex e) {
  if (colds_ == cold_.size()) cold_.emplace_back();
  Cold& c = cold_[colds_++];
  c = {};
  c.kind = kind;
  c.exit = e;
  c.needed = needed(e);
  return c;
}

int Emitter::other_than(std::initializer_list<int> avoid) const {
  for (const int r : kTemporaries)
    if (std::find(avoid.begin(), avoid.end(), r) == avoid.end()) return r;
  CHECK(false, "four temporaries are more than three");
  return kNoRegister;
}

// Flags as after the operation that set the condition code. `scratch` is none of the operands' registers.
void Emitter::compare(const Node& cc, const Needed& n, int scratch) {
  const bool wide = block_->nodes[cc.a].type == Type::I64;
  const auto with_b = [&](auto&& with_register, auto&& with_immediate, auto&& with_memory) {
    if (fits(cc.b)) return with_immediate(static_cast<u32>(*constant_of(cc.b)));
    if (n.b.reg != kNoRegister && !constant_of(cc.b)) return with_register(n.b.reg);
    if (n.b.home >= 0 && !n.b.high && kHome[n.b.home] != kNoRegister) return with_register(kHome[n.b.home]);
    with_memory();
  };
  load(scratch, cc.a, n.a);
  // An operand that is neither at hand nor an immediate is compared from storage of ours.
  const auto memory_b = [&]() -> Xbyak::RegExp {
    if (n.b.home >= 0 && kHome[n.b.home] == kNoRegister)
      return a_.rbp + a_.layout.gr + 8 * n.b.home + (n.b.high ? 4 : 0);
    if (n.b.spill >= 0)
      return a_.rbp + a_.layout.engine + static_cast<int>(offsetof(EngineState, spills)) + 8 * n.b.spill;
    if (n.b.fpr >= 0) return a_.rbp + a_.layout.fpr + 16 * n.b.fpr + (wide ? 0 : 4);
    if (n.b.home < 0 && is_page(cc.b)) return a_.rbp + a_.layout.engine + static_cast<int>(offsetof(EngineState, page));
    const std::size_t at = offsetof(EngineState, value);
    // A large constant, or the left half of a register that has a host register: through memory, by way of a saved register.
    a_.push(a_.rdi);
    if (const auto c = constant_of(cc.b))
      a_.mov(a_.rdi, *c);
    else
      a_.rorx(a_.rdi, kHome[n.b.home] == Xbyak::Operand::RDI ? a_.rdi : r64(kHome[n.b.home]), 32);
    a_.mov(a_.engine_field(at), a_.rdi);
    a_.pop(a_.rdi);
    return a_.rbp + a_.layout.engine + static_cast<int>(at);
  };
#define SIENA_B(op)                                                                                                    \
  with_b([&](int r) { wide ? a_.op(r64(scratch), r64(r)) : a_.op(r32(scratch), r32(r)); },                             \
         [&](u32 imm) { wide ? a_.op(r64(scratch), imm) : a_.op(r32(scratch), imm); },                                 \
         [&] {                                                                                                         \
           const Xbyak::RegExp m = memory_b();                                                                         \
           wide ? a_.op(r64(scratch), a_.ptr[m]) : a_.op(r32(scratch), a_.ptr[m]);                                     \
         })
  switch (cc.op) {
  case Op::CcSign:
  case Op::CcNonZero: wide ? a_.test(r64(scratch), r64(scratch)) : a_.test(r32(scratch), r32(scratch)); break;
  case Op::CcCompareSigned:
  case Op::CcCompareLogical: SIENA_B(cmp); break;
  case Op::CcAddSigned:
  case Op::CcAddLogical:
    SIENA_B(sub);
    SIENA_B(add);
    break;
  case Op::CcSubtractSigned:
  case Op::CcSubtractLogical:
    SIENA_B(add);
    SIENA_B(sub);
    break;
  default: break;
  }
#undef SIENA_B
}

// The condition code into `to`, whose other bits become zeros. `other` is changed. Neither is a register of the operands.
void Emitter::compute_cc(int to, int other, const Node& cc, const Needed& n) {
  const auto sum = [&](auto&& one, auto&& two) { // cc = one + 2 * two
    one();
    two();
    a_.movzx(r32(to), r8(to));
    a_.movzx(r32(other), r8(other));
    a_.lea(r32(to), a_.ptr[r64(to) + r64(other) * 2]);
  };
  switch (cc.op) {
  case Op::CcMemory: a_.movzx(r32(to), a_.byte[a_.rbp + a_.layout.psw_cc]); return;
  case Op::CcConstant: a_.mov(r32(to), static_cast<u32>(cc.imm)); return;
  case Op::CcSign:
    compare(cc, n, to);
    sum([&] { a_.sets(r8(to)); }, [&] { a_.setg(r8(other)); });
    return;
  case Op::CcNonZero:
    compare(cc, n, to);
    a_.setne(r8(to));
    a_.movzx(r32(to), r8(to));
    return;
  case Op::CcCompareSigned:
    compare(cc, n, to);
    sum([&] { a_.setl(r8(to)); }, [&] { a_.setg(r8(other)); });
    return;
  case Op::CcCompareLogical:
    compare(cc, n, to);
    sum([&] { a_.setb(r8(to)); }, [&] { a_.seta(r8(other)); });
    return;
  case Op::CcAddSigned:
  case Op::CcSubtractSigned: {
    // Without overflow the sign of the result; g and l would look through it.
    compare(cc, n, to);
    Label done;
    a_.mov(r32(to), 3);
    a_.jo(done);
    a_.sets(r8(to));
    a_.movzx(r32(to), r8(to));
    a_.setg(r8(other));
    a_.movzx(r32(other), r8(other));
    a_.lea(r32(to), a_.ptr[r64(to) + r64(other) * 2]);
    a_.L(done);
    return;
  }
  case Op::CcAddLogical:
    compare(cc, n, to);
    sum([&] { a_.setne(r8(to)); }, [&] { a_.setc(r8(other)); });
    return;
  case Op::CcSubtractLogical:
    compare(cc, n, to);
    sum([&] { a_.setne(r8(to)); }, [&] { a_.setnc(r8(other)); });
    return;
  case Op::CcTestMask:
  case Op::CcTestMaskLeftmost: {
    const u64 mask = *constant_of(cc.b);
    const u64 leftmost = u64{1} << (63 - __builtin_clzll(mask));
    const bool wide = block_->nodes[cc.a].type == Type::I64;
    Label done;
    load(other, cc.a, n.a);
    if (!wide) a_.mov(r32(other), r32(other));
    a_.mov(r32(to), 0);
    a_.test(r64(other), r64(other));
    a_.jz(done);
    a_.mov(r64(to), mask);
    a_.cmp(r64(other), r64(to));
    a_.mov(r32(to), 3);
    a_.jz(done);
    if (cc.op == Op::CcTestMaskLeftmost) {
      // Mixed: 2 when the leftmost selected bit is one.
      a_.bt(r64(other), static_cast<u8>(63 - __builtin_clzll(leftmost)));
      a_.mov(r32(to), 1);
      a_.adc(r32(to), 0);
    } else {
      a_.mov(r32(to), 1);
    }
    a_.L(done);
    return;
  }
  case Op::CcFloatSign:
  case Op::CcFloatCompare: return compute_float_cc(to, other, cc, n);
  default: CHECK(false, "only condition codes are computed here");
  }
}

void Emitter::store_cc(const Node& cc, const Needed& n) {
  if (cc.op == Op::CcMemory) return;
  const Xbyak::Address at = a_.byte[a_.rbp + a_.layout.psw_cc];
  if (cc.op == Op::CcConstant) {
    a_.mov(at, static_cast<u32>(cc.imm));
  } else {
    const int to = other_than({n.a.reg, n.b.reg});
    // The other register is written when the operands have been read. In the sequences that load an operand into it first, it is
    // not b's.
    const bool masked = cc.op == Op::CcTestMask || cc.op == Op::CcTestMaskLeftmost;
    compute_cc(to, masked ? other_than({to}) : other_than({to, n.b.reg}), cc, n);
    a_.mov(at, r8(to));
  }
  a_.mov(a_.engine_dword(offsetof(EngineState, cc_rule)), 0);
}

void Emitter::defer_cc(const Node& cc, const Needed& n, int avoid) {
  if (cc.op == Op::CcMemory) return;
  if (cc.op == Op::CcConstant) return store_cc(cc, n);
  const auto put = [&](std::size_t field, Value v, const Place& p) {
    if (v == ir::kNone) return;
    if (fits(v)) {
      a_.mov(a_.engine_qword(field), static_cast<u64>(static_cast<s32>(*constant_of(v))));
      return;
    }
    int r = p.reg;
    if (constant_of(v)) r = kNoRegister;
    if (r == kNoRegister && !constant_of(v) && p.home >= 0 && !p.high) r = kHome[p.home];
    if (r == kNoRegister) {
      r = other_than({n.a.reg, n.b.reg, avoid});
      load(r, v, p);
    }
    a_.mov(a_.engine_field(field), r64(r));
  };
  put(offsetof(EngineState, cc_a), cc.a, n.a);
  put(offsetof(EngineState, cc_b), cc.b, n.b);
  a_.mov(a_.engine_dword(offsetof(EngineState, cc_rule)), cc_rule(cc.op, block_->nodes[cc.a].type == Type::I64));
}

void Emitter::settle_if_at_entry(Value cc) {
  if (cc != ir::kCcAtEntry) return;
  copies_ = {}; // of vector registers, which a call does not keep
  Label settled;
  a_.cmp(a_.engine_dword(offsetof(EngineState, cc_rule)), 0);
  a_.je(settled);
  a_.call_to(a_.settle_cc);
  a_.L(settled);
}

s32 Emitter::unused(const ir::Exit& e) const {
  return time_of(static_cast<u32>(block_->cycles() - e.cycles),
                 static_cast<u32>(block_->instructions.size() - e.instructions));
}

// Two ways to the same block: to one that sets the condition code before anybody can ask for it, nobody computes it. What is done
// when there is no time or no link yet is cold.
void Emitter::emit_link(ir::ExitIndex index, const Needed& n) {
  const ir::Exit& e = block_->exits[index];
  Link link;
  link.target = static_cast<u16>(e.target);
  link.unused = unused(e);
  Cold& c = cold(Cold::Kind::Link, index);
  c.needed = n;
  c.link = links_->size();
  if (e.breaking >= 0) a_.mov(a_.engine_dword(offsetof(EngineState, breaking)), static_cast<u32>(e.breaking));
  link.charge = change_time(0xED); // sub r13, 0
  Label with_cc;
  a_.jns(with_cc, a_.T_NEAR);
  link.jump = field();
  a_.jmp(c.begin, a_.T_NEAR);
  a_.L(with_cc);
  if (e.cc != ir::kNone) defer_cc(block_->nodes[e.cc], n, kNoRegister);
  a_.jmp(c.back, a_.T_NEAR);
  link.jump_with_cc = field();
  links_->push_back(link);
}

void Emitter::emit_link_cold(Cold& c) {
  const ir::Exit& e = block_->exits[c.exit];
  Link& link = (*links_)[c.link];
  const auto leave = [&](Left left) {
    a_.mov(a_.ecx, static_cast<u32>(e.target));
    a_.mov(a_.eax, static_cast<u32>(left));
    a_.jump_to(a_.leave_at);
  };
  a_.L(c.back);
  link.unlinked = a_.getCurr();
  a_.mov(a_.eax, static_cast<u32>(c.link));
  a_.mov(a_.engine_field(offsetof(EngineState, exit_link)), a_.rax);
  leave(Left::Link);
  a_.L(c.begin);
  link.charge_back = change_time(0xC5); // add r13, 0
  if (e.cc != ir::kNone) defer_cc(block_->nodes[e.cc], c.needed, kNoRegister);
  leave(Left::Again);
  disconnect(link);
}

u8* Emitter::field() const { return const_cast<u8*>(a_.getCurr()) - 4; }

u8* Emitter::change_time(u8 operation) {
  for (const u8 byte : {u8{0x49}, u8{0x81}, operation}) a_.db(byte);
  a_.dd(0);
  return field();
}

void Emitter::emit_exit(ir::ExitIndex index, const Needed& n) {
  const ir::Exit& e = block_->exits[index];
  if (e.kind == ir::Exit::Kind::Next && e.target >= 0 && e.target < static_cast<s64>(kPageSize))
    return emit_link(index, n);
  const int address = n.address.reg;
  if (e.cc != ir::kNone) defer_cc(block_->nodes[e.cc], n, address);
  if (const s32 time = unused(e); time != 0) a_.add(a_.r13, static_cast<u32>(time));
  const int t = other_than({address});
  if (e.breaking >= 0) { // the page may change
    a_.mov(r64(t), a_.engine_field(offsetof(EngineState, page)));
    if (e.breaking != 0) a_.add(r64(t), static_cast<u32>(e.breaking));
    a_.mov(a_.field(a_.layout.breaking_event), r64(t));
    a_.mov(a_.engine_dword(offsetof(EngineState, breaking)), static_cast<u32>(EngineState::kNoBreaking));
  } else if (e.kind == ir::Exit::Kind::Next) {
    a_.settle_breaking_event(r64(t));
  }
  switch (e.kind) {
  case ir::Exit::Kind::Next:
    a_.mov(a_.rax, static_cast<u64>(e.target));
    a_.add(a_.rax, a_.engine_field(offsetof(EngineState, page)));
    emit_indirect();
    break;
  case ir::Exit::Kind::Indirect:
    load(Xbyak::Operand::RAX, e.address, n.address);
    emit_indirect();
    break;
  case ir::Exit::Kind::Again:
    a_.mov(a_.ecx, static_cast<u32>(e.target));
    a_.mov(a_.eax, static_cast<u32>(Left::Again));
    a_.jump_to(a_.leave_at);
    break;
  case ir::Exit::Kind::Outcome: CHECK(false, "those have records");
  }
}

// To the virtual address in rax: directly when its page is one that the instruction context knows and that has translations. An odd
// address is no page's.
void Emitter::emit_indirect() {
  Cold& c = cold(Cold::Kind::Unknown, ir::kNoExit);
  a_.rorx(a_.rcx, a_.rax, kTlbShift);
  a_.mov(a_.rdx, a_.rax);
  a_.and_(a_.ecx, kTlbIndexMask);
  a_.mov(a_.rsi, a_.field(a_.layout.instruction_context));
  a_.and_(a_.rdx, static_cast<u32>(kPageMask | 1));
  a_.cmp(a_.rdx, a_.ptr[a_.rsi + a_.rcx + offsetof(mmu::TlbEntry, execute_tag)]);
  a_.jne(c.begin, a_.T_NEAR);
  a_.shr(a_.ecx, 2);
  static_assert(sizeof(mmu::TlbEntry) == 4 * sizeof(void*));
  a_.mov(a_.rcx, a_.ptr[a_.rsi + a_.rcx + offsetof(mmu::TlbContext, code)]);
  a_.test(a_.rcx, a_.rcx);
  a_.jz(c.begin, a_.T_NEAR);
  a_.mov(a_.engine_field(offsetof(EngineState, page)), a_.rdx);
  a_.and_(a_.eax, 4095);
  a_.jmp(a_.ptr[a_.rcx + a_.rax * 4 + offsetof(backend::TranslatedPage, entries)]);
}

Operand Emitter::operand(Value v, const Place& p) const {
  using Kind = Operand::Kind;
  if (v == ir::kNone) return {};
  if (const auto c = constant_of(v)) return {Kind::Constant, 0, *c};
  const auto at = [](Kind kind, int number) { return Operand{kind, static_cast<u8>(number), 0}; };
  if (p.reg != kNoRegister) return at(Kind::Register, p.reg);
  if (p.home >= 0) return at(p.high ? Kind::GuestHigh : Kind::Guest, p.home);
  if (p.fpr >= 0) return at(is_short(v) ? Kind::FprShort : Kind::Fpr, p.fpr);
  if (is_page(v)) return at(Kind::Page, 0);
  CHECK(p.spill >= 0, "a value that is needed is somewhere");
  return at(Kind::Spill, p.spill);
}

SlowExit Emitter::slow_exit(ir::ExitIndex index, const Needed& n) const {
  SlowExit out;
  if (index == ir::kNoExit) return out;
  const ir::Exit& e = block_->exits[index];
  CHECK(e.breaking < 0 && (e.kind == ir::Exit::Kind::Again || e.kind == ir::Exit::Kind::Outcome), "not a branch");
  out.left = e.kind == ir::Exit::Kind::Again ? Left::Again : Left::Outcome;
  out.length = e.length;
  out.target = static_cast<s32>(e.target);
  out.unused = unused(e);
  if (e.cc == ir::kNone) return out;
  const Node& cc = block_->nodes[e.cc];
  out.rule = cc.op;
  if (cc.op == Op::CcConstant) out.a.constant = cc.imm;
  if (cc.op == Op::CcConstant || cc.op == Op::CcMemory) return out;
  out.wide = block_->nodes[cc.a].type == Type::I64;
  out.a = operand(cc.a, n.a);
  out.b = operand(cc.b, n.b);
  return out;
}

const u8* Emitter::back_of(const Cold& c) const {
  const u8* const at = a_.address(c.back);
  return at == nullptr ? nullptr : static_cast<const u8*>(a_.memory().executable(at));
}

SlowRow Emitter::slow_row(const Cold& c) const {
  const ir::Instruction& i = block_->instructions[c.node->instruction];
  SlowRow r;
  r.back = back_of(c);
  r.handler = i.handler;
  r.text = i.text;
  r.calls = i.calls;
  r.next = static_cast<u16>(i.offset + i.text.length());
  r.rest = static_cast<u16>(block_->cycles() - i.cycles + i.charged);
  r.charged = i.charged;
  r.op = c.node->op;
  r.sets_cc = c.node->type != Type::None || r.op == Op::ClearCharacters || r.op == Op::ClearVariable;
  r.number = static_cast<u8>(c.node->imm >> 8 & 0xF);
  r.destination = c.destination;
  r.failed = slow_exit(c.exit, c.needed);
  return r;
}

void Emitter::to_record(u32 number, const u8* routine) {
  a_.push(number);
  a_.jump_to(routine);
}

bool Emitter::is_branch(const Cold& c) const {
  return c.kind == Cold::Kind::Leave && block_->exits[c.exit].kind != ir::Exit::Kind::Again;
}

void Emitter::emit_cold(Cold& c) {
  if (c.kind != Cold::Kind::Link) a_.L(c.begin);
  switch (c.kind) {
  case Cold::Kind::Leave:
    if (block_->exits[c.exit].kind == ir::Exit::Kind::Again)
      return to_record(a_.slow_paths.add(slow_exit(c.exit, c.needed)), a_.slow_exit);
    return emit_exit(c.exit, c.needed);
  case Cold::Kind::Link: return emit_link_cold(c);
  case Cold::Kind::Unknown:
    a_.mov(a_.field(a_.layout.psw_address), a_.rax);
    a_.mov(a_.eax, static_cast<u32>(Left::Again));
    return a_.jump_to(a_.leave);
  case Cold::Kind::Fetch:
  case Cold::Kind::Store: {
    emit_single_lookup(c);
    SlowAccess r;
    r.back = back_of(c);
    const Access& access = accesses_[static_cast<std::size_t>(c.node - block_->nodes.data())];
    r.address = operand(access.root, c.address);
    r.displacement = access.displacement;
    r.bytes = static_cast<u8>(c.node->imm);
    r.base = c.node->base;
    r.destination = c.destination;
    r.failed = slow_exit(c.exit, c.needed);
    if (c.kind == Cold::Kind::Store) {
      r.value = operand(c.node->b, c.value);
      r.changed = slow_exit(c.after, c.needed_after);
    }
    return to_record(a_.slow_paths.add(r), a_.slow_access);
  }
  case Cold::Kind::Row: emit_single_lookup(c); return to_record(a_.slow_paths.add(slow_row(c)), a_.slow_row);
  case Cold::Kind::Outcome: {
    SlowExit r = slow_exit(c.exit, {});
    r.rule = Op::CcMemory; // as the row left it
    r.psw_is_set = true;
    return to_record(a_.slow_paths.add(r), a_.slow_exit);
  }
  case Cold::Kind::Floating: return emit_floating_cold(c);
  }
}

} // namespace siena::cpu::jit::x64
