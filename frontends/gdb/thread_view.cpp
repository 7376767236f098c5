// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/gdb/thread_view.h"

#include "cpu/isa/semantics/fp_support.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace siena::frontends::gdb {

namespace {

constexpr u32 kPrefixMask = 0x7FFF'E000;

mmu::DatControls controls_of(const cpu::CpuFeatures& features) {
  return {features.edat1, features.edat2, features.iep};
}

u64 to_page_end(u64 address, std::size_t wanted) { return std::min<u64>(wanted, kPageSize - (address & ~kPageMask)); }

} // namespace

ThreadId ThreadView::current(const machine::Machine& machine, const cpu::Cpu& cpu) {
  if (cpu.interpretive())
    if (const sie::KnownCpu* known = machine.interpretive().directory().running_on(cpu.cpu_address()))
      return {known->guest->number, known->thread};
  return {1, cpu.cpu_address() + 1u};
}

std::vector<ThreadId> ThreadView::threads(const machine::Machine& machine, unsigned process) {
  std::vector<ThreadId> all;
  if (process == 1) {
    for (unsigned n = 1; n <= machine.cpu_count(); ++n) all.push_back({1, n});
  } else if (const sie::KnownGuest* guest = machine.interpretive().directory().find(process)) {
    for (const sie::KnownCpu* c : guest->cpus) all.push_back({process, c->thread});
  }
  return all;
}

std::optional<ThreadView> ThreadView::of(machine::Machine& machine, ThreadId id) {
  ThreadView view{machine, id};
  const sie::InterpretiveExecution& interpretive = machine.interpretive();
  if (id.process == 1) {
    if (id.thread == 0 || id.thread > machine.cpu_count()) return std::nullopt;
    view.cpu_ = &machine.cpu(id.thread - 1);
    if (view.cpu_->interpretive()) {
      view.kind_ = Kind::SieHost;
      view.known_ = interpretive.directory().running_on(view.cpu_->cpu_address());
      view.registers_ = interpretive.host_registers(*view.cpu_);
      view.cpu_timer_ = interpretive.host_cpu_timer(*view.cpu_);
    } else {
      view.registers_ = *view.cpu_;
      view.cpu_timer_ = view.cpu_->cpu_timer();
    }
  } else {
    view.known_ = interpretive.directory().find(id.process, id.thread);
    if (view.known_ == nullptr) return std::nullopt;
    view.kind_ = view.known_->running != 0 ? Kind::Cpu : Kind::Resting;
    if (view.kind_ == Kind::Cpu) view.cpu_ = &machine.cpu(view.known_->running_on);
  }
  if (view.known_ != nullptr) view.guest_ = std::make_shared<sie::GuestCpuView>(machine.storage(), *view.known_);
  if (id.process != 1) {
    view.registers_ = view.cpu_ != nullptr ? view.cpu_->registers() : view.guest_->registers;
    view.cpu_timer_ = view.cpu_ != nullptr ? view.cpu_->cpu_timer() : view.guest_->cpu_timer;
  }
  return view;
}

std::optional<u128> ThreadView::get(Register kind, unsigned n) const {
  const cpu::Registers& r = registers_;
  const bool resting = kind_ == Kind::Resting;
  switch (kind) {
  case Register::PswMask: return r.psw.packed_mask();
  case Register::PswAddress: return r.psw.address;
  case Register::General:
    if (resting && !guest_->general && n < std::size(known_->gr)) return std::nullopt;
    return r.gr[n];
  case Register::Control: return r.cr[n];
  case Register::ClockComparator: return r.clock_comparator;
  case Register::CpuTimer: return cpu_timer_;
  case Register::BreakingEvent: return r.breaking_event;
  case Register::Prefix: return r.prefix;
  case Register::ProgramParameter: return r.program_parameter;
  case Register::Sie: return sie_field(static_cast<SieField>(n));
  case Register::Access:
  case Register::Fpc:
  case Register::Float:
  case Register::VectorLow:
  case Register::Vector: break;
  }
  if (resting) return std::nullopt;
  switch (kind) {
  case Register::Access: return r.ar[n];
  case Register::Fpc: return r.fpc;
  case Register::Float: return r.fpr(n);
  case Register::VectorLow: return r.vr[n].low;
  case Register::Vector: return u128{r.vr[16 + n].high} << 64 | r.vr[16 + n].low;
  default: return std::nullopt;
  }
}

