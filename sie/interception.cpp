// SPDX-License-Identifier: BSD-3-Clause
// Before an instruction whose row has a SIE rule: is it executed, or does it end interpretation? The guest PSW of an instruction
// interception is behind the instruction, that of a keyless-subset interception at it.
#include "sie/interpretive_execution.h"

#include "cpu/isa/formats.h"

namespace siena::sie {

using cpu::Cpu;
using cpu::CustomSieRule;
using cpu::Outcome;
using cpu::Psw;
using cpu::SieRule;
namespace isa = cpu::isa;

namespace {

/// First byte, and the second where the opcode is two bytes long.
constexpr u16 first_bytes(u64 text) { return static_cast<u16>(text >> 48); }

} // namespace

Outcome InterpretiveExecution::intercept(Cpu& cpu, Guest& g, u64 text, Interception code) {
  const unsigned length = isa::InsnText{text}.length();
  g.pending = {};
  g.pending.code = code;
  g.pending.text = text & ~(~u64{0} >> (8 * length));
  g.pending.status = icptstatus::kText;
  if (cpu.execute_length == 4) g.pending.status |= icptstatus::kExecuted | icptstatus::kExecute;
  if (cpu.execute_length == 6) g.pending.status |= icptstatus::kExecuted | icptstatus::kExecuteLong;
  constexpr u8 kFetchEvent = 0x40;
  if ((cpu.pending_per.code & kFetchEvent) != 0) g.pending.status |= icptstatus::kPerFetch;
  return Outcome::Interception;
}

Outcome InterpretiveExecution::intercept(Cpu& cpu, u64 text) { return intercept(cpu, guest(cpu), text); }

std::optional<Outcome> InterpretiveExecution::intercept_when(bool wanted, Cpu& cpu, Guest& g, u64 text) {
  if (!wanted) return std::nullopt;
  return intercept(cpu, g, text);
}

Outcome InterpretiveExecution::keyless_subset(Cpu& cpu, Guest& g, u64 text) {
  const Outcome o = intercept(cpu, g, text, Interception::KeylessSubset);
  g.pending.nullifies = true;
  return o;
}

std::optional<Outcome> InterpretiveExecution::before(Cpu& cpu, u64 text, SieRule rule) {
  Guest& g = guest(cpu);
  switch (rule.kind) {
  case SieRule::Kind::Interpreted: return std::nullopt;
  case SieRule::Kind::Always: return intercept(cpu, g, text);
  case SieRule::Kind::When: return intercept_when((g.sd.ictl & rule.control) != 0, cpu, g, text);
  case SieRule::Kind::Unless: return intercept_when((g.sd.ictl & rule.control) == 0, cpu, g, text);
  case SieRule::Kind::Custom: return custom(cpu, g, text, static_cast<CustomSieRule>(rule.control));
  }
  return std::nullopt;
}

std::optional<Outcome> InterpretiveExecution::custom(Cpu& cpu, Guest& g, u64 text, CustomSieRule rule) {
  switch (rule) {
  case CustomSieRule::SupervisorCall: return supervisor_call(cpu, g, text);
  case CustomSieRule::LoadControl: return load_control(cpu, g, text);
  case CustomSieRule::LoadPsw: return load_psw(cpu, g, text);
  case CustomSieRule::KeyInstruction: return key_instruction(cpu, g, text);
  case CustomSieRule::FrameManagement: return frame_management(cpu, g, text);
  case CustomSieRule::SetAddressSpaceKey: return set_address_space_key(cpu, g, text);
  case CustomSieRule::StoreFacilityList: return store_facility_list(cpu, g, text);
  case CustomSieRule::TimingFacility: {
    constexpr u64 kControlFunction = 0x40;
    return intercept_when((cpu.gr[0] & kControlFunction) != 0, cpu, g, text);
  }
  case CustomSieRule::MovePage: return move_page(cpu, g, text);
  case CustomSieRule::StorageAttributes: return storage_attributes(cpu, g, text);
  case CustomSieRule::PerformTopology: return perform_topology(cpu, g, text);
  case CustomSieRule::InterlockedTable: return lock(cpu, g, text);
  case CustomSieRule::OperationException:
    if ((g.sd.ictl & ictl::kOperation) == 0) return std::nullopt;
    return intercept(cpu, g, text, Interception::OperationException);
  case CustomSieRule::SignalProcessor: return signal_processor(cpu, g, text);
  // Interpretation of crypto is not offered.
  case CustomSieRule::AdjunctProcessor: return intercept(cpu, g, text);
  // These have their say afterwards (after_condition_1).
  case CustomSieRule::CompareAndSwap:
  case CustomSieRule::TestAndSet: return std::nullopt;
  }
  return std::nullopt;
}

Outcome InterpretiveExecution::after_condition_1(Cpu& cpu, u64 text) {
  Guest& g = guest(cpu);
  u32 control = 0;
  switch (text >> 56) {
  case 0x93: control = ictl::kTestAndSet; break;
  case 0xBA: control = ictl::kCompareAndSwap; break;
  case 0xBB: control = ictl::kCompareDoubleAndSwap; break;
  case 0xEB: {
    const u64 sixth = bits<40, 47>(text);
    control = sixth == 0x14 || sixth == 0x30 ? ictl::kCompareAndSwap : ictl::kCompareDoubleAndSwap; // CSY, CSG
    break;
  }
  default: break;
  }
  if ((g.sd.ictl & control) == 0) return Outcome::Completed;
  u8 parameters[52] = {}; // no program interruption goes along
  store_big<u16>(parameters + parameter::kIlc, cpu.ilc_of(static_cast<u8>(isa::InsnText{text}.length())));
  store_parameters(g, parameters);
  return intercept(cpu, g, text, Interception::InstructionWithCondition);
}

// svcc: byte 0 has one bit for all numbers and one each for the numbers in bytes 1 to 3.
std::optional<Outcome> InterpretiveExecution::supervisor_call(Cpu& cpu, Guest& g, u64 text) {
  const u32 control = g.sd.svcc;
  const auto number = static_cast<u8>(text >> 48);
  bool hit = (control & 0x8000'0000) != 0;
  for (unsigned n = 1; n <= 3; ++n)
    hit |= (control & (0x8000'0000 >> n)) != 0 && static_cast<u8>(control >> (24 - 8 * n)) == number;
  return intercept_when(hit, cpu, g, text);
}

std::optional<Outcome> InterpretiveExecution::load_control(Cpu& cpu, Guest& g, u64 text) {
  const u32 wanted = g.sd.lctl;
  if (wanted == 0) return std::nullopt;
  const isa::RSY_a insn{{text}}; // register fields are where LCTL has them, too
  for (unsigned n = insn.r1();; n = (n + 1) & 15) {
    if ((wanted & (0x8000u >> n)) != 0) return intercept(cpu, g, text);
    if (n == insn.r3()) return std::nullopt;
  }
}

std::optional<Outcome> InterpretiveExecution::load_psw(Cpu& cpu, Guest& g, u64 text) {
  if ((g.sd.ictl & ictl::kLoadPsw) != 0) return intercept(cpu, g, text);
  if ((g.sd.cpuflags & cpuflags::kKeylessSubset) == 0) return std::nullopt;
  // Under the keyless subset a PSW with an access key is for the SIE host to see first. The key is in the first word of both
  // PSW formats.
  u64 displacement = bits<20, 31>(text);
  if (text >> 56 == 0xEB) displacement = static_cast<u64>(isa::SIY{{text}}.d1());
  const LogicalAddress a = cpu.address(static_cast<unsigned>(bits<16, 19>(text)), static_cast<s64>(displacement));
  if (a.value % 8 != 0) return std::nullopt;
  const auto mask = cpu.fetch<u64>(a);
  if (mask.outcome != Outcome::Completed) return mask.outcome;
  if ((mask.value & Psw::kKey) != 0) return keyless_subset(cpu, g, text);
  return std::nullopt;
}

std::optional<Outcome> InterpretiveExecution::key_instruction(Cpu& cpu, Guest& g, u64 text) {
  if ((g.sd.cpuflags & cpuflags::kKeylessSubset) != 0) return keyless_subset(cpu, g, text);
  u32 control = 0;
  switch (first_bytes(text)) {
  case 0xB229: // ISKE
  case 0xB9AC: // IRBM
    control = ictl::kInsertKey;
    break;
  case 0xB22B: control = ictl::kSetKey; break; // SSKE
  case 0xB22A:                                 // RRBE
  case 0xB9AE:                                 // RRBM
    control = ictl::kResetReference;
    break;
  default: break;
  }
  return intercept_when((g.sd.ictl & control) != 0, cpu, g, text);
}

std::optional<Outcome> InterpretiveExecution::set_address_space_key(Cpu& cpu, Guest& g, u64 text) {
  if ((g.sd.cpuflags & cpuflags::kKeylessSubset) == 0) return std::nullopt;
  const isa::S insn{{text}};
  const u64 key = cpu.address(insn.b2(), insn.d2()).value & 0xF0;
  // An unauthorised key is the guest's own program interruption.
  if (cpu.psw.problem_state() && ((cpu.cr[3] >> (31 - (key >> 4))) & 1) == 0) return std::nullopt;
  if (key != 0) return keyless_subset(cpu, g, text);
  return std::nullopt;
}

} // namespace siena::sie
