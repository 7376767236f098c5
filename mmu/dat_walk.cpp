// SPDX-License-Identifier: BSD-3-Clause
#include "mmu/dat_walk.h"

namespace siena::mmu {
namespace {

constexpr u64 kEntryInvalid = 0x20, kEntryProtection = 0x200, kEntryType = 0x0C, kEntryOffset = 0xC0,
              kEntryLength = 0x03, kFormatControl = 0x400, kEntryIep = 0x100, kCommon = 0x10;
constexpr u64 kPageInvalid = 0x400, kPageProtection = 0x200, kPageIep = 0x100, kPageMustBeZero = 0x800;

/// Reads one table entry; on failure fills `t` and answers false.
bool read_entry(u64 address, const TableStorage& tables, u64& value, Translation& t) {
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
  const auto read = tables.storage.load<u64>({absolute});
  if (!read) {
    t.fault = fault::kAddressing;
    return false;
  }
  value = *read;
  return true;
}

constexpr u16 kTableFault[kTableLevels] = {fault::kPageTranslation,
                                           fault::kSegmentTranslation,
                                           fault::kRegionThird,
                                           fault::kRegionSecond,
                                           fault::kRegionFirst};
constexpr u16 table_fault(TableLevel level) { return kTableFault[static_cast<u8>(level)]; }

DatEntry fault_entry(u16 code, bool invalid = false) {
  DatEntry e;
  e.fault = code;
  e.invalid = invalid;
  return e;
}

DatEntry decode_page(const DatTable& table, u64 value, const DatControls& controls) {
  if ((value & kPageInvalid) != 0) return fault_entry(fault::kPageTranslation, true);
  if ((value & kPageMustBeZero) != 0) return fault_entry(fault::kTranslationSpecification);
  DatEntry e;
  e.kind = DatEntry::Kind::Frame;
  e.frame = value & kPageMask;
  e.writable = table.writable && (value & kPageProtection) == 0;
  e.executable = table.executable && !(controls.iep && (value & kPageIep) != 0);
  return e;
}

} // namespace

DatTable designated_table(u64 asce_value) {
  DatTable t;
  t.level = static_cast<TableLevel>(((asce_value & asce::kType) >> 2) + 1);
  t.origin = asce_value & asce::kOriginMask;
  t.last = static_cast<u8>(asce_value & asce::kLength);
  t.private_space = (asce_value & asce::kPrivate) != 0;
  return t;
}

u16 outside(const DatTable& table, VirtualAddress a, bool top) {
  if (table.level == TableLevel::Page) return fault::kNone;
  if (top && table.level != TableLevel::RegionFirst && (a.value >> (index_shift(table.level) + 11)) != 0)
    return fault::kAsceType;
  const unsigned quarter = table_index(a, table.level) >> 9;
  return quarter < table.first || quarter > table.last ? table_fault(table.level) : fault::kNone;
}

DatEntry decode_entry(const DatTable& table, u64 value, const DatControls& controls) {
  if (table.level == TableLevel::Page) return decode_page(table, value, controls);
  const bool segment = table.level == TableLevel::Segment, region_third = table.level == TableLevel::RegionThird;
  if ((value & kEntryInvalid) != 0) return fault_entry(table_fault(table.level), true);
  if ((value & kEntryType) >> 2 != static_cast<u64>(table.level) - 1)
    return fault_entry(fault::kTranslationSpecification);
  if ((segment || (region_third && controls.edat2)) && (value & kCommon) != 0 && table.private_space)
    return fault_entry(fault::kTranslationSpecification);
  DatEntry e;
  // A region table's protection bit counts only with enhanced DAT, a segment table's always.
  e.writable = table.writable && !((segment || controls.edat1) && (value & kEntryProtection) != 0);
  e.executable = table.executable;
  if ((value & kFormatControl) != 0 && ((segment && controls.edat1) || (region_third && controls.edat2))) {
    e.kind = DatEntry::Kind::Frame;
    e.frame = value & (segment ? ~u64{0xF'FFFF} : ~u64{0x7FFF'FFFF});
    if (controls.iep && (value & kEntryIep) != 0) e.executable = false;
    return e;
  }
  e.kind = DatEntry::Kind::Table;
  e.table = {below(table.level), value & asce::kOriginMask, 0, 3, e.writable, e.executable, table.private_space};
  if (segment) {
    e.table.origin = value & ~u64{0x7FF};
  } else {
    e.table.first = static_cast<u8>((value & kEntryOffset) >> 6);
    e.table.last = static_cast<u8>(value & kEntryLength);
  }
  return e;
}

bool is_segment_table_entry(u64 value) { return (value & (kEntryInvalid | kEntryType)) == 0; }

DatResult dat_walk(VirtualAddress va, u64 asce_value, const DatControls& controls, const TableStorage& tables) {
  DatResult result;
  Translation& t = result.translation;
  if ((asce_value & asce::kRealSpace) != 0) {
    result.real = {va.value};
    return result;
  }
  DatTable table = designated_table(asce_value);
  for (bool top = true;; top = false) {
    t.fault = outside(table, va, top);
    if (!t.ok()) return result;
    const u64 address = table.entry(va);
    u64 value = 0;
    if (!read_entry(address, tables, value, t)) return result;
    const DatEntry e = decode_entry(table, value, controls);
    t.writable = e.writable;
    t.executable = e.executable;
    if (e.kind == DatEntry::Kind::Table) {
      table = e.table;
      continue;
    }
    t.fault = e.fault;
    if (e.kind == DatEntry::Kind::Frame || e.invalid) t.leaf = address;
    if (e.kind == DatEntry::Kind::Frame) {
      const u64 within = (u64{1} << index_shift(table.level)) - 1;
      result.real = {e.frame | (va.value & within)};
    } else {
      t.writable = table.writable; // protection met on the way is part of what MOVE PAGE shows
      t.executable = table.executable;
    }
    return result;
  }
}

} // namespace siena::mmu
