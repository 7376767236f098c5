// SPDX-License-Identifier: BSD-3-Clause
// Writes that move a timer leave the block, so that the run loop computes its deadline again.
#include "cpu/isa/semantics/timing.h"

#include "cpu/isa/semantics/control_checks.h"

namespace siena::cpu::isa {

namespace {

Fetched<u64> fetch_doubleword(Cpu& cpu, S insn) {
  const LogicalAddress a = cpu.address(insn.b2(), insn.d2());
  if (misaligned(a, 8)) return {0, cpu.recognize(ProgramInterruption::Specification)};
  return cpu.fetch<u64>(a);
}

Outcome store_doubleword(Cpu& cpu, S insn, u64 value) {
  const LogicalAddress a = cpu.address(insn.b2(), insn.d2());
  if (misaligned(a, 8)) return cpu.recognize(ProgramInterruption::Specification);
  return cpu.store<u64>(a, value);
}

} // namespace

Outcome store_clock(Cpu& cpu, S insn) {
  const Outcome o = cpu.store<u64>(cpu.address(insn.b2(), insn.d2()), cpu.store_clock());
  if (o == Outcome::Completed) cpu.psw.cc = 0;
  return o;
}

// |epoch index:8|TOD:64|finer bits:40|programmable field:16|. The finer bits are not zero, as the manual promises; the values
// are unique because the 64 bits of the TOD clock that are shown are.
Outcome store_clock_extended(Cpu& cpu, S insn) {
  constexpr u64 kFiner = 0x1'0000;
  const u128 clock = cpu.store_clock_with_index();
  u8 bytes[16];
  store_big(bytes, static_cast<u64>(clock >> 8));
  store_big(bytes + 8, static_cast<u64>(clock) << 56 | kFiner | (cpu.tod_programmable & 0xFFFF));
  const Outcome o = cpu.store_bytes(cpu.address(insn.b2(), insn.d2()), bytes);
  if (o == Outcome::Completed) cpu.psw.cc = 0;
  return o;
}

Outcome set_clock(Cpu& cpu, S insn) {
  const auto value = fetch_doubleword(cpu, insn);
  if (value.outcome != Outcome::Completed) return value.outcome;
  cpu.environment().clock.set(value.value, cpu.now());
  cpu.psw.cc = 0;
  return Outcome::CompletedLeaveBlock;
}

Outcome set_clock_comparator(Cpu& cpu, S insn) {
  const auto value = fetch_doubleword(cpu, insn);
  if (value.outcome != Outcome::Completed) return value.outcome;
  cpu.clock_comparator = value.value;
  return Outcome::CompletedLeaveBlock;
}

Outcome store_clock_comparator(Cpu& cpu, S insn) { return store_doubleword(cpu, insn, cpu.clock_comparator); }

Outcome set_cpu_timer(Cpu& cpu, S insn) {
  const auto value = fetch_doubleword(cpu, insn);
  if (value.outcome != Outcome::Completed) return value.outcome;
  cpu.set_cpu_timer(value.value);
  return Outcome::CompletedLeaveBlock;
}

Outcome store_cpu_timer(Cpu& cpu, S insn) { return store_doubleword(cpu, insn, cpu.cpu_timer()); }

Outcome set_clock_programmable_field(Cpu& cpu, E) {
  if ((cpu.gr[0] & 0xFFFF'0000) != 0) return cpu.recognize(ProgramInterruption::Specification);
  cpu.tod_programmable = static_cast<u32>(cpu.gr[0] & 0xFFFF);
  return Outcome::Completed;
}

Outcome perform_timing_facility_function(Cpu& cpu, E) {
  enum : u64 { kAvailable = 0, kTodOffset = 1, kSteering = 2, kPhysicalClock = 3, kUtc = 4, kSteer = 0x40 };
  const u64 function = cpu.gr[0] & 0x7F;
  if ((cpu.gr[0] & 0x80) != 0) return cpu.recognize(ProgramInterruption::Specification);
  if (function >= kSteer && cpu.psw.problem_state()) return cpu.recognize(ProgramInterruption::PrivilegedOperation);
  // Nothing is ever steered: the TOD clock runs at the physical clock's rate, away from it by the epoch.
  u8 block[256] = {};
  std::size_t size = 0;
  switch (function) {
  case kAvailable:
    block[0] = 0xF8; // functions 0 to 4
    size = 16;
    break;
  case kTodOffset:
    store_big(block, cpu.store_clock() - cpu.tod_epoch);
    store_big(block + 8, cpu.tod_epoch);
    store_big(block + 24, cpu.tod_epoch); // TOD epoch difference; the logical offset is zero
    size = 32;
    break;
  case kSteering:
    store_big(block, cpu.store_clock() - cpu.tod_epoch);
    size = 56;
    break;
  case kPhysicalClock:
    store_big(block, cpu.store_clock() - cpu.tod_epoch);
    size = 8;
    break;
  case kUtc: size = 256; break;
  default: cpu.psw.cc = 3; return Outcome::Completed;
  }
  if (const Outcome o = cpu.store_bytes(cpu.register_address(1), std::span(block).first(size)); o != Outcome::Completed)
    return o;
  cpu.psw.cc = 0;
  return Outcome::Completed;
}

Outcome extract_cpu_time(Cpu& cpu, SSF insn) {
  const auto first = cpu.fetch<u64>(cpu.address(insn.b1(), insn.d1()));
  if (first.outcome != Outcome::Completed) return first.outcome;
  const auto second = cpu.fetch<u64>(cpu.address(insn.b2(), insn.d2()));
  if (second.outcome != Outcome::Completed) return second.outcome;
  const auto third = cpu.fetch<u64>(cpu.register_address(insn.r3()));
  if (third.outcome != Outcome::Completed) return third.outcome;
  cpu.gr[0] = first.value - cpu.cpu_timer();
  cpu.gr[1] = second.value;
  cpu.gr[insn.r3()] = third.value;
  return Outcome::Completed;
}

} // namespace siena::cpu::isa
