// SPDX-License-Identifier: BSD-3-Clause
// The frame table holds the keys and revokes cached translations when one changes, so quiescing or not makes no difference. At
// level 1 the interpretive-execution port decides first whether the instruction is executed, and then does each operation: part of
// a guest's key is in the SIE host's tables.
#include "cpu/isa/semantics/storage_keys.h"

#include "cpu/isa/semantics/control_checks.h"

namespace siena::cpu::isa {

namespace {

namespace key_bits = mmu::storage_key;
constexpr u8 kWholeKey = 0xFE;
constexpr u64 kMegabyte = u64{1} << 20;

/// SSKE and PFMF: which bits decide that the key need not be set; none when the request is not conditional.
u8 compared_bits(bool reference_bypass, bool change_bypass) {
  if (!reference_bypass && !change_bypass) return 0;
  const int ignored = (reference_bypass ? key_bits::kReference : 0) | (change_bypass ? key_bits::kChange : 0);
  return static_cast<u8>(kWholeKey & ~ignored);
}

/// Does the operation on one page and answers its key as it was.
Fetched<u8> operate(Cpu& cpu, InsnText text, u64 guest_absolute, KeyOperation operation) {
  if (cpu.interpretive()) {
    u8 old = 0;
    const Outcome o =
        cpu.environment().interpretive->storage_key(cpu, text.text_only(), guest_absolute, operation, old);
    return {old, o};
  }
  const auto frame = frame_at_absolute(cpu, guest_absolute, Access::Fetch);
  if (frame.outcome != Outcome::Completed) return {0, frame.outcome};
  return {operate_on_frame(cpu.storage().frames(), frame.value, operation), Outcome::Completed};
}

u64 operand_page(const Cpu& cpu, u32 r) {
  return mmu::apply_prefix({cpu.register_address(r).value & kPageMask}, cpu.prefix).value;
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
  // All are looked at before any is changed: a page that ends the instruction must not cost the bits before it.
  u64 result = 0;
  for (u64 i = 0; i < kFrames; ++i) {
    const auto old = operate(cpu, insn.text, first + i * kPageSize, {});
    if (old.outcome != Outcome::Completed) return old.outcome;
    if ((old.value & key_bits::kReference) != 0) result |= bit(static_cast<unsigned>(i));
  }
  for (u64 i = 0; reset && i < kFrames; ++i) {
    if ((result & bit(static_cast<unsigned>(i))) == 0) continue;
    const auto old = operate(cpu, insn.text, first + i * kPageSize, {KeyOperation::Kind::ResetReference});
    if (old.outcome != Outcome::Completed) return old.outcome;
  }
  cpu.gr[insn.r1()] = result;
  return Outcome::Completed;
}

} // namespace

u8 operate_on_frame(mmu::FrameTable& frames, AbsoluteAddress frame, KeyOperation operation) {
  const u8 old = frames.key(frame) & kWholeKey;
  switch (operation.kind) {
  case KeyOperation::Kind::Insert: break;
  case KeyOperation::Kind::Set:
    if (operation.sets(old)) frames.set_key(frame, operation.key);
    break;
  case KeyOperation::Kind::ResetReference: frames.set_key(frame, static_cast<u8>(old & ~key_bits::kReference)); break;
  }
  return old;
}

Outcome insert_storage_key_extended(Cpu& cpu, RRE insn) {
  const auto key = operate(cpu, insn.text, operand_page(cpu, insn.r2()), {});
  if (key.outcome != Outcome::Completed) return key.outcome;
  u64& r1 = cpu.gr[insn.r1()];
  r1 = (r1 & ~u64{0xFF}) | key.value;
  return Outcome::Completed;
}

// Under SIE, too, the key is the frame's: access control and fetch protection of a page that is there are never anywhere else.
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
  KeyOperation operation{KeyOperation::Kind::Set, static_cast<u8>(cpu.gr[insn.r1()] & kWholeKey), 0};
  if (has_facility(cpu, Facility::ConditionalSske))
    operation.compared = compared_bits((insn.m3() & kReferenceBypass) != 0, (insn.m3() & kChangeBypass) != 0);
  const bool multiple = (insn.m3() & kMultipleBlocks) != 0 && has_facility(cpu, Facility::EnhancedDat1);

  if (!multiple) {
    const auto old = operate(cpu, insn.text, operand_page(cpu, insn.r2()), operation);
    if (old.outcome != Outcome::Completed) return old.outcome;
    if (operation.compared != 0) {
      u64& r1 = cpu.gr[insn.r1()];
      r1 = (r1 & ~u64{0xFF00}) | u64{old.value} << 8;
      cpu.psw.cc = operation.sets(old.value) ? 1 : 0;
    }
    return Outcome::Completed;
  }
  // Multiple blocks: the address is absolute, the operation goes on to the end of the megabyte.
  const u64 address = cpu.register_address(insn.r2()).value;
  u64 at = address & kPageMask;
  do {
    const auto old = operate(cpu, insn.text, at, operation);
    if (old.outcome != Outcome::Completed) return old.outcome;
    at += kPageSize;
    advance_register(cpu, insn.r2(), at | (address & ~kPageMask));
    cpu.charge(1);
  } while (at % kMegabyte != 0);
  if (operation.compared != 0) cpu.psw.cc = 3;
  return Outcome::Completed;
}

Outcome reset_reference_bit_extended(Cpu& cpu, RRE insn) {
  const auto old = operate(cpu, insn.text, operand_page(cpu, insn.r2()), {KeyOperation::Kind::ResetReference});
  if (old.outcome != Outcome::Completed) return old.outcome;
  cpu.psw.cc = static_cast<u8>((old.value >> 1) & 3); // reference and change bit as they were
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
  const KeyOperation operation{KeyOperation::Kind::Set,
                               static_cast<u8>(request & kWholeKey),
                               compared_bits((request & kReferenceBypass) != 0, (request & kChangeBypass) != 0)};
  const u64 address = cpu.register_address(insn.r2()).value;
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
    const u64 page = single ? mmu::apply_prefix({at}, cpu.prefix).value : at;
    if ((request & kClear) != 0 || (request & kSetKey) == 0) {
      const auto frame = frame_at_absolute(cpu, page, Access::Store);
      if (frame.outcome != Outcome::Completed) return frame.outcome;
      if ((request & kClear) != 0) {
        CHECK(cpu.storage().write(frame.value, kZeros), "a resolved frame is in main storage");
        cpu.charge(kPageSize / 64);
      }
    }
    if ((request & kSetKey) != 0) {
      const auto old = operate(cpu, insn.text, page, operation);
      if (old.outcome != Outcome::Completed) return old.outcome;
    }
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
