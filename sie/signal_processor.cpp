// SPDX-License-Identifier: BSD-3-Clause
// SIGNAL PROCESSOR from one CPU of a guest to another, through the system control area. EXTERNAL CALL and SENSE RUNNING STATUS
// are done here when the controls ask for it and the addressed CPU has an entry; every other order is the SIE host's.
//
// A call is in two places: the entry says who calls, the request bit in the addressed CPU's state description says that somebody
// does. The sender sets the entry first and the receiver clears it last, so that a set bit always has a caller.
#include "sie/control_area.h"
#include "sie/interlocked_update.h"
#include "sie/interpretive_execution.h"

#include "cpu/isa/formats.h"
#include "mmu/prefix.h"

namespace siena::sie {

using cpu::Cpu;
using cpu::Outcome;
namespace isa = cpu::isa;

namespace {

enum Order : u8 { kExternalCall = 0x02, kSenseRunningStatus = 0x15 };
constexpr u32 kCallPendingStatus = 0x80, kNotRunningStatus = 0x400;
constexpr u8 kBasicCall = 0x80, kBasicSender = 0x3F;
constexpr u16 kExtendedCall = 0x8000, kExtendedSender = 0xFF;

bool extended(const Guest& g) { return (g.sd.ecb2 & ecb2::kExtendedSca) != 0; }

/// Sets up a call from `sender` in the entry; false when one is there already.
bool set_call(mmu::AbsoluteStorage& storage, const Guest& g, u64 entry, u16 sender) {
  if (extended(g))
    return interlocked_update<u16>(storage, entry, [&](u16 old) -> std::optional<u16> {
      if ((old & kExtendedCall) != 0) return std::nullopt;
      return static_cast<u16>(kExtendedCall | (sender & kExtendedSender));
    });
  return interlocked_update<u8>(storage, entry + 1, [&](u8 old) -> std::optional<u8> {
    if ((old & kBasicCall) != 0) return std::nullopt;
    return static_cast<u8>(kBasicCall | (sender & kBasicSender));
  });
}

std::optional<u16> caller(mmu::AbsoluteStorage& storage, const Guest& g, u64 entry) {
  if (extended(g)) {
    const u16 control = *storage.load<u16>({entry});
    return (control & kExtendedCall) != 0 ? std::optional<u16>(control & kExtendedSender) : std::nullopt;
  }
  const u8 control = *storage.load<u8>({entry + 1});
  return (control & kBasicCall) != 0 ? std::optional<u16>(control & kBasicSender) : std::nullopt;
}

void clear_call(mmu::AbsoluteStorage& storage, const Guest& g, u64 entry) {
  if (extended(g))
    (void)interlocked_update<u16>(storage, entry, [](u16) { return std::optional<u16>(0); });
  else
    (void)interlocked_update<u8>(storage, entry + 1, [](u8) { return std::optional<u8>(0); });
}

} // namespace

u64 InterpretiveExecution::control_area_entry(const Guest& g, u16 cpu_address) const {
  const control_area::Format& format = extended(g) ? control_area::kExtended : control_area::kBasic;
  if (g.control_area == 0 || cpu_address >= format.cpus) return 0;
  if (!storage_.contains({g.control_area}, format.size)) return 0;
  const u64 configured = *storage_.load<u64>({g.control_area + format.configured + cpu_address / 64 * 8});
  if ((configured & bit(cpu_address % 64)) == 0) return 0;
  return g.control_area + format.entries + cpu_address * format.entry_size;
}

std::optional<Outcome> InterpretiveExecution::signal_processor(Cpu& cpu, Guest& g, u64 text) {
  const isa::RS_a insn{{text}};
  const auto order = static_cast<u8>(cpu.address(insn.b2(), insn.d2()).value);
  const bool call = order == kExternalCall && (g.sd.eca & eca::kSignalProcessor) != 0;
  const bool sense = order == kSenseRunningStatus && (g.sd.ecb & ecb::kSenseRunning) != 0;
  if (!call && !sense) return intercept(cpu, g, text);
  const u64 entry = control_area_entry(g, static_cast<u16>(cpu.gr[insn.r3()]));
  if (entry == 0) return intercept(cpu, g, text);
  const u64 block = *storage_.load<u64>({entry + control_area::kStateDescription});
  // What SIE would not take as a state description is none here either.
  if (block < mmu::kPrefixAreaSize || block % sizeof(StateDescription) != 0 ||
      !storage_.contains({block}, sizeof(StateDescription)))
    return intercept(cpu, g, text);

  const auto report = [&](u8 condition_code, u32 status) {
    TraceSink* const sink = cpu.tracing(TraceCategory::Sigp);
    if (sink == nullptr) return;
    const TraceField fields[] = {TraceField::hex("order", order, 2),
                                 TraceField::decimal("from", g.sd.icpua),
                                 TraceField::decimal("to", static_cast<u16>(cpu.gr[insn.r3()])),
                                 TraceField::decimal("cc", condition_code),
                                 TraceField::hex("status", status, 8)};
    sink->report({.category = TraceCategory::Sigp,
                  .name = call ? "external-call" : "sense-running-status",
                  .stamp = cpu.trace_stamp(),
                  .fields = fields});
  };
  const auto answer = [&](u32 status) {
    report(status != 0 ? 1 : 0, status);
    if (status != 0) cpu.gr[insn.r1()] = (cpu.gr[insn.r1()] & ~u64{0xFFFF'FFFF}) | status;
    cpu.psw.cc = status != 0 ? 1 : 0;
    return Outcome::Completed;
  };
  if (sense) {
    ++statistics_.running_senses;
    return answer((*storage_.load<u32>({block}) & cpuflags::kRunning) != 0 ? 0 : kNotRunningStatus);
  }
  if (!set_call(storage_, g, entry, g.sd.icpua)) return answer(kCallPendingStatus);
  bool waits = false;
  (void)interlocked_update<u32>(storage_, block, [&](u32 flags) {
    waits = (flags & cpuflags::kWait) != 0;
    return std::optional<u32>(flags | cpuflags::kExternalCallPending);
  });
  // The order is done; but a CPU that waits needs the SIE host to be woken.
  if (waits) return intercept(cpu, g, text, Interception::Partial);
  ++statistics_.external_calls;
  report(0, 0);
  cpu.psw.cc = 0;
  return Outcome::CompletedLeaveBlock; // the call may be to the CPU itself
}

bool InterpretiveExecution::take_external_call(Cpu& cpu, Guest& g) {
  const u64 entry = control_area_entry(g, g.sd.icpua);
  if (entry == 0) return false;
  const auto sender = caller(storage_, g, entry);
  if (!sender) return false;
  (void)interlocked_update<u32>(
      storage_, g.block, [](u32 flags) { return std::optional<u32>(flags & ~cpuflags::kExternalCallPending); });
  clear_call(storage_, g, entry);
  cpu.lowcore_store<u16>(cpu::lowcore::kExternalCpuAddress, *sender);
  cpu.lowcore_store<u16>(cpu::lowcore::kExternalCode, 0x1202);
  cpu.swap_psw(cpu::lowcore::kExternalOld, cpu::lowcore::kExternalNew);
  return true;
}

} // namespace siena::sie
