// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/isa/semantics/system.h"

#include "cpu/isa/semantics/control_checks.h"

#include <algorithm>

namespace siena::cpu::isa {

Outcome set_prefix(Cpu& cpu, S insn) {
  const LogicalAddress a = cpu.address(insn.b2(), insn.d2());
  if (misaligned(a, 4)) return cpu.recognize(ProgramInterruption::Specification);
  const auto word = cpu.fetch<u32>(a);
  if (word.outcome != Outcome::Completed) return word.outcome;
  const u32 prefix = word.value & 0x7FFF'E000;
  if (!cpu.storage().contains({prefix}, mmu::kPrefixAreaSize)) return cpu.recognize(ProgramInterruption::Addressing);
  cpu.set_prefix(prefix);
  return Outcome::CompletedLeaveBlock;
}

Outcome store_prefix(Cpu& cpu, S insn) {
  const LogicalAddress a = cpu.address(insn.b2(), insn.d2());
  if (misaligned(a, 4)) return cpu.recognize(ProgramInterruption::Specification);
  return cpu.store<u32>(a, cpu.prefix);
}

Outcome store_cpu_address(Cpu& cpu, S insn) {
  const LogicalAddress a = cpu.address(insn.b2(), insn.d2());
  if (misaligned(a, 2)) return cpu.recognize(ProgramInterruption::Specification);
  return cpu.store<u16>(a, cpu.cpu_address());
}

Outcome store_cpu_id(Cpu& cpu, S insn) {
  const LogicalAddress a = cpu.address(insn.b2(), insn.d2());
  if (misaligned(a, 8)) return cpu.recognize(ProgramInterruption::Specification);
  return cpu.store<u64>(a, cpu.system().cpu_id(cpu));
}

Outcome store_system_information(Cpu& cpu, S insn) {
  constexpr unsigned kTopology = 15;
  const u32 r0 = cpu.gr32(0), r1 = cpu.gr32(1);
  const unsigned function = r0 >> 28;
  const unsigned level = cpu.system().configuration_level();
  // A function code that no level has is told by the condition code before anything else is looked at.
  if (function > level && function != kTopology) {
    cpu.psw.cc = 3;
    return Outcome::Completed;
  }
  if ((r0 & 0x0FFF'FF00) != 0 || (r1 & 0xFFFF'0000) != 0) return cpu.recognize(ProgramInterruption::Specification);
  if (function == 0) {
    cpu.set_gr32(0, level << 28);
    cpu.psw.cc = 0;
    return Outcome::Completed;
  }
  const LogicalAddress a = cpu.address(insn.b2(), insn.d2());
  if (misaligned(a, kPageSize)) return cpu.recognize(ProgramInterruption::Specification);
  u8 block[kPageSize] = {};
  if (!cpu.system().system_information(cpu, function, r0 & 0xFF, r1 & 0xFFFF, block)) {
    cpu.psw.cc = 3;
    return Outcome::Completed;
  }
  if (const Outcome o = cpu.store_bytes(a, block); o != Outcome::Completed) return o;
  cpu.psw.cc = 0;
  return Outcome::Completed;
}

namespace {
/// The doublewords that have a facility in them, or one.
std::span<const u64> facility_list(Cpu& cpu) {
  auto words = cpu.system().facilities();
  while (words.size() > 1 && words.back() == 0) words = words.first(words.size() - 1);
  return words;
}
} // namespace

Outcome store_facility_list(Cpu& cpu, S) {
  const auto words = cpu.system().facilities();
  return cpu.store_real<u32>({lowcore::kStfl}, words.empty() ? 0 : static_cast<u32>(words[0] >> 32));
}

Outcome store_facility_list_extended(Cpu& cpu, S insn) {
  constexpr std::size_t kMost = 256;
  const LogicalAddress a = cpu.address(insn.b2(), insn.d2());
  if (misaligned(a, 8)) return cpu.recognize(ProgramInterruption::Specification);
  const auto words = facility_list(cpu);
  const std::size_t offered = (cpu.gr[0] & 0xFF) + 1;
  const std::size_t count = std::min({offered, words.size(), kMost});
  u8 bytes[kMost * 8];
  for (std::size_t i = 0; i < count; ++i) store_big(bytes + 8 * i, words[i]);
  if (const Outcome o = cpu.store_bytes(a, std::span(bytes).first(8 * count)); o != Outcome::Completed) return o;
  cpu.gr[0] = (cpu.gr[0] & ~u64{0xFF}) | (words.size() - 1);
  cpu.psw.cc = offered < words.size() ? 3 : 0;
  return Outcome::Completed;
}

Outcome signal_processor(Cpu& cpu, RS_a insn) {
  const auto order = static_cast<u8>(cpu.address(insn.b2(), insn.d2()).value);
  const auto receiver = static_cast<u16>(cpu.gr[insn.r3()]);
  const SigpResult result = cpu.system().signal_processor(cpu, receiver, order, cpu.gr[insn.r1() | 1]);
  if (result.cc == 1) cpu.set_gr32(insn.r1(), result.status);
  cpu.psw.cc = result.cc;
  return Outcome::CompletedLeaveBlock;
}

Outcome service_call(Cpu& cpu, RRE insn) {
  using Result = ports::ServiceCall::Result;
  const u64 block = cpu.register_address(insn.r2()).value;
  const u64 area = block & ~(mmu::kPrefixAreaSize - 1);
  if ((block & ~u64{0x7FFF'FFF8}) != 0 || area == 0 || area == cpu.prefix)
    return cpu.recognize(ProgramInterruption::Specification);
  auto result = Result::NotOperational;
  if (cpu.environment().service != nullptr)
    result = cpu.environment().service->service_call(cpu.gr32(insn.r1()), static_cast<u32>(block));
  switch (result) {
  case Result::Accepted: cpu.psw.cc = 0; break;
  case Result::Busy: cpu.psw.cc = 2; break;
  case Result::NotOperational: cpu.psw.cc = 3; break;
  case Result::Specification: return cpu.recognize(ProgramInterruption::Specification);
  case Result::Addressing: return cpu.recognize(ProgramInterruption::Addressing);
  }
  return Outcome::CompletedLeaveBlock;
}

Outcome start_interpretive_execution(Cpu& cpu, S insn) {
  return cpu.environment().interpretive->start(cpu, cpu.address(insn.b2(), insn.d2()).value);
}

Outcome perform_topology_function(Cpu& cpu, RRE insn) {
  enum : u64 { kHorizontal = 0, kVertical = 1, kCheckChange = 2 };
  constexpr u64 kAlreadySo = 0x100; // reason code 1 in bits 48-55
  u64& r1 = cpu.gr[insn.r1()];
  if ((r1 & ~u64{0xFF}) != 0) return cpu.recognize(ProgramInterruption::Specification);
  switch (r1) {
  case kHorizontal:
    r1 |= kAlreadySo;
    cpu.psw.cc = 2;
    break;
  case kVertical: cpu.psw.cc = 2; break; // rejected, no reason specified: the CPUs are horizontal and stay so
  case kCheckChange: cpu.psw.cc = 0; break;
  default: return cpu.recognize(ProgramInterruption::Specification);
  }
  return Outcome::Completed;
}

// All ones: no attribute is provided.
Outcome extract_cpu_attribute(Cpu& cpu, RSY_a insn) {
  cpu.gr[insn.r1()] = ~u64{0};
  return Outcome::Completed;
}

} // namespace siena::cpu::isa
