// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/isa/semantics/storage_attributes.h"

#include "cpu/isa/semantics/control_checks.h"

namespace siena::cpu::isa {

u64 exchange_page_state(mmu::FrameTable& frames, AbsoluteAddress frame, PageRequest request) {
  const u8 old = frames.page_state(frame);
  switch (request) {
  case PageRequest::GetState: break;
  case PageRequest::SetStable:
  case PageRequest::SetStableMakeResident:
  case PageRequest::SetStableIfResident: frames.set_page_state(frame, page_usage::kStable); break;
  case PageRequest::SetUnused: frames.set_page_state(frame, page_usage::kUnused); break;
  case PageRequest::SetVolatile: frames.set_page_state(frame, page_usage::kVolatile); break;
  case PageRequest::SetPotentiallyVolatile: frames.set_page_state(frame, page_usage::kPotentiallyVolatile); break;
  }
  return u64{old} << page_usage::kShift | page_contents::kResident;
}

// Every frame is resident, always. Under SIE the port does all of it.
Outcome extract_and_set_storage_attributes(Cpu& cpu, RRF_c insn) {
  if (insn.m3() > kLastPageRequest) return cpu.recognize(ProgramInterruption::Specification);
  const auto frame = frame_at_absolute(cpu, cpu.register_address(insn.r2()).value & kPageMask, Access::Fetch);
  if (frame.outcome != Outcome::Completed) return frame.outcome;
  cpu.gr[insn.r1()] = exchange_page_state(cpu.storage().frames(), frame.value, static_cast<PageRequest>(insn.m3()));
  return Outcome::Completed;
}

} // namespace siena::cpu::isa
