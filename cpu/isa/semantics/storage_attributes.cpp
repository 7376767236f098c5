// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/isa/semantics/storage_attributes.h"

#include "cpu/isa/semantics/control_checks.h"

namespace siena::cpu::isa {

bool valid_page_request(Cpu& cpu, u32 code) {
  const bool no_translate = has_facility(cpu, kNoTranslateFacility);
  return code <= static_cast<u32>(no_translate ? PageRequest::SetStableNoTranslate : PageRequest::SetStableIfResident);
}

u64 exchange_page_state(mmu::FrameTable& frames, AbsoluteAddress frame, PageRequest request) {
  using namespace page_usage;
  const u8 old = frames.page_state(frame);
  const auto set = [&](unsigned state) { frames.set_page_state(frame, static_cast<u8>(state)); };
  const unsigned kept = old & kNoTranslate;
  switch (request) {
  case PageRequest::GetState: break;
  case PageRequest::SetStable: set(kStable); break;
  case PageRequest::SetStableNoTranslate: set(kStable | kNoTranslate); break;
  case PageRequest::SetStableMakeResident:
  case PageRequest::SetStableIfResident: set(kStable | kept); break;
  case PageRequest::SetUnused: set(kUnused | kept); break;
  case PageRequest::SetVolatile: set(kVolatile | kept); break;
  case PageRequest::SetPotentiallyVolatile: set(kPotentiallyVolatile | kept); break;
  }
  return u64{old} << kShift | page_contents::kResident;
}

// Every frame is resident, always. Under SIE the port does all of it.
Outcome extract_and_set_storage_attributes(Cpu& cpu, RRF_c insn) {
  if (!valid_page_request(cpu, insn.m3())) return cpu.recognize(ProgramInterruption::Specification);
  const auto frame = frame_at_absolute(cpu, cpu.register_address(insn.r2()).value & kPageMask, Access::Fetch);
  if (frame.outcome != Outcome::Completed) return frame.outcome;
  cpu.gr[insn.r1()] = exchange_page_state(cpu.storage().frames(), frame.value, static_cast<PageRequest>(insn.m3()));
  return Outcome::Completed;
}

} // namespace siena::cpu::isa
