// SPDX-License-Identifier: BSD-3-Clause
#include "cpu/interpreter/interpreter.h"

#include <algorithm>

namespace siena::cpu::interpreter {

namespace {
/// An interruption is not free: it also keeps a loop of interruptions from standing still in time.
constexpr u64 kInterruptionCycles = 20;

constexpr u64 cost_of(isa::InsnText text) { return (text.bits >> 8) & 0xFF; }
constexpr u64 halfwords_of(isa::InsnText text) { return text.bits & 3; }

bool in_per_range(const Cpu& cpu, u64 first, u64 last) {
  const u64 start = cpu.cr[10], end = cpu.cr[11];
  return start <= end ? first <= end && last >= start : first <= end || last >= start;
}
} // namespace

Interpreter::Exit Interpreter::run(Cpu& cpu, u64 limit_cycles) {
  while (true) {
    if (cpu.leaving() && cpu.take_leaving() && hook_ != nullptr && !hook_->left(cpu)) return Exit::Hook;
    if (cpu.attention) return Exit::Attention;
    if (cpu.cycles >= limit_cycles) return Exit::Limit;
    if (cpu.interpretive()) {
      if (!cpu.environment().interpretive->checkpoint(cpu)) continue;
    } else if (cpu.take_interruption()) {
      cpu.charge(kInterruptionCycles);
      continue;
    }
    if (!cpu.psw.valid()) [[unlikely]] {
      // Early specification exception: the invalid PSW is the old PSW, and no instruction has a length.
      (void)cpu.recognize(ProgramInterruption::Specification);
      cpu.charge(kInterruptionCycles);
      if (cpu.interpretive())
        cpu.environment().interpretive->program_interruption(cpu, 0);
      else
        cpu.present_program_interruption(0);
      continue;
    }
    if (cpu.waiting()) return Exit::Wait; // never at level 1: the checkpoint has left
    u64 deadline = cpu.timer_deadline();
    if (cpu.interpretive()) deadline = std::min(deadline, cpu.environment().interpretive->deadline(cpu));
    // The first cycle at which the timer is due: now is before it, so that the loop below always gets on.
    const u64 due = deadline / timing::kUnitsPerCycle + (deadline % timing::kUnitsPerCycle != 0 ? 1 : 0);
    const u64 limit = std::min(limit_cycles, due);
    if (cpu.per_active() || (hook_ != nullptr && hook_->wants(cpu))) [[unlikely]] {
      if (!run_instrumented(cpu)) return Exit::Hook;
    } else if (fast_ != nullptr) {
      fast_->run(cpu, limit);
    } else {
      run_pages<Extent::Unlimited>(cpu, limit);
    }
  }
}

// The hot loop. `next` mirrors psw.address, which always holds the updated (next sequential) address while an instruction
// executes; `slot` is where that address's text is decoded.
template <Interpreter::Extent E, bool Watched>
bool Interpreter::run_decoded(Cpu& cpu, u64 limit) {
  u64 completed = 0;
  bool left = false;
  u64 next = cpu.psw.address;
  Outcome outcome = Outcome::Branched;
  while (cpu.cycles < limit) {
    if ((next & 1) != 0) [[unlikely]] {
      outcome = cpu.recognize(ProgramInterruption::Specification);
      fetch_failed(cpu, outcome, 2);
      left = true;
      break;
    }
    const HostSpan host = cpu.instruction_page(next);
    if (host.outcome != Outcome::Completed) [[unlikely]] {
      if (host.outcome != Outcome::CompletedLeaveBlock) fetch_failed(cpu, host.outcome, 2);
      left = true;
      break;
    }
    DecodedPage& page = code_.page(host.bytes);
    const u64 page_address = next & kPageMask;
    const Slot* slot = &page.slots[(next & ~kPageMask) / 2];

    while (true) {
      const isa::Handler handler = slot->handler;
      if (handler == nullptr) [[unlikely]] {
        const auto offset = static_cast<u64>(slot - page.slots.data()) * 2;
        if (offset == kPageSize) {
          outcome = Outcome::Branched; // ran off the end: as if branched to the next page
          cpu.psw.address = next &= cpu.address_mask();
          break;
        }
        if (code_.decode(page, offset)) continue;
        cpu.instructions += completed;
        completed = 0;
        execute_one(cpu);
        outcome = Outcome::CompletedLeaveBlock;
        left = true;
        break;
      }
      const isa::InsnText text = slot->text;
      const u64 halfwords = halfwords_of(text);
      next += 2 * halfwords;
      cpu.psw.address = next;
      cpu.cycles += cost_of(text);
      outcome = handler(cpu, text);
      if (outcome == Outcome::Completed) [[likely]] {
        ++completed;
        slot += halfwords;
        if (cpu.cycles >= limit || (Watched && cpu.leaving())) [[unlikely]]
          break;
        continue;
      }
      if (outcome == Outcome::Branched) [[likely]] {
        ++completed;
        next = cpu.psw.address;
        if constexpr (E == Extent::Block) break;
        if (((next ^ page_address) & (kPageMask | 1)) != 0 || cpu.cycles >= limit || (Watched && cpu.leaving())) break;
        slot = &page.slots[(next & ~kPageMask) / 2];
        continue;
      }
      cpu.instructions += completed + 1; // counted before a change of level
      completed = 0;
      finish(cpu, outcome, static_cast<u8>(2 * halfwords));
      left = true;
      break;
    }
    if constexpr (E == Extent::Block) break;
    if (outcome != Outcome::Branched || (Watched && cpu.leaving())) break;
  }
  cpu.instructions += completed;
  // A sequential run may have stopped exactly at the end of the addressing range.
  if (outcome == Outcome::Completed) cpu.psw.address &= cpu.address_mask();
  return !left && !(Watched && cpu.leaving());
}
template bool Interpreter::run_decoded<Interpreter::Extent::Block, false>(Cpu&, u64);
template bool Interpreter::run_decoded<Interpreter::Extent::Unlimited, false>(Cpu&, u64);
template bool Interpreter::run_decoded<Interpreter::Extent::Block, true>(Cpu&, u64);
template bool Interpreter::run_decoded<Interpreter::Extent::Unlimited, true>(Cpu&, u64);

void Interpreter::finish(Cpu& cpu, Outcome outcome, u8 length) {
  switch (outcome) {
  case Outcome::Completed:
  case Outcome::Branched: break;
  case Outcome::CompletedLeaveBlock:
  case Outcome::Partial: cpu.execute_length = 0; break;
  case Outcome::ProgramInterruption: {
    const u8 ilc = cpu.ilc_of(length);
    cpu.execute_length = 0;
    cpu.charge(kInterruptionCycles);
    cpu.psw.address &= cpu.address_mask();
    if (cpu.interpretive())
      cpu.environment().interpretive->program_interruption(cpu, ilc);
    else
      cpu.present_program_interruption(ilc);
    break;
  }
  case Outcome::SieHostInterruption:
  case Outcome::Interception: {
    const u8 ilc = cpu.ilc_of(length);
    cpu.charge(kInterruptionCycles);
    cpu.psw.address &= cpu.address_mask();
    cpu.environment().interpretive->leave(cpu, outcome, ilc);
    cpu.execute_length = 0;
    break;
  }
  }
}

void Interpreter::fetch_failed(Cpu& cpu, Outcome outcome, u8 length) {
  // The instruction counts as executed for the PSW: nullifying codes take the length off again.
  cpu.psw.address += length;
  cpu.execute_length = 0;
  finish(cpu, outcome, length);
}

void Interpreter::execute_one(Cpu& cpu) {
  const u64 address = cpu.psw.address;
  u64 bits = 0;
  u8 length = 2;
  for (u8 have = 0; have < length; have = static_cast<u8>(have + 2)) {
    const auto halfword = cpu.fetch_instruction_halfword((address + have) & cpu.address_mask());
    if (halfword.outcome != Outcome::Completed) return fetch_failed(cpu, halfword.outcome, length);
    bits |= static_cast<u64>(halfword.value) << (48 - 8 * have);
    if (have == 0) length = isa::InsnText{bits}.length();
  }
  const Slot slot = code_.decode(isa::InsnText{bits});
  cpu.psw.address = address + length;
  cpu.charge(cost_of(slot.text));
  const Outcome outcome = slot.handler(cpu, slot.text);
  ++cpu.instructions;
  if (outcome == Outcome::Completed) cpu.psw.address &= cpu.address_mask();
  finish(cpu, outcome, length);
}

bool Interpreter::run_instrumented(Cpu& cpu) {
  if (hook_ != nullptr && !hook_->before(cpu)) return false;
  if ((cpu.psw.address & 1) != 0) {
    fetch_failed(cpu, cpu.recognize(ProgramInterruption::Specification), 2);
    return true;
  }
  if (!cpu.per_active()) {
    execute_one(cpu);
    return hook_ == nullptr || hook_->after(cpu);
  }

  // PER (PoP, Program-Event Recording). Events of the instruction are collected in pending_per; a program interruption of the
  // instruction itself carries them along, otherwise they make one of their own.
  const u64 events = cpu.cr[9];
  const u64 address = cpu.psw.address;
  cpu.pending_per = {};
  u64 bits = 0;
  u8 length = 2;
  for (u8 have = 0; have < length; have = static_cast<u8>(have + 2)) {
    const auto halfword = cpu.fetch_instruction_halfword((address + have) & cpu.address_mask());
    if (halfword.outcome != Outcome::Completed) {
      fetch_failed(cpu, halfword.outcome, length);
      return true;
    }
    bits |= static_cast<u64>(halfword.value) << (48 - 8 * have);
    if (have == 0) length = isa::InsnText{bits}.length();
  }
  const auto space = static_cast<u8>(cpu.psw.address_space());
  // ATMID: validity, PSW bits 31, 32, 5, 16, 17 and the ASCE identification (PoP, *PER ATMID*).
  const auto atmid = static_cast<u8>(
      0x40 | (cpu.psw.has(Psw::kExtendedAddressing) ? 0x80 : 0) | (cpu.psw.has(Psw::kBasicAddressing) ? 0x20 : 0) |
      (cpu.psw.has(Psw::kDat) ? 0x10 : 0) | (space << 2) | (cpu.psw.has(Psw::kDat) ? space : 0));
  if ((events & 0x4000'0000) != 0 && in_per_range(cpu, address, address + length - 1)) cpu.pending_per.code |= 0x40;
  cpu.pending_per.address = address;
  cpu.pending_per.atmid = atmid;

  const Slot slot = code_.decode(isa::InsnText{bits});
  const bool level_1 = cpu.interpretive();
  cpu.psw.address = address + length;
  cpu.charge(cost_of(slot.text));
  const Outcome outcome = slot.handler(cpu, slot.text);
  ++cpu.instructions;
  if (cpu.interpretive() != level_1)
    cpu.pending_per = {}; // SIE: what follows is the guest's, whose events these are not
  else if ((events & 0x8000'0000) != 0 && outcome == Outcome::Branched) {
    // LPSW and LPSWE are breaking events but no branches.
    // With branch-address control the range applies to the target, else every successful branch counts.
    if ((events & 0x0080'0000) == 0 || in_per_range(cpu, cpu.psw.address, cpu.psw.address))
      cpu.pending_per.code |= 0x80;
  }
  if (outcome == Outcome::Completed) cpu.psw.address &= cpu.address_mask();
  const bool completed =
      outcome == Outcome::Completed || outcome == Outcome::Branched || outcome == Outcome::CompletedLeaveBlock;
  if (completed && cpu.pending_per.code != 0) {
    const u8 ilc = cpu.ilc_of(length);
    cpu.execute_length = 0;
    (void)cpu.recognize(ProgramInterruption::None);
    cpu.charge(kInterruptionCycles);
    if (cpu.interpretive())
      cpu.environment().interpretive->program_interruption(cpu, ilc);
    else
      cpu.present_program_interruption(ilc);
  } else {
    // Storage events of a nullified instruction did not happen; an instruction fetch did.
    if (outcome == Outcome::ProgramInterruption) cpu.pending_per.code &= 0x40;
    if (outcome == Outcome::ProgramInterruption && nullifies(static_cast<u16>(cpu.pending_program.code)))
      cpu.pending_per.code = 0;
    finish(cpu, outcome, length);
    cpu.pending_per = {};
  }
  return hook_ == nullptr || hook_->after(cpu);
}

} // namespace siena::cpu::interpreter
