// SPDX-License-Identifier: BSD-3-Clause
// Initial program load, resets, and DIAGNOSE 0x308 (facts: PoP, Control, *Resets*; Operating the machine, *Initial Program Loading*).
#include "machine/machine.h"

namespace siena::machine {

namespace {
/// Diagnose 308 subcodes.
enum Subcode : u64 { kModifiedClear = 0, kLoadNormalReset = 1, kLoadClear = 3, kLoadNormalDump = 4, kLoadNormal = 7 };

/// The short PSW at absolute 0: bit 12 is one there and zero in the long form.
void load_short_psw(cpu::Cpu& cpu, u64 short_psw) {
  const u64 mask = (short_psw & 0xFFFF'FFFF'8000'0000) ^ cpu::Psw::kMustBeZero12;
  cpu.load_psw(mask, short_psw & 0x7FFF'FFFF);
}
} // namespace

Result<InitialPsw> Machine::ipl() {
  InitialPsw psw;
  for (auto& c : cpus_) c->reset_clear();
  if (files_.kernel.empty()) return ConfigurationError{"-kernel: is missing, and a disk cannot be IPLed", 2};
  auto loaded = load_kernel(*storage_, files_);
  if (!loaded) return loaded.error();
  psw = loaded.value();
  cpu::Cpu& first = *cpus_[0];
  first.load_psw(psw.mask, psw.address);
  first.state = cpu::Cpu::State::Operating;
  first.cycles = std::max(first.cycles, global_cycles_);
  return psw;
}

bool Machine::ipl_function(cpu::Cpu& from, u64 subcode) {
  switch (subcode) {
  case kModifiedClear: reset_ = Reset::ModifiedClear; break;
  case kLoadNormalReset: reset_ = Reset::LoadNormal; break;
  case kLoadClear:
  case kLoadNormalDump:
  case kLoadNormal: reset_ = Reset::ReIpl; break;
  default: return false;
  }
  reset_cpu_ = from.cpu_address();
  from.attention = true;
  return true;
}

u16 Machine::set_ipl_block(std::span<const u8> block) {
  ipl_block_.assign(block.begin(), block.end());
  return 0x0001;
}

void Machine::perform_reset() {
  const Reset kind = reset_;
  reset_ = Reset::None;
  cpu::Cpu& initiator = *cpus_[reset_cpu_];
  // Subsystem reset: I/O, SCLP, floating interruptions, watchdog.
  channels_.reset();
  sclp_.reset();
  floating_ = {};
  interpretive_->gmap().purge();
  events_.cancel(watchdog_event_);
  switch (kind) {
  case Reset::None: return;
  case Reset::ModifiedClear:
  case Reset::LoadNormal: {
    for (auto& c : cpus_) {
      if (kind == Reset::ModifiedClear)
        c->reset_clear();
      else if (c.get() == &initiator)
        c->reset_initial();
      else
        c->reset_normal();
    }
    load_short_psw(initiator, *storage_->load<u64>({0}));
    initiator.state = cpu::Cpu::State::Operating;
    return;
  }
  case Reset::System:
  case Reset::ReIpl: {
    surroundings_.resetting(kind == Reset::ReIpl);
    if (configuration_.no_reboot) {
      for (auto& c : cpus_) c->reset_normal();
      return; // all stopped: the run ends
    }
    for (auto& c : cpus_) c->reset_clear();
    storage_->clear();
    if (auto loaded = ipl(); !loaded) CHECK(false, "what could be loaded once can be loaded again");
    return;
  }
  }
}

} // namespace siena::machine
