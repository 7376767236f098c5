// SPDX-License-Identifier: BSD-3-Clause
// SIE itself: operand exceptions, validity of the state description in the architected order, and loading the guest. Controls that
// the machine does not know or offer are ignored, not refused (docs/architecture.md section 8).
#include "sie/control_area.h"
#include "sie/interpretive_execution.h"

#include "mmu/prefix.h"

#include <algorithm>
#include <bit>

namespace siena::sie {

using cpu::Cpu;
using cpu::Outcome;

namespace {

constexpr u64 kMegabyteMask = ~u64{0xF'FFFF};
constexpr u32 kPrefixMask = 0x7FFF'E000;
constexpr u64 kEntryCycles = 150;

bool installed(Cpu& cpu, unsigned facility) {
  if (cpu.environment().system == nullptr) return false;
  const auto words = cpu.system().facilities();
  return facility / 64 < words.size() && (words[facility / 64] & bit(facility % 64)) != 0;
}

bool crosses_page(u64 address, u64 length) { return ((address ^ (address + length - 1)) & kPageMask) != 0; }

} // namespace

InterpretiveExecution::InterpretiveExecution(mmu::AbsoluteStorage& storage,
                                             std::size_t cpus,
                                             bool track_stores,
                                             const Assists& assists)
    : storage_(storage), assists_(assists), gmap_(storage, track_stores, {}) {
  for (std::size_t n = 0; n < cpus; ++n) guests_.push_back(std::make_unique<Guest>(storage, gmap_));
}
InterpretiveExecution::~InterpretiveExecution() = default;

Outcome InterpretiveExecution::start(Cpu& cpu, u64 operand) {
  // The operand cannot lie where real and absolute addresses differ, so no prefixing is needed either.
  const u64 area = operand & ~(mmu::kPrefixAreaSize - 1);
  if (operand % sizeof(StateDescription) != 0 || area == 0 || area == cpu.prefix)
    return cpu.recognize(cpu::ProgramInterruption::Specification);
  if (!storage_.contains({operand}, sizeof(StateDescription)))
    return cpu.recognize(cpu::ProgramInterruption::Addressing);

  Guest& g = guest(cpu);
  g.block = operand;
  std::memcpy(&g.sd, storage_.host({operand}), sizeof g.sd);
  assists_.restrict(g.sd);
  storage_.frames().set_reference({operand});
  cpu.charge(kEntryCycles);
  ++statistics_.entries;
  g.instructions_at_entry = cpu.instructions;
  g.entering = true;
  const Validity why = check(cpu, g);
  if (why == Validity::None) {
    g.known = &directory_.entered(
        {g.block, g.control_area, g.sd.hpid, g.space.parameters().space, cpu.prefix, cpu.cpu_address()});
    cpu.sie_guest = static_cast<u16>(g.known->guest->number);
  }
  if (cpu.tracing(TraceCategory::Sie) != nullptr) [[unlikely]]
    trace_entry(cpu, g);
  if (why != Validity::None) {
    u8 bytes[12];
    std::memcpy(bytes, storage_.host({operand + offsetof(StateDescription, icptcode)}), sizeof bytes);
    bytes[0] = static_cast<u8>(Interception::Validity);
    bytes[1] = 0;
    store_big<u16>(bytes + 6, 0x1110); // found by the CPU at entry, at the level that ran SIE
    store_big<u32>(bytes + 8, u32{static_cast<u16>(why)} << 16);
    write(operand + offsetof(StateDescription, icptcode), bytes);
    ++statistics_.exits[static_cast<u8>(Interception::Validity)];
    if (cpu.tracing(TraceCategory::Sie) != nullptr) [[unlikely]]
      trace_exit(cpu, g, Interception::Validity);
    return Outcome::CompletedLeaveBlock;
  }
  enter(cpu, g);
  return Outcome::CompletedLeaveBlock;
}

Validity InterpretiveExecution::check(Cpu& cpu, Guest& g) {
  const StateDescription& sd = g.sd;
  const u32 flags = sd.cpuflags;
  if ((flags & cpuflags::kZarch) == 0 || (flags & (cpuflags::kRrf | cpuflags::kMcds)) != 0) return Validity::Mode;
  if ((flags & (cpuflags::kSlsv | cpuflags::kSlsr)) != 0) return Validity::InterpretedSie;
  constexpr u32 kBothEdat = cpuflags::kEdat1 | cpuflags::kEdat2;
  if (cpu.environment().features.edat2 && (flags & kBothEdat) == kBothEdat) return Validity::Mode;
  if (sd.zone != 0) return Validity::Zone;

  const bool unlimited = (flags & cpuflags::kStorageLimitSuppression) != 0;
  HostSpace::Parameters p;
  if (!unlimited) {
    p.origin = sd.mso & kMegabyteMask;
    const u64 limit = sd.msl | ~kMegabyteMask;
    if (p.origin > limit) return Validity::OriginBeyondLimit;
    if (limit > assists_.maximum_host_address) return Validity::LimitBeyondHost;
    p.last = limit - p.origin;
    if ((sd.prefix & kPrefixMask) + (mmu::kPrefixAreaSize - 1) > p.last) return Validity::PrefixOutside;
  }
  if (const Validity why = check_satellites(cpu, g); why != Validity::None) return why;

  const bool enhanced_dat = (cpu.cr[0] & cpu::cr0::kEnhancedDat) != 0;
  const cpu::CpuFeatures& installed_features = cpu.environment().features;
  p.space = {cpu.cr[1], installed_features.edat1 && enhanced_dat, installed_features.edat2 && enhanced_dat};
  p.prefix = cpu.prefix;
  p.protection_to_host = (sd.ecb & ecb::kHostProtection) != 0;
  p.fetch_store_indication = installed_features.fetch_store_indication;
  g.space.set(p);
  return map_storage(cpu, g);
}

// Only what an enabled and installed control needs is looked at; the contents are looked at when used.
Validity InterpretiveExecution::check_satellites(Cpu& cpu, Guest& g) {
  const StateDescription& sd = g.sd;
  const auto unusable = [&](u64 address, u64 length) {
    return address < mmu::kPrefixAreaSize || !storage_.contains({address}, length);
  };

  const bool extended = (sd.ecb2 & ecb2::kExtendedSca) != 0;
  const u64 origin = (u64{sd.scaoh} << 32 | sd.scaol) & ~(extended ? u64{0x3F} : u64{0xF});
  g.control_area = origin;
  if (origin != 0) {
    if (origin < mmu::kPrefixAreaSize) return Validity::ScaLow;
    if ((origin & ~(mmu::kPrefixAreaSize - 1)) == cpu.prefix) return Validity::ScaInHostPrefix;
    if (!extended && crosses_page(origin, control_area::kBasicSize)) return Validity::ScaCrossesPage;
    if (!storage_.contains({origin}, control_area::kHeaderSize)) return Validity::ScaAddress;
  }
  const bool ap = (sd.eca & eca::kApInterpretation) != 0 && installed(cpu, 12);
  if (const u32 format = sd.crycbd & 3; ap || (format != 0 && installed(cpu, 76))) {
    const u64 address = sd.crycbd & 0x7FFF'FFF8;
    const u64 length = format == 0 ? 32 : format == 1 ? 128 : 256;
    if (format == 2) return Validity::CrycbFormat;
    if (address == 0) return Validity::CrycbMissing;
    if (crosses_page(address, length)) return Validity::CrycbCrossesPage;
    if (unusable(address, length)) return Validity::CrycbAddress;
  }
  if ((sd.ecb & ecb::kTransactional) != 0 && installed(cpu, 73) && sd.itdba != 0 && unusable(sd.itdba, 256))
    return Validity::Itdb;
  const u64 instrumentation = sd.riccbd & ~u64{0x3F};
  if ((sd.ecb3 & ecb3::kRuntimeInstrumentation) != 0 && instrumentation != 0 && installed(cpu, 64) &&
      unusable(instrumentation, 64))
    return Validity::RuntimeInstrumentation;
  const bool guarded_storage =
      (sd.ecb & ecb::kGuardedStorage) != 0 && (sd.ecd & ecd::kHostRegisterManagement) == 0 && installed(cpu, 133);
  if (guarded_storage || ((sd.ecd & ecd::kEntropyToken) != 0 && installed(cpu, 156))) {
    const u64 annex = sd.sdnxo & ~u64{0xF}, size = sd.sdnxo & 0xF;
    if (annex < mmu::kPrefixAreaSize) return Validity::AnnexAddress;
    if (size < 6 || size > 12) return Validity::AnnexSize;
    if (annex % (u64{1} << size) != 0) return Validity::AnnexAlignment;
    if (unusable(annex, u64{1} << size)) return Validity::AnnexAddress;
  }
  const u64 save_area = sd.gvrd & ~u64{0x1FF};
  if ((sd.eca & eca::kVector) != 0 && (sd.ecd & ecd::kHostRegisterManagement) == 0 && save_area != 0 &&
      installed(cpu, 129) && unusable(save_area, 512))
    return Validity::VectorSaveArea;
  if (!installed(cpu, 7)) return Validity::None;
  const u32 format = facility_list_format(g);
  if (format == 1 || format == 3) return Validity::FacilityListFormat;
  const FacilityList list = facility_list(cpu, g);
  if (list.designation != 0 && (list.length == 0 || unusable(list.designation, list.end() - list.designation)))
    return Validity::FacilityList;
  return Validity::None;
}

// The prefix area is translated once and held until exit: the guest's interruptions must not fail half-way. The second page
// is of no use to them, so it need not be there.
Validity InterpretiveExecution::map_storage(Cpu& cpu, Guest& g) {
  const u64 prefix = g.sd.prefix & kPrefixMask;
  const mmu::Translation first = g.space.translate(prefix, mmu::Access::Store);
  if (!first.ok()) return Validity::PrefixAccess;
  const mmu::Translation second = g.space.translate(prefix + kPageSize, mmu::Access::Store);
  if (!second.ok() && (g.sd.ecb & ecb::kTransactional) != 0 && installed(cpu, 73)) return Validity::PrefixAccess;
  (void)g.space.take_protection_met();
  g.prefix_pages[0] = first.page;
  g.prefix_pages[1] = second.ok() ? second.page : first.page;
  return Validity::None;
}

void InterpretiveExecution::enter(Cpu& cpu, Guest& g) {
  const StateDescription& sd = g.sd;
  cpu::Registers& host = g.host;
  host.psw = cpu.psw;
  std::copy(std::begin(cpu.cr), std::end(cpu.cr), std::begin(host.cr));
  host.gr[14] = cpu.gr[14];
  host.gr[15] = cpu.gr[15];
  host.prefix = cpu.prefix;
  host.tod_programmable = cpu.tod_programmable;
  host.clock_comparator = cpu.clock_comparator;
  host.breaking_event = cpu.breaking_event;
  host.program_parameter = cpu.program_parameter;
  g.host_timer_zero = cpu.cpu_timer() + cpu.now();
  g.host_epoch = cpu.tod_epoch;
  g.host_ilc = cpu.ilc_of(4);
  g.pending = {};
  g.interlocked = false;

  cpu.psw.unpack(sd.gpsw_mask, sd.gpsw_address);
  for (unsigned n = 0; n < 16; ++n) cpu.cr[n] = sd.gcr[n];
  cpu.gr[14] = sd.gg14;
  cpu.gr[15] = sd.gg15;
  cpu.prefix = sd.prefix & kPrefixMask;
  cpu.set_prefix_pages(g.prefix_pages[0], g.prefix_pages[1]);
  cpu.tod_programmable = sd.todpr;
  cpu.clock_comparator = sd.ckc;
  cpu.set_cpu_timer(sd.cputm);
  cpu.tod_epoch = g.host_epoch + sd.epoch;
  const bool multiple_epoch = (sd.ecd & ecd::kMultipleEpoch) != 0;
  cpu.tod_epoch_index = multiple_epoch ? sd.epdx : u8{0};
  cpu.breaking_event = sd.gbea;
  cpu.program_parameter = load_big<u64>(sd.pp);

  const cpu::CpuFeatures& installed_features = cpu.environment().features;
  const bool edat2 = (sd.cpuflags & cpuflags::kEdat2) != 0;
  cpu.per_enforced = (sd.cpuflags & cpuflags::kGuestPer) != 0;
  cpu.condition_1_intercepted =
      (sd.ictl & (ictl::kTestAndSet | ictl::kCompareAndSwap | ictl::kCompareDoubleAndSwap)) != 0;
  cpu.features.edat1 = installed_features.edat1 && (edat2 || (sd.cpuflags & cpuflags::kEdat1) != 0);
  cpu.features.edat2 = installed_features.edat2 && edat2;
  cpu.features.multiple_epoch = installed_features.multiple_epoch && multiple_epoch;
  cpu.features.iep = installed_features.iep && (sd.ecb2 & ecb2::kExecutionProtection) != 0;

  // The name of the guest's translations: its block and extent, and the SIE host's space.
  const HostSpace::Parameters& p = g.space.parameters();
  cpu.sie_host = &g.space;
  cpu.sie_host_space = p.space.host_space();
  cpu.sie_identity = g.block ^ std::rotl(p.origin, 9);
  if (sd.ihcpu != cpu.cpu_address()) {
    cpu.tlb().purge_guest(cpu.sie_identity);
    if (cpu.tracing(TraceCategory::Tlb) != nullptr) [[unlikely]]
      trace_purge(cpu, g);
    u8 bytes[2];
    store_big<u16>(bytes, cpu.cpu_address());
    write(g.block + offsetof(StateDescription, ihcpu), bytes);
  }
  cpu.controls_changed();
}

} // namespace siena::sie
