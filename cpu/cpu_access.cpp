// SPDX-License-Identifier: BSD-3-Clause
// Storage access off the fast path: choosing a translation context, translating, checking protection, filling the TLB, and the
// exceptions that any of it can end in (PoP, Storage, *Protection*; Interruptions, *Access exceptions*).
#include "cpu/cpu.h"

#include <algorithm>
#include <cstring>

namespace siena::cpu {

namespace {

/// Low-address protection covers effective addresses 0-511 and 4096-4607.
bool in_low_address_range(u64 address) { return address < 8192 && (address & 0xFFF) < 512; }

u64 fetch_store_indication(Access access) { return access == Access::Store ? mmu::teid::kStore : mmu::teid::kFetch; }

} // namespace

void Cpu::controls_changed() {
  data_ = code_ = tlb_.none();
  data_selected_ = false;
  address_mask_ = psw.address_mask();
}

mmu::TlbContext* Cpu::context_for(const AccessMode& mode, u64 asce) {
  using Key = mmu::ContextKey;
  Key key;
  key.prefix = prefix;
  key.key = mode.key;
  if (mode.dat) {
    key.asce = asce;
    key.flags |= Key::kDat;
    const mmu::DatControls dat = dat_controls();
    if (dat.edat1) key.flags |= Key::kEdat;
    if (dat.iep) key.flags |= Key::kIep;
  }
  if ((cr[0] & cr0::kLowAddressProtection) != 0) key.flags |= Key::kLowAddressProtection;
  if ((cr[0] & cr0::kFetchProtectionOverride) != 0) key.flags |= Key::kFetchOverride;
  if ((cr[0] & cr0::kStorageProtectionOverride) != 0) key.flags |= Key::kStorageOverride;
  if (sie_host != nullptr) {
    key.flags |= Key::kInterpretive;
    key.host_space = sie_host_space;
    key.sie = sie_identity;
  }
  return tlb_.context(key);
}

void Cpu::select_data_context() {
  data_selected_ = true;
  // In access-register mode every operand has a space of its own, and PER storage events look at every store: both stay on the
  // slow path for good.
  if (psw.has(Psw::kDat) && psw.address_space() == AddressSpace::AccessRegister) return;
  if (per_active() && (cr[9] & 0x2000'0000) != 0) return;
  const AccessMode mode = current_mode();
  data_ = context_for(mode, mode.dat ? asce_of(mode.space, 0).asce : 0);
}

Cpu::Resolved Cpu::resolve(LogicalAddress a, Access access, const AccessMode& mode) {
  SpaceAsce space;
  if (mode.dat) {
    space = asce_of(mode.space, a.access_register);
    if (space.code != ProgramInterruption::None) {
      Resolved r;
      r.translation.fault = static_cast<u16>(space.code);
      r.detail.code = space.code;
      r.detail.exception_access_id = a.access_register;
      return r;
    }
  }
  return resolve_in(a, access, mode, space);
}

Cpu::Resolved Cpu::resolve_in(LogicalAddress a, Access access, const AccessMode& mode, const SpaceAsce& space) {
  Resolved r;
  mmu::Translation& t = r.translation;
  const u64 va = a.value;
  const auto fail_with = [&](u16 code, u64 kind) {
    t.fault = code;
    r.detail.code = static_cast<ProgramInterruption>(code);
    r.detail.teid = (va & kPageMask) | kind | (mode.dat ? space.teid_space : 0) |
                    (features.fetch_store_indication ? fetch_store_indication(access) : 0);
    if (mode.dat && mode.space == AddressSpace::AccessRegister) r.detail.exception_access_id = a.access_register;
    t.teid = r.detail.teid;
    return r;
  };
  const bool private_space = mode.dat && (space.asce & mmu::asce::kPrivate) != 0;
  if (access == Access::Store && (cr[0] & cr0::kLowAddressProtection) != 0 && in_low_address_range(va) &&
      !private_space)
    return fail_with(mmu::fault::kProtection, mmu::teid::kLowAddress);

  r.real = {va};
  if (mode.dat) {
    const mmu::DatResult walked = mmu::dat_walk({va}, space.asce, dat_controls(), {env_.storage, sie_host});
    t = walked.translation;
    if (!t.ok()) {
      if (t.owner == mmu::Owner::SieHost) return r;
      return fail_with(t.fault, 0);
    }
    r.real = walked.real;
    // Under SIE the guest hears of its own protection first: the SIE host should not have to make the page writable for nothing.
    if (sie_host != nullptr && access == Access::Store && !t.writable)
      return fail_with(mmu::fault::kProtection, mmu::teid::kDatProtection);
  }
  const u64 guest_absolute = mmu::apply_prefix({r.real.value}, prefix).value;
  const mmu::Translation absolute = resolve_absolute(guest_absolute, access);
  if (!absolute.ok()) {
    t.owner = absolute.owner;
    t.host_teid = absolute.host_teid;
    if (t.owner == mmu::Owner::SieHost) {
      t.fault = absolute.fault;
      return r;
    }
    return fail_with(absolute.fault, absolute.teid);
  }
  const bool dat_writable = t.writable;
  t.page = absolute.page;
  t.host_leaf = absolute.host_leaf;
  t.writable = t.writable && absolute.writable;

  if (access == Access::Instruction && !t.executable)
    return fail_with(mmu::fault::kProtection, mmu::teid::kInstructionExecution);
  if (access == Access::Store && !dat_writable) return fail_with(mmu::fault::kProtection, mmu::teid::kDatProtection);
  if (access == Access::Store && space.fetch_only) return fail_with(mmu::fault::kProtection, mmu::teid::kAccessList);
  if (mode.key != 0) {
    const u8 key = env_.storage.frames().key(t.page);
    const bool match = (key & mmu::storage_key::kAccessControl) == mode.key;
    const bool override_9 = (cr[0] & cr0::kStorageProtectionOverride) != 0 && (key & 0xF0) == 0x90;
    const bool override_fetch =
        access != Access::Store && (cr[0] & cr0::kFetchProtectionOverride) != 0 && va < 2048 && !private_space;
    if (!match && !override_9) {
      if (access == Access::Store || ((key & mmu::storage_key::kFetchProtection) != 0 && !override_fetch))
        return fail_with(mmu::fault::kProtection, mmu::teid::kKeyControlled);
      t.writable = false; // readable by this key, not writable: keeps `fill` from granting stores
    }
  }
  return r;
}

mmu::Translation Cpu::resolve_absolute(u64 guest_absolute, Access access) {
  if (sie_host != nullptr) return sie_host->translate(guest_absolute, access);
  mmu::Translation t;
  t.page = {guest_absolute & kPageMask};
  if (!env_.storage.contains(t.page, kPageSize)) t.fault = mmu::fault::kAddressing;
  return t;
}

Outcome Cpu::fail(const Resolved& r) {
  if (r.translation.owner == mmu::Owner::SieHost) {
    sie_host_code = r.translation.fault;
    sie_host_teid = r.translation.host_teid;
    return Outcome::SieHostInterruption;
  }
  return recognize(r.detail);
}

u8* Cpu::fill(mmu::TlbContext& context, u64 address, Access access, const Resolved& r) {
  mmu::FrameTable& frames = env_.storage.frames();
  const AbsoluteAddress page = r.translation.page;
  if (access == Access::Store)
    frames.set_reference_and_change(page);
  else
    frames.set_reference(page);

  mmu::TlbEntry& e = context.entry(address);
  const u64 i = mmu::TlbContext::index(address);
  const u64 tag = address & kPageMask;
  u8* const host = env_.storage.host(page);
  const bool other_page = e.host(tag) != host || (e.fetch_tag != tag && e.store_tag != tag && e.execute_tag != tag);
  if (other_page) {
    e = {};
    context.code[i] = nullptr;
  }
  e.set_host(tag, host);
  if (other_page || context.leaf[i] != r.translation.leaf || context.host_leaf[i] != r.translation.host_leaf) {
    context.leaf[i] = r.translation.leaf;
    context.host_leaf[i] = r.translation.host_leaf;
    tlb_.filled(context, i, page);
  }
  if (access == Access::Instruction)
    e.execute_tag = tag;
  else
    e.fetch_tag = tag;
  const bool low = address < 8192 && (cr[0] & cr0::kLowAddressProtection) != 0;
  // Fetch-protection override makes part of a page readable that the rest is not.
  const bool partly = address < 4096 && (cr[0] & cr0::kFetchProtectionOverride) != 0 && context.key.key != 0;
  if (partly) e.fetch_tag = e.execute_tag = mmu::TlbEntry::kNoTag;
  const bool changed = (frames.key(page) & mmu::storage_key::kChange) != 0;
  const bool watched = frames.armed(page);
  if (r.translation.writable && changed && !(watched && low) && access != Access::Instruction)
    e.store_tag = tag | (low ? mmu::TlbEntry::kLowProtected : 0) | (watched ? mmu::TlbEntry::kWatched : 0);
  if (watch_ != nullptr) [[unlikely]] {
    if (e.execute_tag == tag && watch_->watches(*this, tag, Access::Instruction))
      e.execute_tag = tag | mmu::TlbEntry::kWatched;
    if (watch_->watches(*this, tag, Access::Fetch)) e.fetch_tag = mmu::TlbEntry::kNoTag;
    if (watch_->watches(*this, tag, Access::Store)) e.store_tag = mmu::TlbEntry::kNoTag;
  }
  frames.note_cached(page, e.store_tag != mmu::TlbEntry::kNoTag);
  return host + (address & ~kPageMask);
}

void Cpu::set_watch(ports::AccessWatch* watch) {
  watch_ = watch;
  tlb_.purge();
  controls_changed();
}

u8* Cpu::reach(LogicalAddress a, Access access, const AccessMode& mode, Outcome& outcome) {
  SpaceAsce space;
  if (mode.dat) {
    space = asce_of(mode.space, a.access_register);
    if (space.code != ProgramInterruption::None) {
      ProgramDetail detail;
      detail.code = space.code;
      detail.exception_access_id = a.access_register;
      outcome = recognize(detail);
      return nullptr;
    }
  }
  mmu::TlbContext* context = context_for(mode, space.asce);
  mmu::TlbEntry& e = context->entry(a.value);
  const u64 tag = a.value & kPageMask;
  const bool watched = e.store_tag == (tag | mmu::TlbEntry::kWatched);
  const bool hit = access == Access::Store   ? e.store_tag == tag || watched
                   : access == Access::Fetch ? e.fetch_tag == tag
                                             : e.execute_tag == tag;
  if (hit && !(access == Access::Store && space.fetch_only)) return e.host(a.value);
  const Resolved r = resolve_in(a, access, mode, space);
  if (!r.translation.ok()) {
    outcome = fail(r);
    return nullptr;
  }
  return fill(*context, a.value, access, r);
}

Outcome Cpu::fetch_slow(LogicalAddress a, std::span<u8> to) {
  choose_data_context();
  return fetch_bytes(a, to, current_mode());
}

Outcome Cpu::store_slow(LogicalAddress a, std::span<const u8> from) {
  choose_data_context();
  const mmu::TlbEntry& e = data_->entry(a.value);
  // Linux stores into its lowcore at every entry to the kernel.
  if (above_low_addresses(e, a, from.size())) {
    std::memcpy(e.host(a.value), from.data(), from.size());
    return Outcome::Completed;
  }
  // KVM stores into the tables that a guest's storage is translated by.
  const u64 last = a.value + from.size() - 1;
  if (e.store_tag == ((last & kPageMask) | mmu::TlbEntry::kWatched) && (a.value & kPageMask) == (last & kPageMask)) {
    u8* const to = e.host(a.value);
    std::memcpy(to, from.data(), from.size());
    stored(to, from.size());
    return Outcome::Completed;
  }
  return store_bytes(a, from, current_mode());
}

Outcome Cpu::fetch_bytes(LogicalAddress a, std::span<u8> to, const AccessMode& mode) {
  Outcome outcome = Outcome::Completed;
  while (!to.empty()) {
    const u8* p = reach(a, Access::Fetch, mode, outcome);
    if (p == nullptr) return outcome;
    const std::size_t n = std::min<std::size_t>(to.size(), kPageSize - (a.value & ~kPageMask));
    std::memcpy(to.data(), p, n);
    note_access(a.value, n, Access::Fetch);
    to = to.subspan(n);
    a = advance(a, n);
  }
  return outcome;
}

Outcome Cpu::store_bytes(LogicalAddress a, std::span<const u8> from, const AccessMode& mode) {
  Outcome outcome = Outcome::Completed;
  const LogicalAddress start = a;
  const u64 length = from.size();
  const auto in_page = [](LogicalAddress x, std::size_t n) {
    return std::min<std::size_t>(n, kPageSize - (x.value & ~kPageMask));
  };
  if (in_page(a, from.size()) < from.size()) {
    for (std::size_t left = from.size(); left != 0;) {
      if (reach(a, Access::Store, mode, outcome) == nullptr) return outcome;
      const std::size_t n = in_page(a, left);
      left -= n;
      a = advance(a, n);
    }
    a = start;
  }
  while (!from.empty()) {
    u8* p = reach(a, Access::Store, mode, outcome);
    if (p == nullptr) return outcome;
    const std::size_t n = in_page(a, from.size());
    std::memcpy(p, from.data(), n);
    stored(p, n);
    note_access(a.value, n, Access::Store);
    from = from.subspan(n);
    a = advance(a, n);
  }
  per_store_event(start, length);
  return outcome;
}

Outcome Cpu::check_access(LogicalAddress a, u64 length, Access access) {
  choose_data_context();
  Outcome outcome = Outcome::Completed;
  while (length != 0) {
    if (reach(a, access, current_mode(), outcome) == nullptr) return outcome;
    const u64 n = std::min(length, kPageSize - (a.value & ~kPageMask));
    length -= n;
    a = advance(a, n);
  }
  return outcome;
}

HostSpan Cpu::span_slow(LogicalAddress a, u64 wanted, Access access) {
  choose_data_context();
  const u64 offset = a.value & ~kPageMask;
  if (const mmu::TlbEntry& e = data_->entry(a.value); access == Access::Store && above_low_addresses(e, a, 1))
    return {e.host(a.value), std::min(wanted, kPageSize - offset), Outcome::Completed};
  return span(a, wanted, access, current_mode());
}

HostSpan Cpu::span(LogicalAddress a, u64 wanted, Access access, const AccessMode& mode) {
  HostSpan s;
  s.bytes = reach(a, access, mode, s.outcome);
  if (s.bytes == nullptr) return s;
  s.length = std::min(wanted, kPageSize - (a.value & ~kPageMask));
  if (access == Access::Store) per_store_event(a, s.length);
  note_access(a.value, s.length, access);
  return s;
}

void Cpu::per_store_event(LogicalAddress a, u64 length) {
  constexpr u64 kStoreEvent = 0x2000'0000, kBySpace = 0x0020'0000;
  if (!per_mode() || (cr[9] & kStoreEvent) == 0 || length == 0) return;
  if ((cr[9] & kBySpace) != 0 && psw.has(Psw::kDat)) {
    const SpaceAsce space = asce_of(psw.address_space(), a.access_register);
    if ((space.asce & mmu::asce::kStorageAlteration) == 0) return;
  }
  const u64 start = cr[10], end = cr[11], first = a.value, last = a.value + length - 1;
  const bool hit = start <= end ? first <= end && last >= start : first <= end || last >= start;
  if (hit) pending_per.code |= 0x20;
}

Outcome Cpu::fetch_real_bytes(RealAddress a, std::span<u8> to) {
  while (!to.empty()) {
    Resolved r;
    r.translation = resolve_absolute(mmu::apply_prefix(a, prefix).value, Access::Fetch);
    if (!r.translation.ok()) {
      r.detail.code = static_cast<ProgramInterruption>(r.translation.fault);
      return fail(r);
    }
    const std::size_t n = std::min<std::size_t>(to.size(), kPageSize - a.page_offset());
    std::memcpy(to.data(), env_.storage.host(r.translation.page + a.page_offset()), n);
    env_.storage.frames().set_reference(r.translation.page);
    to = to.subspan(n);
    a = a + n;
  }
  return Outcome::Completed;
}

Outcome Cpu::store_real_bytes(RealAddress a, std::span<const u8> from) {
  while (!from.empty()) {
    Resolved r;
    r.translation = resolve_absolute(mmu::apply_prefix(a, prefix).value, Access::Store);
    if (!r.translation.ok()) {
      r.detail.code = static_cast<ProgramInterruption>(r.translation.fault);
      r.detail.teid = r.translation.teid | (a.value & kPageMask);
      return fail(r);
    }
    const std::size_t n = std::min<std::size_t>(from.size(), kPageSize - a.page_offset());
    CHECK(env_.storage.write(r.translation.page + a.page_offset(), from.first(n)),
          "a resolved page is in main storage");
    from = from.subspan(n);
    a = a + n;
  }
  return Outcome::Completed;
}

HostSpan Cpu::instruction_text(u64 ia) {
  AccessMode mode = current_mode();
  // Instructions come from the home space in home-space mode, else from the primary space.
  if (mode.space != AddressSpace::Home) mode.space = AddressSpace::Primary;
  HostSpan s;
  u8* p = reach({ia, 0}, Access::Instruction, mode, s.outcome);
  if (p == nullptr) return s;
  code_ = context_for(mode, mode.dat ? asce_of(mode.space, 0).asce : 0);
  s.bytes = p - (ia & ~kPageMask);
  s.length = kPageSize;
  return s;
}

HostSpan Cpu::instruction_page_slow(u64 ia) {
  HostSpan s = instruction_text(ia);
  if (s.outcome == Outcome::Completed && watch_ != nullptr &&
      watch_->watches(*this, ia & kPageMask, Access::Instruction)) [[unlikely]]
    s.outcome = Outcome::CompletedLeaveBlock;
  return s;
}

Fetched<u16> Cpu::fetch_instruction_halfword(u64 instruction_address) {
  const u64 page = instruction_address & kPageMask;
  const mmu::TlbEntry& e = code_->entry(instruction_address);
  if ((e.execute_tag & ~mmu::TlbEntry::kWatched) == page) [[likely]]
    return {load_big<u16>(e.host(instruction_address)), Outcome::Completed};
  const HostSpan text = instruction_text(instruction_address);
  if (text.outcome != Outcome::Completed) return {0, text.outcome};
  return {load_big<u16>(text.bytes + (instruction_address & ~kPageMask)), Outcome::Completed};
}

} // namespace siena::cpu
