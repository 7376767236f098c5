// SPDX-License-Identifier: BSD-3-Clause
// DIAGNOSE: yields, IPL functions, the watchdog, the control program's name, and the hypercall that virtio-ccw kicks its queues
// with. Every other code is a specification exception, which is how Linux probes for what is there.
#include "cpu/isa/semantics/control_checks.h"
#include "cpu/isa/semantics/system.h"

#include <algorithm>
#include <vector>

namespace siena::cpu::isa {

namespace {

/// DIAGNOSE 0x308. R1 (even) designates the IPL parameter block in absolute storage, R1+1 takes the response, R3 the subcode.
Outcome ipl_functions(Cpu& cpu, u32 r1, u64 subcode) {
  enum : u64 { kSetBlock = 5, kStoreBlock = 6 };
  enum : u16 { kOk = 0x0001, kNoConfiguration = 0x0102 };
  if (subcode != kSetBlock && subcode != kStoreBlock) {
    if (!cpu.system().ipl_function(cpu, subcode)) return cpu.recognize(ProgramInterruption::Specification);
    return Outcome::CompletedLeaveBlock;
  }
  const AbsoluteAddress block{cpu.gr[r1]};
  if ((r1 & 1) != 0 || block.page_offset() != 0) return cpu.recognize(ProgramInterruption::Specification);
  if (!cpu.storage().contains(block, kPageSize)) return cpu.recognize(ProgramInterruption::Addressing);
  u16 response = kOk;
  if (subcode == kSetBlock) {
    std::vector<u8> bytes(std::clamp<std::size_t>(*cpu.storage().load<u32>(block), 8, kPageSize));
    CHECK(cpu.storage().read(block, bytes), "the page is in main storage");
    response = cpu.system().set_ipl_block(bytes);
  } else {
    const std::vector<u8> bytes = cpu.system().ipl_block();
    if (bytes.empty())
      response = kNoConfiguration;
    else
      CHECK(cpu.storage().write(block, std::span(bytes).first(std::min<std::size_t>(bytes.size(), kPageSize))),
            "the page is in main storage");
  }
  cpu.gr[r1 + 1] = response;
  return Outcome::Completed;
}

/// DIAGNOSE 0x288. R1 (even) holds the function, R1+1 the timeout in seconds, R3 the action.
Outcome watchdog(Cpu& cpu, u32 r1, u64 action) {
  constexpr u32 kConceal = 0x8000'0000;
  if ((r1 & 1) != 0 || !cpu.system().watchdog(cpu.gr32(r1) & ~kConceal, cpu.gr[r1 + 1], action))
    return cpu.recognize(ProgramInterruption::Specification);
  return Outcome::Completed;
}

/// DIAGNOSE 0x500: function code in general register 1, answer in general register 2.
Outcome hypercall(Cpu& cpu) {
  enum : u64 { kNotify = 0, kNotifyVirtqueue = 3 };
  constexpr s64 kInvalid = -22; // the guest reads it as a negative errno value
  s64 answer = kInvalid;
  switch (cpu.gr[1]) {
  case kNotify: answer = cpu.gr[2] < cpu.storage().size() ? 0 : kInvalid; break; // pre-ccw drivers' early console
  case kNotifyVirtqueue:
    if (cpu.environment().channels != nullptr)
      answer = cpu.environment().channels->notify_virtqueue(cpu.gr32(2), cpu.gr[3], cpu.gr[4]);
    break;
  default: return cpu.recognize(ProgramInterruption::Specification);
  }
  cpu.gr[2] = static_cast<u64>(answer);
  return Outcome::CompletedLeaveBlock;
}

} // namespace

Outcome diagnose(Cpu& cpu, RS_a insn) {
  switch (cpu.address(insn.b2(), insn.d2()).value & 0xFFFF) {
  case 0x044: cpu.system().yield(cpu, std::nullopt); return Outcome::CompletedLeaveBlock;
  case 0x09C: cpu.system().yield(cpu, static_cast<u16>(cpu.gr[insn.r1()])); return Outcome::CompletedLeaveBlock;
  case 0x288: return watchdog(cpu, insn.r1(), cpu.gr[insn.r3()]);
  case 0x308: return ipl_functions(cpu, insn.r1(), cpu.gr[insn.r3()]);
  case 0x318: cpu.system().set_control_program(cpu.gr[insn.r1()]); return Outcome::Completed;
  case 0x500: return hypercall(cpu);
  default: return cpu.recognize(ProgramInterruption::Specification);
  }
}

} // namespace siena::cpu::isa
