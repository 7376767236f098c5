// SPDX-License-Identifier: BSD-3-Clause
// EXTRACT AND SET STORAGE ATTRIBUTES of the guest: page states are in the page-status-table entries (sie/guest_page.h). A page that the
// SIE host has taken away already, and whose contents the guest now gives up, goes to the release list (block, cbrlo), which the SIE
// host's program empties at the next interception; a full list is one.
#include "sie/guest_page.h"
#include "sie/interpretive_execution.h"

#include "cpu/isa/formats.h"
#include "cpu/isa/semantics/control_checks.h"
#include "cpu/isa/semantics/storage_attributes.h"

namespace siena::sie {

using cpu::Cpu;
using cpu::Outcome;
namespace isa = cpu::isa;

namespace {

using isa::PageRequest;

/// True: the contents, which are not resident, need not be kept any longer.
bool change(u64& status, bool resident, PageRequest request) {
  namespace usage = isa::page_usage;
  constexpr u64 kGuestChange = u64{mmu::storage_key::kChange} << page_status::kGuestReferences;
  const auto set = [&](u64 state) { status = (status & ~page_status::kUsage) | state << page_status::kUsageShift; };
  switch (request) {
  case PageRequest::GetState: return false;
  case PageRequest::SetStableNoTranslate:
    status |= page_status::kNoTranslate;
    set(usage::kStable);
    return false;
  case PageRequest::SetStable:
    status &= ~page_status::kNoTranslate;
    set(usage::kStable);
    return false;
  case PageRequest::SetStableMakeResident: set(usage::kStable); return false;
  case PageRequest::SetStableIfResident:
    if (resident) set(usage::kStable);
    return false;
  case PageRequest::SetUnused: set(usage::kUnused); return !resident;
  case PageRequest::SetVolatile: set(usage::kVolatile); return !resident;
  case PageRequest::SetPotentiallyVolatile:
    // What has been taken away unchanged, or is zero anyway, can be had again: volatile at once. A changed page is kept.
    if (resident) {
      set(usage::kPotentiallyVolatile);
      return false;
    }
    if ((status & (page_status::kZero | kGuestChange)) == kGuestChange) {
      set(usage::kStable);
      return false;
    }
    set(usage::kVolatile);
    return (status & page_status::kZero) == 0;
  }
  return false;
}

} // namespace

std::optional<Outcome> InterpretiveExecution::storage_attributes(Cpu& cpu, Guest& g, u64 text) {
  constexpr u64 kLastEntry = kPageSize - 8;
  const u64 list = g.sd.cbrlo;
  if ((g.sd.ecb2 & ecb2::kStorageAttributes) == 0) return intercept(cpu, g, text);
  const isa::RRF_c insn{{text}};
  if (!isa::valid_page_request(cpu, insn.m3())) return cpu.recognize(cpu::ProgramInterruption::Specification);
  const bool usable = (list & kPageMask) >= mmu::kPrefixAreaSize && storage_.contains({list & kPageMask}, kPageSize);
  if (!usable || (list & ~kPageMask) >= kLastEntry) return intercept(cpu, g, text);

  const auto request = static_cast<PageRequest>(insn.m3());
  const u64 guest_absolute = cpu.register_address(insn.r2()).value & kPageMask;
  const GuestPage page = find_page(g.space, storage_, guest_absolute);
  if (page.kind == GuestPage::Kind::Unreachable) return isa::translation_failed(cpu, page.translation);
  if (page.kind == GuestPage::Kind::Frame) {
    cpu.gr[insn.r1()] = isa::exchange_page_state(storage_.frames(), page.frame, request);
    return Outcome::Completed;
  }
  PageStatus status(storage_, page.status);
  if (!status.locked()) return intercept(cpu, g, text);
  namespace contents = isa::page_contents;
  const u64 state = (status.value & page_status::kUsage) >> page_status::kUsageShift |
                    ((status.value & page_status::kNoTranslate) != 0 ? isa::page_usage::kNoTranslate : 0);
  const bool zero = (status.value & page_status::kZero) != 0;
  const u64 now = page.resident ? contents::kResident : zero ? contents::kZero : contents::kPreserved;
  cpu.gr[insn.r1()] = state << isa::page_usage::kShift | now;
  if (!change(status.value, page.resident, request)) return Outcome::Completed;

  status.value |= page_status::kZero;
  u8 entry[8];
  store_big(entry, guest_absolute);
  write(list, entry);
  g.sd.cbrlo = list + sizeof entry;
  u8 next[8];
  store_big(next, list + sizeof entry);
  write(g.block + offsetof(StateDescription, cbrlo), next);
  return Outcome::Completed;
}

} // namespace siena::sie
