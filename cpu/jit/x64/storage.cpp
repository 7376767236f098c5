// SPDX-License-Identifier: BSD-3-Clause
// Guest storage through the TLB of the data context; what that cannot serve goes to the cold part (exits.cpp).
#include "cpu/jit/x64/emitter.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace siena::cpu::jit::x64 {

using ir::Op;

int Emitter::temporary_of(const Xbyak::RegExp& host) {
  return host.getIndex().getBit() != 0 ? host.getIndex().getIdx() : host.getBase().getIdx();
}

namespace {

bool is_store(Op op) { return op == Op::Store || op == Op::StoreMultiple; }

u32 bytes_of(const ir::Node& n) {
  if (n.op == Op::Load || n.op == Op::Store) return static_cast<u32>(n.imm);
  const auto first = static_cast<u32>(n.imm >> 8 & 0xF), last = static_cast<u32>(n.imm >> 16 & 0xF);
  return (((last - first) & 15) + 1) * static_cast<u32>(n.imm & 0xFF);
}

int tag_field(bool for_store) {
  return static_cast<int>(for_store ? offsetof(mmu::TlbEntry, store_tag) : offsetof(mmu::TlbEntry, fetch_tag));
}
constexpr auto kAddendField = static_cast<int>(offsetof(mmu::TlbEntry, addend));
static_assert(sizeof(mmu::TlbEntry) == 32);

} // namespace

// A call may change what addresses mean: groups end there. What slow paths do ends them by the addend (SlowPaths).
void Emitter::plan_accesses() {
  constexpr s32 kWidest = 1024; // most such ranges lie in one page
  struct Open {
    Value root;
    std::size_t group;
    unsigned ways_out; ///< that came before its first member
  };
  std::vector<Open> open;
  unsigned ways_out = 0;
  for (std::size_t i = 0; i < block_->nodes.size(); ++i) {
    const Node& n = block_->nodes[i];
    if (n.op == Op::Call) open.clear();
    if (n.op == Op::BranchIf || n.op == Op::BranchCc || n.op == Op::BranchFloat) ++ways_out;
    if (n.op != Op::Load && n.op != Op::Store && n.op != Op::LoadMultiple && n.op != Op::StoreMultiple) continue;
    Access& access = accesses_[i];
    access.root = n.a;
    if (constant_of(n.a)) continue;
    if (const Node& sum = block_->nodes[n.a]; sum.op == Op::Add && constant_of(sum.b) && !constant_of(sum.a))
      if (const auto d = static_cast<s64>(*constant_of(sum.b)); d > -0x4000'0000 && d < 0x4000'0000) {
        access.root = sum.a;
        access.displacement = static_cast<s32>(d);
      }
    const bool for_store = is_store(n.op);
    const s32 low = access.displacement, high = low + static_cast<s32>(bytes_of(n)) - 1;
    // What may be stored to may be fetched from. A look-up for fetching becomes one for storing when the store comes for certain.
    const auto same = std::find_if(open.begin(), open.end(), [&](const Open& o) {
      return o.root == access.root && (!for_store || groups_[o.group].for_store || o.ways_out == ways_out);
    });
    if (same != open.end()) {
      Group& g = groups_[same->group];
      if (std::max(g.high, high) - std::min(g.low, low) < kWidest) {
        g.low = std::min(g.low, low);
        g.high = std::max(g.high, high);
        g.for_store |= for_store;
        ++g.members;
        access.group = static_cast<int>(same->group);
        continue;
      }
      open.erase(same);
    }
    access.group = static_cast<int>(groups_.size());
    open.push_back({access.root, groups_.size(), ways_out});
    groups_.push_back({low, high, for_store, 1, -1, false});
  }
  int slots = 0;
  for (Group& g : groups_)
    if (g.members > 1 && slots < static_cast<int>(EngineState::kAddends)) g.slot = slots++;
}

void Emitter::look_up(int at, s32 first, s32 last, bool for_store, int entry, int tag) {
  const auto form = [&](int to, s32 displacement) {
    displacement == 0 ? a_.mov(r64(to), r64(at)) : a_.lea(r64(to), a_.ptr[r64(at) + displacement]);
  };
  if (first == 0) {
    a_.rorx(r64(entry), r64(at), kTlbShift);
  } else {
    form(entry, first);
    a_.shr(r64(entry), kTlbShift);
  }
  form(tag, last);
  a_.and_(r32(entry), kTlbIndexMask);
  a_.and_(r64(tag), static_cast<u32>(kPageMask));
  a_.cmp(r64(tag), a_.ptr[a_.r12 + r64(entry) + tag_field(for_store)]);
}

