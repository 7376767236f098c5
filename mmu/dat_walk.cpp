// SPDX-License-Identifier: BSD-3-Clause
#include "mmu/dat_walk.h"

namespace siena::mmu {
namespace {

constexpr u64 kEntryInvalid = 0x20, kEntryProtection = 0x200, kEntryType = 0x0C, kEntryOffset = 0xC0,
              kEntryLength = 0x03, kFormatControl = 0x400, kEntryIep = 0x100, kCommon = 0x10;
constexpr u64 kPageInvalid = 0x400, kPageProtection = 0x200, kPageIep = 0x100, kPageMustBeZero = 0x800;

struct Entry {
  u64 value = 0;
  u64 absolute = 0; ///< where it was read, in the storage the table is in
};

/// Reads one table entry; on failure fills `t` and answers false.
bool read_entry(u64 address, const TableStorage& tables, Entry& entry, Translation& t) {
  u64 absolute = address;
  if (tables.host != nullptr) {
    const Translation host = tables.host->translate(address, Access::Fetch);
    if (!host.ok()) {
      t.fault = host.fault;
      t.owner = host.owner;
      t.host_teid = host.host_teid;
      return false;
    }
    absolute = host.page.value + (address & ~kPageMask);
  }
  const auto value = tables.storage.load<u64>({absolute});
  if (!value) {
    t.fault = fault::kAddressing;
    return false;
  }
  entry = {*value, address};
  return true;
}

constexpr u16 kTableFault[4] = {
    fault::kSegmentTranslation, fault::kRegionThird, fault::kRegionSecond, fault::kRegionFirst};

} // namespace

DatResult dat_walk(VirtualAddress va, u64 asce_value, const DatControls& controls, const TableStorage& tables) {
  DatResult result;
  Translation& t = result.translation;
  const auto fail = [&](u16 code) {
    t.fault = code;
    return result;
  };
  if ((asce_value & asce::kRealSpace) != 0) {
    result.real = {va.value};
    return result;
  }
  // Level 3 is region-first, 0 segment; each table index has 11 bits.
  auto level = static_cast<unsigned>((asce_value & asce::kType) >> 2);
  const auto index_at = [&](unsigned l) { return (va.value >> (20 + 11 * l)) & 0x7FF; };
  if (level < 3 && (va.value >> (31 + 11 * level)) != 0) return fail(fault::kAsceType);
  if ((index_at(level) >> 9) > (asce_value & asce::kLength)) return fail(kTableFault[level]);
  u64 origin = asce_value & asce::kOriginMask;

  for (;; --level) {
    Entry entry;
    if (!read_entry(origin + index_at(level) * 8, tables, entry, t)) return result;
    if ((entry.value & kEntryInvalid) != 0) {
      t.leaf = entry.absolute;
      return fail(kTableFault[level]);
    }
    if ((entry.value & kEntryType) >> 2 != level) return fail(fault::kTranslationSpecification);
    if (level == 1 && controls.edat2 && (entry.value & kCommon) != 0 && (asce_value & asce::kPrivate) != 0)
      return fail(fault::kTranslationSpecification);
    if (level == 0 && (entry.value & kCommon) != 0 && (asce_value & asce::kPrivate) != 0)
      return fail(fault::kTranslationSpecification);
    // A region table's protection bit counts only with enhanced DAT, a segment table's always.
    if ((level == 0 || controls.edat1) && (entry.value & kEntryProtection) != 0) t.writable = false;
    const bool large =
        (entry.value & kFormatControl) != 0 && ((level == 0 && controls.edat1) || (level == 1 && controls.edat2));
    if (large) {
      if (controls.iep && (entry.value & kEntryIep) != 0) t.executable = false;
      const u64 frame_mask = level == 0 ? ~u64{0xF'FFFF} : ~u64{0x7FFF'FFFF};
      result.real = {(entry.value & frame_mask) | (va.value & ~frame_mask)};
      t.leaf = entry.absolute;
      return result;
    }
    if (level == 0) {
      origin = entry.value & ~u64{0x7FF};
      break;
    }
    const u64 next = index_at(level - 1) >> 9;
    if (next < (entry.value & kEntryOffset) >> 6 || next > (entry.value & kEntryLength))
      return fail(kTableFault[level - 1]);
    origin = entry.value & asce::kOriginMask;
  }

  Entry page;
  if (!read_entry(origin + ((va.value >> 12) & 0xFF) * 8, tables, page, t)) return result;
  if ((page.value & kPageInvalid) != 0) {
    t.leaf = page.absolute;
    return fail(fault::kPageTranslation);
  }
  if ((page.value & kPageMustBeZero) != 0) return fail(fault::kTranslationSpecification);
  if ((page.value & kPageProtection) != 0) t.writable = false;
  if (controls.iep && (page.value & kPageIep) != 0) t.executable = false;
  t.leaf = page.absolute;
  result.real = {(page.value & kPageMask) | va.page_offset()};
  return result;
}

} // namespace siena::mmu
