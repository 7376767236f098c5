// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/jit/ir/lower.h"

#include "cpu/jit/ir/lowering.h"

namespace siena::cpu::jit::ir {

namespace {

constexpr u16 kExecute = 0x4400, kExecuteRelativeLong = 0xC600;

/// Rows that return Completed and may have changed the mode, what addresses mean, or the text of what follows.
bool ends_block(const isa::InstructionDef* def) {
  if (def == nullptr) return true;
  if (def->sie.kind == SieRule::Kind::Custom) switch (static_cast<CustomSieRule>(def->sie.control)) {
    case CustomSieRule::CompareAndSwap:
    case CustomSieRule::TestAndSet:
    case CustomSieRule::KeyInstruction:
    case CustomSieRule::FrameManagement:
    case CustomSieRule::StorageAttributes: break;
    default: return true;
    }
  switch (def->opcode) {
  case 0x0101: // PR
  case 0x010C: // SAM24, SAM31, SAM64
  case 0x010D:
  case 0x010E:
  case 0x0400: // SPM
  case 0x0B00: // BSM
  case 0x0C00: // BASSM
  case kExecute:
  case 0xB218: // PC
  case 0xB219: // SAC
  case 0xB240: // BAKR
  case 0xB279: // SACF
  case kExecuteRelativeLong: return true;
  default: return false;
  }
}

} // namespace

bool translatable(const Cpu& cpu) {
  const Psw& psw = cpu.psw;
  if (!psw.has(Psw::kExtendedAddressing) || psw.has(Psw::kFixedPointOverflow) || cpu.per_active()) return false;
  if (cpu.condition_1_intercepted) return false; // code for CS does not ask
  return !psw.has(Psw::kDat) || psw.address_space() == AddressSpace::Primary ||
         psw.address_space() == AddressSpace::Home;
}

Value Lowering::add(const Node& n) {
  Node node = n;
  node.instruction = static_cast<u16>(block_.instructions.empty() ? 0 : block_.instructions.size() - 1);
  block_.nodes.push_back(node);
  return static_cast<Value>(block_.nodes.size() - 1);
}

Value Lowering::constant(Type type, u64 value) {
  if (type == Type::I32) value &= 0xFFFF'FFFF;
  for (const auto& c : recent_.constants)
    if (c.node != kNone && c.type == type && c.value == value) return c.node;
  const Value v = add({.op = Op::Constant, .type = type, .imm = value});
  recent_.constants[recent_.next_constant++ % Recent::kSize] = {type, value, v};
  return v;
}
Value Lowering::unary(Op op, Type type, Value a, u64 imm) { return add({.op = op, .type = type, .a = a, .imm = imm}); }
Value Lowering::binary(Op op, Type type, Value a, Value b) {
  if (op != Op::Add) return add({.op = op, .type = type, .a = a, .b = b});
  for (const auto& s : recent_.sums)
    if (s.node != kNone && s.type == type && s.a == a && s.b == b) return s.node;
  const Value v = add({.op = op, .type = type, .a = a, .b = b});
  recent_.sums[recent_.next_sum++ % Recent::kSize] = {type, a, b, v};
  return v;
}
Value Lowering::page_address(s64 offset) {
  if (recent_.page == kNone) recent_.page = add({.op = Op::PageAddress, .type = Type::I64});
  return offset == 0 ? recent_.page
                     : binary(Op::Add, Type::I64, recent_.page, constant(Type::I64, static_cast<u64>(offset)));
}
Value Lowering::cc_node(Op op, Value a, Value b, u64 imm) {
  return add({.op = op, .type = Type::Cc, .a = a, .b = b, .imm = imm});
}

Value Lowering::gr(u32 n) {
  if (registers_[n].whole == kNone) registers_[n].whole = add({.op = Op::GetGr, .type = Type::I64, .imm = n});
  return registers_[n].whole;
}
Value Lowering::gr_low(u32 n) {
  if (registers_[n].low == kNone) registers_[n].low = add({.op = Op::GetGrLow, .type = Type::I32, .imm = n});
  return registers_[n].low;
}
Value Lowering::gr_high(u32 n) { return add({.op = Op::GetGrHigh, .type = Type::I32, .imm = n}); }
void Lowering::set_gr(u32 n, Value v) {
  add({.op = Op::SetGr, .a = v, .imm = n});
  registers_[n] = {v, kNone};
}
void Lowering::set_gr_low(u32 n, Value v) {
  add({.op = Op::SetGrLow, .a = v, .imm = n});
  registers_[n] = {kNone, v};
}
void Lowering::set_gr_high(u32 n, Value v) {
  add({.op = Op::SetGrHigh, .a = v, .imm = n});
  registers_[n].whole = kNone;
}

Value Lowering::address(u32 base, s64 displacement, u32 index) {
  Value sum = kNone;
  for (const u32 r : {base, index})
    if (r != 0) sum = sum == kNone ? gr(r) : binary(Op::Add, Type::I64, sum, gr(r));
  if (sum == kNone) return constant(Type::I64, static_cast<u64>(displacement));
  return displacement == 0 ? sum : binary(Op::Add, Type::I64, sum, constant(Type::I64, static_cast<u64>(displacement)));
}

Value Lowering::load(Type type, Value address, u32 bytes, u32 base) {
  return add(
      {.op = Op::Load, .type = type, .base = static_cast<u8>(base), .a = address, .exit = fault(), .imm = bytes});
}

void Lowering::store(Value address, Value value, u32 bytes, u32 base, Value cc_after) {
  const ExitIndex failed = fault();
  Exit after = here(Exit::Kind::Again);
  after.target = block_.end();
  after.cc = cc_after;
  add({.op = Op::Store,
       .base = static_cast<u8>(base),
       .a = address,
       .b = value,
       .exit = failed,
       .after = add_exit(after),
       .imm = bytes});
}

Exit Lowering::here(Exit::Kind kind) const {
  const Instruction& i = block_.instructions.back();
  Exit e;
  e.kind = kind;
  e.length = length_;
  e.cc = cc_;
  e.cycles = i.cycles;
  e.instructions = static_cast<u16>(block_.instructions.size());
  return e;
}
ExitIndex Lowering::add_exit(const Exit& e) {
  block_.exits.push_back(e);
  return static_cast<ExitIndex>(block_.exits.size() - 1);
}
ExitIndex Lowering::fault() {
  Exit e = here(Exit::Kind::Outcome);
  e.target = block_.end();
  return add_exit(e);
}
ExitIndex Lowering::taken(s64 ri) {
  const u16 offset = block_.instructions.back().offset;
  Exit e = here(Exit::Kind::Next);
  e.breaking = offset;
  e.target = offset + ri;
  return add_exit(e);
}
ExitIndex Lowering::taken_indirect(Value address) {
  Exit e = here(Exit::Kind::Indirect);
  e.breaking = block_.instructions.back().offset;
  e.address = address;
  return add_exit(e);
}

void Lowering::cc_to_psw() {
  if (block_.nodes[cc_].op == Op::CcMemory) return;
  add({.op = Op::MaterializeCc, .a = cc_});
  cc_ = cc_node(Op::CcMemory, kNone);
}

void Lowering::call() {
  cc_to_psw();
  Exit failed = here(Exit::Kind::Outcome);
  failed.target = block_.end();
  Exit late = here(Exit::Kind::Again);
  late.target = block_.end();
  const ExitIndex failed_index = add_exit(failed);
  add({.op = Op::Call, .exit = failed_index, .after = add_exit(late)});
  for (auto& r : registers_) r = {};
  recent_ = {};
  forget_fprs();
  cc_ = cc_node(Op::CcMemory, kNone);
}

bool Lowering::instruction(const Instruction& i, const ExecuteTarget& target) {
  const u16 before = block_.instructions.empty() ? u16{0} : block_.instructions.back().cycles;
  block_.instructions.push_back(i);
  block_.instructions.back().cycles = static_cast<u16>(before + i.cost);
  length_ = i.text.length();
  if (!options_.calls_only && i.def != nullptr) {
    const Fields f = fields_of(i.def->format, i.text);
    const bool lowered = i.def->regular ? possible(i.def->recipe, f) && regular(*i.def, f)
                                        : branch(*i.def, f) || irregular(*i.def, f) || on_condition(*i.def, f) ||
                                              under_mask(*i.def, f) || characters(*i.def, f) ||
                                              interlocked(*i.def, f) || floating(*i.def, f) || execute(f, target);
    if (lowered) return open_;
  }
  call();
  if (ends_block(i.def)) {
    Exit e = here(Exit::Kind::Again);
    e.target = block_.end();
    leave(add_exit(e));
  }
  return open_;
}

void Lowering::finish() {
  if (!open_) return;
  Exit e = here(Exit::Kind::Next);
  e.target = block_.end();
  leave(add_exit(e));
}

std::optional<s64> Lowering::execute_target(const Instruction& i) const {
  if (i.def == nullptr || (i.def->opcode != kExecute && i.def->opcode != kExecuteRelativeLong)) return std::nullopt;
  const Fields f = fields_of(i.def->format, i.text);
  if (i.def->opcode == kExecuteRelativeLong) return i.offset + f.ri2;
  if (f.b2 == 0 || f.x2 != 0) return std::nullopt;
  // EX of what a LARL before it has named.
  const Value base = registers_[f.b2].whole;
  if (base == kNone) return std::nullopt;
  const Node& n = block_.nodes[base];
  if (n.op == Op::PageAddress) return f.d2;
  if (n.op != Op::Add || block_.nodes[n.a].op != Op::PageAddress || block_.nodes[n.b].op != Op::Constant)
    return std::nullopt;
  return static_cast<s64>(block_.nodes[n.b].imm) + f.d2;
}

void Lowering::crosses_into(const u8* next, u16 offset) {
  Exit e;
  e.kind = Exit::Kind::Again;
  e.target = offset;
  e.cc = cc_;
  if (!block_.instructions.empty()) {
    e.cycles = block_.instructions.back().cycles;
    e.instructions = static_cast<u16>(block_.instructions.size());
  }
  add({.op = Op::CheckNextPage, .exit = add_exit(e), .imm = reinterpret_cast<u64>(next)});
  block_.crosses = true;
}

namespace {

/// Zeros stand for what is not known.
isa::InsnText text_at(const Text& text, u64 at) {
  u64 bits = 0;
  for (u64 i = at; i < at + 6; ++i) {
    const u8* const page = i < kPageSize ? text.page : text.next;
    bits = bits << 8 | (page != nullptr ? page[i % kPageSize] : 0);
  }
  return {bits << 16};
}

} // namespace

bool lower(
    const interpreter::CodeCache& code, const Text& text, u16 offset, const LowerOptions& options, Block& block) {
  u64 at = offset;
  const auto known = [&](isa::InsnText t) { return at + t.length() <= kPageSize || text.next != nullptr; };
  if (!known(text_at(text, at))) return false;
  Lowering lowering(options, block);
  for (unsigned count = 0; count < options.instructions && at < kPageSize; ++count) {
    const isa::InsnText bits = text_at(text, at);
    if (!known(bits)) break;
    const interpreter::Slot slot = code.decode(bits);
    Instruction i;
    i.handler = slot.handler;
    i.text = slot.text;
    i.def = code.decoder().find(bits);
    i.offset = static_cast<u16>(at);
    i.cost = static_cast<u8>(slot.text.bits >> 8 & 0xFF);
    Lowering::ExecuteTarget target;
    if (const auto to = lowering.execute_target(i); to && *to >= 0 && *to % 2 == 0 && *to + 6 <= s64{kPageSize}) {
      target.text = text_at(text, static_cast<u64>(*to));
      target.def = code.decoder().find(target.text);
      target.offset = static_cast<u16>(*to);
    }
    if (at + bits.length() > kPageSize) lowering.crosses_into(text.next, i.offset);
    at += bits.length();
    if (!lowering.instruction(i, target)) break;
  }
  lowering.finish();
  return true;
}

} // namespace siena::cpu::jit::ir