Xbyak::RegExp Emitter::host_address(Value root, s32 displacement, u32 bytes, bool for_store, Label& miss) {
  // Linux's lowcore: a known entry.
  if (const auto known = constant_of(root); known && *known <= 0x7FFF'F000) {
    const auto page = static_cast<u32>(*known & kPageMask), offset = static_cast<u32>(*known & ~kPageMask);
    const auto entry = static_cast<int>(mmu::TlbContext::index(*known) * sizeof(mmu::TlbEntry));
    const int addend = temporary();
    if (offset + bytes > kPageSize) {
      a_.jmp(miss, a_.T_NEAR);
    } else if (for_store && *known < 2 * kPageSize && offset >= 512) {
      a_.mov(r64(addend), a_.ptr[a_.r12 + entry + tag_field(true)]);
      a_.and_(r64(addend), static_cast<u32>(~mmu::TlbEntry::kLowProtected));
      a_.cmp(r64(addend), page);
      a_.jne(miss, a_.T_NEAR);
    } else {
      a_.cmp(a_.qword[a_.r12 + entry + tag_field(for_store)], page);
      a_.jne(miss, a_.T_NEAR);
    }
    a_.mov(r64(addend), a_.ptr[a_.r12 + entry + kAddendField]);
    return r64(addend) + static_cast<int>(*known);
  }
  const int at = in_register(root);
  const int entry = temporary(), tag = temporary();
  look_up(at, displacement, displacement + static_cast<s32>(bytes) - 1, for_store, entry, tag);
  a_.jne(miss, a_.T_NEAR);
  a_.mov(r64(tag), a_.ptr[a_.r12 + r64(entry) + kAddendField]);
  locked_ &= ~(1u << entry);
  return r64(at) + r64(tag) + displacement;
}

Emitter::Found Emitter::find(std::size_t index) {
  const Access& access = accesses_[index];
  const u32 bytes = bytes_of(block_->nodes[index]);
  const bool for_store = is_store(block_->nodes[index].op);
  Found found;
  if (access.group < 0 || groups_[static_cast<std::size_t>(access.group)].slot < 0) {
    found.host = host_address(access.root, access.displacement, bytes, for_store, found.miss);
    return found;
  }
  Group& group = groups_[static_cast<std::size_t>(access.group)];
  found.at = in_register(access.root);
  found.displacement = access.displacement;
  found.bytes = bytes;
  found.for_store = for_store;
  found.slot = group.slot;
  found.first = !std::exchange(group.begun, true);
  const Xbyak::Address slot =
      a_.engine_field(offsetof(EngineState, addends) + static_cast<std::size_t>(8 * group.slot));
  found.addend = temporary();
  if (found.first) {
    const int entry = temporary();
    look_up(found.at, group.low, group.high, group.for_store, entry, found.addend);
    a_.jne(found.miss, a_.T_NEAR);
    a_.mov(r64(found.addend), a_.ptr[a_.r12 + r64(entry) + kAddendField]);
    a_.mov(slot, r64(found.addend));
    locked_ &= ~(1u << entry);
  } else {
    a_.mov(r64(found.addend), slot);
    a_.test(r64(found.addend), r64(found.addend));
    a_.jz(found.miss, a_.T_NEAR);
  }
  a_.L(found.perform);
  found.host = r64(found.at) + r64(found.addend) + access.displacement;
  return found;
}

// A member of a group that is not in one page, or that is not known to be any more, by itself.
void Emitter::emit_single_lookup(Cold& c) {
  const Found& f = c.found;
  if (f.slot < 0) return;
  if (f.first) a_.mov(a_.engine_qword(offsetof(EngineState, addends) + static_cast<std::size_t>(8 * f.slot)), 0);
  const int entry = other_than({f.at, f.addend});
  a_.push(r64(entry));
  look_up(f.at, f.displacement, f.displacement + static_cast<s32>(f.bytes) - 1, f.for_store, entry, f.addend);
  a_.mov(r64(f.addend), a_.ptr[a_.r12 + r64(entry) + kAddendField]);
  a_.pop(r64(entry));
  a_.je(c.found.perform, a_.T_NEAR);
}

