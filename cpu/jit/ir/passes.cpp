// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/jit/ir/passes.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <utility>

namespace siena::cpu::jit::ir {

namespace {

struct Fused {
  enum class Kind : u8 { No, Never, Always, If, Float } kind = Kind::No;
  Condition condition{};
  Value a = kNone, b = kNone; ///< b kNone: zero
};

Fused when(Condition c, Value a, Value b = kNone) { return {Fused::Kind::If, c, a, b}; }
Fused never() { return {Fused::Kind::Never, {}, kNone, kNone}; }
Fused always() { return {Fused::Kind::Always, {}, kNone, kNone}; }

/// Mask bits 8: equal, 4: low, 2: high.
Fused compared(u64 mask, bool is_signed, Value a, Value b) {
  using enum Condition;
  switch (mask & 14) {
  case 0: return never();
  case 8: return when(Equal, a, b);
  case 6: return when(NotEqual, a, b);
  case 4: return when(is_signed ? Less : Below, a, b);
  case 12: return when(is_signed ? LessOrEqual : BelowOrEqual, a, b);
  case 2: return when(is_signed ? Greater : Above, a, b);
  case 10: return when(is_signed ? GreaterOrEqual : AboveOrEqual, a, b);
  default: return always();
  }
}

/// The condition codes that TEST UNDER MASK with this mask has, as a mask of a branch.
u64 of_mask(const Block& block, const Node& cc) {
  if (std::has_single_bit(block.nodes[cc.b].imm)) return 9;
  return cc.op == Op::CcTestMask ? 13 : 15;
}

Fused fused(const Block& block, const Node& cc, u64 mask) {
  using enum Condition;
  switch (cc.op) {
  case Op::CcConstant: return (mask << cc.imm & 8) != 0 ? always() : never();
  case Op::CcSign: return compared(mask, true, cc.a, kNone);
  case Op::CcCompareSigned: return compared(mask, true, cc.a, cc.b);
  case Op::CcCompareLogical: return compared(mask, false, cc.a, cc.b);
  case Op::CcNonZero:
    switch (mask & 12) {
    case 0: return never();
    case 8: return when(Equal, cc.a);
    case 4: return when(NotEqual, cc.a);
    default: return always();
    }
  case Op::CcTestMask:
  case Op::CcTestMaskLeftmost: {
    const u64 possible = of_mask(block, cc);
    const u64 m = mask & possible;
    if (m == 0) return never();
    if (m == possible) return always();
    if (m == 8) return when(Equal, cc.a);
    if (m == (possible & 7)) return when(NotEqual, cc.a);
    if (m == 1) return when(Equal, cc.a, cc.b);
    if (m == (possible & 14)) return when(NotEqual, cc.a, cc.b);
    return {};
  }
  case Op::CcAddLogical:
    switch (mask) {
    case 12: return when(AboveOrEqual, cc.a, cc.b);
    case 3: return when(Below, cc.a, cc.b);
    case 10: return when(Equal, cc.a);
    case 5: return when(NotEqual, cc.a);
    default: return {};
    }
  case Op::CcSubtractLogical:
    if ((mask & 7) == 2) return when(Equal, cc.a);
    if ((mask & 7) == 5) return when(NotEqual, cc.a);
    return {};
  case Op::CcFloatSign:
  case Op::CcFloatCompare:
    if (mask == 0) return never();
    if (mask == 15) return always();
    return {Fused::Kind::Float, {}, cc.a, cc.b};
  default: return {};
  }
}

/// The condition code that holds when one among `mask` does, if it can only be one.
std::optional<u64> only(const Block& block, const Node& cc, u64 mask) {
  u64 possible = 15;
  if (cc.op == Op::CcSign || cc.op == Op::CcCompareSigned || cc.op == Op::CcCompareLogical) possible = 14;
  if (cc.op == Op::CcNonZero) possible = 12;
  if (cc.op == Op::CcTestMask || cc.op == Op::CcTestMaskLeftmost) possible = of_mask(block, cc);
  if (cc.op == Op::CcSubtractLogical) possible = 7;
  mask &= possible;
  if (!std::has_single_bit(mask)) return std::nullopt;
  return static_cast<u64>(3 - std::countr_zero(mask));
}

void mark(Block& block, Value v) {
  if (v != kNone) block.nodes[v].needed = true;
}

bool has_effect(Op op) {
  switch (op) {
  case Op::SetGr:
  case Op::SetGrLow:
  case Op::SetGrHigh:
  case Op::Load:
  case Op::Store:
  case Op::LoadMultiple:
  case Op::StoreMultiple:
  case Op::Call:
  case Op::AddCarry:
  case Op::SubtractBorrow:
  case Op::CompareAndSwap:
  case Op::FetchAndAdd:
  case Op::FetchAndAnd:
  case Op::FetchAndOr:
  case Op::FetchAndXor:
  case Op::DivideUnsigned:
  case Op::DivideSigned:
  case Op::MoveCharacters:
  case Op::ClearCharacters:
  case Op::AndCharacters:
  case Op::OrCharacters:
  case Op::XorCharacters:
  case Op::CompareCharacters:
  case Op::MoveVariable:
  case Op::ClearVariable:
  case Op::CompareVariable:
  case Op::CheckNextPage:
  case Op::CheckTime:
  case Op::MaterializeCc:
  case Op::BranchIf:
  case Op::BranchCc:
  case Op::BranchFloat:
  case Op::SetFpr:
  case Op::SetFprShort:
  case Op::CheckFloating:
  case Op::FloatToFixed:
  case Op::FloatCompare:
  case Op::Leave: return true;
  default: return writes_fpr(op);
  }
}

} // namespace

void fuse_branches(Block& block) {
  for (std::size_t i = 0; i < block.nodes.size(); ++i) {
    Node& n = block.nodes[i];
    if (n.op == Op::SelectCc) {
      if (const Fused f = fused(block, block.nodes[n.c], n.imm); f.kind == Fused::Kind::If) {
        n.op = Op::Select;
        n.condition = f.condition;
        n.c = f.a;
        n.d = f.b;
      }
      continue;
    }
    if (n.op != Op::BranchCc) continue;
    const Node& cc = block.nodes[n.a];
    const Fused f = fused(block, cc, n.imm);
    // The first nodes of every block are the four constant condition codes (Lowering).
    if (const auto known = only(block, cc, n.imm))
      block.exits[n.exit].cc = static_cast<Value>(kFirstConstantCc + *known);
    switch (f.kind) {
    case Fused::Kind::No: break;
    case Fused::Kind::Never: n = {}; break;
    case Fused::Kind::Always:
      n = {.op = Op::Leave, .exit = n.exit, .instruction = n.instruction};
      block.nodes.resize(i + 1);
      return;
    case Fused::Kind::If:
      n = {.op = Op::BranchIf,
           .condition = f.condition,
           .a = f.a,
           .b = f.b,
           .exit = n.exit,
           .instruction = n.instruction};
      break;
    case Fused::Kind::Float:
      n = {.op = Op::BranchFloat, .a = f.a, .b = f.b, .exit = n.exit, .instruction = n.instruction, .imm = n.imm};
      break;
    }
  }
}

void eliminate_dead(Block& block) {
  for (Node& n : block.nodes) n.needed = false;
  const auto exit = [&](ExitIndex e) {
    if (e == kNoExit) return;
    mark(block, block.exits[e].cc);
    mark(block, block.exits[e].address);
  };
  for (std::size_t i = block.nodes.size(); i-- > 0;) {
    Node& n = block.nodes[i];
    if (!n.needed && !has_effect(n.op)) {
      n = {};
      continue;
    }
    for (const Value v : {n.a, n.b, n.c, n.d}) mark(block, v); // d of AddCarry is behind it and no use
    exit(n.exit);
    exit(n.after);
  }
}

void eliminate_overwritten(Block& block) {
  // Per register the last write of its whole and of each half that nobody has seen yet.
  enum Part { Whole, Low, High, kParts };
  std::size_t unseen[16][kParts];
  constexpr std::size_t kSeen = ~std::size_t{0};
  const auto all_seen = [&] {
    for (auto& r : unseen) std::fill(std::begin(r), std::end(r), kSeen);
  };
  const auto overwritten = [&](u64 r, Part part) {
    if (unseen[r][part] != kSeen) block.nodes[std::exchange(unseen[r][part], kSeen)] = {};
  };
  all_seen();
  for (std::size_t i = 0; i < block.nodes.size(); ++i) {
    const Node& n = block.nodes[i];
    switch (n.op) {
    case Op::GetGr:
    case Op::GetGrLow:
    case Op::GetGrHigh: std::fill(std::begin(unseen[n.imm]), std::end(unseen[n.imm]), kSeen); break;
    case Op::SetGr:
      for (const Part part : {Whole, Low, High}) overwritten(n.imm, part);
      unseen[n.imm][Whole] = i;
      break;
    case Op::SetGrLow:
      overwritten(n.imm, Low);
      unseen[n.imm][Low] = i;
      break;
    case Op::SetGrHigh:
      overwritten(n.imm, High);
      unseen[n.imm][High] = i;
      break;
    default:
      if (n.exit != kNoExit || n.after != kNoExit || calls_row(n.op)) all_seen();
      break;
    }
  }
}

void run_passes(Block& block) {
  fuse_branches(block);
  eliminate_overwritten(block);
  eliminate_dead(block);
}

bool needs_cc(const Block& block) {
  const auto by_exit = [&](ExitIndex e) { return e != kNoExit && block.exits[e].cc == kCcAtEntry; };
  for (const Node& n : block.nodes)
    if (n.op != Op::Nop && (n.a == kCcAtEntry || n.c == kCcAtEntry || by_exit(n.exit) || by_exit(n.after))) return true;
  return false;
}

} // namespace siena::cpu::jit::ir