std::optional<u128> ThreadView::sie_field(SieField field) const {
  const bool of_guest = id_.process != 1;
  switch (field) {
  case SieField::Level: return of_guest ? 1 : 0;
  case SieField::Guest: return id_.process;
  case SieField::Depth: return of_guest ? known_->guest->depth : 1;
  default: break;
  }
  if (guest_ == nullptr) return std::nullopt;
  const sie::StateDescription& sd = guest_->description;
  switch (field) {
  case SieField::Block: return known_->block;
  case SieField::PswMask: return u64{sd.gpsw_mask};
  case SieField::PswAddress: return u64{sd.gpsw_address};
  case SieField::InterceptionCode: return sd.icptcode;
  case SieField::InterceptionStatus: return sd.icptstatus;
  case SieField::Ipa: return u16{sd.ipa};
  case SieField::Ipb: return u32{sd.ipb};
  case SieField::ControlArea: return known_->control_area;
  default: break;
  }
  const auto n = static_cast<unsigned>(field) - static_cast<unsigned>(SieField::Parameters0);
  return load_big<u64>(sd.parameters + 8 * n);
}

bool ThreadView::set(Register kind, unsigned n, u128 value) {
  if (kind == Register::Sie) return false;
  if (kind_ == Kind::Resting) return set_in_description(kind, n, value);
  // The SIE host's registers are the CPU's again once interpretation has ended; SIE goes on with the guest afterwards.
  if (kind_ == Kind::SieHost) {
    cpu_->environment().interpretive->suspend(*cpu_);
    kind_ = Kind::Cpu;
  }
  if (!set_in_cpu(kind, n, value)) return false;
  registers_ = cpu_->registers();
  cpu_timer_ = cpu_->cpu_timer();
  return true;
}

bool ThreadView::set_in_cpu(Register kind, unsigned n, u128 value) {
  cpu::Cpu& c = *cpu_;
  const auto v = static_cast<u64>(value);
  switch (kind) {
  case Register::PswMask: c.load_psw(v, c.psw.address); return true;
  case Register::PswAddress: c.psw.address = v; return true;
  case Register::General: c.gr[n] = v; return true;
  case Register::Access:
    c.ar[n] = static_cast<u32>(v);
    c.controls_changed();
    return true;
  case Register::Fpc:
    if (!cpu::isa::is_valid_fpc(static_cast<u32>(v))) return false;
    c.fpc = static_cast<u32>(v);
    return true;
  case Register::Float: c.fpr(n) = v; return true;
  case Register::VectorLow: c.vr[n].low = v; return true;
  case Register::Vector: c.vr[16 + n] = {static_cast<u64>(value >> 64), v}; return true;
  case Register::Control:
    c.cr[n] = v;
    c.controls_changed();
    return true;
  case Register::ClockComparator: c.clock_comparator = v; return true;
  case Register::CpuTimer: c.set_cpu_timer(v); return true;
  case Register::BreakingEvent: c.breaking_event = v; return true;
  case Register::ProgramParameter: c.program_parameter = v; return true;
  case Register::Prefix:
    // Under SIE the prefix is the guest's, and where its pages are is SIE's to find out.
    if (c.interpretive() || (v & ~u64{kPrefixMask}) != 0) return false;
    if (!c.storage().contains({v}, mmu::kPrefixAreaSize)) return false;
    c.set_prefix(static_cast<u32>(v));
    return true;
  case Register::Sie: break;
  }
  return false;
}

bool ThreadView::set_in_description(Register kind, unsigned n, u128 value) {
  using sie::StateDescription;
  std::size_t at = 0;
  const auto v = static_cast<u64>(value);
  switch (kind) {
  case Register::PswMask: at = offsetof(StateDescription, gpsw_mask); break;
  case Register::PswAddress: at = offsetof(StateDescription, gpsw_address); break;
  case Register::General:
    if (n < 14) return false;
    at = offsetof(StateDescription, gg14) + 8 * (n - 14);
    break;
  case Register::Control: at = offsetof(StateDescription, gcr) + 8 * n; break;
  case Register::ClockComparator: at = offsetof(StateDescription, ckc); break;
  case Register::CpuTimer: at = offsetof(StateDescription, cputm); break;
  case Register::BreakingEvent: at = offsetof(StateDescription, gbea); break;
  case Register::ProgramParameter: at = offsetof(StateDescription, pp); break;
  default: return false;
  }
  if (!machine_.storage().store<u64>({known_->block + at}, v)) return false;
  guest_ = std::make_shared<sie::GuestCpuView>(machine_.storage(), *known_);
  registers_ = guest_->registers;
  cpu_timer_ = guest_->cpu_timer;
  return true;
}