void Emitter::fetch(std::size_t index, const Node& n) {
  const auto bytes = static_cast<u32>(n.imm);
  // No register may be given away between the branch to the cold part and its return.
  const int home = home_destination(index);
  const Found found = find(index);
  const Xbyak::RegExp& host = found.host;
  Cold& c = cold(Cold::Kind::Fetch, n.exit);
  c.begin = found.miss;
  c.found = found;
  c.node = &n;
  c.address = places_[accesses_[index].root];
  const int d = home != kNoRegister ? home : temporary_of(host);
  switch (bytes) {
  case 1: a_.movzx(r32(d), a_.byte[host]); break;
  case 2:
    a_.movzx(r32(d), a_.word[host]);
    a_.rol(r16(d), 8);
    break;
  case 4: a_.movbe(r32(d), a_.ptr[host]); break;
  default: a_.movbe(r64(d), a_.ptr[host]); break;
  }
  c.destination = d;
  a_.L(c.back);
  bind(index, d);
}

void Emitter::store(std::size_t index, const Node& n) {
  const auto bytes = static_cast<u32>(n.imm);
  const auto constant = constant_of(n.b);
  const int value = constant && bytes == 1 ? kNoRegister : in_register(n.b);
  const Found found = find(index);
  const Xbyak::RegExp& host = found.host;
  Cold& c = cold(Cold::Kind::Store, n.exit);
  c.begin = found.miss;
  c.found = found;
  c.node = &n;
  c.after = n.after;
  c.needed_after = needed(n.after);
  c.address = places_[accesses_[index].root];
  c.value = places_[n.b];
  switch (bytes) {
  case 1:
    if (constant)
      a_.mov(a_.byte[host], static_cast<u32>(*constant & 0xFF));
    else
      a_.mov(a_.byte[host], r8(value));
    break;
  case 2: a_.movbe(a_.ptr[host], r16(value)); break;
  case 4: a_.movbe(a_.ptr[host], r32(value)); break;
  default: a_.movbe(a_.ptr[host], r64(value)); break;
  }
  a_.L(c.back);
}

Emitter::Cold& Emitter::row_instead(const Label& miss, const Node& n) {
  Cold& c = cold(Cold::Kind::Row, n.exit);
  c.begin = miss;
  c.node = &n;
  return c;
}

void Emitter::multiple(std::size_t index, const Node& n) {
  const auto bytes = static_cast<u32>(n.imm & 0xFF), first = static_cast<u32>(n.imm >> 8 & 0xF),
             last = static_cast<u32>(n.imm >> 16 & 0xF);
  const u32 count = ((last - first) & 15) + 1;
  const bool loads = n.op == Op::LoadMultiple;
  const Value root = accesses_[index].root;
  if (loads)
    for (u32 r = first;; r = (r + 1) & 15) {
      // What only this node's way out needs must survive the loads up to there as well.
      vacate(r, index - 1, needed_after(root, index) ? ir::kNone : root);
      if (r == last) break;
    }
  const int t = temporary();
  const Found found = find(index);
  Cold& c = row_instead(found.miss, n);
  c.found = found;
  // The address itself may be among what is loaded.
  const int host = temporary_of(found.host);
  a_.lea(r64(host), a_.ptr[found.host]);
  for (u32 i = 0, r = first; i < count; ++i, r = (r + 1) & 15) {
    const Xbyak::Address at = a_.ptr[r64(host) + static_cast<std::size_t>(i * bytes)];
    const int home = kHome[r];
    if (loads) {
      a_.movbe(r64(home != kNoRegister ? home : t), at);
      if (home == kNoRegister) a_.mov(a_.gr_field(r), r64(t));
      in_home_[r] = ir::kNone;
    } else {
      if (home == kNoRegister) a_.mov(r64(t), a_.gr_field(r));
      a_.movbe(at, r64(home != kNoRegister ? home : t));
    }
  }
  a_.L(c.back);
}

