// SPDX-License-Identifier: BSD-3-Clause
#include "machine/instruction_trace.h"

#include "cpu/isa/disassembler.h"

#include <string>

namespace siena::machine {

bool InstructionTrace::before(cpu::Cpu& cpu) {
  TraceEvent event{.category = TraceCategory::Instruction,
                   .name = "instruction",
                   .stamp = cpu.trace_stamp(),
                   .has_address = true,
                   .address = cpu.psw.address};
  if (sink_.wants(TraceCategory::Instruction)) {
    // Text is fetched and disassembled for what is shown only.
    if (sink_.admit(event)) instruction(cpu, event);
  }
  if (sink_.wants(TraceCategory::Cpu)) {
    event.category = TraceCategory::Cpu;
    event.name = "registers";
    if (sink_.admit(event)) registers(cpu, event);
  }
  return true;
}

void InstructionTrace::instruction(cpu::Cpu& cpu, TraceEvent& event) {
  const u64 address = cpu.psw.address;
  u64 bits = 0;
  unsigned length = 2;
  bool readable = true;
  // A trace must not change what it watches: a page that would fault is not fetched here, the instruction will do that.
  for (unsigned have = 0; have < length && readable; have += 2) {
    cpu::AccessMode mode = cpu.current_mode();
    if (mode.space != cpu::AddressSpace::Home) mode.space = cpu::AddressSpace::Primary;
    const u64 at = (address + have) & cpu.address_mask();
    const auto r = cpu.resolve({at, 0}, cpu::Access::Instruction, mode);
    readable = r.translation.ok();
    if (!readable) break;
    bits |= static_cast<u64>(load_big<u16>(cpu.storage().host(r.translation.page + (at & ~kPageMask))))
            << (48 - 8 * have);
    if (have == 0) length = cpu::isa::InsnText{bits}.length();
  }
  const std::string assembly = readable ? cpu::isa::disassemble({bits}, decoder_, address) : "(not accessible)";
  const auto digits = static_cast<u8>(2 * length);
  const TraceField fields[] = {TraceField::psw("psw", cpu.psw.packed_mask(), address),
                               TraceField::hex("text", bits >> (64 - 8 * length), digits),
                               TraceField::text("assembly", assembly)};
  event.fields = fields;
  sink_.write(event);
}

void InstructionTrace::registers(const cpu::Cpu& cpu, TraceEvent& event) {
  static constexpr std::string_view kNames[16] = {
      "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"};
  TraceField fields[16];
  for (unsigned n = 0; n < 16; ++n) fields[n] = TraceField::hex(kNames[n], cpu.gr[n], 16);
  event.fields = fields;
  sink_.write(event);
}

} // namespace siena::machine
