// SPDX-License-Identifier: BSD-3-Clause
#include "machine/instruction_trace.h"

#include "cpu/isa/disassembler.h"

#include <fmt/format.h>

namespace siena::machine {

bool InstructionTrace::before(cpu::Cpu& cpu) {
  const u64 address = cpu.psw.address;
  if (sink_.wants(TraceCategory::Instruction)) {
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
    sink_.line(TraceCategory::Instruction,
               cpu.cpu_address(),
               fmt::format("{} {:016x} {}: {}",
                           cpu.interpretive() ? 1 : 0,
                           cpu.psw.packed_mask(),
                           fmt::format("{:016x}", address),
                           readable ? cpu::isa::disassemble({bits}, decoder_, address) : "(not accessible)"));
  }
  if (sink_.wants(TraceCategory::Cpu)) {
    std::string line = "gr";
    for (const u64 g : cpu.gr) line += fmt::format(" {:016x}", g);
    sink_.line(TraceCategory::Cpu, cpu.cpu_address(), line);
  }
  return true;
}

} // namespace siena::machine