// A number that fills the guest register, or, zero-extended, its right half.
void Emitter::set_whole_or_low(u32 number, int r, bool wide) {
  const int home = kHome[number];
  const s32 at = a_.layout.gr + static_cast<s32>(8 * number);
  in_home_[number] = ir::kNone;
  if (wide) {
    home != kNoRegister ? a_.mov(r64(home), r64(r)) : a_.mov(a_.gr_field(number), r64(r));
  } else if (home != kNoRegister) {
    a_.and_(r64(home), a_.engine_field(offsetof(EngineState, left_half)));
    a_.or_(r64(home), r64(r));
  } else {
    a_.mov(a_.dword[a_.rbp + at], r32(r));
  }
}

void Emitter::compare_and_swap(std::size_t index, const Node& n) {
  const auto bytes = static_cast<u32>(n.imm & 0xFF), number = static_cast<u32>(n.imm >> 8 & 0xF);
  const bool wide = bytes == 8;
  constexpr int kOld = Xbyak::Operand::RAX; // where cmpxchg wants it
  vacate(number, index - 1, ir::kNone);
  spill_temporaries(index);
  evict(kOld);
  lock(kOld);
  Label miss;
  const int at = in_register(n.a);
  a_.test(r32(at), bytes - 1);
  a_.jnz(miss, a_.T_NEAR);
  const Xbyak::RegExp host = host_address(n.a, bytes, true, miss);
  Cold& c = row_instead(miss, n);
  if (kHome[number] != kNoRegister)
    a_.mov(r64(kOld), r64(kHome[number]));
  else
    a_.mov(r64(kOld), a_.gr_field(number));
  const int t = temporary();
  load(t, n.b, places_[n.b]);
  wide ? a_.bswap(r64(kOld)) : a_.bswap(r32(kOld));
  wide ? a_.bswap(r64(t)) : a_.bswap(r32(t));
  a_.lock();
  wide ? a_.cmpxchg(a_.ptr[host], r64(t)) : a_.cmpxchg(a_.ptr[host], r32(t));
  a_.setne(r8(t));
  a_.movzx(r32(t), r8(t));
  wide ? a_.bswap(r64(kOld)) : a_.bswap(r32(kOld));
  set_whole_or_low(number, kOld, wide);
  c.destination = t;
  forget_temporaries();
  a_.L(c.back);
  bind(index, t);
}

void Emitter::fetch_and(std::size_t index, const Node& n) {
  const auto bytes = static_cast<u32>(n.imm & 0xFF), number = static_cast<u32>(n.imm >> 8 & 0xF);
  const bool wide = bytes == 8;
  constexpr int kOld = Xbyak::Operand::RAX;
  vacate(number, index - 1, ir::kNone);
  spill_temporaries(index);
  evict(kOld);
  lock(kOld);
  Label miss, again;
  const int at = in_register(n.a);
  a_.test(r32(at), bytes - 1);
  a_.jnz(miss, a_.T_NEAR);
  const Xbyak::RegExp found = host_address(n.a, bytes, true, miss);
  Cold& c = row_instead(miss, n);
  const int host = temporary_of(found);
  a_.lea(r64(host), a_.ptr[found]);
  locked_ &= ~(1u << at);
  const int rb = in_register(n.b), t = temporary();
  wide ? a_.mov(r64(kOld), a_.ptr[r64(host)]) : a_.mov(r32(kOld), a_.ptr[r64(host)]);
  a_.L(again);
  a_.mov(r64(t), r64(kOld));
  wide ? a_.bswap(r64(t)) : a_.bswap(r32(t));
  switch (n.op) {
  case Op::FetchAndAdd: a_.add(r64(t), r64(rb)); break;
  case Op::FetchAndAnd: a_.and_(r64(t), r64(rb)); break;
  case Op::FetchAndOr: a_.or_(r64(t), r64(rb)); break;
  default: a_.xor_(r64(t), r64(rb)); break;
  }
  wide ? a_.bswap(r64(t)) : a_.bswap(r32(t));
  a_.lock();
  wide ? a_.cmpxchg(a_.ptr[r64(host)], r64(t)) : a_.cmpxchg(a_.ptr[r64(host)], r32(t));
  a_.jne(again);
  wide ? a_.bswap(r64(kOld)) : a_.bswap(r32(kOld));
  set_whole_or_low(number, kOld, wide);
  c.destination = kOld;
  forget_temporaries();
  a_.L(c.back);
  bind(index, kOld);
}

} // namespace siena::cpu::jit::x64
