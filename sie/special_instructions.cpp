// SPDX-License-Identifier: BSD-3-Clause
// Instructions whose interpretation differs from their execution at level 0: the facility list comes from the state description,
// MOVE PAGE tells a page that the SIE host does not have from one that the guest does not have. An outcome other than Completed
// means that the instruction has been dealt with here.
#include "sie/control_area.h"
#include "sie/interpretive_execution.h"

#include "cpu/isa/formats.h"

#include <algorithm>

namespace siena::sie {

using cpu::Cpu;
using cpu::Outcome;
using cpu::ProgramInterruption;
using mmu::Access;
namespace isa = cpu::isa;

namespace {

constexpr std::size_t kMostFacilityDoublewords = 256;

} // namespace

InterpretiveExecution::FacilityList InterpretiveExecution::facility_list(Cpu& cpu, const Guest& g) const {
  const u64 designation = g.sd.fac & 0x7FFF'FFF8;
  if (designation == 0) return {};
  if (facility_list_format(g) == 2) {
    const auto header = storage_.load<u64>({designation});
    return {designation, designation + 8, header ? (*header & 0xFF) + 1 : 0};
  }
  auto own = cpu.system().facilities();
  while (own.size() > 1 && own.back() == 0) own = own.first(own.size() - 1);
  return {designation, designation, std::clamp<std::size_t>(own.size(), 1, kMostFacilityDoublewords)};
}

// The list is stored as it stands, including bits that the machine lacks.
std::optional<Outcome> InterpretiveExecution::store_facility_list(Cpu& cpu, Guest& g, u64 text) {
  const FacilityList list = facility_list(cpu, g);
  if (list.length == 0 || (g.sd.ictl & ictl::kFacilities) != 0) return intercept(cpu, g, text);
  const isa::S insn{{text}};
  const LogicalAddress to = cpu.address(insn.b2(), insn.d2());
  if (to.value % 8 != 0) return cpu.recognize(ProgramInterruption::Specification);
  const std::size_t offered = (cpu.gr[0] & 0xFF) + 1;
  u8 words[kMostFacilityDoublewords * 8];
  const auto stored = std::span(words).first(8 * std::min(offered, list.length));
  if (!storage_.read({list.first}, stored)) return intercept(cpu, g, text);
  if (const Outcome o = cpu.store_bytes(to, stored); o != Outcome::Completed) return o;
  cpu.gr[0] = (cpu.gr[0] & ~u64{0xFF}) | (list.length - 1);
  cpu.psw.cc = offered < list.length ? 3 : 0;
  return Outcome::Completed;
}

namespace {

/// What partial execution of MOVE PAGE shows of an operand: the SIE host's table entry that ended the walk.
struct Entry {
  bool missing = false;
  u64 word = 0;
};

Entry entry_of(Guest& g, u64 guest_absolute) {
  constexpr u64 kNotPage = 4, kProtected = 2;
  const mmu::Translation t = g.space.translate(guest_absolute, Access::Fetch);
  Entry e;
  // Without enhanced DAT of the SIE host only an invalid page-table entry counts.
  const bool upper = g.space.parameters().space.edat1 &&
                     (t.fault == mmu::fault::kSegmentTranslation || t.fault == mmu::fault::kRegionThird ||
                      t.fault == mmu::fault::kRegionSecond || t.fault == mmu::fault::kRegionFirst);
  e.missing = t.owner == mmu::Owner::SieHost && t.host_leaf != 0 && (t.fault == mmu::fault::kPageTranslation || upper);
  e.word = t.host_leaf | (upper ? kNotPage : 0) | (t.writable ? 0 : kProtected);
  return e;
}

} // namespace

std::optional<Outcome> InterpretiveExecution::move_page(Cpu& cpu, Guest& g, u64 text) {
  if ((g.sd.eca & eca::kMovePage) == 0) return intercept(cpu, g, text);
  // With the guest's DAT on the SIE host's program cannot tell operands from entries: it gets an ordinary fault then.
  if (cpu.psw.has(cpu::Psw::kDat)) return std::nullopt;
  const isa::RRE insn{{text}};
  const auto absolute = [&](unsigned r) {
    return mmu::apply_prefix({cpu.register_address(r).value & kPageMask}, cpu.prefix).value;
  };
  const Entry first = entry_of(g, absolute(insn.r1())), second = entry_of(g, absolute(insn.r2()));
  if (!first.missing && !second.missing) return std::nullopt;
  const Outcome o = intercept(cpu, g, text, Interception::Partial);
  g.pending.has_entries = true;
  g.pending.first_entry = first.word;
  g.pending.second_entry = second.word;
  return o;
}

// Function 2 (check topology change) reads and resets the report bit in the control area; the others are the SIE host's.
std::optional<Outcome> InterpretiveExecution::perform_topology(Cpu& cpu, Guest& g, u64 text) {
  constexpr u8 kChangeReport = 0x80, kCheckChange = 2;
  const isa::RRE insn{{text}};
  if ((g.sd.ecb & ecb::kTopology) == 0 || g.control_area == 0 || cpu.gr[insn.r1()] != kCheckChange)
    return intercept(cpu, g, text);
  u8 byte = storage_.host({g.control_area + control_area::kUtility})[0];
  cpu.psw.cc = (byte & kChangeReport) != 0 ? 1 : 0;
  if (cpu.psw.cc != 0) {
    byte &= static_cast<u8>(~kChangeReport);
    write(g.control_area + control_area::kUtility, {&byte, 1});
  }
  return Outcome::Completed;
}

} // namespace siena::sie
