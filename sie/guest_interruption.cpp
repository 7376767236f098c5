// SPDX-License-Identifier: BSD-3-Clause
// Program interruptions of the guest: taken by the guest through its prefix area, or handed to the SIE host as a program
// interception whose parameters stand where the guest's prefix area would have them (block offset = real address + 0x40).
#include "sie/interpretive_execution.h"

namespace siena::sie {

using cpu::Cpu;
using cpu::ProgramDetail;
using cpu::ProgramInterruption;
using cpu::Psw;

namespace {

/// Interception is mandatory, or asked for by a control.
bool intercepted(const Guest& g, const ProgramDetail& detail, u8 per_code, bool host_protection) {
  const u32 controls = g.sd.ictl;
  if ((controls & ictl::kProgram) != 0) return true;
  if (per_code != 0 && (g.sd.cpuflags & cpuflags::kGuestPer) != 0) return true;
  switch (detail.code) {
  case ProgramInterruption::PrivilegedOperation: return (controls & ictl::kPrivileged) != 0;
  case ProgramInterruption::Protection: return host_protection || (g.sd.eca & eca::kProtection) == 0;
  case ProgramInterruption::Addressing:
  case ProgramInterruption::SpecialOperation: return true;
  case ProgramInterruption::Specification: return (g.sd.ecb & ecb::kSpecification) == 0;
  default: return false;
  }
}

bool has_access_exception_fields(ProgramInterruption code) {
  switch (code) {
  case ProgramInterruption::Protection:
  case ProgramInterruption::SegmentTranslation:
  case ProgramInterruption::PageTranslation:
  case ProgramInterruption::AsceType:
  case ProgramInterruption::RegionFirstTranslation:
  case ProgramInterruption::RegionSecondTranslation:
  case ProgramInterruption::RegionThirdTranslation: return true;
  default: return false;
  }
}

} // namespace

void InterpretiveExecution::program_interruption(Cpu& cpu, u8 ilc) {
  Guest& g = guest(cpu);
  const ProgramDetail detail = cpu.pending_program;
  const cpu::PerEvent per = cpu.pending_per;
  bool intercept = intercepted(g, detail, per.code, g.space.take_protection_met());
  if (!intercept && ilc == 0) {
    // An early specification exception whose new PSW is invalid as well would repeat for ever.
    const Psw next = [&] {
      Psw p;
      p.unpack(cpu.lowcore_load<u64>(cpu::lowcore::kProgramNew), cpu.lowcore_load<u64>(cpu::lowcore::kProgramNew + 8));
      return p;
    }();
    intercept = !next.valid();
  }
  if (!intercept) {
    cpu.present_program_interruption(ilc);
    return;
  }

  auto code = static_cast<u16>(detail.code);
  if (code != 0 && cpu::nullifies(code)) cpu.psw.address = (cpu.psw.address - ilc) & cpu.address_mask();
  u8 p[52] = {};
  if (has_access_exception_fields(detail.code)) {
    store_big(p + parameter::kTeid, detail.teid);
    p[parameter::kOperandAccessId] = detail.operand_access_id;
  }
  p[parameter::kExceptionAccessId] = detail.exception_access_id;
  if (detail.code == ProgramInterruption::Data || detail.code == ProgramInterruption::VectorProcessing)
    store_big(p + parameter::kDataExceptionCode, detail.data_exception_code);
  if (detail.code == ProgramInterruption::Monitor) {
    store_big(p + parameter::kMonitorClass, detail.monitor_class);
    store_big(p + parameter::kTeid, detail.monitor_code);
  }
  if (per.code != 0) {
    code |= static_cast<u16>(ProgramInterruption::Per);
    p[parameter::kPerCode] = per.code;
    p[parameter::kPerAtmid] = per.atmid;
    store_big(p + parameter::kPerAddress, per.address);
    p[parameter::kPerAccessId] = per.access_id;
  }
  store_big<u16>(p + parameter::kIlc, ilc);
  store_big(p + parameter::kCode, code);
  store_parameters(g, p);
  end(cpu, g, Interception::Program);
}

} // namespace siena::sie
