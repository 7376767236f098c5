// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/isa/semantics/control_checks.h"

namespace siena::cpu::isa {

bool has_facility(Cpu& cpu, Facility facility) {
  const auto n = static_cast<unsigned>(facility);
  const auto words = cpu.system().facilities();
  return n / 64 < words.size() && (words[n / 64] & bit(n % 64)) != 0;
}

Outcome translation_failed(Cpu& cpu, const mmu::Translation& t) {
  Cpu::Resolved r;
  r.translation = t;
  r.detail.code = static_cast<ProgramInterruption>(t.fault);
  r.detail.teid = t.teid;
  return cpu.fail(r);
}

Fetched<AbsoluteAddress> frame_at_absolute(Cpu& cpu, u64 guest_absolute, Access access) {
  const mmu::Translation t = cpu.resolve_absolute(guest_absolute, access);
  if (!t.ok()) return {{}, translation_failed(cpu, t)};
  return {t.page, Outcome::Completed};
}

Fetched<u64> fetch_table_entry(Cpu& cpu, u64 guest_absolute) {
  const auto frame = frame_at_absolute(cpu, guest_absolute, Access::Fetch);
  if (frame.outcome != Outcome::Completed) return {0, frame.outcome};
  return {*cpu.storage().load<u64>(frame.value + (guest_absolute & ~kPageMask)), Outcome::Completed};
}

Outcome store_table_entry(Cpu& cpu, u64 guest_absolute, u64 value) {
  const auto frame = frame_at_absolute(cpu, guest_absolute, Access::Store);
  if (frame.outcome != Outcome::Completed) return frame.outcome;
  CHECK(cpu.storage().store(frame.value + (guest_absolute & ~kPageMask), value), "a resolved frame is in main storage");
  return Outcome::Completed;
}

} // namespace siena::cpu::isa
