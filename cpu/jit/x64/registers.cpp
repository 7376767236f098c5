// SPDX-License-Identifier: BSD-3-Clause
// Where values are: temporaries, guest registers' places, spills.
#include "cpu/jit/x64/emitter.h"

#include <algorithm>
#include <cstddef>

namespace siena::cpu::jit::x64 {

using ir::Type;

int Emitter::temporary() {
  for (const int r : kTemporaries)
    if (in_temporary_[r] == ir::kNone && !is_locked(r)) {
      lock(r);
      return r;
    }
  int best = kNoRegister;
  s32 farthest = -2;
  for (const int r : kTemporaries) {
    if (is_locked(r)) continue;
    const Value v = in_temporary_[r];
    // Who is not needed by the way straight on goes first.
    const s32 next = last_use_[v] < 0 ? 0x7FFF'FFFF : last_use_[v];
    if (next > farthest) {
      farthest = next;
      best = r;
    }
  }
  CHECK(best != kNoRegister, "a node needs at most four temporaries");
  evict(best);
  lock(best);
  return best;
}

void Emitter::evict(int r) {
  const Value v = in_temporary_[r];
  in_temporary_[r] = ir::kNone;
  if (v == ir::kNone) return;
  Place& p = places_[v];
  p.reg = kNoRegister;
  if (p.home >= 0 || p.spill >= 0 || p.fpr >= 0 || constant_of(v) || is_page(v)) return;
  std::size_t free = 0;
  while (free < spills_ && spilt_[free] != ir::kNone) ++free;
  CHECK(free < spilt_.size(), "room for values");
  if (free == spills_) ++spills_;
  p.spill = static_cast<s16>(free);
  spilt_[free] = v;
  a_.mov(a_.engine_field(offsetof(EngineState, spills) + 8 * free), r64(r));
}

void Emitter::spill_temporaries(std::size_t index) {
  for (const int r : kTemporaries) {
    const Value v = in_temporary_[r];
    if (v != ir::kNone && (needed_after(v, index) || last_cold_[v] == static_cast<s32>(index))) evict(r);
  }
}

void Emitter::forget_temporaries() {
  for (const int r : kTemporaries) {
    if (in_temporary_[r] != ir::kNone) places_[in_temporary_[r]].reg = kNoRegister;
    in_temporary_[r] = ir::kNone;
  }
}

void Emitter::load(int r, Value v, const Place& p) {
  if (const auto c = constant_of(v)) {
    if (*c == 0)
      a_.mov(r32(r), 0); // no xor: flags stay
    else
      a_.mov(r64(r), *c);
  } else if (p.reg != kNoRegister) {
    if (p.reg != r) a_.mov(r64(r), r64(p.reg));
  } else if (p.home >= 0) {
    const int home = kHome[p.home];
    if (p.high) {
      if (home != kNoRegister) {
        a_.rorx(r64(r), r64(home), 32);
        a_.mov(r32(r), r32(r));
      } else {
        a_.mov(r32(r), a_.ptr[a_.rbp + a_.layout.gr + 8 * p.home + 4]);
      }
    } else if (block_->nodes[v].type == Type::I32) {
      // Just that half: it may have been written alone, which the host forwards to no wider read.
      home != kNoRegister ? a_.mov(r32(r), r32(home)) : a_.mov(r32(r), a_.gr_field(static_cast<unsigned>(p.home)));
    } else if (home != kNoRegister) {
      a_.mov(r64(r), r64(home));
    } else {
      a_.mov(r64(r), a_.gr_field(static_cast<unsigned>(p.home)));
    }
  } else if (p.fpr >= 0) {
    is_short(v) ? a_.mov(r32(r), fpr_field(p.fpr, true)) : a_.mov(r64(r), fpr_field(p.fpr, false));
  } else if (is_page(v)) {
    a_.mov(r64(r), a_.engine_field(offsetof(EngineState, page)));
  } else {
    CHECK(p.spill >= 0, "a value that is needed is somewhere");
    a_.mov(r64(r), a_.engine_field(offsetof(EngineState, spills) + static_cast<std::size_t>(8 * p.spill)));
  }
}

int Emitter::in_register(Value v) {
  Place& p = places_[v];
  if (p.reg != kNoRegister) {
    lock(p.reg);
    return p.reg;
  }
  if (p.home >= 0 && !p.high && kHome[p.home] != kNoRegister) return kHome[p.home];
  const int r = temporary();
  load(r, v, p);
  p.reg = static_cast<s16>(r);
  in_temporary_[r] = v;
  return r;
}

int Emitter::copy_of(Value v) {
  Place& p = places_[v];
  const int r = temporary();
  load(r, v, p);
  return r;
}

bool Emitter::is_zero_extended(Value v) const {
  const Node& n = block_->nodes[v];
  if (constant_of(v)) return n.type == Type::I32 || *constant_of(v) <= 0xFFFF'FFFF;
  if (const Place& p = places_[v]; p.reg == kNoRegister && p.home >= 0)
    return n.type == Type::I32 && (p.high || kHome[p.home] == kNoRegister);
  switch (n.op) {
  case Op::GetGrLow:
  case Op::GetGrHigh: return true;
  case Op::Load: return n.imm <= 4;
  case Op::ByteSwap: return n.imm <= 4;
  case Op::ZeroExtend:
  case Op::Truncate: return true;
  case Op::Add:
  case Op::Subtract:
  case Op::And:
  case Op::Or:
  case Op::Xor:
  case Op::Multiply: return n.type == Type::I32;
  case Op::RotateLeft: return n.type == Type::I32 && constant_of(n.b).has_value();
  default: return false;
  }
}

int Emitter::in_register_zero_extended(Value v) {
  // Only operations of 32 bits and loads leave zeros; a copy is cheap and always right.
  const int from = in_register(v);
  const int r = temporary();
  a_.mov(r32(r), r32(from));
  return r;
}

void Emitter::set_home(Value v, unsigned n) {
  places_[v].home = static_cast<s16>(n);
  at_home_[n].push_back(v);
}

void Emitter::vacate(unsigned n, std::size_t index, Value except) {
  const auto number = static_cast<s16>(n);
  bool excepted = false;
  for (const Value v : at_home_[n]) {
    Place& p = places_[v];
    if (p.home != number) continue;
    if (v == except) {
      excepted = true;
      continue;
    }
    p.home = -1;
    if (!needed_after(v, index) || p.spill >= 0 || p.reg != kNoRegister) continue;
    // Another guest register may be the same.
    unsigned other = 0;
    while (other < 16 && (other == n || in_home_[other] != v)) ++other;
    if (other < 16 && !p.high) {
      set_home(v, other);
      continue;
    }
    p.home = number;
    const int r = temporary();
    load(r, v, p);
    p.high = false;
    p.home = -1;
    p.reg = static_cast<s16>(r);
    in_temporary_[r] = v;
    locked_ &= ~(1u << r);
  }
  at_home_[n].clear();
  if (excepted) at_home_[n].push_back(except);
}

int Emitter::home_destination(std::size_t index) {
  // The very next node puts the result into a guest register that has a host register.
  std::size_t next = index + 1;
  while (next < block_->nodes.size() && (block_->nodes[next].op == Op::Nop || block_->nodes[next].type == Type::Cc ||
                                         block_->nodes[next].op == Op::Constant))
    ++next;
  if (next < block_->nodes.size()) {
    const Node& set = block_->nodes[next];
    if (set.op == Op::SetGr && set.a == index && kHome[set.imm] != kNoRegister) {
      const auto& values = at_home_[set.imm];
      const auto elsewhere = [&](Value v) { return places_[v].reg != kNoRegister || places_[v].spill >= 0; };
      for (const Value v : values)
        if (places_[v].home == static_cast<s16>(set.imm) && needed_after(v, index) && !elsewhere(v)) return kNoRegister;
      // Those that have another place besides keep that, also when their register is wanted meanwhile.
      for (const Value v : values)
        if (places_[v].home == static_cast<s16>(set.imm) && elsewhere(v)) places_[v].home = -1;
      return kHome[set.imm];
    }
  }
  return kNoRegister;
}

int Emitter::destination(std::size_t index) {
  const int home = home_destination(index);
  return home != kNoRegister ? home : temporary();
}

int Emitter::destination_or(Value operand, std::size_t index) {
  const int home = home_destination(index);
  if (home != kNoRegister) return home;
  const int r = places_[operand].reg;
  if (r == kNoRegister || needed_after(operand, index)) return temporary();
  places_[operand].reg = kNoRegister;
  in_temporary_[r] = ir::kNone;
  lock(r);
  return r;
}

void Emitter::bind(std::size_t index, int r) {
  for (int n = 0; n < 16; ++n) {
    if (kHome[n] != r) continue;
    // In place: the SetGr behind has nothing left to do.
    vacate(static_cast<unsigned>(n), index, static_cast<Value>(index));
    set_home(static_cast<Value>(index), static_cast<unsigned>(n));
    in_home_[n] = static_cast<Value>(index);
    std::size_t next = index + 1;
    while (block_->nodes[next].op != Op::SetGr) ++next;
    done_[next] = true;
    return;
  }
  places_[index].reg = static_cast<s16>(r);
  in_temporary_[r] = static_cast<Value>(index);
}

void Emitter::release(std::size_t index) {
  locked_ = 0;
  locked_copies_ = 0;
  for (const int r : kTemporaries) {
    const Value v = in_temporary_[r];
    if (v != ir::kNone && !needed_after(v, index)) {
      places_[v].reg = kNoRegister;
      in_temporary_[r] = ir::kNone;
    }
  }
  for (std::size_t i = 0; i < spills_; ++i)
    if (spilt_[i] != ir::kNone && !needed_after(spilt_[i], index)) spilt_[i] = ir::kNone;
  while (spills_ != 0 && spilt_[spills_ - 1] == ir::kNone) --spills_;
}

} // namespace siena::cpu::jit::x64
