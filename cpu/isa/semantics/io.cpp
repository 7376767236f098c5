// SPDX-License-Identifier: BSD-3-Clause
// Access exceptions come before operand exceptions and before condition code 3, so operands are fetched or checked before the
// channel subsystem is asked. Without a channel subsystem every subchannel is not operational.
#include "cpu/isa/semantics/io.h"

#include "cpu/isa/semantics/control_checks.h"

namespace siena::cpu::isa {

namespace {

constexpr ports::IoCondition kNotOperational{3, false};

/// The instruction ends with the port's answer. Interruptions may have come or gone.
Outcome conclude(Cpu& cpu, ports::IoCondition c) {
  if (cpu.environment().channels != nullptr)
    cpu.environment().floating.io_subclasses = cpu.environment().channels->pending_subclasses();
  if (c.operand_exception) return cpu.recognize(ProgramInterruption::Operand);
  cpu.psw.cc = c.cc;
  return Outcome::CompletedLeaveBlock;
}

/// Instructions whose only operand is the subchannel.
template <ports::IoCondition (ports::ChannelSubsystem::*Function)(u32)>
Outcome subchannel_function(Cpu& cpu) {
  auto* channels = cpu.environment().channels;
  return conclude(cpu, channels != nullptr ? (channels->*Function)(cpu.gr32(1)) : kNotOperational);
}

/// ... and those that bring it a block.
template <std::size_t Size, ports::IoCondition (ports::ChannelSubsystem::*Function)(u32, std::span<const u8, Size>)>
Outcome subchannel_function_with_block(Cpu& cpu, S insn) {
  const LogicalAddress a = cpu.address(insn.b2(), insn.d2());
  if (misaligned(a, 4)) return cpu.recognize(ProgramInterruption::Specification);
  u8 block[Size];
  if (const Outcome o = cpu.fetch_bytes(a, block); o != Outcome::Completed) return o;
  auto* channels = cpu.environment().channels;
  return conclude(cpu,
                  channels != nullptr ? (channels->*Function)(cpu.gr32(1), std::span<const u8, Size>(block))
                                      : kNotOperational);
}

} // namespace

Outcome clear_subchannel(Cpu& cpu, S) { return subchannel_function<&ports::ChannelSubsystem::clear>(cpu); }
Outcome halt_subchannel(Cpu& cpu, S) { return subchannel_function<&ports::ChannelSubsystem::halt>(cpu); }
Outcome resume_subchannel(Cpu& cpu, S) { return subchannel_function<&ports::ChannelSubsystem::resume>(cpu); }
Outcome cancel_subchannel(Cpu& cpu, S) { return subchannel_function<&ports::ChannelSubsystem::cancel>(cpu); }

Outcome modify_subchannel(Cpu& cpu, S insn) {
  return subchannel_function_with_block<ports::kSchibSize, &ports::ChannelSubsystem::modify>(cpu, insn);
}

Outcome start_subchannel(Cpu& cpu, S insn) {
  return subchannel_function_with_block<ports::kOrbSize, &ports::ChannelSubsystem::start>(cpu, insn);
}

Outcome store_subchannel(Cpu& cpu, S insn) {
  const LogicalAddress a = cpu.address(insn.b2(), insn.d2());
  if (misaligned(a, 4)) return cpu.recognize(ProgramInterruption::Specification);
  u8 schib[ports::kSchibSize] = {};
  if (const Outcome o = cpu.check_access(a, sizeof schib, Access::Store); o != Outcome::Completed) return o;
  auto* channels = cpu.environment().channels;
  const auto c = channels != nullptr ? channels->store(cpu.gr32(1), schib) : kNotOperational;
  if (!c.operand_exception && c.cc == 0) {
    if (const Outcome o = cpu.store_bytes(a, schib); o != Outcome::Completed) return o;
  }
  return conclude(cpu, c);
}

// The status leaves the subchannel only once it is in storage: an access that is nullified must find it again.
Outcome test_subchannel(Cpu& cpu, S insn) {
  const LogicalAddress a = cpu.address(insn.b2(), insn.d2());
  if (misaligned(a, 4)) return cpu.recognize(ProgramInterruption::Specification);
  u8 irb[ports::kIrbSize] = {};
  if (const Outcome o = cpu.check_access(a, sizeof irb, Access::Store); o != Outcome::Completed) return o;
  auto* channels = cpu.environment().channels;
  const auto c = channels != nullptr ? channels->test(cpu.gr32(1), irb) : kNotOperational;
  if (!c.operand_exception && c.cc != 3) {
    if (const Outcome o = cpu.store_bytes(a, irb); o != Outcome::Completed) return o;
    channels->tested(cpu.gr32(1));
  }
  return conclude(cpu, c);
}

// Operand address 0 asks for the three words of an interruption, at their place in the prefix area.
Outcome test_pending_interruption(Cpu& cpu, S insn) {
  const LogicalAddress a = cpu.address(insn.b2(), insn.d2());
  if (misaligned(a, 4)) return cpu.recognize(ProgramInterruption::Specification);
  const bool to_prefix_area = a.value == 0;
  if (!to_prefix_area) {
    if (const Outcome o = cpu.check_access(a, 8, Access::Store); o != Outcome::Completed) return o;
  }
  auto* channels = cpu.environment().channels;
  const auto enabled = static_cast<u8>(cpu.cr[6] >> 24);
  const auto io = channels != nullptr ? channels->take_interruption(enabled) : std::nullopt;
  if (!io) return conclude(cpu, {0, false});
  if (to_prefix_area) {
    cpu.lowcore_store<u32>(lowcore::kSubsystemId, io->subsystem_id);
    cpu.lowcore_store<u32>(lowcore::kIoParameter, io->parameter);
    cpu.lowcore_store<u32>(lowcore::kIoIdentification, io->identification);
  } else {
    const Outcome o = cpu.store<u64>(a, u64{io->subsystem_id} << 32 | io->parameter);
    CHECK(o == Outcome::Completed, "the operand's access has been checked");
  }
  return conclude(cpu, {1, false});
}

Outcome store_channel_report_word(Cpu& cpu, S insn) {
  const LogicalAddress a = cpu.address(insn.b2(), insn.d2());
  if (misaligned(a, 4)) return cpu.recognize(ProgramInterruption::Specification);
  if (const Outcome o = cpu.check_access(a, 4, Access::Store); o != Outcome::Completed) return o;
  auto* channels = cpu.environment().channels;
  const u32 word = channels != nullptr ? channels->channel_report() : 0;
  if (const Outcome o = cpu.store<u32>(a, word); o != Outcome::Completed) return o;
  return conclude(cpu, {static_cast<u8>(word != 0 ? 0 : 1), false});
}

// No channel path is in use at the moment anybody looks.
Outcome store_channel_path_status(Cpu& cpu, S insn) {
  const LogicalAddress a = cpu.address(insn.b2(), insn.d2());
  if (misaligned(a, 32)) return cpu.recognize(ProgramInterruption::Specification);
  constexpr u8 kIdle[32] = {};
  return cpu.store_bytes(a, kIdle);
}

Outcome reset_channel_path(Cpu& cpu, S) {
  return subchannel_function<&ports::ChannelSubsystem::reset_channel_path>(cpu);
}

Outcome set_channel_monitor(Cpu& cpu, S) {
  auto* channels = cpu.environment().channels;
  const u8 cc = cpu.psw.cc; // SCHM and SAL leave it alone
  auto c = channels != nullptr ? channels->set_channel_monitor(cpu.gr[1], cpu.gr[2]) : ports::IoCondition{};
  c.cc = cc;
  return conclude(cpu, c);
}

Outcome set_address_limit(Cpu& cpu, S) {
  auto* channels = cpu.environment().channels;
  const u8 cc = cpu.psw.cc;
  auto c = channels != nullptr ? channels->set_address_limit(cpu.gr[1]) : ports::IoCondition{};
  c.cc = cc;
  return conclude(cpu, c);
}

// No QDIO adapter is there.
Outcome signal_adapter(Cpu& cpu, S) { return conclude(cpu, kNotOperational); }

Outcome channel_subsystem_call(Cpu& cpu, RRE insn) {
  const LogicalAddress a = cpu.register_address(insn.r1());
  if (misaligned(a, kPageSize)) return cpu.recognize(ProgramInterruption::Specification);
  u8 page[kPageSize];
  if (const Outcome o = cpu.fetch_bytes(a, page); o != Outcome::Completed) return o;
  if (const Outcome o = cpu.check_access(a, kPageSize, Access::Store); o != Outcome::Completed) return o;
  auto* channels = cpu.environment().channels;
  const auto c = channels != nullptr ? channels->channel_subsystem_call(page) : kNotOperational;
  if (!c.operand_exception && c.cc == 0) {
    if (const Outcome o = cpu.store_bytes(a, page); o != Outcome::Completed) return o;
  }
  return conclude(cpu, c);
}

} // namespace siena::cpu::isa
