// SPDX-License-Identifier: BSD-3-Clause
#include "sie/guest_directory.h"

#include <algorithm>

namespace siena::sie {

KnownCpu& GuestDirectory::entered(const Entry& entry) {
  auto found = by_block_.find(entry.block);
  if (found == by_block_.end()) {
    if (by_block_.size() >= kMostCpus) forget_oldest();
    found = by_block_.try_emplace(entry.block).first;
    found->second.block = entry.block;
  }
  KnownCpu& cpu = found->second;
  const bool same = cpu.guest != nullptr && cpu.control_area == entry.control_area &&
                    (entry.control_area != 0 || cpu.space.asce == entry.space.asce) &&
                    cpu.guest->depth == (entry.program == kNestedProgram ? 3u : 2u);
  if (!same) {
    // KVM gives a guest a larger control area when it gets a CPU that the first one has no place for.
    KnownGuest* const was = cpu.guest;
    const bool known = std::any_of(guests_.begin(), guests_.end(), [&](const auto& g) {
      return entry.control_area != 0 && g->control_area == entry.control_area;
    });
    if (was != nullptr && !known && was->control_area == cpu.control_area && was->control_area != 0 &&
        entry.control_area != 0 && was->asce == entry.space.asce)
      was->control_area = entry.control_area;
    if (KnownGuest& guest = guest_of(entry); &guest != was) join(cpu, guest);
  }
  cpu.control_area = entry.control_area;
  cpu.space = entry.space;
  cpu.guest->asce = entry.space.asce;
  cpu.host_prefix = entry.host_prefix;
  cpu.entries = ++entries_;
  ++cpu.running;
  cpu.running_on = entry.cpu;
  if (running_.size() <= entry.cpu) running_.resize(entry.cpu + 1u);
  running_[entry.cpu] = &cpu;
  return cpu;
}

void GuestDirectory::left(KnownCpu& cpu, u16 address, const cpu::Registers& registers) {
  std::copy(std::begin(registers.gr), std::begin(registers.gr) + std::size(cpu.gr), std::begin(cpu.gr));
  cpu.has_left = true;
  running_[address] = nullptr;
  if (--cpu.running == 0) cpu.running_on = KnownCpu::kNone;
}

const KnownGuest* GuestDirectory::find(unsigned number) const {
  const auto found =
      std::find_if(guests_.begin(), guests_.end(), [number](const auto& g) { return g->number == number; });
  return found == guests_.end() ? nullptr : found->get();
}

const KnownCpu* GuestDirectory::find(unsigned number, unsigned thread) const {
  const KnownGuest* const guest = find(number);
  if (guest == nullptr) return nullptr;
  const auto found =
      std::find_if(guest->cpus.begin(), guest->cpus.end(), [thread](const KnownCpu* c) { return c->thread == thread; });
  return found == guest->cpus.end() ? nullptr : *found;
}

KnownGuest& GuestDirectory::guest_of(const Entry& entry) {
  const unsigned depth = entry.program == kNestedProgram ? 3 : 2;
  for (const auto& guest : guests_) {
    if (guest->depth != depth || guest->control_area != entry.control_area) continue;
    if (entry.control_area != 0 || guest->asce == entry.space.asce) return *guest;
  }
  auto guest = std::make_unique<KnownGuest>();
  guest->number = ++last_number_;
  guest->depth = depth;
  guest->control_area = entry.control_area;
  return *guests_.emplace_back(std::move(guest));
}

void GuestDirectory::join(KnownCpu& cpu, KnownGuest& guest) {
  if (cpu.guest != nullptr) {
    std::erase(cpu.guest->cpus, &cpu);
    if (cpu.guest->cpus.empty()) forget(*cpu.guest);
  }
  cpu.guest = &guest;
  cpu.thread = ++guest.threads;
  cpu.has_left = false;
  guest.cpus.push_back(&cpu);
}

void GuestDirectory::forget_oldest() {
  auto oldest = by_block_.end();
  for (auto i = by_block_.begin(); i != by_block_.end(); ++i) {
    if (i->second.running != 0) continue;
    if (oldest == by_block_.end() || i->second.entries < oldest->second.entries) oldest = i;
  }
  if (oldest == by_block_.end()) return;
  KnownGuest& guest = *oldest->second.guest;
  std::erase(guest.cpus, &oldest->second);
  by_block_.erase(oldest);
  if (guest.cpus.empty()) forget(guest);
}

void GuestDirectory::forget(KnownGuest& guest) {
  std::erase_if(guests_, [&](const auto& g) { return g.get() == &guest; });
}

} // namespace siena::sie
