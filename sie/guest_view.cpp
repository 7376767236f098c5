// SPDX-License-Identifier: BSD-3-Clause
#include "sie/guest_view.h"

#include "mmu/prefix.h"

#include <algorithm>
#include <cstring>

namespace siena::sie {

namespace {

constexpr u64 kMegabyteMask = ~u64{0xF'FFFF};

StateDescription read_description(const mmu::AbsoluteStorage& storage, u64 block) {
  StateDescription sd{};
  // Entry has seen to it that it is in main storage.
  std::memcpy(&sd, storage.host({block}), sizeof sd);
  return sd;
}

HostTables::Extent extent_of(const StateDescription& sd, const KnownCpu& known) {
  HostTables::Extent e{.space = known.space, .prefix = known.host_prefix};
  if ((sd.cpuflags & cpuflags::kStorageLimitSuppression) == 0) {
    e.origin = sd.mso & kMegabyteMask;
    e.last = (sd.msl | ~kMegabyteMask) - e.origin;
  }
  return e;
}

} // namespace

mmu::Translation HostTables::translate(u64 guest_absolute, mmu::Access) {
  mmu::Translation t;
  if (guest_absolute > extent_.last) {
    t.fault = mmu::fault::kAddressing;
    return t;
  }
  const mmu::DatResult walked = mmu::dat_walk(
      {extent_.origin + guest_absolute}, extent_.space.asce, extent_.space.controls(), mmu::TableStorage{storage_});
  t = walked.translation;
  if (!t.ok()) return t;
  t.page = mmu::apply_prefix(walked.real, extent_.prefix).page();
  if (!storage_.contains(t.page, kPageSize)) t.fault = mmu::fault::kAddressing;
  return t;
}

ProgramView::ProgramView(mmu::AbsoluteStorage& storage,
                         const cpu::Registers& registers,
                         const mmu::DatControls& installed,
                         mmu::SieHostSpace* host)
    : storage_(storage), host_(host), prefix_(registers.prefix), address_mask_(registers.psw.address_mask()) {
  const bool enhanced = (registers.cr[0] & cpu::cr0::kEnhancedDat) != 0;
  controls_ = {installed.edat1 && enhanced, installed.edat2 && enhanced, false};
  if (!registers.psw.has(cpu::Psw::kDat)) return;
  switch (registers.psw.address_space()) {
  case cpu::AddressSpace::Primary:
  case cpu::AddressSpace::AccessRegister: asce_ = registers.cr[1]; break;
  case cpu::AddressSpace::Secondary: asce_ = registers.cr[7]; break;
  case cpu::AddressSpace::Home: asce_ = registers.cr[13]; break;
  }
}

std::optional<ProgramView::Page> ProgramView::page(u64 logical) const {
  RealAddress real{logical & address_mask_};
  if (asce_) {
    const mmu::DatResult walked =
        mmu::dat_walk({logical & address_mask_}, *asce_, controls_, mmu::TableStorage{storage_, host_});
    if (!walked.translation.ok()) return std::nullopt;
    real = walked.real;
  }
  return absolute_page(mmu::apply_prefix(real, prefix_).value);
}

std::optional<ProgramView::Page> ProgramView::absolute_page(u64 absolute) const {
  if (host_ != nullptr) {
    const mmu::Translation t = host_->translate(absolute & kPageMask, mmu::Access::Fetch);
    if (!t.ok()) return std::nullopt;
    return Page{t.page, t.writable};
  }
  const AbsoluteAddress frame{absolute & kPageMask};
  if (!storage_.contains(frame, kPageSize)) return std::nullopt;
  return Page{frame, true};
}

GuestCpuView::GuestCpuView(mmu::AbsoluteStorage& storage, const KnownCpu& known)
    : description(read_description(storage, known.block)), cpu_timer(description.cputm), general(known.has_left),
      host(storage, extent_of(description, known)) {
  registers.psw.unpack(description.gpsw_mask, description.gpsw_address);
  std::copy(std::begin(known.gr), std::end(known.gr), std::begin(registers.gr));
  registers.gr[14] = description.gg14;
  registers.gr[15] = description.gg15;
  for (unsigned n = 0; n < 16; ++n) registers.cr[n] = description.gcr[n];
  registers.prefix = description.prefix & 0x7FFF'E000;
  registers.tod_programmable = description.todpr;
  registers.clock_comparator = description.ckc;
  registers.breaking_event = description.gbea;
  registers.program_parameter = load_big<u64>(description.pp);
}

ProgramView GuestCpuView::program(mmu::AbsoluteStorage& storage) {
  const bool edat2 = (description.cpuflags & cpuflags::kEdat2) != 0;
  return {storage, registers, {edat2 || (description.cpuflags & cpuflags::kEdat1) != 0, edat2, false}, &host};
}

} // namespace siena::sie
