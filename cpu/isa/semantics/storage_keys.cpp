// SPDX-License-Identifier: BSD-3-Clause
// The frame table holds the keys and revokes cached translations when one changes, so quiescing or not makes no difference. At
// level 1 the interpretive-execution port decides first; what is left acts on the real key of the frame.
#include "cpu/isa/semantics/storage_keys.h"

#include "cpu/isa/semantics/control_checks.h"

namespace siena::cpu::isa {

namespace {

namespace key_bits = mmu::storage_key;
constexpr u8 kWholeKey = 0xFE;
constexpr u64 kMegabyte = u64{1} << 20;

/// SSKE and PFMF: what a conditional request leaves out of the comparison, and what decides that the key need not be set.
struct Conditional {
  bool reference_bypass = false; ///< MR
  bool change_bypass = false;    ///< MC
  bool any() const { return reference_bypass || change_bypass; }
};

/// False: the key had (as far as asked) the wanted value already and was left alone.
bool set_key(mmu::FrameTable& frames, AbsoluteAddress frame, u8 key, Conditional condition) {
  if (condition.any()) {
    const int ignored =
        (condition.reference_bypass ? key_bits::kReference : 0) | (condition.change_bypass ? key_bits::kChange : 0);
    if (((frames.key(frame) ^ key) & kWholeKey & ~ignored) == 0) return false;
  }
  frames.set_key(frame, key);
  return true;
}

/// The register of an instruction that went through a block of storage: advanced to `next`, in 24- and 31-bit mode bits 32-63.
void advance_register(Cpu& cpu, u32 r, u64 next) {
  if (cpu.psw.has(Psw::kExtendedAddressing))
    cpu.gr[r] = next;
  else
    cpu.set_gr32(r, static_cast<u32>(next & cpu.address_mask()));
}

Outcome reference_bits(Cpu& cpu, RRE insn, bool reset) {
  constexpr u64 kFrames = 64;
  const u64 first = cpu.register_address(insn.r2()).value & ~(kFrames * kPageSize - 1);
  mmu::FrameTable& frames = cpu.storage().frames();
  u64 result = 0;
  for (u64 i = 0; i < kFrames; ++i) {
    const auto frame = frame_at_absolute(cpu, first + i * kPageSize, Access::Fetch);
    if (frame.outcome != Outcome::Completed) return frame.outcome;
    const u8 key = frames.key(frame.value);
    if ((key & key_bits::kReference) == 0) continue;
    result |= bit(static_cast<unsigned>(i));
    if (reset) frames.set_key(frame.value, static_cast<u8>(key & ~key_bits::kReference));
  }
  cpu.gr[insn.r1()] = result;
  return Outcome::Completed;
}

} // namespace

Outcome insert_storage_key_extended(Cpu& cpu, RRE insn) {
  const auto frame = frame_at_real(cpu, {cpu.register_address(insn.r2()).value}, Access::Fetch);
  if (frame.outcome != Outcome::Completed) return frame.outcome;
  u64& r1 = cpu.gr[insn.r1()];
  r1 = (r1 & ~u64{0xFF}) | (cpu.storage().frames().key(frame.value) & kWholeKey);
  return Outcome::Completed;
}

Outcome insert_virtual_storage_key(Cpu& cpu, RRE insn) {
  if (!cpu.psw.has(Psw::kDat)) return cpu.recognize(ProgramInterruption::SpecialOperation);
  if (!extraction_authorized(cpu)) return cpu.recognize(ProgramInterruption::PrivilegedOperation);
  // Key-controlled protection does not apply: access key 0.
  const auto r = cpu.resolve(cpu.register_address(insn.r2()), Access::Fetch, {cpu.psw.address_space(), 0, true});
  if (!r.translation.ok()) return cpu.fail(r);
  const u8 key = cpu.storage().frames().key(r.translation.page);
  u64& r1 = cpu.gr[insn.r1()];
  r1 = (r1 & ~u64{0xFF}) | (key & (key_bits::kAccessControl | key_bits::kFetchProtection));
  return Outcome::Completed;
}

Outcome set_storage_key_extended(Cpu& cpu, RRF_c insn) {
  constexpr u32 kReferenceBypass = 4, kChangeBypass = 2, kMultipleBlocks = 1;
  Conditional condition;
  if (has_facility(cpu, Facility::ConditionalSske))
    condition = {(insn.m3() & kReferenceBypass) != 0, (insn.m3() & kChangeBypass) != 0};
  const bool multiple = (insn.m3() & kMultipleBlocks) != 0 && has_facility(cpu, Facility::EnhancedDat1);
  const auto key = static_cast<u8>(cpu.gr[insn.r1()] & kWholeKey);
  const u64 address = cpu.register_address(insn.r2()).value;
  mmu::FrameTable& frames = cpu.storage().frames();

  if (!multiple) {
    const auto frame = frame_at_real(cpu, {address}, Access::Fetch);
    if (frame.outcome != Outcome::Completed) return frame.outcome;
    const u8 old = frames.key(frame.value);
    const bool was_set = set_key(frames, frame.value, key, condition);
    if (condition.any()) {
      u64& r1 = cpu.gr[insn.r1()];
      r1 = (r1 & ~u64{0xFF00}) | u64{old} << 8;
      cpu.psw.cc = was_set ? 1 : 0;
    }
    return Outcome::Completed;
  }
  // Multiple blocks: the address is absolute, the operation goes on to the end of the megabyte.
  u64 at = address & kPageMask;
  do {
    const auto frame = frame_at_absolute(cpu, at, Access::Fetch);
    if (frame.outcome != Outcome::Completed) return frame.outcome;
    set_key(frames, frame.value, key, condition);
    at += kPageSize;
    advance_register(cpu, insn.r2(), at | (address & ~kPageMask));
    cpu.charge(1);
  } while (at % kMegabyte != 0);
  if (condition.any()) cpu.psw.cc = 3;
  return Outcome::Completed;
}

Outcome reset_reference_bit_extended(Cpu& cpu, RRE insn) {
  const auto frame = frame_at_real(cpu, {cpu.register_address(insn.r2()).value}, Access::Fetch);
  if (frame.outcome != Outcome::Completed) return frame.outcome;
  mmu::FrameTable& frames = cpu.storage().frames();
  const u8 key = frames.key(frame.value);
  frames.set_key(frame.value, static_cast<u8>(key & ~key_bits::kReference));
  cpu.psw.cc = static_cast<u8>((key >> 1) & 3); // reference and change bit as they were
  return Outcome::Completed;
}

Outcome insert_reference_bits_multiple(Cpu& cpu, RRE insn) { return reference_bits(cpu, insn, false); }
Outcome reset_reference_bits_multiple(Cpu& cpu, RRE insn) { return reference_bits(cpu, insn, true); }

// R1: |reserved:46|SK|CF|UI|FSC:3|NQ|MR|MC|reserved|key:7|reserved|
Outcome perform_frame_management_function(Cpu& cpu, RRE insn) {
  constexpr u64 kReserved = 0xFFFC'0101, kSetKey = 0x2'0000, kClear = 0x1'0000, kNonquiescing = 0x800,
                kReferenceBypass = 0x400, kChangeBypass = 0x200;
  const u64 request = cpu.gr[insn.r1()];
  if ((request & kReserved) != 0) return cpu.recognize(ProgramInterruption::Specification);
  if ((request & kNonquiescing) != 0 && !has_facility(cpu, Facility::NonquiescingKey))
    return cpu.recognize(ProgramInterruption::Specification);
  u64 frame_size = kPageSize;
  switch ((request >> 12) & 7) {
  case 0: break;
  case 1: frame_size = kMegabyte; break;
  case 2:
    if (!has_facility(cpu, Facility::EnhancedDat2) || cpu.psw.address_mask() == 0xFF'FFFF)
      return cpu.recognize(ProgramInterruption::Specification);
    frame_size = u64{1} << 31;
    break;
  default: return cpu.recognize(ProgramInterruption::Specification);
  }
  const Conditional condition{(request & kReferenceBypass) != 0, (request & kChangeBypass) != 0};
  const auto key = static_cast<u8>(request & kWholeKey);
  const u64 address = cpu.register_address(insn.r2()).value;
  mmu::FrameTable& frames = cpu.storage().frames();
  static constexpr u8 kZeros[kPageSize] = {};

  u64 at = address & kPageMask;
  const u64 end = (at | (frame_size - 1)) + 1;
  const bool single = frame_size == kPageSize;
  for (; at != end; at += kPageSize) {
    // A single frame's address is real, a large frame's absolute.
    if ((request & kClear) != 0 && at < mmu::kPrefixAreaSize && (cpu.cr[0] & cr0::kLowAddressProtection) != 0) {
      ProgramDetail detail;
      detail.code = ProgramInterruption::Protection;
      detail.teid = at | mmu::teid::kLowAddress | mmu::teid::kStore;
      return cpu.recognize(detail);
    }
    const auto frame = single ? frame_at_real(cpu, {at}, Access::Store) : frame_at_absolute(cpu, at, Access::Store);
    if (frame.outcome != Outcome::Completed) return frame.outcome;
    if ((request & kClear) != 0) {
      CHECK(cpu.storage().write(frame.value, kZeros), "a resolved frame is in main storage");
      cpu.charge(kPageSize / 64);
    }
    if ((request & kSetKey) != 0) set_key(frames, frame.value, key, condition);
    if (!single) advance_register(cpu, insn.r2(), at + kPageSize);
    cpu.charge(1);
  }
  return Outcome::Completed;
}

// Every block that exists is usable. It is cleared.
Outcome test_block(Cpu& cpu, RRE insn) {
  static constexpr u8 kZeros[kPageSize] = {};
  const LogicalAddress block{cpu.register_address(insn.r2()).value & kPageMask, 0};
  // Real, and not subject to key-controlled protection; low-address protection applies.
  const AccessMode real{AddressSpace::Primary, 0, false};
  if (const Outcome o = cpu.store_bytes(block, kZeros, real); o != Outcome::Completed) return o;
  cpu.gr[0] = 0;
  cpu.psw.cc = 0;
  return Outcome::Completed;
}

} // namespace siena::cpu::isa