u64 ThreadView::address_mask(const AddressMode& mode) const {
  return mode.kind == AddressMode::Kind::Current ? registers_.psw.address_mask() : ~u64{0};
}

std::optional<sie::ProgramView::Page> ThreadView::page(u64 address, const AddressMode& mode) const {
  using Kind = AddressMode::Kind;
  cpu::Registers r = registers_;
  if (mode.kind != Kind::Current) {
    // All addresses of the space, whatever the program's addressing mode.
    u64 mask = r.psw.packed_mask() | cpu::Psw::kExtendedAddressing | cpu::Psw::kBasicAddressing;
    mask = mode.kind == Kind::Real ? mask & ~cpu::Psw::kDat : mask | cpu::Psw::kDat;
    r.psw.unpack(mask, r.psw.address);
    if (mode.kind == Kind::Asce) r.cr[1] = mode.asce;
    const cpu::AddressSpace space = mode.kind == Kind::Secondary ? cpu::AddressSpace::Secondary
                                    : mode.kind == Kind::Home    ? cpu::AddressSpace::Home
                                                                 : cpu::AddressSpace::Primary;
    r.psw.set_field(cpu::Psw::kAddressSpace, static_cast<u64>(space) << 46);
  }
  const bool of_guest = id_.process != 1;
  cpu::CpuFeatures features = machine_.cpu(0).environment().features;
  if (of_guest) {
    features.edat2 = (guest_->description.cpuflags & sie::cpuflags::kEdat2) != 0;
    features.edat1 = features.edat2 || (guest_->description.cpuflags & sie::cpuflags::kEdat1) != 0;
  }
  const sie::ProgramView program{machine_.storage(), r, controls_of(features), of_guest ? &guest_->host : nullptr};
  return mode.kind == Kind::Absolute ? program.absolute_page(address) : program.page(address);
}

std::size_t ThreadView::read_storage(u64 address, std::span<u8> to, const AddressMode& mode) const {
  std::size_t done = 0;
  while (done < to.size()) {
    const u64 at = (address + done) & address_mask(mode);
    const auto found = page(at, mode);
    if (!found) break;
    const u64 length = to_page_end(at, to.size() - done);
    if (!machine_.storage().read(found->frame + (at & ~kPageMask), to.subspan(done, length))) break;
    done += length;
  }
  return done;
}

bool ThreadView::write_storage(u64 address, std::span<const u8> from, const AddressMode& mode) {
  std::vector<AbsoluteAddress> frames;
  for (std::size_t done = 0; done < from.size();) {
    const u64 at = (address + done) & address_mask(mode);
    const auto found = page(at, mode);
    if (!found || !found->writable || !machine_.storage().contains(found->frame, kPageSize)) return false;
    frames.push_back(found->frame);
    done += to_page_end(at, from.size() - done);
  }
  std::size_t done = 0;
  for (const AbsoluteAddress frame : frames) {
    const u64 at = (address + done) & address_mask(mode);
    const u64 length = to_page_end(at, from.size() - done);
    if (!machine_.storage().write(frame + (at & ~kPageMask), from.subspan(done, length))) return false;
    done += length;
  }
  return true;
}

std::string ThreadView::description() const {
  using State = cpu::Cpu::State;
  if (kind_ == Kind::Resting) return fmt::format("guest CPU {} [not in SIE]", u16{guest_->description.icpua});
  if (id_.process != 1)
    return fmt::format("guest CPU {} [in SIE on CPU {}]", u16{guest_->description.icpua}, cpu_->cpu_address());
  const std::string_view state = cpu_->state == State::Stopped     ? "stopped"
                                 : cpu_->state == State::CheckStop ? "check stop"
                                 : cpu_->waiting()                 ? "waiting"
                                                                   : "operating";
  if (kind_ == Kind::SieHost)
    return fmt::format("CPU {} [in SIE, guest {}]", cpu_->cpu_address(), known_->guest->number);
  return fmt::format("CPU {} [{}]", cpu_->cpu_address(), state);
}

} // namespace siena::frontends::gdb
