// SPDX-License-Identifier: BSD-3-Clause
#include "tests/insn/case_runner.h"

#include "cpu/interruption/program.h"
#include "cpu/isa/disassembler.h"
#include "tests/executed.h"

#include <fmt/format.h>

namespace siena::insn {

namespace {
using cpu::Psw;
using cpu::isa::InsnText;

const cpu::isa::Decoder& decoder() {
  static constexpr u64 kEverything[] = {~u64{0}, ~u64{0}, ~u64{0}, ~u64{0}};
  static const cpu::isa::Decoder kDecoder{kEverything};
  return kDecoder;
}

std::vector<InsnText> instructions(const Bytes& bytes) {
  std::vector<InsnText> all;
  for (std::size_t at = 0; at < bytes.size();) {
    InsnText text{static_cast<u64>(bytes[at]) << 56};
    const unsigned length = text.length();
    for (unsigned i = 1; i < length && at + i < bytes.size(); ++i)
      text.bits |= static_cast<u64>(bytes[at + i]) << (56 - 8 * i);
    all.push_back(text);
    at += length;
  }
  return all;
}

void set_addressing(GuestRegisters& r, unsigned bits) {
  r.psw_mask &= ~(Psw::kExtendedAddressing | Psw::kBasicAddressing);
  if (bits >= 31) r.psw_mask |= Psw::kBasicAddressing;
  if (bits == 64) r.psw_mask |= Psw::kExtendedAddressing;
}

void apply(const Words& words, GuestRegisters& r) {
  for (const auto& [n, value] : words.gr) r.gr[n] = value;
  for (const auto& [n, value] : words.fpr) r.fpr[n] = value;
  for (const auto& [n, value] : words.ar) r.ar[n] = value;
  if (words.fpc) r.fpc = *words.fpc;
  if (words.cc) r.cc = *words.cc;
  if (words.pc) r.psw_address = *words.pc;
  if (words.addressing) set_addressing(r, *words.addressing);
  if (words.problem) r.psw_mask |= Psw::kProblem;
  if (words.program_mask) r.psw_mask = (r.psw_mask & ~Psw::kProgramMask) | static_cast<u64>(*words.program_mask) << 40;
}

std::string difference(const std::string& what, u64 expected, u64 found) {
  return expected == found ? "" : fmt::format("{}: expected {:x}, found {:x}", what, expected, found);
}

/// Bytes of the prefix area that a program interruption stores into.
bool interruption_field(u64 address) {
  using namespace cpu::lowcore;
  return (address >= kProgramIlc && address < kSubsystemId) ||
         (address >= kBreakingEvent && address < kBreakingEvent + 8) ||
         (address >= kProgramOld && address < kProgramOld + 16);
}

std::string compare_registers(const GuestRegisters& expected, const GuestRegisters& found) {
  std::string d;
  for (unsigned n = 0; n < 16 && d.empty(); ++n) d = difference(fmt::format("r{}", n), expected.gr[n], found.gr[n]);
  if (d.empty()) d = difference("condition code", expected.cc, found.cc);
  if (d.empty()) d = difference("address in the PSW", expected.psw_address, found.psw_address);
  if (d.empty()) d = difference("PSW bits 0-63", expected.psw_mask, found.psw_mask);
  for (unsigned n = 0; n < 16 && d.empty(); ++n) d = difference(fmt::format("f{}", n), expected.fpr[n], found.fpr[n]);
  for (unsigned n = 0; n < 16 && d.empty(); ++n) d = difference(fmt::format("a{}", n), expected.ar[n], found.ar[n]);
  if (d.empty()) d = difference("FPC", expected.fpc, found.fpc);
  return d;
}

/// The first byte of main storage that is not as expected; where an interruption stores is looked at elsewhere.
std::string compare_storage(std::span<const u8> expected, std::span<const u8> found, bool interruption) {
  if (std::equal(expected.begin(), expected.end(), found.begin())) return {};
  for (u64 at = 0; at < expected.size(); ++at)
    if (expected[at] != found[at] && !(interruption && interruption_field(at)))
      return difference(fmt::format("byte [{:x}]", at), expected[at], found[at]);
  return {};
}

} // namespace

std::string description(const Case& one, const Level& level) {
  std::string text = fmt::format("{}:{}: {} (at {})\n  {}", one.file, one.line, one.shows, level.name, one.assembly);
  u64 address = one.before.pc.value_or(GuestProgram::kStart);
  for (const InsnText insn : instructions(one.text)) {
    text += fmt::format("\n  {:x}: {}", address, cpu::isa::disassemble(insn, decoder(), address));
    address += insn.length();
  }
  return text;
}

std::string first_difference(const Case& one, const Level& level) {
  GuestProgram program(level);
  GuestRegisters before = GuestProgram::initial_registers();
  apply(one.before, before);
  for (const auto& [at, bytes] : one.before.storage) program.put(at, bytes);
  program.put(before.psw_address, one.text);
  std::vector<u8> storage(program.storage().begin(), program.storage().end());

  const auto list = instructions(one.text);
  const GuestProgram::End end = program.run(before, static_cast<unsigned>(list.size()));
  if (end.interception) return fmt::format("SIE ended with interception code {:x}", *end.interception);

  GuestRegisters expected = before;
  expected.psw_address += one.text.size();
  if (one.after.program && cpu::nullifies(*one.after.program)) expected.psw_address -= list.back().length();
  apply(one.after, expected);
  // The data-exception code also goes to the FPC, since the AFP-register control is one.
  if (one.after.dxc && !one.after.fpc)
    expected.fpc = (expected.fpc & 0xFFFF'00FF) | static_cast<u32>(*one.after.dxc) << 8;
  for (const auto& [at, bytes] : one.after.storage)
    std::copy(bytes.begin(), bytes.end(), storage.begin() + static_cast<std::ptrdiff_t>(at));

  if (end.program != one.after.program)
    return fmt::format(
        "program interruption: expected {:x}, found {:x}", one.after.program.value_or(0), end.program.value_or(0));
  std::string d;
  if (one.after.program) {
    d = difference("instruction-length code", one.after.ilc.value_or(list.back().length()), end.ilc);
    if (d.empty() && one.after.dxc) d = difference("data-exception code", *one.after.dxc, end.data_exception_code);
  }
  if (d.empty()) d = compare_registers(expected, end.registers);
  if (d.empty()) d = compare_storage(storage, program.storage(), end.program.has_value());
  const auto is = [&](cpu::ProgramInterruption code) { return end.program == static_cast<u16>(code); };
  const bool refused = is(cpu::ProgramInterruption::Operation) || is(cpu::ProgramInterruption::PrivilegedOperation);
  if (d.empty() && !refused)
    for (const InsnText insn : list)
      if (const auto* def = decoder().find(insn)) tests::note_executed(def->mnemonic);
  return d;
}

} // namespace siena::insn
