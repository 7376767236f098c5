// SPDX-License-Identifier: BSD-3-Clause
// Storage keys of the guest. A resident page's access control and fetch protection are those of its frame, where ordinary accesses
// look; its reference and change bit are those of the frame or those kept in the page-status-table entry (sie/guest_page.h), since
// the SIE host's program may have looked at the frame's and reset them. A page that is not resident has its whole key in that entry.
#include "sie/guest_page.h"
#include "sie/interpretive_execution.h"

#include "cpu/isa/formats.h"
#include "cpu/isa/semantics/control_checks.h"
#include "cpu/isa/semantics/storage_keys.h"

namespace siena::sie {

using cpu::Cpu;
using cpu::KeyOperation;
using cpu::Outcome;
namespace isa = cpu::isa;
namespace key_bits = mmu::storage_key;

namespace {

constexpr u8 kProtection = key_bits::kAccessControl | key_bits::kFetchProtection;
constexpr u8 kReferences = key_bits::kReference | key_bits::kChange;
constexpr u8 kWholeKey = kProtection | kReferences;

/// `status` is the page's PGSTE.
u8 operate_on_page(mmu::FrameTable& frames, const GuestPage& page, u64& status, KeyOperation operation) {
  namespace at = page_status;
  const u64 real = page.resident ? frames.key(page.frame) & kWholeKey : 0;
  const u64 kept = (status >> at::kGuestReferences) & kReferences;
  const u64 protection = (page.resident ? real : status >> at::kKey) & kProtection;
  const auto old = static_cast<u8>(protection | (real & kReferences) | kept);
  if (operation.kind == KeyOperation::Kind::Set && operation.sets(old)) {
    const u64 key = operation.key;
    status &= ~(u64{kProtection} << at::kKey | u64{kReferences} << at::kGuestReferences);
    status |= (key & kProtection) << at::kKey | (key & kReferences) << at::kGuestReferences;
    status |= (real & kReferences) << at::kHostReferences;
    if (page.resident) frames.set_key(page.frame, operation.key & kProtection);
  }
  if (operation.kind == KeyOperation::Kind::ResetReference) {
    status &= ~(u64{key_bits::kReference} << at::kGuestReferences);
    status |= (real & key_bits::kReference) << at::kHostReferences;
    if (page.resident) frames.set_key(page.frame, static_cast<u8>(real & ~u64{key_bits::kReference}));
  }
  return old;
}

} // namespace

Outcome InterpretiveExecution::storage_key(Cpu& cpu, u64 text, u64 guest_absolute, KeyOperation operation, u8& old) {
  Guest& g = guest(cpu);
  const GuestPage page = find_page(g.space, storage_, guest_absolute);
  const bool bypass = (g.sd.ecb2 & ecb2::kStatusBypass) != 0;
  if (page.kind == GuestPage::Kind::Unreachable || (bypass && !page.resident))
    return isa::translation_failed(cpu, page.translation);
  if (page.kind == GuestPage::Kind::Frame || bypass) {
    old = isa::operate_on_frame(storage_.frames(), page.frame, operation);
    return Outcome::Completed;
  }
  PageStatus status(storage_, page.status);
  if (!status.locked()) return intercept(cpu, g, text);
  old = operate_on_page(storage_.frames(), page, status.value, operation);
  return Outcome::Completed;
}

// PERFORM FRAME MANAGEMENT FUNCTION: its key-setting part is what SSKE is.
std::optional<Outcome> InterpretiveExecution::frame_management(Cpu& cpu, Guest& g, u64 text) {
  constexpr u64 kSetKey = 0x2'0000;
  if ((g.sd.ecb2 & ecb2::kFrameManagement) == 0) return intercept(cpu, g, text);
  const isa::RRE insn{{text}};
  if ((cpu.gr[insn.r1()] & kSetKey) == 0) return std::nullopt;
  if ((g.sd.cpuflags & cpuflags::kKeylessSubset) != 0) return keyless_subset(cpu, g, text);
  return intercept_when((g.sd.ictl & ictl::kSetKey) != 0, cpu, g, text);
}

} // namespace siena::sie
